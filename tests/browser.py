"""A real Chromium for the tests that need one, and what to say where there is none."""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

# Without these Chromium looks up hosts of its own at every start.
QUIET = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")


def installed() -> str | None:
    """The program of an installed Chromium or Chrome."""
    return next(filter(None, map(shutil.which, NAMES)), None)


def _install() -> bool:
    """Let Playwright fetch its own Chromium; False where it cannot."""
    command = [sys.executable, "-m", "playwright", "install", "chromium"]
    return subprocess.run(command, capture_output=True, timeout=600, check=False).returncode == 0


@contextmanager
def chromium() -> Iterator[object]:
    """A running Chromium: an installed one, else Playwright's own; else a skip (with CI=true: a failure)."""
    from playwright.sync_api import Error, sync_playwright

    with sync_playwright() as playwright:
        browser = None
        try:
            browser = playwright.chromium.launch(executable_path=installed(), args=QUIET)
        except Error:
            if _install():
                browser = playwright.chromium.launch(args=QUIET)
        if browser is None:
            sentence = (
                "browser tests were not run: no Chromium or Chrome is installed and none could be downloaded"
            )
            if os.environ.get("CI") == "true":
                pytest.fail(sentence)
            pytest.skip(sentence)
        yield browser
        browser.close()
