"""Puzzles of chapter 13, speed: `windows`, `moved`. What a layer must compute and move, before any clock."""

import numpy as np

from upsample_lib.exercises.cases import Array, mistake
from upsample_lib.exercises.language import Text
from upsample_lib.puzzles.puzzle import Puzzle
from upsample_lib.puzzles.question import Given, Question
from upsample_lib.puzzles.wording import inp, joined, ker, number, out

_PIXELS = np.array([2.0, 5, 7])


def distinct(k: int, s: int) -> Array:
    q = np.arange(s, 2 * s)
    return np.asarray((q + k // 2) // s - (q - k // 2) // s + 1)


@mistake(
    "посчитаны копии. Одинаковые соседи — один пиксель входа, их веса можно сложить заранее.",
    "the copies are counted. Equal neighbours are one input pixel; their weights can be added up first.",
)
def every_copy(k: int, s: int) -> Array:
    return np.full(s, k)


@mistake(
    "`k` поделено на `s` и округлено вверх. Окно редко начинается на границе блока, оно захватывает ещё и "
    "кусок соседнего.",
    "`k` is divided by `s` and rounded up. A window seldom starts where a block does; usually it takes "
    "in a piece of the next block too.",
)
def rounded_up(k: int, s: int) -> Array:
    return np.full(s, -(-k // s))


@mistake(
    "окно начинается в q. При дополнении `k // 2` q стоит в середине окна.",
    "the window starts at q. With padding `k // 2`, q is its middle.",
)
def starting_at_q(k: int, s: int) -> Array:
    q = np.arange(s, 2 * s)
    return np.asarray((q + k - 1) // s - q // s + 1)


@mistake(
    "это среднее, (k + s − 1)/s. А у каждого окна своё целое число.",
    "that is the mean, (k + s − 1)/s. Each window has a whole number of its own.",
)
def the_mean(k: int, s: int) -> Array:
    return np.full(s, (k + s - 1) / s)


WINDOWS = Question(
    name="ch13-windows",
    title=Text("Разные пиксели в окне", "Different pixels in a window"),
    asks=Text(
        "`z` — три пикселя входа, повторённые `s` раз. По `z` скользит ядро длины `k`, его середина стоит "
        "в q. Сколько разных пикселей входа под ядром?",
        "`z` is three input pixels, repeated `s` times. A kernel of length `k` slides over `z`, its middle "
        "at q. How many different input pixels lie under the kernel, for each q?",
    ),
    hint=Text(
        "Под ядром лежат клетки от q − (k − 1)/2 до q + (k − 1)/2. Клетка e — копия пикселя ⌊e/s⌋.",
        "The cells from q − (k − 1)/2 to q + (k − 1)/2 lie under the kernel. Cell e is a copy of pixel "
        "⌊e/s⌋.",
    ),
    why=lambda found, k, s: Text(
        "Вместе {terms} = {total} = k + s − 1: столько весов у связанного ядра, столько и умножений.",
        "Together {terms} = {total} = k + s − 1: as many as the tied kernel has weights, and as many "
        "multiplications.",
    ).fill(terms=joined(" + ", [out(float(n)) for n in found]), total=number(float(found.sum()))),
    reference=distinct,
    mistakes=(every_copy, rounded_up, starting_at_q, the_mean),
    cases=({"k": 3, "s": 3}, {"k": 5, "s": 3}, {"k": 7, "s": 4}, {"k": 3, "s": 4}),
    symbol="N",
    heads=lambda k, s: [f"q = {q}" for q in range(s, 2 * s)],
    shows=lambda k, s: [
        Given("z", _PIXELS.repeat(s), "input", [str(q) for q in range(s * len(_PIXELS))]),
    ],
)


def moved(c_in: int, c_out: int, n: int, k: int, s: int) -> Array:
    small, large = n**2, (s * n) ** 2
    ends, weights = c_in * small + c_out * large, c_in * c_out
    pair = ends + 2 * c_in * large + weights * k**2
    return np.array([pair, ends + weights * (k + s - 1) ** 2])


@mistake(
    "увеличенная карта посчитана один раз. Первый слой её записывает, второй читает.",
    "the enlarged map is counted once. The first layer writes it and the second reads it.",
)
def enlarged_once(c_in: int, c_out: int, n: int, k: int, s: int) -> Array:
    return np.asarray(moved(c_in, c_out, n, k, s) - np.array([c_in * (s * n) ** 2, 0]))


@mistake(
    "увеличенная карта есть и у слитого слоя. Он её не создаёт, в этом половина его смысла.",
    "the fused layer has an enlarged map too. It never makes one, which is half the point of it.",
)
def enlarged_in_both(c_in: int, c_out: int, n: int, k: int, s: int) -> Array:
    return np.asarray(moved(c_in, c_out, n, k, s) + np.array([0, 2 * c_in * (s * n) ** 2]))


@mistake(
    "у слитого слоя взято прежнее ядро `k × k`. Его ядро больше: k + s − 1.",
    "the fused layer is given the old kernel, `k × k`. Its kernel is larger: k + s − 1.",
    misconception=14,
)
def the_same_kernel(c_in: int, c_out: int, n: int, k: int, s: int) -> Array:
    return np.asarray(moved(c_in, c_out, n, k, s) + np.array([0, c_in * c_out * (k**2 - (k + s - 1) ** 2)]))


@mistake(
    "веса забыты. Их тоже нужно прочесть, и на маленьких картах их больше, чем пикселей.",
    "the weights are forgotten. They must be read too, and on small maps there are more of them than pixels.",
)
def without_weights(c_in: int, c_out: int, n: int, k: int, s: int) -> Array:
    return np.asarray(moved(c_in, c_out, n, k, s) - c_in * c_out * np.array([k**2, (k + s - 1) ** 2]))


@mistake(
    "выход взят маленьким. Он в `s` раз больше входа по каждой оси.",
    "the output is counted at the input's size. It is `s` times larger along each axis.",
)
def small_output(c_in: int, c_out: int, n: int, k: int, s: int) -> Array:
    return np.asarray(moved(c_in, c_out, n, k, s) + c_out * (n**2 - (s * n) ** 2))


MOVED = Question(
    name="ch13-moved",
    title=Text("Сколько чисел прочесть и записать", "How many numbers to read and write"),
    asks=Text(
        "Карта n × n с C каналами: ближайший сосед × s, затем свёртка k × k в C′ каналов. Сколько чисел "
        "нужно прочесть и записать самое меньшее: паре слоёв (1) и слитому слою (2)? Смещения не считайте.",
        "A map of n × n with C channels: nearest neighbour × s, then a k × k convolution into C′ channels. "
        "How many numbers, at the least, must the pair of layers (1) and the fused layer (2) read and write? "
        "Leave biases out.",
    ),
    hint=Text(
        "Вход и веса читают, выход записывают. У пары есть ещё карта в середине: её записывают и читают.",
        "The input and the weights are read, the output is written. The pair has a map in the middle as "
        "well, written and read.",
    ),
    why=lambda found, c_in, c_out, n, k, s: Text(
        "Слитый слой: вход {x}, ядра {w}, выход {y}, вместе {fused}. Вместо {less} весов на пару каналов "
        "он читает {more}, зато без карты в середине.",
        "The fused layer: input {x}, kernels {w}, output {y}, together {fused}. In place of {less} weights "
        "per pair of channels it reads {more}, but there is no map in the middle.",
    ).fill(
        x=inp(float(c_in * n**2)),
        w=ker(float(c_in * c_out * (k + s - 1) ** 2)),
        y=out(float(c_out * (s * n) ** 2)),
        fused=number(float(found[1])),
        less=k**2,
        more=(k + s - 1) ** 2,
    ),
    reference=moved,
    mistakes=(enlarged_once, enlarged_in_both, the_same_kernel, without_weights, small_output),
    cases=(
        {"c_in": 1, "c_out": 1, "n": 2, "k": 3, "s": 2},
        {"c_in": 2, "c_out": 1, "n": 3, "k": 3, "s": 2},
        {"c_in": 1, "c_out": 8, "n": 2, "k": 3, "s": 2},
    ),
    symbol="N",
    heads=lambda **case: ["(1)", "(2)"],
    settings=lambda c_in, c_out, n, k, s: [
        f"C = {c_in}",
        f"C′ = {c_out}",
        f"n = {n}",
        f"k = {k}",
        f"s = {s}",
    ],
)

QUESTIONS = (WINDOWS, MOVED)


def windows() -> Puzzle:
    """How many different input pixels a window over the enlarged map holds."""
    return Puzzle(WINDOWS)


def moved_numbers() -> Puzzle:
    """What the pair and the fused layer read and write."""
    return Puzzle(MOVED)
