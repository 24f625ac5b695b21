"""Times of a GPU's work by its own clock: a call only queues it, the processor's clock would see nothing."""

import statistics
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

import torch

from benchmarks import interleaved

Call = Callable[[], object]
Timer = Callable[[Call], float]  # seconds of one call

_FLUSHED = 1 << 28  # bytes written between two calls, so that none finds its data in the cache


def cuda_events(call: Call, repetitions: int = 30) -> float:
    """Median of calls between two events in the queue, the cache emptied before each."""
    for _ in range(5):
        call()
    other = torch.empty(_FLUSHED, dtype=torch.int8, device="cuda")
    pairs = [[torch.cuda.Event(enable_timing=True) for _ in range(2)] for _ in range(repetitions)]
    for start, end in pairs:
        other.zero_()
        start.record()
        call()
        end.record()
    torch.cuda.synchronize()
    return statistics.median(start.elapsed_time(end) for start, end in pairs) / 1e3


def best_timer() -> tuple[str, Timer]:
    """triton's `do_bench`, which does the same, where triton is installed; else the events above."""
    try:
        from triton.testing import do_bench  # type: ignore[import-not-found]
    except ImportError:
        return "CUDA events", cuda_events
    return "triton.testing.do_bench", lambda call: float(do_bench(call, return_mode="median")) / 1e3


@dataclass(frozen=True)
class Turns:
    """Seconds of one candidate, median over the rounds, and the reference's time over its own."""

    seconds: float
    speedup: float
    lower: float
    upper: float


def in_turns(candidates: dict[str, Call], reference: str, timer: Timer, rounds: int = 5) -> dict[str, Turns]:
    """All candidates in random order in every round; ratios are taken within the round."""
    seconds = interleaved.in_turns({name: partial(timer, call) for name, call in candidates.items()}, rounds)
    found = {}
    for name, own in seconds.items():
        lower, middle, upper = interleaved.ratios(seconds[reference], own)
        found[name] = Turns(statistics.median(own), middle, lower, upper)
    return found
