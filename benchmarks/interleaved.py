"""Speed ratios that hold on a busy machine, and a process in which they are fair.

Candidates take turns: in every round each has one turn, in random order, and ratios are taken within the
round, so that a slow moment hits all of them. A turn is a few calls of which the fastest counts: the others
may have been interrupted. What is reported is the median ratio over the rounds and its quartiles.
"""

import gc
import math
import os
import platform
import random
import statistics
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

# idle threads of one library must sleep, not spin on the cores that the other one is using
_ASLEEP = {"OMP_WAIT_POLICY": "PASSIVE", "OPENBLAS_THREAD_TIMEOUT": "4"}
# overrides of what OpenBLAS finds out about the processor: with them the wrong kernel would be measured
_UNFAIR = (
    "OPENBLAS_CORETYPE",
    "OPENBLAS_L2_SIZE",
    "OMP_NUM_THREADS",
    "OPENBLAS_NUM_THREADS",
    "MKL_NUM_THREADS",
)


def fair_process(libraries: int = 2) -> None:
    """Start this process again with a fair environment, unless it has one. Call before numpy is imported.

    A single library's threads wait as they do by default: there are no others to be disturbed.
    """
    unfair = (*_UNFAIR, *_ASLEEP)
    environment = {name: value for name, value in os.environ.items() if name not in unfair}
    if libraries > 1:
        environment |= _ASLEEP
    if environment != dict(os.environ):
        os.execve(sys.executable, [sys.executable, *sys.orig_argv[1:]], environment)
    if "numpy" in sys.modules:
        raise RuntimeError("fair_process must be called before numpy is imported")


def use_threads(count: int) -> None:
    """Let BLAS and torch use this many threads."""
    import threadpoolctl  # type: ignore[import-untyped]
    import torch

    torch.set_num_threads(count)
    threadpoolctl.threadpool_limits(count)


def blas() -> dict[str, Any]:
    """The BLAS that NumPy calls and the kernel it chose for this processor."""
    import threadpoolctl

    (info,) = [pool for pool in threadpoolctl.threadpool_info() if pool["user_api"] == "blas"]
    return {key: info.get(key) for key in ("internal_api", "version", "architecture", "threading_layer")}


def _processor() -> str:
    cpuinfo = Path("/proc/cpuinfo")
    if cpuinfo.exists():
        names = [line for line in cpuinfo.read_text().splitlines() if line.startswith("model name")]
        if names:
            return names[0].partition(":")[2].strip()
    return platform.processor() or platform.machine()


def circumstances(*packages: str) -> dict[str, Any]:
    """Machine, versions and date, to be stored beside the numbers."""
    versions: dict[str, str | None] = {"python": platform.python_version()}
    for package in packages:
        try:
            versions[package] = version(package)
        except PackageNotFoundError:
            versions[package] = None
    return {
        "machine": {"processor": _processor(), "cores": os.cpu_count(), "system": platform.system()},
        # more running than there are cores: two-thread ratios then say little
        "load": os.getloadavg() if hasattr(os, "getloadavg") else None,
        "blas": blas(),
        "versions": versions,
        "date": datetime.now(UTC).isoformat(timespec="seconds"),
    }


@dataclass(frozen=True)
class Timing:
    """One candidate: seconds per call and time relative to the reference, medians over the rounds."""

    seconds: float
    ratio: float
    lower: float
    upper: float
    rounds: int


def fastest(function: Callable[[], object], calls: int) -> float:
    """Seconds of the fastest of so many calls."""
    best = math.inf
    for _ in range(calls):
        start = time.perf_counter()
        function()
        best = min(best, time.perf_counter() - start)
    return best


def in_turns(clocks: dict[str, Callable[[], float]], rounds: int) -> dict[str, list[float]]:
    """What each clock says in each round, in which all have their turn, in random order."""
    said: dict[str, list[float]] = {name: [] for name in clocks}
    order = list(clocks)
    for _ in range(rounds):
        random.shuffle(order)
        for name in order:
            said[name].append(clocks[name]())
    return said


def ratios(own: list[float], others: list[float]) -> tuple[float, float, float]:
    """Quartiles of the ratios within the rounds: lower, median, upper."""
    lower, median, upper = statistics.quantiles([a / b for a, b in zip(own, others)], n=4, method="inclusive")
    return lower, median, upper


def interleave(
    candidates: dict[str, Callable[[], object]], reference: str, rounds: int = 15, span: float = 0.02
) -> dict[str, Timing]:
    """Time the candidates in turns of about `span` seconds, or of three calls, or of one that takes long."""
    calls = {}
    for name, function in candidates.items():
        function()
        once = fastest(function, 1)
        calls[name] = max(3, int(span / once)) if once < 0.1 else 1
    clocks = {name: partial(fastest, function, calls[name]) for name, function in candidates.items()}
    gc.collect()
    gc.disable()
    try:
        seconds = in_turns(clocks, rounds)
    finally:
        gc.enable()
    timings = {}
    for name, own in seconds.items():
        lower, median, upper = ratios(own, seconds[reference])
        timings[name] = Timing(statistics.median(own), median, lower, upper, rounds)
    return timings
