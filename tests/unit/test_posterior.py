"""The shipped posterior: offsets that follow their centres, vectors that stay whole."""

from pathlib import Path

import numpy as np
import polars as pl
import pytest
import yaml

from sim.draws import posterior as room
from sim.draws.parameters import draw_parameters
from sim.draws.posterior import ABOUT, VECTORS, read_posterior, shipped
from sim.errors import SeedError
from sim.files import seeds_dir
from sim.scenario import load

KAPPA, TIE = "segments.consumers.kappa", "segments.consumers.tie_us"
LEAK = "segments.consumers.leakage"
REPLICATES = tuple(range(200))


def draws(*sets):
    return draw_parameters(load("baseline", (), sets), 3, REPLICATES, posterior=shipped())


def test_a_replicate_takes_one_whole_vector():
    found, base = shipped(), load("baseline").quantities
    drawn = draws()
    chosen = found.pick(3, np.arange(200, dtype=np.uint64))
    for path in (KAPPA, TIE):
        offset = drawn(path) - base[path].value
        np.testing.assert_allclose(
            offset, found.offsets[chosen, found.paths.index(path)], atol=1e-12
        )
    assert len(set(chosen.tolist())) > 100


def test_own_value_changes_nothing_and_another_centre_keeps_the_offset():
    base, value = draws(), load("baseline").quantities[LEAK].value
    assert draws(f"{LEAK}={value!r}")(LEAK).tobytes() == base(LEAK).tobytes()
    moved = draws(f"{LEAK}=0.4")

    def odds(x):
        return np.log(x / (1.0 - x))

    np.testing.assert_allclose(
        odds(moved(LEAK)) - odds(0.4), odds(base(LEAK)) - odds(value), atol=1e-9
    )
    assert moved(KAPPA).tobytes() == base(KAPPA).tobytes()


def test_fix_and_another_draw_take_a_parameter_out(tmp_path):
    path = tmp_path / "mine.yaml"
    path.write_text(
        "schema_version: 1\nname: mine\nextends: baseline\nset:\n"
        f"  {KAPPA}: {{fix: true}}\n  {TIE}: {{draw: {{normal: 0.001}}}}\n",
        encoding="utf-8",
    )
    resolved = load(path)
    drawn = draw_parameters(resolved, 3, REPLICATES, posterior=shipped())
    assert len(set(drawn(KAPPA).tolist())) == 1
    assert np.std(drawn(TIE)) == pytest.approx(0.001, rel=0.2)
    assert drawn(LEAK).tobytes() == draws()(LEAK).tobytes()


def test_vectors_and_description_belong_together(tmp_path):
    folder = tmp_path / "posterior"
    folder.mkdir()
    for name in (VECTORS, ABOUT):
        (folder / name).write_bytes((seeds_dir() / "posterior" / name).read_bytes())
    assert read_posterior(folder).version == shipped().version
    other = tmp_path / "other"
    other.mkdir()
    (other / ABOUT).write_bytes((folder / ABOUT).read_bytes())
    table = pl.read_csv(folder / VECTORS)
    table.with_columns(pl.col(KAPPA) + 0.01).write_csv(other / VECTORS)
    with pytest.raises(SeedError, match="not those that the description"):
        read_posterior(other)


def test_other_inputs_are_a_listed_fact(monkeypatch):
    monkeypatch.setattr(room, "inputs_digest", lambda: shipped().inputs)
    assert room.mismatch() == ()
    monkeypatch.setattr(room, "inputs_digest", lambda: "other")
    (fact,) = room.mismatch()
    assert shipped().version in fact


def test_the_shipped_posterior_belongs_to_the_shipped_baseline():
    """Run `spheres calibrate` where this fails: equations, seeds or baseline have changed."""
    assert shipped().inputs == room.inputs_digest()


def test_evidence_labels_say_what_the_data_moved():
    about = yaml.safe_load((seeds_dir() / "posterior" / ABOUT).read_text(encoding="utf-8"))
    for path, quantity in load("baseline").quantities.items():
        entry = about["parameters"].get(path)
        if entry is None:
            assert quantity.evidence != "fitted", f"{path} is not among the calibrated"
        else:
            assert (quantity.evidence == "fitted") == (entry["evidence"] == "fitted"), path


def test_nothing_that_runs_the_model_reads_targets():
    """Published figures may be fitted, never used: only evidence opens their folder."""
    rooms = ("scenario", "world", "lanes", "equations", "record", "model", "ensemble", "runs")
    package = Path(room.__file__).parent.parent
    readers = [
        file.name
        for name in rooms
        for file in sorted((package / name).glob("*.py"))
        if '"targets"' in file.read_text(encoding="utf-8")
    ]
    assert readers == []
