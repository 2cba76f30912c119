"""Rebuilds the tables of this folder's README from results/: python rebuild.py (after hindcast)."""

from __future__ import annotations

from pathlib import Path

import polars as pl

HERE = Path(__file__).resolve().parent
RESULTS = HERE / "results"


def cell(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "**no**"
    return f"{value:.3g}" if isinstance(value, float) else str(value)


def markdown(frame: pl.DataFrame) -> str:
    lines = ["| " + " | ".join(frame.columns) + " |", "|" + "---|" * len(frame.columns)]
    lines += ["| " + " | ".join(cell(value) for value in row) + " |" for row in frame.iter_rows()]
    return "\n".join(lines)


def filled(text: str, name: str, table: str) -> str:
    begin, end = f"<!-- begin {name} (generated) -->", f"<!-- end {name} -->"
    before, rest = text.split(begin)
    return f"{before}{begin}\n\n{table}\n\n{end}{rest.split(end)[1]}"


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
    readme = HERE / "README.md"
    text = readme.read_text(encoding="utf-8")
    for name, table in tables.items():
        text = filled(text, name, markdown(table))
    readme.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
