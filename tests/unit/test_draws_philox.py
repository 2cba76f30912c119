"""Philox4x32-10 against the published vectors; streams, entities and moments."""

import numpy as np
import pytest
from small_worlds import tables

from sim.draws.philox import entity_word, normals, philox, stream_key, uniforms
from sim.draws.world import draw_economies, draw_supply
from sim.scenario import load
from sim.world.axes import BLOCS, TRACKS

ONES = 0xFFFFFFFF
STREAMS = ("taste", "adoption", "shock", "release", "release-size", "opened", "buzz", "parameter")
VECTORS = [
    ((0, 0, 0, 0), (0, 0), "6627e8d5 e169c58d bc57ac4c 9b00dbd8"),
    ((ONES, ONES, ONES, ONES), (ONES, ONES), "408f276d 41c83b0e a20bc7c6 6d5451fd"),
    (
        (0x243F6A88, 0x85A308D3, 0x13198A2E, 0x03707344),
        (0xA4093822, 0x299F31D0),
        "d16cfe09 94fdcceb 5001e420 24126ea1",
    ),
]


@pytest.mark.parametrize(("counter", "key", "wanted"), VECTORS)
def test_published_vectors(counter, key, wanted):
    words = philox(counter, key)
    assert [f"{int(word):08x}" for word in words] == wanted.split()


def test_counters_broadcast_as_if_one_by_one():
    month = np.arange(5, dtype=np.uint64)[:, None]
    entity = np.arange(3, dtype=np.uint64)[None, :]
    many = philox((7, month, entity, 0), (1, 2))[0]
    alone = [[int(philox((7, t, c, 0), (1, 2))[0]) for c in range(3)] for t in range(5)]
    assert many.tolist() == alone


def test_streams_are_distinct_under_every_seed():
    keys = {stream_key(seed, stream) for seed in range(200) for stream in STREAMS}
    assert len(keys) == 200 * len(STREAMS)


def test_seed_and_stream_cannot_be_confused():
    assert stream_key(1, "1/taste") != stream_key(11, "/taste")
    assert stream_key(1, "taste") != stream_key(11, "taste")


def test_large_seeds_are_taken_whole():
    assert stream_key(5, "taste") != stream_key(5 + 2**64, "taste")


@pytest.mark.parametrize("kind", ["economies", "offerings", "paths", "blocs", "tracks"])
def test_words_of_one_kind_of_entity_do_not_collide(kind):
    base = load("baseline")
    names = {
        "economies": tables().countries["iso3"].to_list(),
        "offerings": list(base.offerings),
        "paths": list(base.quantities),
        "blocs": list(BLOCS),
        "tracks": list(TRACKS),
    }[kind]
    assert len(names) == len(set(names)) > 2
    assert len({entity_word(name) for name in names}) == len(names)


def test_all_198_economies_have_words_of_their_own():
    assert tables().countries.height == 198


def test_uniforms_are_inside_0_and_1_and_have_the_right_moments():
    draws = uniforms(1, "shock", 0, np.arange(200_000), 5)
    assert draws.min() > 0.0
    assert draws.max() < 1.0
    assert draws.mean() == pytest.approx(0.5, abs=0.003)
    assert draws.var() == pytest.approx(1 / 12, abs=0.001)


def test_normals_have_the_right_moments():
    draws = normals(1, "shock", 0, np.arange(200_000), 5)
    assert draws.mean() == pytest.approx(0.0, abs=0.01)
    assert draws.std() == pytest.approx(1.0, abs=0.01)
    assert (draws**3).mean() == pytest.approx(0.0, abs=0.03)
    assert (draws**4).mean() == pytest.approx(3.0, abs=0.06)


@pytest.mark.parametrize("axis", ["replicate", "month", "entity", "part"])
def test_neighbouring_numbers_are_not_related(axis):
    place = {"replicate": 0, "month": 0, "entity": 0, "part": 0}
    line = uniforms(3, "taste", **{**place, axis: np.arange(50_000)})
    assert abs(np.corrcoef(line[:-1], line[1:])[0, 1]) < 0.02
    other = uniforms(4, "taste", **{**place, axis: np.arange(50_000)})
    assert abs(np.corrcoef(line, other)[0, 1]) < 0.02


YEARS = range(2023, 2036)
NAMES = (("us_closed", "domestic"), ("Africa", "Asia"))  # offerings, regions


def test_an_economy_removed_changes_nobody_elses_draws():
    codes, names = tables().countries["iso3"].to_list(), list(load("baseline").offerings)
    everybody = draw_economies(1, (0, 1), codes, names, YEARS)
    fewer = draw_economies(1, (0, 1), codes[:50] + codes[51:], names, YEARS)
    kept = [k for k in range(len(codes)) if k != 50]
    assert everybody.taste[kept].tobytes() == fewer.taste.tobytes()
    assert everybody.adoption[kept].tobytes() == fewer.adoption.tobytes()
    assert everybody.growth[:, kept].tobytes() == fewer.growth.tobytes()


def test_an_offering_added_changes_no_other_offerings_draws():
    few = draw_economies(1, (0,), ["KEN"], ["us_closed", "us_open"], YEARS)
    more = draw_economies(1, (0,), ["KEN"], ["us_closed", "new", "us_open"], YEARS)
    assert few.taste.tobytes() == more.taste[:, [0, 2]].tobytes()
    moods = [
        draw_supply(1, (0,), 24276, 24, names, ("Africa", "Asia"))
        for names in (("us_closed", "us_open"), ("us_closed", "new", "us_open"))
    ]
    assert moods[0].mood.tobytes() == moods[1].mood[:, [0, 2]].tobytes()
    assert moods[0].regional.tobytes() == moods[1].regional[:, :, [0, 2]].tobytes()


def test_a_longer_horizon_changes_no_years_growth():
    short, long = (draw_economies(1, (0,), ["KEN"], ["a"], range(2023, y)) for y in (2025, 2036))
    assert short.growth.tobytes() == long.growth[:2].tobytes()


@pytest.mark.parametrize(
    "field", ["shock", "release", "size", "opened", "buzz", "mood", "regional"]
)
def test_horizon_does_not_reshuffle_supply_draws(field):
    start = 2023 * 12
    whole = getattr(draw_supply(1, (0, 3), start, 156, *NAMES), field)
    short = getattr(draw_supply(1, (0, 3), start, 12, *NAMES), field)
    late = getattr(draw_supply(1, (0, 3), start + 24, 12, *NAMES), field)
    assert whole[:12].tobytes() == short.tobytes()
    assert whole[24:36].tobytes() == late.tobytes()


def test_replicates_are_the_same_alone_or_in_company():
    together = draw_supply(1, (0, 5, 9), 24276, 6, *NAMES).shock
    alone = draw_supply(1, (5,), 24276, 6, *NAMES).shock
    assert together[:, :, 1:2].tobytes() == alone.tobytes()


def test_two_seeds_differ_in_every_number():
    one, two = draw_supply(1, (0,), 24276, 24, *NAMES), draw_supply(2, (0,), 24276, 24, *NAMES)
    for a, b in zip(one, two, strict=True):
        assert (a != b).all()


def test_streams_of_one_seed_differ_in_every_number():
    found = [uniforms(1, stream, 0, np.arange(1000), 0) for stream in STREAMS]
    for k, one in enumerate(found):
        for other in found[:k]:
            assert (one != other).all()
