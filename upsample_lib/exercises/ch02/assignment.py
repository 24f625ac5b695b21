"""Max unpooling: numbers go back to their places."""

from typing import Any

import numpy as np
import numpy.typing as npt

from upsample_lib.exercises.cases import Array, Shape, mistake
from upsample_lib.exercises.exercise import Exercise
from upsample_lib.exercises.language import Text

Places = npt.NDArray[np.int64]

STUB = """def unpool(y, j, shape):
    ...
"""


def unpool(y: Array, j: Places, shape: tuple[int, int]) -> Array:
    z = np.zeros(shape)
    for value, place in zip(y.ravel(), j.ravel()):
        row, column = divmod(place, shape[1])
        z[row, column] = value
    return z


@mistake(
    "на общем месте числа складываются (`+=`), а анпулинг присваивает (`=`). Складывает градиент "
    "макс-пулинга.",
    "at a shared place numbers are added (`+=`); unpooling assigns (`=`). It is the gradient of max pooling "
    "that adds.",
    misconception=6,
)
def added(y: Array, j: Places, shape: tuple[int, int]) -> Array:
    z = np.zeros(shape)
    np.add.at(z.reshape(-1), j.ravel(), y.ravel())
    return z


@mistake(
    "на общем месте осталось первое число, а должно последнее.",
    "at a shared place the first number stays; it should be the last.",
)
def first_stays(y: Array, j: Places, shape: tuple[int, int]) -> Array:
    return unpool(y[::-1, ::-1], j[::-1, ::-1], shape)


@mistake(
    "на общем месте осталось наибольшее число, а отрицательные числа проиграли нулям. Анпулинг ничего не "
    "сравнивает, он записывает.",
    "at a shared place the largest number stays, and negative numbers have lost to zeros. Unpooling compares "
    "nothing, it writes.",
)
def largest_stays(y: Array, j: Places, shape: tuple[int, int]) -> Array:
    z = np.zeros(shape)
    np.maximum.at(z.reshape(-1), j.ravel(), y.ravel())
    return z


@mistake(
    "места прочитаны по столбцам, а они пронумерованы по строкам.",
    "places are read column by column; they are numbered row by row.",
)
def columns_first(y: Array, j: Places, shape: tuple[int, int]) -> Array:
    return unpool(y, j, (shape[1], shape[0])).T


@mistake(
    "номер места поделён на высоту карты, а делить надо на ширину, `shape[1]`: на квадратной карте разницы "
    "нет.",
    "the place is divided by the map's height; the divisor is its width, `shape[1]`: on a square map nothing "
    "shows.",
)
def divided_by_height(y: Array, j: Places, shape: tuple[int, int]) -> Array:
    z = np.zeros(shape)
    for value, place in zip(y.ravel(), j.ravel()):
        z[divmod(place, shape[0])] = value
    return z


@mistake(
    "индексы не используются: числа разложены по углам блоков, как гвозди. Без индексов это уже не анпулинг.",
    "the switches are not used: the numbers stand in the corners of their blocks, like nails. Without "
    "switches it is no unpooling.",
    misconception=21,
)
def nails(y: Array, j: Places, shape: tuple[int, int]) -> Array:
    down, right = (n // m for n, m in zip(shape, y.shape))
    z = np.zeros(shape)
    z[: down * y.shape[0] : down, : right * y.shape[1] : right] = y
    return z


@mistake(
    "индексы не используются: числами заполнены целые блоки, как у ближайшего соседа.",
    "the switches are not used: the numbers fill whole blocks, as with nearest neighbour.",
    misconception=21,
)
def copied(y: Array, j: Places, shape: tuple[int, int]) -> Array:
    down, right = (n // m for n, m in zip(shape, y.shape))
    blocks = y.repeat(down, axis=0).repeat(right, axis=1)
    z = np.zeros(shape)
    z[: blocks.shape[0], : blocks.shape[1]] = blocks
    return z


def _case(y: Any, j: Any, shape: tuple[int, int]) -> dict[str, object]:
    return {"y": np.array(y, dtype=float), "j": np.array(j), "shape": shape}


EXERCISE = Exercise(
    name="ch02.unpool",
    title=Text("Числа — на свои места", "Numbers to their places"),
    task=Text(
        "Напишите анпулинг: карта `y`, номера мест `j` той же формы, форма выхода `shape`. На остальных "
        "местах нули. Если место повторяется, остаётся последнее по строкам число.",
        "Write unpooling: a map `y`, the numbers `j` of the places in the same shape, the output's `shape`. "
        "All other places are zero. If a place occurs twice, the last number in row order stays.",
    ),
    stub=STUB,
    reference=unpool,
    mistakes=(added, first_stays, largest_stays, columns_first, divided_by_height, nails, copied),
    cases=(
        _case([[1, 2]], [[4, 7]], (2, 4)),
        _case([[7, 3, 8]], [[2, 2, 5]], (1, 7)),
        _case([[1, 2], [3, 4]], [[4, 7], [8, 10]], (4, 4)),
        _case([[-3, 5]], [[0, 8]], (3, 4)),
        _case([[2, 3], [5, -7]], [[6, 2], [10, 13]], (5, 3)),
        _case([[2, 3, 5], [7, 11, 13]], [[8, 8, 4], [8, 16, 18]], (4, 5)),
    ),
    hints=(
        Text(
            "Начните с нулей формы `shape`. На какое место карты указывает номер `j[0, 0]`?",
            "Start from zeros of the given `shape`. At which place of the map does the number `j[0, 0]` "
            "point?",
        ),
        Text(
            "Места пронумерованы по строкам: `row, column = divmod(place, shape[1])`.",
            "Places are numbered row by row: `row, column = divmod(place, shape[1])`.",
        ),
        Text(
            "`for value, place in zip(y.ravel(), j.ravel()): z[divmod(place, shape[1])] = value`.",
            "`for value, place in zip(y.ravel(), j.ravel()): z[divmod(place, shape[1])] = value`.",
        ),
    ),
    shapes={
        "pooled size": Shape(
            lambda y, j, shape: y.shape,
            Text("Это размер карты после пулинга.", "That is the size after pooling."),
        ),
    },
    features={
        "H ≠ W": lambda y, j, shape: shape[0] != shape[1],
        "y < 0": lambda y, j, shape: bool((y < 0).any()),
        "j[a] = j[b]": lambda y, j, shape: len(np.unique(j)) < j.size,
    },
    forbidden=(
        "max_unpool",
        "numpy.put",
        *(f"upsample_lib.max_unpool{n}d" for n in (1, 2, 3)),
        *(f"torch.nn.functional.max_unpool{n}d" for n in (1, 2, 3)),
    ),
)
