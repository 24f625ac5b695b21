"""What the whole suite reports: how many of PyTorch's own samples were compared, operation by operation."""

import re

import pytest

_COUNTED = re.compile(r"^.+: \d+ (samples (on NumPy|on torch|differentiated)|refused calls)$", re.MULTILINE)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    passed = terminalreporter.stats.get("passed", [])
    counts = [match.group() for report in passed for match in _COUNTED.finditer(report.capstdout)]
    if counts:
        terminalreporter.section("PyTorch's sample inputs")
        for line in sorted(counts):
            terminalreporter.line(line)
