"""Puzzles of chapter 5, transposed convolution: `stamps`, `zeros`, `wires`, `plane`."""

import numpy as np

from upsample_lib.exercises.cases import Array, Mistake, mistake
from upsample_lib.exercises.ch05 import matrix as matrix_exercise
from upsample_lib.exercises.ch05 import scatter as scatter_exercise
from upsample_lib.exercises.exercise import Exercise
from upsample_lib.exercises.language import Text
from upsample_lib.puzzles.puzzle import Puzzle
from upsample_lib.puzzles.question import Question
from upsample_lib.puzzles.wording import out, products, row


def some(exercise: Exercise, *names: str) -> tuple[Mistake, ...]:
    """Those of an exercise's mistakes."""
    known = {found.name: found for found in exercise.mistakes}
    return tuple(known[name] for name in names)


def _print_by_print(y: Array, x: Array, w: Array, s: int, p: int) -> Text:
    """The cell that most prints share, written out."""
    landed = {
        q: [(x[i], w[q + p - i * s]) for i in range(len(x)) if 0 <= q + p - i * s < len(w)]
        for q in range(len(y))
    }
    fullest = max(landed, key=lambda q: len(landed[q]))
    return Text(
        "В область оттисков входит {all} ячеек, дополнение срезает по {p} с каждого края. Больше всего "
        "слагаемых в `y[{q}]`: {sum} = {value}.",
        "The stamped area has {all} cells, and padding crops {p} off each end. Most terms meet in `y[{q}]`: "
        "{sum} = {value}.",
    ).fill(
        all=(len(x) - 1) * s + len(w), p=p, q=fullest, sum=products(landed[fullest]), value=out(y[fullest])
    )


STAMPS = Question(
    name="ch05-stamps",
    title=Text("Оттиски", "Prints"),
    asks=Text(
        "Транспонированная свёртка, вход `x`, ядро `w`. Сколько чисел на выходе и какие?",
        "A transposed convolution with the input `x` and the kernel `w`. How many numbers come out, and "
        "which?",
    ),
    hint=Text(
        "Напишите под входом оттиски `x[i]·w`, каждый на `s` клеток правее предыдущего, и сложите столбцы.",
        "Write down the prints `x[i]·w`, each `s` cells to the right of the one before, and add the columns.",
    ),
    why=_print_by_print,
    reference=scatter_exercise.reference,
    mistakes=some(
        scatter_exercise,
        "overwritten",
        "averaged",
        "flipped",
        "gathered",
        "not_cropped",
        "padded",
        "input_padded",
        "cropped_once",
        "stride_ignored",
    ),
    cases=(
        {"x": np.array([2.0, 3]), "w": np.array([1.0, 10, 100]), "s": 2, "p": 1},
        {"x": np.array([1.0, 4, 2]), "w": np.array([2.0, 5, 1]), "s": 2, "p": 1},
        {"x": np.array([3.0, -1, 2]), "w": np.array([1.0, 4, 2, 5]), "s": 2, "p": 1},
    ),
    free=True,
)


def spread(x: Array, k: int, s: int, p: int) -> Array:
    z = np.zeros((len(x) - 1) * s + 1)
    z[::s] = x
    return np.pad(z, k - p - 1)


@mistake(
    "между значениями вставлено `s` нулей, а нужно `s − 1`.",
    "`s` zeros stand between the values; it should be `s − 1`.",
)
def s_zeros(x: Array, k: int, s: int, p: int) -> Array:
    z = np.zeros((len(x) - 1) * (s + 1) + 1)
    z[:: s + 1] = x
    return np.pad(z, k - p - 1)


@mistake(
    "нули вставлены и после последнего значения. Вставляют только между соседними.",
    "zeros are inserted after the last value too. They belong only between neighbours.",
)
def zeros_after_last(x: Array, k: int, s: int, p: int) -> Array:
    z = np.zeros(len(x) * s)
    z[::s] = x
    return np.pad(z, k - p - 1)


@mistake(
    "по краям `p` нулей, как в обычной свёртке. Рецепту нужно `k − p − 1`: чем больше дополнение, тем "
    "меньше нулей.",
    "there are `p` zeros at the ends, as in an ordinary convolution. The recipe needs `k − p − 1`: more "
    "padding, fewer zeros.",
)
def padded_by_p(x: Array, k: int, s: int, p: int) -> Array:
    z = np.zeros((len(x) - 1) * s + 1)
    z[::s] = x
    return np.pad(z, p)


@mistake(
    "по краям `k − 1` нулей: `p` не вычтено.",
    "there are `k − 1` zeros at the ends: `p` is not subtracted.",
)
def p_not_subtracted(x: Array, k: int, s: int, p: int) -> Array:
    z = np.zeros((len(x) - 1) * s + 1)
    z[::s] = x
    return np.pad(z, k - 1)


@mistake(
    "нули только по краям. Шаг `s` вставляет нули и между значениями.",
    "there are zeros at the ends only. The stride `s` puts zeros between the values too.",
)
def nothing_between(x: Array, k: int, s: int, p: int) -> Array:
    return np.pad(x, k - p - 1)


@mistake(
    "нули только между значениями. Рецепт ещё дополняет края: по `k − p − 1` нулей.",
    "there are zeros between the values only. The recipe also pads the ends, with `k − p − 1` zeros each.",
)
def nothing_outside(x: Array, k: int, s: int, p: int) -> Array:
    z = np.zeros((len(x) - 1) * s + 1)
    z[::s] = x
    return z


ZEROS = Question(
    name="ch05-zeros",
    title=Text("Рецепт с нулями", "The recipe with zeros"),
    asks=Text(
        "По какой строке `z` скользит перевёрнутое ядро? Впишите её целиком, вместе с нулями.",
        "Along which row `z` does the flipped kernel slide? Write down all of it, zeros included.",
    ),
    hint=Text(
        "Сначала `s − 1` нулей между соседями, потом `k − p − 1` нулей с каждого края.",
        "First `s − 1` zeros between neighbours, then `k − p − 1` zeros at each end.",
    ),
    why=lambda z, x, k, s, p: Text(
        "Между соседями {s} − 1 = {between}, по краям {k} − {p} − 1 = {ends}. Положений у ядра из {k} весов "
        "на такой строке {m}: столько чисел и будет на выходе.",
        "Between neighbours {s} − 1 = {between}, at each end {k} − {p} − 1 = {ends}. A kernel of {k} "
        "weights fits on this row in {m} places, and that many numbers come out.",
    ).fill(s=s, k=k, p=p, between=s - 1, ends=k - p - 1, m=len(z) - k + 1),
    reference=spread,
    mistakes=(s_zeros, zeros_after_last, padded_by_p, p_not_subtracted, nothing_between, nothing_outside),
    cases=(
        {"x": np.array([2.0, 5]), "k": 4, "s": 3, "p": 1},
        {"x": np.array([4.0, 7, 1]), "k": 4, "s": 2, "p": 2},
        {"x": np.array([6.0, 2]), "k": 5, "s": 3, "p": 3},
    ),
    symbol="z",
    free=True,
)


def _column_by_column(matrix: Array, w: Array, n: int, s: int, p: int) -> Text:
    return Text(
        "Столбец {i} — оттиск входа {i}: ядро {w}, сдвинутое на {shift} и обрезанное дополнением сверху и "
        "снизу. В столбец не вошло только то, что вышло за край.",
        "Column {i} is the print of input {i}: the kernel {w}, moved down by {shift} and cropped by the "
        "padding at the top and at the bottom. All that a column lacks is what fell off an end.",
    ).fill(i=n - 1, w=row(w, "k"), shift=(n - 1) * s)


@mistake(
    "всё срезано снизу. Дополнение срезает по `p` строк сверху и снизу.",
    "everything is cropped at the bottom. Padding crops `p` rows at the top and `p` at the bottom.",
)
def cropped_below(w: Array, n: int, s: int, p: int) -> Array:
    full = np.zeros(((n - 1) * s + len(w), n))
    for i in range(n):
        full[i * s : i * s + len(w), i] = w
    return full[: len(full) - 2 * p]


@mistake(
    "соседние столбцы сдвинуты на 1, а не на `s`.",
    "neighbouring columns are shifted by 1, not by `s`.",
)
def shifted_by_one(w: Array, n: int, s: int, p: int) -> Array:
    full = np.zeros(((n - 1) * s + len(w), n))
    for i in range(n):
        full[i : i + len(w), i] = w
    return full[p : len(full) - p]


WIRES = Question(
    name="ch05-wires",
    title=Text("Матрица", "The matrix"),
    asks=Text(
        "Заполните матрицу, на которую транспонированная свёртка умножает вход из `n` чисел.",
        "Fill in the matrix by which a transposed convolution multiplies an input of `n` numbers.",
    ),
    hint=Text(
        "Подайте на вход единицу и нули: на выходе будет столбец матрицы.",
        "Feed in a one and zeros: a column of the matrix comes out.",
    ),
    why=_column_by_column,
    reference=matrix_exercise.reference,
    mistakes=(*some(matrix_exercise, "flipped", "wrapped"), cropped_below, shifted_by_one),
    cases=(
        {"w": np.array([1.0, 2, 3]), "n": 2, "s": 2, "p": 1},
        {"w": np.array([4.0, 1, 5, 2]), "n": 2, "s": 2, "p": 1},
        {"w": np.array([2.0, 7, 3]), "n": 2, "s": 3, "p": 1},
    ),
    symbol="Cᵀ",
    heads=lambda w, n, s, p: [f"x[{i}]" for i in range(n)],
    sides=lambda w, n, s, p: [f"y[{q}]" for q in range((n - 1) * s + len(w) - 2 * p)],
)


def printed(x: Array, w: Array, s: int) -> Array:
    y = np.zeros([(n - 1) * s + k for n, k in zip(x.shape, w.shape)])
    for i, j in np.ndindex(x.shape):
        y[i * s : i * s + len(w), j * s : j * s + w.shape[1]] += x[i, j] * w
    return y


@mistake(
    "оттиски записаны друг поверх друга. Там, где они перекрылись, нужна сумма.",
    "prints are written over one another. Where they overlap, a sum is wanted.",
)
def overwritten(x: Array, w: Array, s: int) -> Array:
    y = np.zeros([(n - 1) * s + k for n, k in zip(x.shape, w.shape)])
    for i, j in np.ndindex(x.shape):
        y[i * s : i * s + len(w), j * s : j * s + w.shape[1]] = x[i, j] * w
    return y


@mistake(
    "ядро перевёрнуто. Печатают его как есть.",
    "the kernel is flipped. It is printed as it is.",
)
def flipped(x: Array, w: Array, s: int) -> Array:
    return printed(x, w[::-1, ::-1], s)


@mistake(
    "у ядра перепутаны строки и столбцы.",
    "rows and columns of the kernel are mixed up.",
)
def kernel_transposed(x: Array, w: Array, s: int) -> Array:
    return printed(x, w.T, s)


@mistake(
    "учтены только соседи по одной оси. В середину попадают оттиски всех четырёх входов.",
    "only neighbours along one axis are counted. The middle receives prints of all four inputs.",
)
def without_diagonals(x: Array, w: Array, s: int) -> Array:
    y = printed(x, w, s)
    y[1, 1] = x[0, 0] * w[1, 1] + x[1, 1] * w[0, 0]
    return y


PLANE = Question(
    name="ch05-plane",
    title=Text("На плоскости", "In the plane"),
    asks=Text(
        "Вход 2 × 2, ядро 2 × 2, шаг 1. Углы уже стоят, впишите крест между ними.",
        "A 2 × 2 input, a 2 × 2 kernel, stride 1. The corners are there already; fill in the cross between "
        "them.",
    ),
    hint=Text(
        "В клетку на стороне попадают два оттиска, в середину все четыре.",
        "A cell on a side receives two prints, the middle all four.",
    ),
    why=lambda y, x, w, s: Text(
        "В середине встретились четыре оттиска: {sum} = {value}.",
        "Four prints met in the middle: {sum} = {value}.",
    ).fill(
        sum=products((x[i, j], w[1 - i, 1 - j]) for i, j in np.ndindex(2, 2)),
        value=out(y[1, 1]),
    ),
    reference=printed,
    mistakes=(overwritten, flipped, kernel_transposed, without_diagonals),
    cases=(
        {"x": np.array([[1.0, 2], [3, 4]]), "w": np.array([[1.0, 10], [100, 1000]]), "s": 1},
        {"x": np.array([[2.0, 0], [1, 3]]), "w": np.array([[1.0, 4], [2, 5]]), "s": 1},
        {"x": np.array([[1.0, 3], [0, 2]]), "w": np.array([[2.0, 1], [5, -1]]), "s": 1},
    ),
    gaps=lambda y, x, w, s: np.array([[0, 1, 0], [1, 1, 1], [0, 1, 0]], dtype=bool),
)

QUESTIONS = (STAMPS, PLANE, ZEROS, WIRES)


def stamps() -> Puzzle:
    """Prints, their overlap and the crop, in one dimension."""
    return Puzzle(STAMPS)


def zeros() -> Puzzle:
    """The row over which the recipe slides the flipped kernel."""
    return Puzzle(ZEROS)


def wires() -> Puzzle:
    """The matrix of a small transposed convolution."""
    return Puzzle(WIRES)


def plane() -> Puzzle:
    """Overlapping prints in two dimensions."""
    return Puzzle(PLANE)
