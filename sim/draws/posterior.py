"""The shipped posterior: weighted parameter vectors, as offsets from the baseline's centres.

An offset is a difference on the scale of the parameter's draw (linear, log, log odds), so a
scenario that moves a centre keeps the uncertainty around it, and one that sets a value to itself
changes nothing. Vectors keep the correlations that calibration found.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
import polars as pl
import yaml
from numpy.typing import NDArray

from sim.draws.philox import uniforms
from sim.draws.scale import from_scale, scale_of, to_scale
from sim.errors import SeedError
from sim.files import display, scenarios_dir, seeds_dir
from sim.scenario.quantity import Quantity

Floats = NDArray[np.float64]
VECTORS, ABOUT = "vectors.csv", "posterior.yaml"
BASELINE = "baseline.yaml"
WEIGHT = "weight"
#: What the baseline says about its numbers; the fit does not depend on it.
_LABELS = re.compile(r"#.*|(evidence|confidence): [a-z ]+|(source|note): [^,}]+")


@dataclass(frozen=True)
class Posterior:
    """V vectors of P parameters. `draws`: the kind of draw each offset belongs to."""

    paths: tuple[str, ...]
    draws: Mapping[str, str]
    offsets: Floats  # [V, P]
    cumulative: Floats  # [V] of the weights
    version: str  # digest of the vectors
    inputs: str  # digest of equations, seeds and baseline that they were fitted with

    def pick(self, seed: int, replicates: NDArray[np.uint64]) -> NDArray[np.int64]:
        """[L] vector of each replicate: keyed, so it is the same in every scenario."""
        chance = uniforms(seed, "posterior", replicates, 0, 0)
        last = len(self.cumulative) - 1
        return np.minimum(np.searchsorted(self.cumulative, chance, side="right"), last)

    def covers(self, path: str, quantity: Quantity) -> bool:
        """Whether the vectors say how this quantity varies: not if fixed or drawn otherwise."""
        drawn = quantity.draw is not None and not quantity.fix
        return drawn and self.draws.get(path) == _drawn(quantity)

    def around(self, path: str, quantity: Quantity, chosen: NDArray[np.int64]) -> Floats:
        """Values [L] of a covered quantity for chosen vectors."""
        if quantity.draw is None:
            raise ValueError(f"{path} carries no draw")
        scale = scale_of(quantity.draw.kind)
        offset = self.offsets[chosen, self.paths.index(path)]
        return from_scale(to_scale(np.array(quantity.value), scale) + offset, scale)


def _drawn(quantity: Quantity) -> str:
    draw = quantity.draw
    return "" if draw is None else f"{draw.kind} {draw.scale!r}"


def draw_names(quantities: Mapping[str, Quantity], paths: Sequence[str]) -> dict[str, str]:
    """How each path is drawn, as the posterior remembers it."""
    return {path: _drawn(quantities[path]) for path in paths}


def shipped() -> Posterior | None:
    """The posterior in ``seeds/posterior``; None where none has been calibrated."""
    folder = seeds_dir() / "posterior"
    return read_posterior(folder) if (folder / VECTORS).is_file() else None


@cache
def read_posterior(folder: Path) -> Posterior:
    """Read a folder with ``vectors.csv`` and ``posterior.yaml``.

    Raises SeedError when the two do not belong together.
    """
    table = pl.read_csv(folder / VECTORS)
    about = yaml.safe_load((folder / ABOUT).read_text(encoding="utf-8"))
    paths = tuple(name for name in table.columns if name != WEIGHT)
    version = digest_of(table)
    if about["version"] != version or tuple(about["parameters"]) != paths:
        raise SeedError(
            "the vectors are not those that the description was written for",
            file=display(folder / ABOUT),
            hint="Run `spheres calibrate` again, or restore both files",
        )
    weights = table[WEIGHT].to_numpy()
    return Posterior(
        paths,
        {path: entry["draw"] for path, entry in about["parameters"].items()},
        table.select(paths).to_numpy(),
        np.cumsum(weights) / weights.sum(),
        version,
        about["inputs"],
    )


def digest_of(table: pl.DataFrame) -> str:
    """Twelve hex digits of the numbers of a table of vectors."""
    rows = json.dumps([table.columns, [list(row) for row in table.iter_rows()]])
    return hashlib.sha256(rows.encode()).hexdigest()[:12]


def inputs_digest() -> str:
    """Twelve hex digits of what a posterior depends on: equations, the files of the month that put
    them together, seed tables and baseline.
    """
    package = Path(__file__).resolve().parent.parent
    seeds = seeds_dir()
    formulas = [file for file in (package / "equations").glob("*.py") if file.name != "__init__.py"]
    month = [
        file for file in (package / "model").glob("*.py") if b"sim.equations" in file.read_bytes()
    ]
    files = [*formulas, *month, *seeds.glob("*.csv"), *(seeds / "targets").glob("*.csv")]
    digest = hashlib.sha256()
    for path in (*sorted(files), seeds / "posterior" / "design.yaml"):
        digest.update(path.name.encode())
        digest.update(path.read_bytes())
    baseline = (scenarios_dir() / BASELINE).read_text(encoding="utf-8")
    digest.update(_LABELS.sub("", baseline).encode())
    return digest.hexdigest()[:12]


def mismatch() -> tuple[str, ...]:
    """A listed fact where the shipped posterior was fitted with other inputs than are here."""
    found = shipped()
    if found is None:
        return ("no posterior is shipped: parameters vary on their own, as the scenario says",)
    if found.inputs == inputs_digest():
        return ()
    fact = (
        f"the posterior {found.version} was fitted with other equations, seeds or baseline than "
        "these (spheres calibrate fits it anew)"
    )
    return (fact,)
