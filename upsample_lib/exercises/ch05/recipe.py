"""The recipe with zeros: insert, pad, flip, slide."""

import numpy as np

from upsample_lib.exercises.cases import Array, Shape, mistake, primes
from upsample_lib.exercises.ch05.ready_made import transposed
from upsample_lib.exercises.exercise import Exercise
from upsample_lib.exercises.language import Text

STUB = """def recipe(x, w, s=1, p=0):
    z = ...  # s − 1 zeros between the values of x, then k − p − 1 zeros at each end
    return np.correlate(z, w, "valid")  # anything missing?
"""


def recipe(x: Array, w: Array, s: int = 1, p: int = 0) -> Array:
    z = np.zeros((len(x) - 1) * s + 1)
    z[::s] = x
    q = len(w) - p - 1
    z = np.pad(z, q) if q >= 0 else z[-q : len(z) + q]
    return np.correlate(z, w[::-1], "valid")


@mistake(
    "ядро не перевёрнуто: каждый оттиск вышел задом наперёд. Скользить надо ядром `w[::-1]`.",
    "the kernel is not flipped: every print comes out back to front. Slide `w[::-1]`.",
    misconception=2,
)
def not_flipped(x: Array, w: Array, s: int = 1, p: int = 0) -> Array:
    z = np.zeros((len(x) - 1) * s + 1)
    z[::s] = x
    q = len(w) - p - 1
    z = np.pad(z, q) if q >= 0 else z[-q : len(z) + q]
    return np.correlate(z, w, "valid")


@mistake(
    "между значениями вставлено `s` нулей, а нужно `s − 1`: тогда соседние значения отстоят друг от друга "
    "на `s`.",
    "`s` zeros are inserted between values; it should be `s − 1`, so that neighbours lie `s` apart.",
)
def s_zeros(x: Array, w: Array, s: int = 1, p: int = 0) -> Array:
    z = np.zeros((len(x) - 1) * (s + 1) + 1)
    z[:: s + 1] = x
    q = len(w) - p - 1
    z = np.pad(z, q) if q >= 0 else z[-q : len(z) + q]
    return np.correlate(z, w[::-1], "valid")


@mistake(
    "нули вставлены и после последнего значения. Вставлять надо только между соседними.",
    "zeros are inserted after the last value too. They belong only between neighbours.",
)
def zeros_after_last(x: Array, w: Array, s: int = 1, p: int = 0) -> Array:
    z = np.zeros(len(x) * s)
    z[::s] = x
    q = len(w) - p - 1
    z = np.pad(z, q) if q >= 0 else z[-q : len(z) + q]
    return np.correlate(z, w[::-1], "valid")


@mistake(
    "нули не вставлены: шаг `s` не участвует.",
    "no zeros are inserted: the stride `s` has no effect.",
)
def no_zeros(x: Array, w: Array, s: int = 1, p: int = 0) -> Array:
    q = len(w) - p - 1
    z = np.pad(x, q) if q >= 0 else x[-q : len(x) + q]
    return np.correlate(z, w[::-1], "valid")


@mistake(
    "вход дополнен `p` нулями, как в обычной свёртке. Рецепту нужно `k − p − 1`.",
    "the input is padded with `p` zeros, as in an ordinary convolution. The recipe needs `k − p − 1`.",
    misconception=7,
)
def padded_by_p(x: Array, w: Array, s: int = 1, p: int = 0) -> Array:
    z = np.zeros((len(x) - 1) * s + 1)
    z[::s] = x
    z = np.pad(z, p)
    return np.array([z[q : q + len(w)] @ w[::-1] for q in range(len(z) - len(w) + 1)])


@mistake(
    "дополнено `k − 1` нулями, без вычета `p`.",
    "padded with `k − 1` zeros: `p` is not subtracted.",
)
def p_not_subtracted(x: Array, w: Array, s: int = 1, p: int = 0) -> Array:
    z = np.zeros((len(x) - 1) * s + 1)
    z[::s] = x
    return np.correlate(np.pad(z, len(w) - 1), w[::-1], "valid")


@mistake(
    "дополнено `k − p` нулями, на один больше, чем нужно.",
    "padded with `k − p` zeros, one too many.",
)
def one_zero_too_many(x: Array, w: Array, s: int = 1, p: int = 0) -> Array:
    z = np.zeros((len(x) - 1) * s + 1)
    z[::s] = x
    q = len(w) - p
    z = np.pad(z, q) if q >= 0 else z[-q : len(z) + q]
    return np.correlate(z, w[::-1], "valid")


@mistake(
    "ядро скользит с шагом `s`. Шаг уже ушёл на вставку нулей, скользить надо с шагом 1.",
    "the kernel slides with stride `s`. The stride went into the zeros; slide with stride 1.",
)
def slid_by_s(x: Array, w: Array, s: int = 1, p: int = 0) -> Array:
    z = np.zeros((len(x) - 1) * s + 1)
    z[::s] = x
    q = len(w) - p - 1
    z = np.pad(z, q) if q >= 0 else z[-q : len(z) + q]
    return np.correlate(z, w[::-1], "valid")[::s]


@mistake(
    "при `p > k − 1` число `k − p − 1` отрицательно: края тогда надо срезать, а здесь они остались.",
    "when `p > k − 1`, the number `k − p − 1` is negative: the ends are to be cropped then, but here they "
    "stay.",
)
def never_cropped(x: Array, w: Array, s: int = 1, p: int = 0) -> Array:
    z = np.zeros((len(x) - 1) * s + 1)
    z[::s] = x
    return np.correlate(np.pad(z, max(len(w) - p - 1, 0)), w[::-1], "valid")


def _impulse(i: int, u: int) -> dict[str, object]:
    return {"x": np.eye(3)[i], "w": np.eye(3)[u], "s": 2, "p": 0}


EXERCISE = Exercise(
    name="ch05.recipe",
    title=Text("Рецепт с нулями", "The recipe with zeros"),
    task=Text(
        "Доведите рецепт до конца: вставьте нули, дополните, проведите ядром с шагом 1. При `p > k − 1` "
        "рецепт не дополняет, а срезает.",
        "Complete the recipe: insert zeros, pad, slide the kernel with stride 1. When `p > k − 1`, the "
        "recipe crops instead of padding.",
    ),
    stub=STUB,
    reference=recipe,
    mistakes=(
        not_flipped,
        s_zeros,
        zeros_after_last,
        no_zeros,
        padded_by_p,
        p_not_subtracted,
        one_zero_too_many,
        slid_by_s,
        never_cropped,
    ),
    cases=(
        {"x": np.array([2.0, 3]), "w": np.array([1.0, 10, 100]), "s": 2, "p": 0},
        {"x": np.array([2.0, 3]), "w": np.array([1.0, 10, 100]), "s": 1, "p": 0},
        {"x": np.array([2.0, 3]), "w": np.array([1.0, 10, 100]), "s": 2, "p": 1},
        {"x": primes(3), "w": primes(2, start=5), "s": 3, "p": 0},
        {"x": primes(4), "w": primes(4, start=6) / 2, "s": 2, "p": 1},
        {"x": primes(3), "w": primes(5, start=4), "s": 2, "p": 2},
        {"x": primes(4), "w": primes(2, start=3), "s": 2, "p": 2},
        {"x": primes(5), "w": primes(1, start=8) / 4, "s": 2, "p": 1},
    ),
    hints=(
        Text(
            "Нули между значениями вставляет присваивание со срезом: `z = np.zeros(…)`, затем `z[::s] = x`. "
            "Какой длины должен быть `z`?",
            "A slice assignment puts zeros between the values: `z = np.zeros(…)`, then `z[::s] = x`. How "
            "long must `z` be?",
        ),
        Text(
            "Посмотрите, что выходит на `x = [1]`: ответ должен быть равен `w`, а не `w` задом наперёд. "
            "Чего не хватает ядру?",
            "See what comes out for `x = [1]`: it should be `w`, not `w` back to front. What does the "
            "kernel lack?",
        ),
        Text(
            "`q = len(w) - p - 1`. При `q ≥ 0` дополните: `np.pad(z, q)`; иначе срежьте: `z[-q : len(z) + "
            "q]`. Скользить надо ядром `w[::-1]`.",
            "`q = len(w) - p - 1`. If `q ≥ 0`, pad: `np.pad(z, q)`; otherwise crop: `z[-q : len(z) + q]`. "
            "Slide the kernel `w[::-1]`.",
        ),
    ),
    impulses={f"x[{i}]·w[{u}]": _impulse(i, u) for i in range(3) for u in range(3)},
    shapes={
        "n·s": Shape(
            lambda x, w, s, p: (len(x) * s,),
            Text("Это n·s, так бывает не при всех k и p.", "That is n·s, which holds only for some k and p."),
        ),
        "uncropped": Shape(
            lambda x, w, s, p: ((len(x) - 1) * s + len(w),),
            Text("Такой размер у выхода при p = 0.", "That is the size for p = 0."),
        ),
    },
    features={
        "p > k − 1": lambda x, w, s, p: p > len(w) - 1,
        "p = 0": lambda x, w, s, p: p == 0,
        "p > 0": lambda x, w, s, p: p > 0,
        "s > 1": lambda x, w, s, p: s > 1,
        "k > s": lambda x, w, s, p: len(w) > s,
    },
    forbidden=(*transposed(1), "scatter", "numpy.convolve", "scipy.signal.convolve"),
)
