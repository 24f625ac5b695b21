"""The matrix of a convolution."""

import numpy as np

from upsample_lib.exercises.cases import Array, Shape, mistake, primes
from upsample_lib.exercises.exercise import Exercise
from upsample_lib.exercises.language import Text

STUB = """def convolution_matrix(n, w, s=1, p=0, d=1):
    ...
"""


def convolution_matrix(n: int, w: Array, s: int = 1, p: int = 0, d: int = 1) -> Array:
    m = (n + 2 * p - d * (len(w) - 1) - 1) // s + 1
    C = np.zeros((m, n))
    for i in range(m):
        for u in range(len(w)):
            q = i * s + u * d - p
            if 0 <= q < n:
                C[i, q] = w[u]
    return C


@mistake(
    "матрица транспонирована: строк должно быть столько, сколько выходов, столбцов — сколько входов.",
    "the matrix is transposed: there should be as many rows as outputs and as many columns as inputs.",
)
def transposed(n: int, w: Array, s: int = 1, p: int = 0, d: int = 1) -> Array:
    return convolution_matrix(n, w, s, p, d).T


@mistake(
    "ядро в строках перевёрнуто. Это матрица свёртки математиков; слой сети вычисляет корреляцию, и в строке "
    "стоит `w` как есть.",
    "the kernel in the rows is flipped. That is the matrix of the mathematicians' convolution; a network "
    "layer computes a correlation, and a row holds `w` as it is.",
)
def flipped(n: int, w: Array, s: int = 1, p: int = 0, d: int = 1) -> Array:
    return convolution_matrix(n, w[::-1], s, p, d)


@mistake(
    "у приписанных нулей есть столбцы. Матрица умножает исходный вход: веса, попавшие на приписанный ноль, "
    "просто исчезают.",
    "padded zeros have columns of their own. The matrix multiplies the original input: weights that meet a "
    "padded zero simply vanish.",
)
def columns_for_padding(n: int, w: Array, s: int = 1, p: int = 0, d: int = 1) -> Array:
    return convolution_matrix(n + 2 * p, w, s, 0, d)


@mistake(
    "вес, вышедший за край, вернулся с другой стороны: отрицательный номер столбца Python отсчитывает от "
    "конца. Пропускайте `q < 0` и `q ≥ n`.",
    "a weight beyond one end came back at the other: Python counts a negative column number from the end. "
    "Skip `q < 0` and `q ≥ n`.",
)
def wrapped(n: int, w: Array, s: int = 1, p: int = 0, d: int = 1) -> Array:
    C = np.zeros_like(convolution_matrix(n, w, s, p, d))
    for i in range(len(C)):
        for u in range(len(w)):
            C[i, (i * s + u * d - p) % n] += w[u]
    return C


@mistake(
    "`p` учтено с обратным знаком: вход начинается в дополненном на `p` позже, и столбец — `i * s + u * d - "
    "p`.",
    "`p` has the wrong sign: in the padded input the input starts `p` later, and the column is `i * s + u * "
    "d - p`.",
)
def shifted_the_wrong_way(n: int, w: Array, s: int = 1, p: int = 0, d: int = 1) -> Array:
    C = np.zeros_like(convolution_matrix(n, w, s, p, d))
    for i in range(len(C)):
        for u in range(len(w)):
            if i * s + u * d + p < n:
                C[i, i * s + u * d + p] = w[u]
    return C


@mistake(
    "`p` не используется.",
    "`p` is not used.",
)
def padding_ignored(n: int, w: Array, s: int = 1, p: int = 0, d: int = 1) -> Array:
    return convolution_matrix(n, w, s, 0, d)


@mistake(
    "шаг не используется: каждая строка сдвинута на 1, а не на `s`.",
    "the stride is not used: each row is shifted by 1, not by `s`.",
)
def stride_ignored(n: int, w: Array, s: int = 1, p: int = 0, d: int = 1) -> Array:
    return convolution_matrix(n, w, 1, p, d)


@mistake(
    "`d` не используется: веса стоят рядом, а должны отстоять на `d`.",
    "`d` is not used: the weights stand side by side instead of `d` apart.",
)
def dilation_ignored(n: int, w: Array, s: int = 1, p: int = 0, d: int = 1) -> Array:
    return convolution_matrix(n, w, s, p)


@mistake(
    "между весами `d` пустых клеток, а нужно `d − 1`: `d` — это сдвиг от веса к весу.",
    "there are `d` empty cells between weights; it should be `d − 1`: `d` is the distance from weight to "
    "weight.",
)
def d_cells_between(n: int, w: Array, s: int = 1, p: int = 0, d: int = 1) -> Array:
    return convolution_matrix(n, w, s, p, d + 1)


def _case(n: int, w: Array, s: int, p: int, d: int) -> dict[str, object]:
    return {"n": n, "w": w, "s": s, "p": p, "d": d}


_DIGITS = np.array([1.0, 10, 100])

EXERCISE = Exercise(
    name="ch04.convolution_matrix",
    title=Text("Матрица свёртки", "The matrix of a convolution"),
    task=Text(
        "Постройте матрицу `C`, для которой `C @ x` — свёртка входа из `n` чисел с ядром `w`: шаг `s`, "
        "дополнение `p`, dilation `d`. Веса, попавшие на приписанный ноль, пропускайте.",
        "Build the matrix `C` for which `C @ x` is the convolution of an input of `n` numbers with the "
        "kernel `w`: stride `s`, padding `p`, dilation `d`. Skip weights that meet a padded zero.",
    ),
    stub=STUB,
    reference=convolution_matrix,
    mistakes=(
        transposed,
        flipped,
        columns_for_padding,
        wrapped,
        shifted_the_wrong_way,
        padding_ignored,
        stride_ignored,
        dilation_ignored,
        d_cells_between,
    ),
    cases=(
        _case(4, _DIGITS, 1, 0, 1),
        _case(5, _DIGITS, 2, 0, 1),
        _case(4, _DIGITS, 1, 1, 1),
        _case(7, _DIGITS, 1, 0, 2),
        _case(7, primes(4, start=3) / 2, 3, 2, 1),
        _case(8, primes(2, start=5), 2, 3, 3),
    ),
    hints=(
        Text(
            "Строка `i` — это ядро, приложенное к месту `i`. На какой столбец попадает его вес с номером "
            "`u`?",
            "Row `i` is the kernel laid on place `i`. In which column does its weight number `u` fall?",
        ),
        Text(
            "Столбец `q = i * s + u * d - p`. Если `q` меньше нуля или не меньше `n`, вес попал на "
            "приписанный ноль.",
            "Column `q = i * s + u * d - p`. If `q` is below zero or not below `n`, the weight meets a "
            "padded zero.",
        ),
        Text(
            "Строк `m = (n + 2 * p - d * (len(w) - 1) - 1) // s + 1`; в двух вложенных циклах `if 0 <= q < "
            "n: C[i, q] = w[u]`.",
            "There are `m = (n + 2 * p - d * (len(w) - 1) - 1) // s + 1` rows; in two nested loops, `if 0 "
            "<= q < n: C[i, q] = w[u]`.",
        ),
    ),
    impulses={f"w[{u}]": _case(5, np.eye(3)[u], 2, 1, 1) for u in range(3)},
    shapes={
        "transposed": Shape(
            lambda n, w, s, p, d: (n, (n + 2 * p - d * (len(w) - 1) - 1) // s + 1),
            Text("Строки и столбцы поменялись местами.", "Rows and columns have changed places."),
        ),
        "padded columns": Shape(
            lambda n, w, s, p, d: ((n + 2 * p - d * (len(w) - 1) - 1) // s + 1, n + 2 * p),
            Text(
                "Столбцов столько, сколько чисел во входе, без приписанных нулей.",
                "There are as many columns as numbers in the input, without padded zeros.",
            ),
        ),
        "square": Shape(
            lambda n, w, s, p, d: (n, n),
            Text(
                "Строк столько, сколько выходов: ⌊(n + 2p − d(k − 1) − 1)/s⌋ + 1.",
                "There are as many rows as outputs: ⌊(n + 2p − d(k − 1) − 1)/s⌋ + 1.",
            ),
        ),
    },
    features={
        "p > 0": lambda n, w, s, p, d: p > 0,
        "s > 1": lambda n, w, s, p, d: s > 1,
        "d > 1": lambda n, w, s, p, d: d > 1,
    },
    forbidden=(
        "matrix_of",
        "upsample_lib.conv_matrix",
        "upsample_lib.derivations.conv_matrix1d",
        "scipy.linalg.toeplitz",
        "scipy.linalg.convolution_matrix",
    ),
)
