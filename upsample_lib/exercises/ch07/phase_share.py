"""How much of a picture is checkerboard, without a Fourier transform."""

import numpy as np

from upsample_lib.exercises.cases import Array, mistake, primes
from upsample_lib.exercises.exercise import Exercise
from upsample_lib.exercises.language import Text

STUB = """def phase_share(y, s):
    ...
"""


def _phases(y: Array, s: int) -> Array:
    """(H/s, s, W/s, s): block row, row in the block, block column, column in the block."""
    height, width = y.shape
    return y.reshape(height // s, s, width // s, s)


def phase_share(y: Array, s: int) -> float:
    means = np.array([[y[a::s, b::s].mean() for b in range(s)] for a in range(s)])
    return float(means.var() / y.var())


@mistake(
    "посчитана доля, которая остаётся внутри фаз. Узор — это разброс между их средними.",
    "this is the share that stays inside the phases. The pattern is the spread between their means.",
)
def within_phases(y: Array, s: int) -> float:
    return 1 - phase_share(y, s)


@mistake(
    "усреднены блоки `s × s`, а не фазы. Фаза — это каждый `s`-й пиксель: `y[a::s, b::s]`.",
    "blocks of `s × s` are averaged instead of phases. A phase is every `s`-th pixel: `y[a::s, b::s]`.",
)
def blocks(y: Array, s: int) -> float:
    return float(_phases(y, s).mean(axis=(1, 3)).var() / y.var())


@mistake(
    "фазы взяты только по строкам. На плоскости их `s²`: и строка, и столбец.",
    "phases are taken along rows only. In the plane there are `s²` of them: row and column.",
)
def rows_only(y: Array, s: int) -> float:
    return float(_phases(y, s).mean(axis=(0, 2, 3)).var() / y.var())


@mistake(
    "средняя яркость не вычтена: она попала в узор. Дисперсия вычитает её сама.",
    "the mean brightness is not taken out and counts as pattern. A variance takes it out by itself.",
)
def mean_counted(y: Array, s: int) -> float:
    means = _phases(y, s).mean(axis=(0, 2))
    return float((means**2).mean() / (y**2).mean())


@mistake(
    "взято отношение стандартных отклонений. Доля энергии — отношение дисперсий.",
    "this is a ratio of standard deviations. A share of energy is a ratio of variances.",
)
def deviations(y: Array, s: int) -> float:
    return float(_phases(y, s).mean(axis=(0, 2)).std() / y.std())


@mistake(
    "дисперсия средних не поделена на дисперсию всей картинки.",
    "the variance of the means is not divided by that of the whole picture.",
)
def not_divided(y: Array, s: int) -> float:
    return float(_phases(y, s).mean(axis=(0, 2)).var())


@mistake(
    "дисперсия средних поделена на `s² − 1` (`ddof=1`), а дисперсия картинки на число пикселей. Нужны обе с "
    "`ddof=0`.",
    "the variance of the means is divided by `s² − 1` (`ddof=1`), that of the picture by the number of "
    "pixels. Both want `ddof=0`.",
)
def one_fewer(y: Array, s: int) -> float:
    return float(_phases(y, s).mean(axis=(0, 2)).var(ddof=1) / y.var())


def _board(height: int, width: int) -> Array:
    return np.fromfunction(lambda i, j: (i + j) % 2, (height, width))


_RAMP = np.arange(24.0).reshape(4, 6)

EXERCISE = Exercise(
    name="ch07.phase_share",
    title=Text("Доля узора без Фурье", "The share of the pattern without Fourier"),
    task=Text(
        "Доля энергии на частотах решётки — это ещё и доля дисперсии, которую объясняет фаза пикселя: "
        "дисперсия `s²` средних по фазам, делённая на дисперсию картинки `y`. Верните её числом. Обе стороны "
        "`y` делятся на `s`.",
        "The share of energy on the frequencies of the lattice is also the share of variance that a pixel's "
        "phase explains: the variance of the `s²` phase means, divided by the variance of the picture `y`. "
        "Return it as a number. Both sides of `y` are multiples of `s`.",
    ),
    stub=STUB,
    reference=phase_share,
    mistakes=(within_phases, blocks, rows_only, mean_counted, deviations, not_divided, one_fewer),
    cases=(
        {"y": _board(4, 4), "s": 2},
        {"y": np.kron(np.arange(4.0).reshape(2, 2), np.ones((2, 2))), "s": 2},
        {"y": _RAMP, "s": 2},
        {"y": primes(6, 3), "s": 3},
        {"y": 3 * _board(4, 6) + primes(4, 6) / 8, "s": 2},
    ),
    hints=(
        Text(
            "Фаза `(a, b)` — это пиксели `y[a::s, b::s]`. Всего их `s²`; начните со среднего каждой.",
            "Phase `(a, b)` is the pixels `y[a::s, b::s]`. There are `s²` of them; begin with the mean of "
            "each.",
        ),
        Text(
            "Если узора нет, все средние равны и их дисперсия 0. На шахматной доске средние — 0 и 1, и кроме "
            "узора ничего нет: доля 1.",
            "Without a pattern all means are equal, and their variance is 0. On a checkerboard the means are "
            "0 and 1, and there is nothing but the pattern: the share is 1.",
        ),
        Text(
            "`means = np.array([[y[a::s, b::s].mean() for b in range(s)] for a in range(s)])`, ответ — "
            "`means.var() / y.var()`.",
            "`means = np.array([[y[a::s, b::s].mean() for b in range(s)] for a in range(s)])`; the answer is "
            "`means.var() / y.var()`.",
        ),
    ),
    features={
        "H ≠ W": lambda y, s: y.shape[0] != y.shape[1],
        "s > 2": lambda y, s: s > 2,
    },
    forbidden=(
        "energy",
        "upsample_lib.checkerboard_energy",
        "upsample_lib.artifacts.checkerboard_energy",
        "upsample_lib.phase_variance",
        "upsample_lib.artifacts.phase_variance",
        "numpy.fft.fft2",
    ),
)
