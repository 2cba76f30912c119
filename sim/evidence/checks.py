"""Patterns that the hindcast must show, each with the figure found and whether it holds."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import polars as pl
from numpy.typing import NDArray

from sim.evidence.hindcast import MODEL, Hindcast
from sim.evidence.rivals import refusal
from sim.evidence.scores import class_chance_covered

Floats = NDArray[np.float64]
Row = tuple[str, str, float, str, bool]
#: Economies where several US vendors refuse service, and where only some do; the model's own check.
REFUSED = ("BLR", "CUB", "RUS", "IRN", "SYR")
PARTLY = ("MMR", "NIC", "SOM", "CAF")
USERS, DEEPSEEK = "consumer_chat.ai_user_share", "consumer_chat.deepseek_share"
RIVAL = "access denial + income"


def checks(h: Hindcast, scores: pl.DataFrame) -> pl.DataFrame:
    """Columns: check, evidence (held out, fitted), found, wanted, holds."""
    rows = [*_users(h, scores), *_deepseek(h, scores), *_series(h)]
    named, evidence, found, wanted, holds = zip(*rows, strict=True)
    return pl.DataFrame(
        {
            "check": named,
            "evidence": evidence,
            "found": [float(value) for value in found],
            "wanted": wanted,
            "holds": [bool(value) for value in holds],
        }
    )


def _score(scores: pl.DataFrame, channel: str, period: str, name: str, column: str) -> float:
    row = scores.filter(
        (pl.col("channel") == channel) & (pl.col("period") == period) & (pl.col("forecast") == name)
    )
    return float(row[column][0])


def _users(h: Hindcast, scores: pl.DataFrame) -> list[Row]:
    rows: list[Row] = []
    for half, period in enumerate(("2025-H1", "2025-H2")):
        rank = _score(scores, USERS, period, MODEL, "rank")
        error = _score(scores, USERS, period, MODEL, "median_error")
        income = _score(scores, USERS, period, "income only", "rank")
        rows += [
            (f"AI users {period}: rank correlation", "held out", rank, "at least 0.84",
             rank >= 0.84),
            (f"AI users {period}: median |log error|", "held out", error, "at most 0.25",
             error <= 0.25),
            (f"AI users {period}: rank correlation less that of income alone", "held out",
             rank - income, "above 0", rank > income),
        ]  # fmt: skip
        off = float(np.abs(h.cross.world[:, half] - h.targets.users.world[half]).max())
        rows.append(
            (f"world AI users {period}: largest distance of a fold, points", "held out",
             100.0 * off, "at most 1.5", off <= 0.015)
        )  # fmt: skip
        cover = _score(scores, USERS, period, MODEL, "cover_90")
        width = _score(scores, USERS, period, MODEL, "width_90")
        marginal = _score(scores, USERS, period, "marginal shares", "width_90")
        rows += [
            (f"AI users {period}: covered by the 90 % band", "held out", cover, "0.80 to 0.97",
             0.8 <= cover <= 0.97),
            (f"AI users {period}: width of the band over the marginal one", "held out",
             width / marginal, "below 1", width < marginal),
        ]  # fmt: skip
    return rows


def _deepseek(h: Hindcast, scores: pl.DataFrame) -> list[Row]:
    everything, open_to = "2025-H2, all", "2025-H2, open to US services"
    rank = _score(scores, DEEPSEEK, everything, MODEL, "rank")
    rank_open = _score(scores, DEEPSEEK, open_to, MODEL, "rank")
    better = _score(scores, DEEPSEEK, everything, RIVAL, "model_better")
    sharper = _score(scores, DEEPSEEK, everything, MODEL, "rps")
    marginal = _score(scores, DEEPSEEK, everything, "marginal classes", "rps")
    inside = class_chance_covered(h.cross.chances, h.targets.classes.bin, 0.9)
    cover = float(inside.mean())
    rows: list[Row] = [
        ("DeepSeek: rank correlation", "held out", rank, "at least 0.65", rank >= 0.65),
        ("DeepSeek: rank correlation where US services are offered", "held out", rank_open,
         "at least 0.62", rank_open >= 0.62),
        (f"DeepSeek: bootstraps with a better log score than {RIVAL}", "held out", better,
         "at least 0.90", better >= 0.9),
        ("DeepSeek: ranked probability score less the marginal's", "held out", sharper - marginal,
         "below 0", sharper < marginal),
        ("DeepSeek: chance covered by the 90 % band of classes", "held out", cover, "0.80 to 0.97",
         0.8 <= cover <= 0.97),
    ]  # fmt: skip
    share = dict(zip(h.world.iso3, h.cross.everywhere, strict=True))
    rows += [(f"DeepSeek in {code}", "held out", share[code], "above 0.20", share[code] > 0.2)
             for code in REFUSED]  # fmt: skip
    rows += [(f"DeepSeek in {code}", "held out", share[code], "at most 0.15", share[code] <= 0.15)
             for code in PARTLY]  # fmt: skip
    model, data = africa(h, h.cross.deepseek), africa(h, h.targets.classes.middle)
    rows.append(("DeepSeek: Africa over the other open economies", "held out", model,
                 f"at least 1.4 (measured {data:.2f})", model >= 1.4))  # fmt: skip
    return rows


def africa(h: Hindcast, share: Floats) -> float:
    """Mean share in Africa over that elsewhere, observed economies open to US services."""
    rows = h.targets.classes.rows
    open_to = refusal(h.world, h.targets)[rows] < 0.5
    region = np.array(h.world.countries["region"].to_list())[rows]
    inside = region == "Africa"
    return float(share[inside & open_to].mean() / share[~inside & open_to].mean())


def _series(h: Hindcast) -> list[Row]:
    series = h.targets.series
    found = h.sample.weights @ h.whole.series
    rows: list[Row] = []
    for n, name in enumerate(series.names):
        low, high, value = float(series.low[n]), float(series.high[n]), float(found[n])
        evidence = "dated releases" if series.channel[n] == "supply" else "fitted"
        wanted = f"{low:g} to {high:g}"
        rows.append((f"{series.channel[n]}: {name}", evidence, value, wanted, low <= value <= high))
    return rows


def failed(frame: pl.DataFrame) -> Sequence[str]:
    """Names of the checks that do not hold."""
    return frame.filter(~pl.col("holds"))["check"].to_list()
