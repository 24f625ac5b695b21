"""Puzzles of chapter 4, convolution: `gather`, `dilated`, `sizes`, `matrix`."""

import numpy as np

from upsample_lib.exercises.cases import Array, mistake
from upsample_lib.exercises.language import Text
from upsample_lib.puzzles.puzzle import Puzzle
from upsample_lib.puzzles.question import Question
from upsample_lib.puzzles.wording import ker, out, products


def correlate(x: Array, w: Array, s: int, p: int, d: int = 1) -> Array:
    x = np.pad(x, p)
    span = d * (len(w) - 1) + 1
    return np.array([x[q : q + span : d] @ w for q in range(0, len(x) - span + 1, s)])


@mistake(
    "ядро перевёрнуто. Это свёртка математиков; слой сети ядро не переворачивает.",
    "the kernel is flipped. That is the convolution of mathematicians; a network's layer does not flip.",
)
def flipped(x: Array, w: Array, s: int, p: int) -> Array:
    return correlate(x, w[::-1], s, p)


@mistake(
    "дополнения нет: первое окно начинается с `x[0]`.",
    "there is no padding: the first window starts at `x[0]`.",
)
def not_padded(x: Array, w: Array, s: int, p: int) -> Array:
    return correlate(x, w, s, 0)


@mistake(
    "шаг не использован: окно сдвигается на 1.",
    "the stride is not used: the window moves by 1.",
)
def every_place(x: Array, w: Array, s: int, p: int) -> Array:
    return correlate(x, w, 1, p)


@mistake(
    "за краем повторён крайний пиксель. Свёртка по умолчанию дополняет нулями.",
    "beyond the border the last pixel is repeated. By default a convolution pads with zeros.",
)
def border_repeated(x: Array, w: Array, s: int, p: int) -> Array:
    return correlate(np.pad(x, p, mode="edge"), w, s, 0)


@mistake(
    "это транспонированная свёртка: она разбрасывает и увеличивает. Обычная собирает числа под ядром.",
    "this is transposed convolution: it scatters and enlarges. The ordinary one gathers the numbers under "
    "the kernel.",
)
def scattered(x: Array, w: Array, s: int, p: int) -> Array:
    y = np.zeros((len(x) - 1) * s + len(w))
    for i, value in enumerate(x):
        y[i * s : i * s + len(w)] += value * w
    return y[p : len(y) - p]


def _first_window(y: Array, x: Array, w: Array, s: int, p: int) -> Text:
    seen = np.pad(x, p)[s : s + len(w)]
    return Text(
        "Второе окно начинается на {s} клетки правее первого: {sum} = {value}.",
        "The second window starts {s} cells to the right of the first: {sum} = {value}.",
    ).fill(s=s, sum=products(zip(seen, w)), value=out(y[1]))


GATHER = Question(
    name="ch04-gather",
    title=Text("Собрать под ядром", "Gather under the kernel"),
    asks=Text(
        "Слой свёртки со входом `x` и ядром `w`. Сколько чисел на выходе и какие?",
        "A convolution layer with the input `x` and the kernel `w`. How many numbers come out, and which?",
    ),
    hint=Text(
        "Допишите нули по краям и приложите ядро к каждому `s`-му месту, не переворачивая.",
        "Add the zeros at the ends and lay the kernel on every `s`-th place, unflipped.",
    ),
    why=_first_window,
    reference=correlate,
    mistakes=(flipped, not_padded, every_place, border_repeated, scattered),
    cases=(
        {"x": np.array([1.0, 2, 3, 4, 5]), "w": np.array([1.0, 10, 100]), "s": 2, "p": 1},
        {"x": np.array([3.0, 1, 2, 4, 1, 5]), "w": np.array([1.0, 2, -1]), "s": 2, "p": 1},
        {"x": np.array([2.0, 0, 1, 3, 5]), "w": np.array([2.0, 1, 3, 1]), "s": 2, "p": 1},
    ),
    free=True,
)


def dilated(x: Array, w: Array, d: int) -> Array:
    return correlate(x, w, 1, 0, d)


@mistake(
    "dilation не использован: веса стоят вплотную.",
    "dilation is not used: the weights stand side by side.",
)
def side_by_side(x: Array, w: Array, d: int) -> Array:
    return correlate(x, w, 1, 0)


@mistake(
    "между весами `d` пустых клеток, а должна быть `d − 1`: соседние веса отстоят на `d`.",
    "`d` cells between the weights are empty; it should be `d − 1`: neighbouring weights are `d` apart.",
)
def one_too_far(x: Array, w: Array, d: int) -> Array:
    return correlate(x, w, 1, 0, d + 1)


@mistake(
    "`d` взято за шаг. Dilation раздвигает веса, а ядро по-прежнему сдвигается на 1.",
    "`d` is taken for the stride. Dilation spreads the weights; the kernel still moves by 1.",
)
def as_stride(x: Array, w: Array, d: int) -> Array:
    return correlate(x, w, d, 0)


@mistake(
    "раздвинутое ядро ещё и перевёрнуто.",
    "the spread kernel has been flipped as well.",
)
def spread_and_flipped(x: Array, w: Array, d: int) -> Array:
    return dilated(x, w[::-1], d)


DILATED = Question(
    name="ch04-dilated",
    title=Text("Раздвинутое ядро", "A spread kernel"),
    asks=Text(
        "Свёртка с dilation, шаг 1, без дополнения. Сколько чисел на выходе и какие?",
        "A convolution with dilation, stride 1, no padding. How many numbers come out, and which?",
    ),
    hint=Text(
        "Ядро накрывает d·(k − 1) + 1 клеток. Сколько раз оно ляжет на вход?",
        "The kernel spans d·(k − 1) + 1 cells. In how many places does it fit on the input?",
    ),
    why=lambda y, x, w, d: Text(
        "Ядро накрывает {span} клеток, поэтому чисел {m}. Первое: {sum} = {value}.",
        "The kernel spans {span} cells, hence {m} numbers. The first: {sum} = {value}.",
    ).fill(
        span=d * (len(w) - 1) + 1,
        m=len(y),
        sum=products(zip(x[::d][: len(w)], w)),
        value=out(y[0]),
    ),
    reference=dilated,
    mistakes=(side_by_side, one_too_far, as_stride, spread_and_flipped),
    cases=(
        {"x": np.array([1.0, 2, 3, 4, 5, 6, 7]), "w": np.array([1.0, 10, 100]), "d": 2},
        {"x": np.array([3.0, 1, 4, 1, 5, 9, 2, 6]), "w": np.array([1.0, -1]), "d": 3},
        {"x": np.array([2.0, 7, 1, 8, 2, 8, 4]), "w": np.array([1.0, 2, 1.5]), "d": 2},
    ),
    free=True,
)


def sizes(n: Array, k: int, s: int, p: int) -> Array:
    return np.floor((n + 2 * p - k) / s) + 1


@mistake(
    "размер округлён вверх. Окно, которое не помещается целиком, не считается.",
    "the size is rounded up. A window that does not fit as a whole does not count.",
)
def rounded_up(n: Array, k: int, s: int, p: int) -> Array:
    return np.ceil((n + 2 * p - k) / s) + 1


@mistake(
    "дополнение посчитано один раз, а оно есть с обеих сторон.",
    "padding is counted once, but there is padding on both sides.",
)
def padded_once(n: Array, k: int, s: int, p: int) -> Array:
    return np.floor((n + p - k) / s) + 1


@mistake(
    "потеряна единица: первое окно стоит ещё до всякого сдвига.",
    "a one is lost: the first window stands there before any move.",
)
def first_window_lost(n: Array, k: int, s: int, p: int) -> Array:
    return np.floor((n + 2 * p - k) / s)


@mistake(
    "размер просто поделён на шаг. Это верно не при всех `k` и `p`.",
    "the size is just divided by the stride. That does not hold for all `k` and `p`.",
)
def divided(n: Array, k: int, s: int, p: int) -> Array:
    return np.floor(n / s)


SIZES = Question(
    name="ch04-sizes",
    title=Text("Предскажите размер", "Predict the size"),
    asks=Text(
        "Через один и тот же слой свёртки прошли входы четырёх размеров `n`. Каковы размеры `m` выходов?",
        "Inputs of four sizes `n` have gone through one and the same convolution. What are the sizes `m` of "
        "the outputs?",
    ),
    hint=Text(
        "Дополненный вход длиннее на 2`p`. Сколько шагов по `s` сделает окно, не выйдя за край?",
        "The padded input is longer by 2`p`. How many steps of `s` can the window take without leaving it?",
    ),
    why=lambda m, n, k, s, p: Text(
        "m = ⌊(n + {q} − {k})/{s}⌋ + 1. Округление вниз склеивает соседние размеры: по выходу уже не "
        "узнать, какой был вход.",
        "m = ⌊(n + {q} − {k})/{s}⌋ + 1. Rounding down merges neighbouring sizes: the output no longer tells "
        "which input it was.",
    ).fill(q=2 * p, k=k, s=s),
    reference=sizes,
    mistakes=(rounded_up, padded_once, first_window_lost, divided),
    cases=(
        {"n": np.array([15.0, 16, 17, 18]), "k": 7, "s": 4, "p": 1},
        {"n": np.array([34.0, 35, 36, 37]), "k": 6, "s": 3, "p": 2},
        {"n": np.array([29.0, 30, 31, 32]), "k": 4, "s": 4, "p": 1},
    ),
    symbol="m",
    heads=lambda n, k, s, p: [f"n={int(size)}" for size in n],
    shows=lambda n, k, s, p: [],
    settings=lambda n, k, s, p: [f"k = {k}", f"s = {s}", f"p = {p}"],
)


def matrix(w: Array, n: int, s: int, p: int) -> Array:
    m = (n + 2 * p - len(w)) // s + 1
    C = np.zeros((m, n + 2 * p))
    for i in range(m):
        C[i, i * s : i * s + len(w)] = w
    return C[:, p : p + n]


@mistake(
    "ядро в строках перевёрнуто. Строка — это ядро, как оно лежит на входе.",
    "the kernel in the rows is flipped. A row is the kernel as it lies on the input.",
)
def rows_flipped(w: Array, n: int, s: int, p: int) -> Array:
    return matrix(w[::-1], n, s, p)


@mistake(
    "первая строка начинается с `w[0]`. Из-за дополнения ядро стоит на `p` клеток левее, и часть весов "
    "попала на нули.",
    "the first row starts with `w[0]`. Padding moves the kernel `p` cells to the left, and some weights "
    "meet zeros.",
)
def padding_forgotten(w: Array, n: int, s: int, p: int) -> Array:
    C = np.zeros(((n + 2 * p - len(w)) // s + 1, n + 2 * p))
    for i in range(len(C)):
        C[i, i * s : i * s + len(w)] = w
    return C[:, :n]


@mistake(
    "строки сдвинуты на 1, а не на `s`.",
    "the rows are shifted by 1, not by `s`.",
)
def rows_one_apart(w: Array, n: int, s: int, p: int) -> Array:
    C = np.zeros(((n + 2 * p - len(w)) // s + 1, n + 2 * p))
    for i in range(len(C)):
        C[i, i : i + len(w)] = w
    return C[:, p : p + n]


@mistake(
    "вес, вышедший за край, вернулся с другой стороны. Он попадает на приписанный нуль и пропадает.",
    "a weight that left at one end has come back at the other. It meets an added zero and is gone.",
)
def wrapped(w: Array, n: int, s: int, p: int) -> Array:
    C = np.zeros(((n + 2 * p - len(w)) // s + 1, n))
    for i in range(len(C)):
        for u, weight in enumerate(w):
            C[i, (i * s + u - p) % n] += weight
    return C


MATRIX = Question(
    name="ch04-matrix",
    title=Text("Свёртка как матрица", "Convolution as a matrix"),
    asks=Text(
        "Заполните матрицу `C`, на которую свёртка умножает вход из `n` чисел.",
        "Fill in the matrix `C` by which a convolution multiplies an input of `n` numbers.",
    ),
    hint=Text(
        "Строка `i` — ядро, положенное на `i`-е место дополненного входа; столбцы приписанных нулей "
        "вычеркнуты.",
        "Row `i` is the kernel laid on place `i` of the padded input; the columns of added zeros are struck "
        "out.",
    ),
    why=lambda C, w, n, s, p: Text(
        "В первой строке вес {first} попал на приписанный нуль и пропал; следующая строка сдвинута на {s}.",
        "In the first row the weight {first} met an added zero and is gone; the next row is shifted by {s}.",
    ).fill(first=ker(w[0]), s=s),
    reference=matrix,
    mistakes=(rows_flipped, padding_forgotten, rows_one_apart, wrapped),
    cases=(
        {"w": np.array([1.0, 2, 3]), "n": 4, "s": 2, "p": 1},
        {"w": np.array([4.0, 7, 2]), "n": 4, "s": 2, "p": 1},
        {"w": np.array([5.0, 1, 6, 2]), "n": 4, "s": 2, "p": 1},
    ),
    symbol="C",
    heads=lambda w, n, s, p: [f"x[{q}]" for q in range(n)],
    sides=lambda w, n, s, p: [f"y[{i}]" for i in range((n + 2 * p - len(w)) // s + 1)],
)

QUESTIONS = (GATHER, SIZES, DILATED, MATRIX)


def gather() -> Puzzle:
    """A convolution with stride and padding."""
    return Puzzle(GATHER)


def spread() -> Puzzle:
    """A convolution with dilation."""
    return Puzzle(DILATED)


def size() -> Puzzle:
    """Four input sizes through one layer."""
    return Puzzle(SIZES)


def rows_of_c() -> Puzzle:
    """The matrix of a small convolution."""
    return Puzzle(MATRIX)
