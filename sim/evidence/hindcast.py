"""`hindcast`: 2023 to today against every target, cross-validated, beside naive rivals."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray

from sim.evidence.calibration import Calibration, Fit, Sample
from sim.evidence.crossfit import CHAINS, STEPS, CrossFit, crossfit, moments
from sim.evidence.design import Design, read_design
from sim.evidence.likelihood import everything, logit
from sim.evidence.posterior import LAST_MONTH
from sim.evidence.prediction import Predicted, Predictor
from sim.evidence.prior import Prior, prior_from
from sim.evidence.rivals import refusal, rival_classes, rival_users
from sim.evidence.scores import (
    beats,
    crps_normal,
    log_score_classes,
    rps,
    score_classes,
    score_shares,
)
from sim.evidence.targets import CLASS_EDGES, Targets, load_targets
from sim.scenario import load
from sim.world.build import World, build_world

Floats = NDArray[np.float64]
MODEL = "this model"
PERIODS = ("2025-H1", "2025-H2")
#: Standard normal quantiles of the bands.
BANDS = {"p05": -1.6448536, "p25": -0.6744898, "p50": 0.0, "p75": 0.6744898, "p95": 1.6448536}


@dataclass(frozen=True)
class Hindcast:
    """Everything the tables are made from."""

    world: World
    targets: Targets
    design: Design
    cross: CrossFit
    whole: Predicted  # by vectors of the calibration on all observations
    sample: Sample
    fit: Fit
    calibration: Calibration
    prior: Prior

    def tables(self) -> dict[str, pl.DataFrame]:
        """`scores`, `observations`, `misfits` as frames."""
        return {
            "scores": pl.concat([user_scores(self), class_scores(self)], how="diagonal"),
            "observations": observations(self),
            "misfits": misfits(self),
        }


def hindcast(
    design: Design | None = None,
    *,
    workers: int = 2,
    progress: Callable[[str], None] = lambda _: None,
) -> Hindcast:
    """Calibrate on everything for the world series, and fold by fold for the cross-sections."""
    design = read_design() if design is None else design
    world = build_world(load("baseline", (), [f"horizon.end={LAST_MONTH}"]))
    targets = load_targets(world.iso3)
    prior = prior_from(world.resolved, design.parameters)
    progress("calibrating on all observations")
    work = Calibration(
        Predictor(world, targets, workers=workers), prior, everything(targets),
        design.errors.errors(),
    )  # fmt: skip
    fit = work.search(1, design.seed)
    sample = work.sample(fit, CHAINS, STEPS, 1, design.seed)
    whole = work.predict(sample.points)
    progress(f"cross-validating over {design.folds} folds of economies")
    cross = crossfit(world, targets, prior, design, workers=workers, progress=progress)
    return Hindcast(
        world=world, targets=targets, design=design, cross=cross, whole=whole, sample=sample,
        fit=fit, calibration=work, prior=prior,
    )  # fmt: skip


def user_scores(h: Hindcast) -> pl.DataFrame:
    """Scores of AI users of economies with a value of their own, by half-year, beside rivals."""
    own = h.targets.users.own
    seen = np.log(h.targets.users.share)
    rows = []
    forecasts = [(MODEL, h.cross.mean_log, h.cross.sd_log)]
    forecasts += [
        (f.name, f.mean_log, f.sd_log) for f in rival_users(h.world, h.targets, h.cross.fold_of)
    ]
    for half, period in enumerate(PERIODS):
        losses = {}
        for name, mean, sd in forecasts:
            if np.isnan(mean[own, half]).any():
                continue
            s = score_shares(mean[own, half], sd[own, half], seen[own, half])
            losses[name] = crps_normal(mean[own, half], sd[own, half], seen[own, half])
            rows.append(
                {
                    "channel": "consumer_chat.ai_user_share", "period": period, "forecast": name,
                    "n": int(own.sum()), "crps": s.crps, "log_score": s.log_score, "rank": s.rank,
                    "median_error": s.median_error, "rms_error": s.rms_error,
                    "cover_50": s.half.share, "cover_90": s.most.share, "width_90": s.most.width,
                    "model_better": beats(losses[MODEL], losses[name], h.design.seed),
                }
            )  # fmt: skip
    return pl.DataFrame([*rows, *_growth(h)])


def _growth(h: Hindcast) -> list[dict[str, object]]:
    """Growth between half-years: the model beside common growth, errors on the log scale."""
    own = h.targets.users.own
    seen = np.diff(np.log(h.targets.users.share), axis=1)[own, 0]
    model = np.diff(h.cross.mean_log, axis=1)[own, 0]
    common = np.full(len(seen), float(np.median(seen)))
    return [
        {
            "channel": "consumer_chat.ai_user_share", "period": "growth H1 to H2 of 2025",
            "forecast": name, "n": len(seen), "rank": _rank(values, seen),
            "median_error": float(np.median(np.abs(values - seen))),
            "rms_error": float(np.sqrt(np.mean((values - seen) ** 2))),
        }
        for name, values in ((MODEL, model), ("common growth", common))
    ]  # fmt: skip


def _rank(a: Floats, b: Floats) -> float | None:
    from scipy.stats import spearmanr

    return None if np.ptp(a) == 0.0 else float(spearmanr(a, b).statistic)


def class_scores(h: Hindcast) -> pl.DataFrame:
    """Scores of DeepSeek's classes beside rivals, everywhere and where US services are offered."""
    classes = h.targets.classes
    open_to = refusal(h.world, h.targets)[classes.rows] < 0.5
    forecasts = [(MODEL, h.cross.chances)]
    forecasts += [(f.name, f.chances) for f in rival_classes(h.world, h.targets, h.cross.fold_of)]
    rows = []
    for where, part in (
        ("all", np.ones(len(open_to), dtype=np.bool_)),
        ("open to US services", open_to),
    ):
        own = log_score_classes(h.cross.chances, classes.bin)[part]
        own_rps = rps(h.cross.chances, classes.bin)[part]
        for name, chances in forecasts:
            s = score_classes(chances[part], classes.bin[part], classes.middle[part])
            rank = _rank(h.cross.deepseek[part], classes.middle[part]) if name == MODEL else s.rank
            rows.append(
                {
                    "channel": "consumer_chat.deepseek_share", "period": f"2025-H2, {where}",
                    "forecast": name, "n": int(part.sum()), "rps": s.rps,
                    "log_score": s.log_score, "rank": rank, "cover_50": s.half.share,
                    "cover_90": s.most.share, "width_90": s.most.width,
                    "model_better": beats(
                        own, log_score_classes(chances, classes.bin)[part], h.design.seed
                    ),
                    "model_better_rps": beats(
                        own_rps, rps(chances, classes.bin)[part], h.design.seed
                    ),
                }
            )  # fmt: skip
    return pl.DataFrame(rows)


def observations(h: Hindcast) -> pl.DataFrame:
    """Every observation and its margins beside quantiles, held out where that is possible."""
    return pl.concat([_user_rows(h), _class_rows(h), _series_rows(h)], how="diagonal")


def _user_rows(h: Hindcast) -> pl.DataFrame:
    users, error = h.targets.users, h.design.errors.users_growth_log
    rows = []
    for n, name in enumerate(users.names):
        for half, period in enumerate(PERIODS):
            mean, sd = h.cross.mean_log[n, half], h.cross.sd_log[n, half]
            seen = users.share[n, half]
            rows.append(
                {
                    "channel": "consumer_chat.ai_user_share", "period": period, "iso3": name,
                    "target": seen, "target_lo": seen * np.exp(-2 * error),
                    "target_hi": min(1.0, seen * np.exp(2 * error)),
                    **{q: min(1.0, float(np.exp(mean + z * sd))) for q, z in BANDS.items()},
                    "held_out": True,
                }
            )  # fmt: skip
    return pl.DataFrame(rows)


def _class_rows(h: Hindcast) -> pl.DataFrame:
    classes = h.targets.classes
    middle = logit(h.cross.deepseek)
    rows = []
    for n, iso3 in enumerate(classes.iso3):
        low, high = CLASS_EDGES[classes.bin[n]], CLASS_EDGES[classes.bin[n] + 1]
        spread = {
            q: float(1.0 / (1.0 + np.exp(-(middle[n] + z * h.cross.deepseek_sd[n]))))
            for q, z in BANDS.items()
        }
        rows.append(
            {
                "channel": "consumer_chat.deepseek_share", "period": PERIODS[1], "iso3": iso3,
                "target": float(classes.middle[n]), "target_lo": low, "target_hi": high,
                **spread, "held_out": True,
            }
        )  # fmt: skip
    return pl.DataFrame(rows)


def _series_rows(h: Hindcast) -> pl.DataFrame:
    series = h.targets.series
    rows = []
    for n, name in enumerate(series.names):
        mean, sd = moments(np.log(h.whole.series[:, n]), h.sample.weights)
        rows.append(
            {
                "channel": f"{series.channel[n]}.{series.variable[n]}", "period": name,
                "iso3": "WLD", "target": float(series.value[n]),
                "target_lo": float(series.low[n]), "target_hi": float(series.high[n]),
                **{q: float(np.exp(mean + z * sd)) for q, z in BANDS.items()},
                "held_out": False,
            }
        )  # fmt: skip
    return pl.DataFrame(rows)


def misfits(h: Hindcast) -> pl.DataFrame:
    """Held-out observations by distance from the median in standard deviations, largest first."""
    users, classes, rows = h.targets.users, h.targets.classes, []
    for n, name in enumerate(users.names):
        mean, sd = float(h.cross.mean_log[n, 1]), float(h.cross.sd_log[n, 1])
        seen = float(users.share[n, 1])
        rows.append(("AI users, H2 2025", name, seen, np.exp(mean), (mean - np.log(seen)) / sd))
    for n, iso3 in enumerate(classes.iso3):
        found, seen = float(h.cross.deepseek[n]), float(classes.middle[n])
        gap = float(logit(np.array(found)) - logit(np.array(seen)))
        rows.append(("DeepSeek, H2 2025", iso3, seen, found, gap / h.cross.deepseek_sd[n]))
    frame = pl.DataFrame(
        rows, schema=["target", "iso3", "observed", "forecast", "deviations"], orient="row"
    )
    order = pl.col("deviations").abs()
    return frame.sort(order, descending=True, maintain_order=True)
