"""Nearest upsampling and a convolution in which every product of a pixel and a weight is made once.

Copying a pixel s × s times is putting zeros between the pixels, then summing over windows of s × s. The
convolution may go before the sums: a transposed convolution with w itself, k × k, makes each product, and the
sums hand it to all the outputs that need it. Of the pair's (s·k)² multiplications a position k² are left.
"""

from typing import Any

import torch
import torch.nn.functional as F
from torch import Tensor

from upsample_lib.torch_path.layout import is_channels_last
from upsample_lib.upsample_convolution import borders

Pair = tuple[int, int]

# Measured on CPUs: outputs of so many numbers, fewer where a backward pass follows and memory counts, are
# made in up to four pieces, of so many channels at least.
_MANY_NUMBERS, _MANY_IN_TRAINING, _PIECES, _CHANNELS = 1 << 19, 1 << 17, 4, 32


def transposed_box(input: Tensor, weight: Tensor, bias: Tensor | None, scale: Pair, groups: int) -> Tensor:
    """The arguments and the result are the pair's; the input's layout is the output's."""
    if input.ndim == 3:
        return transposed_box(input[None], weight, bias, scale, groups)[0]
    given = [t for t in (input, weight, bias) if t is not None]
    wanted = torch.is_grad_enabled() and any(t.requires_grad for t in given)
    # a graph of plain operations where there is no backward pass, or where someone else plans it
    planned = torch.compiler.is_compiling() or torch._C._get_tracing_state() is not None
    if not wanted or planned or torch.is_autocast_enabled(input.device.type):
        return _forward(input, weight, bias, scale, groups, _MANY_NUMBERS)
    y: Tensor = _TransposedBox.apply(input, weight, bias, scale, groups)  # type: ignore[no-untyped-call]
    return y


class _TransposedBox(torch.autograd.Function):
    """Keeps input and weight alone: the sums' backward pass needs nothing of what was summed."""

    generate_vmap_rule = True

    @staticmethod
    def forward(input: Tensor, weight: Tensor, bias: Tensor | None, scale: Pair, groups: int) -> Tensor:
        return _forward(input, weight, bias, scale, groups, _MANY_IN_TRAINING)

    @staticmethod
    def setup_context(ctx: Any, inputs: tuple[Any, ...], output: Tensor) -> None:
        input, weight, _, ctx.scale, ctx.groups = inputs
        ctx.save_for_backward(input, weight)
        ctx.save_for_forward(input, weight)

    @staticmethod
    def backward(ctx: Any, slope: Tensor) -> tuple[Tensor | None, ...]:
        input, weight = ctx.saved_tensors
        wanted = ctx.needs_input_grad
        slopes: list[Tensor | None] = [None, None]
        if any(wanted[:2]):
            slopes = _backward(slope, input, weight, ctx.scale, ctx.groups, wanted[:2])
        return *slopes, slope.sum((0, 2, 3)) if wanted[2] else None, None, None

    @staticmethod
    def jvp(ctx: Any, input_: Tensor, weight_: Tensor, bias_: Tensor | None, *_: None) -> Tensor:
        input, weight = ctx.saved_tensors
        common = ctx.scale, ctx.groups, _MANY_IN_TRAINING
        return _forward(input_, weight, None, *common) + _forward(input, weight_, bias_, *common)


def _forward(
    input: Tensor, weight: Tensor, bias: Tensor | None, scale: Pair, groups: int, many: int
) -> Tensor:
    pieces = _pieces(input, weight, scale, groups, many)
    if pieces == 1:
        return _piece(input, weight, bias, scale, groups)
    biases = [None] * pieces if bias is None else bias.tensor_split(pieces)
    return torch.cat([_piece(input, w, b, scale, 1) for w, b in zip(weight.tensor_split(pieces), biases)], 1)


def _piece(input: Tensor, weight: Tensor, bias: Tensor | None, scale: Pair, groups: int) -> Tensor:
    cut, padding = borders((weight.shape[2], weight.shape[3]), scale)
    spread = F.conv_transpose2d(input, _kernel(weight, groups, input), None, scale, cut, groups=groups)
    return F.conv2d(spread, _box(spread, scale), bias, padding=padding, groups=spread.shape[1])


def _backward(
    slope: Tensor, input: Tensor, weight: Tensor, scale: Pair, groups: int, wanted: tuple[bool, bool]
) -> list[Tensor | None]:
    """The gradients of input and weight."""
    cut, padding = borders((weight.shape[2], weight.shape[3]), scale)
    opposite = [s - 1 - p for s, p in zip(scale, padding)]
    pieces = _pieces(input, weight, scale, groups, _MANY_IN_TRAINING)
    of_input, of_weight = None, []
    for part, w in zip(slope.tensor_split(pieces, 1), weight.tensor_split(pieces)):
        sums = F.conv2d(part, _box(part, scale), None, padding=opposite, groups=part.shape[1])
        kernel = _kernel(w, groups, input)
        ahead, own, _ = torch.ops.aten.convolution_backward(
            sums, input, kernel, None, scale, cut, (1, 1), True, (0, 0), groups, (*wanted, False)
        )
        del sums, kernel, part, w
        if wanted[0]:
            of_input = ahead if of_input is None else of_input.add_(ahead)
        if wanted[1]:
            of_weight.append(_kernel(own, groups, input))
        del ahead, own
    joined = of_weight[0] if len(of_weight) == 1 else torch.cat(of_weight) if of_weight else None
    return [of_input, joined]


def _pieces(input: Tensor, weight: Tensor, scale: Pair, groups: int, many: int) -> int:
    """In how many pieces, by output channels: what lives only for a while then lives for one at a time."""
    positions = input.shape[0] * input.shape[2] * input.shape[3]
    if groups > 1 or positions * scale[0] * scale[1] * weight.shape[0] < many:
        return 1
    return max(1, min(_PIECES, weight.shape[0] // _CHANNELS))


def _kernel(weight: Tensor, groups: int, like: Tensor) -> Tensor:
    """Channel axes swapped within each group, taps flipped; twice is the weight again."""
    c_out, per_group, *size = weight.shape
    swapped = weight.reshape(groups, c_out // groups, per_group, *size).transpose(1, 2)
    layout = torch.channels_last if is_channels_last(like) else torch.contiguous_format
    return swapped.reshape(-1, c_out // groups, *size).flip(2, 3).contiguous(memory_format=layout)


def _box(maps: Tensor, scale: Pair) -> Tensor:
    return maps.new_ones((maps.shape[1], 1, *scale))
