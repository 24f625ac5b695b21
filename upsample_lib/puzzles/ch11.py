"""Puzzle of chapter 11, generators: `dcgan_sizes`."""

import numpy as np

from upsample_lib.exercises.cases import Array, mistake
from upsample_lib.exercises.language import Text
from upsample_lib.puzzles.puzzle import Puzzle
from upsample_lib.puzzles.question import Given, Question


def stack(k: Array, s: Array, p: Array) -> Array:
    n, found = 1.0, []
    for kernel, stride, padding in zip(k, s, p):
        n = (n - 1) * stride - 2 * padding + kernel
        found.append(n)
    return np.array(found)


@mistake(
    "каждый размер умножен на шаг. Первый слой с шагом 1 делает из одного пикселя целое ядро.",
    "every size is multiplied by the stride. The first layer, of stride 1, turns one pixel into a whole "
    "kernel.",
)
def times_stride(k: Array, s: Array, p: Array) -> Array:
    return np.asarray(np.cumprod(s), dtype=float)


@mistake(
    "выход не обрезан: у транспонированной свёртки p срезают с каждого края.",
    "the padding is not cropped.",
)
def not_cropped(k: Array, s: Array, p: Array) -> Array:
    return stack(k, s, np.zeros(len(p)))


@mistake(
    "p срезано только с одного края, а срезают с обоих.",
    "the padding is cropped at one end; both are cropped.",
)
def cropped_once(k: Array, s: Array, p: Array) -> Array:
    return stack(k, s, p / 2)


@mistake(
    "взято n·s вместо (n − 1)·s.",
    "n·s is taken instead of (n − 1)·s.",
)
def one_gap_too_many(k: Array, s: Array, p: Array) -> Array:
    n, found = 1.0, []
    for kernel, stride, padding in zip(k, s, p):
        n = n * stride - 2 * padding + kernel
        found.append(n)
    return np.array(found)


SIZES = Question(
    name="ch11-sizes",
    title=Text("Размеры генератора", "The sizes of a generator"),
    asks=Text(
        "Генератор начинает с карты 1 × 1. Какова сторона карты после каждой из транспонированных свёрток?",
        "A generator starts from a 1 × 1 map. What is the side of the map after each of its transposed "
        "convolutions?",
    ),
    hint=Text(
        "Один слой: (n − 1)·s − 2p + k. Начните с n = 1.",
        "One layer: (n − 1)·s − 2p + k. Start with n = 1.",
    ),
    why=lambda found, k, s, p: Text(
        "Первый слой превращает пиксель в ядро стороны {first}, а дальше размеры растут по (n − 1)·s − 2p + "
        "k до {last}.",
        "The first layer turns a pixel into a kernel of side {first}; from there sizes grow by (n − 1)·s − "
        "2p + k up to {last}.",
    ).fill(first=int(found[0]), last=int(found[-1])),
    reference=stack,
    mistakes=(times_stride, not_cropped, cropped_once, one_gap_too_many),
    cases=(
        {
            "k": np.array([4.0, 4, 4, 4, 4]),
            "s": np.array([1.0, 2, 2, 2, 2]),
            "p": np.array([0.0, 1, 1, 1, 1]),
        },
        {"k": np.array([7.0, 4, 4]), "s": np.array([1.0, 2, 2]), "p": np.array([0.0, 1, 1])},
        {"k": np.array([3.0, 3, 4, 4]), "s": np.array([1.0, 2, 2, 2]), "p": np.array([0.0, 1, 1, 1])},
    ),
    symbol="m",
    shows=lambda k, s, p: [Given("k", k, "kernel"), Given("s", s, "plain"), Given("p", p, "zero")],
)

QUESTIONS = (SIZES,)


def dcgan_sizes() -> Puzzle:
    """The sizes of a generator's maps."""
    return Puzzle(SIZES)
