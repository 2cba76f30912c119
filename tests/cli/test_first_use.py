"""The first run on a machine says that it compiles; every run says how long its parts took."""

import re

import numba
import pytest

from sim.cli.compiling import compile_once
from sim.lanes import jit

SHORT = ("-n", "2", "--no-figures", "--set", "horizon.end=2023-03")


def stages(err: str) -> dict[str, float]:
    """Seconds by stage of the line that a run ends with."""
    found = re.search(r"^took: (.*)$", err, re.MULTILINE)
    assert found, err
    parts = (part.rsplit(" ", 2) for part in found[1].split(", "))
    return {name: float(seconds) for name, seconds, unit in parts if unit == "s"}


def test_a_cache_without_machine_code_means_a_first_use(monkeypatch, tmp_path):
    monkeypatch.setattr(numba.config, "CACHE_DIR", str(tmp_path))
    assert jit.first_use()
    (tmp_path / "kernel.nbi").write_bytes(b"")
    assert not jit.first_use()
    assert compile_once() == 0.0


@pytest.mark.parametrize("first", [True, False])
def test_a_first_run_says_that_it_compiles_and_later_ones_do_not(
    spheres, monkeypatch, tmp_path, first
):
    # The answer is set, the cache is not emptied: that would compile for minutes.
    answers = iter([first])
    monkeypatch.setattr(jit, "first_use", lambda: next(answers, False))
    code, _, err = spheres("run", "baseline", *SHORT, "-o", tmp_path / "run")
    assert code == 0, err
    assert err.count("compiling the model for this machine: happens once") == first
    assert list(stages(err)) == ["compilation", "world", "runs", "tables"]
    assert (stages(err)["compilation"] > 0.0) == first
