"""The system's Chromium for browser tests: where it is absent they skip, on CI they fail."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

NAMES = ("chromium", "chromium-browser", "google-chrome")
OPTIONS = ("--no-sandbox", "--disable-gpu", "--disable-background-networking")


def executable() -> str:
    """Path of the browser. Skips the test without one, or fails it where CI is set."""
    for name in NAMES:
        found = shutil.which(name)
        if found:
            return found
    reason = f"no browser: none of {', '.join(NAMES)} is installed"
    if os.environ.get("CI"):
        pytest.fail(reason)
    pytest.skip(reason)


@contextmanager
def browser() -> Iterator[object]:
    """A running browser, closed at the end."""
    path = executable()
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=path, args=list(OPTIONS))
        try:
            yield opened
        finally:
            opened.close()
