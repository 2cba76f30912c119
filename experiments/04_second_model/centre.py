"""Runs at the centres of all parameters, as arrays: what patterns and dynamic properties ask of."""

from functools import cache

import numpy as np

from sim.draws.setting import make_setting
from sim.ensemble.block import Block, prepare
from sim.scenario import load, load_text
from sim.scenario.schema import month_index
from sim.world.build import build_world

HEAD = "schema_version: 1\nname: asked\nextends: baseline\nnarrative: A question of a test.\n"
HARD = 42.0  # frontier-months from which on a task counts as hard


class Run:
    """One run without luck. Axes: T months, C economies, S segments, O offerings."""

    def __init__(self, resolved) -> None:
        self.world = world = build_world(resolved)
        self.offerings, self.segments = list(resolved.offerings), list(resolved.segments)
        self.iso3 = list(world.iso3)
        block = Block(prepare(world), make_setting(world, 1, (0,), spread=False))
        tasks, sizes = block.setting.numbers.tasks, block.setting.numbers.sizes[..., 0]
        hard = (tasks.threshold[:, 0] >= HARD) * tasks.tokens[:, 0]
        every = tasks.tokens[:, 0]
        found = {name: [] for name in ("share", "adoption", "tokens", "bill", "hard", "released")}
        for _ in range(world.shape[0]):
            block.step()
            lanes, supply = block.lanes, block.supply
            found["share"].append(lanes.share[..., 0].copy())
            found["adoption"].append(lanes.adoption[..., 0].copy())
            found["tokens"].append(lanes.tokens[..., 0].copy())
            found["bill"].append(lanes.bill[..., 0].copy())
            part = supply.track.part[..., 0]
            done = np.stack(
                [
                    np.where(world.hard > 0, part[world.offerings.track_frontier[o]],
                             part[world.offerings.track[o]])
                    for o in range(len(self.offerings))
                ],
                axis=1,
            )  # fmt: skip
            weighed = np.einsum("sq,q,qo->so", sizes, hard, done)
            found["hard"].append(weighed / np.einsum("sq,q,qo->so", sizes, every, done))
            found["released"].append(supply.released[:, 0].copy())
        for name, values in found.items():
            setattr(self, name, np.array(values))
        self.people = world.economies.people
        self.potential = np.array(resolved.across("segments", "potential"))
        could = self.people[:, None] * self.potential
        self.users = could[None, :, :, None] * self.adoption[..., None] * self.share

    def at(self, month: str) -> int:
        """Step of a month."""
        return month_index(month) - self.world.resolved.horizon.start

    def adopted(self, month: str, where=slice(None)) -> np.ndarray:
        """[S] adoption of people in some economies."""
        people = self.people[where]
        return (people[:, None] * self.adoption[self.at(month)][where]).sum(0) / people.sum()

    def shares(self, month: str, where=slice(None)) -> np.ndarray:
        """[S, O] of users in some economies."""
        users = self.users[self.at(month)][where].sum(0)
        return users / np.maximum(users.sum(1, keepdims=True), 1e-12)

    def asked(self, month: str, where=slice(None)) -> np.ndarray:
        """[S] million tokens a month in some economies."""
        t = self.at(month)
        return (self.users[t] * self.tokens[t])[where].sum((0, 2))

    def hard_spend(self, month: str) -> np.ndarray:
        """[S, O] parts of what the world spends on hard tasks."""
        t = self.at(month)
        spent = (self.users[t] * self.bill[t]).sum(0) * self.hard[t]
        return spent / spent.sum(1, keepdims=True)

    def of(self, name: str) -> int:
        """Place of an offering or a segment."""
        return (self.offerings if name in self.offerings else self.segments).index(name)

    def income(self, group: str) -> np.ndarray:
        """[C] whether an economy is of an income group."""
        return (self.world.countries["income_group"] == group).to_numpy()


@cache
def run(text: str = "", sets: tuple[str, ...] = ()) -> Run:
    """The baseline with further lines of a scenario file, or with settings."""
    return Run(load_text(HEAD + text, "asked.yaml") if text else load("baseline", (), list(sets)))


def events(*lines: str) -> str:
    """Events of a scenario file, each what stands between its braces."""
    return "events:\n" + "".join(f"  - {{{line}, confidence: assumed}}\n" for line in lines)
