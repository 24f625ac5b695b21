"""Puzzles of chapter 12, content-aware upsampling: `reassembly`, `moved_points`."""

import numpy as np

from upsample_lib.exercises.cases import Array, mistake
from upsample_lib.exercises.language import Text
from upsample_lib.puzzles.puzzle import Puzzle
from upsample_lib.puzzles.question import Given, Question
from upsample_lib.puzzles.wording import number


def reassembled(x: Array, K: Array) -> Array:
    s = K.shape[1] // len(x)
    padded = np.pad(x, 1)
    return np.array([K[:, j] @ padded[j // s : j // s + 3] for j in range(K.shape[1])])


@mistake(
    "ядра перевёрнуты. Первый вес относится к левому соседу.",
    "the kernels are flipped. The first weight belongs to the left neighbour.",
)
def flipped(x: Array, K: Array) -> Array:
    return reassembled(x, K[::-1])


@mistake(
    "соседи взяты в выходной сетке, где каждый пиксель уже повторён. Окрестность состоит из входных "
    "пикселей.",
    "the neighbours are taken on the output grid, where each pixel is already repeated. The neighbourhood "
    "consists of input pixels.",
)
def in_the_outputs_grid(x: Array, K: Array) -> Array:
    padded = np.pad(x.repeat(K.shape[1] // len(x)), 1)
    return np.array([K[:, j] @ padded[j : j + 3] for j in range(K.shape[1])])


@mistake(
    "за краем повторён крайний пиксель; в пересборке там нули.",
    "the border pixel is repeated outside; in reassembly there are zeros.",
)
def border_repeated(x: Array, K: Array) -> Array:
    return reassembled(np.pad(x, 1, mode="edge"), np.pad(K, ((0, 0), (2, 2))))[2:-2]


@mistake(
    "взят только средний пиксель: это ближайший сосед.",
    "only the centre pixel is taken: that is nearest neighbour.",
)
def nearest(x: Array, K: Array) -> Array:
    return x.repeat(K.shape[1] // len(x))


REASSEMBLY = Question(
    name="ch12-reassembly",
    title=Text("Пересборка", "Reassembly"),
    asks=Text(
        "Столбец `K` — ядро одного выходного пикселя: веса левого соседа, своего пикселя и правого "
        "соседа. Вне входа нули. Что получится?",
        "Each column of `K` is the kernel of one output pixel: the weights of the left neighbour, of its own "
        "input pixel and of the right neighbour. Outside the input there are zeros. What comes out?",
    ),
    hint=Text(
        "Выходные пиксели 2i и 2i + 1 лежат во входном пикселе i: у них одна окрестность и разные ядра.",
        "Output pixels 2i and 2i + 1 lie in input pixel i: they share its neighbourhood but not their "
        "kernels.",
    ),
    why=lambda found, x, K: Text(
        "Первый выход: {outside}·0 + {own}·{x0} + {right}·{x1} = {y}. Вес, попавший за край, потерян.",
        "The first output: {outside}·0 + {own}·{x0} + {right}·{x1} = {y}. A weight that falls outside is "
        "lost.",
    ).fill(
        outside=number(K[0, 0]),
        own=number(K[1, 0]),
        right=number(K[2, 0]),
        x0=number(x[0]),
        x1=number(x[1]),
        y=number(found[0]),
    ),
    reference=reassembled,
    mistakes=(flipped, in_the_outputs_grid, border_repeated, nearest),
    cases=(
        {
            "x": np.array([4.0, 8, 20]),
            "K": np.array(
                [[0.25, 0, 0.5, 0.5, 0, 0.25], [0.75, 0.75, 0.5, 0, 1, 0.5], [0, 0.25, 0, 0.5, 0, 0.25]]
            ),
        },
        {
            "x": np.array([2.0, 10, 6]),
            "K": np.array(
                [[0.5, 0, 0.25, 0.5, 0.5, 0], [0.5, 1, 0.75, 0, 0.5, 0.75], [0, 0, 0, 0.5, 0, 0.25]]
            ),
        },
        {
            "x": np.array([12.0, 4, 16]),
            "K": np.array(
                [[0.25, 0, 0, 0.25, 0.75, 0], [0.5, 0.5, 1, 0.75, 0.25, 1], [0.25, 0.5, 0, 0, 0, 0]]
            ),
        },
    ),
    symbol="y",
)


def read_at(x: Array, offsets: Array) -> Array:
    s = len(offsets) // len(x)
    points = (np.arange(len(offsets)) + 0.5) / s - 0.5 + offsets
    return np.interp(points, np.arange(len(x)), x)


@mistake(
    "сдвиги не использованы: так читает билинейная интерполяция.",
    "the offsets are not used: this is how bilinear interpolation reads.",
)
def not_moved(x: Array, offsets: Array) -> Array:
    return read_at(x, np.zeros(len(offsets)))


@mistake(
    "точки сдвинуты в обратную сторону.",
    "the points are moved in the opposite direction.",
)
def moved_back(x: Array, offsets: Array) -> Array:
    return read_at(x, -offsets)


@mistake(
    "сдвиг поделён на 2, будто он измерен в выходных пикселях.",
    "the offset is halved, as if measured in output pixels.",
)
def in_output_pixels(x: Array, offsets: Array) -> Array:
    return read_at(x, offsets / 2)


@mistake(
    "забыта половина: без сдвига выход j читается в (j + ½)/2 − ½, а не в j/2.",
    "the half is forgotten: without an offset, output j is read at (j + ½)/2 − ½, not at j/2.",
)
def without_half(x: Array, offsets: Array) -> Array:
    return read_at(x, offsets + 0.25)


POINTS = Question(
    name="ch12-points",
    title=Text("Сдвинутые точки", "Moved points"),
    asks=Text(
        "Вход `x` удваивают, s = 2. Выход j читается линейно в точке (j + ½)/2 − ½ + Δ; центры входных "
        "пикселей — целые числа, за краем повторяется край. Найдите выход.",
        "The input `x` is made twice as long, s = 2. Output j is read linearly at (j + ½)/2 − ½ + Δ. The "
        "centres of input pixels lie at whole numbers; outside, the border pixel is repeated. Find the "
        "output.",
    ),
    hint=Text(
        "Без сдвигов точки стоят в −¼, ¼, ¾, 1¼, … Прибавьте Δ и посмотрите, между какими пикселями точка.",
        "Without offsets the points stand at −¼, ¼, ¾, 1¼, … Add Δ, and see between which pixels each "
        "one is.",
    ),
    why=lambda found, x, offsets: Text(
        "Третья точка: ¾ + ({delta}) = {u}, там {y}. Точки за краем читают сам край.",
        "The third point: ¾ + ({delta}) = {u}, where the value is {y}. Points outside read the border "
        "itself.",
    ).fill(delta=number(offsets[2]), u=number(0.75 + offsets[2]), y=number(found[2])),
    reference=read_at,
    mistakes=(not_moved, moved_back, in_output_pixels, without_half),
    cases=(
        {"x": np.array([0.0, 4, 12]), "offsets": np.array([0, 0, -0.25, -0.25, 0.25, 0])},
        {"x": np.array([2.0, 6, 22]), "offsets": np.array([0, -0.25, -0.25, 0, 0.25, 0.25])},
        {"x": np.array([16.0, 8, 0]), "offsets": np.array([0.25, 0, -0.25, 0, 0.25, 0])},
    ),
    symbol="y",
    shows=lambda x, offsets: [Given("x", x, "input"), Given("Δ", offsets, "kernel")],
)

QUESTIONS = (REASSEMBLY, POINTS)


def reassembly() -> Puzzle:
    """Every output pixel has a kernel of its own."""
    return Puzzle(REASSEMBLY)


def moved_points() -> Puzzle:
    """Every output pixel is read at a point of its own."""
    return Puzzle(POINTS)
