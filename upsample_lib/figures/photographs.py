"""Real photographs, as arrays of floats 0 … 1, and several of them side by side, pixel for pixel.

They are the pictures that scikit-image carries in its package (nothing is downloaded): `camera` (CC0, Lav
Varshney), `astronaut` (NASA, public domain), `coffee` (CC0, Rachel Michetti), `chelsea` (CC0, Stéfan van der
Walt), `cell` (CC0, Paul Müller), `retina` (CC0, Mikael Häggström), `coins` (Brooklyn Museum, no known
copyright restrictions), `brick` (CC0, CC0Textures).
"""

from typing import Literal

import numpy as np
import numpy.typing as npt

Photograph = Literal["astronaut", "brick", "camera", "cell", "chelsea", "coffee", "coins", "retina"]
Image = npt.NDArray[np.float64]


def photograph(
    name: Photograph, rows: slice = slice(None), columns: slice = slice(None), *, grey: bool = False
) -> Image:
    """Return a part of a packaged photograph: (height, width) or (height, width, 3), floats 0 … 1.

    Examples
    --------
    >>> photograph("camera", slice(0, 128), slice(0, 96)).shape
    (128, 96)
    """
    from skimage import data  # only those who ask for a photograph need scikit-image

    image: Image = np.asarray(getattr(data, name)()[rows, columns], dtype=np.float64) / 255
    if grey and image.ndim == 3:
        image = image @ np.array([0.2125, 0.7154, 0.0721])  # luminance, ITU-R BT.709
    return image


def beside(*images: npt.ArrayLike, gap: int = 4, zoom: int = 1) -> npt.NDArray[np.uint8]:
    """Return images as one picture, left to right, top edges level, with transparent gaps.

    Each pixel becomes a square of `zoom` × `zoom`. A panel whose height divides the tallest one's is
    enlarged by whole pixels to the same height, so that a small input can stand beside its enlargement.
    """
    panels = [_rgba(np.asarray(image, float)) for image in images]
    height = max(len(panel) for panel in panels)
    sized = []
    for panel in panels:
        times = zoom * (height // len(panel) if height % len(panel) == 0 else 1)
        sized.append(panel.repeat(times, axis=0).repeat(times, axis=1))
    width = sum(panel.shape[1] for panel in sized) + gap * (len(sized) - 1)
    picture = np.zeros((zoom * height, width, 4), np.uint8)
    left = 0
    for panel in sized:
        picture[: panel.shape[0], left : left + panel.shape[1]] = panel
        left += panel.shape[1] + gap
    return picture


def stack(*pictures: npt.NDArray[np.uint8], gap: int = 4) -> npt.NDArray[np.uint8]:
    """Return pictures made by `beside` as one, top to bottom, left edges level, with transparent gaps."""
    height = sum(len(picture) for picture in pictures) + gap * (len(pictures) - 1)
    whole = np.zeros((height, max(picture.shape[1] for picture in pictures), 4), np.uint8)
    top = 0
    for picture in pictures:
        whole[top : top + len(picture), : picture.shape[1]] = picture
        top += len(picture) + gap
    return whole


def _rgba(image: Image) -> npt.NDArray[np.uint8]:
    if image.ndim == 2:
        image = np.repeat(image[:, :, None], 3, axis=2)
    opaque = np.concatenate([np.clip(image, 0, 1), np.ones((*image.shape[:2], 1))], axis=2)
    pixels: npt.NDArray[np.uint8] = np.round(opaque * 255).astype(np.uint8)
    return pixels
