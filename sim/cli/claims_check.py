"""``spheres claims check``: runs the claims and prints what the model says to each."""

from __future__ import annotations

from pathlib import Path

from sim.cli.output import Format, print_rows, say


def check(
    ids: list[str],
    replicates: int,
    seed: int,
    workers: int,
    form: Format,
    out: Path | None,
    write: bool,
    force: bool,
) -> None:
    """Check claims by id (all if none), print, and write JSON and the ledger's README if asked."""
    from sim.claims.check import check_claims
    from sim.claims.names import checked_ledger
    from sim.claims.report import (
        COLUMNS,
        SECTION,
        as_json,
        as_markdown,
        is_checked,
        row,
        summary,
    )
    from sim.claims.sections import put_section
    from sim.files import refuse_foreign, write_whole
    from sim.scenario import load
    from sim.scenario.claim_ids import claims_dir

    if out is not None:
        refuse_foreign(out, is_checked, "check of claims", force=force)
    ledger = checked_ledger()
    found = check_claims(
        ledger,
        load("baseline"),
        replicates,
        seed,
        ids=[claim_id.upper() for claim_id in ids],
        workers=workers,
        progress=lambda done, of: say(f"worlds: part {done} of {of}"),
    )
    if out is not None:
        write_whole(out, as_json(found) + "\n")
    if write:
        put_section(claims_dir() / "README.md", SECTION, as_markdown(found))
    if form == "json":
        print(as_json(found))
    else:
        print_rows(COLUMNS, [row(verdict) for verdict in found.verdicts], form)
    say(summary(found))
    for fact in found.facts:
        say(fact)
