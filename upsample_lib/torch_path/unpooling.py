"""Unpooling on PyTorch; the arguments come checked from `upsample_lib.unpooling`."""

import math
from typing import Any

import torch
import torch.nn.functional as F

from upsample_lib._windows import Axis
from upsample_lib.torch_path.layout import is_channels_last
from upsample_lib.unpooling import outside

_UNPOOL: dict[int, Any] = {1: F.max_unpool1d, 2: F.max_unpool2d, 3: F.max_unpool3d}


def max_unpool(
    input: torch.Tensor,
    indices: torch.Tensor,
    kernels: Any,
    strides: Any,
    paddings: Any,
    sizes: tuple[int, ...],
) -> torch.Tensor:
    unpool = _UNPOOL[len(sizes)]
    try:
        return unpool(input, indices, kernels, strides, paddings, sizes)  # type: ignore[no-any-return]
    except RuntimeError as error:
        # values cannot be checked beforehand on every device; the CPU finds them and says so
        if "invalid max index" not in str(error):
            raise
        low, high = int(indices.min()), int(indices.max())
        raise ValueError(outside(low if low < 0 else high, sizes)) from None


def avg_unpool(
    input: torch.Tensor,
    axes: tuple[Axis, ...],
    ceil_mode: bool,
    count_include_pad: bool,
    divisor_override: int | None,
) -> torch.Tensor:
    """The gradient of average pooling: torch has it as an operation of its own, differentiable in turn."""
    n, m, k, s, p, _ = map(list, zip(*axes))
    lead = input.shape[: input.ndim - len(axes)]
    shares = input.reshape(math.prod(lead), 1, *m)
    if len(axes) == 1:  # torch averages signals as images of height 1
        shares, n, k, s, p = shares.unsqueeze(-2), [1, *n], [1, *k], [1, *s], [0, *p]
    # only the shape of the pooling's input matters
    pooled = shares.new_zeros(()).expand(shares.shape[0], 1, *n)
    backward = torch.ops.aten.avg_pool3d_backward if len(axes) == 3 else torch.ops.aten.avg_pool2d_backward
    spread = backward(shares, pooled, k, s, p, ceil_mode, count_include_pad, divisor_override)
    return spread.reshape(*lead, *(axis.n for axis in axes))  # type: ignore[no-any-return]


def bed_of_nails(input: torch.Tensor, strides: tuple[int, ...], sizes: tuple[int, ...]) -> torch.Tensor:
    if len(sizes) == input.ndim - 2 and is_channels_last(input):
        # zeros laid out as the input is: make them with the channels last and turn them back
        output = input.new_zeros(input.shape[0], *sizes, input.shape[1]).movedim(-1, 1)
    else:
        output = input.new_zeros(*input.shape[: input.ndim - len(sizes)], *sizes)
    nails: tuple[Any, ...] = (..., *(slice(None, None, s) for s in strides))
    output[nails] = input
    return output
