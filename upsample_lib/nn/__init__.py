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
from upsample_lib.nn.dcgan import DCGANDiscriminator, DCGANGenerator, dcgan_init_
from upsample_lib.nn.equivalence import (
    nearest_conv_from_transposed,
    subpixel_from_transposed,
    transposed_from_nearest_conv,
    transposed_from_subpixel,
)
from upsample_lib.nn.init import bilinear_, icnr_
from upsample_lib.nn.segnet import SegNet
from upsample_lib.nn.shuffled_conv import ShuffledConv
from upsample_lib.nn.unet import UNet
from upsample_lib.nn.unpooling import MaxUnpoolConv

__all__ = [
    "UPSAMPLERS",
    "BilinearConv",
    "Blur2d",
    "BlurPool2d",
    "DCGANDiscriminator",
    "DCGANGenerator",
    "Finding",
    "MaxUnpoolConv",
    "NearestConv",
    "SegNet",
    "ShuffledConv",
    "Subpixel",
    "Transposed",
    "UNet",
    "Upsampler",
    "audit",
    "bilinear_",
    "dcgan_init_",
    "icnr_",
    "nearest_conv_from_transposed",
    "subpixel_from_transposed",
    "transposed_from_nearest_conv",
    "transposed_from_subpixel",
    "upsampler",
]
