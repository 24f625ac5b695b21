"""Semantic segmentation as a task: crops of images in, one class per pixel out."""

from collections.abc import Iterator, Sequence
from typing import Any, ClassVar, Literal, SupportsIndex

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor, nn

from upsample_lib._arguments import integer
from upsample_lib.training import metrics
from upsample_lib.training.losses import cross_entropy_dice
from upsample_lib.training.task import Task

__all__ = ["Segmentation", "strips"]

Array = npt.NDArray[Any]
Pairs = tuple[Sequence[Array], Sequence[Array]]


class Segmentation(Task):
    """A network that maps images (N, C, H, W) to logits (N, classes, H, W), trained on random crops.

    Crops are turned by multiples of 90°, mirrored and made brighter or darker, all at random. Images are
    normalised with the mean and the standard deviation of the *training* images alone.

    Parameters
    ----------
    network : nn.Module
        For example `upsample_lib.nn.UNet`.
    training, held_out : pair of sequences
        Images, (H, W) or (H, W, C), and their class maps (H, W) with values 0 … classes − 1.
    steps : int
        Of the whole run: the learning rate rises over its first fifth and then falls to 0 (one cycle).
    crop : int
        Height and width of a crop.
    learning_rate : float
        The largest one, of AdamW.
    dice_weight : float
        Of the Dice loss beside cross-entropy.
    settings : dict, optional
        More values that a continued run must share.

    Attributes
    ----------
    mean, deviation : float
        Of the training images.

    Raises
    ------
    ValueError
        If images and maps do not match, an image is smaller than a crop or not finite, or the training maps
        hold a single class.

    References
    ----------
    L. N. Smith, N. Topin, *Super-convergence*, https://arxiv.org/abs/1708.07120 (the one-cycle schedule).

    Examples
    --------
    >>> from upsample_lib.nn import UNet
    >>> from upsample_lib.training.data import cells
    >>> from upsample_lib.training.loop import fit
    >>> _ = torch.manual_seed(0)
    >>> images, labels = cells(10, size=32)
    >>> pairs = list(images), list((labels > 0).astype(int))
    >>> task = Segmentation(UNet(widths=(4, 8)), pairs, pairs, steps=20, crop=32)
    >>> [row] = fit(task, steps=20, batch_size=4, progress=False)
    >>> sorted(row)
    ['boundary_f1', 'dice', 'iou', 'loss', 'step']
    >>> task.predict(images[0]).shape
    (32, 32)
    """

    goal: ClassVar[tuple[str, Literal["max", "min"]] | None] = ("iou", "max")

    def __init__(
        self,
        network: nn.Module,
        training: Pairs,
        held_out: Pairs,
        steps: SupportsIndex,
        crop: SupportsIndex = 64,
        learning_rate: float = 4e-3,
        dice_weight: float = 1.0,
        settings: dict[str, Any] | None = None,
    ) -> None:
        self.crop = integer("crop", crop, 1)
        self.dice_weight = dice_weight
        images = [_checked(*pair) for pair in zip(training[0], training[1], strict=True)]
        for image in images:
            if min(image.shape[:2]) < self.crop:
                raise ValueError(
                    f"crop must fit into every training image, got {self.crop} "
                    f"for one of {image.shape[0]} × {image.shape[1]}"
                )
        if len(set().union(*(np.unique(labels).tolist() for labels in training[1]))) < 2:
            raise ValueError("training must hold at least two classes, got masks of a single one")
        pixels = np.concatenate([image.ravel() for image in images])
        self.mean, self.deviation = float(pixels.mean()), float(pixels.std()) or 1.0
        self._training = [self.normalised(image) for image in images], list(training[1])
        places = np.array([np.prod(np.array(image.shape[:2]) - self.crop + 1) for image in images], float)
        self._share = places / places.sum()
        held = [_checked(*pair) for pair in zip(held_out[0], held_out[1], strict=True)]
        self.held_out = held, list(held_out[1])
        network.to(memory_format=torch.channels_last)  # type: ignore[call-overload]  # faster on CPUs and GPUs
        optimizer = torch.optim.AdamW(network.parameters(), learning_rate)
        schedule = torch.optim.lr_scheduler.OneCycleLR(
            optimizer, learning_rate, integer("steps", steps, 1), pct_start=0.2
        )
        known = {"crop": self.crop, "learning_rate": learning_rate, "dice_weight": dice_weight}
        super().__init__(
            {"network": network},
            {"loss": optimizer},
            {"loss": schedule},
            {**known, "mean": self.mean, "deviation": self.deviation, **(settings or {})},
        )

    def normalised(self, image: Array) -> npt.NDArray[np.float32]:
        """The image (C, H, W) as the network sees it."""
        scaled = (np.asarray(image, np.float32) - np.float32(self.mean)) / np.float32(self.deviation)
        return scaled[None] if scaled.ndim == 2 else np.moveaxis(scaled, 2, 0)

    def sample(self, number: int, random: np.random.Generator) -> tuple[Array, ...]:
        """Draw one crop (C, crop, crop) and its class map (crop, crop)."""
        which = random.choice(len(self._share), p=self._share)
        image, labels = self._training[0][which], self._training[1][which]
        top, left = (random.integers(n - self.crop + 1) for n in labels.shape)
        part = (..., slice(top, top + self.crop), slice(left, left + self.crop))
        turns, mirrored = int(random.integers(4)), int(random.integers(2))
        crop = np.rot90(image[part], turns, axes=(1, 2))
        classes = np.rot90(labels[part], turns)
        if mirrored:
            crop, classes = crop[..., ::-1], classes[..., ::-1]
        return np.float32(random.uniform(0.7, 1.4)) * crop, np.ascontiguousarray(classes, np.int64)

    def losses(self, *batch: Tensor) -> Iterator[tuple[str, Tensor]]:
        """Yield the loss of a batch of images (N, C, H, W) and class maps (N, H, W)."""
        images, classes = batch
        images = images.contiguous(memory_format=torch.channels_last)
        yield "loss", cross_entropy_dice(self.networks["network"](images), classes, self.dice_weight)

    def predict(self, image: Array) -> npt.NDArray[np.int64]:
        """The most probable class of every pixel of an image (H, W) or (H, W, C) that is not normalised."""
        network = self.networks["network"]
        device = next(network.parameters()).device
        network.eval()
        with torch.no_grad():
            logits = network(torch.from_numpy(self.normalised(image))[None].to(device))
        classes: npt.NDArray[np.int64] = logits[0].argmax(dim=0).cpu().numpy()
        return classes

    def evaluate(self) -> dict[str, float]:
        """Measure IoU and Dice over all held-out pixels and the mean boundary F1, averaged over the classes.

        Background, class 0, is left out.
        """
        found = [self.predict(image) for image in self.held_out[0]]
        true = self.held_out[1]
        pixels = [np.concatenate([np.ravel(m) for m in maps]) for maps in (found, true)]
        classes = range(1, 1 + max(1, int(max(values.max() for values in pixels))))
        return {
            "iou": float(np.mean([metrics.iou(pixels[0] == c, pixels[1] == c) for c in classes])),
            "dice": float(np.mean([metrics.dice(pixels[0] == c, pixels[1] == c) for c in classes])),
            "boundary_f1": float(
                np.mean([metrics.boundary_f1(a == c, b == c) for a, b in zip(found, true) for c in classes])
            ),
        }


def strips(image: Array, labels: Array, fold: SupportsIndex, folds: SupportsIndex = 4) -> tuple[Pairs, Pairs]:
    """Cut one image into vertical strips and hold one of them out.

    Parameters
    ----------
    image, labels : ndarray, (H, W) or (H, W, C), and (H, W)
        One image and what belongs to each of its pixels.
    fold : int
        Number of the strip that is held out, 0 … folds − 1.
    folds : int
        How many strips of equal width, up to rounding.

    Returns
    -------
    training, held_out : pair of lists
        What is left of the held-out strip and what is right of it; the strip.

    Raises
    ------
    ValueError
        If `fold` is not one of the strips.

    Examples
    --------
    >>> row = np.arange(8)[None]
    >>> training, held_out = strips(row, row, fold=1)
    >>> [part.tolist() for part in training[0]], held_out[0][0].tolist()
    ([[[0, 1]], [[4, 5, 6, 7]]], [[2, 3]])
    """
    number, count = integer("fold", fold, 0), integer("folds", folds, 2)
    if number >= count:
        raise ValueError(f"fold must be below {count}, got {number}")
    width = labels.shape[1]
    begin, end = number * width // count, (number + 1) * width // count
    kept = [part for part in (slice(0, begin), slice(end, width)) if part.stop > part.start]
    training = [image[:, part] for part in kept], [labels[:, part] for part in kept]
    return training, ([image[:, begin:end]], [labels[:, begin:end]])


def _checked(image: Array, labels: Array) -> Array:
    if image.shape[:2] != labels.shape:
        raise ValueError(f"labels must have the image's size {image.shape[:2]}, got {labels.shape}")
    if not np.isfinite(image).all():
        raise ValueError(f"images must hold finite numbers, got {(~np.isfinite(image)).sum()} that are not")
    return image
