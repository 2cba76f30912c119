"""`calibrate`: the whole way from the design to the posterior's two files, and what it says."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import polars as pl
import yaml
from numpy.typing import NDArray

from sim.draws.posterior import ABOUT, VECTORS, WEIGHT, digest_of, draw_names, inputs_digest
from sim.draws.scale import to_scale
from sim.errors import FolderConflict
from sim.evidence.calibration import Calibration, Fit, Sample
from sim.evidence.design import Design, read_design
from sim.evidence.likelihood import everything
from sim.evidence.prediction import Predictor
from sim.evidence.prior import Prior, prior_from
from sim.evidence.targets import load_targets
from sim.files import check_writable, display, seeds_dir, write_whole
from sim.scenario import Resolved, load
from sim.world.build import build_world

Floats = NDArray[np.float64]
#: A parameter whose posterior standard error is below this part of the prior's was moved by data.
MOVED = 0.75
LAST_MONTH = "2026-03"
#: Digits kept of offsets: far below any standard error, and short files.
DIGITS = 5
_HEAD = "# Written by `spheres calibrate`"


@dataclass(frozen=True)
class Posterior:
    """A calibration's result, before it is written."""

    design: Design
    prior: Prior
    fit: Fit
    sample: Sample
    resolved: Resolved

    @property
    def mean(self) -> Floats:
        """[P] on the prior's scale."""
        return np.asarray(self.sample.weights @ self.sample.points)

    @property
    def error(self) -> Floats:
        """[P] standard errors on the prior's scale."""
        gap = self.sample.points - self.mean
        return np.asarray(np.sqrt(self.sample.weights @ gap**2))

    @property
    def correlation(self) -> Floats:
        """[P, P]."""
        gap = (self.sample.points - self.mean) / np.maximum(self.error, 1e-300)
        return np.asarray((self.sample.weights[:, None] * gap).T @ gap)

    def table(self) -> pl.DataFrame:
        """One row a parameter: prior and posterior on its own scale, and whether data moved it."""
        middle = self.prior.values(self.mean[None])
        before = self.prior.values(self.prior.centre[None])
        ratio = self.error / self.prior.error
        return pl.DataFrame(
            {
                "parameter": self.prior.paths,
                "centre": [self.resolved.quantities[p].value for p in self.prior.paths],
                "prior": [float(before[p][0]) for p in self.prior.paths],
                "posterior": [float(middle[p][0]) for p in self.prior.paths],
                "shift_in_prior_errors": (self.mean - self.prior.centre) / self.prior.error,
                "error_over_prior": ratio,
                "evidence": ["fitted" if r < MOVED else "prior" for r in ratio],
            }
        )


def calibrate(
    design: Design | None = None,
    *,
    workers: int = 2,
    progress: Callable[[str], None] = lambda _: None,
) -> Posterior:
    """Fit the baseline to all targets and sample its posterior."""
    design = read_design() if design is None else design
    resolved = load("baseline", (), [f"horizon.end={LAST_MONTH}"])
    world = build_world(resolved)
    targets = load_targets(world.iso3)
    prior = prior_from(resolved, design.parameters)
    predictor = Predictor(world, targets, workers=workers)
    work = Calibration(predictor, prior, everything(targets), design.errors.errors())
    progress(f"searching from {design.starts} starts")
    fit = work.search(design.starts, design.seed)
    progress(f"sampling with {design.chains} chains of {design.steps} steps")
    sample = work.sample(fit, design.chains, design.steps, design.kept, design.seed)
    return Posterior(design, prior, fit, sample, resolved)


def check_place(folder: Path | None) -> Path:
    """The folder a posterior goes to; one that holds files with its names must hold a posterior.

    Call before the work. Raises FolderConflict.
    """
    folder = seeds_dir() / "posterior" if folder is None else folder
    if folder.exists() and not folder.is_dir():
        raise FolderConflict(f"{display(folder)} is a file, not a folder. Choose another with -o.")
    check_writable(folder)
    about = folder / ABOUT
    ours = about.is_file() and about.read_text("utf-8", "replace").startswith(_HEAD)
    for name in (ABOUT, VECTORS):
        if (folder / name).exists() and not ours:
            raise FolderConflict(
                f"{display(folder / name)} is not from `spheres calibrate`; it is left alone. "
                "Choose another folder with -o."
            )
    return folder


def write_posterior(found: Posterior, folder: Path | None = None) -> Path:
    """Write ``vectors.csv`` and ``posterior.yaml``; returns the folder. Raises FolderConflict."""
    folder = check_place(folder)
    folder.mkdir(parents=True, exist_ok=True)
    quantities = found.resolved.quantities
    paths = found.prior.paths
    centre = np.array(
        [
            float(to_scale(np.array(quantities[path].value), found.prior.kinds[k]))
            for k, path in enumerate(paths)
        ]
    )
    offsets = np.round(found.sample.points - centre, DIGITS)
    vectors = pl.DataFrame(
        {WEIGHT: found.sample.weights} | {path: offsets[:, k] for k, path in enumerate(paths)}
    )
    text = vectors.write_csv()
    write_whole(folder / VECTORS, text)
    write_whole(folder / ABOUT, _about(found, digest_of(pl.read_csv(text.encode()))))
    return folder


def _about(found: Posterior, version: str) -> str:
    errors, sample = found.fit.errors, found.sample
    rows = found.table().to_dicts()
    draws = draw_names(found.resolved.quantities, found.prior.paths)
    about = {
        "version": version,
        "inputs": inputs_digest(),
        "method": "trust-region least squares from several starts, then Markov chains",
        "starts": len(found.fit.costs),
        "costs": [round(cost, 3) for cost in found.fit.costs],
        "evaluated": sample.evaluated,
        "accepted": round(sample.accepted, 3),
        "largest_rhat": round(sample.disagreement, 3),
        "vectors": len(sample.weights),
        "errors": {
            "users_log": round(errors.users_log, 4),
            "users_growth_log": round(errors.users_growth_log, 4),
            "deepseek_logit": round(errors.deepseek_logit, 4),
            "class_slip": errors.class_slip,
            "firms_log": errors.firms_log,
        },
        "parameters": {
            row["parameter"]: {
                "draw": draws[row["parameter"]],
                "scale": found.prior.kinds[k],
                "centre": row["centre"],
                "prior": _short(row["prior"]),
                "posterior": _short(row["posterior"]),
                "shift_in_prior_errors": round(row["shift_in_prior_errors"], 2),
                "error_over_prior": round(row["error_over_prior"], 2),
                "evidence": row["evidence"],
            }
            for k, row in enumerate(rows)
        },
        "correlations": _strong(found),
    }
    head = f"{_HEAD}; vectors.csv holds the vectors. Do not edit by hand.\n"
    return head + yaml.safe_dump(about, sort_keys=False, width=100)


def _strong(found: Posterior, least: float = 0.6) -> list[str]:
    """Pairs of parameters that the data hold only together."""
    matrix, paths = found.correlation, found.prior.paths
    pairs = [
        (abs(matrix[i, k]), f"{paths[i]} ~ {paths[k]}: {matrix[i, k]:+.2f}")
        for i in range(len(paths))
        for k in range(i)
        if abs(matrix[i, k]) >= least
    ]
    return [text for _, text in sorted(pairs, reverse=True)]


def _short(value: float) -> float:
    return float(f"{value:.4g}")
