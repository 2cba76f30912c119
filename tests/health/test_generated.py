"""Committed files that must equal what they are made from (part of `make check`)."""

from __future__ import annotations

import importlib.metadata
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


def locked(file) -> dict[str, str]:
    """Package -> exact version of a lock; no line may hold anything else."""
    lines = file.read_text(encoding="utf-8").splitlines()
    pins = [line for line in lines if line and not line.startswith("#")]
    wrong = [line for line in pins if not re.fullmatch(r"[A-Za-z0-9._-]+==[A-Za-z0-9.+!]+", line)]
    assert not wrong, f"not of the form name==version: {wrong}"
    return {canonicalize_name(n): v for n, v in (line.split("==") for line in pins)}


@pytest.fixture
def runs(root) -> dict[str, str]:
    return locked(root / "requirements.lock")


@pytest.fixture
def extras(root) -> dict[str, str]:
    return locked(root / "requirements-dev.lock")


def needed(asked: list[str]) -> set[str]:
    """Every package that requirements need on this machine, by what is installed."""
    found, open_ = set(), [(requirement, "") for requirement in map(Requirement, asked)]
    while open_:
        requirement, extra = open_.pop()
        name = canonicalize_name(requirement.name)
        if requirement.marker and not requirement.marker.evaluate({"extra": extra}):
            continue
        if (name, extras := frozenset(requirement.extras)) not in found:
            found.add((name, extras))
            inner = map(Requirement, importlib.metadata.requires(name) or ())
            open_ += [(one, key) for one in inner for key in ("", *extras)]
    return {name for name, _ in found}


def test_the_locks_hold_what_the_project_asks_for(project, runs, extras):
    asked = {False: project["dependencies"], True: project["optional-dependencies"]["dev"]}
    for further, requirements in asked.items():
        for requirement in map(Requirement, requirements):
            name, lock = (
                canonicalize_name(requirement.name),
                {**runs, **(extras if further else {})},
            )
            assert name in lock, f"{requirement} is not locked"
            assert requirement.specifier.contains(lock[name]), f"{requirement}, {lock[name]} locked"


def test_the_lock_of_runs_is_complete_and_holds_nothing_else(project, runs, extras):
    assert set(runs) == needed([*project["dependencies"], "hatchling"])
    assert not set(runs) & set(extras)
    assert needed(project["optional-dependencies"]["dev"]) <= set(runs) | set(extras)


def test_one_version_everywhere(project, root):
    assert sim.__version__ == project["version"]
    assert f"version: {project['version']}" in (root / "CITATION.cff").read_text(encoding="utf-8")
    assert f"## {project['version']}" in (root / "CHANGELOG.md").read_text(encoding="utf-8")


def test_schema_file_is_what_the_command_prints(root):
    command = [sys.executable, "-c", "from sim.cli.app import main; main()", "schema"]
    done = subprocess.run(command, capture_output=True, text=True, check=True, cwd=root)
    committed = (root / "scenarios" / "schema.json").read_text(encoding="utf-8")
    assert done.stdout.strip() == committed.strip(), "spheres schema > scenarios/schema.json"
