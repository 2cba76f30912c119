"""Every verb is there after `import sim`, also where a package has its name."""

import subprocess
import sys

import pytest

import sim


@pytest.mark.parametrize("name", [name for name in sim.__all__ if not name.startswith("_")])
def test_a_verb_can_be_called(name):
    code = (
        f"import sim; assert callable(sim.{name}); from sim import {name}; assert callable({name})"
    )
    subprocess.run([sys.executable, "-c", code], check=True)


def test_a_package_stays_a_verb_when_its_files_are_in_use():
    code = "import sim.sweep.design, sim; assert callable(sim.sweep); sim.sweep.design"
    subprocess.run([sys.executable, "-c", code], check=True)
