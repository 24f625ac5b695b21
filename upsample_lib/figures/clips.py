"""What an animation is made of: panels of cells, frame by frame, as letters and texts."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from upsample_lib.figures.grids import number_text

Array = npt.NDArray[np.float64]
Letters = npt.NDArray[np.str_]
Line = tuple[tuple[str, str], ...]  # pieces of text, each with the letter of its colour ("" is ink)
Outline = tuple[int, int, int, int]  # row, column, rows, columns
LARGEST_GRID, MOST_FRAMES = 24, 170


class Grid(NamedTuple):
    """What one panel shows in one frame.

    `looks` has a letter for each cell: i input, k kernel, o output, z zero or padding, a capital letter for
    the cells that the frame is about; "." is not known yet, "c" is cropped.
    """

    name: str
    texts: Letters
    looks: Letters
    badges: Letters
    outline: Outline | None = None


class Frame(NamedTuple):
    """All panels, the sum that is worked out, and what a player says: a key and its values."""

    grids: tuple[Grid, ...]
    line: Line
    say: tuple[str | int, ...]


@dataclass(frozen=True)
class Clip:
    """An animation: its frames, and which panels stand above each other, column by column."""

    title: str
    columns: tuple[tuple[int, ...], ...]
    frames: tuple[Frame, ...]


def uniform(name: str, values: Array, look: str) -> Grid:
    return numbered(name, values, np.full(values.shape, look))


def numbered(name: str, values: npt.NDArray[Any], looks: Letters) -> Grid:
    """Numbers with the given looks; cells that are not known yet stay empty."""
    return Grid(name, np.where(looks == ".", "", texts_of(values)), looks, blank(values.shape))


def texts_of(values: npt.NDArray[Any]) -> Letters:
    return np.array([number_text(value) for value in values.ravel()], dtype="<U12").reshape(values.shape)


def blank(shape: tuple[int, ...]) -> Letters:
    return np.full(shape, "", dtype="<U12")


def only(shape: tuple[int, ...], at: tuple[int, int]) -> npt.NDArray[np.bool_]:
    mask = np.zeros(shape, bool)
    mask[at] = True
    return mask


def clip_of(title: str, columns: tuple[tuple[int, ...], ...], frames: Iterator[Frame]) -> Clip:
    made: list[Frame] = []
    for frame in frames:
        side = max(max(grid.texts.shape) for grid in frame.grids)
        if side > LARGEST_GRID:
            raise ValueError(f"a grid to be drawn must have at most {LARGEST_GRID} cells a side, got {side}")
        if len(made) == MOST_FRAMES:
            raise ValueError(f"an animation must have at most {MOST_FRAMES} frames: take a smaller input")
        made.append(frame)
    return Clip(title, columns, tuple(made))


def image_of(values: npt.ArrayLike, name: str) -> Array:
    image = np.array(values, dtype=float)
    if image.ndim != 2 or image.size == 0:
        raise ValueError(f"{name} must have the shape (rows, columns), got {image.shape}")
    return image
