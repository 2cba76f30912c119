"""The pictures of the README from the run of `make demo`: six charts, the report, the live page.

    python experiments/00_demo/pictures.py [RUN] [--no-page]

Charts need nothing; the report and the page need Chromium and the packages of the extra `web`.
"""

from __future__ import annotations

import argparse
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

from playwright.sync_api import Page, sync_playwright

from sim.charts.footer import from_manifest
from sim.charts.look import styled
from sim.charts.registry import CHARTS, draw
from sim.charts.tables import RunTables
from sim.report.write import write_report

HERE = Path(__file__).resolve().parent
FIGURES = HERE / "figures"
SIX = ("world-shares", "map", "network", "switching", "adoption", "spend-tokens")
DPI = 90
FLAGS = ("--no-sandbox", "--disable-gpu", "--disable-background-networking")
WINDOW = {"width": 1200, "height": 900}
PATIENCE_MS = 180_000


def charts(run: Path) -> None:
    """Six charts of the run, the same bytes every time."""
    tables, footer = RunTables(run), from_manifest(run)
    for name in SIX:
        with styled():
            file = FIGURES / f"{CHARTS[name].file}.png"
            draw(name, tables, footer).savefig(file, dpi=DPI, metadata={"Software": None})
        print(file)


def report(run: Path, tab: Page) -> None:
    """The report, from its charts on."""
    tab.goto(write_report([run]).as_uri())
    tab.wait_for_selector("html[data-ready=true]", timeout=PATIENCE_MS)
    tab.locator("h3", has_text="Map").scroll_into_view_if_needed()
    tab.evaluate("document.getElementById('charts').scrollIntoView()")
    shoot(tab, "report")


def page(_: Path, tab: Page) -> None:
    """The live page with both sides drawn."""
    with serving() as address:
        tab.goto(address)
        for side in (1, 2):
            tab.wait_for_selector(f".panel:nth-of-type({side})[data-runs='64']",
                                  timeout=PATIENCE_MS)  # fmt: skip
        shoot(tab, "page")


#: What is photographed in a browser, in this order.
SHOTS: tuple[Callable[[Path, Page], None], ...] = (report, page)


@contextmanager
def serving() -> Iterator[str]:
    """`spheres serve` on a free port; gives its address, ends it afterwards."""
    code = "from sim.cli.app import main; main()"
    words = [sys.executable, "-c", code, "serve", "--port", "0", "-n", "64"]
    server = subprocess.Popen(words, stdout=subprocess.PIPE, text=True)
    try:
        line = server.stdout.readline() if server.stdout else ""
        address = next(word for word in line.split() if word.startswith("http"))
        wait_for(address)
        yield address
    finally:
        server.terminate()
        server.wait()


def wait_for(address: str) -> None:
    """Until somebody answers at the address, which is said before the server listens."""
    place = urlsplit(address)
    end = time.monotonic() + PATIENCE_MS / 1000
    while time.monotonic() < end:
        try:
            socket.create_connection((place.hostname, place.port), timeout=5).close()
        except OSError:
            time.sleep(0.2)
        else:
            return
    sys.exit(f"nobody answers at {address}")


def shoot(tab: Page, name: str) -> None:
    """What the window shows, as a PNG."""
    file = FIGURES / f"{name}.png"
    tab.wait_for_timeout(1000)  # smooth scrolling and transitions come to rest
    tab.screenshot(path=file)
    print(file)


def main() -> None:
    """Everything, or a message that says what is missing."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("run", nargs="?", type=Path, default=Path("runs/demo"))
    asked.add_argument("--no-page", action="store_true", help="leave out the live page")
    given = asked.parse_args()
    if not (given.run / "manifest.json").is_file():
        sys.exit(f"{given.run} is no finished run; make it with: make demo")
    FIGURES.mkdir(exist_ok=True)
    charts(given.run)
    chromium = shutil.which("chromium") or shutil.which("chromium-browser")
    if chromium is None:
        sys.exit("no Chromium on this machine (Debian: apt-get install chromium)")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=list(FLAGS))
        for shot in SHOTS:
            if shot is page and given.no_page:
                continue
            tab = browser.new_page(viewport=WINDOW)
            shot(given.run, tab)
            tab.close()
        browser.close()


if __name__ == "__main__":
    main()
