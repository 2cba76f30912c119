"""What moves what: every parameter and every lever at the ends of its range, one at a time.

    python experiments/04_second_model/moves.py

Runs are at the centres of everything else, without luck. A parameter goes to the 5th and 95th
percentile of its draw, or to the ends of its plausible range; without either it is left alone. A
lever is set to the lower and the upper end of its range from January 2027 on, everywhere; those
without a bound that means anything (prices, regions) to a tenth and ten times, or to ten. Writes
`moves.csv`: by quantity the change of each outcome in December 2035, in percentage points of users
or percent of tokens, from the lower and from the upper end.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import polars as pl

from sim.draws.parameters import ParameterDraws
from sim.draws.scale import from_scale, scale_of, to_scale
from sim.draws.setting import assemble, make_setting, years_of
from sim.draws.world import draw_economies
from sim.ensemble.block import Block, prepare
from sim.lanes.packs import WIDTH
from sim.scenario import Resolved, load, load_text
from sim.world.build import World, build_world
from sim.world.pack import drawable

HERE = Path(__file__).parent
WIDE, NORMAL = 100.0, 1.6449
OUTCOMES = (
    "adoption of people", "adoption of firms", "US closed, people", "US closed, firms",
    "Chinese abroad, people", "Chinese abroad, developers", "Chinese abroad, firms",
    "adoption of people, low income", "tokens, low income", "tokens, world",
)  # fmt: skip


def ends(quantity) -> tuple[float, float] | None:
    """The two values that a quantity is set to."""
    low, high = quantity.range
    if quantity.plausible is not None:
        return quantity.plausible
    if quantity.draw is None:
        return None
    kind, step = scale_of(quantity.draw.kind), NORMAL * quantity.draw.scale
    centre = float(to_scale(np.array(quantity.value), kind))
    found = [float(from_scale(np.array(centre + side), kind)) for side in (-step, step)]
    return max(low, found[0]), min(high, found[1])


def outcomes(block: Block) -> np.ndarray:
    """[outcome, L] of the last month."""
    world, lanes = block.world, block.lanes
    resolved, people = world.resolved, world.economies.people[:, None]
    segments, offerings = list(resolved.segments), list(resolved.offerings)
    cn = np.array([o.from_bloc("cn") for o in resolved.offerings.values()])
    abroad = world.economies.home[:, 1] == 0.0
    low = (world.countries["income_group"] == "Low").to_numpy()
    could = block.setting.numbers.segments.potential
    users = people[:, None, None] * could[None, :, None] * lanes.adoption[:, :, None] * lanes.share

    def adopted(name: str, where=slice(None)) -> np.ndarray:
        level, weight = lanes.adoption[where, segments.index(name)], people[where]
        return (level * weight).sum(axis=0) / weight.sum()

    def share(name: str, weights: np.ndarray, where=slice(None)) -> np.ndarray:
        used = users[where, segments.index(name)].sum(axis=0)
        return weights @ used / used.sum(axis=0)

    us = np.array([float(name == "us_closed") for name in offerings])
    tokens = users * lanes.tokens
    return np.array(
        [
            adopted("consumers"), adopted("enterprise"),
            share("consumers", us), share("enterprise", us),
            share("consumers", cn, abroad), share("developers", cn, abroad),
            share("enterprise", cn, abroad), adopted("consumers", low),
            np.log(tokens[low].sum(axis=(0, 1, 2))), np.log(tokens.sum(axis=(0, 1, 2))),
        ]
    )  # fmt: skip


def at_centres(world: World) -> np.ndarray:
    """[outcome] of a world."""
    block = Block(prepare(world), make_setting(world, 1, (0,), spread=False))
    for _ in range(world.shape[0]):
        block.step()
    return outcomes(block)[:, 0]


def moved_parameters(world: World) -> list[tuple[str, np.ndarray]]:
    """(path, [2, outcome]) for every parameter that varies."""
    quantities, ready = world.resolved.quantities, prepare(world)
    asked = [(p, e) for p in drawable(world.resolved) if (e := ends(quantities[p])) is not None]
    cases = [(path, value) for path, pair in asked for value in pair]
    luck = draw_economies(1, (0,), world.iso3, list(world.resolved.offerings), years_of(world))
    found = []
    for first in range(0, len(cases), WIDTH):
        part = cases[first : first + WIDTH]
        lanes = {path: np.full(len(part), q.value) for path, q in quantities.items()}
        for lane, (path, value) in enumerate(part):
            lanes[path][lane] = value
        still = type(luck)(*(np.repeat(0.0 * draws, len(part), axis=-1) for draws in luck))
        setting = assemble(world, 1, (0,) * len(part), ParameterDraws(lanes, {}), still)
        block = Block(ready, setting)
        for _ in range(world.shape[0]):
            block.step()
        found.append(outcomes(block))
    values = np.concatenate(found, axis=1)
    return [(path, values[:, 2 * k : 2 * k + 2].T) for k, (path, _) in enumerate(asked)]


def moved_levers(resolved: Resolved) -> list[tuple[str, np.ndarray]]:
    """(path, [2, outcome]) for every lever."""
    found = []
    for path, lever in resolved.levers.items():
        if path.startswith("released."):
            continue
        low, high = lever.range
        if path.startswith("price."):
            said = [f"times: {factor}" for factor in (0.1, 10.0)]
        elif high > WIDE:
            said = ["to: 0", "to: 100000" if path == "gulf_buildout" else "to: 10"]
        else:
            said = [f"to: {end:g}" for end in (low, min(high, 20.0))]
        values = []
        for change in said:
            text = f"events: [{{on: 2027-01, lever: {path}, {change}, confidence: assumed}}]\n"
            head = "schema_version: 1\nname: moved\nextends: baseline\nnarrative: One lever.\n"
            values.append(at_centres(build_world(load_text(head + text, "moved.yaml"))))
        found.append((path, np.array(values)))
    return found


def main() -> None:
    """Write the table."""
    resolved = load("baseline")
    world = build_world(resolved)
    names, still = [], []
    # the same lanes without a change, so that no luck of the supply side is in the difference
    base = moved_parameters_base(world)
    rows = []
    for kind, values, zero in (
        ("parameter", moved_parameters(world), base),
        ("lever", moved_levers(resolved), at_centres(world)),
    ):
        for path, pair in values:
            change = 100.0 * (pair - zero)
            row = {"kind": kind, "path": path}
            for k, name in enumerate(OUTCOMES):
                row[f"{name} (low)"], row[f"{name} (high)"] = change[0, k], change[1, k]
            row["most"] = float(np.abs(change).max())
            rows.append(row)
            (names if row["most"] >= 0.1 else still).append(path)
    table = pl.DataFrame(rows).sort("most", descending=True)
    table.with_columns(pl.selectors.float().round(3)).write_csv(HERE / "moves.csv")
    print(f"{len(names)} quantities move an outcome by 0.1 points or more, {len(still)} do not:")
    print("  " + ", ".join(sorted(still)))


def moved_parameters_base(world: World) -> np.ndarray:
    """[outcome] of a lane in which nothing is moved."""
    luck = draw_economies(1, (0,), world.iso3, list(world.resolved.offerings), years_of(world))
    lanes = {path: np.full(1, q.value) for path, q in world.resolved.quantities.items()}
    still = type(luck)(*(0.0 * draws for draws in luck))
    block = Block(prepare(world), assemble(world, 1, (0,), ParameterDraws(lanes, {}), still))
    for _ in range(world.shape[0]):
        block.step()
    return outcomes(block)[:, 0]


if __name__ == "__main__":
    main()
