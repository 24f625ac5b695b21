"""Max unpooling, nearest neighbour and bed of nails step by step: enlarging by a rule without learning."""

from collections.abc import Iterator

import numpy as np
import numpy.typing as npt

from upsample_lib.figures.clips import (
    Array,
    Clip,
    Frame,
    Grid,
    Line,
    blank,
    clip_of,
    image_of,
    numbered,
    only,
    texts_of,
    uniform,
)
from upsample_lib.figures.grids import number_text
from upsample_lib.interpolation import interpolate
from upsample_lib.pooling import max_pool2d
from upsample_lib.unpooling import bed_of_nails, max_unpool2d


def shuffled(rows: int, columns: int) -> Array:
    """Return different numbers in no order: an input whose maxima lie in different corners."""
    count = rows * columns
    cycle = count if count % 7 else count + 1
    numbers: Array = np.array((7 * np.arange(count) + 3) % cycle + 1, dtype=np.float64)
    return numbers.reshape(rows, columns)


def unpooling(x: npt.ArrayLike, kernel_size: int = 2, stride: int | None = None, padding: int = 0) -> Clip:
    """Max pooling that remembers positions, then `max_unpool2d`, which puts the maxima back."""
    image = image_of(x, "x")
    k, p, s = kernel_size, padding, kernel_size if stride is None else stride
    pooled, switches = max_pool2d(image[None], k, s, p, return_indices=True)
    back = np.asarray(max_unpool2d(pooled, switches, k, s, p, output_size=image.shape))[0]
    y, places = np.asarray(pooled)[0], np.asarray(switches)[0]
    inside = np.pad(np.ones(image.shape, bool), p)
    texts = np.where(inside, texts_of(np.pad(image, p)), "−∞")
    looks = np.where(inside, "i", "z")

    def frame(pools: int, returned: int, line: Line, say: tuple[str | int, ...]) -> Frame:
        order = np.arange(y.size).reshape(y.shape)
        now = pools - 1 if returned == 0 else returned - 1
        r, c = divmod(max(now, 0), y.shape[1])
        row, column = divmod(int(places[r, c]), image.shape[1])
        pooling = pools > 0 and returned == 0
        above = np.char.upper(looks) if pooling else looks
        above = np.where(only(looks.shape, (row + p, column + p)), above, looks)
        window = (r * s, c * s, k, k) if pooling else None
        x_grid = Grid("x", texts, above, blank(texts.shape), window)
        seen = np.where(order < pools, "o", ".")
        seen = np.where((order == now) & (now >= 0), np.char.upper(seen), seen)
        indices = np.where(order < pools, np.where(order == now, "K", "k") if now >= 0 else "k", ".")
        done = np.isin(np.arange(image.size), places.ravel()[:returned]).reshape(image.shape)
        result = np.where(done, "o", "z" if returned else ".")
        if returned:
            result = np.where(only(image.shape, (row, column)), "O", result)
        y_grid, j_grid = numbered("maxima", y, seen), numbered("places", places, indices)
        u_grid = numbered("unpooled", np.where(done, back, 0), result)
        return Frame((x_grid, y_grid, j_grid, u_grid), line, say)

    def frames() -> Iterator[Frame]:
        line: Line
        yield frame(0, 0, (), ("start",))
        for number, (r, c) in enumerate(np.ndindex(y.shape), 1):
            value, place = number_text(float(y[r, c])), str(places[r, c])
            line = (
                (f"y[{r}, {c}]", "o"), (" = max = ", ""), (value, "o"),
                (";  ", ""), (f"j[{r}, {c}]", "k"), (" = ", ""), (place, "k"),
            )  # fmt: skip
            yield frame(number, 0, line, ("pool", r, c, value, place))
        for number, (r, c) in enumerate(np.ndindex(y.shape), 1):
            value, place = number_text(float(y[r, c])), str(places[r, c])
            row, column = divmod(int(place), image.shape[1])
            line = (
                (place, "k"), (f" = {row}·{image.shape[1]} + {column};  ", ""),
                (f"u[{row}, {column}]", "o"), (" = ", ""), (value, "o"),
            )  # fmt: skip
            yield frame(y.size, number, line, ("unpool", value, row, column))

    title = f"k={k}, s={s}" + (f", p={p}" if p else "")
    return clip_of(title, ((0,), (1, 2), (3,)), frames())


def nearest(x: npt.ArrayLike, scale: int = 2) -> Clip:
    """Nearest neighbour: each value fills a block of the output, as in `interpolate`."""
    image = image_of(x, "x")
    if scale < 1:
        raise ValueError(f"scale must be ≥ 1, got {scale}")
    y = np.asarray(interpolate(image[None, None], scale_factor=scale, mode="nearest"))[0, 0]
    return clip_of(f"s={scale}", ((0,), (1,)), _blocks(image, y, scale, np.ones((scale, scale), bool)))


def nails(x: npt.ArrayLike, scale: int = 2) -> Clip:
    """Bed of nails: each value stands in the corner of a block of zeros, as in `bed_of_nails`."""
    image = image_of(x, "x")
    y = np.asarray(bed_of_nails(image[None], (scale, scale)))[0]
    corner = only((scale, scale), (0, 0))
    return clip_of(f"s={scale}", ((0,), (1,)), _blocks(image, y, scale, corner))


def _blocks(image: Array, y: Array, s: int, own: npt.NDArray[np.bool_]) -> Iterator[Frame]:
    """One frame for each input value; `own` marks the cells of a block that hold it."""
    looks = np.tile(np.where(own, "o", "z"), image.shape)
    order = np.arange(image.size).reshape(image.shape).repeat(s, 0).repeat(s, 1)
    said = "nearest" if own.all() else "nail"
    yield Frame((uniform("x", image, "i"), numbered("y", y, np.full(y.shape, "."))), (), ("start",))
    for number, (r, c) in enumerate(np.ndindex(image.shape)):
        now = np.where(order <= number, np.where(order == number, np.char.upper(looks), looks), ".")
        value = number_text(float(image[r, c]))
        given = uniform("x", image, "i")._replace(looks=np.where(only(image.shape, (r, c)), "I", "i"))
        out = numbered("y", y, now)._replace(outline=(r * s, c * s, s, s))
        line = ((f"x[{r}, {c}]", "i"), (" = ", ""), (value, "i"))
        yield Frame((given, out), line, (said, r, c, value, s))
