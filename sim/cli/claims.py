"""``spheres claims``: what the seed documents claim, and what in the model answers it."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from sim.cli.output import Format, Row, print_rows

if TYPE_CHECKING:
    from sim.claims.claim import Claim
    from sim.claims.ledger import Ledger

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
    from sim.claims.names import checked_ledger

    ledger = checked_ledger()
    if not first:
        print_rows(COLUMNS, [_row(entry) for entry in ledger.claims.values()], form)
    else:
        print_rows(("field", "value"), _details(ledger.get(first.upper()), ledger), form)


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
