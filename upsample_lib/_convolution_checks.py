"""Which convolutions are refused, and the numbers that both paths need, from shapes and dtypes alone."""

from collections.abc import Sequence
from typing import Any, NamedTuple

from upsample_lib._arguments import PerAxis, dtype_among, integer, per_axis

Sizes = tuple[int, ...]

_FLOATS = ("float16", "bfloat16", "float32", "float64", "complex32", "complex64", "complex128")
# PyTorch adds a convolution up in any integer type, a transposed one only in int64
_CONV_DTYPES = (*_FLOATS, "int64", "int32", "int16", "int8", "uint8")
_TRANSPOSE_DTYPES = (*_FLOATS, "int64")


class Geometry(NamedTuple):
    """One checked convolution: an entry for each spatial axis."""

    stride: Sizes
    before: Sizes
    after: Sizes
    dilation: Sizes
    groups: int
    out_size: Sizes


def _axis_names(axes: int) -> str:
    return ", ".join(("kD", "kH", "kW")[3 - axes :])


def _check_shapes(
    axes: int, input: Any, weight: Any, bias: Any, groups: int, transposed: bool, tensors: bool
) -> int:
    """Refuse arrays that do not fit each other; gives `groups` as an int."""
    channels_first, channels_second = ("C_in", "C_out/groups") if transposed else ("C_out", "C_in/groups")
    shape = tuple(weight.shape)
    if len(shape) != axes + 2:
        raise ValueError(
            f"weight must have the shape ({channels_first}, {channels_second}, {_axis_names(axes)}), "
            f"got {shape}"
        )
    if len(input.shape) not in (axes + 1, axes + 2):
        raise ValueError(
            f"input must have {axes + 1} axes (C, …) or {axes + 2} axes (N, C, …), "
            f"got the shape {tuple(input.shape)}"
        )
    operation = f"conv_transpose{axes}d" if transposed else f"conv{axes}d"
    dtype_among("input", input, _TRANSPOSE_DTYPES if transposed else _CONV_DTYPES, operation)
    for name, array in (("weight", weight), ("bias", bias)):
        if array is not None and array.dtype != input.dtype and not (tensors and _autocasts(input)):
            wanted, got = (str(a.dtype).removeprefix("torch.") for a in (input, array))
            raise TypeError(f"{name} must have the dtype of input, {wanted}, got {got}")
    groups = integer("groups", groups, 1)
    if shape[0] < groups or shape[0] % groups:
        raise ValueError(
            f"groups must divide the {shape[0]} channels of axis 0 of weight, {channels_first}, got {groups}"
        )
    expected = shape[0] if transposed else shape[1] * groups
    channels = input.shape[-axes - 1]
    if channels != expected:
        raise ValueError(
            f"input must have {expected} channels for a weight of shape {shape} and groups {groups}, "
            f"got {channels}"
        )
    if min(shape[2:]) < 1 or (transposed and shape[1] < 1):
        raise ValueError(f"weight must have no empty axis, got the shape {shape}")
    out_channels = shape[1] * groups if transposed else shape[0]
    if bias is not None and tuple(bias.shape) != (out_channels,):
        raise ValueError(f"bias must have the shape ({out_channels},), got {tuple(bias.shape)}")
    return groups


def _autocasts(input: Any) -> bool:
    """Whether torch will bring the dtypes of a call together by itself."""
    import torch

    device = input.device.type
    return torch.amp.is_autocast_available(device) and torch.is_autocast_enabled(device)


def _empty_batch(input: Any, axes: int) -> bool:
    return len(input.shape) == axes + 2 and input.shape[0] == 0


def _check_sizes(input: Any, axes: int) -> Sizes:
    """The spatial sizes; PyTorch takes empty axes only in an empty batch."""
    sizes = tuple(input.shape[-axes:])
    if 0 in sizes and not _empty_batch(input, axes):
        raise ValueError(
            f"input must have at least 1 pixel along each axis, got the shape {tuple(input.shape)}"
        )
    return sizes


def _pads(padding: PerAxis | str, axes: int, stride: Sizes, reaches: Sizes) -> tuple[Sizes, Sizes]:
    """Padding before and after each axis; reaches are d(k−1)."""
    if padding == "valid":
        return (0,) * axes, (0,) * axes
    if padding == "same":
        if max(stride) > 1:
            raise ValueError(f"padding='same' must come with stride 1, got stride {stride}")
        # an even kernel has no middle: the odd pixel goes to the end
        return tuple(r // 2 for r in reaches), tuple(r - r // 2 for r in reaches)
    if isinstance(padding, str):
        raise ValueError(f"padding must be an integer, {axes} integers, 'same' or 'valid', got {padding!r}")
    pads = per_axis("padding", padding, axes, 0)
    return pads, pads


def check_conv(
    axes: int,
    input: Any,
    weight: Any,
    bias: Any,
    stride: PerAxis,
    padding: PerAxis | str,
    dilation: PerAxis,
    groups: int,
    tensors: bool,
) -> Geometry:
    """Refuse what PyTorch refuses of a convolution."""
    groups = _check_shapes(axes, input, weight, bias, groups, False, tensors)
    n = _check_sizes(input, axes)
    return conv_geometry(n, tuple(weight.shape[2:]), stride, padding, dilation, groups)


def check_upsample_conv(
    input: Any, weight: Any, bias: Any, scale: PerAxis, groups: int, tensors: bool
) -> tuple[tuple[int, int], int]:
    """Refuse what is no nearest upsampling before a size-keeping convolution; gives scales and groups."""
    operation = "upsample_conv2d"
    # the enlargement before the convolution is what PyTorch computes of floats alone
    dtype_among("input", input, ("float16", "bfloat16", "float32", "float64"), operation)
    groups = _check_shapes(2, input, weight, bias, groups, False, tensors)
    if 0 in weight.shape:
        raise ValueError(f"weight must have no empty axis, got the shape {tuple(weight.shape)}")
    _check_sizes(input, 2)
    return check_tied_kernel(weight, scale), groups


def check_tied_kernel(weight: Any, scale: PerAxis) -> tuple[int, int]:
    """Refuse a kernel without a middle, which cannot keep the size; gives the scales of both axes."""
    rows, columns = per_axis("scale", scale, 2, 1)
    if len(weight.shape) != 4:
        raise ValueError(
            f"weight must have the shape (C_out, C_in/groups, kH, kW), got {tuple(weight.shape)}"
        )
    if any(k % 2 == 0 for k in weight.shape[2:]):
        raise ValueError(
            f"weight must have an odd kernel size to keep the size, got {_by(tuple(weight.shape[2:]))}"
        )
    return rows, columns


def conv_geometry(
    n: Sizes, kernel: Sizes, stride: PerAxis, padding: PerAxis | str, dilation: PerAxis, groups: int
) -> Geometry:
    """The convolution of an input of spatial sizes n, refused if the kernel does not fit."""
    axes = len(n)
    strides, dilations = per_axis("stride", stride, axes, 1), per_axis("dilation", dilation, axes, 1)
    reaches = tuple(d * (k - 1) for d, k in zip(dilations, kernel))
    before, after = _pads(padding, axes, strides, reaches)
    padded = tuple(size + b + e for size, b, e in zip(n, before, after))
    if any(reach + 1 > room for reach, room in zip(reaches, padded)):
        raise ValueError(
            f"weight must fit into the padded input of {_by(padded)} pixels, got a kernel of {_by(kernel)}"
            + (f" that spans {_by(tuple(r + 1 for r in reaches))}" if max(dilations) > 1 else "")
        )
    out_size = tuple((room - reach - 1) // s + 1 for room, reach, s in zip(padded, reaches, strides))
    return Geometry(strides, before, after, dilations, groups, out_size)


def _by(sizes: Sequence[int]) -> str:
    return " × ".join(map(str, sizes))


def check_conv_transpose(
    axes: int,
    input: Any,
    weight: Any,
    bias: Any,
    stride: PerAxis,
    padding: PerAxis,
    output_padding: PerAxis,
    groups: int,
    dilation: PerAxis,
    tensors: bool,
) -> Geometry:
    """Refuse what PyTorch refuses of a transposed convolution; `after` is how much of the end is cropped."""
    groups = _check_shapes(axes, input, weight, bias, groups, True, tensors)
    n, kernel = _check_sizes(input, axes), tuple(weight.shape[2:])
    if isinstance(padding, str):
        raise TypeError(f"padding must be an integer or {axes} integers, got {padding!r}")
    strides, dilations = per_axis("stride", stride, axes, 1), per_axis("dilation", dilation, axes, 1)
    pads, extra = per_axis("padding", padding, axes, 0), per_axis("output_padding", output_padding, axes, 0)
    if any(a >= max(s, d) for a, s, d in zip(extra, strides, dilations)):
        raise ValueError(
            f"output_padding must be smaller than stride {strides} or dilation {dilations} on each axis, "
            f"got {extra}"
        )
    out_size = tuple(
        (size - 1) * s - 2 * p + d * (k - 1) + a + 1
        for size, s, p, d, k, a in zip(n, strides, pads, dilations, kernel, extra)
    )
    # PyTorch lets the images of an empty batch become empty too
    if min(out_size) < (0 if _empty_batch(input, axes) else 1):
        raise ValueError(
            f"padding must leave an output of at least 1 pixel along each axis, got {pads}, "
            f"which leaves {out_size}"
        )
    return Geometry(strides, pads, tuple(p - a for p, a in zip(pads, extra)), dilations, groups, out_size)
