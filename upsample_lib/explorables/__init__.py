"""Explorables: pictures of the operations that the reader drives, in a notebook and on a static page.

Each is an anywidget class: `e = TransposedConvolution2D(stride=2)` shows it, `e.stride = 3` moves it, and
`e.output` is the NumPy array that it shows. `Animation` plays what `figures.animations`
computes. Needs the extra `upsample_lib[widgets]`.
"""

from upsample_lib.explorables.animation import Animation
from upsample_lib.explorables.base import Explorable
from upsample_lib.explorables.checkerboard import Checkerboard
from upsample_lib.explorables.interpolation_grid import InterpolationGrid
from upsample_lib.explorables.pooling_unpooling import PoolingUnpooling
from upsample_lib.explorables.size_solver import SizeSolver
from upsample_lib.explorables.transposed_convolution_1d import TransposedConvolution1D
from upsample_lib.explorables.transposed_convolution_2d import TransposedConvolution2D
from upsample_lib.explorables.unet_walk import UNetWalk

__all__ = [
    "Animation",
    "Checkerboard",
    "Explorable",
    "InterpolationGrid",
    "PoolingUnpooling",
    "SizeSolver",
    "TransposedConvolution1D",
    "TransposedConvolution2D",
    "UNetWalk",
]
