"""The kernel of the transposed convolution that equals nearest neighbour and a convolution."""

import numpy as np

from upsample_lib.exercises.cases import Array, Shape, mistake, primes
from upsample_lib.exercises.exercise import Exercise
from upsample_lib.exercises.language import Text

STUB = """def tied_kernel(w, s):
    ...
"""


def tied_kernel(w: Array, s: int) -> Array:
    kernel = np.zeros(len(w) + s - 1)
    for a in range(s):
        kernel[a : a + len(w)] += w[::-1]
    return kernel


@mistake(
    "возвращено то же ядро. С теми же весами транспонированная свёртка даёт другое: нужно ядро длины `k + "
    "s − 1`.",
    "the same kernel is returned. With the same weights a transposed convolution gives something else: it "
    "takes a kernel of length `k + s − 1`.",
    misconception=14,
)
def same_weights(w: Array, s: int) -> Array:
    return w.copy()


@mistake(
    "то же ядро, только перевёрнутое. Равенство требует сложить `s` его сдвинутых копий.",
    "the same kernel, only flipped. For the two to be equal, `s` shifted copies of it are to be added.",
    misconception=14,
)
def only_flipped(w: Array, s: int) -> Array:
    return w[::-1].copy()


@mistake(
    "копии не перевёрнуты. Свёртка слоя — взаимная корреляция, а транспонированная печатает ядро как есть: "
    "складывать надо `w[::-1]`.",
    "the copies are not flipped. A layer's convolution is a cross-correlation, while a transposed one prints "
    "its kernel as it is: add copies of `w[::-1]`.",
)
def not_flipped(w: Array, s: int) -> Array:
    kernel = np.zeros(len(w) + s - 1)
    for a in range(s):
        kernel[a : a + len(w)] += w
    return kernel


@mistake(
    "сумма поделена на `s`. Ближайший сосед повторяет значение, а не раздаёт его частями: делить не нужно.",
    "the sum is divided by `s`. Nearest neighbour repeats a value, it does not share it out: nothing is to "
    "be divided.",
)
def averaged(w: Array, s: int) -> Array:
    return tied_kernel(w, s) / s


@mistake(
    "копии записаны (`=`), а не прибавлены (`+=`).",
    "the copies are written (`=`) instead of added (`+=`).",
    misconception=5,
)
def overwritten(w: Array, s: int) -> Array:
    kernel = np.zeros(len(w) + s - 1)
    for a in range(s):
        kernel[a : a + len(w)] = w[::-1]
    return kernel


@mistake(
    "между весами вставлены нули. Это ядро ICNR, где свёртка стоит до увеличения; здесь она после.",
    "zeros are inserted between the weights. That is the kernel of ICNR, where the convolution comes "
    "before the enlargement; here it comes after.",
)
def convolution_first(w: Array, s: int) -> Array:
    kernel = np.zeros(len(w) * s)
    for u, weight in enumerate(w[::-1]):
        kernel[u * s : u * s + s] = weight
    return kernel


@mistake(
    "сложена только одна пара копий. Повторений `s`, значит, и копий `s`.",
    "only two copies are added. There are `s` repetitions, hence `s` copies.",
)
def two_copies(w: Array, s: int) -> Array:
    kernel = np.zeros(len(w) + s - 1)
    for a in range(min(s, 2)):
        kernel[a : a + len(w)] += w[::-1]
    return kernel


@mistake(
    "в конце лишний нуль: у `s` копий, сдвинутых на 1, длина `k + s − 1`.",
    "there is a zero too many at the end: `s` copies, one apart, take `k + s − 1` places.",
)
def one_place_too_many(w: Array, s: int) -> Array:
    return np.append(tied_kernel(w, s), 0)


EXERCISE = Exercise(
    name="ch08.tied_kernel",
    title=Text("Связанное ядро", "The tied kernel"),
    task=Text(
        "Верните ядро транспонированной свёртки с шагом `s`, которая равна увеличению ближайшим соседом в "
        "`s` раз и свёртке с ядром `w` (`len(w)` нечётна), в одном измерении и без `np.convolve`.",
        "Return the kernel of the transposed convolution of stride `s` that equals nearest-neighbour "
        "enlargement by `s` and a convolution with `w` (`len(w)` is odd), in one dimension and without "
        "`np.convolve`.",
    ),
    stub=STUB,
    reference=tied_kernel,
    mistakes=(
        same_weights,
        only_flipped,
        not_flipped,
        averaged,
        overwritten,
        convolution_first,
        two_copies,
        one_place_too_many,
    ),
    cases=(
        {"w": np.array([1.0, 10, 100]), "s": 2},
        {"w": np.array([1.0, 10, 100]), "s": 3},
        {"w": np.array([1.0, 10, 100]), "s": 1},
        {"w": 2.0 ** np.arange(5), "s": 2},
        {"w": primes(1, start=4), "s": 3},
        {"w": primes(3) / 2, "s": 4},
    ),
    hints=(
        Text(
            "Подайте на вход один пиксель, равный 1. Ближайший сосед сделает из него `s` единиц; что из них "
            "сделает свёртка? Это и есть оттиск, то есть ядро.",
            "Feed in a single pixel equal to 1. Nearest neighbour makes `s` ones of it; what does the "
            "convolution make of those? That is the print, and the print is the kernel.",
        ),
        Text(
            "От одной единицы свёртка оставляет `w[::-1]`. Единиц `s`, каждая следующая на место правее; "
            "отклики складываются.",
            "Of a single one the convolution leaves `w[::-1]`. There are `s` ones, each a place further "
            "right, and the responses add up.",
        ),
        Text(
            "`kernel = np.zeros(len(w) + s - 1)`, в цикле по `a` от 0 до `s − 1`: "
            "`kernel[a : a + len(w)] += w[::-1]`.",
            "`kernel = np.zeros(len(w) + s - 1)`; for `a` from 0 to `s − 1`: "
            "`kernel[a : a + len(w)] += w[::-1]`.",
        ),
    ),
    impulses={f"w[{u}]": {"w": np.eye(3)[u], "s": 2} for u in range(3)},
    shapes={
        "k": Shape(
            lambda w, s: (len(w),),
            Text("Это длина самого `w`; нужно k + s − 1.", "That is the length of `w`; k + s − 1 is needed."),
        ),
        "k·s": Shape(
            lambda w, s: (len(w) * s,),
            Text(
                "Такая длина вышла бы, если бы свёртка стояла до увеличения.",
                "That length belongs to a convolution before the enlargement.",
            ),
        ),
    },
    features={
        "s > 1": lambda w, s: s > 1,
        "s > 2": lambda w, s: s > 2,
        "s > k": lambda w, s: s > len(w),
    },
    forbidden=("tied", "tied1d", "numpy.convolve", "scipy.signal.convolve"),
)
