"""What padding and output padding do to the stamped area."""

import numpy as np

from upsample_lib.exercises.cases import Array, Shape, mistake, primes
from upsample_lib.exercises.exercise import Exercise
from upsample_lib.exercises.language import Text

STUB = """def crop(full, p, a):
    ...
"""


def crop(full: Array, p: int, a: int) -> Array:
    longer = np.append(full, np.zeros(a))
    return longer[p : len(full) - p + a]


@mistake(
    "`output_padding` приписывает нули к срезу. Оно отодвигает конец среза, и при `a ≤ p` там стоят "
    "настоящие суммы.",
    "`output_padding` adds zeros to the cut. It moves the end of the cut outwards, and for `a ≤ p` real sums "
    "stand there.",
    misconception=8,
)
def zeros_appended(full: Array, p: int, a: int) -> Array:
    return np.append(full[p : len(full) - p], np.zeros(a))


@mistake(
    "срез отодвинут не с той стороны. В начале срезается ровно `p`, `a` относится к концу: при `p = a = 1` "
    "остаётся `full[1:]`.",
    "the cut has moved at the wrong side. Exactly `p` is cropped at the beginning, `a` belongs to the end: "
    "for `p = a = 1`, `full[1:]` stays.",
    misconception=9,
)
def wrong_side(full: Array, p: int, a: int) -> Array:
    longer = np.append(np.zeros(a), full)
    return longer[p : len(longer) - p]


@mistake(
    "дополнение приписывает нули по краям. У транспонированной свёртки `p` срезает.",
    "padding adds zeros at the ends. In a transposed convolution `p` crops.",
    misconception=7,
)
def zeros_around(full: Array, p: int, a: int) -> Array:
    return np.pad(full, (p, p + a))


@mistake("`a` не используется.", "`a` is not used.")
def output_padding_ignored(full: Array, p: int, a: int) -> Array:
    return full[p : len(full) - p]


@mistake("`p` не используется.", "`p` is not used.")
def padding_ignored(full: Array, p: int, a: int) -> Array:
    return np.append(full, np.zeros(a))


@mistake(
    "срезано только начало, а конец остался целиком.",
    "only the beginning is cropped; the whole end is still there.",
)
def cropped_once(full: Array, p: int, a: int) -> Array:
    return np.append(full[p:], np.zeros(a))


@mistake(
    "срез `full[p : a - p]`: при `a = p` его конец равен 0, то есть началу, и ничего не остаётся. Пишите "
    "конец от длины: `len(full) - p + a`.",
    "the slice is `full[p : a - p]`: when `a = p`, its end is 0, which is the beginning, and nothing is "
    "left. Count the end from the length: `len(full) - p + a`.",
)
def end_counted_from_the_right(full: Array, p: int, a: int) -> Array:
    return full[p : a - p] if a or p else full.copy()


@mistake(
    "при `a > p` выход выходит за область оттисков, а срез там просто кончается: допишите нули (в "
    "слое на их месте смещение).",
    "for `a > p` the output reaches beyond the stamped area, where a slice simply stops: add the zeros "
    "(in a layer the bias stands there).",
)
def stops_at_the_end(full: Array, p: int, a: int) -> Array:
    return full[p : len(full) - p + a]


@mistake(
    "`a` отодвигает оба конца среза, а должно только правый.",
    "`a` moves both ends of the cut; it should move the right one only.",
)
def both_ends_moved(full: Array, p: int, a: int) -> Array:
    longer = np.pad(full, a)
    return longer[p : len(longer) - p]


_FULL = np.array([2.0, 20, 203, 30, 300])

EXERCISE = Exercise(
    name="ch06.crop",
    title=Text("Где разрезать область оттисков", "Where to cut the stamped area"),
    task=Text(
        "Дана область оттисков `full` до среза. Верните выход слоя с дополнением `p` и `output_padding`, "
        "равным `a`. Смещения нет.",
        "Given the stamped area `full` before the cut, return the output of the layer with padding `p` and "
        "an `output_padding` of `a`. There is no bias.",
    ),
    stub=STUB,
    reference=crop,
    mistakes=(
        zeros_appended,
        wrong_side,
        zeros_around,
        output_padding_ignored,
        padding_ignored,
        cropped_once,
        end_counted_from_the_right,
        stops_at_the_end,
        both_ends_moved,
    ),
    cases=(
        {"full": _FULL, "p": 0, "a": 0},
        {"full": _FULL, "p": 1, "a": 0},
        {"full": _FULL, "p": 1, "a": 1},
        {"full": _FULL, "p": 2, "a": 1},
        {"full": _FULL, "p": 2, "a": 0},
        {"full": _FULL, "p": 0, "a": 1},
        {"full": _FULL, "p": 1, "a": 2},
        {"full": primes(9) / 2, "p": 3, "a": 2},
    ),
    hints=(
        Text(
            "Выход — это срез: он начинается с ячейки `p`. А где кончается?",
            "The output is a slice; it begins with cell `p`. Where does it end?",
        ),
        Text(
            "Без `output_padding` последней остаётся ячейка `len(full) - p - 1`. Каждая единица `a` "
            "отодвигает конец на ячейку вправо.",
            "Without `output_padding` the last cell kept is `len(full) - p - 1`. Each unit of `a` moves the "
            "end one cell to the right.",
        ),
        Text(
            "Допишите к `full` справа `a` нулей, чтобы было куда сдвигаться, и возьмите "
            "`[p : len(full) - p + a]`, где длина — ещё прежняя.",
            "Add `a` zeros to the right of `full`, so that there is room to move into, and take "
            "`[p : len(full) - p + a]`, where the length is still the old one.",
        ),
    ),
    impulses={f"full[{i}]": {"full": np.eye(5)[i], "p": 1, "a": 1} for i in range(5)},
    shapes={
        "uncropped": Shape(
            lambda full, p, a: (len(full) + a,),
            Text("Таким был бы размер без дополнения.", "That would be the size without padding."),
        ),
        "without output_padding": Shape(
            lambda full, p, a: (len(full) - 2 * p,),
            Text("Таким был бы размер без output_padding.", "That would be the size without output_padding."),
        ),
    },
    features={
        "a > p": lambda full, p, a: a > p,
        "a = p": lambda full, p, a: a == p,
        "0 < a ≤ p": lambda full, p, a: 0 < a <= p,
        "a > 0": lambda full, p, a: a > 0,
        "p > 0": lambda full, p, a: p > 0,
    },
)
