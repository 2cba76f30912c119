"""What ODD.md shows of the baseline scenario: offerings, segments, every number, dated events."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from sim.scenario import Resolved
from sim.scenario.quantity import Quantity
from sim.scenario.schema import Event, Offering, month_label

Row = Sequence[str]
_NUMBERS = ("path", "value", "unit", "range", "likely", "draw", "confidence", "evidence", "source")
#: Groups of levers have paths like parameters; they are listed apart.
_LEVERS = "levers"


def table(columns: Sequence[str], rows: Iterable[Row]) -> str:
    """A Markdown table."""
    lines = ["| " + " | ".join(columns) + " |", "|" + "---|" * len(columns)]
    lines += ["| " + " | ".join(_cell(c) for c in row) + " |" for row in rows]
    return "\n".join(lines)


def _cell(text: str) -> str:
    return text.replace("|", "\\|")


def segments_markdown(resolved: Resolved) -> str:
    """Who chooses."""
    rows = [(f"`{name}`", segment.label) for name, segment in resolved.segments.items()]
    return table(("segment", "who"), rows)


def offerings_markdown(resolved: Resolved) -> str:
    """What they choose among."""
    columns = ("offering", "what", "origin", "access", "nest", "capability", "vendors that refuse")
    rows = [_offering(name, o) for name, o in resolved.offerings.items()]
    return table(columns, rows)


def _offering(name: str, o: Offering) -> Row:
    where = f"; not in {', '.join(o.not_in)}" if o.not_in else ""
    where += f"; only where `{o.only_where_lever}` is above 0" if o.only_where_lever else ""
    origin = _weights(o.origin.items()) or "the economy's own"
    track = f"{o.track}, frontier tasks {o.track_frontier}" if o.track_frontier else o.track
    return (
        f"`{name}`",
        o.label + where,
        origin,
        o.access,
        o.nest,
        track,
        _weights(o.vendors.items()),
    )


def _weights(weights: Iterable[tuple[str, float]]) -> str:
    return ", ".join(f"{name} {weight:g}" for name, weight in weights)


def parameters_markdown(resolved: Resolved) -> str:
    """Every quantity, a table for each group of paths, and what the sources are."""
    parts = []
    for group, chosen in grouped(resolved).items():
        rows = [number_row(path, q) for path, q in chosen.items()]
        parts.append(f"### {_title(group)}\n\n{table(_NUMBERS, rows)}")
    sources = [(f"`{k}`", s.title, s.licence) for k, s in sorted(resolved.sources.items())]
    parts.append("### Sources\n\n" + table(("source", "what", "licence"), sources))
    return "\n\n".join(parts)


def grouped(resolved: Resolved) -> dict[str, dict[str, Quantity]]:
    """Group -> path -> quantity, in the order of the file; every quantity in one group."""
    groups: dict[str, dict[str, Quantity]] = {}
    for path, quantity in resolved.quantities.items():
        first, second, *_ = path.split(".") if "." in path else (path, "")
        if path in resolved.levers:
            group = _LEVERS
        else:
            group = f"{first}.{second}" if first in ("segments", "offerings") else first
        groups.setdefault(group, {})[path] = quantity
    return groups


def _title(group: str) -> str:
    if group == _LEVERS:
        return "Levers before any event"
    kind, _, name = group.partition(".")
    return f"`{name}` ({kind[:-1]})" if name else f"`{group}`"


def number_row(path: str, q: Quantity) -> Row:
    """A quantity as the table shows it."""
    draw = f"{q.draw.kind} {q.draw.scale:g}" if q.draw else ""
    likely = _span(q.plausible) if q.plausible else ""
    source = f"`{q.source}`" + (f"; {q.note}" if q.note else "")
    spans = (_span(q.range), likely, draw)
    return (f"`{path}`", f"{q.value:g}", q.unit, *spans, q.confidence, q.evidence, source)


def _span(ends: tuple[float, float]) -> str:
    return f"{ends[0]:g} to {ends[1]:g}"


def events_markdown(resolved: Resolved) -> str:
    """The dated events of the baseline, by month."""
    columns = ("month", "until", "lever", "to", "economies", "what", "confidence", "source")
    return table(columns, [_event(event) for event in resolved.events])


def _event(e: Event) -> Row:
    where = ", ".join(e.economies) if e.economies else "all"
    source = f"`{e.source}`" if e.source else ""
    what = e.label or ""
    return (e.on, e.until or "", f"`{e.lever}`", f"{e.to:g}", where, what, e.confidence, source)


def structure_markdown(resolved: Resolved) -> str:
    """Extent and structure keys of the baseline."""
    h, s = resolved.horizon, resolved.structure
    rows = [
        ("months", f"{month_label(h.start)} to {month_label(h.end)}"),
        ("`structure.choice`", s.choice),
        ("`structure.network`", s.network),
        ("`structure.feedbacks`", "on" if s.feedbacks else "off"),
        ("`structure.dated_releases`", ", ".join(s.dated_releases) or "none"),
    ]
    return table(("in the baseline", "is"), rows)
