"""The nearest kernel without a checkerboard."""

import numpy as np

from upsample_lib.exercises.cases import Array, Shape, mistake, primes
from upsample_lib.exercises.exercise import Exercise
from upsample_lib.exercises.language import Text

STUB = """def balance(w, s):
    ...
"""


def balance(w: Array, s: int) -> Array:
    result = w.copy()
    for r in range(s):
        phase = result[r::s]
        phase += (w.sum() / s - phase.sum()) / len(phase)
    return result


@mistake(
    "ядро, длина которого делится на `s`, оставлено как есть. Ровного перекрытия мало: равны должны быть "
    "суммы весов фаз.",
    "a kernel whose length is a multiple of `s` is left as it is. Even overlap is not enough: the sums of "
    "the weights of the phases must be equal.",
    misconception=13,
)
def divisible_left_alone(w: Array, s: int) -> Array:
    return w.copy() if len(w) % s == 0 else balance(w, s)


@mistake(
    "фазы умножены на число. Суммы равны, но ядро меняется сильнее, чем нужно: дешевле прибавить поровну.",
    "phases are multiplied by a number. The sums are equal, but the kernel changes more than it must: adding "
    "equal parts is cheaper.",
)
def scaled(w: Array, s: int) -> Array:
    result = w.copy()
    for r in range(s):
        result[r::s] *= w.sum() / s / w[r::s].sum()
    return result


@mistake(
    "за фазы приняты соседние куски ядра. Фаза — это каждый `s`-й вес: `w[r::s]`.",
    "neighbouring pieces of the kernel are taken for phases. A phase is every `s`-th weight: `w[r::s]`.",
)
def blocks(w: Array, s: int) -> Array:
    pieces = np.array_split(w, s)
    return np.concatenate([piece + (w.sum() / s - piece.sum()) / len(piece) for piece in pieces])


@mistake(
    "вся поправка отдана одному весу фазы. Сумма квадратов меньше, если раздать её поровну.",
    "the whole correction goes to one weight of the phase. The sum of squares is smaller if it is shared out "
    "equally.",
)
def to_one_weight(w: Array, s: int) -> Array:
    result = w.copy()
    for r in range(s):
        result[r] += w.sum() / s - w[r::s].sum()
    return result


@mistake(
    "каждая фаза приведена к сумме 1. Общая сумма ядра должна остаться прежней.",
    "each phase is made to sum to 1. The total of the kernel is to stay what it was.",
)
def each_sums_to_one(w: Array, s: int) -> Array:
    result = w.copy()
    for r in range(s):
        phase = result[r::s]
        phase += (1 - phase.sum()) / len(phase)
    return result


@mistake(
    "каждая фаза приведена к сумме всего ядра. На фазу приходится `w.sum() / s`.",
    "each phase is made to sum to the total of the kernel. A phase has a share of `w.sum() / s`.",
)
def each_sums_to_total(w: Array, s: int) -> Array:
    result = w.copy()
    for r in range(s):
        phase = result[r::s]
        phase += (w.sum() - phase.sum()) / len(phase)
    return result


@mistake(
    "поправка поделена на `s`, а делить надо на число весов в фазе, `len(w[r::s])`.",
    "the correction is divided by `s`; divide it by the number of weights in the phase, `len(w[r::s])`.",
)
def shared_among_s(w: Array, s: int) -> Array:
    result = w.copy()
    for r in range(s):
        result[r::s] += (w.sum() / s - w[r::s].sum()) / s
    return result


@mistake(
    "поправка поделена на `len(w) // s`. Когда `s` не делит длину, в фазах разное число весов.",
    "the correction is divided by `len(w) // s`. When `s` does not divide the length, phases differ in "
    "number of weights.",
)
def phases_of_one_length(w: Array, s: int) -> Array:
    result = w.copy()
    for r in range(s):
        result[r::s] += (w.sum() / s - w[r::s].sum()) / (len(w) // s)
    return result


@mistake(
    "все веса заменены средним. От ядра ничего не осталось, а при `k`, не кратном `s`, и узор на месте.",
    "all weights are replaced by their mean. Nothing is left of the kernel, and where `s` does not divide "
    "`k`, the pattern is still there.",
)
def flattened(w: Array, s: int) -> Array:
    return np.full(len(w), w.mean())


@mistake(
    "ядро размыто свёрткой с `s` единицами. Узора нет, но ядро стало длиннее на `s − 1`, и отличается "
    "сильнее, чем нужно.",
    "the kernel is blurred by `s` ones. There is no pattern, but the kernel is `s − 1` longer, and differs "
    "more than it must.",
)
def blurred(w: Array, s: int) -> Array:
    return np.convolve(w, np.ones(s)) / s


_WIDE = np.arange(7.0) ** 2 + 1

EXERCISE = Exercise(
    name="ch07.balance",
    title=Text("Уравнять фазы", "Balance the phases"),
    task=Text(
        "Верните ядро той же длины и с той же общей суммой, у которого все `s` сумм фаз равны и которое "
        "меньше всего отличается от `w` (по сумме квадратов). Всегда `len(w) ≥ s`.",
        "Return a kernel of the same length and the same total, whose `s` phase sums are all equal and which "
        "differs least from `w` (by the sum of squares). Always `len(w) ≥ s`.",
    ),
    stub=STUB,
    reference=balance,
    mistakes=(
        divisible_left_alone,
        scaled,
        blocks,
        to_one_weight,
        each_sums_to_one,
        each_sums_to_total,
        shared_among_s,
        phases_of_one_length,
        flattened,
        blurred,
    ),
    cases=(
        {"w": np.array([1.0, 10, 100]), "s": 2},
        {"w": np.array([1.0, 10, 100, 1000]), "s": 2},
        {"w": np.array([1.0, 3, 3, 1]), "s": 2},
        {"w": _WIDE, "s": 3},
        {"w": _WIDE, "s": 4},
        {"w": primes(6) / 2, "s": 3},
        {"w": primes(5), "s": 1},
    ),
    hints=(
        Text(
            "Фаза номер `r` — это `w[r::s]`. Какой должна быть её сумма, чтобы все были равны, а общая не "
            "изменилась?",
            "Phase number `r` is `w[r::s]`. What must it sum to, if all are to be equal and the total is to "
            "stay?",
        ),
        Text(
            "Сумму фазы надо изменить на `w.sum() / s - w[r::s].sum()`. Квадратов выйдет меньше всего, если "
            "раздать это поровну её весам.",
            "The sum of a phase has to change by `w.sum() / s - w[r::s].sum()`. The squares are fewest if "
            "its weights share this equally.",
        ),
        Text(
            "`result = w.copy()`, и в цикле `phase = result[r::s]`, "
            "`phase += (w.sum() / s - phase.sum()) / len(phase)`: срез смотрит в тот же массив.",
            "`result = w.copy()`, and in the loop `phase = result[r::s]`, "
            "`phase += (w.sum() / s - phase.sum()) / len(phase)`: a slice looks into the same array.",
        ),
    ),
    shapes={
        "longer": Shape(
            lambda w, s: (len(w) + s - 1,),
            Text("Длина ядра должна остаться прежней.", "The length of the kernel is to stay."),
        ),
    },
    features={
        "k mod s = 0": lambda w, s: len(w) % s == 0,
        "k mod s ≠ 0": lambda w, s: len(w) % s != 0,
        "s > 1": lambda w, s: s > 1,
    },
)
