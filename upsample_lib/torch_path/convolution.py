"""Convolution and transposed convolution of tensors: torch's own, after the checks that both paths share."""

import torch.nn.functional as F
from torch import Tensor

from upsample_lib._convolution_checks import Geometry

_CONV = {1: F.conv1d, 2: F.conv2d, 3: F.conv3d}
_CONV_TRANSPOSE = {1: F.conv_transpose1d, 2: F.conv_transpose2d, 3: F.conv_transpose3d}


def conv(
    axes: int, input: Tensor, weight: Tensor, bias: Tensor | None, layer: Geometry, named_padding: str | None
) -> Tensor:
    """`named_padding`: 'same' or 'valid' where the caller said so; torch then splits odd paddings itself."""
    padding = layer.before if named_padding is None else named_padding
    return _CONV[axes](input, weight, bias, layer.stride, padding, layer.dilation, layer.groups)


def conv_transpose(axes: int, input: Tensor, weight: Tensor, bias: Tensor | None, layer: Geometry) -> Tensor:
    """Torch wants the crop of the end as what is left of the padding."""
    output_padding = tuple(before - after for before, after in zip(layer.before, layer.after))
    return _CONV_TRANSPOSE[axes](
        input, weight, bias, layer.stride, layer.before, output_padding, layer.groups, layer.dilation
    )
