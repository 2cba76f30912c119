"""The schema that editors use for sweep files."""

import json

from typer.testing import CliRunner

from sim.cli.app import app
from sim.sweep.schema import SweepFile


def test_every_key_of_a_sweep_file_is_in_it():
    done = CliRunner().invoke(app, ["schema", "--sweep"])
    assert done.exit_code == 0
    schema = json.loads(done.stdout)
    assert set(schema["properties"]) == set(SweepFile.model_fields)
    assert schema["additionalProperties"] is False
