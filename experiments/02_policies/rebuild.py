"""Every shipped policy and every document's world against the baseline, on the same luck.

    python experiments/02_policies/rebuild.py [replicates]

writes effects.csv and the tables of README.md beside it.
"""

import sys
from pathlib import Path

import numpy as np
import polars as pl

from sim.claims.sections import markdown_table, put_section
from sim.compare import tables as paired_tables
from sim.compare.paired import pair
from sim.compare.paired_runs import PairedRuns
from sim.ensemble.job import Control
from sim.scenario import load
from sim.scenario.layers import read_layer, shipped_names
from sim.scenario.schema import OverrideFile, PolicyFile

HERE = Path(__file__).parent
SEED = 1
LAST = pl.date(2035, 12, 1)
#: Outcome, how its column is headed, factor to the unit shown, digits.
SHOWN = (
    ("world.share.cn", "Chinese share, points", 100.0, 2),
    ("world.share.cn_open", "Chinese open weights, points", 100.0, 2),
    ("world.share.us_closed", "closed US, points", 100.0, 2),
    ("world.adoption", "adoption, points", 100.0, 2),
    ("world.exposure", "exposure, points", 100.0, 2),
    ("world.lag_cn", "Chinese lag, months", 1.0, 2),
    ("world.led_by_cn", "economies led by China", 1.0, 1),
)


def names(kind: type) -> list[str]:
    """Shipped files of a kind."""
    return [n for n, path in shipped_names().items() if isinstance(read_layer(path).file, kind)]


def moved(found: pl.DataFrame) -> pl.DataFrame:
    """Rows whose interval leaves out 0, by how far they moved in units of the base's spread."""
    clear = (pl.col("low") > 0) | (pl.col("high") < 0)
    return found.filter(clear).sort(["size", "outcome"], descending=[True, False])


def spread(paired: PairedRuns) -> pl.DataFrame:
    """Standard deviation of every outcome of the base over replicates, by period."""
    runs = paired_tables.runs(paired).filter(arm="baseline")
    by = runs.group_by("outcome", "period").agg(pl.col("value").std().alias("sd"))
    return by.sort("outcome", "period")


def effect_text(row: dict, factor: float, digits: int) -> str:
    """`+1.2 ± 0.3`; in brackets where the interval holds 0; `0` where no run moved at all."""
    if row["difference"] == 0.0 and row["low"] == row["high"]:
        return "0"
    mean, half = factor * row["difference"], factor * (row["high"] - row["low"]) / 2
    if max(abs(mean), half) < 0.5 * 10**-digits:
        return "≈ 0"
    text = f"{mean:+.{digits}f} ± {half:.{digits}f}".replace("-", "−")
    return f"[{text}]" if row["low"] <= 0.0 <= row["high"] else text


def table(arms: list[str], last: pl.DataFrame) -> str:
    """One row an arm: the outcomes shown, how many moved, and what moved most."""
    rows = []
    for arm in arms:
        mine = last.filter(arm=arm)
        by_name = {row["outcome"]: row for row in mine.iter_rows(named=True)}
        clear = moved(mine)
        most = ", ".join(clear["outcome"].head(2).to_list())
        cells = [effect_text(by_name[name], factor, digits) for name, _, factor, digits in SHOWN]
        rows.append([f"`{arm}`", *cells, f"{clear.height} of {mine.height}", most])
    header = ["", *(head for _, head, _, _ in SHOWN), "outcomes moved", "moved most"]
    return markdown_table(header, rows)


def main(replicates: int) -> None:
    """Run all arms and write what they showed."""
    policies, worlds = names(PolicyFile), names(OverrideFile)
    base = load("baseline")
    arms = [*(load("baseline", [name]) for name in policies), *(load(name) for name in worlds)]
    labels = ("baseline", *policies, *worlds)
    paired = pair(base, arms, replicates, SEED, names=labels, paths=False, control=Control(2))
    found = paired_tables.differences(paired).join(spread(paired), on=["outcome", "period"])
    size = (pl.col("difference") / pl.col("sd").replace(0.0, np.nan)).abs().fill_nan(None)
    last = found.with_columns(size.alias("size")).filter(pl.col("period") == LAST)
    kept = ["arm", "outcome", "period", "base", "alternative", "difference", "low", "high", "size"]
    order = pl.col("arm").cast(pl.Enum(labels))
    csv = (
        last.select(kept).sort(order, "outcome").with_columns(pl.col(pl.Float64).round_sig_figs(6))
    )
    csv.write_csv(HERE / "effects.csv")
    facts = (
        f"{int(paired.live.sum())} replicates, seed {SEED}, baseline `{base.hash[:8]}`, "
        "December 2035.\n"
    )
    readme = HERE / "README.md"
    put_section(readme, "policies", f"{facts}\n{table(policies, last)}")
    put_section(readme, "worlds", f"{facts}\n{table(worlds, last)}")
    idle = [arm for arm in labels[1:] if not moved(last.filter(arm=arm)).height]
    print(f"{len(labels) - 1} arms, without effect: {', '.join(idle) or 'none'}")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 64)
