"""Puzzles of chapter 6, hyperparameters: `tail`, `sizes`, `choose_a`, `weights`."""

import numpy as np

from upsample_lib.exercises.cases import Array, mistake
from upsample_lib.exercises.language import Text
from upsample_lib.puzzles.puzzle import Puzzle
from upsample_lib.puzzles.question import Question
from upsample_lib.puzzles.wording import joined, number, out, row


def stamped(x: Array, w: Array, s: int) -> Array:
    full = np.zeros((len(x) - 1) * s + len(w))
    for i, value in enumerate(x):
        full[i * s : i * s + len(w)] += value * w
    return full


def tail(x: Array, w: Array, s: int, p: int, a: int) -> Array:
    full = np.pad(stamped(x, w, s), (0, a))
    return full[p : len(full) - p]


@mistake(
    "`output_padding` приписывает нуль. Пока `a ≤ p`, оно возвращает настоящее число, срезанное справа.",
    "`output_padding` appends a zero. As long as `a ≤ p`, it gives back a real number that was cut off on "
    "the right.",
)
def zero_appended(x: Array, w: Array, s: int, p: int, a: int) -> Array:
    return np.pad(tail(x, w, s, p, 0), (0, a))


@mistake(
    "возвращено число слева. `output_padding` отодвигает только правый срез.",
    "a number is given back on the left. `output_padding` moves the right-hand cut only.",
)
def wrong_side(x: Array, w: Array, s: int, p: int, a: int) -> Array:
    full = stamped(x, w, s)
    return full[p - a : len(full) - p]


@mistake(
    "`output_padding` не учтено: справа срезано на `a` чисел больше.",
    "`output_padding` is left out: `a` numbers too many are cut off on the right.",
)
def not_used(x: Array, w: Array, s: int, p: int, a: int) -> Array:
    return tail(x, w, s, p, 0)


@mistake(
    "не срезано ничего: это вся область оттисков.",
    "nothing is cut off: this is the whole stamped area.",
)
def not_cut(x: Array, w: Array, s: int, p: int, a: int) -> Array:
    return stamped(x, w, s)


@mistake(
    "повторено крайнее число. За срезом лежит своё число, оно уже посчитано.",
    "the last number is repeated. Beyond the cut lies another number, already computed.",
)
def last_repeated(x: Array, w: Array, s: int, p: int, a: int) -> Array:
    return np.pad(tail(x, w, s, p, 0), (0, a), mode="edge")


TAIL = Question(
    name="ch06-tail",
    title=Text("Что возвращает output_padding", "What output_padding gives back"),
    asks=Text(
        "Транспонированная свёртка с выходным дополнением `a`. Сколько чисел на выходе и какие?",
        "A transposed convolution with output padding `a`. How many numbers come out, and which?",
    ),
    hint=Text(
        "Сложите все оттиски. Потом отрежьте `p` чисел слева и `p − a` справа.",
        "Add up all the prints. Then cut `p` numbers off the left and `p − a` off the right.",
    ),
    why=lambda y, x, w, s, p, a: Text(
        "Область оттисков: {full}. Слева срезано {p}, справа {p} − {a} = {right}; последнее число, {last}, "
        "посчитано по оттискам.",
        "The stamped area is {full}. On the left {p} is cut off, on the right {p} − {a} = {right}; the last "
        "number, {last}, is made of prints.",
    ).fill(full=row(stamped(x, w, s)), p=p, a=a, right=p - a, last=out(y[-1])),
    reference=tail,
    mistakes=(zero_appended, wrong_side, not_used, not_cut, last_repeated),
    cases=(
        {"x": np.array([2.0, 3]), "w": np.array([1.0, 10, 100]), "s": 2, "p": 1, "a": 1},
        {"x": np.array([1.0, 4, 2]), "w": np.array([3.0, 1, 2]), "s": 2, "p": 1, "a": 1},
        {"x": np.array([2.0, 1]), "w": np.array([4.0, 1, 3, 2, 5]), "s": 3, "p": 2, "a": 1},
    ),
    free=True,
)


def sizes(n: Array, k: int, s: int, p: int, a: int, d: int) -> Array:
    return (n - 1) * s - 2 * p + d * (k - 1) + a + 1


@mistake(
    "это размер обычной свёртки: она уменьшает.",
    "that is the size of an ordinary convolution: it shrinks.",
)
def of_convolution(n: Array, k: int, s: int, p: int, a: int, d: int) -> Array:
    return np.floor((n + 2 * p - d * (k - 1) - 1) / s) + 1


@mistake(
    "размер умножен на шаг. Шаг задаёт наклон, но есть ещё сдвиг, одинаковый при всех `n`.",
    "the size is multiplied by the stride. The stride is the slope, but there is an offset too, the same "
    "for all `n`.",
)
def times_stride(n: Array, k: int, s: int, p: int, a: int, d: int) -> Array:
    return n * s


@mistake(
    "дополнение прибавлено. У транспонированной свёртки оно срезает: −2`p`.",
    "padding is added. In a transposed convolution it crops: −2`p`.",
)
def padding_added(n: Array, k: int, s: int, p: int, a: int, d: int) -> Array:
    return sizes(n, k, s, -p, a, d)


@mistake(
    "dilation не учтён: раздвинутое ядро накрывает d·(k − 1) + 1 клеток.",
    "dilation is left out: a spread kernel spans d·(k − 1) + 1 cells.",
)
def not_dilated(n: Array, k: int, s: int, p: int, a: int, d: int) -> Array:
    return sizes(n, k, s, p, a, 1)


@mistake(
    "взято n·s вместо (n − 1)·s: между `n` оттисками `n − 1` промежутков.",
    "n·s is taken instead of (n − 1)·s: between `n` prints there are `n − 1` gaps.",
)
def one_gap_too_many(n: Array, k: int, s: int, p: int, a: int, d: int) -> Array:
    return sizes(n + 1, k, s, p, a, d)


@mistake(
    "`output_padding` не прибавлено.",
    "`output_padding` is not added.",
)
def without_a(n: Array, k: int, s: int, p: int, a: int, d: int) -> Array:
    return sizes(n, k, s, p, 0, d)


SIZES = Question(
    name="ch06-sizes",
    title=Text("Предскажите размер", "Predict the size"),
    asks=Text(
        "Один слой транспонированной свёртки и входы трёх размеров `n`. Каковы размеры `m` выходов?",
        "One transposed convolution and inputs of three sizes `n`. What are the sizes `m` of the outputs?",
    ),
    hint=Text(
        "Где кончается последний оттиск? Вычтите оба среза и прибавьте `a`.",
        "Where does the last print end? Subtract both cuts and add `a`.",
    ),
    why=lambda m, n, k, s, p, a, d: Text(
        "m = (n − 1)·{s} − {q} + {d}·({k} − 1) + {a} + 1. Каждый лишний пиксель входа добавляет ровно {s}, "
        "но в {s} раз больше выход не становится.",
        "m = (n − 1)·{s} − {q} + {d}·({k} − 1) + {a} + 1. Every further pixel of the input adds exactly "
        "{s}, yet the output is not {s} times as large.",
    ).fill(s=s, q=2 * p, d=d, k=k, a=a),
    reference=sizes,
    mistakes=(of_convolution, times_stride, padding_added, not_dilated, one_gap_too_many, without_a),
    cases=(
        {"n": np.array([7.0, 8, 16]), "k": 4, "s": 2, "p": 1, "a": 1, "d": 3},
        {"n": np.array([5.0, 6, 10]), "k": 5, "s": 3, "p": 1, "a": 1, "d": 2},
        {"n": np.array([9.0, 10, 32]), "k": 3, "s": 2, "p": 2, "a": 1, "d": 3},
    ),
    symbol="m",
    heads=lambda n, k, s, p, a, d: [f"n={int(size)}" for size in n],
    shows=lambda n, k, s, p, a, d: [],
    settings=lambda n, k, s, p, a, d: [f"k = {k}", f"s = {s}", f"p = {p}", f"a = {a}", f"d = {d}"],
)


def which_a(n: Array, k: int, s: int, p: int) -> Array:
    return np.asarray((n + 2 * p - k) % s)


@mistake(
    "всюду нуль: кажется, что те же `k`, `s`, `p` вернут любой размер. Они вернут только наименьший.",
    "zero throughout: as if the same `k`, `s`, `p` restored any size. They restore the smallest one only.",
)
def always_zero(n: Array, k: int, s: int, p: int) -> Array:
    return np.zeros(len(n))


@mistake(
    "взят остаток самого размера, n mod s. В сдвиге участвуют ещё дополнение и ядро: (n + 2p − k) mod s.",
    "the remainder of the size itself is taken, n mod s. Padding and kernel take part too: (n + 2p − k) mod "
    "s.",
)
def of_the_size(n: Array, k: int, s: int, p: int) -> Array:
    return np.asarray(n % s)


@mistake(
    "дополнение не учтено: остаток взят у n − k.",
    "padding is left out: the remainder is that of n − k.",
)
def without_padding(n: Array, k: int, s: int, p: int) -> Array:
    return np.asarray((n - k) % s)


@mistake(
    "посчитано, сколько не хватает до следующего размера. Нужно, сколько прибавить к тому, что вернул слой.",
    "what is missing to the next size has been counted. Wanted is what to add to the size that the layer "
    "returns.",
)
def the_other_way(n: Array, k: int, s: int, p: int) -> Array:
    return np.asarray(-(n + 2 * p - k) % s)


def _back_again(a: Array, n: Array, k: int, s: int, p: int) -> Text:
    m = (n + 2 * p - k) // s + 1
    return Text(
        "Свёртка дала размеры {m}, слой без `output_padding` вернёт {back}. Разность с `n` и есть ответ.",
        "The convolution gave the sizes {m}; without `output_padding` the layer returns {back}. What is "
        "missing to `n` is the answer.",
    ).fill(m=row(m), back=row((m - 1) * s - 2 * p + k))


WHICH_A = Question(
    name="ch06-which-a",
    title=Text("Вернуть размер", "Get the size back"),
    asks=Text(
        "Свёртка уменьшила входы размеров `n`, транспонированная свёртка с теми же `k`, `s`, `p` должна "
        "вернуть размер. Какое `output_padding` нужно каждому?",
        "A convolution has shrunk inputs of sizes `n`; a transposed convolution with the same `k`, `s`, `p` "
        "is to restore the size. Which `output_padding` does each need?",
    ),
    hint=Text(
        "Посчитайте размер после свёртки, потом размер, который вернёт слой при a = 0. Сколько не хватает?",
        "Compute the size after the convolution, then the size that the layer returns with a = 0. What is "
        "missing?",
    ),
    why=_back_again,
    reference=which_a,
    mistakes=(always_zero, of_the_size, without_padding, the_other_way),
    cases=(
        {"n": np.array([16.0, 17, 18]), "k": 5, "s": 3, "p": 2},
        {"n": np.array([28.0, 29, 30, 31]), "k": 7, "s": 4, "p": 3},
        {"n": np.array([20.0, 21, 22]), "k": 4, "s": 3, "p": 1},
    ),
    symbol="a",
    heads=lambda n, k, s, p: [f"n={int(size)}" for size in n],
    shows=lambda n, k, s, p: [],
    settings=lambda n, k, s, p: [f"k = {k}", f"s = {s}", f"p = {p}"],
)


def weight_shape(inputs: int, outputs: int, k: int, groups: int) -> Array:
    return np.array([inputs, outputs // groups, k, k], dtype=float)


@mistake(
    "это порядок обычной свёртки. У транспонированной первой идёт входная ось.",
    "that is the order of an ordinary convolution. In a transposed one the input axis comes first.",
)
def as_in_convolution(inputs: int, outputs: int, k: int, groups: int) -> Array:
    return np.array([outputs, inputs // groups, k, k], dtype=float)


@mistake(
    "группы не учтены: вторая ось делится на их число.",
    "groups are left out: the second axis is divided by their number.",
)
def groups_ignored(inputs: int, outputs: int, k: int, groups: int) -> Array:
    return np.array([inputs, outputs, k, k], dtype=float)


@mistake(
    "на число групп поделена первая ось, а делится всегда вторая.",
    "the first axis is divided by the number of groups; it is always the second.",
)
def first_divided(inputs: int, outputs: int, k: int, groups: int) -> Array:
    return np.array([inputs // groups, outputs, k, k], dtype=float)


@mistake(
    "поделены обе оси. Первая хранит веса всех групп друг за другом.",
    "both axes are divided. The first holds the weights of all groups one after another.",
)
def both_divided(inputs: int, outputs: int, k: int, groups: int) -> Array:
    return np.array([inputs // groups, outputs // groups, k, k], dtype=float)


WEIGHTS = Question(
    name="ch06-weights",
    title=Text("Форма весов", "The shape of the weights"),
    asks=Text("Какой формы веса этого слоя?", "What shape do the weights of this layer have?"),
    hint=Text(
        "Первая ось у транспонированной свёртки входная; на число групп делится вторая.",
        "In a transposed convolution the first axis is the input's; the second is divided by the number of "
        "groups.",
    ),
    why=lambda shape, inputs, outputs, k, groups: Text(
        "Форма (C_in, C_out / groups, k, k): {outputs} / {groups} = {part}. Всего весов {product}.",
        "The shape is (C_in, C_out / groups, k, k): {outputs} / {groups} = {part}. There are {product} "
        "weights.",
    ).fill(
        outputs=outputs,
        groups=groups,
        part=outputs // groups,
        product=joined(" = ", [joined("·", list(shape)), number(float(shape.prod()))]),
    ),
    reference=weight_shape,
    mistakes=(as_in_convolution, groups_ignored, first_divided, both_divided),
    cases=(
        {"inputs": 4, "outputs": 6, "k": 3, "groups": 2},
        {"inputs": 6, "outputs": 9, "k": 5, "groups": 3},
        {"inputs": 8, "outputs": 4, "k": 2, "groups": 4},
    ),
    symbol="w.shape",
    settings=lambda inputs, outputs, k, groups: [
        f"nn.ConvTranspose2d({inputs}, {outputs}, {k}, groups={groups})"
    ],
)

QUESTIONS = (SIZES, WHICH_A, TAIL, WEIGHTS)


def output_padding() -> Puzzle:
    """What output padding gives back."""
    return Puzzle(TAIL)


def size() -> Puzzle:
    """Three input sizes through one layer with every hyperparameter."""
    return Puzzle(SIZES)


def restore_size() -> Puzzle:
    """The output padding that restores a size."""
    return Puzzle(WHICH_A)


def weights() -> Puzzle:
    """The shape of the weights with groups."""
    return Puzzle(WEIGHTS)
