"""Puzzles of chapter 3, interpolation: `conventions`, `two_nearest`, `fractional`, `labels`."""

import numpy as np

from upsample_lib.exercises.cases import Array, mistake
from upsample_lib.exercises.language import Text
from upsample_lib.puzzles.puzzle import Puzzle
from upsample_lib.puzzles.question import Given, Question
from upsample_lib.puzzles.wording import inp, joined, ker, number, out, row


def _read(x: Array, u: Array) -> Array:
    """Linear interpolation at the coordinates `u`, the border repeated."""
    return np.interp(u, np.arange(len(x)), x)


def conventions(x: Array, m: int) -> Array:
    n, j = len(x), np.arange(m)
    return np.stack([_read(x, (j + 0.5) * n / m - 0.5), _read(x, j * (n - 1) / (m - 1))])


@mistake(
    "строки перепутаны. При `align_corners=True` совпадают центры угловых пикселей, поэтому крайние числа "
    "не меняются, а шаг между соседними одинаков.",
    "the rows are swapped. With `align_corners=True` the centres of the corner pixels coincide, so the "
    "outermost numbers stay and the steps between neighbours are equal.",
)
def rows_swapped(x: Array, m: int) -> Array:
    return conventions(x, m)[::-1]


@mistake(
    "в первой строке забыты половинки пикселя: взято u = j·n/m вместо u = (j + ½)·n/m − ½.",
    "the half pixels are missing in the first row: u = j·n/m is taken instead of u = (j + ½)·n/m − ½.",
)
def no_half_pixels(x: Array, m: int) -> Array:
    found = conventions(x, m)
    found[0] = _read(x, np.arange(m) * len(x) / m)
    return found


@mistake(
    "за краем взяты нули. PyTorch повторяет крайний пиксель.",
    "zeros are taken beyond the border. PyTorch repeats the border pixel.",
)
def zeros_beyond(x: Array, m: int) -> Array:
    found, n = conventions(x, m), len(x)
    u = (np.arange(m) + 0.5) * n / m - 0.5
    found[0] = _read(np.pad(x, 1), u + 1)
    return found


@mistake(
    "во второй строке шаг n/m. При `align_corners=True` шаг равен (n − 1)/(m − 1).",
    "the step in the second row is n/m. With `align_corners=True` it is (n − 1)/(m − 1).",
)
def wrong_step(x: Array, m: int) -> Array:
    found = conventions(x, m)
    found[1] = _read(x, np.arange(m) * len(x) / m)
    return found


@mistake(
    "числа повторены: это ближайший сосед, а спрашивают о линейной интерполяции.",
    "numbers are repeated: that is nearest neighbour; the question is about linear interpolation.",
)
def just_repeated(x: Array, m: int) -> Array:
    return np.stack([np.repeat(x, m // len(x))] * 2)


CONVENTIONS = Question(
    name="ch03-conventions",
    title=Text("Два соглашения", "Two conventions"),
    asks=Text(
        "Линейная интерполяция превращает `x` в `m` чисел. Заполните обе строки: для `align_corners=False` "
        "и `True`.",
        "Linear interpolation turns `x` into `m` numbers. Fill in both rows: for `align_corners=False` and "
        "`True`.",
    ),
    hint=Text(
        "Сначала найдите координаты: (j + ½)·n/m − ½ в первой строке, j·(n − 1)/(m − 1) во второй.",
        "First find the coordinates: (j + ½)·n/m − ½ in the first row, j·(n − 1)/(m − 1) in the second.",
    ),
    why=lambda y, x, m: Text(
        "Координаты: {halves} и {corners}. Поэтому `y[1]` в первой строке — {sum} = {value}.",
        "The coordinates are {halves} and {corners}. So `y[1]` in the first row is {sum} = {value}.",
    ).fill(
        halves=row((np.arange(m) + 0.5) * len(x) / m - 0.5),
        corners=row(np.round(np.arange(m) * (len(x) - 1) / (m - 1), 2)),
        sum=joined(" + ", [joined("·", [ker(0.75), inp(x[0])]), joined("·", [ker(0.25), inp(x[1])])]),
        value=out(y[0, 1]),
    ),
    reference=conventions,
    mistakes=(rows_swapped, no_half_pixels, zeros_beyond, wrong_step, just_repeated),
    cases=(
        {"x": np.array([4.0, 16]), "m": 4},
        {"x": np.array([24.0, 12]), "m": 4},
        {"x": np.array([-12.0, 12]), "m": 4},
    ),
    sides=lambda x, m: ["False", "True"],
    heads=lambda x, m: [f"y[{j}]" for j in range(m)],
)


def two_nearest(x: Array, m: int) -> Array:
    n, j = len(x), np.arange(m)
    return np.stack([x[j * n // m], x[(2 * j + 1) * n // (2 * m)]])


@mistake(
    "строки перепутаны. `nearest` смотрит от левого края пикселя, `nearest-exact` из центра.",
    "the rows are swapped. `nearest` looks from a pixel's left edge, `nearest-exact` from its centre.",
)
def modes_swapped(x: Array, m: int) -> Array:
    return two_nearest(x, m)[::-1]


@mistake(
    "в обеих строках центры. `nearest` в PyTorch берёт пиксель под левым краем, ⌊j·n/m⌋.",
    "both rows go by centres. In PyTorch `nearest` takes the pixel under the left edge, ⌊j·n/m⌋.",
)
def both_exact(x: Array, m: int) -> Array:
    return np.stack([two_nearest(x, m)[1]] * 2)


@mistake(
    "в обеих строках левые края. `nearest-exact` берёт пиксель под центром, ⌊(j + ½)·n/m⌋.",
    "both rows go by left edges. `nearest-exact` takes the pixel under the centre, ⌊(j + ½)·n/m⌋.",
)
def both_left(x: Array, m: int) -> Array:
    return np.stack([two_nearest(x, m)[0]] * 2)


@mistake(
    "`nearest` округлён до ближайшего. Он отбрасывает дробную часть j·n/m.",
    "`nearest` is rounded to the nearest whole number. It drops the fraction of j·n/m.",
)
def rounded(x: Array, m: int) -> Array:
    found, n = two_nearest(x, m), len(x)
    found[0] = x[np.minimum(np.floor(np.arange(m) * n / m + 0.5).astype(int), n - 1)]
    return found


@mistake(
    "`nearest-exact` растянут от первого пикселя до последнего. Углы совмещает только `align_corners=True`.",
    "`nearest-exact` is stretched from the first pixel to the last. Only `align_corners=True` aligns the "
    "corners.",
)
def ends_kept(x: Array, m: int) -> Array:
    found, n = two_nearest(x, m), len(x)
    found[1] = x[np.round(np.arange(m) * (n - 1) / (m - 1)).astype(int)]
    return found


NEAREST = Question(
    name="ch03-nearest",
    title=Text("Два ближайших соседа", "Two nearest neighbours"),
    asks=Text(
        "Линейку `x` уменьшают до `m` чисел. Какие пиксели выберет `nearest` и какие `nearest-exact`?",
        "The ruler `x` is shrunk to `m` numbers. Which pixels does `nearest` pick, and which "
        "`nearest-exact`?",
    ),
    hint=Text(
        "Выходной пиксель накрывает отрезок от j·n/m до (j + 1)·n/m. Где его левый край? Где середина?",
        "An output pixel covers the stretch from j·n/m to (j + 1)·n/m. Where is its left edge? Its middle?",
    ),
    why=lambda y, x, m: Text(
        "Левые края лежат в точках {left}, середины в точках {middle}. Дробная часть отброшена.",
        "The left edges are at {left}, the middles at {middle}. The fractions are dropped.",
    ).fill(
        left=row(np.round(np.arange(m) * len(x) / m, 2)),
        middle=row(np.round((np.arange(m) + 0.5) * len(x) / m, 2)),
    ),
    reference=two_nearest,
    mistakes=(modes_swapped, both_exact, both_left, rounded, ends_kept),
    cases=(
        {"x": np.arange(7.0), "m": 3},
        {"x": np.arange(8.0), "m": 3},
        {"x": np.arange(9.0), "m": 4},
    ),
    sides=lambda x, m: ["nearest", "nearest-exact"],
)


def fractional(x: Array, scale_factor: float) -> Array:
    m = int(np.floor(len(x) * scale_factor))
    return np.asarray(x[np.floor(np.arange(m) / scale_factor).astype(int)])


@mistake(
    "размер округлён вверх. PyTorch отбрасывает дробную часть n·scale_factor.",
    "the size is rounded up. PyTorch drops the fraction of n·scale_factor.",
)
def size_rounded_up(x: Array, scale_factor: float) -> Array:
    m = int(np.ceil(len(x) * scale_factor))
    return np.asarray(x[np.floor(np.arange(m) / scale_factor).astype(int)])


@mistake(
    "шаг взят из размеров, n/m. По умолчанию PyTorch шагает на 1/scale_factor; n/m получится с "
    "`recompute_scale_factor=True` или если задать `size`.",
    "the step is taken from the sizes, n/m. By default PyTorch steps by 1/scale_factor; n/m is what "
    "`recompute_scale_factor=True` or `size` gives.",
)
def step_from_sizes(x: Array, scale_factor: float) -> Array:
    m = int(np.floor(len(x) * scale_factor))
    return np.asarray(x[np.arange(m) * len(x) // m])


@mistake(
    "взяты пиксели под центрами: это `nearest-exact`, а спрашивают о `nearest`.",
    "pixels under the centres are taken: that is `nearest-exact`; the question is about `nearest`.",
)
def from_centres(x: Array, scale_factor: float) -> Array:
    m = int(np.floor(len(x) * scale_factor))
    return np.asarray(x[np.floor((np.arange(m) + 0.5) / scale_factor).astype(int)])


FRACTIONAL = Question(
    name="ch03-fractional",
    title=Text("Дробный коэффициент", "A fractional factor"),
    asks=Text(
        '`F.interpolate(x, scale_factor=…, mode="nearest")`. Сколько чисел на выходе и какие?',
        '`F.interpolate(x, scale_factor=…, mode="nearest")`. How many numbers come out, and which?',
    ),
    hint=Text(
        "Размер — это целая часть n·scale_factor, а выход j читает вход в точке j/scale_factor.",
        "The size is the whole part of n·scale_factor, and output j reads the input at j/scale_factor.",
    ),
    why=lambda y, x, scale_factor: Text(
        "{n}·{f} = {exact}, поэтому чисел {m}. Читают вход в точках {places}: шаг 1/{f}, а не {n}/{m}.",
        "{n}·{f} = {exact}, hence {m} numbers. The input is read at {places}: the step is 1/{f}, not "
        "{n}/{m}.",
    ).fill(
        n=len(x),
        f=number(scale_factor),
        exact=number(len(x) * scale_factor),
        m=len(y),
        places=row(np.round(np.arange(len(y)) / scale_factor, 2)),
    ),
    reference=fractional,
    mistakes=(size_rounded_up, step_from_sizes, from_centres),
    cases=(
        {"x": np.array([5.0, 6, 7, 8]), "scale_factor": 1.2},
        {"x": np.array([2.0, 4, 6]), "scale_factor": 2.3},
        {"x": np.array([9.0, 7, 5, 3, 1]), "scale_factor": 1.3},
    ),
    free=True,
    settings=lambda x, scale_factor: [f"scale_factor={scale_factor}", "mode='nearest'"],
)


def copied(x: Array) -> Array:
    return x.repeat(2, axis=0).repeat(2, axis=1)


@mistake(
    "номера классов усреднены: на границе возник класс, которого в маске не было. Номер — это имя, его "
    "можно только скопировать.",
    "class numbers are averaged: at the border a class has appeared that was not in the mask. A number is a "
    "name; it can only be copied.",
)
def averaged_labels(x: Array) -> Array:
    rows, columns = ((np.arange(2 * n) + 0.5) / 2 - 0.5 for n in x.shape)
    along = np.array([_read(line, columns) for line in x])
    return np.round(np.array([_read(line, rows) for line in along.T]).T)


@mistake(
    "пиксели не повторены, а раздвинуты: между ними нули, то есть чужой класс 0.",
    "pixels are not repeated but spread apart: between them are zeros, that is, the foreign class 0.",
)
def spread_out(x: Array) -> Array:
    y = np.zeros((2 * len(x), 2 * x.shape[1]))
    y[::2, ::2] = x
    return y


@mistake(
    "вся маска положена рядом с собой четыре раза. Повторить надо каждый пиксель.",
    "the whole mask is laid beside itself four times. It is each pixel that should be repeated.",
)
def tiled(x: Array) -> Array:
    return np.tile(x, (2, 2))


LABELS = Question(
    name="ch03-labels",
    title=Text("Маска классов", "A mask of classes"),
    asks=Text(
        "Маску с номерами классов увеличивают вдвое. Какая картинка правильная? Чем больше номер, тем "
        "темнее клетка.",
        "A mask of class numbers is doubled. Which picture is right? The larger the number, the stronger "
        "the colour.",
    ),
    hint=Text(
        "В правильной маске только те номера, которые были в исходной.",
        "A right mask holds only numbers that were in the original.",
    ),
    why=lambda y, x: Text(
        "Каждый пиксель стал квадратом 2 × 2 того же класса; новых номеров нет. Так работает ближайший "
        "сосед.",
        "Every pixel became a 2 × 2 square of the same class, and there are no new numbers. That is nearest "
        "neighbour.",
    ),
    reference=copied,
    mistakes=(averaged_labels, spread_out, tiled),
    cases=(
        {"x": np.array([[1.0, 1, 4], [1, 4, 4], [1, 1, 4]])},
        {"x": np.array([[5.0, 5, 5], [1, 5, 1], [1, 1, 1]])},
        {"x": np.array([[1.0, 6, 6], [1, 1, 6], [6, 1, 1]])},
    ),
    kind="choose",
    shows=lambda x: [Given("x", x)],
)

QUESTIONS = (CONVENTIONS, NEAREST, FRACTIONAL, LABELS)


def align_corners() -> Puzzle:
    """Linear interpolation by both conventions."""
    return Puzzle(CONVENTIONS)


def nearest() -> Puzzle:
    """Which pixels `nearest` and `nearest-exact` pick."""
    return Puzzle(NEAREST)


def scale_factor() -> Puzzle:
    """A fractional scale factor: the size and the step."""
    return Puzzle(FRACTIONAL)


def labels() -> Puzzle:
    """Which picture is a mask enlarged rightly."""
    return Puzzle(LABELS)
