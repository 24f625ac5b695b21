"""Segment images with U-Net or SegNet: nuclei, drawn cells, or a folder of your own."""

import argparse
from pathlib import Path

import numpy as np
import torch

from upsample_lib.nn import UPSAMPLERS, SegNet, UNet
from upsample_lib.nn.conv_stage import Norm
from upsample_lib.training import data
from upsample_lib.training.segmentation import Array, Pairs, Segmentation, strips

__all__ = ["add_arguments", "build"]

_HELD_OUT = 5  # one image in so many


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare what the network is, what it is shown, and how it is judged.

    Parameters
    ----------
    parser : argparse.ArgumentParser
        Of this task.
    """
    network = parser.add_argument_group("network")
    network.add_argument(
        "--upsampler",
        default="transposed",
        choices=(*UPSAMPLERS, "unpooling"),
        help="block of the decoder; unpooling is SegNet, without skip connections",
    )
    network.add_argument("--widths", type=int, nargs="+", default=[8, 16, 32], metavar="W", help="channels")
    network.add_argument("--norm", default="batch", choices=("batch", "none"), help="normalisation")
    images = parser.add_argument_group("data")
    images.add_argument(
        "--data", default="nuclei", choices=("nuclei", "cells"), help="what comes with the package"
    )
    images.add_argument("--fold", type=int, default=3, help="strip of the nuclei that is held out, 0 to 3")
    images.add_argument("--images", type=Path, help="folder of your own images; then --masks too")
    images.add_argument("--masks", type=Path, help="folder of masks with the same file names")
    images.add_argument(
        "--classes", type=int, default=2, help="2: background is 0, all else is object; more: values in order"
    )
    images.add_argument("--crop", type=int, default=64, help="side of the training crops")
    parser.add_argument(
        "--dice-weight", type=float, default=1.0, help="of the Dice loss; 0: cross-entropy alone"
    )


def build(options: argparse.Namespace) -> Segmentation:
    """Make the network and its data.

    Parameters
    ----------
    options : argparse.Namespace
        What `add_arguments` declares, and `steps`, `seed`, `learning_rate`.

    Returns
    -------
    Segmentation
        Ready for `fit`.

    Raises
    ------
    ValueError, FileNotFoundError
        If the data cannot be used; in a sentence.
    """
    training, held_out = _data(options)
    channels = 1 if training[0][0].ndim == 2 else training[0][0].shape[2]
    torch.manual_seed(options.seed)
    norm: Norm = "batch" if options.norm == "batch" else None
    network = (
        SegNet(channels, options.classes, options.widths, norm=norm)
        if options.upsampler == "unpooling"
        else UNet(channels, options.classes, options.widths, options.upsampler, norm=norm)
    )
    names = ("upsampler", "widths", "norm", "data", "fold", "classes")
    settings = {name: getattr(options, name) for name in names}
    rate = 4e-3 if options.learning_rate is None else options.learning_rate
    return Segmentation(
        network, training, held_out, options.steps, options.crop, rate, options.dice_weight, settings
    )


def _data(options: argparse.Namespace) -> tuple[Pairs, Pairs]:
    if (options.images is None) != (options.masks is None):
        missing = "masks" if options.masks is None else "images"
        raise ValueError(f"--images and --masks must both be given, got no --{missing}")
    if options.images is not None:
        return _own(*data.folder(options.images, options.masks), options.classes)
    if options.classes != 2:
        raise ValueError(f"--classes must be 2 for {options.data}, got {options.classes}")
    if options.data == "nuclei":
        image, labels = data.nuclei()
        return strips(image, (labels > 0).astype(np.int64), options.fold)
    (images, labels), (others, their) = data.cells(200, 64, seed=1), data.cells(50, 64, seed=2)
    return (list(images), list((labels > 0).astype(int))), (list(others), list((their > 0).astype(int)))


def _own(images: list[Array], labels: list[Array], classes: int) -> tuple[Pairs, Pairs]:
    """Every fifth image is held out; with a single one, its last quarter."""
    values = np.unique(np.concatenate([np.unique(label) for label in labels]))
    if classes == 2:
        maps: list[Array] = [(label > 0).astype(np.int64) for label in labels]
    elif len(values) > classes:
        raise ValueError(
            f"--classes must be at least {len(values)}, the number of values in the masks, got {classes}"
        )
    else:
        maps = [np.searchsorted(values, label) for label in labels]
    if len(images) == 1:
        return strips(images[0], maps[0], fold=3)
    held = [
        i % _HELD_OUT == _HELD_OUT - 1 or (i == len(images) - 1 < _HELD_OUT - 1) for i in range(len(images))
    ]
    parts = [
        ([image for image, h in zip(images, held) if h is out], [m for m, h in zip(maps, held) if h is out])
        for out in (False, True)
    ]
    return parts[0], parts[1]
