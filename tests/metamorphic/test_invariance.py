"""What the model must not notice: order, activation, currency, and economies far away."""

from dataclasses import replace

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from small_worlds import EIGHT, Path, run, same_bits, scenario, tables, with_values, world
from strategies import shuffled

from sim.model.mesa import Spheres

quick = settings(max_examples=10, deadline=None)
END = "2023-12"
#: No imitation, no feedback, and no comparison with the other economies.
APART = (END, "structure.network=none", "structure.feedbacks=false")
UNCOMPARED = {
    "sovereignty.refused_gain": 0.0,
    "cost.us_closed.pass_through": 0.0,
    "ecosystem.spill": 0.0,
    "offerings.domestic.scale_weight": 0.0,
    "segments.consumers.affinity_weight": 0.0,
    "segments.developers.affinity_weight": 0.0,
    "segments.enterprise.affinity_weight": 0.0,
    "segments.government.affinity_weight": 0.0,
}


@quick
@given(order=shuffled())
def test_the_order_in_which_economies_are_named_is_irrelevant(order):
    assert same_bits(run(scenario(END), order, spread=True), run(scenario(END), spread=True))


def test_the_order_of_table_rows_is_irrelevant():
    seeds = tables()
    turned = replace(
        seeds, **{n: getattr(seeds, n).reverse() for n in ("countries", "trade", "dyads")}
    )
    assert same_bits(
        run(world(scenario(END), EIGHT, turned), spread=True), run(scenario(END), spread=True)
    )


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_the_order_in_which_economies_act_is_irrelevant(seed):
    turn = np.random.default_rng(seed)

    def shuffle(model: Spheres) -> None:
        acting = list(model.countries)
        turn.shuffle(acting)
        for country in acting:
            country.step = lambda: None  # the first one stands in for all, in another order
        model.countries[0].step = lambda: [type(country).step(country) for country in acting]

    assert same_bits(run(scenario(END), each=shuffle), run(scenario(END)))


def richer(factor: float):
    """The small world with all money counted in another unit."""
    seeds, base = tables(), scenario(END)
    money = ("gdp_usd", "gdp_pc_usd", "gdp_pc_ppp_usd")
    countries = seeds.countries.with_columns(*(pl.col(c).cast(float) * factor for c in money))
    trade = seeds.trade.with_columns(pl.col("usd").cast(float) * factor)
    paths = {
        path: quantity.value * factor
        for path, quantity in base.quantities.items()
        if quantity.unit.startswith("USD")
    }
    dated = tuple(
        e.model_copy(update={"to": e.to * factor}) if e.lever.startswith("price.") else e
        for e in base.events
    )
    resolved = with_values(base, paths).model_copy(update={"events": dated})
    return paths, run(world(resolved, EIGHT, replace(seeds, countries=countries, trade=trade)))


@pytest.mark.parametrize("factor", [0.01, 7.3])
def test_the_unit_of_money_is_irrelevant(factor):
    paths, other = richer(factor)
    base = run(scenario(END))
    assert {"cost.accelerator_usd", "price.us_closed", "world.income_cap_ppp"} <= set(paths)
    assert np.abs(other.share - base.share).max() < 1e-9
    assert np.abs(other.adoption - base.adoption).max() < 1e-9
    assert other.bill == pytest.approx(base.bill * factor, rel=1e-9)


def test_an_economy_dropped_is_not_missed_by_the_others():
    resolved = with_values(scenario(*APART), UNCOMPARED)
    seeds = tables()
    cut_off = (pl.col("exporter_iso3") != "KEN") & (pl.col("importer_iso3") != "KEN")
    apart = replace(seeds, trade=seeds.trade.filter(cut_off))
    others = tuple(code for code in EIGHT if code != "KEN")
    regions = replace(apart, trade=seeds.trade.filter(pl.col("exporter_iso3") != "KEN"))
    whole = run(world(resolved, EIGHT, regions), spread=False)
    fewer = run(world(resolved, others, apart), spread=False)
    rows = [EIGHT.index(code) for code in others]
    kept = Path(*(a[:, rows] for a in whole[:-1]), whole.supply)
    assert same_bits(kept, fewer)


def twins(one: str, other: str):
    """Tables in which two economies are the same but for their names, and trade with nobody."""
    seeds = tables()
    same = seeds.countries.filter(pl.col("iso3") == one).with_columns(pl.lit(other).alias("iso3"))
    countries = pl.concat([seeds.countries.filter(pl.col("iso3") != other), same])
    trade = pl.concat(
        [
            seeds.trade.filter(pl.col("importer_iso3") != other),
            seeds.trade.filter(
                (pl.col("importer_iso3") == one) & (pl.col("exporter_iso3") != other)
            ).with_columns(pl.lit(other).alias("importer_iso3")),
        ]
    ).filter(~pl.col("exporter_iso3").is_in([one, other]))
    pairs = seeds.dyads.filter((pl.col("iso3_a") != other) & (pl.col("iso3_b") != other))
    copies = pairs.filter((pl.col("iso3_a") == one) | (pl.col("iso3_b") == one)).with_columns(
        *(pl.col(c).replace(one, other) for c in ("iso3_a", "iso3_b"))
    )
    rows_of = {
        name: pl.concat(
            [
                table.filter(pl.col("iso3").ne_missing(other)),
                table.filter(pl.col("iso3") == one).with_columns(pl.lit(other).alias("iso3")),
            ]
        )
        for name, table in vars(seeds).items()
        if name != "countries" and isinstance(table, pl.DataFrame) and "iso3" in table.columns
    }
    return replace(
        seeds, countries=countries, trade=trade, dyads=pl.concat([pairs, copies]), **rows_of
    )


def test_without_heterogeneity_equal_economies_fare_equally():
    drawn = ("choice.economy_sd", "adoption.economy_sd", "adoption.growth_sd")
    still = dict.fromkeys(drawn, 0.0) | UNCOMPARED
    found = run(world(with_values(scenario(END), still), EIGHT, twins("KEN", "BRA")))
    one, other = EIGHT.index("KEN"), EIGHT.index("BRA")
    for array in found[:-1]:
        assert array[:, one].tobytes() == array[:, other].tobytes()


def test_with_heterogeneity_equal_economies_differ():
    found = run(world(scenario(END), EIGHT, twins("KEN", "BRA")))
    assert (found.share[-1, EIGHT.index("KEN")] != found.share[-1, EIGHT.index("BRA")]).any()


def as_at_the_start(arrays):
    """A world in which reach, launches and incomes stay as they were in its first month."""
    held = ("available", "launched", "banned", "presence", "income_month")
    return replace(
        arrays,
        **{name: np.repeat(getattr(arrays, name)[:1], arrays.shape[0], axis=0) for name in held},
    )


def test_time_steps_of_half_the_speed_follow_the_same_path():
    """Adoption and choice relax, so small monthly rates make a path that half of them halves."""
    resolved, halt = scenario(END), ("effort", "word_of_mouth", "partner_talk", "forgetting")
    segments = list(resolved.segments)
    halt = (*halt, "speed_spread", "speed_partners")
    still = {f"segments.{s}.{name}": 0.0 for s in segments for name in halt}
    easy = {f"tasks.{task}.threshold": -100.0 for task in resolved.tasks}  # whoever is ahead
    easy |= {f"segments.{s}.value_weight": 0.0 for s in segments}  # the frontier moves nobody
    rates = {f"segments.{s}.{k}": 0.004 for s in segments for k in ("speed_start", "churn")}
    halved = dict.fromkeys(rates, 0.002)
    held = with_values(resolved, still | easy | {"adoption.growth_sd": 0.0})
    full, half = (run(as_at_the_start(world(with_values(held, of)))) for of in (rates, halved))
    assert half.adoption[11] == pytest.approx(full.adoption[5], rel=0.05)
