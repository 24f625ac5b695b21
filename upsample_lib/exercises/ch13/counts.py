"""The multiplications of nearest upsampling and a convolution, done as two layers and as one."""

from typing import Any

import numpy as np
import numpy.typing as npt

from upsample_lib.exercises.cases import mistake
from upsample_lib.exercises.exercise import Exercise
from upsample_lib.exercises.language import Text

Counts = npt.NDArray[np.int64]

STUB = """def counts(c_in, c_out, n, k, s):
    pair = ...
    fused = ...
    return np.array([pair, fused])
"""


def counts(c_in: int, c_out: int, n: int, k: int, s: int) -> Counts:
    pair = c_in * c_out * (s * n) ** 2 * k**2
    fused = c_in * c_out * n**2 * (k + s - 1) ** 2
    return np.array([pair, fused])


@mistake(
    "свёртка посчитана на карте до увеличения. У пары она работает на увеличенной, у которой `s·n` строк и "
    "столько же столбцов.",
    "the convolution is counted on the map before the enlargement. In the pair it works on the enlarged one, "
    "which has `s·n` rows and as many columns.",
)
def before_enlarging(c_in: int, c_out: int, n: int, k: int, s: int) -> Counts:
    return np.array([c_in * c_out * n**2 * k**2, counts(c_in, c_out, n, k, s)[1]])


@mistake(
    "у слитого слоя взято прежнее ядро `k`. Равный паре слой имеет ядро больше: `k + s − 1`.",
    "the fused layer is given the old kernel `k`. The layer that equals the pair has a larger one: `k + s − "
    "1`.",
    misconception=14,
)
def the_same_kernel(c_in: int, c_out: int, n: int, k: int, s: int) -> Counts:
    return np.array([counts(c_in, c_out, n, k, s)[0], c_in * c_out * n**2 * k**2])


@mistake(
    "ядро слитого слоя взято `k + s`, на единицу больше: `s` копий, сдвинутых на 0, …, s − 1, занимают "
    "`k + s − 1`.",
    "the fused layer's kernel is taken as `k + s`, one too many: `s` copies moved by 0, …, s − 1 take up "
    "`k + s − 1`.",
)
def one_tap_too_many(c_in: int, c_out: int, n: int, k: int, s: int) -> Counts:
    return np.array([counts(c_in, c_out, n, k, s)[0], c_in * c_out * n**2 * (k + s) ** 2])


@mistake(
    "у слитого слоя каждый пиксель выхода умножен на всё ядро. У транспонированной свёртки на всё ядро "
    "умножается каждый пиксель входа.",
    "in the fused layer every pixel of the output is multiplied by the whole kernel. In a transposed "
    "convolution every pixel of the input is.",
    misconception=3,
)
def kernel_for_each_output(c_in: int, c_out: int, n: int, k: int, s: int) -> Counts:
    pair, fused = counts(c_in, c_out, n, k, s)
    return np.array([pair, fused * s**2])


@mistake(
    "посчитана одна ось: на плоскости и пикселей, и весов ядра вдоль двух осей столько же, значит, нужен "
    "квадрат.",
    "only one axis is counted: in the plane there are as many pixels, and as many weights, along the other "
    "one too, so everything is squared.",
)
def one_axis(c_in: int, c_out: int, n: int, k: int, s: int) -> Counts:
    return np.array([c_in * c_out * s * n * k, c_in * c_out * n * (k + s - 1)])


@mistake(
    "каналы забыты. Каждый выходной канал складывается из всех входных, у каждой пары своё ядро: "
    "`c_in * c_out`.",
    "the channels are forgotten. Every output channel adds up all input channels, each pair with a kernel of "
    "its own: `c_in * c_out`.",
)
def no_channel_pairs(c_in: int, c_out: int, n: int, k: int, s: int) -> Counts:
    return counts(1, 1, n, k, s)


@mistake(
    "учтены только входные каналы. У каждого выходного канала свои ядра, умножьте и на `c_out`.",
    "only input channels are counted. Every output channel has kernels of its own: multiply by `c_out` too.",
)
def input_channels_only(c_in: int, c_out: int, n: int, k: int, s: int) -> Counts:
    return counts(c_in, 1, n, k, s)


@mistake(
    "числа верны, но стоят наоборот: сначала пара, потом слитый слой.",
    "the numbers are right but the wrong way round: first the pair, then the fused layer.",
)
def swapped(c_in: int, c_out: int, n: int, k: int, s: int) -> Counts:
    return counts(c_in, c_out, n, k, s)[::-1]


def _case(c_in: int, c_out: int, n: int, k: int, s: int) -> dict[str, Any]:
    return {"c_in": c_in, "c_out": c_out, "n": n, "k": k, "s": s}


EXERCISE = Exercise(
    name="ch13.counts",
    title=Text("Сколько умножений", "How many multiplications"),
    task=Text(
        "Карту `n × n` с `c_in` каналами увеличивают ближайшим соседом в `s` раз и сворачивают с ядром "
        "`k × k` (k нечётно, размер сохраняется) в `c_out` каналов. Верните два числа: сколько умножений "
        "делает такая пара и сколько — равная ей транспонированная свёртка. Нули за краем считайте тоже, "
        "обрезку не вычитайте.",
        "An `n × n` map with `c_in` channels is enlarged `s` times by nearest neighbour and convolved with a "
        "`k × k` kernel (k odd, the size is kept) into `c_out` channels. Return two numbers: how many "
        "multiplications this pair makes, and how many the transposed convolution that equals it. Include "
        "multiplications by the zeros beyond the border, and do not deduct what the crop throws away.",
    ),
    stub=STUB,
    reference=counts,
    mistakes=(
        before_enlarging,
        the_same_kernel,
        one_tap_too_many,
        kernel_for_each_output,
        one_axis,
        no_channel_pairs,
        input_channels_only,
        swapped,
    ),
    cases=(
        _case(1, 1, 1, 1, 2),
        _case(1, 1, 2, 3, 2),
        _case(2, 3, 5, 3, 2),
        _case(64, 32, 32, 3, 2),
        _case(5, 7, 4, 5, 3),
    ),
    hints=(
        Text(
            "Свёртка делает для каждого пикселя выхода и каждой пары каналов k² умножений. Сколько у пары "
            "пикселей выхода?",
            "For each output pixel and each pair of channels a convolution makes k² multiplications. How "
            "many output pixels does the pair have?",
        ),
        Text(
            "Транспонированная свёртка умножает на всё ядро каждый пиксель входа, их n². Размер её ядра — "
            "k + s − 1.",
            "A transposed convolution multiplies each input pixel, n² of them, by the whole kernel. Its "
            "kernel has the size k + s − 1.",
        ),
        Text(
            "`c_in * c_out * (s * n)**2 * k**2` и `c_in * c_out * n**2 * (k + s - 1)**2`.",
            "`c_in * c_out * (s * n)**2 * k**2` and `c_in * c_out * n**2 * (k + s - 1)**2`.",
        ),
    ),
    features={
        "k > 1": lambda c_in, c_out, n, k, s: k > 1,
        "n > 1": lambda c_in, c_out, n, k, s: n > 1,
        "C_out > 1": lambda c_in, c_out, n, k, s: c_out > 1,
    },
)
