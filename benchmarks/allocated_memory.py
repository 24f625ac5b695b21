"""Peak of the memory that PyTorch allocates on the CPU during a call, counted, not timed."""

from collections.abc import Callable

import torch
from torch.profiler import ProfilerActivity, profile


def peak_bytes(function: Callable[[], object]) -> int:
    """The largest sum of live allocations during a call; what lived before it is not counted."""
    function()  # what is made once and kept is no part of a call
    with profile(activities=[ProfilerActivity.CPU], profile_memory=True) as recorded:
        held = function()
    del held
    live = peak = 0
    events = recorded.profiler.kineto_results.events()  # type: ignore[union-attr]
    for event in sorted(events, key=lambda e: e.start_ns()):
        if event.name() == "[memory]" and event.device_type() == torch.autograd.DeviceType.CPU:
            live += event.nbytes()
            peak = max(peak, live)
    return peak
