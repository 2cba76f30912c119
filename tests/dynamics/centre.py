"""Runs at the centres, as experiments/04_second_model reads them."""

from sim.cli import checkout

_centre = checkout.experiment("04_second_model", "centre", "the reading of runs at the centres")
run, events = _centre.run, _centre.events
