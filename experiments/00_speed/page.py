"""How long a move takes until new bands are drawn: in the server, and in a real browser.

Nothing here is asserted by a test; `spheres serve --benchmark` prints it.
"""

from __future__ import annotations

import shutil
import statistics
import threading
import time
from dataclasses import dataclass
from typing import Any

from sim.errors import SpheresError
from sim.web import view_data
from sim.web.ensembles import Ensembles
from sim.web.selection import Move, Selection, View, resolve

_SLIDER = "[data-path='us.chip_controls.tightness'] input[type=range]"
_DRAWN = (
    "() => performance.getEntriesByName('first-bands').map(e => [e.duration, e.detail.server_ms])"
)
_WAIT = """([count, patience]) => new Promise(done => {
  const end = performance.now() + patience;
  const look = () => {
    if (performance.getEntriesByName('first-bands').length >= count) done(true);
    else if (performance.now() > end) done(false);
    else setTimeout(look, 20);
  };
  look();
})"""
_PAINT = "() => performance.getEntriesByName('first-contentful-paint').map(e => e.startTime)"
_PATIENCE_S = 30.0


@dataclass(frozen=True)
class Timing:
    """Milliseconds of moves, in order; `page` is empty where no browser was to be had."""

    server: tuple[float, ...]
    page: tuple[float, ...] = ()
    page_server: tuple[float, ...] = ()
    first_paint: float | None = None


def server_moves(ensembles: Ensembles, moves: int) -> tuple[float, ...]:
    """Milliseconds from a request to the first numbers of 16 replicates, move by move."""
    found = []
    for k in range(moves + 1):
        value = 0.3 + 0.4 * k / (moves + 1)
        selection = Selection(
            moves=(Move(path="us.chip_controls.tightness", value=value, on="2026-07"),)
        )
        began = time.perf_counter()
        runs = ensembles.runs_of(resolve(selection))
        next(ensembles.stages(runs, threading.Event(), lambda _history, _done: None))
        view_data.stage(runs, View())
        found.append((time.perf_counter() - began) * 1000)
    return tuple(found[1:])  # the first also builds the world


def browser_moves(address: str, moves: int) -> Timing:
    """Move a slider of the served page in Chromium. Raises SpheresError where there is none."""
    path = shutil.which("chromium") or shutil.which("chromium-browser")
    try:
        from playwright.sync_api import sync_playwright
    except ModuleNotFoundError:
        path = None
    if path is None:
        raise SpheresError("no browser to measure in. It takes Chromium and the package playwright")
    flags = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=flags)
        tab = browser.new_page(viewport={"width": 1300, "height": 1000})
        tab.goto(address)
        _until(tab, 2)
        paint = tab.evaluate(_PAINT)
        for k in range(moves):
            time.sleep(0.5)
            tab.locator(_SLIDER).fill(str(20 + (k * 97) % 360))
            _until(tab, 3 + k)
        drawn = tab.evaluate(_DRAWN)[2:]
        browser.close()
    page, server = zip(*drawn, strict=True)
    return Timing((), tuple(page), tuple(server), paint[0] if paint else None)


def _until(tab: Any, count: int) -> None:
    """Wait for the bands of so many moves; the page looks by itself, asking would disturb it."""
    if not tab.evaluate(_WAIT, [count, _PATIENCE_S * 1000]):
        said = tab.locator("#problem").inner_text() or tab.locator("#status").inner_text()
        raise SpheresError(f"the page drew nothing within {_PATIENCE_S:.0f} seconds: {said}")


def summary(name: str, values: tuple[float, ...]) -> str:
    """One line: median and range."""
    if not values:
        return f"{name}: not measured"
    middle = statistics.median(values)
    extent = f"{min(values):.0f} to {max(values):.0f}, {len(values)} moves"
    return f"{name}: median {middle:.0f} ms ({extent})"
