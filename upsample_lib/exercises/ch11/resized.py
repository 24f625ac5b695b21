"""The layer that diffusion decoders double with: nearest neighbour, then a convolution, in PyTorch."""

import numpy as np
import torch.nn.functional as F
from torch import Tensor

from upsample_lib.exercises.cases import Array, Shape, mistake, primes
from upsample_lib.exercises.exercise import Exercise
from upsample_lib.exercises.language import Text

STUB = """def resize_conv(x, w, s=2):
    ...
"""


def resize_conv(x: Tensor, w: Tensor, s: int = 2) -> Tensor:
    grown = x.repeat_interleave(s, dim=2).repeat_interleave(s, dim=3)
    return F.conv2d(grown, w, padding=w.shape[2] // 2)


@mistake(
    "изображение повторено плиткой, `x, x, …`. Ближайший сосед повторяет каждый пиксель: "
    "`repeat_interleave`, а не `repeat`.",
    "the image is repeated like a tile, `x, x, …`. Nearest neighbour repeats each pixel: "
    "`repeat_interleave`, not `repeat`.",
)
def tiled(x: Tensor, w: Tensor, s: int = 2) -> Tensor:
    return F.conv2d(x.repeat(1, 1, s, s), w, padding=w.shape[2] // 2)


@mistake(
    "между пикселями вставлены нули, «ложе из гвоздей». Так начинается транспонированная свёртка; здесь "
    "пиксель надо повторить.",
    "zeros are put between the pixels, a bed of nails. That is how a transposed convolution begins; here "
    "the pixel is to be repeated.",
)
def nails(x: Tensor, w: Tensor, s: int = 2) -> Tensor:
    batch, channels, height, width = x.shape
    grown = x.new_zeros(batch, channels, height * s, width * s)
    grown[:, :, ::s, ::s] = x
    return F.conv2d(grown, w, padding=w.shape[2] // 2)


@mistake(
    "это билинейная интерполяция; просили ближайшего соседа.",
    "this is bilinear interpolation; nearest neighbour was asked for.",
)
def bilinear(x: Tensor, w: Tensor, s: int = 2) -> Tensor:
    grown = F.interpolate(x, scale_factor=s, mode="bilinear")
    return F.conv2d(grown, w, padding=w.shape[2] // 2)


@mistake(
    "сначала свёртка, потом увеличение: выход состоит из одноцветных блоков s × s. Свёртка должна идти "
    "после.",
    "first the convolution, then the enlargement: the output consists of flat s × s blocks. The "
    "convolution comes after.",
)
def convolved_first(x: Tensor, w: Tensor, s: int = 2) -> Tensor:
    y = F.conv2d(x, w, padding=w.shape[2] // 2)
    return y.repeat_interleave(s, dim=2).repeat_interleave(s, dim=3)


@mistake(
    "это транспонированная свёртка с теми же весами. С одним ядром эти слои дают разное; чтобы они "
    "совпали, ядро транспонированной должно быть больше.",
    "this is a transposed convolution with the same weights. With one kernel the two layers give different "
    "results; to make them equal, the transposed one needs a larger kernel.",
    misconception=14,
)
def transposed_with_the_same_weights(x: Tensor, w: Tensor, s: int = 2) -> Tensor:
    k = w.shape[2]
    return F.conv_transpose2d(x, w.transpose(0, 1), stride=s, padding=k // 2, output_padding=s - 1)


@mistake(
    "свёртка не дополнена нулями, и выход меньше, чем `s·n`. Чтобы размер сохранился, нужно `padding = k "
    "// 2`.",
    "the convolution has no padding, and the output is smaller than `s·n`. To keep the size, use "
    "`padding = k // 2`.",
)
def not_padded(x: Tensor, w: Tensor, s: int = 2) -> Tensor:
    return F.conv2d(x.repeat_interleave(s, dim=2).repeat_interleave(s, dim=3), w)


@mistake(
    "веса прочитаны как `(C_in, C_out, k, k)`. У обычной свёртки первым стоит C_out; при равном числе "
    "каналов ошибку выдают только значения.",
    "the weights are read as `(C_in, C_out, k, k)`. An ordinary convolution has C_out first; with equal "
    "channel counts only the values give it away.",
)
def channels_swapped(x: Tensor, w: Tensor, s: int = 2) -> Tensor:
    return resize_conv(x, w.transpose(0, 1), s)


@mistake(
    "ядро перевёрнуто. `F.conv2d` — взаимная корреляция, переворачивать ничего не надо.",
    "the kernel is flipped. `F.conv2d` is a cross-correlation; there is nothing to flip.",
)
def flipped(x: Tensor, w: Tensor, s: int = 2) -> Tensor:
    return resize_conv(x, w.flip(2, 3), s)


@mistake(
    "увеличены только строки.",
    "only the rows are enlarged.",
)
def rows_only(x: Tensor, w: Tensor, s: int = 2) -> Tensor:
    return F.conv2d(x.repeat_interleave(s, dim=2), w, padding=w.shape[2] // 2)


def _case(x: tuple[int, ...], w: tuple[int, ...], s: int) -> dict[str, object]:
    return {"x": primes(*x), "w": primes(*w, start=7) / 2, "s": s}


def _sizes(x: Array, w: Array, height: int, width: int) -> tuple[int, ...]:
    return (len(x), w.shape[0], height, width)


def _impulse(c: int, o: int, i: int, j: int, u: int, v: int) -> dict[str, object]:
    x, w = np.zeros((1, 2, 2, 2)), np.zeros((3, 2, 3, 3))
    x[0, c, i, j] = w[o, c, u, v] = 1
    return {"x": x, "w": w, "s": 2}


EXERCISE = Exercise(
    name="ch11.resize_conv",
    title=Text("Ближайший сосед и свёртка", "Nearest neighbour and a convolution"),
    task=Text(
        "Замените транспонированную свёртку: увеличьте `x` формы `(N, C_in, H, W)` ближайшим соседом в `s` "
        "раз и сверните с весами `w` формы `(C_out, C_in, k, k)`, k нечётно, так, чтобы вышло `(N, C_out, "
        "s·H, s·W)`.",
        "Replace the transposed convolution: enlarge `x`, shape `(N, C_in, H, W)`, `s` times by nearest "
        "neighbour and convolve with the weights `w`, shape `(C_out, C_in, k, k)`, k odd, so that `(N, "
        "C_out, s·H, s·W)` comes out.",
    ),
    stub=STUB,
    reference=resize_conv,
    mistakes=(
        tiled,
        nails,
        bilinear,
        convolved_first,
        transposed_with_the_same_weights,
        not_padded,
        channels_swapped,
        flipped,
        rows_only,
    ),
    cases=(
        _case((1, 1, 2, 2), (1, 1, 1, 1), 2),
        _case((1, 1, 2, 3), (1, 1, 3, 3), 2),
        _case((1, 2, 2, 2), (2, 2, 3, 3), 2),
        _case((2, 2, 3, 2), (3, 2, 3, 3), 3),
        _case((1, 1, 3, 2), (2, 1, 5, 5), 2),
    ),
    hints=(
        Text(
            "Ближайший сосед превращает каждый пиксель в блок s × s. Какие функции PyTorch повторяют "
            "элементы вдоль оси?",
            "Nearest neighbour turns each pixel into a block of s × s. Which PyTorch functions repeat "
            "elements along an axis?",
        ),
        Text(
            "Увеличивает `x.repeat_interleave(s, dim=2)` и то же по оси 3, или `F.interpolate` с "
            '`mode="nearest"`. Осталась `F.conv2d`; каким должно быть `padding`?',
            "`x.repeat_interleave(s, dim=2)` and the same along axis 3 enlarges, or `F.interpolate` with "
            '`mode="nearest"`. What remains is `F.conv2d`; what must `padding` be?',
        ),
        Text(
            '`F.conv2d(F.interpolate(x, scale_factor=s, mode="nearest"), w, padding=w.shape[2] // 2)`.',
            '`F.conv2d(F.interpolate(x, scale_factor=s, mode="nearest"), w, padding=w.shape[2] // 2)`.',
        ),
    ),
    impulses={
        f"x[0, {c}, {i}, {j}]·w[{o}, {c}, {u}, {v}]": _impulse(c, o, i, j, u, v)
        for c, o, i, j, u, v in (
            (0, 0, 0, 0, 1, 1),
            (0, 0, 0, 1, 1, 1),
            (0, 0, 1, 0, 1, 1),
            (1, 2, 1, 1, 0, 2),
        )
    },
    shapes={
        "unpadded": Shape(
            lambda x, w, s: _sizes(x, w, s * x.shape[2] - w.shape[2] + 1, s * x.shape[3] - w.shape[3] + 1),
            Text(
                "Таким был бы размер без дополнения свёртки.", "That would be the size without the padding."
            ),
        ),
        "input's size": Shape(
            lambda x, w, s: _sizes(x, w, x.shape[2], x.shape[3]),
            Text("Это размер входа: увеличения не было.", "That is the input's size: nothing was enlarged."),
        ),
    },
    features={
        "k > 1": lambda x, w, s: w.shape[2] > 1,
        "C_in > 1": lambda x, w, s: x.shape[1] > 1,
        "H ≠ W": lambda x, w, s: x.shape[2] != x.shape[3],
        "s > 2": lambda x, w, s: s > 2,
    },
    forbidden=(
        "upsample_conv2d",
        "upsample_lib.upsample_conv2d",
        "upsample_lib.nn.NearestConv",
        "upsample_lib.nn.upsampler",
        "NearestConv",
        "upsampler",
    ),
    as_tensors=True,
)
