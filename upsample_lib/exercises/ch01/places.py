"""Max pooling that remembers where the maxima stood."""

from typing import Any

import numpy as np
import numpy.typing as npt

from upsample_lib.exercises.cases import Array, Shape, mistake, scattered
from upsample_lib.exercises.exercise import Exercise
from upsample_lib.exercises.language import Text

Pair = tuple[Array, npt.NDArray[np.int64]]

STUB = """def pool_and_remember(x, k, s, p=0):
    ...
    return y, j
"""


def pool_and_remember(x: Array, k: int, s: int, p: int = 0) -> Pair:
    rows, columns = ((n + 2 * p - k) // s + 1 for n in x.shape)
    y, j = np.zeros((rows, columns)), np.zeros((rows, columns), dtype=np.int64)
    for a in range(rows):
        for b in range(columns):
            down, right = a * s - p, b * s - p
            seen = x[max(down, 0) : down + k, max(right, 0) : right + k]
            row, column = np.unravel_index(seen.argmax(), seen.shape)
            y[a, b] = seen[row, column]
            j[a, b] = (max(down, 0) + row) * x.shape[1] + max(right, 0) + column
    return y, j


@mistake(
    "края дополнены нулями, и в окне из отрицательных чисел ноль побеждает. Дополнять надо значением −∞ или "
    "обрезать окно по краю входа.",
    "the borders are padded with zeros, and zero wins in a window of negative numbers. Pad with −∞, or clip "
    "the window at the input's border.",
)
def zero_padded(x: Array, k: int, s: int, p: int = 0) -> Pair:
    y, j = pool_and_remember(np.pad(x, p), k, s)
    row, column = np.unravel_index(j, [n + 2 * p for n in x.shape])
    return y, (row - p) * x.shape[1] + column - p


@mistake(
    "в окне победил приписанный ноль, а места на карте у него нет. Дополнять надо значением −∞: оно никогда "
    "не побеждает.",
    "a padded zero has won the window, and it has no place on the map. Pad with −∞: it never wins.",
)
def padding_won(x: Array, k: int, s: int, p: int = 0) -> Pair:
    y, place = pool_and_remember(np.pad(x, p), k, s)
    numbers = np.pad(np.arange(x.size).reshape(x.shape), p, constant_values=-1)
    return y, numbers.reshape(-1)[place]


@mistake(
    "из равных взято последнее. PyTorch берёт первое по строкам, как и `argmax`.",
    "of equal numbers the last is taken. PyTorch takes the first in row order, and so does `argmax`.",
)
def last_of_equals(x: Array, k: int, s: int, p: int = 0) -> Pair:
    y, j = pool_and_remember(x, k, s, p)
    for a, b in np.ndindex(j.shape):
        down, right = a * s - p, b * s - p
        seen = x[max(down, 0) : down + k, max(right, 0) : right + k]
        row, column = np.argwhere(seen == y[a, b])[-1]
        j[a, b] = (max(down, 0) + row) * x.shape[1] + max(right, 0) + column
    return y, j


@mistake(
    "номер места считается внутри окна. По нему не найти число на карте: прибавьте начало окна.",
    "the place is counted within the window. It does not find the number on the map: add where the window "
    "starts.",
)
def place_in_window(x: Array, k: int, s: int, p: int = 0) -> Pair:
    y, j = pool_and_remember(x, k, s, p)
    for a, b in np.ndindex(j.shape):
        row, column = np.unravel_index(j[a, b], x.shape)
        j[a, b] = (row - a * s + p) * k + column - b * s + p
    return y, j


@mistake(
    "место посчитано на дополненной карте. Номера относятся к исходной: вычтите `p` из строки и столбца и "
    "умножайте строку на исходную ширину.",
    "the place is counted on the padded map. Places belong to the original one: subtract `p` from row and "
    "column, and multiply the row by the original width.",
)
def place_in_padded_map(x: Array, k: int, s: int, p: int = 0) -> Pair:
    return pool_and_remember(np.pad(x, p, constant_values=-np.inf), k, s)


@mistake(
    "строка умножена на высоту карты. Номер места — строка, умноженная на ширину, плюс столбец; на "
    "квадратной карте разницы нет.",
    "the row is multiplied by the map's height. A place is the row times the width plus the column; on a "
    "square map nothing shows.",
)
def counted_by_height(x: Array, k: int, s: int, p: int = 0) -> Pair:
    y, j = pool_and_remember(x, k, s, p)
    row, column = np.unravel_index(j, x.shape)
    return y, row * x.shape[0] + column


@mistake(
    "места пронумерованы по столбцам, а надо по строкам.",
    "places are numbered column by column; it should be row by row.",
)
def columns_first(x: Array, k: int, s: int, p: int = 0) -> Pair:
    y, j = pool_and_remember(x, k, s, p)
    row, column = np.unravel_index(j, x.shape)
    return y, column * x.shape[0] + row


@mistake(
    "место найдено поиском по всей карте. Если такое же число стоит и в другом окне, найдётся не то.",
    "the place was found by searching the whole map. If the same number stands in another window too, the "
    "wrong one is found.",
)
def searched_everywhere(x: Array, k: int, s: int, p: int = 0) -> Pair:
    y = pool_and_remember(x, k, s, p)[0]
    everything = x.ravel().tolist()
    return y, np.array([[everything.index(value) for value in row] for row in y.tolist()])


@mistake(
    "шаг не используется: окна сдвинуты на 1, а не на `s`.",
    "the stride is not used: windows lie 1 apart, not `s`.",
)
def stride_ignored(x: Array, k: int, s: int, p: int = 0) -> Pair:
    return pool_and_remember(x, k, 1, p)


def _sizes(x: Array, k: int, s: int, p: int) -> tuple[int, ...]:
    return tuple((n + 2 * p - k) // s + 1 for n in x.shape)


def _case(x: Any, k: int, s: int, p: int) -> dict[str, object]:
    return {"x": np.array(x, dtype=float), "k": k, "s": s, "p": p}


EXERCISE = Exercise(
    name="ch01.pool_and_remember",
    title=Text("Максимум и его место", "The maximum and its place"),
    task=Text(
        "Напишите макс-пулинг карты `x`, который возвращает максимумы `y` и номера их мест `j`: окно "
        "`k × k`, шаг `s`, дополнение `p`. Место в строке `a` и столбце `b` имеет номер `a * W + b`, где "
        "`W` — ширина исходной карты; из равных берётся первое.",
        "Write the max pooling of a map `x` that returns the maxima `y` and the numbers `j` of their "
        "places: window `k × k`, stride `s`, padding `p`. The place in row `a` and column `b` has the "
        "number `a * W + b`, where `W` is the width of the original map; of equal numbers the first is "
        "taken.",
    ),
    stub=STUB,
    reference=pool_and_remember,
    mistakes=(
        zero_padded,
        padding_won,
        last_of_equals,
        place_in_window,
        place_in_padded_map,
        counted_by_height,
        columns_first,
        searched_everywhere,
        stride_ignored,
    ),
    cases=(
        _case([[1, 3, 2, 1], [4, 2, 0, 6]], 2, 2, 0),
        _case([[5, 5, 3, 5], [5, 1, 5, 5]], 2, 2, 0),
        _case([[-3, -1, -2], [-5, -4, -7]], 3, 2, 1),
        _case(scattered(3, 4), 2, 1, 0),
        _case(scattered(5, 4, start=3) / 2, 3, 2, 1),
        _case(-abs(scattered(4, 7)), 4, 3, 2),
    ),
    hints=(
        Text(
            "Сначала забудьте о дополнении. Какая часть карты попадает в окно с номером `(a, b)`?",
            "Forget the padding at first. Which part of the map does window `(a, b)` cover?",
        ),
        Text(
            "Дополнять карту не нужно: значения −∞ не побеждают никогда, поэтому окно можно просто обрезать, "
            "`x[max(down, 0) : down + k, …]`, где `down = a * s - p`. Максимум в нём находит `argmax`.",
            "The map need not be padded: −∞ never wins, so the window can simply be clipped, `x[max(down, 0) "
            ": down + k, …]` with `down = a * s - p`. `argmax` finds the maximum in it.",
        ),
        Text(
            "`row, column = np.unravel_index(seen.argmax(), seen.shape)` — место внутри окна; на карте это "
            "`(max(down, 0) + row) * x.shape[1] + max(right, 0) + column`.",
            "`row, column = np.unravel_index(seen.argmax(), seen.shape)` is the place within the window; on "
            "the map it is `(max(down, 0) + row) * x.shape[1] + max(right, 0) + column`.",
        ),
    ),
    shapes={
        "unpadded": Shape(
            lambda x, k, s, p: _sizes(x, k, s, 0),
            Text("Столько окон было бы без дополнения.", "That many windows there would be without padding."),
        ),
        "transposed": Shape(
            lambda x, k, s, p: _sizes(x, k, s, p)[::-1],
            Text("Строки и столбцы поменялись местами.", "Rows and columns have changed places."),
        ),
    },
    features={
        "p > 0": lambda x, k, s, p: p > 0,
        "x < 0": lambda x, k, s, p: bool((x < 0).all()),
        "k > s": lambda x, k, s, p: k > s,
        "s > 1": lambda x, k, s, p: s > 1,
    },
    forbidden=(
        "max_pool_with_indices",
        *(f"upsample_lib.max_pool{n}d" for n in (1, 2, 3)),
        *(f"torch.nn.functional.max_pool{n}d" for n in (1, 2, 3)),
    ),
    outputs=("y", "j"),
)
