"""What was asked: scenario files, typed and layered, every number with its source."""

from sim.scenario.levers import lever_paths
from sim.scenario.quantity import Draw, Lever, Quantity
from sim.scenario.resolve import load, load_text
from sim.scenario.resolved import Resolved
from sim.scenario.schema import Event, Horizon, Offering, Segment, Structure

__all__ = [
    "Draw",
    "Event",
    "Horizon",
    "Lever",
    "Offering",
    "Quantity",
    "Resolved",
    "Segment",
    "Structure",
    "lever_paths",
    "load",
    "load_text",
]
