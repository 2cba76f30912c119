"""What a scenario says of its offerings, as arrays by offering."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from sim.errors import UnknownKey
from sim.scenario import Resolved
from sim.world.axes import BLOCS, CN, PRICE_TRACKS, TRACKS, US

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
TrackName = Literal["track", "track_frontier", "price_track"]
_LEGAL: dict[TrackName, Sequence[str]] = {
    "track": TRACKS,
    "track_frontier": TRACKS,
    "price_track": PRICE_TRACKS,
}


@dataclass(frozen=True)
class Offerings:
    """O offerings in the order of the scenario. What is 1 or 0 is a number, to multiply with."""

    origin: Floats  # [O, bloc] whose models they are; nobody's are the economy's own
    one_bloc: Floats  # [O] 1 where all of it is one bloc's models
    service: Floats  # [O] 1 where it is sold as a service
    open_weights: Floats  # [O] 1 where the weights can be had
    partnership: Floats  # [O] 1 where it comes by partnership
    open_track: Floats  # [O] 1 where its models are those of a track of open weights
    track: Ints  # [O] track for tasks that are not of the frontier
    track_frontier: Ints  # [O] track for frontier tasks
    price_track: Ints  # [O] whose API list price it pays
    nest: Ints  # [O]
    n_nests: int
    family: Ints  # [O] model family, whose skills and integrations serve it
    families: tuple[str, ...]

    @property
    def n_families(self) -> int:
        """Number of model families."""
        return len(self.families)

    @property
    def from_blocs(self) -> Floats:
        """[O] part that is of any bloc's models: 0 for domestic ones."""
        return self.origin.sum(axis=1)

    @property
    def leaks(self) -> Floats:
        """[O] 1 for foreign services, which leak past refusals and bans (VPN, resale)."""
        return self.service * (self.from_blocs > 0.0)

    @property
    def sells(self) -> Floats:
        """[O] 1 where use earns its makers something."""
        return 1.0 - self.open_weights

    @property
    def packaged(self) -> Floats:
        """[O] part of US models that come in American software."""
        return self.origin[:, US] * self.sells

    @property
    def cn_open(self) -> Floats:
        """[O] part of Chinese models whose weights can be had."""
        return self.origin[:, CN] * self.open_weights


def make_offerings(resolved: Resolved) -> Offerings:
    """The offerings of a scenario. Raises SchemaError, UnknownKey."""
    offerings = list(resolved.offerings.values())
    origin = np.array([[o.from_bloc(bloc) for bloc in BLOCS] for o in offerings])
    nests = sorted({o.nest for o in offerings})
    families = tuple(sorted({o.family or o.track for o in offerings}))

    def comes_as(access: str) -> Floats:
        return np.array([float(o.access == access) for o in offerings])

    one_bloc = ((origin > 0.0).sum(axis=1) == 1).astype(np.float64)
    return Offerings(
        origin=origin,
        one_bloc=one_bloc,
        service=comes_as("service"),
        open_weights=comes_as("weights"),
        partnership=comes_as("partnership"),
        open_track=np.array([float(o.track.endswith("_open")) for o in offerings]),
        track=_track_index(resolved, "track"),
        track_frontier=_track_index(resolved, "track_frontier"),
        price_track=_track_index(resolved, "price_track"),
        nest=np.array([nests.index(o.nest) for o in offerings], dtype=np.int64),
        n_nests=len(nests),
        family=np.array([families.index(o.family or o.track) for o in offerings], dtype=np.int64),
        families=families,
    )


def _track_index(resolved: Resolved, attribute: TrackName) -> Ints:
    """[O] position of each offering's track in the code list. Raises UnknownKey."""
    names, found = _LEGAL[attribute], []
    for offering, o in resolved.offerings.items():
        value = getattr(o, attribute) or o.track
        if value not in names:
            file, _, line = resolved.origin.get(f"offerings.{offering}", "").rpartition(":")
            raise UnknownKey(
                f"unknown {attribute} '{value}'",
                file=file or None,
                line=int(line) if line.isdigit() else None,
                path=f"offerings.{offering}.{attribute}",
                hint=f"Legal: {', '.join(names)}",
            )
        found.append(names.index(value))
    return np.array(found, dtype=np.int64)
