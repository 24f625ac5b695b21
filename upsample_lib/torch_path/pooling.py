"""Pooling on PyTorch; the arguments come checked from `upsample_lib.pooling`."""

from typing import Any

import torch
import torch.nn.functional as F

from upsample_lib._windows import Axis

_MAX: dict[int, Any] = {1: F.max_pool1d, 2: F.max_pool2d, 3: F.max_pool3d}
_AVG: dict[int, Any] = {1: F.avg_pool1d, 2: F.avg_pool2d, 3: F.avg_pool3d}


def max_pool(input: torch.Tensor, axes: tuple[Axis, ...], ceil_mode: bool, return_indices: bool) -> Any:
    _, _, k, s, p, d = zip(*axes)
    return _MAX[len(axes)](input, k, s, p, d, ceil_mode, return_indices)


def avg_pool(
    input: torch.Tensor,
    axes: tuple[Axis, ...],
    ceil_mode: bool,
    count_include_pad: bool,
    divisor_override: int | None,
) -> torch.Tensor:
    _, _, k, s, p, _ = zip(*axes)
    more = () if len(axes) == 1 else (divisor_override,)
    return _AVG[len(axes)](input, k, s, p, ceil_mode, count_include_pad, *more)  # type: ignore[no-any-return]
