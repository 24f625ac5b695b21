"""The matrix of a transposed convolution."""

import numpy as np

from upsample_lib.exercises.cases import Array, Shape, mistake, primes
from upsample_lib.exercises.exercise import Exercise
from upsample_lib.exercises.language import Text

STUB = """def matrix(w, n, s=1, p=0):
    ...
"""


def matrix(w: Array, n: int, s: int = 1, p: int = 0) -> Array:
    full = np.zeros(((n - 1) * s + len(w), n))
    for i in range(n):
        full[i * s : i * s + len(w), i] = w
    return full[p : len(full) - p]


@mistake(
    "это матрица свёртки `C`, а нужна её транспонированная `C.T`: она переводит `n` чисел в большее их "
    "число.",
    "this is the convolution's matrix `C`; its transpose `C.T` is wanted, which takes `n` numbers to more "
    "of them.",
)
def not_transposed(w: Array, n: int, s: int = 1, p: int = 0) -> Array:
    full = np.zeros((n, (n - 1) * s + len(w)))
    for i in range(n):
        full[i, i * s : i * s + len(w)] = w
    return full[:, p : full.shape[1] - p]


@mistake(
    "это псевдообратная матрица к `C`. Транспонированная свёртка не обращает свёртку: её матрица просто "
    "`C.T`.",
    "this is the pseudo-inverse of `C`. A transposed convolution does not invert a convolution: its matrix "
    "is just `C.T`.",
    misconception=1,
)
def inverted(w: Array, n: int, s: int = 1, p: int = 0) -> Array:
    full = np.zeros((n, (n - 1) * s + len(w)))
    for i in range(n):
        full[i, i * s : i * s + len(w)] = w
    return np.asarray(np.linalg.pinv(full[:, p : full.shape[1] - p]), dtype=np.float64)


@mistake(
    "ядро в столбцах перевёрнуто. В столбце `C.T` стоит оттиск: `w[0]` сверху.",
    "the kernel in the columns is flipped. A column of `C.T` is a print, with `w[0]` on top.",
)
def flipped(w: Array, n: int, s: int = 1, p: int = 0) -> Array:
    full = np.zeros(((n - 1) * s + len(w), n))
    for i in range(n):
        full[i * s : i * s + len(w), i] = w[::-1]
    return full[p : len(full) - p]


@mistake(
    "оттиск, вышедший за край, вернулся с другой стороны. Это циклическая свёртка; не поместившееся надо "
    "срезать.",
    "a print that leaves at one end comes back at the other. That is a circular convolution; what does not "
    "fit is cropped.",
)
def wrapped(w: Array, n: int, s: int = 1, p: int = 0) -> Array:
    size = (n - 1) * s + len(w) - 2 * p
    made = np.zeros((size, n))
    for i in range(n):
        for u in range(len(w)):
            made[(i * s + u - p) % size, i] += w[u]
    return made


@mistake(
    "`p` не используется: сверху и снизу остались строки, которые дополнение срезает.",
    "`p` is not used: the rows that padding crops at the top and at the bottom are still there.",
)
def not_cropped(w: Array, n: int, s: int = 1, p: int = 0) -> Array:
    full = np.zeros(((n - 1) * s + len(w), n))
    for i in range(n):
        full[i * s : i * s + len(w), i] = w
    return full


@mistake(
    "срезаны столбцы, а надо строки: `p` убирает выходы, а входы остаются все.",
    "columns are cropped instead of rows: `p` removes outputs; every input stays.",
)
def columns_cropped(w: Array, n: int, s: int = 1, p: int = 0) -> Array:
    full = np.zeros(((n - 1) * s + len(w), n))
    for i in range(n):
        full[i * s : i * s + len(w), i] = w
    return full[:, p : n - p]


@mistake(
    "шаг не используется: каждый столбец сдвинут на 1, а не на `s`.",
    "the stride is not used: each column is shifted by 1, not by `s`.",
)
def stride_ignored(w: Array, n: int, s: int = 1, p: int = 0) -> Array:
    full = np.zeros((n - 1 + len(w), n))
    for i in range(n):
        full[i : i + len(w), i] = w
    return full[p : len(full) - p]


EXERCISE = Exercise(
    name="ch05.matrix",
    title=Text("Матрица транспонированной свёртки", "The matrix of a transposed convolution"),
    task=Text(
        "Постройте матрицу, для которой `matrix(w, len(x), s, p) @ x` — транспонированная свёртка входа `x` "
        "с ядром `w`.",
        "Build the matrix for which `matrix(w, len(x), s, p) @ x` is the transposed convolution of `x` with "
        "the kernel `w`.",
    ),
    stub=STUB,
    reference=matrix,
    mistakes=(not_transposed, inverted, flipped, wrapped, not_cropped, columns_cropped, stride_ignored),
    cases=(
        {"w": np.array([1.0, 10, 100]), "n": 2, "s": 2, "p": 0},
        {"w": np.array([1.0, 10, 100]), "n": 3, "s": 1, "p": 0},
        {"w": np.array([1.0, 10, 100]), "n": 2, "s": 2, "p": 1},
        {"w": primes(2, start=5), "n": 3, "s": 3, "p": 0},
        {"w": primes(4, start=6) / 2, "n": 4, "s": 2, "p": 1},
        {"w": primes(5, start=4), "n": 3, "s": 1, "p": 2},
        {"w": primes(4, start=3), "n": 1, "s": 2, "p": 0},
    ),
    hints=(
        Text(
            "Умножьте матрицу на `x = (1, 0, 0, …)`: получится её первый столбец. Какой выход даёт такой "
            "вход?",
            "Multiply the matrix by `x = (1, 0, 0, …)`: out comes its first column. What output does such "
            "an input give?",
        ),
        Text(
            "Столбец `i` — это оттиск входа `i`: ядро, которое начинается в строке `i * s`. Сколько всего "
            "строк?",
            "Column `i` is the print of input `i`: the kernel, starting in row `i * s`. How many rows are "
            "there?",
        ),
        Text(
            "`full = np.zeros(((n - 1) * s + len(w), n))`, в цикле `full[i * s : i * s + len(w), i] = w`. "
            "Потом срежьте по `p` строк сверху и снизу.",
            "`full = np.zeros(((n - 1) * s + len(w), n))`; in the loop `full[i * s : i * s + len(w), i] = "
            "w`. Then crop `p` rows at the top and at the bottom.",
        ),
    ),
    impulses={f"w[{u}]": {"w": np.eye(3)[u], "n": 3, "s": 2, "p": 0} for u in range(3)},
    shapes={
        "transposed": Shape(
            lambda w, n, s, p: (n, (n - 1) * s + len(w) - 2 * p),
            Text("Строки и столбцы поменялись местами.", "Rows and columns have changed places."),
        ),
        "square": Shape(
            lambda w, n, s, p: (n, n),
            Text(
                "Строк столько, сколько выходов: (n − 1)s − 2p + k.",
                "There are as many rows as outputs: (n − 1)s − 2p + k.",
            ),
        ),
    },
    features={
        "p = 0": lambda w, n, s, p: p == 0,
        "p > 0": lambda w, n, s, p: p > 0,
        "s > 1": lambda w, n, s, p: s > 1,
        "k > s": lambda w, n, s, p: len(w) > s,
    },
    forbidden=(
        "wires",
        "conv_matrix1d",
        "upsample_lib.conv_matrix",
        "upsample_lib.derivations.conv_matrix1d",
        "upsample_lib.derivations.wires",
        "scipy.linalg.toeplitz",
        "scipy.linalg.convolution_matrix",
    ),
)
