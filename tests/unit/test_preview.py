"""A preview is the beginning of the full ensemble, summarised exactly."""

import threading

import numpy as np
import pytest
from small_worlds import EIGHT

from sim.analysis.preview import Preview
from sim.ensemble.runner import run_ensemble
from sim.errors import Cancelled
from sim.results.codelist import QUANTILES
from sim.results.layout import OUTCOME_MONTHS
from sim.scenario import load
from sim.world.build import build_world


@pytest.fixture(scope="module")
def world():
    """A few economies for a year."""
    return build_world(load("baseline", (), ["horizon.end=2023-12"]), order=EIGHT)


def test_groups_are_those_of_the_ensemble(world):
    glance = Preview(world, seed=3).glance()
    totals = run_ensemble(world, 16, 3).totals
    names = [outcome.name for outcome in totals.layout.outcomes]
    months = list(totals.layout.months(OUTCOME_MONTHS))
    adoption = totals.outcomes[names.index("world.adoption")]  # [month, replicate]
    np.testing.assert_allclose(glance.adoption_mean[months, 0], adoption.mean(axis=1), rtol=1e-12)
    np.testing.assert_allclose(
        glance.adoption[:, months, 0], np.quantile(adoption, QUANTILES, axis=1), rtol=1e-12
    )
    closed = totals.outcomes[names.index("world.share.us_closed")]
    offering = totals.layout.offerings.index("us_closed")
    np.testing.assert_allclose(
        glance.share_mean[months, 0, offering], closed.mean(axis=1), rtol=1e-12
    )


def test_who_leads_where(world):
    glance = Preview(world).glance(workers=1)
    assert glance.leading.shape == glance.leading_share.shape == (12, len(world.iso3))
    assert ((glance.leading >= 0) & (glance.leading_share > 0.0)).all()
    assert (glance.leading_share <= 1.0 + 1e-12).all()
    assert not glance.failed


def test_bytes_do_not_depend_on_the_workers(world):
    preview = Preview(world, replicates=32)
    one, two = preview.glance(workers=1), preview.glance(workers=2)
    assert one.share.tobytes() == two.share.tobytes()


def test_it_can_be_stopped(world):
    stop = threading.Event()
    stop.set()
    with pytest.raises(Cancelled):
        Preview(world).glance(stop=stop)
