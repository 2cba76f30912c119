"""``spheres claims``: what the seed documents claim, and what in the model answers it."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from sim.cli.output import Format, Row, print_rows

if TYPE_CHECKING:
    from sim.scenario import Resolved
    from sim.scenario.claims import Claim, Ledger

COLUMNS = ("id", "claim", "encoded_by", "direction", "label", "check")


def command(
    words: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="[ID | check [ID ...]]",
            help="One claim, such as D000-03, all if none; or check: run them.",
        ),
    ] = None,
    replicates: Annotated[
        int, typer.Option("-n", "--replicates", min=2, help="With check: runs of every world.")
    ] = 64,
    seed: Annotated[int, typer.Option(min=0, help="With check: all luck follows from it.")] = 1,
    workers: Annotated[
        int | None, typer.Option(min=1, help="With check: threads; all cores if left out.")
    ] = None,
    output: Annotated[
        Path | None, typer.Option("-o", "--output", help="With check: a JSON file to write.")
    ] = None,
    write: Annotated[
        bool, typer.Option("--write", help="With check: renew the part of the ledger's README.")
    ] = False,
    force: Annotated[
        bool, typer.Option("--force", help="With -o: replace a file that holds something else.")
    ] = False,
    form: Annotated[Format, typer.Option("--format", help="How to print.")] = "table",
) -> None:
    """The ledger as a table, everything about one claim, or what the model says to each.

    `spheres claims check` runs every claim: two worlds on the same luck for a direction, an
    ensemble for a level, a property for a structure. A contradiction is a result, not a failure.
    """
    first, *rest = words or [""]
    if first == "check":
        from sim.cli.claims_check import check

        check(rest, replicates, seed, workers or os.cpu_count() or 1, form, output, write, force)
        return
    if rest:
        raise typer.BadParameter("one claim at a time; several after check")
    ledger = checked_ledger()
    if not first:
        print_rows(COLUMNS, [_row(entry) for entry in ledger.claims.values()], form)
    else:
        print_rows(("field", "value"), _details(ledger.get(first.upper()), ledger), form)


def checked_ledger() -> Ledger:
    """The ledger, with every name in it held against the baseline and the code list."""
    from sim.scenario import load
    from sim.scenario.claims import check_ledger, load_claims

    ledger = load_claims()
    baseline = load("baseline")
    outcomes = outcome_names(baseline)
    check_ledger(ledger, baseline, [*outcomes, *series_names()], outcomes)
    return ledger


def outcome_names(resolved: Resolved) -> list[str]:
    """Outcomes that a run of the scenario keeps per replicate."""
    from sim.results.channel_list import CHANNEL_SERIES
    from sim.results.codelist import INDICATORS
    from sim.results.layout import BLOCS, WORLD, default_families, default_outcomes
    from sim.scenario.economies import read_economies

    rows = read_economies().rows.values()
    groups = [("world", WORLD)]
    for kind, column in (("region", "region"), ("income", "income_group")):
        groups += [(kind, name) for name in sorted({row[column] for row in rows} - {""})]
    families = default_families(list(resolved.offerings))
    names = [*families, *(bloc for bloc in BLOCS if bloc not in families), "exposure"]
    series = [entry.name for entry in (*INDICATORS, *CHANNEL_SERIES)]
    return [outcome.name for outcome in default_outcomes(groups, names, series)]


def series_names() -> list[str]:
    """Variables, indicators, metrics and channel series of the code list."""
    from sim.results.channel_list import CHANNEL_SERIES
    from sim.results.codelist import CONSUMER_CHAT, INDICATORS, METRICS, VARIABLES

    names = [entry.name for entry in (*VARIABLES, *INDICATORS, *METRICS, *CHANNEL_SERIES)]
    return names + [f"consumer_chat.{entry.name}" for entry in CONSUMER_CHAT]


def _row(claim: Claim) -> Row:
    encoded = ", ".join(name for _, _, name in claim.encoded_by.names())
    return (claim.id, claim.claim, encoded, _direction(claim), claim.label, claim.check)


def _direction(claim: Claim) -> str:
    return " ".join(filter(None, (claim.outcome, claim.direction)))


def _details(claim: Claim, ledger: Ledger) -> list[Row]:
    doc, key = ledger.places[claim.id]
    rows: list[Row] = [
        ("id", claim.id),
        ("document", f"{claim.document}: {ledger.titles[claim.document]}"),
        ("claim", claim.claim),
    ]
    for kind in type(claim.encoded_by).model_fields:
        names = getattr(claim.encoded_by, kind)
        if names:
            rows.append((kind, ", ".join(names)))
    if claim.lever is not None:
        for side in ("on", "off"):
            worlds = getattr(claim.lever, side)
            rows.append((side, ", ".join(f"{k} = {v}" for k, v in worlds.items()) or "baseline"))
        if claim.lever.start:
            rows.append(("start", claim.lever.start))
        if claim.lever.economies:
            rows.append(("economies", ", ".join(claim.lever.economies)))
    rows.append(("direction", _direction(claim)))
    if claim.level is not None:
        bound = "above" if claim.level.above is not None else "below"
        rows.append(("level", f"{bound} {getattr(claim.level, bound)} in {claim.level.at}"))
    rows += [("label", claim.label), ("check", claim.check)]
    if claim.note:
        rows.append(("note", claim.note))
    return [*rows, ("written_at", doc.where(key))]
