"""The ledger, with its names held against the baseline and the code list."""

from __future__ import annotations

from sim.claims.ledger import Ledger, check_ledger, load_claims
from sim.record.codelist import CONSUMER_CHAT, METRICS, VARIABLES
from sim.record.layout import BLOCS, WORLD, default_families
from sim.record.outcomes import named_outcomes
from sim.record.series_list import CHANNEL_SERIES, INDICATORS
from sim.scenario import Resolved, load
from sim.scenario.economies import read_economies


def checked_ledger() -> Ledger:
    """The ledger, with every name in it held against the baseline and the code list."""
    ledger = load_claims()
    baseline = load("baseline")
    outcomes = outcome_names(baseline)
    check_ledger(ledger, baseline, [*outcomes, *series_names()], outcomes)
    return ledger


def outcome_names(resolved: Resolved) -> list[str]:
    """Outcomes that a run of the scenario keeps per replicate."""
    rows = read_economies().rows.values()
    groups = [("world", WORLD)]
    for kind, column in (("region", "region"), ("income", "income_group")):
        groups += [(kind, name) for name in sorted({row[column] for row in rows} - {""})]
    families = default_families(list(resolved.offerings))
    names = [*families, *(bloc for bloc in BLOCS if bloc not in families), "exposure"]
    series = [entry.name for entry in (*INDICATORS, *CHANNEL_SERIES)]
    return [outcome.name for outcome in named_outcomes(groups, names, series)]


def series_names() -> list[str]:
    """Variables, indicators, metrics and channel series of the code list."""
    names = [entry.name for entry in (*VARIABLES, *INDICATORS, *METRICS, *CHANNEL_SERIES)]
    return names + [f"consumer_chat.{entry.name}" for entry in CONSUMER_CHAT]
