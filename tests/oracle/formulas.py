"""The formulas of `sim.equations` under their own names, applied to numbers and to rows of them."""

from types import ModuleType

import sim.equations.access
import sim.equations.adoption
import sim.equations.awareness
import sim.equations.choice
import sim.equations.cost
import sim.equations.feedback
import sim.equations.frontier
import sim.equations.history
import sim.equations.network
import sim.equations.observe
import sim.equations.sovereignty
import sim.equations.tasks
from sim.lanes.jit import rows


class Formulas:
    """A module's equations as functions of arrays of one broadcast shape.

    Of a choice, both sides are worked out: whoever calls them lets undefined numbers be.
    """

    def __init__(self, module: ModuleType) -> None:
        self.module = module
        self.owners = []  # of the machine code; calls through them take as long as a formula

    def __getattr__(self, name: str):
        on_rows = rows(getattr(self.module, name))
        self.owners.append(on_rows)
        setattr(self, name, on_rows.ufunc)
        return on_rows.ufunc


access = Formulas(sim.equations.access)
adoption = Formulas(sim.equations.adoption)
awareness = Formulas(sim.equations.awareness)
choice = Formulas(sim.equations.choice)
cost = Formulas(sim.equations.cost)
feedback = Formulas(sim.equations.feedback)
frontier = Formulas(sim.equations.frontier)
history = Formulas(sim.equations.history)
network = Formulas(sim.equations.network)
observe = Formulas(sim.equations.observe)
sovereignty = Formulas(sim.equations.sovereignty)
tasks = Formulas(sim.equations.tasks)
ALL = (
    access,
    adoption,
    awareness,
    choice,
    cost,
    feedback,
    frontier,
    history,
    network,
    observe,
    sovereignty,
    tasks,
)
