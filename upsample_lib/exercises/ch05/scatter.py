"""Stamp and add: transposed convolution as a loop over the input."""

import numpy as np

from upsample_lib.exercises.cases import Array, Shape, mistake, primes
from upsample_lib.exercises.ch05.ready_made import transposed
from upsample_lib.exercises.exercise import Exercise
from upsample_lib.exercises.language import Text

STUB = """def scatter(x, w, s=1, p=0):
    ...
"""


def scatter(x: Array, w: Array, s: int = 1, p: int = 0) -> Array:
    n, k = len(x), len(w)
    y = np.zeros((n - 1) * s + k)
    for i in range(n):
        y[i * s : i * s + k] += x[i] * w
    return y[p : len(y) - p]


@mistake(
    "оттиски записываются (`=`), а не прибавляются (`+=`). Там, где они перекрываются, остаётся только "
    "последний.",
    "prints are written (`=`) instead of added (`+=`). Where they overlap, only the last one is left.",
    misconception=5,
)
def overwritten(x: Array, w: Array, s: int = 1, p: int = 0) -> Array:
    y = np.zeros((len(x) - 1) * s + len(w))
    for i in range(len(x)):
        y[i * s : i * s + len(w)] = x[i] * w
    return y[p : len(y) - p]


@mistake(
    "перекрытия усредняются. Оттиски надо складывать и ни на что не делить.",
    "overlaps are averaged. Prints are added up and divided by nothing.",
)
def averaged(x: Array, w: Array, s: int = 1, p: int = 0) -> Array:
    y = np.zeros((len(x) - 1) * s + len(w))
    prints = np.zeros(len(y))
    for i in range(len(x)):
        y[i * s : i * s + len(w)] += x[i] * w
        prints[i * s : i * s + len(w)] += 1
    y = y / np.maximum(prints, 1)
    return y[p : len(y) - p]


@mistake(
    "ядро перевёрнуто. Когда штампуем, вес `w[0]` попадает в начало оттиска; переворот нужен только рецепту "
    "с нулями.",
    "the kernel is flipped. In stamping, `w[0]` comes first in the print; only the recipe with zeros needs "
    "the flip.",
)
def flipped(x: Array, w: Array, s: int = 1, p: int = 0) -> Array:
    y = np.zeros((len(x) - 1) * s + len(w))
    for i in range(len(x)):
        y[i * s : i * s + len(w)] += x[i] * w[::-1]
    return y[p : len(y) - p]


@mistake(
    "сбор вместо разброса. Это обычная свёртка: она идёт по выходу и собирает входы. Идите по входу и "
    "разбрасывайте.",
    "gathering where one must scatter. This is ordinary convolution: it walks along the output and gathers "
    "inputs. Walk along the input and scatter.",
    misconception=3,
)
def gathered(x: Array, w: Array, s: int = 1, p: int = 0) -> Array:
    x = np.pad(x, p)
    return np.array([x[q : q + len(w)] @ w for q in range(0, len(x) - len(w) + 1, s)])


@mistake(
    "`p` не используется. Дополнение срезает по `p` значений с каждого края выхода.",
    "`p` is not used. Padding crops `p` values off each end of the output.",
)
def not_cropped(x: Array, w: Array, s: int = 1, p: int = 0) -> Array:
    y = np.zeros((len(x) - 1) * s + len(w))
    for i in range(len(x)):
        y[i * s : i * s + len(w)] += x[i] * w
    return y


@mistake(
    "дополнение приписывает нули. У транспонированной свёртки `p` ничего не дополняет, а срезает края "
    "выхода.",
    "padding adds zeros. In a transposed convolution `p` pads nothing: it crops the ends of the output.",
    misconception=7,
)
def padded(x: Array, w: Array, s: int = 1, p: int = 0) -> Array:
    y = np.zeros((len(x) - 1) * s + len(w))
    for i in range(len(x)):
        y[i * s : i * s + len(w)] += x[i] * w
    return np.pad(y, p)


@mistake(
    "нулями дополнен вход, как в обычной свёртке. Здесь вход остаётся как есть, а у выхода срезают по `p` с "
    "края.",
    "the input is padded, as in an ordinary convolution. Here the input stays as it is, and the output "
    "loses `p` values at each end.",
    misconception=7,
)
def input_padded(x: Array, w: Array, s: int = 1, p: int = 0) -> Array:
    x = np.pad(x, p)
    y = np.zeros((len(x) - 1) * s + len(w))
    for i in range(len(x)):
        y[i * s : i * s + len(w)] += x[i] * w
    return y


@mistake(
    "срезано только начало. Дополнение `p` срезает по `p` значений с обоих краёв.",
    "only the beginning is cropped. Padding `p` crops `p` values off both ends.",
)
def cropped_once(x: Array, w: Array, s: int = 1, p: int = 0) -> Array:
    y = np.zeros((len(x) - 1) * s + len(w))
    for i in range(len(x)):
        y[i * s : i * s + len(w)] += x[i] * w
    return y[p:]


@mistake(
    "срез `y[p:-p]` пуст при `p = 0`, потому что `-0` — это начало. Пишите `y[p : len(y) - p]`.",
    "the slice `y[p:-p]` is empty when `p = 0`, because `-0` is the beginning. Write `y[p : len(y) - p]`.",
)
def sliced_to_minus_p(x: Array, w: Array, s: int = 1, p: int = 0) -> Array:
    y = np.zeros((len(x) - 1) * s + len(w))
    for i in range(len(x)):
        y[i * s : i * s + len(w)] += x[i] * w
    return y[p:-p]


@mistake(
    "шаг не используется: соседние оттиски сдвинуты на 1, а не на `s`.",
    "the stride is not used: neighbouring prints lie 1 apart, not `s`.",
)
def stride_ignored(x: Array, w: Array, s: int = 1, p: int = 0) -> Array:
    y = np.zeros(len(x) - 1 + len(w))
    for i in range(len(x)):
        y[i : i + len(w)] += x[i] * w
    return y[p : len(y) - p]


@mistake(
    "выход длиннее на `s − 1`: место отведено и после последнего оттиска. Между `n` оттисками `n − 1` "
    "промежутков.",
    "the output is too long by `s − 1`: there is room after the last print too. Between `n` prints there "
    "are `n − 1` gaps.",
)
def room_after_last(x: Array, w: Array, s: int = 1, p: int = 0) -> Array:
    y = np.zeros(len(x) * s + len(w) - 1)
    for i in range(len(x)):
        y[i * s : i * s + len(w)] += x[i] * w
    return y[p : len(y) - p]


def _impulse(i: int, u: int) -> dict[str, object]:
    return {"x": np.eye(3)[i], "w": np.eye(3)[u], "s": 2, "p": 0}


def _conv_size(x: Array, w: Array, s: int, p: int) -> tuple[int]:
    return (max(0, (len(x) + 2 * p - len(w)) // s + 1),)


EXERCISE = Exercise(
    name="ch05.scatter",
    title=Text("Штампуем и складываем", "Stamp and add"),
    task=Text(
        "Напишите транспонированную свёртку в одном измерении: вход `x`, ядро `w`, шаг `s`, дополнение `p`.",
        "Write the one-dimensional transposed convolution: input `x`, kernel `w`, stride `s`, padding `p`.",
    ),
    stub=STUB,
    reference=scatter,
    mistakes=(
        overwritten,
        averaged,
        flipped,
        gathered,
        not_cropped,
        padded,
        input_padded,
        cropped_once,
        sliced_to_minus_p,
        stride_ignored,
        room_after_last,
    ),
    cases=(
        {"x": np.array([2.0, 3]), "w": np.array([1.0, 10, 100]), "s": 2, "p": 0},
        {"x": np.array([2.0, 3]), "w": np.array([1.0, 10, 100]), "s": 1, "p": 0},
        {"x": np.array([2.0, 3]), "w": np.array([1.0, 10, 100]), "s": 2, "p": 1},
        {"x": primes(3), "w": primes(2, start=5), "s": 3, "p": 0},
        {"x": primes(4), "w": primes(4, start=6) / 2, "s": 2, "p": 1},
        {"x": primes(3), "w": primes(5, start=4), "s": 1, "p": 2},
        {"x": primes(1), "w": primes(4, start=3), "s": 3, "p": 1},
        {"x": primes(5), "w": primes(1, start=8) / 4, "s": 2, "p": 0},
    ),
    hints=(
        Text(
            "Сколько чисел в выходе, пока ничего не срезано? Первый оттиск занимает `k` мест, каждый "
            "следующий сдвинут на `s`. Начните с нулей такой длины.",
            "How many numbers are in the output before anything is cropped? The first print takes `k` "
            "places, each next one lies `s` further. Start from zeros of that length.",
        ),
        Text(
            "Вход с номером `i` оставляет оттиск `x[i] * w`; он начинается в позиции `i * s` и занимает "
            "`len(w)` мест. Оттиски прибавляйте.",
            "Input number `i` leaves the print `x[i] * w`; it starts at position `i * s` and takes `len(w)` "
            "places. Add the prints.",
        ),
        Text(
            "Тело цикла: `y[i * s : i * s + len(w)] += x[i] * w`. После цикла срежьте по `p` значений с "
            "каждого края: `y[p : len(y) - p]`.",
            "The body of the loop: `y[i * s : i * s + len(w)] += x[i] * w`. After the loop crop `p` values "
            "off each end: `y[p : len(y) - p]`.",
        ),
    ),
    impulses={f"x[{i}]·w[{u}]": _impulse(i, u) for i in range(3) for u in range(3)},
    shapes={
        "convolution's size": Shape(
            _conv_size,
            Text(
                "Это размер обычной свёртки, (n + 2p − k)/s + 1.",
                "That is the convolution's formula, (n + 2p − k)/s + 1.",
            ),
        ),
        "n·s": Shape(
            lambda x, w, s, p: (len(x) * s,),
            Text("Это n·s, так бывает не при всех k и p.", "That is n·s, which holds only for some k and p."),
        ),
        "input's size": Shape(
            lambda x, w, s, p: (len(x),),
            Text(
                "Это размер входа; формула размера: (n − 1)s − 2p + k.",
                "That is the input's size; the size is (n − 1)s − 2p + k.",
            ),
        ),
        "uncropped": Shape(
            lambda x, w, s, p: ((len(x) - 1) * s + len(w),),
            Text("Такой размер у выхода до обрезки.", "That is the size before cropping."),
        ),
    },
    features={
        "k > s": lambda x, w, s, p: len(w) > s,
        "p = 0": lambda x, w, s, p: p == 0,
        "p > 0": lambda x, w, s, p: p > 0,
        "s > 1": lambda x, w, s, p: s > 1,
        "n = 1": lambda x, w, s, p: len(x) == 1,
        "n > 1": lambda x, w, s, p: len(x) > 1,
    },
    forbidden=(*transposed(1), "numpy.convolve", "numpy.correlate", "scipy.signal.convolve"),
)
