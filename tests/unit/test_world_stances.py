"""Language fit, alignment and sovereignty preference: rules by hand and signs that must hold."""

import numpy as np
import polars as pl
import pytest
from small_worlds import tables

from sim.world.alignment import alignment, alliances, ranks
from sim.world.language import language_fit
from sim.world.preference import KINDS, SCORES, sovereignty_preference


def where(*iso3):
    codes = tables().countries["iso3"].to_list()
    return [codes.index(code) for code in iso3]


@pytest.fixture(scope="module")
def aligned():
    return alignment(tables().favourability, tables().countries)


@pytest.fixture(scope="module")
def preferred():
    filled = [e.iso3 for e in tables().estimates if e.column == "digital_stri_data_flows"]
    return sovereignty_preference(tables().decisions, tables().countries, filled)


def test_language_fit_is_relative_to_the_united_states():
    found = language_fit(tables().language_fit, tables().countries)
    assert found.fit.shape == (198, 3)
    assert np.isfinite(found.fit).all()
    assert found.fit[where("USA")] == pytest.approx(1.0)
    assert found.fit[where("KEN"), 0] == pytest.approx(0.6879 / 0.8634)
    china, russia = found.fit[where("CHN", "RUS")]
    assert china[2] > china[0]
    assert russia[2] < russia[0]


def test_thin_language_scores_are_filled_and_listed():
    found = language_fit(tables().language_fit, tables().countries)
    assert tables().language_fit["coverage"].min() >= 0.5
    named = found.filled[0].split(" in ")[1].split(", ")
    assert len(named) == 37
    table = tables().countries
    north = table.filter(pl.col("subregion") == table["subregion"][where("NOR")[0]])["iso3"]
    scored = [code for code in north if code not in named]
    assert found.fit[where("NOR")[0]] == pytest.approx(np.median(found.fit[where(*scored)], axis=0))


def test_signs_of_alignment(aligned):
    assert aligned.shape == (198, 2)
    assert ((aligned >= 0.0) & (aligned <= 1.0)).all()
    us, cn = aligned.T
    assert (us[where("PHL", "JPN", "POL")] > cn[where("PHL", "JPN", "POL")] + 0.4).all()
    assert (cn[where("IRN", "PAK", "BLR")] > us[where("IRN", "PAK", "BLR")] + 0.3).all()
    india = (us - cn)[where("IND")][0]
    assert -0.2 < india < 0.2
    assert aligned[where("USA", "CHN")].tolist() == [[1.0, 0.0], [0.0, 1.0]]


def test_favourability_counts_only_where_measured(aligned):
    without = alignment(tables().favourability.clear(), tables().countries)
    moved = {
        tables().countries["iso3"][int(c)] for c in np.flatnonzero((aligned != without).any(axis=1))
    }
    assert moved == set(tables().favourability["iso3"])
    mexico = where("MEX")[0]
    assert aligned[mexico, 0] == pytest.approx((2 * without[mexico, 0] + 0.29) / 3)


def test_alliances_by_hand():
    columns = ["nato", "us_mnna", "defence_pact_usa", "defence_pact_chn", "sco", "bri"]
    rows = {
        (1, 0, 1, 0, 0, 0): [1.0, 0.0],
        (0, 1, 1, 0, 0, 1): [1.0, 0.0],
        (0, 1, 0, 0, 0, 0): [0.5, 0.0],
        (0, 0, 1, 0, 0, 0): [0.5, 0.0],
        (0, 0, 0, 0, 1, 0): [0.0, 0.0],
        (0, 0, 0, 0, 1, 1): [0.0, 1.0],
        (0, 1, 1, 0, 1, 1): [0.5, 0.5],
    }
    found = alliances(pl.DataFrame(list(rows), schema=columns, orient="row"))
    assert found.tolist() == list(rows.values())


def test_a_handful_of_votes_is_not_agreement(aligned):
    """Turkey stands with agreement 0 and 1 in the source; its ideal point is west of the median."""
    table = tables().countries
    assert table.row(where("TUR")[0], named=True)["un_agree_usa"] == 0.0
    turkey = where("TUR")[0]
    ideal = ranks(table["un_ideal_point"].to_numpy())[turkey]
    assert ideal > 0.5
    assert aligned[turkey] == pytest.approx([(ideal + 1.0 + 0.25) / 3, (1.0 - ideal) / 2])


def test_ranks_share_ties():
    assert ranks(np.array([3.0, 1.0, 2.0, 2.0])).tolist() == [1.0, 0.0, 0.5, 0.5]


def test_preference_of_known_governments(preferred):
    level = dict(zip(tables().countries["iso3"], preferred.level, strict=True))
    assert all(0.0 <= value <= 1.0 for value in level.values())
    assert min(level["CHN"], level["RUS"]) > level["IND"] > level["FRA"] > level["EST"]
    assert level["IND"] > level["SAU"] > level["EST"]
    assert level["CAN"] < level["IND"]


def test_every_kind_and_decision_of_the_table_has_a_score():
    pairs = set(tables().decisions.select("kind", "decision").rows())
    assert pairs <= set(SCORES)
    assert {kind for kind, _ in SCORES} == set(KINDS)


def test_preference_by_hand():
    countries = pl.DataFrame(
        [
            ("AAA", "Asia", 0, 0, 0.1),
            ("BBB", "Asia", 1, 1, 0.1),
            ("CCC", "Asia", 0, 0, 0.1),
        ],
        schema=["iso3", "region", "nato", "defence_pact_usa", "digital_stri_data_flows"],
        orient="row",
    )
    decisions = pl.DataFrame(
        [
            ("AAA", "supplier_5g", "ban", "cn", "measured"),
            ("AAA", "own_provision", "own_model", None, "assumed"),
            ("AAA", "own_provision", "foreign_deal", "us", "assumed"),
            ("BBB", "supplier_5g", "ban", "cn", "measured"),
        ],
        schema=["iso3", "kind", "decision", "bloc", "confidence"],
        orient="row",
    )
    found = sovereignty_preference(decisions, countries, ["AAA", "BBB", "CCC"])
    # A: a ban with weight 1, provision half own with weight 1; B: an ally's ban with weight 1/2
    mean = ((1.0 + 0.5) / 2.0 + 1.0) / 2.0
    first, second = (1.5 + mean) / 3.0, (0.5 + mean) / 1.5
    assert found.level == pytest.approx([first, second, (first + second) / 2.0])
    assert found.filled == ("sovereignty preference: median of the region in CCC",)
