"""The README's code works: its scenarios, commands and Python, run in order in one folder."""

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


def slow(block: str) -> bool:
    """Whether a block runs the model over many replicates."""
    return any(command.startswith(SLOW) for command in commands(block))


def after_a_run(block: str) -> bool:
    """Whether a block looks at the folder of a run that an earlier block has made."""
    return not slow(block) and any(" runs/" in command for command in commands(block))


def place(folder: Path) -> Path:
    """The folder, with the README's scenarios in it under the names they are called by."""
    for block in blocks("yaml"):
        name = re.search(r"^name: (\S+)$", block, flags=re.MULTILINE)
        assert name is not None
        (folder / f"{name[1]}.yaml").write_text(block, encoding="utf-8")
    return folder


def execute(words: list[str], folder: Path, shown: str) -> None:
    """Run a program in the folder; what it printed is the message if it fails."""
    env = {**os.environ, "PYTHONPATH": str(ROOT)}
    done = subprocess.run(words, capture_output=True, text=True, cwd=folder, env=env)
    assert done.returncode == 0, f"$ {shown}\n{done.stdout}{done.stderr}"


def runnable(command: str) -> list[str]:
    """`make X` is only asked whether it knows X: this test runs inside `make test`."""
    words = shlex.split(command)
    if words[0] == "make":
        return ["make", "--dry-run", "--directory", str(ROOT), *words[1:]]
    assert words[0] == "spheres", f"this test does not know how to run: {command}"
    return [sys.executable, "-c", "from sim.cli.app import main; main()", *words[1:]]


@pytest.fixture(scope="module")
def ran(tmp_path_factory):
    """A folder in which the slow blocks have run, for what the README does with their results."""
    folder = place(tmp_path_factory.mktemp("readme"))
    for block in filter(slow, blocks("console")):
        for command in commands(block):
            execute(runnable(command), folder, command)
    return folder


@pytest.mark.parametrize(
    "block",
    [b for b in blocks("console") if not slow(b) and not after_a_run(b)],
    ids=lambda b: commands(b)[0],
)
def test_commands_run(block, tmp_path):
    folder = place(tmp_path)
    for command in commands(block):
        execute(runnable(command), folder, command)


@pytest.mark.slow
def test_slow_commands_run_and_leave_what_they_say(ran):
    for block in filter(slow, blocks("console")):
        for folder in re.findall(r"-o (\S+)", block):
            assert (ran / folder / "manifest.json").is_file()


@pytest.mark.slow
def test_commands_about_a_run_work_on_it(ran):
    seen = [block for block in blocks("console") if after_a_run(block)]
    assert seen
    for block in seen:
        for command in commands(block):
            execute(runnable(command), ran, command)


@pytest.mark.slow
@pytest.mark.parametrize("block", blocks("python"), ids=range(len(blocks("python"))))
def test_python_runs(ran, block):
    execute([sys.executable, "-c", block], ran, block)


def test_scenarios_shown_are_valid(tmp_path):
    from sim.scenario import load

    files = list(place(tmp_path).iterdir())
    assert files
    assert [load(str(file)).name for file in files] == [file.stem for file in files]


def test_links_and_pictures_exist():
    targets = re.findall(r"\]\(([^)#:]+)\)", README)
    assert targets
    missing = [target for target in targets if not (ROOT / target).exists()]
    assert not missing


def test_files_named_in_the_table_exist():
    named = re.findall(r"`((?:sim|scenarios|seeds)/[^`]*)`", README)
    assert named
    assert not [path for path in named if not (ROOT / path).exists()]
