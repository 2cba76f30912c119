"""The command line as tests of commands call it."""

import sys

import pytest

from sim.cli import app as cli


@pytest.fixture
def spheres(monkeypatch, capsys):
    """Call the command line; gives exit code, stdout, stderr."""

    def call(*arguments):
        monkeypatch.setattr(sys, "argv", ["spheres", *map(str, arguments)])
        with pytest.raises(SystemExit) as caught:
            cli.main()
        out, err = capsys.readouterr()
        return caught.value.code or 0, out, err

    return call


@pytest.fixture
def call(spheres):
    """The fixture `spheres` under a name that is free where the process of that name is used."""
    return spheres
