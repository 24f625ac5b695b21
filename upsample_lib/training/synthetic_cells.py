"""Pictures of cells drawn by the computer: as many as one likes, their labels right by construction."""

from typing import SupportsIndex

import numpy as np
import numpy.typing as npt

from upsample_lib._arguments import integer

__all__ = ["cells"]

Images = npt.NDArray[np.float32]
Labels = npt.NDArray[np.int32]

_SMALLEST = 16


def cells(count: SupportsIndex, size: SupportsIndex = 64, seed: SupportsIndex = 0) -> tuple[Images, Labels]:
    """Draw pictures of cells and the number of the cell at every pixel.

    Each picture has bright ellipses of varying size, brightness and direction, about half of them touching a
    neighbour, thin bright fibres that are no cells, uneven light, the blur of a lens, and noise that grows
    with brightness as photon noise does. Picture i depends on (seed, size, i) alone, so that a longer series
    begins with the shorter one.

    Parameters
    ----------
    count : int
        How many pictures.
    size : int
        Height and width of each, in pixels; at least 16.
    seed : int
        Another seed, another series.

    Returns
    -------
    images : ndarray, float32, (count, size, size)
        Brightness 0 … 1.
    labels : ndarray, int32, (count, size, size)
        0 for background, 1, 2, … for the cells; a cell hidden behind others may be missing.

    Raises
    ------
    TypeError
        For an argument that is no integer.
    ValueError
        For count < 1, size < 16 or seed < 0.

    Examples
    --------
    >>> images, labels = cells(3, size=48, seed=1)
    >>> images.shape, labels.dtype
    ((3, 48, 48), dtype('int32'))
    >>> bool((cells(2, size=48, seed=1)[0] == images[:2]).all())
    True
    """
    number = integer("count", count, at_least=1)
    side, start = integer("size", size, at_least=_SMALLEST), integer("seed", seed, at_least=0)
    images = np.empty((number, side, side), np.float32)
    labels = np.empty((number, side, side), np.int32)
    blur = _gaussian(side, sigma=1.0)
    for i in range(number):
        random = np.random.default_rng([start, side, i])
        brightness, labels[i] = _draw(random, side)
        light = blur @ brightness @ blur.T + _uneven_light(random, side)
        images[i] = np.clip(random.normal(light, 0.05 + 0.1 * np.sqrt(light)), 0, 1)
    return images, labels


def _draw(random: np.random.Generator, side: int) -> tuple[npt.NDArray[np.float64], Labels]:
    brightness, labels = np.zeros((side, side)), np.zeros((side, side), np.int32)
    y, x = np.mgrid[:side, :side] + 0.5
    placed: list[tuple[float, float, float]] = []
    for number in range(1, random.integers(side * side // 400 + 1, side * side // 160 + 3)):
        radius = random.uniform(3, 8)
        row, column = random.uniform(0, side, 2)
        if placed and random.random() < 0.5:  # beside a cell that is there already
            row, column, other = placed[random.integers(len(placed))]
            turn = random.uniform(0, 2 * np.pi)
            row += 0.95 * (radius + other) * np.sin(turn)
            column += 0.95 * (radius + other) * np.cos(turn)
        placed.append((row, column, radius))
        turn, stretch = random.uniform(0, np.pi), random.uniform(1, 1.5)
        along = (x - column) * np.cos(turn) + (y - row) * np.sin(turn)
        across = (y - row) * np.cos(turn) - (x - column) * np.sin(turn)
        inside = (along / stretch) ** 2 + (across * stretch) ** 2 < radius**2
        free = inside & (labels == 0)
        labels[free] = number
        brightness[free] = random.uniform(0.25, 0.7)
    for _ in range(random.integers(0, 3)):
        offset, slope = random.uniform(0, side), random.uniform(-1, 1)
        fibre = np.abs(y - offset - slope * (x - side / 2)) < 0.8
        brightness[fibre] += 0.3
    return brightness, labels


def _uneven_light(random: np.random.Generator, side: int) -> npt.NDArray[np.float64]:
    """A plane between 0.02 and 0.25, its slope another one in each picture."""
    y, x = np.mgrid[:side, :side] / (side - 1)
    down, right = random.uniform(-1, 1, 2)
    plane = down * y + right * x
    plane -= plane.min()
    light: npt.NDArray[np.float64] = 0.02 + 0.23 * random.random() * plane / max(plane.max(), 1e-9)
    return light


def _gaussian(side: int, sigma: float) -> npt.NDArray[np.float64]:
    """The blur of one axis as a matrix: each row is a Gaussian that sums to 1, also at the edge."""
    distance = np.subtract.outer(np.arange(side), np.arange(side))
    weights: npt.NDArray[np.float64] = np.exp(-0.5 * (distance / sigma) ** 2)
    weights /= weights.sum(axis=1, keepdims=True)
    return weights
