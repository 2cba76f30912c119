"""The line under every chart that says what produced it. No date: same bytes on any day."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sim.charts.palette import FAINT
from sim.errors import MissingFile, SchemaError

if TYPE_CHECKING:
    from matplotlib.figure import Figure

_HASH_LETTERS = 8


@dataclass(frozen=True)
class Footer:
    """What produced a chart: scenario and its hash, number of runs, seed, version of Spheres."""

    scenario: str
    scenario_hash: str
    replicates: int
    seed: int
    version: str

    @property
    def text(self) -> str:
        """The footer as drawn."""
        runs = "run" if self.replicates == 1 else "runs"
        return (
            f"scenario {self.scenario} ({self.scenario_hash[:_HASH_LETTERS]}) · "
            f"n = {self.replicates} {runs} · seed {self.seed} · Spheres {self.version}"
        )


def from_manifest(run_dir: Path) -> Footer:
    """The footer of a finished run, from its ``manifest.json``.

    Reads the keys ``scenario``, ``scenario_hash``, ``counts``, ``seed`` and ``version``. Raises
    MissingFile, or SchemaError naming the key that is absent or what is not JSON.
    """
    file = run_dir / "manifest.json"
    if not file.is_file():
        raise MissingFile(
            "a run folder without a manifest",
            file=file,
            hint="Charts are drawn for a finished run; the manifest is written last",
        )
    try:
        manifest: dict[str, Any] = json.loads(file.read_text(encoding="utf-8"))
    except ValueError as error:
        raise SchemaError("the manifest is not readable JSON", file=file) from error
    wanted = ("scenario", "scenario_hash", "counts", "seed", "version")
    for key in wanted:
        if key not in manifest:
            raise SchemaError("the manifest lacks this key", file=file, path=key)
    return Footer(
        scenario=str(manifest["scenario"]),
        scenario_hash=str(manifest["scenario_hash"]),
        replicates=int(manifest["counts"]["replicates"]),
        seed=int(manifest["seed"]),
        version=str(manifest["version"]),
    )


def add_footer(figure: Figure, footer: Footer) -> None:
    """Write ``footer`` in small grey letters at the lower left of ``figure``."""
    figure.text(0.012, 0.012, footer.text, ha="left", va="bottom", fontsize=7, color=FAINT)
