"""Operations step by step: what every cell of every grid shows in every frame.

A `Clip` is drawn by `animation_files` (GIF, SVG, printed strip) and played by `explorables.Animation`. Every
number in it comes from the operation itself. Symbols: x input, w kernel, z input with zeros, y output.
"""

from collections.abc import Iterator

import numpy as np
import numpy.typing as npt

from upsample_lib import derivations
from upsample_lib.convolution import conv2d, conv_transpose2d
from upsample_lib.figures.clips import (
    Array,
    Clip,
    Frame,
    Grid,
    Letters,
    Line,
    blank,
    clip_of,
    image_of,
    numbered,
    texts_of,
    uniform,
)
from upsample_lib.figures.grids import number_text


def counting(rows: int, columns: int) -> Array:
    """Return 1, 2, 3, … row by row, after 9 from 1 again: an input that is easy to follow."""
    numbers: Array = np.array(np.arange(rows * columns) % 9 + 1, dtype=np.float64)
    return numbers.reshape(rows, columns)


def uneven(rows: int, columns: int) -> Array:
    """Return small numbers without symmetry: a kernel whose flip is seen."""
    u, v = np.ogrid[:rows, :columns]
    return np.asarray(1.0 + (2 * u + v + u * v) % 3, dtype=np.float64)


def transposed(
    x: npt.ArrayLike,
    w: npt.ArrayLike,
    stride: int = 1,
    padding: int = 0,
    output_padding: int = 0,
    dilation: int = 1,
    *,
    view: str = "zeros",
) -> Clip:
    """Transposed convolution of one image, step by step.

    Parameters
    ----------
    x, w : array_like, (rows, columns)
        Input and kernel.
    stride, padding, output_padding, dilation : int
        As in `conv_transpose2d`.
    view : {"zeros", "stamp", "recipe"}
        The flipped kernel slides over the input with zeros, or each input stamps the kernel, or the recipe
        from the beginning: count the zeros, insert them, pad, flip, slide.
    """
    image, kernel = image_of(x, "x"), image_of(w, "w")
    s, p, a, d = stride, padding, output_padding, dilation
    y = np.asarray(conv_transpose2d(image[None], kernel[None, None], None, s, p, a, 1, d))[0]
    title = f"k={_by(kernel)}, s={s}, p={p}" + (f", a={a}" if a else "") + (f", d={d}" if d > 1 else "")
    columns: tuple[tuple[int, ...], ...]
    if view == "stamp":
        columns, frames = ((0, 1), (2,)), _stamps(image, kernel, y, s, p, a, d)
    elif view in ("zeros", "recipe"):
        columns, frames = ((0, 1), (2,), (3,)), _over_zeros(image, kernel, y, s, p, d, a, view == "recipe")
    else:
        raise ValueError(f'view must be "zeros", "stamp" or "recipe", got {view!r}')
    return clip_of(title, columns, frames)


def convolution(
    x: npt.ArrayLike, w: npt.ArrayLike, stride: int = 1, padding: int = 0, dilation: int = 1
) -> Clip:
    """Convolution of one image: the kernel slides over the padded input, as in `conv2d`."""
    image, kernel = image_of(x, "x"), image_of(w, "w")
    y = np.asarray(conv2d(image[None], kernel[None, None], None, stride, padding, dilation))[0]
    padded = np.pad(image, padding)
    looks = np.where(np.pad(np.ones(image.shape, bool), padding), "i", "z")
    taps = uniform("w", kernel, "k")

    def frames() -> Iterator[Frame]:
        empty = numbered("y", y, np.full(y.shape, "."))
        yield Frame((taps, numbered("x", padded, looks), empty), (), ("start",))
        for r, c in np.ndindex(y.shape):
            over, sums = _under(padded, looks, kernel, (r * stride, c * stride), dilation, "x")
            yield Frame((taps, over, _known(y, r, c)), _sum(y, r, c, sums), ("gather", r, c))

    title = f"k={_by(kernel)}, s={stride}, p={padding}" + (f", d={dilation}" if dilation > 1 else "")
    return clip_of(title, ((0,), (1,), (2,)), frames())


def _over_zeros(
    x: Array, w: Array, y: Array, s: int, p: int, d: int, a: int, recipe: bool
) -> Iterator[Frame]:
    """The flipped kernel slides with stride 1 over the input with zeros between and around."""
    spread = derivations.zeros_between(derivations.zeros_between(x, s).T, s).T
    own = derivations.zeros_between(derivations.zeros_between(np.ones_like(x), s).T, s).T > 0
    reach = [d * (k - 1) for k in w.shape]
    around = [(max(q - p, 0), max(q - p + a, 0)) for q in reach]
    z, looks = np.pad(spread, around), np.where(np.pad(own, around), "i", "z")
    # where p exceeds the reach of the kernel, the recipe crops instead of padding
    first = [max(p - q, 0) for q in reach]
    used = np.zeros(z.shape, bool)
    used[first[0] : first[0] + y.shape[0] + reach[0], first[1] : first[1] + y.shape[1] + reach[1]] = True
    looks = np.where(used, looks, "c")
    flipped = w[::-1, ::-1]
    given, turned = uniform("x", x, "i"), uniform("flipped", flipped, "k")
    empty = numbered("y", y, np.full(y.shape, "."))
    if recipe:
        if p > min(reach):
            raise ValueError(
                f"padding must be ≤ dilation·(kernel − 1) = {min(reach)} to be drawn by the recipe, got {p}"
            )
        between = np.pad(np.ones(spread.shape, bool), around)
        plain = uniform("w", w, "k")
        nothing = numbered("z", z, np.full(z.shape, "."))
        inserted = numbered("z", z, np.where(between, looks, "."))
        whole = numbered("z", z, looks)
        zeros, border = f"{s} − 1 = {s - 1}", f"{d}·({w.shape[0]} − 1) − {p} = {reach[0] - p}"
        if w.shape[0] != w.shape[1]:
            border += f",  {d}·({w.shape[1]} − 1) − {p} = {reach[1] - p}"
        count: Line = ((f"s − 1 = {zeros};  p′ = {border}", ""),)
        yield Frame((given, plain, nothing, empty), (), ("start",))
        yield Frame((given, plain, nothing, empty), count, ("count", s - 1))
        yield Frame((given, plain, inserted, empty), ((f"s − 1 = {zeros}", ""),), ("insert", s - 1))
        yield Frame((given, plain, whole, empty), ((f"p′ = {border}", ""),), ("pad",))
        flip: Line = (("w[u, v]", "k"), (" → ", ""), (f"w[{len(w) - 1} − u, {w.shape[1] - 1} − v]", "k"))
        yield Frame((given, turned, whole, empty), flip, ("flip",))
    else:
        yield Frame((given, turned, numbered("z", z, looks), empty), (), ("start",))
    for r, c in np.ndindex(y.shape):
        over, sums = _under(z, looks, flipped, (first[0] + r, first[1] + c), d, "z")
        yield Frame((given, turned, over, _known(y, r, c)), _sum(y, r, c, sums), ("slide", r, c))


def _stamps(x: Array, w: Array, y: Array, s: int, p: int, a: int, d: int) -> Iterator[Frame]:
    """Each input value adds its own copy of the kernel to a canvas of zeros; p cells are cropped."""
    reach = [d * (k - 1) for k in w.shape]
    beyond = max(0, a - p)

    def stamped(image: Array, kernel: Array) -> Array:
        return np.pad(
            np.asarray(conv_transpose2d(image[None], kernel[None, None], None, s, 0, 0, 1, d))[0], (0, beyond)
        )

    shape = stamped(x, w).shape
    kept = np.zeros(shape, bool)
    kept[p : p + y.shape[0], p : p + y.shape[1]] = True
    taps = np.ones_like(w)
    plain, order = uniform("w", w, "k"), np.arange(x.size).reshape(x.shape)
    start = numbered("canvas", np.zeros(shape), np.where(kept, "z", "c"))
    yield Frame((uniform("x", x, "i"), plain, start), (), ("start",))
    for number, (i, j) in enumerate(np.ndindex(x.shape)):
        canvas = stamped(np.where(order <= number, x, 0), w)
        touched = stamped(np.where(order <= number, 1.0, 0), taps) > 0
        here = stamped(np.where(order == number, 1.0, 0), taps) > 0
        added = texts_of(stamped(np.where(order == number, x, 0), w))
        signed = np.where(np.char.startswith(added, "−"), added, np.char.add("+", added))
        looks = np.where(kept, np.where(touched, "o", "z"), "c")
        out = Grid("canvas", texts_of(canvas), looks, np.where(here, signed, ""))
        out = out._replace(outline=(i * s, j * s, reach[0] + 1, reach[1] + 1))
        given = uniform("x", x, "i")._replace(looks=np.where(order == number, "I", "i"))
        value = number_text(float(x[i, j]))
        line = (
            (f"x[{i}, {j}]", "i"),
            ("·", ""),
            ("w", "k"),
            (" = ", ""),
            (value, "i"),
            ("·", ""),
            ("w", "k"),
        )
        yield Frame((given, plain, out), line, ("stamp", i, j, value))


def _under(
    values: Array, looks: Letters, kernel: Array, at: tuple[int, int], d: int, name: str
) -> tuple[Grid, list[tuple[str, str]]]:
    """The grid with the kernel over it, and the products with cells that are no inserted zeros."""
    badges = blank(values.shape)
    products = []
    for u, v in np.ndindex(kernel.shape):
        r, c = at[0] + d * u, at[1] + d * v
        tap = number_text(float(kernel[u, v]))
        badges[r, c] = f"·{tap}"
        if looks[r, c] == "i":
            products.append((number_text(float(values[r, c])), tap))
    rows, columns = (d * (k - 1) + 1 for k in kernel.shape)
    return Grid(name, texts_of(values), looks, badges, (*at, rows, columns)), products


def _sum(y: Array, r: int, c: int, products: list[tuple[str, str]]) -> Line:
    pieces: list[tuple[str, str]] = [(f"y[{r}, {c}]", "o"), (" = ", "")]
    for number, (value, tap) in enumerate(products):
        pieces += [(" + ", "")] if number else []
        pieces += [(_factor(value), "i"), ("·", ""), (_factor(tap), "k")]
    pieces += [(" = ", "")] if products else []
    return (*pieces, (number_text(float(y[r, c])), "o"))


def _factor(text: str) -> str:
    return f"({text})" if text.startswith("−") else text


def _known(y: Array, r: int, c: int) -> Grid:
    order = np.arange(y.size).reshape(y.shape)
    now = r * y.shape[1] + c
    return numbered("y", y, np.where(order < now, "o", np.where(order == now, "O", ".")))


def _by(kernel: Array) -> str:
    rows, columns = kernel.shape
    return str(rows) if rows == columns else f"{rows}×{columns}"
