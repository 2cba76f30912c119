"""A real browser on a real page. Where there is no Chromium the tests say so and skip; in
continuous integration that is a failure."""

import os
import shutil
import time
from pathlib import Path

import pytest
from live_page import page as live_page

FLAGS = ("--no-sandbox", "--disable-gpu", "--disable-background-networking")
PATIENCE_MS = 60_000
#: The first page of a fresh checkout waits until the model is compiled.
COMPILING_MS = 600_000


def chromium() -> str:
    """Path of the system's Chromium; skips, or fails in CI, where there is none."""
    found = shutil.which("chromium") or shutil.which("chromium-browser")
    if found is None:
        reason = "no Chromium on this machine (Debian: apt-get install chromium)"
        if os.environ.get("CI"):
            pytest.fail(reason)
        pytest.skip(reason)
    return found


@pytest.fixture(scope="session")
def browser():
    path = chromium()
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        found = playwright.chromium.launch(executable_path=path, args=list(FLAGS))
        yield found
        found.close()


@pytest.fixture(scope="session")
def address():
    with live_page(16) as found:
        yield found


class Visit:
    """A tab that may reach the page's own address only, and remembers what went wrong in it."""

    def __init__(self, browser, address: str, **options) -> None:
        self.context = browser.new_context(accept_downloads=True, **options)
        self.tab = self.context.new_page()
        self.tab.set_default_timeout(PATIENCE_MS)
        self.address, self.foreign, self.problems = address, [], []
        self.tab.route("**/*", self._local_only)
        self.tab.on("console", self._said)
        self.tab.on("pageerror", lambda error: self.problems.append(str(error)))

    def _local_only(self, route) -> None:
        url = route.request.url
        if url.startswith((self.address, "data:", "blob:")):
            route.continue_()
        else:
            self.foreign.append(url)
            route.abort()

    def _said(self, message) -> None:
        if message.type in ("error", "warning"):
            self.problems.append(message.text)

    def open(self, path: str = "/"):
        """Load the page and wait until both sides are drawn."""
        self.tab.goto(self.address + path)
        self.tab.wait_for_selector("html[data-ready]")
        self.tab.wait_for_selector(".panel:nth-of-type(1)[data-runs='16']", timeout=COMPILING_MS)
        self.tab.wait_for_selector(".panel:nth-of-type(2)[data-runs='16']", timeout=COMPILING_MS)
        self.tab.wait_for_selector("#headline tbody tr")
        return self.tab

    def side(self, name: str):
        """The panel of side 'a' or 'b'."""
        return self.tab.locator(f"section[aria-label='Scenario {name.upper()}']")

    def wait_for(self, what: str, old: str | None, read) -> str:
        """Wait until what `read()` gives is no longer `old`."""
        end = time.monotonic() + PATIENCE_MS / 1000
        while time.monotonic() < end:
            if (new := read()) != old:
                return new
            time.sleep(0.05)
        pytest.fail(f"{what} stays {old!r}")


@pytest.fixture
def visit(browser, address):
    """A visit to the page on a screen of a desk; nothing may have gone wrong in it."""
    found = Visit(browser, address, viewport={"width": 1300, "height": 1000})
    yield found
    found.context.close()
    assert found.foreign == []
    assert found.problems == []


@pytest.fixture
def refining(browser):
    """A visit to a page of its own that goes on to 480 runs; nothing is waited for."""
    with live_page(480) as there:
        found = Visit(browser, there, viewport={"width": 1300, "height": 1000})
        found.tab.goto(there)
        yield found
        found.context.close()
        assert found.problems == []


@pytest.fixture
def phone(browser, address):
    """The same on a phone."""
    found = Visit(browser, address, viewport={"width": 375, "height": 700}, has_touch=True)
    yield found
    found.context.close()
    assert found.problems == []


@pytest.fixture
def bad_scenario(tmp_path) -> Path:
    """A scenario file with a mistake in it."""
    file = tmp_path / "bad.yaml"
    text = "schema_version: 1\nname: bad\nextends: baseline\nset:\n  frontier.cn.catchup: 0.04\n"
    file.write_text(text, encoding="utf-8")
    return file
