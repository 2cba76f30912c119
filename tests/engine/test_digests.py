"""Every shipped scenario keeps its bytes: a change of structure changes no result.

`python tests/engine/test_digests.py` writes the reference anew; with that goes a line in
CHANGELOG.md that says that results change, and why.
"""

import hashlib
import json
from pathlib import Path

import numpy as np
import pytest
from llvmlite.binding import get_host_cpu_name

from sim.ensemble.runner import run_ensemble
from sim.runs.tables import tables
from sim.scenario import load
from sim.scenario.layers import read_layer, shipped_names
from sim.scenario.schema import PolicyFile
from sim.world.build import build_world

REFERENCE = Path(__file__).parent.parent / "reference" / "digests.json"
RUNS, SEED = 16, 1


def shipped():
    """(base, policies) of every scenario and policy that ships, by name."""
    return {
        name: ("baseline", (name,)) if isinstance(read_layer(path).file, PolicyFile) else (name, ())
        for name, path in sorted(shipped_names().items())
    }


def found(base, policies):
    """Digest of all named outcomes of sixteen runs, and their means in the last month."""
    totals = run_ensemble(
        build_world(load(base, policies)), RUNS, SEED, with_economies=False, with_flows=False
    ).totals
    names = [outcome.name for outcome in totals.layout.outcomes]
    order = sorted(range(len(names)), key=names.__getitem__)
    outcomes = np.ascontiguousarray(totals.outcomes[order])  # [outcome, month, replicate]
    last = dict(zip(sorted(names), outcomes[:, -1].mean(axis=1), strict=True))
    named = {k: float(v) for k, v in last.items() if k.startswith(("world.share", "world.adop"))}
    return {"digest": hashlib.sha256(outcomes.tobytes()).hexdigest(), "means": named}


def table_digests():
    """Digest of every table of a baseline run."""
    result = tables(run_ensemble(build_world(load("baseline")), RUNS, SEED).totals)
    digests = {}
    for name in sorted(result):
        digest = hashlib.sha256()
        for column in result[name].iter_columns():
            if column.dtype.is_float():
                digest.update(column.fill_null(-1e300).to_numpy().tobytes())
            else:
                digest.update("\n".join(map(str, column.to_list())).encode())
        digests[name] = digest.hexdigest()
    return digests


@pytest.fixture(scope="module")
def reference():
    return json.loads(REFERENCE.read_text())


@pytest.mark.parametrize("name", sorted(shipped()))
def test_a_shipped_scenario_keeps_its_numbers(name, reference):
    then, now = reference["scenarios"][name], found(*shipped()[name])
    assert now["means"] == pytest.approx(then["means"], rel=1e-9, abs=1e-12)
    if reference["cpu"] == get_host_cpu_name():
        assert now["digest"] == then["digest"]


def test_the_tables_of_the_baseline_keep_their_bytes(reference):
    if reference["cpu"] != get_host_cpu_name():
        pytest.skip("bytes are promised on one type of processor")
    assert table_digests() == reference["tables"]


if __name__ == "__main__":
    REFERENCE.write_text(
        json.dumps(
            {
                "cpu": get_host_cpu_name(),
                "scenarios": {name: found(*of) for name, of in shipped().items()},
                "tables": table_digests(),
            },
            indent=1,
        )
        + "\n"
    )
