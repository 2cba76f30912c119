"""What a report is made from: the tables, scenario and manifest of each run folder."""

from __future__ import annotations

import json
import shlex
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from sim.charts.footer import Footer, from_manifest
from sim.charts.tables import RunTables
from sim.errors import MissingFile
from sim.files import display
from sim.scenario import Resolved, load


@dataclass(frozen=True)
class RunReport:
    """One run folder as the report sees it. ``title`` tells it from the others of the report."""

    folder: Path
    title: str
    tables: RunTables
    footer: Footer
    resolved: Resolved

    @cached_property
    def manifest(self) -> dict[str, Any]:
        """The manifest, as it lies in the folder."""
        text = (self.folder / "manifest.json").read_text(encoding="utf-8")
        found: dict[str, Any] = json.loads(text)
        return found

    @property
    def labels(self) -> dict[str, str]:
        """Offering -> label."""
        return {name: offering.label for name, offering in self.resolved.offerings.items()}

    @property
    def command(self) -> str:
        """What was typed to make the folder; the resolved scenario where that is not known."""
        words = [str(word) for word in self.manifest.get("argv", [])]
        if words[:1] == ["run"]:
            return shlex.join(["spheres", *words])
        return self.command_resolved

    @property
    def command_resolved(self) -> str:
        """A command that needs nothing but the folder and this version."""
        footer = self.footer
        engine = str(self.manifest.get("engine", "ensemble"))
        words = ["spheres", "run", f"{self.folder.name}/scenario.resolved.yaml"]
        words += ["-n", str(footer.replicates), "--seed", str(footer.seed), "--engine", engine]
        return shlex.join([*words, "-o", f"{self.folder.name}-again"])


def gather(folders: Sequence[Path]) -> list[RunReport]:
    """The runs of a report, the first being the base of comparison.

    Raises MissingFile for what is no finished run folder, and what ``load`` raises for a scenario
    this version does not read.
    """
    found = []
    for folder in folders:
        if not folder.is_dir():
            hint = "Make one with: spheres run baseline -o FOLDER"
            raise MissingFile("no such run folder", file=display(folder), hint=hint)
        footer = from_manifest(folder)
        resolved = load(folder / "scenario.resolved.yaml")
        found.append((folder.resolve(), footer, resolved))
    names = [footer.scenario for _, footer, _ in found]
    return [
        RunReport(folder, _title(folder, footer, names), RunTables(folder), footer, resolved)
        for folder, footer, resolved in found
    ]


def _title(folder: Path, footer: Footer, names: list[str]) -> str:
    """The scenario's name; with the folder's where two runs are of one scenario."""
    if names.count(footer.scenario) == 1:
        return footer.scenario
    return f"{footer.scenario} ({folder.name})"


def paired(base: RunReport, other: RunReport) -> bool:
    """Whether the runs share their luck replicate by replicate: one seed, one number of runs."""
    a, b = base.footer, other.footer
    return (a.seed, a.replicates, a.version) == (b.seed, b.replicates, b.version)
