"""The measured figures of ``seeds/targets`` as arrays in the order of a world's economies."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import polars as pl
from numpy.typing import NDArray

from sim.files import seeds_dir
from sim.scenario.schema import month_index
from sim.world.columns import LINE, read_columns, read_table

Floats = NDArray[np.float64]
WORLD = "WLD"
#: Surveys of firms: any AI before generative AI, the month that a year's survey stands for, and how
#: far the first one after the base may fall below it by sampling.
BASE_YEAR, SURVEY_MONTH, SLACK = 2021, "06", 0.3
#: Edges of the classes of the DeepSeek map, fractions (half-way between printed bounds).
CLASS_EDGES = (0.0, 0.055, 0.105, 0.155, 0.205, 0.255, 1.0)


@dataclass(frozen=True)
class Users:
    """AI users: N observations, each an economy or a pool, in two half-years."""

    names: tuple[str, ...]
    members: tuple[tuple[int, ...], ...]  # rows of the world's economies
    share: Floats  # [N, 2] fraction of people of 15 to 64
    world: Floats  # [2] published world figures
    absent: tuple[str, ...]  # ISO3 codes that the world does not have

    @property
    def own(self) -> NDArray[np.bool_]:
        """[N] observations of a single economy."""
        return np.array([len(rows) == 1 for rows in self.members])


@dataclass(frozen=True)
class Classes:
    """DeepSeek's share among AI users: a class, or a published point, by economy."""

    rows: NDArray[np.int64]  # [N] rows of the world's economies
    iso3: tuple[str, ...]
    bin: NDArray[np.int64]  # [N] index of the class
    point: Floats  # [N] published value, NaN without
    middle: Floats  # [N] the point, or the middle of the class


@dataclass(frozen=True)
class Later:
    """AI users of single economies in a later period, to hold their growth to."""

    rows: NDArray[np.int64]  # [N] rows of the world's economies
    at: NDArray[np.int64]  # [N] place among `Users`
    share: Floats  # [N] fraction of people of 15 to 64
    months: tuple[int, int]  # first and last month index


@dataclass(frozen=True)
class Firms:
    """Enterprises that use AI of any kind, by economy and survey."""

    rows: NDArray[np.int64]  # [N] rows of the world's economies
    iso3: tuple[str, ...]
    base: Floats  # [N] fraction in 2021, before generative AI
    share: Floats  # [N, survey]
    months: tuple[int, ...]  # month index that a survey stands for
    fitted: NDArray[np.bool_]  # [N] False where a later survey is below the base


@dataclass(frozen=True)
class Series:
    """World series: one row an observation."""

    names: tuple[str, ...]
    channel: tuple[str, ...]
    variable: tuple[str, ...]
    first: NDArray[np.int64]  # month index, year * 12 + month - 1
    last: NDArray[np.int64]
    statistic: tuple[str, ...]
    low: Floats
    value: Floats
    high: Floats


@dataclass(frozen=True)
class Targets:
    """All observations, and the half-years they are averaged over (month indices, inclusive)."""

    users: Users
    classes: Classes
    series: Series
    halves: tuple[tuple[int, int], tuple[int, int]]
    later: Later
    firms: Firms


def load_targets(iso3: Sequence[str], folder: Path | None = None) -> Targets:
    """Read the target tables; economies that the world lacks are listed in `users.absent`.

    Raises MissingFile, and SeedError for the first cell that breaks its description.
    """
    folder = seeds_dir() / "targets" if folder is None else folder
    described = read_columns(folder)
    frames = {}
    for table in ("ai_users", "deepseek", "series", "surveys", "ai_users_2026", "firms"):
        frame, errors = read_table(folder, table, described.get(table, ()))
        if errors:
            raise errors[0]
        frames[table] = frame.drop(LINE)
    users = frames["ai_users"]
    halves = sorted(
        {(month_index(a), month_index(b)) for a, b in users.select("from", "to").rows()}
    )
    place = {code: row for row, code in enumerate(iso3)}
    known = _users(users, place)
    return Targets(
        known, _classes(frames["deepseek"], place), _series(frames["series"]),
        (halves[0], halves[1]), _later(frames["ai_users_2026"], known, place),
        _firms(frames["firms"], place),
    )  # fmt: skip


def _users(frame: pl.DataFrame, place: dict[str, int]) -> Users:
    names, members, shares = [], [], []
    absent: set[str] = set()
    world = np.full(2, np.nan)
    for (name,), rows in frame.sort("observation", "from").group_by(
        ["observation"], maintain_order=True
    ):
        share = rows["share"].to_numpy()
        codes = rows["members"][0].split(" ")
        if name == WORLD:
            world = share
            continue
        absent |= {code for code in codes if code not in place}
        known = tuple(place[code] for code in codes if code in place)
        if known:
            names.append(str(name))
            members.append(known)
            shares.append(share)
    return Users(tuple(names), tuple(members), np.array(shares), world, tuple(sorted(absent)))


def _later(frame: pl.DataFrame, users: Users, place: dict[str, int]) -> Later:
    known = frame.filter(pl.col("iso3").is_in([n for n in users.names if n in place]))
    codes = known["iso3"].to_list()
    return Later(
        np.array([place[code] for code in codes], dtype=np.int64),
        np.array([users.names.index(code) for code in codes], dtype=np.int64),
        known["share"].to_numpy(),
        (month_index(frame["from"][0]), month_index(frame["to"][0])),
    )


def _firms(frame: pl.DataFrame, place: dict[str, int]) -> Firms:
    wide = frame.filter(pl.col("iso3").is_in(list(place))).pivot(
        "year", index="iso3", values="share"
    )
    wide = wide.drop_nulls().sort("iso3")
    surveys = sorted(set(frame["year"].to_list()) - {BASE_YEAR})
    base = wide[str(BASE_YEAR)].to_numpy()
    share = wide.select(str(year) for year in surveys).to_numpy()
    codes = wide["iso3"].to_list()
    return Firms(
        np.array([place[code] for code in codes], dtype=np.int64),
        tuple(codes),
        base,
        share,
        tuple(month_index(f"{year}-{SURVEY_MONTH}") for year in surveys),
        share[:, 0] > (1.0 - SLACK) * base,
    )


def _classes(frame: pl.DataFrame, place: dict[str, int]) -> Classes:
    known = frame.filter(pl.col("iso3").is_in(list(place)))
    low = known["low"].to_numpy()
    point = known["point"].cast(pl.Float64).fill_null(np.nan).to_numpy()
    edges = np.array(CLASS_EDGES)
    number = np.searchsorted(edges, low + 1e-9, side="right") - 1
    upper = np.minimum(edges[number + 1], 0.6)  # the open class has no middle of its own
    middle = np.where(np.isnan(point), (edges[number] + upper) / 2.0, point)
    codes = known["iso3"].to_list()
    return Classes(
        np.array([place[code] for code in codes], dtype=np.int64),
        tuple(codes),
        number.astype(np.int64),
        point,
        middle,
    )


def _series(frame: pl.DataFrame) -> Series:
    def months(column: str) -> NDArray[np.int64]:
        return np.array([month_index(text) for text in frame[column]], dtype=np.int64)

    def texts(column: str) -> tuple[str, ...]:
        return tuple(frame[column].to_list())

    return Series(
        names=texts("observation"),
        channel=texts("channel"),
        variable=texts("variable"),
        first=months("from"),
        last=months("to"),
        statistic=texts("statistic"),
        **{column: frame[column].to_numpy() for column in ("low", "value", "high")},
    )
