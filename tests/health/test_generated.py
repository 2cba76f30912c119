"""Committed files that must equal what they are made from (part of `make check`)."""

from __future__ import annotations

import re
import subprocess
import sys
import tomllib

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

import sim

pytestmark = pytest.mark.generated


@pytest.fixture
def project(root) -> dict:
    return tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))["project"]


@pytest.fixture
def locked(root) -> dict[str, str]:
    lines = (root / "requirements.lock").read_text(encoding="utf-8").splitlines()
    pins = [line for line in lines if line and not line.startswith("#")]
    wrong = [line for line in pins if not re.fullmatch(r"[A-Za-z0-9._-]+==[A-Za-z0-9.+!]+", line)]
    assert not wrong, f"not of the form name==version: {wrong}"
    return {canonicalize_name(n): v for n, v in (line.split("==") for line in pins)}


def test_lock_holds_what_the_project_asks_for(project, locked):
    asked = [*project["dependencies"], *project["optional-dependencies"]["dev"]]
    for requirement in map(Requirement, asked):
        name = canonicalize_name(requirement.name)
        assert name in locked, f"{requirement} is not in requirements.lock"
        assert requirement.specifier.contains(locked[name]), f"{requirement}, {locked[name]} locked"


def test_one_version_everywhere(project, root):
    assert sim.__version__ == project["version"]
    assert f"version: {project['version']}" in (root / "CITATION.cff").read_text(encoding="utf-8")
    assert f"## {project['version']}" in (root / "CHANGELOG.md").read_text(encoding="utf-8")


def test_schema_file_is_what_the_command_prints(root):
    command = [sys.executable, "-c", "from sim.cli.app import main; main()", "schema"]
    done = subprocess.run(command, capture_output=True, text=True, check=True, cwd=root)
    committed = (root / "scenarios" / "schema.json").read_text(encoding="utf-8")
    assert done.stdout.strip() == committed.strip(), "spheres schema > scenarios/schema.json"
