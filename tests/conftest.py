"""What the whole suite shares: one browser, GPU tests that wait for a GPU, and counts printed at the end.

Counted are PyTorch's own samples that were compared, and GPU tests that were not run.
"""

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


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    waiting = [item for item in items if item.get_closest_marker("gpu")]
    if not waiting:
        return
    import torch  # only where a test asks for a GPU

    if not torch.cuda.is_available():
        for item in waiting:
            item.add_marker(pytest.mark.skip(reason="PyTorch sees no GPU"))


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    waiting = sum("gpu" in report.keywords for report in terminalreporter.stats.get("skipped", []))
    if waiting:
        terminalreporter.section("GPU")
        terminalreporter.line(f"{waiting} GPU tests were not run: PyTorch sees no GPU here")
    passed = terminalreporter.stats.get("passed", [])
    counts = [match.group() for report in passed for match in _COUNTED.finditer(report.capstdout)]
    if counts:
        terminalreporter.section("PyTorch's sample inputs")
        for line in sorted(counts):
            terminalreporter.line(line)
