"""Why an economy chose as it did, what would flip it, and settings that do nothing.

The package is also the verb ``sim.explain`` (`sim.explain.explain.explain`).
"""

from sim.verbs import let_call

let_call(__name__, "sim.explain.explain")
