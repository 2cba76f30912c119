"""Designs, execution, storage and resumption of runs.

The package is also the verb ``sim.sweep``: calling it runs a sweep file (`sim.sweep.verb.sweep`).
"""

from __future__ import annotations

from sim.verbs import let_call

let_call(__name__, "sim.sweep.verb")
