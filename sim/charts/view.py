"""What a chart is asked to show of a run: which group, segment, variable, offering and month."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, fields
from datetime import date

import polars as pl

from sim.errors import NothingRecorded, OutsideHorizon, UnknownKey, nearest

GROUP_TYPES = ("world", "region", "income", "bloc", "tier")
GROUP_HEADINGS = {
    "world": "the world",
    "region": "region",
    "income": "income group",
    "bloc": "political sphere",
    "tier": "tier of the export rules",
}
#: Groups with an order of their own; the others are drawn by name.
INCOME = ("Low", "Lower middle", "Upper middle", "High")
#: What a share can be a share of.
WEIGHTS = ("users", "tokens", "spend", "gdp")


@dataclass(frozen=True)
class View:
    """The options of a chart; None is the chart's own choice. Charts ignore what has no meaning
    for them.

    ``group`` is a group type (every group of it is drawn) or the name of one group. ``by`` is one
    of ``WEIGHTS``.
    """

    group: str | None = None
    segment: str | None = None
    variable: str | None = None
    offering: str | None = None
    period: str | None = None
    by: str | None = None

    @property
    def suffix(self) -> str:
        """What a file name needs so that two views do not overwrite each other."""
        given = [getattr(self, field.name) for field in fields(self)]
        words = [re.sub(r"[^A-Za-z0-9]+", "_", str(word)) for word in given if word is not None]
        return "".join(f"-{word}" for word in words)


def groups_of(table: pl.DataFrame, asked: str | None, default: str) -> tuple[str, list[str]]:
    """The group type and the names of the groups that ``asked`` means, in the order drawn.

    table: world.parquet. Raises UnknownKey for what is neither a type nor a group there.
    """
    known = table.select("group_type", "group").unique()
    wanted = asked or default
    if wanted in GROUP_TYPES:
        names = known.filter(group_type=wanted)["group"].to_list()
        if not names:
            raise UnknownKey(f"this run has no groups of the type '{wanted}'")
        return wanted, sorted(names, key=_place)
    kinds = known.filter(group=wanted)["group_type"].to_list()
    if not kinds:
        legal = [*GROUP_TYPES, *sorted(known["group"].to_list())]
        hint = nearest(wanted, legal) or f"The groups are: {', '.join(legal)}"
        raise UnknownKey(f"there is no group '{wanted}'", hint=hint)
    return min(kinds, key=GROUP_TYPES.index), [wanted]


def _place(name: str) -> tuple[int, str]:
    return (INCOME.index(name) if name in INCOME else len(INCOME), name)


def month_of(asked: str | None, table: pl.DataFrame) -> date:
    """The stored month that ``asked`` (YYYY-MM) means; the last one without it.

    Raises OutsideHorizon where the table holds no such month, naming those it holds, and
    NothingRecorded where it holds none at all.
    """
    stored = sorted(table["period"].cast(pl.Date).unique().to_list())
    if not stored:
        raise NothingRecorded("this run recorded no month of what the chart shows")
    if asked is None:
        last: date = stored[-1]
        return last
    for month in stored:
        if f"{month:%Y-%m}" == asked:
            found: date = month
            return found
    near = [f"{month:%Y-%m}" for month in stored if f"{month:%Y}" == asked[:4]]
    hint = f"Stored are {', '.join(near)}" if near else _span(stored)
    raise OutsideHorizon(f"there is nothing stored for {asked}", hint=hint)


def _span(stored: list[date]) -> str:
    return f"Write YYYY-MM, from {stored[0]:%Y-%m} to {stored[-1]:%Y-%m}"


def one_of(asked: str | None, legal: Iterable[str], what: str, default: str) -> str:
    """``asked`` if it is legal, ``default`` without it. Raises UnknownKey."""
    words = list(legal)
    if asked is None or asked in words:
        return asked or default
    hint = nearest(asked, words) or f"Legal: {', '.join(words)}"
    raise UnknownKey(f"there is no {what} '{asked}'", hint=hint)
