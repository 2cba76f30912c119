"""Rebuilds the tables of this folder's README from results/: python rebuild.py (after hindcast)."""

from __future__ import annotations

from pathlib import Path

import polars as pl

from sim.claims.sections import markdown_table, put_section

HERE = Path(__file__).resolve().parent
RESULTS = HERE / "results"


def cell(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "**no**"
    return f"{value:.3g}" if isinstance(value, float) else str(value)


def table(frame: pl.DataFrame) -> str:
    return markdown_table(frame.columns, [[cell(value) for value in row] for row in frame.rows()])


def main() -> None:
    scores = pl.read_csv(RESULTS / "scores.csv")
    users = scores.filter(pl.col("channel") == "consumer_chat.ai_user_share").drop(
        "channel", "rps", "model_better_rps"
    )
    classes = scores.filter(pl.col("channel") == "consumer_chat.deepseek_share").drop(
        "channel", "crps", "median_error", "rms_error"
    )
    tables = {
        "checks": pl.read_csv(RESULTS / "checks.csv"),
        "users": users,
        "deepseek": classes,
        "ablations": pl.read_csv(RESULTS / "ablations.csv"),
        "misfits": pl.read_csv(RESULTS / "misfits.csv").head(20),
    }
    for name, frame in tables.items():
        put_section(HERE / "README.md", name, table(frame))


if __name__ == "__main__":
    main()
