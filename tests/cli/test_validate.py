"""The commands that need no model, run as a user runs them (in this process)."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from sim.cli import app as cli
from sim.scenario import load

ROOT = Path(__file__).parents[2]
SMALL = "tests/fixtures/scenarios/small.yaml"
TIGHTER = "tests/fixtures/scenarios/tighter.yaml"
BAD = sorted((ROOT / "tests/fixtures/bad").glob("*.yaml"))


@pytest.fixture
def spheres(monkeypatch, capsys):
    """Call the command line; gives exit code, stdout, stderr."""
    monkeypatch.chdir(ROOT)

    def call(*arguments):
        monkeypatch.setattr(sys, "argv", ["spheres", *map(str, arguments)])
        with pytest.raises(SystemExit) as caught:
            cli.main()
        out, err = capsys.readouterr()
        return caught.value.code or 0, out, err

    return call


def test_help_lists_every_command_and_imports_none():
    code = "import sys; sys.argv = ['spheres', '--help']\nfrom sim.cli.app import main\n"
    code += "try: main()\nexcept SystemExit: pass\nprint(sorted(sys.modules), file=sys.stderr)"
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, cwd=ROOT, check=True
    )
    assert all(name in done.stdout for name in cli.COMMANDS)
    heavy = ("numpy", "numba", "mesa", "polars", "matplotlib", "pydantic", "yaml", "scipy")
    assert not [name for name in heavy if f"'{name}'" in done.stderr]
    assert not [m for m, _ in cli.COMMANDS.values() if f"'{m}'" in done.stderr]


@pytest.mark.parametrize("name", sorted(cli.COMMANDS))
def test_every_command_has_help(spheres, name):
    code, out, _ = spheres(name, "--help")
    assert code == 0
    assert "Usage" in out


def test_usage_errors_are_2(spheres):
    assert spheres("validat")[0] == 2
    assert spheres("validate", "--nonsense")[0] == 2
    assert spheres("diff", SMALL)[0] == 2


@pytest.fixture
def override(tmp_path):
    """Write a scenario that extends the shipped one."""

    def write(text):
        path = tmp_path / "mine.yaml"
        path.write_text(f"schema_version: 1\nname: mine\nextends: baseline\n{text}", "utf-8")
        return path

    return write


def test_validate(spheres, override):
    path = override("set: {frontier.cn.catch_up: 0.04}\n")
    code, out, err = spheres("validate", path)
    assert (code, err) == (0, "")
    assert out.startswith("mine: ok\n")
    assert load(path).hash[:8] in out


def test_validate_with_policy_warns_on_stderr(spheres, tmp_path):
    policy = tmp_path / "late.yaml"
    event = "{on: 2099-01, lever: us.chip_controls.tightness, to: 1, confidence: assumed}"
    text = f"schema_version: 1\nkind: policy\nname: late\nevents:\n  - {event}\n"
    policy.write_text(text, encoding="utf-8")
    code, out, err = spheres("validate", "baseline", "--policy", policy)
    assert code == 0
    assert "baseline+late: ok" in out
    assert "warning: " in err
    assert "late.yaml:5: " in err


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("horizon: {start: 2024-01}", "the run would start in 2024-01"),
        ("offerings: {us_open: {track: us_opened}}", "unknown track 'us_opened'"),
        ("set: {world.home_share: {draw: {logit_normal: 0.1}}}", "cannot vary between"),
        ("set: {segments.consumers.seat_weight: {draw: {normal: 0.1}}}", "cannot vary between"),
        ("set: {us.price_cut: {draw: {half_normal: 0.1}}}", "cannot vary between"),
    ],
)
def test_validate_refuses_what_run_refuses(spheres, override, text, message):
    path = override(f"{text}\n")
    code, out, err = spheres("validate", path)
    assert (code, out) == (3, "")
    assert message in err
    assert err.count("\n") == 1
    assert spheres("run", path, "-n", "1", "-o", path.with_name("out")) == (3, "", err)


def test_validate_refuses_a_planted_parameter(spheres, tmp_path):
    text = (ROOT / "scenarios/baseline.yaml").read_text(encoding="utf-8")
    unused = "{value: 1, unit: u, range: [0, 2], source: judgement, confidence: assumed, "
    planted = f"\nparameters:\n  planted: {unused}evidence: prior only}}\n"
    path = tmp_path / "planted.yaml"
    path.write_text(text.replace("\nparameters:\n", planted), encoding="utf-8")
    line = path.read_text(encoding="utf-8").split("  planted")[0].count("\n") + 1
    code, _, err = spheres("validate", path)
    assert code == 3
    assert f"planted.yaml:{line}: planted: no equation reads this parameter" in err


def test_validate_accepts_a_removed_segment(spheres, override):
    code, out, err = spheres("validate", override("segments: {government: null}\n"))
    assert code == 0
    assert "segments   consumers, developers, enterprise\n" in out
    assert "events of the removed segment 'government' go too: cn-licensing" in err


def test_validate_stays_light():
    code = "import sys; sys.argv = ['spheres', 'validate', 'baseline']\n"
    code += "from sim.cli.app import main\n"
    code += "try: main()\nexcept SystemExit: pass\nprint(sorted(sys.modules), file=sys.stderr)"
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, cwd=ROOT, check=True
    )
    assert "baseline: ok" in done.stdout
    heavy = ("numba", "mesa", "polars", "matplotlib", "scipy", "networkx")
    assert not [name for name in heavy if f"'{name}'" in done.stderr]


def test_units_stand_in_parentheses_and_the_range_once(spheres):
    _, _, err = spheres("validate", "baseline", "--set", "frontier.cn.catch_up=7")
    assert err.endswith("7 is outside the range. Allowed: 0 to 1 (1 per month).\n")


def test_paths_that_are_no_files(spheres, tmp_path, monkeypatch):
    for name in (tmp_path, "scenarios", "./scenarios"):
        code, _, err = spheres("validate", name)
        assert code == 3
        assert "is a directory, not a scenario file" in err
    loop = tmp_path / "loop.yaml"
    loop.symlink_to(loop)
    code, _, err = spheres("validate", loop)
    assert (code, err.count("\n")) == (3, 1)
    assert f"{loop}: cannot be read (" in err
    assert spheres("validate", "x" * 5000 + ".yaml")[0] == 3
    code, _, empty = spheres("validate", "")
    assert code == 3
    assert spheres("run", "", "-n", "1") == (3, "", empty)

    def refused(*_, **__):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "stat", refused)
    code, _, err = spheres("validate", "locked.yaml")
    assert (code, err) == (3, "spheres: locked.yaml: cannot be read (Permission denied).\n")


@pytest.mark.parametrize("path", BAD, ids=lambda path: path.stem)
def test_bad_file_is_one_line_and_exit_3(spheres, path):
    code, out, err = spheres("validate", path.relative_to(ROOT))
    assert (code, out) == (3, "")
    assert err.startswith(f"spheres: {path.relative_to(ROOT).as_posix()}:")
    assert err.count("\n") == 1
    assert "Traceback" not in err


def test_bad_setting_and_missing_file(spheres):
    assert spheres("validate", SMALL, "--set", "frontier.us.pace=9")[0] == 3
    code, _, err = spheres("validate", "nosuch.yaml")
    assert (code, err) == (3, "spheres: nosuch.yaml: no such scenario file.\n")


def test_unexpected_failure_is_one_line_and_exit_1(spheres, monkeypatch):
    def broken(*_):
        raise RuntimeError("two\nlines")

    monkeypatch.setattr("sim.scenario.load", broken)
    monkeypatch.delenv("SPHERES_DEBUG", raising=False)
    code, out, err = spheres("validate", SMALL)
    assert (code, out) == (1, "")
    assert err == (
        "spheres: unexpected RuntimeError: two lines. Set SPHERES_DEBUG=1 for the traceback.\n"
    )


def test_debug_shows_the_traceback(spheres, monkeypatch):
    monkeypatch.setenv("SPHERES_DEBUG", "1")
    monkeypatch.setattr(sys, "argv", ["spheres", "validate", "nosuch.yaml"])
    with pytest.raises(Exception, match="no such scenario file"):
        cli.main()


def test_params_formats(spheres):
    code, out, _ = spheres("params", "pace", "--scenario", SMALL, "--format", "json")
    assert code == 0
    (row,) = json.loads(out)
    assert row["path"] == "frontier.us.pace"
    assert (row["value"], row["low"], row["high"], row["unit"]) == (1, 0.2, 3, "1/month")
    assert (row["source"], row["confidence"], row["evidence"]) == ("survey", "estimated", "fitted")
    assert row["set_at"].startswith(f"{SMALL}:")
    _, out, _ = spheres("params", "frontier.*", "--scenario", SMALL, "--format", "csv")
    assert len(out.splitlines()) == 3
    _, out, _ = spheres("params", "--scenario", SMALL)
    assert len(out.splitlines()) == 1 + len(load(ROOT / SMALL).quantities)


def test_params_without_match(spheres):
    code, out, err = spheres("params", "frontier.us.pase", "--scenario", SMALL)
    assert (code, out) == (3, "")
    assert "Did you mean 'frontier.us.pace'?" in err


def test_diff(spheres):
    code, out, _ = spheres("diff", SMALL, TIGHTER, "--format", "csv")
    assert code == 0
    assert f"frontier.cn.catch_up,0.05,0.04,{TIGHTER}:7" in out.splitlines()
    code, out, err = spheres("diff", SMALL, SMALL)
    assert (code, out) == (0, "")
    assert "describe the same world" in err


def test_init_writes_a_scenario_that_changes_nothing(spheres, tmp_path):
    path = tmp_path / "mine.yaml"
    code, out, _ = spheres("init", "mine", "--extends", SMALL, "-o", path)
    assert (code, out) == (0, "")
    assert load(path).hash == load(ROOT / SMALL).hash
    assert load(path).name == "mine"
    before = path.read_bytes()
    code, _, err = spheres("init", "mine", "--extends", SMALL, "-o", path)
    assert code == 3
    assert "already there" in err
    assert path.read_bytes() == before


def test_init_examples_are_legal(spheres, tmp_path):
    path = tmp_path / "mine.yaml"
    spheres("init", "mine", "--extends", SMALL, "-o", path)
    text = path.read_text(encoding="utf-8")
    wanted = ("{value:", "- {on: 2024-01, lever")
    lines = [
        line.replace("  # ", "  ") if any(w in line for w in wanted) else line
        for line in text.splitlines()
    ]
    path.write_text("\n".join(lines), encoding="utf-8")
    assert len(load(path).events) == len(load(ROOT / SMALL).events) + 1


@pytest.mark.parametrize(
    "arguments", [("a b",), ("../up",), ("mine", "--extends", "nosuch.yaml")], ids=str
)
def test_init_writes_nothing_when_something_is_wrong(spheres, tmp_path, arguments):
    path = tmp_path / "mine.yaml"
    code, _, err = spheres("init", "--extends", SMALL, "-o", path, *arguments)
    assert code == 3
    assert err.count("\n") == 1
    assert not path.exists()


@pytest.mark.generated
def test_committed_schema_is_in_step(spheres):
    code, out, _ = spheres("schema")
    assert code == 0
    assert (ROOT / "scenarios/schema.json").read_text(encoding="utf-8") == out
