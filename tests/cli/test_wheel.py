"""The wheel carries all it needs: a fresh environment, an empty folder, no checkout in sight.

Its packages are those of the environment that runs the tests; `make wheel` installs them anew.
"""

import json
import os
import subprocess
import sys
import sysconfig
import urllib.request
import venv
import zipfile

import pytest

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def wheel(root, tmp_path_factory):
    folder = tmp_path_factory.mktemp("dist")
    command = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)]
    subprocess.run(command, check=True, capture_output=True, text=True, cwd=root)
    return next(folder.glob("*.whl"))


@pytest.fixture(scope="module")
def installed(wheel, tmp_path_factory):
    """Folder of an environment with the wheel, and of the packages it needs."""
    folder = tmp_path_factory.mktemp("fresh")
    venv.create(folder / "venv", with_pip=False)
    site = next((folder / "venv").rglob("site-packages"))
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(site)
    (site / "borrowed.pth").write_text(sysconfig.get_path("purelib") + "\n", encoding="utf-8")
    return folder


def python(installed):
    return installed / "venv" / "bin" / "python"


def surroundings(installed) -> dict:
    """An environment without a trace of the checkout."""
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("PYTHON", "VIRTUAL"))}
    return {**kept, "PATH": f"{installed / 'venv' / 'bin'}:{kept['PATH']}"}


def call(installed, folder, *words):
    code = "from sim.cli.app import main; main()"
    command = [str(python(installed)), "-c", code, *words]
    done = subprocess.run(
        command, capture_output=True, text=True, cwd=folder, env=surroundings(installed)
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def test_scenarios_seeds_and_the_page_are_inside(wheel):
    names = set(zipfile.ZipFile(wheel).namelist())
    wanted = {
        "sim/_data/scenarios/baseline.yaml",
        "sim/_data/seeds/countries.csv",
        "sim/_data/seeds/geometry/world.topojson",
        "sim/web/assets/index.html",
        "sim/web/assets/page.js",
    }
    assert wanted <= names
    assert not [name for name in names if name.startswith(("tests/", "experiments/", "runs/"))]


@pytest.mark.parametrize("words", [("bench",), ("serve", "--benchmark", "2")])
def test_measuring_needs_the_checkout_and_says_so(installed, tmp_path, words):
    code = "from sim.cli.app import main; main()"
    command = [str(python(installed)), "-c", code, *words]
    done = subprocess.run(
        command, capture_output=True, text=True, cwd=tmp_path, env=surroundings(installed)
    )
    assert (done.returncode, done.stdout) == (2, "")
    assert "ships with the checkout (experiments/00_speed)" in done.stderr


def test_it_runs_from_an_empty_folder(installed, tmp_path):
    where = [str(python(installed)), "-c", "import sim; print(sim.__file__)"]
    done = subprocess.run(
        where, capture_output=True, text=True, cwd=tmp_path, env=surroundings(installed), check=True
    )
    assert str(installed) in done.stdout
    call(installed, tmp_path, "validate", "baseline")
    short = ("--set", "horizon.end=2023-03")
    call(installed, tmp_path, "run", "baseline", "-n", "8", "-o", "first", "--no-figures", *short)
    assert (tmp_path / "first" / "manifest.json").is_file()


def test_the_page_is_served_from_an_empty_folder(installed, tmp_path):
    code = "from sim.cli.app import main; main()"
    command = [str(python(installed)), "-c", code, "serve", "--port", "0", "-n", "16"]
    server = subprocess.Popen(
        command, stdout=subprocess.PIPE, text=True, cwd=tmp_path, env=surroundings(installed)
    )
    try:
        address = server.stdout.readline().split()[3]
        with urllib.request.urlopen(address + "api/library") as answer:
            library = json.load(answer)
        assert "baseline" in {entry["name"] for entry in library["scenarios"]}
        for name in ("", "assets/page.js", "assets/vega.js", "api/world"):
            with urllib.request.urlopen(address + name) as answer:
                assert len(answer.read()) > 1000, name
    finally:
        server.terminate()
        server.wait(timeout=20)
        server.stdout.close()
