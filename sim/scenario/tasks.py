"""Whether the tasks of a scenario make a ladder: each asks for more than the one before it."""

from __future__ import annotations

from itertools import pairwise

from sim.errors import OutOfRange, SchemaError
from sim.scenario.draft import Draft


def seat_task(draft: Draft, name: str) -> None:
    """Put a new task before the first one that asks for more; the order of the others stays."""
    asks = {task: draft.quantities.get(f"tasks.{task}.threshold") for task in draft.tasks}
    own = asks[name]
    others = [task for task in draft.tasks if task != name]
    harder = (t for t in others if own and (q := asks[t]) and q.value > own.value)
    first = next(harder, None)
    place = len(others) if first is None else others.index(first)
    order = [*others[:place], name, *others[place:]]
    draft.tasks = {task: draft.tasks[task] for task in order}


def check_tasks(draft: Draft) -> None:
    """Raise OutOfRange for a width that is not above 0, SchemaError for centres of thresholds that
    do not ascend, both at the line that says the number.
    """
    for name in draft.tasks:
        path = f"tasks.{name}.width"
        if path in draft.quantities and draft.quantities[path].value <= 0.0:
            doc, key = draft.places[path]
            message = f"the width {draft.quantities[path].value:g} is not above 0"
            raise doc.error(OutOfRange, message, key, "About 8 months fit what was measured")
    paths = [f"tasks.{name}.threshold" for name in draft.tasks]
    for one, other in pairwise(path for path in paths if path in draft.quantities):
        low, high = draft.quantities[one].value, draft.quantities[other].value
        if high <= low:
            places = draft.places
            # the later file, or else the later line, is the likelier cause
            moved = one if places[other].doc is draft.base is not places[one].doc else other
            doc, key = places[moved]
            message = f"the threshold {high:g} does not come after {low:g} of {one}"
            if moved == one:
                message = f"the threshold {low:g} does not come before {high:g} of {other}"
            raise doc.error(SchemaError, message, key, "Tasks are in ascending order of thresholds")
