"""What each mechanism is worth on the scores: switched off one at a time, the rest fitted anew.

Also the rival structures: other rules of choice, another network. A mechanism that the targets do
not miss when it is gone is one that they say nothing about.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

import numpy as np
import polars as pl
from numpy.typing import NDArray
from scipy.stats import spearmanr

from sim.evidence.calibration import Calibration
from sim.evidence.design import Design, read_design
from sim.evidence.likelihood import Errors, everything
from sim.evidence.posterior import LAST_MONTH
from sim.evidence.prediction import Predicted, Predictor, pooled
from sim.evidence.prior import Prior, prior_from
from sim.evidence.targets import Targets, load_targets
from sim.scenario import load
from sim.world.build import World, build_world

Floats = NDArray[np.float64]
SEGMENTS = ("consumers", "developers", "enterprise", "government")
OFFERINGS = (
    "us_closed",
    "us_partnership",
    "us_open",
    "cn_service",
    "cn_open_hosted",
    "cn_open_local",
    "other_open",
    "domestic",
    "hybrid",
)


@dataclass(frozen=True)
class Ablation:
    """Settings of structure, and values that parameters are held at (they are not fitted)."""

    label: str
    sets: tuple[str, ...] = ()
    held: Mapping[str, float] = field(default_factory=dict)


def everywhere(attribute: str, value: float = 0.0) -> dict[str, float]:
    """One value for all segments."""
    return {f"segments.{segment}.{attribute}": value for segment in SEGMENTS}


def offered(attribute: str, value: float = 0.0) -> dict[str, float]:
    """One value for all offerings of the baseline."""
    return {f"offerings.{offering}.{attribute}": value for offering in OFFERINGS}


#: Trade imitation first; the model itself is the first row of the table. Every value is neutral:
#: what else the mechanism has then moves no bit (`tests/unit/test_ablation.py`).
ABLATIONS: tuple[Ablation, ...] = (
    Ablation("without trade imitation", held=everywhere("imitation")),
    Ablation(
        "without talk and haste from partners",
        held=everywhere("partner_talk") | everywhere("speed_partners"),
    ),
    Ablation(
        "without supplier tie",
        held=everywhere("tie_us") | everywhere("tie_cn") | everywhere("tie_other"),
    ),
    Ablation(
        "without sovereignty and affinity",
        held=everywhere("sovereignty_weight") | everywhere("affinity_weight"),
    ),
    Ablation("without lock-in", held=everywhere("lock_in")),
    Ablation("without ecosystem", held=everywhere("ecosystem_weight")),
    Ablation("without goodwill", held={"goodwill.world_sd": 0.0, "goodwill.region_sd": 0.0}),
    Ablation("without trust", held={"trust.depth": 0.0}),
    Ablation("without access reach", held=everywhere("leakage", 1.0)),
    Ablation("everybody knows everything", held=everywhere("seed", 1.0) | everywhere("forgetting")),
    Ablation("without attention to releases", held={"attention.gain": 0.0}),
    Ablation("capability tells nothing apart in tasks", held=everywhere("task_exponent")),
    Ablation("without affordability", held=everywhere("price_sensitivity")),
    Ablation("tokens do not answer to prices", held={"intensity.elasticity": 0.0}),
    Ablation("nothing on own hardware", held=offered("local_weight")),
    Ablation("without growth of its own", held={"adoption.growth_sd": 0.0}),
    Ablation("without feedbacks", sets=("structure.feedbacks=false",)),
    Ablation("without drift of affinity", held={"affinity.drift_speed": 0.0}),
    Ablation(
        "without income, language and openness in readiness",
        held=everywhere("income_weight")
        | {f"adoption.{name}_weight": 0.0 for name in ("language", "openness")},
    ),
    Ablation(
        "language and distance instead of trade", sets=("structure.network=language_distance",)
    ),
    Ablation("no network", sets=("structure.network=none",)),
    Ablation("plain logit", sets=("structure.choice=logit",)),
    Ablation("replicator", sets=("structure.choice=replicator",)),
)


def ablate(
    errors: Errors,
    design: Design | None = None,
    *,
    workers: int = 2,
    progress: Callable[[str], None] = lambda _: None,
) -> pl.DataFrame:
    """One row for the model and each ablation, all fitted to all observations from one start.

    errors: standard errors of the model's own calibration, the same for all rows. `cost`: minus
    log posterior; `worth`: how much it rises without the mechanism, in nats.
    """
    design = read_design() if design is None else design
    rows = []
    for ablation in (Ablation("the model"), *ABLATIONS):
        progress(ablation.label)
        rows.append(fitted(ablation, errors, design, workers))
    frame = pl.DataFrame(rows)
    return frame.with_columns(worth=pl.col("cost") - frame["cost"][0])


def fitted(ablation: Ablation, errors: Errors, design: Design, workers: int) -> dict[str, object]:
    """Scores of one ablation."""
    world = build_world(load("baseline", (), [f"horizon.end={LAST_MONTH}", *ablation.sets]))
    targets = load_targets(world.iso3)
    paths = [path for path in design.parameters if path not in ablation.held]
    prior = prior_from(world.resolved, paths)
    predictor = Holding(world, targets, ablation.held, workers)
    work = Calibration(predictor, prior, everything(targets), errors)
    fit = work.search(1, design.seed, rounds=0)
    return {"ablation": ablation.label, **scored(world, work, prior, fit.point), "cost": fit.cost}


def scored(world: World, work: Calibration, prior: Prior, point: Floats) -> dict[str, object]:
    """Rank correlations, median error and the worst series of one vector (in sample)."""
    found: Predicted = work.predictor(prior.values(point[None]))
    targets, people = work.targets, world.economies.people
    own = targets.users.own
    users = pooled(found.users[0], targets.users.members, people)[1][own]
    seen = targets.users.share[own, 1]
    classes = targets.classes
    series = {
        name: float(found.series[0, n])
        for n, name in enumerate(targets.series.names)
        if name in ("web-2025-02", "web-2025-08", "aggregator-cn-mean")
    }
    return {
        "users_rank": float(spearmanr(users, seen).statistic),
        "users_median_error": float(np.median(np.abs(np.log(users / seen)))),
        "deepseek_rank": float(
            spearmanr(found.deepseek[0, classes.rows], classes.middle).statistic
        ),
        **series,
    }


class Holding(Predictor):
    """A predictor that holds some parameters at given values."""

    def __init__(
        self, world: World, targets: Targets, held: Mapping[str, float], workers: int
    ) -> None:
        """held: path -> value; paths that the scenario lacks are an error."""
        super().__init__(world, targets, workers=workers)
        known = world.resolved.quantities
        unknown = sorted(path for path in held if path not in known)
        if unknown:
            raise KeyError(f"no such parameters: {', '.join(unknown)}")
        self.held = held

    def __call__(self, values: Mapping[str, Floats]) -> Predicted:
        """As the predictor's, with the held values added."""
        count = len(next(iter(values.values())))
        extra = {path: np.full(count, value) for path, value in self.held.items()}
        return super().__call__({**values, **extra})
