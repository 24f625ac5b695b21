"""Blur pooling on PyTorch; the arguments come checked from `upsample_lib.blur_pooling`."""

from typing import Any

import torch

from upsample_lib.torch_path.layout import is_channels_last


def blur_pool(
    input: torch.Tensor, weights: list[list[float]], sources: list[list[int]], strides: tuple[int, ...]
) -> torch.Tensor:
    # half precision is summed in single precision and rounded once
    y = input.to(torch.promote_types(input.dtype, torch.float32))
    # index_select gives its result in the order of its axes: keep channels that come last in memory last
    turned = len(weights) == input.ndim - 2 and is_channels_last(input)
    if turned:
        y = y.movedim(1, -1)
    first = -len(weights) - turned
    for dim, (weight, source, stride) in enumerate(zip(weights, sources, strides), start=first):
        padded = y.index_select(dim, torch.tensor(source, device=input.device))
        last = len(source) - len(weight) + 1
        taps = [padded.narrow(dim, j, last)[_every(dim, stride)] * w for j, w in enumerate(weight)]
        y = sum(taps[1:], taps[0])
    return (y.movedim(-1, 1) if turned else y).to(input.dtype)


def _every(dim: int, stride: int) -> tuple[Any, ...]:
    return (..., slice(None, None, stride)) + (slice(None),) * (-1 - dim)
