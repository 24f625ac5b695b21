"""Upsampling and convolution of tensors in one; the arguments come checked from `upsample_convolution`."""

import torch
import torch.nn.functional as F
from torch import Tensor

from upsample_lib.torch_path.layout import is_channels_last
from upsample_lib.torch_path.transposed_box import transposed_box
from upsample_lib.upsample_convolution import smearing as smearing_matrix

Pair = tuple[int, int]

# Measured on CPUs: with fewer input channels to sum over, the faster forms only move memory.
_ENOUGH_CHANNELS, _ENOUGH_IN_A_GROUP = 8, 16
# Measured on CPUs, in multiplications of a convolution: one of the product that makes the tied kernel, with
# its share of the backward pass; a sum over a window; a second operation, however small, for each thread.
_OF_MAKING, _OF_A_SUM, _OF_A_SECOND_OPERATION = 13, 40, 1 << 24

_matrices: dict[tuple[Pair, Pair, torch.dtype, torch.device], Tensor] = {}


def upsample_conv(
    input: Tensor,
    weight: Tensor,
    bias: Tensor | None,
    scale: Pair,
    groups: int,
    kernel: Tensor | None = None,
) -> Tensor:
    """`kernel`: the tied kernel of `weight` where the caller has kept it."""
    if weight.shape[2:].numel() == 1:  # one tap commutes with copying: convolve while the map is small
        return repeat(F.conv2d(input, weight, bias, groups=groups), scale)
    match fastest_form(input, weight, scale, groups, made=kernel is not None):
        case "box":
            return transposed_box(input, weight, bias, scale, groups)
        case "tied":
            made = tied_kernel(weight, scale, groups) if kernel is None else kernel
            return transposed(input, made, bias, scale, groups)
        case _:
            return pair(input, weight, bias, scale, groups)


def transposed(input: Tensor, kernel: Tensor, bias: Tensor | None, scale: Pair, groups: int) -> Tensor:
    """The transposed convolution with an already tied kernel; the input's layout is the output's."""
    padding = ((kernel.shape[2] - scale[0] + 1) // 2, (kernel.shape[3] - scale[1] + 1) // 2)
    y = F.conv_transpose2d(input, kernel, bias, scale, padding, groups=groups)
    if input.ndim == 4 and not is_channels_last(input):
        y = y.contiguous()  # a kernel with channels last would hand its layout on
    return y


def pair(input: Tensor, weight: Tensor, bias: Tensor | None, scale: Pair, groups: int) -> Tensor:
    """The two layers that it all equals."""
    padding = (weight.shape[2] // 2, weight.shape[3] // 2)
    return F.conv2d(repeat(input, scale), weight, bias, padding=padding, groups=groups)


def repeat(input: Tensor, scale: Pair) -> Tensor:
    """Nearest neighbour; torch knows it for batches only."""
    factors = (float(scale[0]), float(scale[1]))
    if input.ndim == 3:
        return F.interpolate(input[None], scale_factor=factors, mode="nearest")[0]
    return F.interpolate(input, scale_factor=factors, mode="nearest")


def fastest_form(input: Tensor, weight: Tensor, scale: Pair, groups: int, made: bool) -> str:
    """What `upsample_conv` computes with: "pair", "tied" or "box"; `made`: the tied kernel is there."""
    if input.device.type != "cpu":
        return "tied"
    c_out, per_group, k_h, k_w = weight.shape
    if per_group < (_ENOUGH_IN_A_GROUP if groups > 1 else _ENOUGH_CHANNELS):
        return "pair"
    positions = input.shape[-1] * input.shape[-2] * (input.shape[0] if input.ndim == 4 else 1)
    k, phases, size = k_h * k_w, scale[0] * scale[1], (k_h + scale[0] - 1) * (k_w + scale[1] - 1)
    kernels, making = c_out * per_group, 0 if made else _OF_MAKING * k * size
    threads = 1 if torch.compiler.is_compiling() else torch.get_num_threads()
    costs = {
        "pair": kernels * positions * phases * k,
        "tied": kernels * (positions * size + making),
        "box": positions * (kernels * k + _OF_A_SUM * c_out * phases) + _OF_A_SECOND_OPERATION * threads,
    }
    return min(costs, key=lambda form: costs[form])


def tied_kernel(weight: Tensor, scale: Pair, groups: int) -> Tensor:
    """flip(w) ∗ ones(s, s), (C_in, C_out/groups, K, K), as one matrix product."""
    c_out, per_group, k_h, k_w = weight.shape
    # half precision is summed in single precision and rounded once, under autocast too
    dtype = torch.promote_types(weight.dtype, torch.float32)
    with torch.autocast(weight.device.type, enabled=False):
        taps = weight.to(dtype).reshape(groups, c_out // groups, per_group, k_h * k_w).transpose(1, 2)
        smearing = _smearing((k_h, k_w), scale, dtype, weight.device)
        kernel = taps.reshape(-1, k_h * k_w) @ smearing.T
        size = (k_h + scale[0] - 1, k_w + scale[1] - 1)
        return kernel.to(weight.dtype).reshape(groups * per_group, c_out // groups, *size)


def kept_kernel(weight: Tensor, scale: Pair, groups: int) -> Tensor:
    """The same, laid out for many uses: with the output channels last it is read fastest."""
    return tied_kernel(weight, scale, groups).contiguous(memory_format=torch.channels_last)


def _smearing(kernel: Pair, scale: Pair, dtype: torch.dtype, device: torch.device) -> Tensor:
    """The matrix on the weight's device, kept there: copying it at each call would stall an accelerator."""
    if torch.compiler.is_compiling():
        return _smearing_in_graph(kernel, scale, dtype, device)
    key = kernel, scale, dtype, device
    found = _matrices.get(key)
    if found is None:
        # also usable by autograd later, whatever mode it is first asked for in
        with torch.inference_mode(False):
            found = torch.tensor(smearing_matrix(kernel, scale).tolist(), dtype=dtype, device=device)
        if type(found) is Tensor:  # not a stand-in of a tracing mode
            _matrices[key] = found
    return found


def _smearing_in_graph(kernel: Pair, scale: Pair, dtype: torch.dtype, device: torch.device) -> Tensor:
    """The same from comparisons, which a compiler folds into a constant."""
    rows, columns = (
        torch.arange(k + s - 1, device=device)[:, None] + torch.arange(k, device=device) - (k - 1)
        for k, s in zip(kernel, scale)
    )
    boxes = [((at >= 0) & (at < s)).to(dtype) for at, s in zip((rows, columns), scale)]
    return torch.kron(boxes[0], boxes[1])
