"""Upsampling in neural networks, on NumPy arrays and PyTorch tensors.

The functions carry the names, arguments and defaults of `torch.nn.functional`. A NumPy array in gives a NumPy
array out; a tensor in gives a tensor out. Importing this package imports neither torch nor matplotlib.
"""

from upsample_lib.artifacts import (
    checkerboard_energy,
    overlap,
    overlap_is_even,
    phase_variance,
    radial_profile,
    spectrum,
)
from upsample_lib.blur_pooling import blur_pool
from upsample_lib.convolution import (
    conv1d,
    conv2d,
    conv3d,
    conv_transpose1d,
    conv_transpose2d,
    conv_transpose3d,
)
from upsample_lib.convolution_matrix import conv_matrix
from upsample_lib.interpolation import interpolate, interpolation_matrix
from upsample_lib.pooling import (
    avg_pool1d,
    avg_pool2d,
    avg_pool3d,
    max_pool1d,
    max_pool2d,
    max_pool3d,
)
from upsample_lib.receptive_fields import ConvLayer, ReceptiveField, receptive_field
from upsample_lib.sizes import (
    TransposedSetting,
    conv_input_sizes,
    conv_output_size,
    conv_transpose_output_size,
    output_padding_for,
    pool_output_size,
    transposed_settings,
)
from upsample_lib.subpixel import (
    depth_to_space,
    pixel_shuffle,
    pixel_unshuffle,
    space_to_depth,
)
from upsample_lib.unpooling import (
    avg_unpool,
    bed_of_nails,
    max_unpool1d,
    max_unpool2d,
    max_unpool3d,
    zero_insert,
)
from upsample_lib.upsample_convolution import tied_kernel, upsample_conv2d

__version__ = "0.1.0"

__all__ = [
    "ConvLayer",
    "ReceptiveField",
    "TransposedSetting",
    "avg_pool1d",
    "avg_pool2d",
    "avg_pool3d",
    "avg_unpool",
    "bed_of_nails",
    "blur_pool",
    "checkerboard_energy",
    "conv1d",
    "conv2d",
    "conv3d",
    "conv_input_sizes",
    "conv_matrix",
    "conv_output_size",
    "conv_transpose1d",
    "conv_transpose2d",
    "conv_transpose3d",
    "conv_transpose_output_size",
    "depth_to_space",
    "interpolate",
    "interpolation_matrix",
    "max_pool1d",
    "max_pool2d",
    "max_pool3d",
    "max_unpool1d",
    "max_unpool2d",
    "max_unpool3d",
    "output_padding_for",
    "overlap",
    "overlap_is_even",
    "phase_variance",
    "pixel_shuffle",
    "pixel_unshuffle",
    "pool_output_size",
    "radial_profile",
    "receptive_field",
    "space_to_depth",
    "spectrum",
    "tied_kernel",
    "transposed_settings",
    "upsample_conv2d",
    "zero_insert",
]
