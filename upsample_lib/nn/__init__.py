"""Upsampling as `torch.nn` modules: blocks, initialisers, converters between equal layers, and an audit."""

from upsample_lib.nn.audit import Finding, audit
from upsample_lib.nn.blocks import (
    UPSAMPLERS,
    BilinearConv,
    NearestConv,
    Subpixel,
    Transposed,
    Upsampler,
    upsampler,
)
from upsample_lib.nn.blur import Blur2d, BlurPool2d
from upsample_lib.nn.equivalence import (
    nearest_conv_from_transposed,
    subpixel_from_transposed,
    transposed_from_nearest_conv,
    transposed_from_subpixel,
)
from upsample_lib.nn.fusion import Fusion, fuse_upsample_conv
from upsample_lib.nn.init import bilinear_, icnr_
from upsample_lib.nn.shuffled_conv import ShuffledConv
from upsample_lib.nn.unpooling import MaxUnpoolConv
from upsample_lib.nn.upsample_conv import UpsampleConv2d

__all__ = [
    "UPSAMPLERS",
    "BilinearConv",
    "Blur2d",
    "BlurPool2d",
    "Finding",
    "Fusion",
    "MaxUnpoolConv",
    "NearestConv",
    "ShuffledConv",
    "Subpixel",
    "Transposed",
    "UpsampleConv2d",
    "Upsampler",
    "audit",
    "bilinear_",
    "fuse_upsample_conv",
    "icnr_",
    "nearest_conv_from_transposed",
    "subpixel_from_transposed",
    "transposed_from_nearest_conv",
    "transposed_from_subpixel",
    "upsampler",
]
