"""Upsampling as `torch.nn` modules: blocks, initialisers, converters between equal layers, and an audit."""

from upsample_lib.nn.audit import Finding, audit
from upsample_lib.nn.autoencoder import ConvAutoencoder, Crop
from upsample_lib.nn.blocks import (
    CONTENT_AWARE,
    UPSAMPLERS,
    BilinearConv,
    NearestConv,
    Subpixel,
    Transposed,
    Upsampler,
    upsampler,
)
from upsample_lib.nn.blur import Blur2d, BlurPool2d
from upsample_lib.nn.carafe import CARAFE, KernelPrediction, reassemble
from upsample_lib.nn.dcgan import DCGANDiscriminator, DCGANGenerator, dcgan_init_
from upsample_lib.nn.dysample import DySample, OffsetPrediction, sample_points
from upsample_lib.nn.equivalence import (
    nearest_conv_from_transposed,
    subpixel_from_transposed,
    transposed_from_nearest_conv,
    transposed_from_subpixel,
)
from upsample_lib.nn.fusion import Fusion, fuse_upsample_conv
from upsample_lib.nn.guided import joint_bilateral_kernels, joint_bilateral_upsample
from upsample_lib.nn.init import bilinear_, icnr_
from upsample_lib.nn.segnet import SegNet
from upsample_lib.nn.shuffled_conv import ShuffledConv
from upsample_lib.nn.unet import UNet
from upsample_lib.nn.unpooling import MaxUnpoolConv
from upsample_lib.nn.upsample_conv import UpsampleConv2d
from upsample_lib.nn.vae import VAE, kl_divergence, negative_elbo, reparametrise

__all__ = [
    "CARAFE",
    "CONTENT_AWARE",
    "UPSAMPLERS",
    "VAE",
    "BilinearConv",
    "Blur2d",
    "BlurPool2d",
    "ConvAutoencoder",
    "Crop",
    "DCGANDiscriminator",
    "DCGANGenerator",
    "DySample",
    "Finding",
    "Fusion",
    "KernelPrediction",
    "MaxUnpoolConv",
    "NearestConv",
    "OffsetPrediction",
    "SegNet",
    "ShuffledConv",
    "Subpixel",
    "Transposed",
    "UNet",
    "UpsampleConv2d",
    "Upsampler",
    "audit",
    "bilinear_",
    "dcgan_init_",
    "fuse_upsample_conv",
    "icnr_",
    "joint_bilateral_kernels",
    "joint_bilateral_upsample",
    "kl_divergence",
    "nearest_conv_from_transposed",
    "negative_elbo",
    "reassemble",
    "reparametrise",
    "sample_points",
    "subpixel_from_transposed",
    "transposed_from_nearest_conv",
    "transposed_from_subpixel",
    "upsampler",
]
