"""The forms in which nearest upsampling and a convolution can be computed, all with equal results.

The pair, the transposed convolution with the tied kernel, and the one with the weights themselves and sums
after it are the library's. The sub-pixel form is measured beside them: one ordinary convolution of stride 1
makes all phases, and one copy interleaves them.
"""

import torch
import torch.nn.functional as F
from torch import Tensor

from upsample_lib.torch_path.transposed_box import transposed_box
from upsample_lib.torch_path.upsample_convolution import pair as nearest_then_conv
from upsample_lib.torch_path.upsample_convolution import tied_kernel, transposed


def pair(x: Tensor, weight: Tensor, bias: Tensor | None, scale: int) -> Tensor:
    return nearest_then_conv(x, weight, bias, (scale, scale), 1)


def tied(weight: Tensor, scale: int) -> Tensor:
    """The kernel that the transposed and the sub-pixel form compute with, (C_in, C_out, K, K)."""
    return tied_kernel(weight, (scale, scale), 1)


def by_transposed(x: Tensor, kernel: Tensor, bias: Tensor | None, scale: int) -> Tensor:
    return transposed(x, kernel, bias, (scale, scale), 1)


def by_box(x: Tensor, weight: Tensor, bias: Tensor | None, scale: int) -> Tensor:
    return transposed_box(x, weight, bias, (scale, scale), 1)


def phase_kernels(kernel: Tensor, scale: int) -> Tensor:
    """(s² · C_out, C_in, q, q), q = ⌈K / s⌉: tap s·j + ρ of the tied kernel is tap q − 1 − j of phase ρ."""
    c_in, c_out, size, _ = kernel.shape
    q = -(-size // scale)
    missing = q * scale - size
    whole = F.pad(kernel, (0, missing, 0, missing))
    phases = whole.reshape(c_in, c_out, q, scale, q, scale).flip(2, 4)
    return phases.permute(3, 5, 1, 0, 2, 4).reshape(scale * scale * c_out, c_in, q, q)


def by_subpixel(x: Tensor, phases: Tensor, bias: Tensor | None, scale: int, k: int) -> Tensor:
    """All phases by one convolution, then interleaved and cropped by k // 2."""
    (batch, _, height, width), q, p = x.shape, phases.shape[2], k // 2
    y = F.conv2d(x, phases, None if bias is None else bias.repeat(scale * scale), padding=q - 1)
    rows, columns = y.shape[2:]
    y = y.reshape(batch, scale, scale, -1, rows, columns).permute(0, 3, 4, 1, 5, 2)
    y = y.reshape(batch, -1, rows * scale, columns * scale)
    y = y[:, :, p : p + scale * height, p : p + scale * width]
    layout = torch.channels_last if x.is_contiguous(memory_format=torch.channels_last) else None
    return y.contiguous(memory_format=layout or torch.contiguous_format)
