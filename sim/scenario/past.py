"""Warns of events that act through laboratories while releases are still those of the record."""

from __future__ import annotations

from sim.scenario.draft import Dated, Draft
from sim.scenario.schema import month_index, month_label

DATED_MONTHS = "world.dated_months"
#: Levers that move the frontier of a bloc, which shows in its random releases only.
_OF_LABORATORIES = {
    "us.compute.boost": "us",
    "us.reporting_drag": "us",
    "us.chip_controls.tightness": "cn",
    "us.chip_controls.leakage": "cn",
    "cn.compute.boost": "cn",
    "cn.rnd_support": "cn",
    "cn.economy_drag": "cn",
    "cn.domestic_efficiency": "cn",
    "cn.openness": "cn",
    "cn.release_delay": "cn",
    "us.openness": "us",
    "other.compute.boost": "other",
}


def warn_of_the_past(draft: Draft, events: list[Dated]) -> None:
    """A warning for every event of a layer over the complete file that begins before its last dated
    release, on a lever that acts through releases.
    """
    dated = draft.quantities.get(DATED_MONTHS)
    if dated is None:
        return
    first = month_label(month_index(draft.span.start) + int(dated.value))
    for event, (doc, key), _ in events:
        bloc = _OF_LABORATORIES.get(event.lever)
        if doc is draft.base or bloc not in draft.structure.dated_releases or event.economies:
            continue
        if event.on < first and (event.until is None or event.until > draft.span.start):
            draft.warnings.append(
                f"{doc.where((*key, 'on'))}: {event.lever}: releases are those of the record until "
                f"{first}, so that what this moves at laboratories shows from then on only"
            )
