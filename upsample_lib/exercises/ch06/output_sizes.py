"""Sizes through a stack of transposed convolutions."""

from collections.abc import Callable, Sequence

from upsample_lib.exercises.cases import mistake
from upsample_lib.exercises.exercise import Exercise
from upsample_lib.exercises.language import Text

Layer = tuple[int, int, int, int, int]  # k, s, p, a, d
Sizes = tuple[int, ...]

STUB = """def output_sizes(n, layers):
    sizes = []
    for k, s, p, a, d in layers:
        ...
    return tuple(sizes)
"""


def output_sizes(n: int, layers: Sequence[Layer]) -> Sizes:
    sizes = []
    for k, s, p, a, d in layers:
        n = (n - 1) * s - 2 * p + d * (k - 1) + a + 1
        sizes.append(n)
    return tuple(sizes)


def _by(rule: Callable[[int, int, int, int, int, int], int], n: int, layers: Sequence[Layer]) -> Sizes:
    """The same loop with another rule for one layer."""
    sizes = []
    for layer in layers:
        n = rule(n, *layer)
        sizes.append(n)
    return tuple(sizes)


@mistake(
    "дополнение прибавлено. У транспонированной свёртки `p` срезает по `p` чисел с каждого края: `- 2 * p`.",
    "padding is added. In a transposed convolution `p` crops `p` numbers off each end: `- 2 * p`.",
    misconception=7,
)
def padding_added(n: int, layers: Sequence[Layer]) -> Sizes:
    return _by(lambda n, k, s, p, a, d: (n - 1) * s + 2 * p + d * (k - 1) + a + 1, n, layers)


@mistake(
    "дополнение вычтено один раз, а срезаются оба края: `- 2 * p`.",
    "padding is subtracted once, but both ends are cropped: `- 2 * p`.",
)
def padding_once(n: int, layers: Sequence[Layer]) -> Sizes:
    return _by(lambda n, k, s, p, a, d: (n - 1) * s - p + d * (k - 1) + a + 1, n, layers)


@mistake(
    "dilation умножает расстояние между оттисками. Оно раздвигает только веса внутри оттиска: прибавляется "
    "`d * (k - 1)`, а увеличивает шаг.",
    "dilation multiplies the distance between prints. It only spreads the weights inside a print: "
    "`d * (k - 1)` is added, and what multiplies is the stride.",
    misconception=15,
)
def dilation_multiplies(n: int, layers: Sequence[Layer]) -> Sizes:
    return _by(lambda n, k, s, p, a, d: (n - 1) * s * d - 2 * p + k + a, n, layers)


@mistake(
    "раздвинутое ядро занимает не `d * k` ячеек, а `d * (k - 1) + 1`: после последнего веса пустых ячеек "
    "нет.",
    "a spread kernel takes up `d * (k - 1) + 1` cells, not `d * k`: there are no empty cells after the last "
    "weight.",
)
def span_too_long(n: int, layers: Sequence[Layer]) -> Sizes:
    return _by(lambda n, k, s, p, a, d: (n - 1) * s - 2 * p + d * k + a, n, layers)


@mistake("dilation `d` не используется.", "dilation `d` is not used.")
def dilation_ignored(n: int, layers: Sequence[Layer]) -> Sizes:
    return _by(lambda n, k, s, p, a, d: (n - 1) * s - 2 * p + k + a, n, layers)


@mistake(
    "это размер обычной свёртки, `(n + 2p − d(k − 1) − 1) // s + 1`: она уменьшает.",
    "this is the size of an ordinary convolution, `(n + 2p − d(k − 1) − 1) // s + 1`, which shrinks.",
)
def convolution(n: int, layers: Sequence[Layer]) -> Sizes:
    return _by(lambda n, k, s, p, a, d: (n + 2 * p - d * (k - 1) - 1) // s + 1, n, layers)


@mistake(
    "размер взят равным `n * s`. Так выходит только при `2p = d(k − 1) + 1 − s + a`.",
    "the size is taken to be `n * s`. It is so only when `2p = d(k − 1) + 1 − s + a`.",
)
def stride_times(n: int, layers: Sequence[Layer]) -> Sizes:
    return _by(lambda n, k, s, p, a, d: n * s, n, layers)


@mistake(
    "`n * s` вместо `(n - 1) * s`: между `n` оттисками `n − 1` промежутков.",
    "`n * s` instead of `(n - 1) * s`: between `n` prints there are `n − 1` gaps.",
)
def one_gap_too_many(n: int, layers: Sequence[Layer]) -> Sizes:
    return _by(lambda n, k, s, p, a, d: n * s - 2 * p + d * (k - 1) + a + 1, n, layers)


@mistake(
    "потеряна единица: ячейки считаются с нуля, и последний номер на один меньше их числа.",
    "a one is lost: cells are counted from zero, so the last number is one less than how many there are.",
)
def one_too_few(n: int, layers: Sequence[Layer]) -> Sizes:
    return _by(lambda n, k, s, p, a, d: (n - 1) * s - 2 * p + d * (k - 1) + a, n, layers)


@mistake("`a` (output_padding) не используется.", "`a` (output_padding) is not used.")
def output_padding_ignored(n: int, layers: Sequence[Layer]) -> Sizes:
    return _by(lambda n, k, s, p, a, d: (n - 1) * s - 2 * p + d * (k - 1) + 1, n, layers)


@mistake(
    "`a` прибавлено дважды. `output_padding` отодвигает срез только с одного конца.",
    "`a` is added twice. `output_padding` moves the cut at one end only.",
)
def output_padding_twice(n: int, layers: Sequence[Layer]) -> Sizes:
    return _by(lambda n, k, s, p, a, d: (n - 1) * s - 2 * p + d * (k - 1) + 2 * a + 1, n, layers)


@mistake(
    "каждый слой считает от исходного `n`. Вход слоя — это выход предыдущего.",
    "every layer starts from the first `n`. A layer's input is the output of the one before.",
)
def not_carried_on(n: int, layers: Sequence[Layer]) -> Sizes:
    return tuple(output_sizes(n, [layer])[0] for layer in layers)


EXERCISE = Exercise(
    name="ch06.output_sizes",
    title=Text("Размеры вдоль декодера", "Sizes through a decoder"),
    task=Text(
        "Вход из `n` чисел проходит через несколько транспонированных свёрток; каждая задана пятёркой `(k, "
        "s, p, a, d)`. Верните кортеж размеров после каждой.",
        "An input of `n` numbers passes through several transposed convolutions, each given as `(k, s, p, a, "
        "d)`. Return the tuple of the sizes after each.",
    ),
    stub=STUB,
    reference=output_sizes,
    mistakes=(
        padding_added,
        padding_once,
        dilation_multiplies,
        span_too_long,
        dilation_ignored,
        convolution,
        stride_times,
        one_gap_too_many,
        one_too_few,
        output_padding_ignored,
        output_padding_twice,
        not_carried_on,
    ),
    cases=(
        {"n": 2, "layers": [(3, 2, 0, 0, 1)]},
        {"n": 2, "layers": [(3, 2, 1, 0, 1)]},
        {"n": 2, "layers": [(3, 2, 1, 1, 1)]},
        {"n": 4, "layers": [(3, 1, 0, 0, 2)]},
        {"n": 4, "layers": [(3, 2, 0, 0, 2)]},
        {"n": 6, "layers": [(5, 3, 2, 2, 1)]},
        {"n": 4, "layers": [(4, 2, 1, 0, 1), (4, 2, 1, 0, 1)]},
        {"n": 1, "layers": [(4, 1, 0, 0, 1), (4, 2, 1, 0, 1), (3, 2, 1, 1, 1), (2, 2, 0, 0, 3)]},
    ),
    hints=(
        Text(
            "Последний оттиск начинается в ячейке `(n - 1) * s`. Сколько ячеек он занимает, если между "
            "соседними весами `d - 1` пустых?",
            "The last print begins at cell `(n - 1) * s`. How many cells does it take up if `d - 1` empty "
            "ones stand between neighbouring weights?",
        ),
        Text(
            "Область оттисков: `(n - 1) * s + d * (k - 1) + 1`. Срежьте `p` с обоих краёв и отодвиньте "
            "конец на `a`.",
            "The stamped area has `(n - 1) * s + d * (k - 1) + 1` cells. Crop `p` at both ends and move the "
            "end outwards by `a`.",
        ),
        Text(
            "В цикле: `n = (n - 1) * s - 2 * p + d * (k - 1) + a + 1`, потом `sizes.append(n)`. Новое `n` "
            "уйдёт в следующий слой.",
            "In the loop: `n = (n - 1) * s - 2 * p + d * (k - 1) + a + 1`, then `sizes.append(n)`. The new "
            "`n` goes into the next layer.",
        ),
    ),
    features={
        "p > 0": lambda n, layers: any(layer[2] for layer in layers),
        "a > 0": lambda n, layers: any(layer[3] for layer in layers),
        "d > 1": lambda n, layers: any(layer[4] > 1 for layer in layers),
        "s > 1": lambda n, layers: any(layer[1] > 1 for layer in layers),
        "len(layers) > 1": lambda n, layers: len(layers) > 1,
    },
    forbidden=(
        "upsample_lib.conv_transpose_output_size",
        "upsample_lib.sizes.conv_transpose_output_size",
    ),
)
