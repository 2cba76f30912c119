"""The README's commands work: each ```console block is run, in order, in an empty folder."""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
README = (ROOT / "README.md").read_text(encoding="utf-8")
SLOW = ("spheres run", "spheres sweep", "spheres bench", "spheres compare")


def blocks(language: str) -> list[str]:
    """The contents of the README's code blocks in ``language``."""
    return re.findall(rf"^```{language}\n(.*?)^```", README, flags=re.MULTILINE | re.DOTALL)


def commands(block: str) -> list[str]:
    """The lines after a prompt; what follows them is output and is not compared."""
    return [line[2:].strip() for line in block.splitlines() if line.startswith("$ ")]


def case(block: str):
    slow = any(command.startswith(SLOW) for command in commands(block))
    return pytest.param(block, id=commands(block)[0], marks=[pytest.mark.slow] if slow else [])


def runnable(command: str) -> list[str]:
    """`make X` is only asked whether it knows X: this test runs inside `make test`."""
    words = shlex.split(command)
    if words[0] == "make":
        return ["make", "--dry-run", "--directory", str(ROOT), *words[1:]]
    assert words[0] == "spheres", f"this test does not know how to run: {command}"
    return [sys.executable, "-c", "from sim.cli.app import main; main()", *words[1:]]


@pytest.mark.parametrize("block", [case(block) for block in blocks("console")])
def test_commands_run(block, tmp_path):
    for command in commands(block):
        done = subprocess.run(
            runnable(command), capture_output=True, text=True, cwd=tmp_path, env=os.environ
        )
        assert done.returncode == 0, f"$ {command}\n{done.stdout}{done.stderr}"


def test_scenarios_shown_are_valid(tmp_path):
    from sim.scenario import load

    for block in blocks("yaml"):
        name = re.search(r"^name: (\S+)$", block, flags=re.MULTILINE)
        assert name is not None
        file = tmp_path / f"{name[1]}.yaml"
        file.write_text(block, encoding="utf-8")
        assert load(str(file)).name == name[1]


def test_links_and_pictures_exist():
    targets = re.findall(r"\]\(([^)#:]+)\)", README)
    assert targets
    missing = [target for target in targets if not (ROOT / target).exists()]
    assert not missing


def test_files_named_in_the_table_exist():
    named = re.findall(r"`((?:sim|scenarios|seeds)/[^`]*)`", README)
    assert named
    assert not [path for path in named if not (ROOT / path).exists()]
