"""Puzzles of chapter 8, sub-pixel convolution: `shuffle`, `filters`, `tied`, `start`."""

import numpy as np

from upsample_lib.exercises.cases import Array, mistake
from upsample_lib.exercises.language import Text
from upsample_lib.puzzles.puzzle import Puzzle
from upsample_lib.puzzles.question import Given, Question
from upsample_lib.puzzles.wording import joined, ker, row


def shuffle(x: Array, s: int) -> Array:
    channels = len(x) // s
    return x.reshape(channels, s, -1).transpose(0, 2, 1).reshape(channels, -1)


@mistake(
    "это порядок DCR, как в TensorFlow: соседние каналы разошлись по разным выходам. В PyTorch выход 0 "
    "собирают из первых `s` каналов.",
    "that is the order DCR, as in TensorFlow: neighbouring channels went to different outputs. In PyTorch "
    "output 0 is made of the first `s` channels.",
)
def other_order(x: Array, s: int) -> Array:
    channels = len(x) // s
    return x.reshape(s, channels, -1).transpose(1, 2, 0).reshape(channels, -1)


@mistake(
    "каналы положены друг за другом. Их надо перемежать: по одному числу из каждого.",
    "the channels are laid one after another. They should take turns, one number from each.",
)
def end_to_end(x: Array, s: int) -> Array:
    return x.reshape(len(x) // s, -1)


@mistake(
    "каналы чередуются в обратном порядке: первым идёт канал с меньшим номером.",
    "the channels take turns in reverse: the one with the smaller number comes first.",
)
def last_first(x: Array, s: int) -> Array:
    channels = len(x) // s
    return x.reshape(channels, s, -1)[:, ::-1].transpose(0, 2, 1).reshape(channels, -1)


SHUFFLE = Question(
    name="ch08-shuffle",
    title=Text("Каналы становятся пикселями", "Channels become pixels"),
    asks=Text(
        "Одномерная перестановка пикселей: четыре канала `x` по два числа, шаг `s`. Заполните два выходных "
        "канала (порядок PyTorch).",
        "A one-dimensional pixel shuffle: four channels `x` of two numbers each, scale `s`. Fill in the two "
        "output channels (PyTorch's order).",
    ),
    hint=Text(
        "Канал с номером c·`s` + a даёт выходу c каждое `s`-е число, начиная с места a.",
        "Channel number c·`s` + a gives output c every `s`-th number, starting at place a.",
    ),
    why=lambda y, x, s: Text(
        "Выход 0 собран из каналов 0 и 1 по очереди: {first}; выход 1 из каналов 2 и 3.",
        "Output 0 takes turns between channels 0 and 1: {first}; output 1 between channels 2 and 3.",
    ).fill(first=row(y[0], "o")),
    reference=shuffle,
    mistakes=(other_order, end_to_end, last_first),
    cases=(
        {"x": np.array([[1.0, 2], [3, 4], [5, 6], [7, 8]]), "s": 2},
        {"x": np.array([[2.0, 9], [4, 7], [6, 5], [8, 3]]), "s": 2},
        {"x": np.array([[10.0, 11], [20, 21], [30, 31], [40, 41]]), "s": 2},
    ),
    sides=lambda x, s: [f"y[{c}]" for c in range(len(x) // s)],
    shows=lambda x, s: [Given("x", x, "input", (), [f"x[{c}]" for c in range(len(x))])],
)


def filters(K: Array, s: int) -> Array:
    return np.stack([K[a::s][::-1] for a in range(s)])


@mistake(
    "веса фаз не перевёрнуты. Скользящее ядро читает вход слева направо, а последний вес оттиска пришёл от "
    "самого левого входа.",
    "the weights of the phases are not flipped. A sliding kernel reads the input from left to right, while "
    "the last weight of a print comes from the leftmost input.",
)
def unflipped(K: Array, s: int) -> Array:
    return np.stack([K[a::s] for a in range(s)])


@mistake(
    "ядро разрезано на куски. Фазе принадлежат веса через `s`.",
    "the kernel is cut into pieces. The weights of a phase are `s` apart.",
)
def cut_in_pieces(K: Array, s: int) -> Array:
    return np.asarray(K.reshape(s, -1)[:, ::-1])


@mistake(
    "фазы переставлены: веса 0, `s`, 2`s`, … — это фаза 0.",
    "the phases have changed places: the weights 0, `s`, 2`s`, … are phase 0.",
)
def phases_swapped(K: Array, s: int) -> Array:
    return filters(K, s)[::-1]


FILTERS = Question(
    name="ch08-filters",
    title=Text("Ядро по фазам", "A kernel by phases"),
    asks=Text(
        "Транспонированная свёртка с ядром `K` и шагом `s` равна субпиксельной. Какие ядра у её каналов?",
        "A transposed convolution with kernel `K` and stride `s` equals a sub-pixel one. What are the "
        "kernels of its channels?",
    ),
    hint=Text(
        "Канал a собирает веса a, a + `s`, a + 2`s`, …, от последнего к первому.",
        "Channel a collects the weights a, a + `s`, a + 2`s`, …, from the last to the first.",
    ),
    why=lambda w, K, s: Text(
        "До выходов с остатком 0 доходят только веса {taken}; скользящее ядро читает их с конца: {kernel}.",
        "Only the weights {taken} reach outputs of remainder 0; the sliding kernel reads them from the end: "
        "{kernel}.",
    ).fill(taken=row(K[::s], "k"), kernel=row(w[0], "k")),
    reference=filters,
    mistakes=(unflipped, cut_in_pieces, phases_swapped),
    cases=(
        {"K": np.array([1.0, 2, 10, 20, 100, 200]), "s": 2},
        {"K": np.array([3.0, 1, 4, 7, 5, 9]), "s": 2},
        {"K": np.array([1.0, 2, 3, 4, 5, 6]), "s": 3},
    ),
    symbol="w",
    sides=lambda K, s: [f"w[{a}]" for a in range(s)],
)


def tied(w: Array, s: int) -> Array:
    K = np.zeros(len(w) + s - 1)
    for a in range(s):
        K[a : a + len(w)] += w[::-1]
    return K


@mistake(
    "ядро не перевёрнуто. Свёртка собирает, транспонированная свёртка печатает, поэтому порядок весов "
    "обратный.",
    "the kernel is not flipped. A convolution gathers, a transposed convolution prints, so the weights are "
    "in reverse order.",
)
def not_flipped(w: Array, s: int) -> Array:
    return tied(w[::-1], s)


@mistake(
    "веса те же самые. С тем же ядром два слоя дают разное; нужное ядро длиннее на s − 1.",
    "the weights are the same. With one kernel the two layers give two results; the kernel wanted is longer "
    "by s − 1.",
)
def same_weights(w: Array, s: int) -> Array:
    return w


@mistake(
    "каждый вес повторён `s` раз. Нужны `s` сдвинутых на 1 копий всего ядра, сложенные вместе.",
    "every weight is repeated `s` times. Wanted are `s` copies of the whole kernel, one cell apart, added "
    "up.",
)
def repeated(w: Array, s: int) -> Array:
    return np.repeat(w[::-1], s)


@mistake(
    "сумма копий поделена на `s`. Ближайший сосед повторяет пиксель, а не делит его.",
    "the sum of the copies is divided by `s`. Nearest neighbour repeats a pixel, it does not divide it.",
)
def averaged(w: Array, s: int) -> Array:
    return tied(w, s) / s


@mistake(
    "копии ядра поставлены рядом, через `k` клеток, а не через одну.",
    "the copies of the kernel stand side by side, `k` cells apart instead of one.",
)
def side_by_side(w: Array, s: int) -> Array:
    return np.tile(w[::-1], s)


def _copies(K: Array, w: Array, s: int) -> Text:
    terms = [ker(w[len(w) - 1 - (1 - a)]) for a in range(2)]
    return Text(
        "Это {s} копии перевёрнутого ядра, сдвинутые на клетку и сложенные, всего {k} + {s} − 1 = {size} "
        "весов. Например, `K[1]` = {sum} = {value}.",
        "These are {s} copies of the flipped kernel, one cell apart, added up: {k} + {s} − 1 = {size} "
        "weights. For instance, `K[1]` = {sum} = {value}.",
    ).fill(s=s, k=len(w), size=len(K), sum=joined(" + ", terms), value=ker(K[1]))


TIED = Question(
    name="ch08-tied",
    title=Text("Два слоя в одном", "Two layers in one"),
    asks=Text(
        "Ближайший сосед × `s`, потом свёртка с ядром `w` — это одна транспонированная свёртка с шагом `s`. "
        "Какое у неё ядро `K`?",
        "Nearest neighbour × `s`, then a convolution with the kernel `w`, is one transposed convolution of "
        "stride `s`. What is its kernel `K`?",
    ),
    hint=Text(
        "Подайте на вход одну единицу: после увеличения это `s` единиц подряд. Что даст свёртка?",
        "Feed in a single one: enlarged it is `s` ones in a row. What does the convolution make of them?",
    ),
    why=_copies,
    reference=tied,
    mistakes=(not_flipped, same_weights, repeated, averaged, side_by_side),
    cases=(
        {"w": np.array([1.0, 10, 100]), "s": 2},
        {"w": np.array([2.0, 5, 3]), "s": 3},
        {"w": np.array([1.0, 4, 2, 7, 6]), "s": 2},
    ),
    symbol="K",
    free=True,
)


def start(x: Array, s: int) -> Array:
    return np.asarray(x.repeat(s, axis=0).repeat(s, axis=1))


@mistake(
    "так бывает, если повторить фильтры через `repeat`: в каждом блоке столбец от `f` и столбец от `g`, "
    "отсюда полосы.",
    "that is what filters repeated by `repeat` give: every block holds a column of `f` and a column of `g`, "
    "hence stripes.",
)
def wrong_repeat(x: Array, s: int) -> Array:
    y = start(x, s)
    y[:, 1::2] = start(x.max() - x, s)[:, 1::2]
    return y


@mistake(
    "так начинает слой без ICNR: четыре фазы считают четыре несвязанных фильтра.",
    "that is how a layer starts without ICNR: four unrelated filters compute the four phases.",
)
def independent(x: Array, s: int) -> Array:
    return np.asarray(start(x, s) * np.tile([[1.0, 0.2], [0.5, 0.8]], x.shape))


@mistake(
    "числа блока стоят только в углах. Перестановка заполняет блок целиком, по числу из каждого канала.",
    "the numbers stand in the corners of the blocks only. A shuffle fills the whole block, one number from "
    "each channel.",
)
def corners_only(x: Array, s: int) -> Array:
    y = np.zeros([n * s for n in x.shape])
    y[::s, ::s] = x
    return y


START = Question(
    name="ch08-start",
    title=Text("Первая картинка ICNR", "The first picture of ICNR"),
    asks=Text(
        "Свёртка с фильтром `f` даёт карту `x`. Что нарисует необученный субпиксельный слой с `s` = 2, "
        "инициализированный по ICNR этим фильтром?",
        "A convolution with the filter `f` gives the map `x`. What does an untrained sub-pixel layer with "
        "`s` = 2 draw, started by ICNR with this filter?",
    ),
    hint=Text(
        "ICNR даёт всем четырём фазам один и тот же фильтр.",
        "ICNR gives all four phases one and the same filter.",
    ),
    why=lambda y, x, s: Text(
        "Все фазы считает один фильтр, и каждый пиксель карты стал ровным квадратом 2 × 2: это ближайший "
        "сосед, узора нет.",
        "One filter computes all phases, and every pixel of the map became an even 2 × 2 square: that is "
        "nearest neighbour, and there is no pattern.",
    ),
    reference=start,
    mistakes=(wrong_repeat, independent, corners_only),
    cases=(
        {"x": np.array([[1.0, 4, 2], [5, 3, 6], [2, 6, 4]]), "s": 2},
        {"x": np.array([[6.0, 2, 3], [4, 5, 1], [1, 3, 6]]), "s": 2},
        {"x": np.array([[3.0, 3, 6], [1, 5, 2], [6, 2, 4]]), "s": 2},
    ),
    kind="choose",
    shows=lambda x, s: [Given("x", x)],
)

QUESTIONS = (SHUFFLE, FILTERS, START, TIED)


def pixel_shuffle() -> Puzzle:
    """The pixel shuffle in one dimension."""
    return Puzzle(SHUFFLE)


def phase_kernels() -> Puzzle:
    """A transposed convolution's kernel, taken apart into phases."""
    return Puzzle(FILTERS)


def tied_kernel() -> Puzzle:
    """The kernel that equals nearest neighbour and a convolution."""
    return Puzzle(TIED)


def icnr() -> Puzzle:
    """Which picture an untrained layer with ICNR draws."""
    return Puzzle(START)
