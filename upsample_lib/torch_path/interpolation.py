"""Interpolation on PyTorch."""

from typing import Any

import torch
from torch.nn import functional


def interpolate(
    input: torch.Tensor,
    out: tuple[int, ...],
    scales: tuple[float | None, ...],
    mode: str,
    align_corners: bool | None,
    antialias: bool,
) -> torch.Tensor:
    """Resize to `out`, at positions that follow the scales where they are given."""
    if antialias and out[1] == 1 and out[0] != input.shape[2]:
        # torch 2.13 on the CPU gives every row of an antialiased image of width 1 the value of its first row:
        # shrink the rows, then stretch the single column lying down
        row = interpolate(input, (input.shape[2], 1), (None, scales[1]), mode, align_corners, antialias)
        column = row.transpose(2, 3)
        lying = interpolate(column, (1, out[0]), (None, scales[0]), mode, align_corners, antialias)
        return lying.transpose(2, 3).contiguous()
    target: Any = {"size": out}
    if any(scale is not None for scale in scales):
        target = {"scale_factor": tuple(1.0 if scale is None else scale for scale in scales)}
    return functional.interpolate(
        input, **target, mode=mode, align_corners=align_corners, antialias=antialias
    )
