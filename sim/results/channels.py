"""What the world's instruments would have seen: web visits, aggregator, developers, downloads.

Each channel counts part of the use that the model simulates, in its own unit and with its own
blind spots (`CHANNEL_SERIES` says which); none of them is "the" adoption. Consumer chat, which is
known economy by economy, is reduced in `sim.results.economies`.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.equations import observe
from sim.equations.jit import borrowing, rows
from sim.equations.supply import Supply
from sim.results.channel_list import CHANNEL_SERIES, TOKEN_SERIES
from sim.scenario import Resolved
from sim.scenario.schema import Offering
from sim.world.axes import CN, US
from sim.world.build import World
from sim.world.parameters import Params

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

#: Audiences: whose use an instrument looks at. Rows of `Instruments.people`.
VISITORS, DEVELOPERS, LISTED, FIRMS = 0, 1, 2, 3
SEGMENT_OF = ("consumers", "developers", "developers", "enterprise")
#: Which audience a channel needs; without its segment the channel is absent.
AUDIENCE = {
    "web_visits": VISITORS,
    "aggregator": LISTED,
    "developers": DEVELOPERS,
    "weights_downloads": DEVELOPERS,
    "enterprise": FIRMS,
}
selected_rows, part_rows = rows(observe.selected), rows(observe.part)
visited_rows = rows(observe.visited)


class Instruments(NamedTuple):
    """Who and what each instrument sees. A audiences, C economies, O offerings."""

    people: Floats  # [A, C] persons of 15 to 64 in sight
    segment: Ints  # [A] segment row, -1 where the scenario has no such segment
    apps: Floats  # [O] Chinese vendors' services
    listed: Floats  # [O] sold by the token from one bloc's models: on an aggregator
    listed_open: Floats  # [O] the same, models with open weights
    weights: Floats  # [O] open weights
    origin: Floats  # [O, bloc]
    price_track: Ints  # [O]
    names: tuple[str, ...]


def channel_names(resolved: Resolved) -> tuple[str, ...]:
    """`channel.variable` of every world series that this scenario's segments allow."""
    return tuple(
        entry.name
        for entry in CHANNEL_SERIES
        if SEGMENT_OF[AUDIENCE[entry.name.split(".")[0]]] in resolved.segments
    )


def make_instruments(world: World) -> Instruments:
    """Instruments of a world. An aggregator lists offerings of one bloc that cost API tokens."""
    resolved, home = world.resolved, world.economies.home[:, CN] > 0
    offerings, segments = list(resolved.offerings.values()), list(resolved.segments)
    people = world.economies.people
    abroad = np.where(home, 0.0, people)
    on_list = np.where(home, people * world.fixed.observe_aggregator_china, people)
    origin = np.array([[o.from_bloc(b) for b in ("us", "cn", "other")] for o in offerings])
    weights = np.array([float(o.access == "weights") for o in offerings])
    listed = np.array([_is_listed(o) for o in offerings])
    open_track = np.array([float(o.track.endswith("_open")) for o in offerings])
    return Instruments(
        np.stack([abroad, people, on_list, abroad]),
        np.array([segments.index(s) if s in segments else -1 for s in SEGMENT_OF]),
        (origin[:, CN] == 1.0) * np.array([float(o.access == "service") for o in offerings]),
        listed,
        listed * open_track,
        weights,
        origin,
        world.price_track,
        channel_names(resolved),
    )


def _is_listed(offering: Offering) -> float:
    of_one_bloc = max(offering.origin.values(), default=0.0) == 1.0
    by_token = offering.attributes["api_weight"].value > 0.0
    return float(of_one_bloc and by_token and offering.access != "partnership")


def channel_series(
    seen: Instruments, share: Floats, adoption: Floats, supply: Supply, p: Params[Floats]
) -> Floats:
    """World series [name, lane] of one month, in the order of `seen.names`; NaN where undefined.

    share: [C, S, O, L]; adoption: [C, S, L]. Of the parameters only those of instruments are read.
    """
    use = np.zeros((len(seen.segment), share.shape[2], share.shape[3]))
    sum_use(seen.people, seen.segment, share, adoption, use)
    cn, us = seen.origin[:, CN], seen.origin[:, US]
    selection = p.observe_aggregator_selection
    visits = use[VISITORS] * visited_rows(seen.apps[:, None], p.observe_visits_per_user)
    picked = use[LISTED] * selected_rows(seen.listed[:, None], seen.listed_open[:, None], selection)
    price = supply.api[seen.price_track]
    found = {"web_visits.cn_share": _part(seen.apps @ visits, visits.sum(axis=0))}
    found |= _tokens("aggregator", picked, seen.listed_open, cn, price)
    found |= _tokens("developers", use[DEVELOPERS], seen.weights, cn, price)
    kept = use[DEVELOPERS] * seen.weights[:, None]
    found["weights_downloads.cn_share"] = _part(cn @ kept, kept.sum(axis=0))
    found["weights_downloads.us_share"] = _part(us @ kept, kept.sum(axis=0))
    found["enterprise.open_share"] = _part(seen.weights @ use[FIRMS], use[FIRMS].sum(axis=0))
    return np.stack([found[name] for name in seen.names])


def _tokens(
    channel: str, use: Floats, is_open: Floats, cn: Floats, price: Floats
) -> dict[str, Floats]:
    """Shares of tokens by origin and openness, and of spend, of one audience's use [O, L]."""
    total, paid = use.sum(axis=0), use * price
    weights = (cn * is_open, cn, is_open, 1.0 - is_open)
    found = {
        f"{channel}.{name}": _part(weight @ use, total)
        for name, weight in zip(TOKEN_SERIES, weights, strict=True)
    }
    found[f"{channel}.closed_spend_share"] = _part((1.0 - is_open) @ paid, paid.sum(axis=0))
    return found


def _part(amount: Floats, total: Floats) -> Floats:
    return part_rows(amount, total)


@borrowing
def sum_use(people: Floats, segment: Ints, share: Floats, adoption: Floats, use: Floats) -> None:
    """Users of each audience by offering, into use [A, O, L]."""
    width = adoption.shape[2]
    for a in range(segment.shape[0]):
        s = segment[a]
        if s < 0:
            continue
        for c in range(people.shape[1]):
            if people[a, c] == 0.0:
                continue
            for k in range(share.shape[2]):
                for j in range(width):
                    use[a, k, j] += people[a, c] * adoption[c, s, j] * share[c, s, k, j]
