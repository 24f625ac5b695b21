"""From pixels back to channels."""

import numpy as np

from upsample_lib.exercises.cases import Array, Shape, mistake, primes
from upsample_lib.exercises.exercise import Exercise
from upsample_lib.exercises.language import Text

STUB = """def unshuffle(y, s):
    channels, height, width = y.shape
    ...
"""


def unshuffle(y: Array, s: int) -> Array:
    channels, height, width = y.shape
    y = y.reshape(channels, height // s, s, width // s, s)
    y = y.transpose(0, 2, 4, 1, 3)
    return y.reshape(channels * s**2, height // s, width // s)


def _split(y: Array, s: int) -> Array:
    """(C, i, a, j, b)."""
    channels, height, width = y.shape
    return y.reshape(channels, height // s, s, width // s, s)


def _joined(y: Array, like: Array, s: int) -> Array:
    channels, height, width = like.shape
    return y.reshape(channels * s**2, height // s, width // s)


@mistake(
    "порядок каналов DCR, как у `depth_to_space` в TensorFlow: сначала место в блоке, потом канал. У "
    "`pixel_shuffle` старший — канал. При одном канале разницы не видно.",
    "the channels are in the order DCR, that of TensorFlow's `depth_to_space`: the place in the block first, "
    "then the channel. For `pixel_shuffle` the channel comes first. With one channel nothing shows.",
    misconception=23,
)
def depth_to_space_order(y: Array, s: int) -> Array:
    return _joined(_split(y, s).transpose(2, 4, 0, 1, 3), y, s)


@mistake(
    "блок заполнен по столбцам. Каналы идут построчно: номер `c·s² + a·s + b`, где `a` — строка в блоке.",
    "the block is filled column by column. Channels go row by row: the number is `c·s² + a·s + b`, with `a` "
    "the row in the block.",
)
def columns_first(y: Array, s: int) -> Array:
    return _joined(_split(y, s).transpose(0, 4, 2, 1, 3), y, s)


@mistake(
    "картинка разрезана на `s × s` кусков. В канал идёт каждый `s`-й пиксель, `y[:, a::s, b::s]`.",
    "the picture is cut into `s × s` pieces. A channel takes every `s`-th pixel, `y[:, a::s, b::s]`.",
)
def tiles(y: Array, s: int) -> Array:
    channels, height, width = y.shape
    pieces = y.reshape(channels, s, height // s, s, width // s)
    return _joined(pieces.transpose(0, 1, 3, 2, 4), y, s)


@mistake(
    "форма изменена, но оси не переставлены: `reshape` сам ничего не переносит.",
    "the shape has changed, but no axes were moved: `reshape` by itself takes nothing to another place.",
)
def only_reshaped(y: Array, s: int) -> Array:
    return _joined(y, y, s)


@mistake(
    "это перестановка в прямую сторону, применённая ещё раз. Обратная раскладывает `(C, i, a, j, b)` в `(C, "
    "a, b, i, j)`.",
    "this is the forward permutation applied once more. The inverse takes `(C, i, a, j, b)` to `(C, a, b, i, "
    "j)`.",
)
def forward_again(y: Array, s: int) -> Array:
    channels, height, width = y.shape
    apart = y.reshape(channels, s, s, height // s, width // s)
    return _joined(apart.transpose(0, 3, 1, 4, 2), y, s)


@mistake(
    "пиксели каждой фазы транспонированы: `i` и `j` поменялись местами.",
    "the pixels of every phase are transposed: `i` and `j` have changed places.",
)
def transposed(y: Array, s: int) -> Array:
    channels, height, width = y.shape
    return _split(y, s).transpose(0, 2, 4, 3, 1).reshape(channels * s**2, width // s, height // s)


@mistake(
    "в блоке взят один пиксель, остальные потеряны: каналов должно стать `C·s²`.",
    "one pixel of each block is taken and the others are lost: there must be `C·s²` channels.",
)
def subsampled(y: Array, s: int) -> Array:
    return y[:, ::s, ::s]


def _impulse(c: int, i: int, j: int) -> dict[str, object]:
    y = np.zeros((2, 4, 4))
    y[c, i, j] = 1
    return {"y": y, "s": 2}


_IMPULSES = ((0, 0, 0), (0, 0, 1), (0, 1, 0), (0, 0, 2), (0, 2, 0), (1, 3, 2))

EXERCISE = Exercise(
    name="ch08.unshuffle",
    title=Text("Из пикселей в каналы", "From pixels to channels"),
    task=Text(
        "Обратите перестановку пикселей: `y` формы `(C, H, W)`, ответ формы `(C·s², H/s, W/s)`, так что "
        "`shuffle(unshuffle(y, s), s)` равно `y`.",
        "Invert the pixel shuffle: `y` is `(C, H, W)`, the answer `(C·s², H/s, W/s)`, so that "
        "`shuffle(unshuffle(y, s), s)` equals `y`.",
    ),
    stub=STUB,
    reference=unshuffle,
    mistakes=(
        depth_to_space_order,
        columns_first,
        tiles,
        only_reshaped,
        forward_again,
        transposed,
        subsampled,
    ),
    cases=(
        {"y": np.array([[[1.0, 2], [3, 4]]]), "s": 2},
        {"y": primes(1, 4, 4), "s": 2},
        {"y": primes(2, 2, 2), "s": 2},
        {"y": primes(1, 4, 6) / 2, "s": 2},
        {"y": primes(2, 3, 6), "s": 3},
        {"y": primes(2, 2, 3), "s": 1},
    ),
    hints=(
        Text(
            "Пиксель `(s·i + a, s·j + b)` канала `c` должен попасть в канал `c·s² + a·s + b`, на место `(i, "
            "j)`. Разделите оси: `H` на `(i, a)`, `W` на `(j, b)`.",
            "Pixel `(s·i + a, s·j + b)` of channel `c` goes to channel `c·s² + a·s + b`, place `(i, j)`. "
            "Split the axes: `H` into `(i, a)`, `W` into `(j, b)`.",
        ),
        Text(
            "`y.reshape(channels, height // s, s, width // s, s)` даёт оси `(c, i, a, j, b)`. В каком "
            "порядке они нужны, чтобы `c`, `a`, `b` склеились в номер канала?",
            "`y.reshape(channels, height // s, s, width // s, s)` gives the axes `(c, i, a, j, b)`. In which "
            "order must they stand for `c`, `a`, `b` to join into the channel's number?",
        ),
        Text(
            "`transpose(0, 2, 4, 1, 3)`, потом `reshape(channels * s**2, height // s, width // s)`.",
            "`transpose(0, 2, 4, 1, 3)`, then `reshape(channels * s**2, height // s, width // s)`.",
        ),
    ),
    impulses={f"y[{c}, {i}, {j}]": _impulse(c, i, j) for c, i, j in _IMPULSES},
    shapes={
        "channels lost": Shape(
            lambda y, s: (y.shape[0], y.shape[1] // s, y.shape[2] // s),
            Text("Потеряны каналы: их C·s².", "Channels are lost: there are C·s² of them."),
        ),
        "enlarged": Shape(
            lambda y, s: (y.shape[0] // s**2, y.shape[1] * s, y.shape[2] * s),
            Text("Это форма после прямой перестановки.", "That is the shape after the forward shuffle."),
        ),
    },
    features={
        "C > 1": lambda y, s: len(y) > 1,
        "H ≠ W": lambda y, s: y.shape[1] != y.shape[2],
        "s > 1": lambda y, s: s > 1,
    },
    forbidden=(
        "upsample_lib.pixel_unshuffle",
        "upsample_lib.subpixel.pixel_unshuffle",
        "upsample_lib.space_to_depth",
        "upsample_lib.subpixel.space_to_depth",
        "torch.nn.functional.pixel_unshuffle",
        "torch.pixel_unshuffle",
    ),
)
