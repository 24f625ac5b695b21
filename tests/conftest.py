"""What the whole suite shares: one browser, and a count of PyTorch's own samples that were compared."""

import re
from collections.abc import Iterator

import pytest

from tests.browser import chromium

_COUNTED = re.compile(r"^.+: \d+ (samples (on NumPy|on torch|differentiated)|refused calls)$", re.MULTILINE)


@pytest.fixture(scope="session")
def browser() -> Iterator[object]:
    """One Chromium for the whole run: a second Playwright in the same process refuses to start."""
    with chromium() as running:
        yield running


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    passed = terminalreporter.stats.get("passed", [])
    counts = [match.group() for report in passed for match in _COUNTED.finditer(report.capstdout)]
    if counts:
        terminalreporter.section("PyTorch's sample inputs")
        for line in sorted(counts):
            terminalreporter.line(line)
