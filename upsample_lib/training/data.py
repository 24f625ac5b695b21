"""The images that come with the package, one loading function each, as NumPy arrays.

Where each set comes from and its licence stand beside the files, in `datasets/LICENSE.txt`. Images made by
the computer come from `cells`, a learner's own ones from `folder`.
"""

from importlib import resources
from typing import Literal

import numpy as np
import numpy.typing as npt

from upsample_lib.training.image_folder import folder
from upsample_lib.training.synthetic_cells import cells

__all__ = ["FASHION_NAMES", "cells", "digits", "fashion_mnist", "folder", "nuclei"]

Images = npt.NDArray[np.float32]
Labels = npt.NDArray[np.int32]

# what the labels of Fashion-MNIST mean, in the languages of those who look at them
FASHION_NAMES: tuple[dict[str, str], ...] = (
    {"ru": "футболка", "en": "T-shirt"},
    {"ru": "брюки", "en": "trousers"},
    {"ru": "свитер", "en": "pullover"},
    {"ru": "платье", "en": "dress"},
    {"ru": "пальто", "en": "coat"},
    {"ru": "сандалии", "en": "sandal"},
    {"ru": "рубашка", "en": "shirt"},
    {"ru": "кроссовки", "en": "sneaker"},
    {"ru": "сумка", "en": "bag"},
    {"ru": "ботинки", "en": "ankle boot"},
)

_DATASETS = resources.files(__package__) / "datasets"


def nuclei() -> tuple[Images, Labels]:
    """Fluorescence micrograph of cell nuclei and the number of the nucleus at every pixel.

    Returns
    -------
    image : ndarray, float32, (512, 512)
        Brightness; 0 is black, 1 the brightest value of 8 bits.
    labels : ndarray, int32, (512, 512)
        0 for background, another number for each nucleus; `labels > 0` is the mask.

    References
    ----------
    J. C. Caicedo et al., *Nucleus segmentation across imaging experiments: the 2018 Data Science Bowl*,
    https://doi.org/10.1038/s41592-019-0612-7; the image as distributed with
    https://github.com/stardist/stardist (BSD-3-Clause).

    Examples
    --------
    >>> image, labels = nuclei()
    >>> image.shape, len(np.unique(labels)) - 1
    ((512, 512), 125)
    """
    image, labels = _pixels("nuclei.png"), _pixels("nuclei-labels.png")
    return image.astype(np.float32) / np.float32(255), labels.astype(np.int32)


def fashion_mnist(split: Literal["train", "test"] = "train") -> tuple[Images, Labels]:
    """Load pictures of clothing: the first 8,000 training or the first 2,000 test images of Fashion-MNIST.

    Parameters
    ----------
    split : {"train", "test"}
        Which part of the original division.

    Returns
    -------
    images : ndarray, float32, (8000 or 2000, 28, 28)
        Values 0 … 1, light on black.
    labels : ndarray, int32, (8000 or 2000,)
        0 … 9, named by `FASHION_NAMES`.

    Raises
    ------
    ValueError
        For another split.

    References
    ----------
    H. Xiao, K. Rasul, R. Vollgraf, *Fashion-MNIST*, https://arxiv.org/abs/1708.07747 (MIT).

    Examples
    --------
    >>> images, labels = fashion_mnist("test")
    >>> images.shape, labels[:3]
    ((2000, 28, 28), array([9, 2, 1], dtype=int32))
    """
    if split not in ("train", "test"):
        raise ValueError(f'split must be "train" or "test", got {split!r}')
    images, labels = _arrays(f"fashion-mnist-{split}.npz")
    return images.astype(np.float32) / np.float32(255), labels.astype(np.int32)


def digits() -> tuple[Images, Labels]:
    """Handwritten digits of 8 × 8 pixels.

    Returns
    -------
    images : ndarray, float32, (1797, 8, 8)
        Values 0 … 1 in steps of 1/16, light on black.
    labels : ndarray, int32, (1797,)
        0 … 9.

    References
    ----------
    E. Alpaydin, C. Kaynak, *Optical Recognition of Handwritten Digits*,
    https://archive.ics.uci.edu/dataset/80; the copy in scikit-learn (BSD-3-Clause).

    Examples
    --------
    >>> images, labels = digits()
    >>> images.shape, labels[:3]
    ((1797, 8, 8), array([0, 1, 2], dtype=int32))
    """
    images, labels = _arrays("digits.npz")
    return images.astype(np.float32) / np.float32(16), labels.astype(np.int32)


def _pixels(name: str) -> npt.NDArray[np.uint8]:
    from PIL import Image  # only pictures need Pillow

    with (_DATASETS / name).open("rb") as file, Image.open(file) as picture:
        return np.asarray(picture)


def _arrays(name: str) -> tuple[npt.NDArray[np.uint8], npt.NDArray[np.uint8]]:
    with (_DATASETS / name).open("rb") as file, np.load(file) as stored:
        return stored["images"], stored["labels"]
