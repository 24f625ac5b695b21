"""A transposed convolution rebuilt from a convolution and a pixel shuffle, in PyTorch."""

from collections.abc import Callable

import numpy as np
import torch.nn.functional as F
from torch import Tensor

from upsample_lib.exercises.cases import Shape, mistake, primes
from upsample_lib.exercises.ch05.ready_made import transposed
from upsample_lib.exercises.exercise import Exercise
from upsample_lib.exercises.language import Text

STUB = """def rebuilt(x, w, s, p=0):
    inputs, outputs, k, _ = w.shape
    q = -(-k // s)
    filters = ...
    y = F.pixel_shuffle(F.conv2d(x, filters, padding=q - 1), s)
    ...
"""


def rebuilt(x: Tensor, w: Tensor, s: int, p: int = 0) -> Tensor:
    inputs, outputs, k, _ = w.shape
    q = -(-k // s)
    filters = F.pad(w, (0, q * s - k, 0, q * s - k))
    filters = filters.reshape(inputs, outputs, q, s, q, s).flip(2, 4)
    filters = filters.permute(1, 3, 5, 0, 2, 4).reshape(outputs * s**2, inputs, q, q)
    y = F.pixel_shuffle(F.conv2d(x, filters, padding=q - 1), s)
    height, width = ((n - 1) * s + k for n in x.shape[2:])
    return y[:, :, p : height - p, p : width - p]


def _filled(w: Tensor, s: int) -> Tensor:
    """Zeros at the end, up to a multiple of s; then (C_in, C_out, q, s, q, s)."""
    inputs, outputs, k, _ = w.shape
    q = -(-k // s)
    w = F.pad(w, (0, q * s - k, 0, q * s - k))
    return w.reshape(inputs, outputs, q, s, q, s)


def _layer(x: Tensor, filters: Tensor, w: Tensor, s: int, p: int) -> Tensor:
    """From filters (C_out, s, s, C_in, q, q) to the cropped output."""
    outputs, _, _, inputs, q, _ = filters.shape
    filters = filters.reshape(outputs * s**2, inputs, q, q)
    y = F.pixel_shuffle(F.conv2d(x, filters, padding=q - 1), s)
    height, width = ((n - 1) * s + w.shape[2] for n in x.shape[2:])
    return y[:, :, p : height - p, p : width - p]


def _by(arrange: Callable[[Tensor], Tensor], x: Tensor, w: Tensor, s: int, p: int) -> Tensor:
    return _layer(x, arrange(_filled(w, s)), w, s, p)


@mistake(
    "фильтры не перевёрнуты. Слой свёртки — взаимная корреляция, поэтому фаза берёт веса в обратном порядке: "
    "`flip` по обеим осям `q`.",
    "the filters are not flipped. A convolution layer is a cross-correlation, so a phase takes its weights "
    "in reverse order: `flip` both axes of length `q`.",
    misconception=2,
)
def not_flipped(x: Tensor, w: Tensor, s: int, p: int = 0) -> Tensor:
    return _by(lambda filled: filled.permute(1, 3, 5, 0, 2, 4), x, w, s, p)


@mistake(
    "перевёрнуты и фазы (оси `s`). Переворачивать надо только порядок весов внутри фазы, оси `q`: иначе "
    "пиксели блока встают задом наперёд.",
    "the phases (axes of length `s`) are flipped too. Only the order of the weights within a phase, the axes "
    "of length `q`, is to be flipped: otherwise the pixels of a block come out back to front.",
)
def phases_flipped(x: Tensor, w: Tensor, s: int, p: int = 0) -> Tensor:
    return _by(lambda filled: filled.flip(2, 3, 4, 5).permute(1, 3, 5, 0, 2, 4), x, w, s, p)


@mistake(
    "оси каналов не поменялись местами: у `w` порядок `(C_in, C_out, …)`, а свёртке нужен `(C_out, C_in, "
    "…)`. При равном числе каналов форма молчит.",
    "the channel axes have not changed places: `w` is `(C_in, C_out, …)`, a convolution needs `(C_out, C_in, "
    "…)`. With equal channel counts no shape tells.",
    misconception=4,
)
def channels_not_swapped(x: Tensor, w: Tensor, s: int, p: int = 0) -> Tensor:
    return _by(lambda filled: filled.flip(2, 4).permute(0, 3, 5, 1, 2, 4), x, w, s, p)


@mistake(
    "фильтры стоят в порядке DCR: сначала место в блоке, потом канал. `F.pixel_shuffle` ждёт `c·s² + a·s + "
    "b`.",
    "the filters are in the order DCR: the place in the block first, then the channel. `F.pixel_shuffle` "
    "expects `c·s² + a·s + b`.",
    misconception=23,
)
def depth_to_space_order(x: Tensor, w: Tensor, s: int, p: int = 0) -> Tensor:
    filters = _filled(w, s).flip(2, 4).permute(3, 5, 1, 0, 2, 4)
    return _layer(x, filters.reshape(w.shape[1], s, s, *filters.shape[3:]), w, s, p)


@mistake(
    "номер веса разложен как `(s, q)`: фазами стали соседние куски ядра. Фаза — каждый `s`-й вес, то есть "
    "`(q, s)`.",
    "the weight's number is split as `(s, q)`, which makes neighbouring pieces of the kernel the phases. A "
    "phase is every `s`-th weight: `(q, s)`.",
)
def phases_as_pieces(x: Tensor, w: Tensor, s: int, p: int = 0) -> Tensor:
    inputs, outputs, k, _ = w.shape
    q = -(-k // s)
    filled = F.pad(w, (0, q * s - k, 0, q * s - k)).reshape(inputs, outputs, s, q, s, q)
    return _layer(x, filled.flip(3, 5).permute(1, 2, 4, 0, 3, 5), w, s, p)


@mistake(
    "нули приписаны в начало ядра. Лишние веса должны стоять в конце, тогда лишнее и на выходе в конце.",
    "zeros are added at the beginning of the kernel. They belong at its end; then what is too much in the "
    "output is at its end as well.",
)
def filled_at_the_beginning(x: Tensor, w: Tensor, s: int, p: int = 0) -> Tensor:
    k = w.shape[2]
    lacking = -(-k // s) * s - k
    full = rebuilt(x, F.pad(w, (lacking, 0, lacking, 0)), s)
    height, width = ((n - 1) * s + k for n in x.shape[2:])
    return full[:, :, p : height - p, p : width - p]


@mistake(
    "`p` не используется: края не срезаны.",
    "`p` is not used: the ends are not cropped.",
)
def not_cropped(x: Tensor, w: Tensor, s: int, p: int = 0) -> Tensor:
    return rebuilt(x, w, s)


@mistake(
    "позиции, куда попали только приписанные нули, остались: отрежьте `q·s − k` с конца, прежде чем срезать "
    "`p`.",
    "the positions reached by the added zeros only are still there: cut `q·s − k` off the end before you "
    "crop `p`.",
)
def tail_kept(x: Tensor, w: Tensor, s: int, p: int = 0) -> Tensor:
    k = w.shape[2]
    lacking = -(-k // s) * s - k
    full = rebuilt(x, F.pad(w, (0, lacking, 0, lacking)), s)
    return full[:, :, p : full.shape[2] - p, p : full.shape[3] - p]


@mistake(
    "`p` передано свёртке как её дополнение. Свёртка всегда дополняет `q − 1`, а `p` срезает готовый выход.",
    "`p` went to the convolution as its padding. The convolution always pads by `q − 1`, and `p` crops the "
    "finished output.",
    misconception=7,
)
def padding_of_the_convolution(x: Tensor, w: Tensor, s: int, p: int = 0) -> Tensor:
    filters = _filled(w, s).flip(2, 4).permute(1, 3, 5, 0, 2, 4)
    outputs, _, _, inputs, q, _ = filters.shape
    y = F.conv2d(x, filters.reshape(outputs * s**2, inputs, q, q), padding=p)
    return F.pixel_shuffle(y, s)


def _case(x: tuple[int, ...], w: tuple[int, ...], s: int, p: int) -> dict[str, object]:
    return {"x": primes(*x), "w": primes(*w, start=7) / 2, "s": s, "p": p}


def _impulse(c: int, o: int, i: int, j: int, u: int, v: int) -> dict[str, object]:
    x, w = np.zeros((1, 2, 2, 2)), np.zeros((2, 3, 3, 3))
    x[0, c, i, j] = w[c, o, u, v] = 1
    return {"x": x, "w": w, "s": 2, "p": 0}


# channels, then the places in the input and in the kernel
_IMPULSES = (
    (0, 0, 0, 0, 0, 0),
    (0, 0, 0, 1, 0, 0),
    (0, 0, 0, 0, 0, 1),
    (0, 0, 0, 0, 2, 0),
    (0, 1, 0, 0, 0, 0),
    (1, 2, 1, 1, 2, 1),
)

EXERCISE = Exercise(
    name="ch08.rebuilt",
    title=Text("Собрать слой заново", "Rebuild the layer"),
    task=Text(
        "Постройте транспонированную свёртку из обычной и перестановки: из весов `w` `(C_in, C_out, k, k)` "
        "сделайте фильтры для `F.conv2d`, а после `F.pixel_shuffle` отрежьте лишнее.",
        "Rebuild transposed convolution from a convolution and a shuffle: make filters for `F.conv2d` of the "
        "weights `w`, `(C_in, C_out, k, k)`, and after `F.pixel_shuffle` cut off what is too much.",
    ),
    stub=STUB,
    reference=rebuilt,
    mistakes=(
        not_flipped,
        phases_flipped,
        channels_not_swapped,
        depth_to_space_order,
        phases_as_pieces,
        filled_at_the_beginning,
        not_cropped,
        tail_kept,
        padding_of_the_convolution,
    ),
    cases=(
        _case((1, 1, 2, 2), (1, 1, 2, 2), 2, 0),
        _case((1, 1, 2, 2), (1, 1, 4, 4), 2, 0),
        _case((1, 1, 2, 2), (1, 1, 4, 4), 2, 1),
        _case((1, 1, 2, 3), (1, 1, 3, 3), 2, 0),
        _case((1, 2, 2, 2), (2, 2, 2, 2), 2, 0),
        _case((1, 2, 2, 2), (2, 3, 3, 3), 2, 1),
        _case((2, 1, 2, 2), (1, 2, 6, 6), 3, 2),
    ),
    hints=(
        Text(
            "Начните с `k`, кратного `s`. Вес номер `t = u·s + a` попадает в фазу `a`: разложите обе оси "
            "ядра, `w.reshape(inputs, outputs, q, s, q, s)`.",
            "Begin with `k` a multiple of `s`. Weight number `t = u·s + a` belongs to phase `a`: split both "
            "axes of the kernel, `w.reshape(inputs, outputs, q, s, q, s)`.",
        ),
        Text(
            "Переверните оси длины `q`: `.flip(2, 4)`. Номер фильтра для `F.pixel_shuffle` складывается из "
            "`(C_out, a, b)`: `.permute(1, 3, 5, 0, 2, 4)`.",
            "Flip the axes of length `q`: `.flip(2, 4)`. A filter's number for `F.pixel_shuffle` is made of "
            "`(C_out, a, b)`: `.permute(1, 3, 5, 0, 2, 4)`.",
        ),
        Text(
            "Если `s` не делит `k`, сначала `F.pad(w, (0, q * s - k, 0, q * s - k))`. Верный размер до среза "
            "— `(n - 1) * s + k`; верните `y[:, :, p : height - p, p : width - p]`.",
            "If `s` does not divide `k`, first `F.pad(w, (0, q * s - k, 0, q * s - k))`. The true size "
            "before the crop is `(n - 1) * s + k`; return `y[:, :, p : height - p, p : width - p]`.",
        ),
    ),
    impulses={
        f"x[0, {c}, {i}, {j}]·w[{c}, {o}, {u}, {v}]": _impulse(c, o, i, j, u, v)
        for c, o, i, j, u, v in _IMPULSES
    },
    shapes={
        "uncropped": Shape(
            lambda x, w, s, p: (len(x), w.shape[1], *((n - 1) * s + w.shape[2] for n in x.shape[2:])),
            Text("Такой размер у выхода до обрезки.", "That is the size before cropping."),
        ),
        "n·s": Shape(
            lambda x, w, s, p: (len(x), w.shape[1], x.shape[2] * s, x.shape[3] * s),
            Text("Это n·s; нужно (n − 1)s − 2p + k.", "That is n·s; it should be (n − 1)s − 2p + k."),
        ),
    },
    features={
        "k mod s ≠ 0": lambda x, w, s, p: w.shape[2] % s != 0,
        "p > 0": lambda x, w, s, p: p > 0,
        "C_in > 1": lambda x, w, s, p: x.shape[1] > 1,
        "C_out > 1": lambda x, w, s, p: w.shape[1] > 1,
        "k > s": lambda x, w, s, p: w.shape[2] > s,
    },
    forbidden=(
        *transposed(2),
        "ConvTranspose2d",
        "torch.nn.functional.fold",
        "upsample_lib.nn.subpixel_from_transposed",
        "upsample_lib.nn.equivalence.subpixel_from_transposed",
    ),
    as_tensors=True,
)
