"""What `claims check` shows: rows, JSON, and the generated part of the ledger's README."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict

from sim.claims.check import Answer, Checked, Verdict
from sim.claims.sections import markdown_table

SECTION = "answers"
COLUMNS = ("id", "label", "direction", "outcome", "at", "answer", "effect", "size", "holds in")
_LABELS = ("emergent", "measured", "built-in")
_ANSWERS: tuple[Answer, ...] = ("agrees", "contradicts", "no clear effect", "reported")


def row(verdict: Verdict) -> tuple[str, ...]:
    """A verdict as the cells of COLUMNS."""
    return (
        verdict.id,
        verdict.label,
        verdict.direction,
        verdict.outcome or "",
        verdict.at or "",
        verdict.answer,
        verdict.text,
        "" if verdict.size is None else f"{verdict.size:+.2f}",
        "" if verdict.holds_in is None else f"{verdict.holds_in:.0%}",
    )


def as_json(checked: Checked) -> str:
    """Everything, numbers in full; the same bytes for the same runs."""
    head = {key: value for key, value in asdict(checked).items() if key != "verdicts"}
    counts = {answer: len(checked.of(answer)) for answer in _ANSWERS}
    body = {**head, "counts": counts, "verdicts": [asdict(one) for one in checked.verdicts]}
    return json.dumps(body, indent=1, ensure_ascii=False, allow_nan=False)


def is_checked(text: str) -> bool:
    """Whether a text is one that `as_json` made."""
    try:
        found = json.loads(text)
    except ValueError:
        return False
    return isinstance(found, dict) and {"counts", "verdicts"} <= found.keys()


def summary(checked: Checked) -> str:
    """One sentence: how many agree, contradict, and are unclear."""
    counts = Counter(one.answer for one in checked.verdicts)
    tests = [one for one in checked.verdicts if one.is_test]
    agree = sum(one.answer == "agrees" for one in tests)
    return (
        f"{len(checked.verdicts)} claims: "
        + ", ".join(f"{counts[answer]} {_words(answer)}" for answer in _ANSWERS)
        + f"; of {len(tests)} that are tests, {agree} agree"
    )


def _words(answer: str) -> str:
    return {"agrees": "agree", "contradicts": "contradicted"}.get(answer, answer)


def as_markdown(checked: Checked) -> str:
    """The generated part of the README: counts, contradictions, what is unclear, all claims."""
    facts = (
        f"Scenario `{checked.scenario}` ({checked.scenario_hash[:8]}), {checked.replicates} "
        f"replicates, seed {checked.seed}. {summary(checked)}."
    )
    parts = [facts, _counts(checked.verdicts)]
    for title, answer in (
        ("Contradicted by the model", "contradicts"),
        ("No clear effect", "no clear effect"),
    ):
        found = [one for one in checked.verdicts if one.answer == answer]
        parts.append(f"### {title}\n")
        parts.append(_listed(found) if found else "None.\n")
    parts.append("### All claims\n")
    table = [[one.id, one.label, one.answer, _cell(one)] for one in checked.verdicts]
    parts.append(markdown_table(["id", "label", "answer", "figure"], table))
    if checked.facts:
        parts.append("\n".join(f"- {fact}" for fact in checked.facts))
    return "\n".join(f"{part}\n" for part in parts)


def _counts(verdicts: Sequence[Verdict]) -> str:
    counts: Counter[tuple[str, str]] = Counter((one.label, one.answer) for one in verdicts)
    rows = [[label, *(str(counts[label, answer]) for answer in _ANSWERS)] for label in _LABELS]
    return markdown_table(["label", *_ANSWERS], rows)


def _listed(verdicts: Sequence[Verdict]) -> str:
    rows = [
        [one.id, one.claim, one.label, _claimed(one), _cell(one), one.note or ""]
        for one in verdicts
    ]
    return markdown_table(["id", "claim", "label", "claimed", "found", "note"], rows)


def _claimed(one: Verdict) -> str:
    return " ".join(filter(None, (one.outcome, one.direction)))


def _cell(one: Verdict) -> str:
    when = f" ({one.at})" if one.at else ""
    size = "" if one.size is None else f", {one.size:+.2f} spreads"
    return f"{one.text}{size}{when}".replace("+-", "±")
