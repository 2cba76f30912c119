"""What alternatives change against a base: paired runs, intervals, attribution.

The package is also the verb ``sim.compare`` (`sim.compare.compare.compare`).
"""

from sim.verbs import let_call

let_call(__name__, "sim.compare.compare")
