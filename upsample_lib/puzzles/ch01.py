"""Puzzles of chapter 1, pooling: `padding`, `switches`, `gradient`, `field`."""

import numpy as np

from upsample_lib.exercises.cases import Array, mistake
from upsample_lib.exercises.language import Text
from upsample_lib.puzzles.puzzle import Puzzle
from upsample_lib.puzzles.question import Given, Question
from upsample_lib.puzzles.wording import inp, joined, number, out, row


def max_pool(x: Array, k: int, s: int, p: int) -> Array:
    x = np.pad(x, p, constant_values=-np.inf)
    return np.array([x[q : q + k].max() for q in range(0, len(x) - k + 1, s)])


@mistake(
    "вход дополнен нулями, и среди отрицательных чисел победил нуль. Макс-пулинг дополняют значением −∞.",
    "the input is padded with zeros, and among negative numbers a zero has won. Max pooling is padded with "
    "−∞.",
)
def zero_padded(x: Array, k: int, s: int, p: int) -> Array:
    x = np.pad(x, p)
    return np.array([x[q : q + k].max() for q in range(0, len(x) - k + 1, s)])


@mistake(
    "взято самое большое по модулю. Сравнивать надо сами числа: −1 больше, чем −7.",
    "the largest magnitude is taken. Compare the numbers themselves: −1 is greater than −7.",
)
def largest_magnitude(x: Array, k: int, s: int, p: int) -> Array:
    x = np.pad(x, p)
    windows = (x[q : q + k] for q in range(0, len(x) - k + 1, s))
    return np.array([window[np.abs(window).argmax()] for window in windows])


@mistake(
    "дополнения нет: первое окно начинается с `x[0]`. При `p = 1` оно начинается на клетку левее.",
    "there is no padding: the first window starts at `x[0]`. With `p = 1` it starts one cell further left.",
)
def not_padded(x: Array, k: int, s: int, p: int) -> Array:
    return np.array([x[q : q + k].max() for q in range(0, len(x) - k + 1, s)])


@mistake(
    "окна стоят вплотную, через `k` клеток. Они начинаются через каждые `s`.",
    "the windows stand side by side, `k` cells apart. They start at every `s`-th cell.",
)
def side_by_side(x: Array, k: int, s: int, p: int) -> Array:
    x = np.pad(x, p, constant_values=-np.inf)
    return np.array([x[q : q + k].max() for q in range(0, len(x) - k + 1, k)])


@mistake(
    "окна сдвигаются на 1: шаг `s` не использован.",
    "the windows move by 1: the stride `s` is not used.",
)
def every_place(x: Array, k: int, s: int, p: int) -> Array:
    x = np.pad(x, p, constant_values=-np.inf)
    return np.array([x[q : q + k].max() for q in range(len(x) - k + 1)])


PADDING = Question(
    name="ch01-padding",
    title=Text("Край из минус бесконечности", "A border of minus infinity"),
    asks=Text(
        "Макс-пулинг с дополнением. Сколько чисел на выходе и какие?",
        "Max pooling with padding. How many numbers come out, and which?",
    ),
    hint=Text(
        "Допишите к входу по `p` клеток с каждого края и отметьте начало каждого окна: 0, `s`, 2`s`, …",
        "Add `p` cells at each end of the input and mark where each window starts: 0, `s`, 2`s`, …",
    ),
    why=lambda y, x, k, s, p: Text(
        "В первом окне {size} из {k} клеток настоящие: {seen}. Приписанная −∞ никогда не побеждает, нуль "
        "победил бы.",
        "In the first window {size} of {k} cells are real: {seen}. The added −∞ never wins; a zero would "
        "have won.",
    ).fill(size=k - p, k=k, seen=row(x[: k - p], "i")),
    reference=max_pool,
    mistakes=(zero_padded, largest_magnitude, not_padded, side_by_side, every_place),
    cases=(
        {"x": np.array([-5.0, -3, 1, -4, -2, -9]), "k": 3, "s": 2, "p": 1},
        {"x": np.array([-4.0, -5, 1, 2, 3, -7]), "k": 3, "s": 2, "p": 1},
        {"x": np.array([-8.0, -6, 1, -2, -5, -3, -7]), "k": 3, "s": 2, "p": 1},
    ),
    free=True,
)


def switches(x: Array) -> Array:
    rows, columns = x.shape
    found = np.zeros((rows // 2, columns // 2))
    for i, j in np.ndindex(found.shape):
        window = x[2 * i : 2 * i + 2, 2 * j : 2 * j + 2]
        a, b = np.unravel_index(window.argmax(), (2, 2))
        found[i, j] = (2 * i + a) * columns + (2 * j + b)
    return found


@mistake(
    "места пронумерованы внутри окна, от 0 до 3. Индекс считают по всей карте.",
    "places are numbered inside the window, from 0 to 3. A switch counts over the whole map.",
)
def within_the_window(x: Array) -> Array:
    found = np.zeros((len(x) // 2, x.shape[1] // 2))
    for i, j in np.ndindex(found.shape):
        found[i, j] = x[2 * i : 2 * i + 2, 2 * j : 2 * j + 2].argmax()
    return found


@mistake(
    "счёт идёт по столбцам. Номер места — это строка · ширина + столбец.",
    "the count runs down the columns. A place's number is row · width + column.",
)
def down_the_columns(x: Array) -> Array:
    places = switches(x).astype(int)
    return np.asarray(places % x.shape[1] * len(x) + places // x.shape[1], dtype=float)


@mistake(
    "счёт начат с единицы, а в Python он начинается с нуля.",
    "the count starts at one; in Python it starts at zero.",
)
def from_one(x: Array) -> Array:
    return switches(x) + 1


@mistake(
    "ширина взята не у входа: последний столбец не попал в окна, но в нумерации он есть.",
    "the width is not the input's: the last column is in no window, but it does count in the numbering.",
)
def covered_width(x: Array) -> Array:
    return switches(x[:, : x.shape[1] // 2 * 2])


@mistake(
    "это сами максимумы, а спрашивают, где они стоят.",
    "these are the maxima themselves; the question is where they stand.",
)
def the_maxima(x: Array) -> Array:
    rows, columns = x.shape[0] // 2, x.shape[1] // 2
    return np.array(
        [[x[2 * i : 2 * i + 2, 2 * j : 2 * j + 2].max() for j in range(columns)] for i in range(rows)]
    )


def _where_it_stood(j: Array, x: Array) -> Text:
    place = int(j[1, 1])
    a, b = divmod(place, x.shape[1])
    return Text(
        "Ширина карты {width}, лишний столбец тоже считается. Например, {value} стоит в строке {a} и "
        "столбце {b}: {a}·{width} + {b} = {place}.",
        "The map is {width} wide, the odd column counts too. The {value}, for instance, stands in row {a} "
        "and column {b}: {a}·{width} + {b} = {place}.",
    ).fill(width=x.shape[1], value=inp(x[a, b]), a=a, b=b, place=out(place))


SWITCHES = Question(
    name="ch01-switches",
    title=Text("Индексы максимумов", "Switches"),
    asks=Text(
        "Макс-пулинг 2 × 2 с шагом 2 запомнил места максимумов. Какие номера он вернул?",
        "Max pooling 2 × 2 with stride 2 has remembered the places of the maxima. Which numbers did it "
        "return?",
    ),
    hint=Text(
        "Пронумеруйте все клетки карты по строкам, начиная с нуля.",
        "Number all cells of the map row by row, starting at zero.",
    ),
    why=_where_it_stood,
    reference=switches,
    mistakes=(within_the_window, down_the_columns, from_one, covered_width, the_maxima),
    cases=(
        {"x": np.array([[1.0, 3, 2, 1, 9], [4, 2, 0, 6, 3], [5, 1, 7, 2, 8], [0, 2, 3, 4, 6]])},
        {"x": np.array([[2.0, 8, 1, 3, 0], [5, 6, 4, 2, 7], [3, 0, 1, 5, 9], [1, 9, 6, 2, 4]])},
        {"x": np.array([[7.0, 2, 3, 8, 1], [1, 4, 5, 0, 6], [2, 3, 9, 1, 5], [6, 1, 4, 2, 3]])},
    ),
    symbol="j",
)


def gradient(x: Array, g: Array, k: int, s: int) -> Array:
    back = np.zeros(len(x))
    for i, value in enumerate(g):
        back[i * s + x[i * s : i * s + k].argmax()] += value
    return back


@mistake(
    "градиент записан, а не прибавлен. Один пиксель победил в двух окнах и получает сумму.",
    "the gradient is written, not added. One pixel has won in two windows and receives the sum.",
)
def written(x: Array, g: Array, k: int, s: int) -> Array:
    back = np.zeros(len(x))
    for i, value in enumerate(g):
        back[i * s + x[i * s : i * s + k].argmax()] = value
    return back


@mistake(
    "градиент поделён поровну на всё окно. Так делает усредняющий пулинг, а макс-пулинг отдаёт всё "
    "победителю.",
    "the gradient is shared out over the window. That is average pooling; max pooling gives all to the "
    "winner.",
)
def shared_out(x: Array, g: Array, k: int, s: int) -> Array:
    back = np.zeros(len(x))
    for i, value in enumerate(g):
        back[i * s : i * s + k] += value / k
    return back


@mistake(
    "градиент положен в начало каждого окна. Он возвращается туда, откуда взят максимум.",
    "the gradient is put at the start of each window. It returns to where the maximum came from.",
)
def to_the_start(x: Array, g: Array, k: int, s: int) -> Array:
    back = np.zeros(len(x))
    back[: len(g) * s : s] = g
    return back


@mistake(
    "градиент умножен на максимум. Производная выхода по победителю равна 1, по остальным 0.",
    "the gradient is multiplied by the maximum. The derivative with respect to the winner is 1, to the "
    "others 0.",
)
def times_the_maximum(x: Array, g: Array, k: int, s: int) -> Array:
    return gradient(x, g, k, s) * x


@mistake(
    "весь градиент окна получили все его пиксели. Его получает один победитель.",
    "every pixel of a window got its whole gradient. Only the winner gets it.",
)
def to_everyone(x: Array, g: Array, k: int, s: int) -> Array:
    back = np.zeros(len(x))
    for i, value in enumerate(g):
        back[i * s : i * s + k] += value
    return back


def _two_windows(back: Array, x: Array, g: Array, k: int, s: int) -> Text:
    winners = [int(i * s + x[i * s : i * s + k].argmax()) for i in range(len(g))]
    shared = max(winners, key=winners.count)
    both = [g[i] for i, place in enumerate(winners) if place == shared]
    return Text(
        "Окна перекрываются, и `x[{place}]` = {value} победил дважды: {sum} = {total}. Проигравшим достался "
        "нуль.",
        "The windows overlap, and `x[{place}]` = {value} has won twice: {sum} = {total}. Those who lost get "
        "zero.",
    ).fill(
        place=shared,
        value=inp(x[shared]),
        sum=joined(" + ", [out(value) for value in both]),
        total=number(back[shared]),
    )


GRADIENT = Question(
    name="ch01-gradient",
    title=Text("Куда вернётся градиент", "Where the gradient goes"),
    asks=Text(
        "К выходу макс-пулинга пришёл градиент `g`. Какой градиент получит каждый пиксель входа?",
        "A gradient `g` has arrived at the output of max pooling. What gradient does each pixel of the "
        "input get?",
    ),
    hint=Text(
        "Найдите победителя каждого окна. Его место получает число этого окна.",
        "Find the winner of each window. Its place gets that window's number.",
    ),
    why=_two_windows,
    reference=gradient,
    mistakes=(written, shared_out, to_the_start, times_the_maximum, to_everyone),
    cases=(
        {"x": np.array([2.0, 1, 7, 5, 3, 8, 4]), "g": np.array([6.0, 3, 9]), "k": 3, "s": 2},
        {"x": np.array([1.0, 4, 2, 6, 5, 3]), "g": np.array([2.0, 4, 6, 8]), "k": 3, "s": 1},
        {"x": np.array([3.0, 2, 9, 1, 4, 6, 5]), "g": np.array([3.0, -6, 12]), "k": 3, "s": 2},
    ),
    symbol="∂L/∂x",
    shows=lambda x, g, k, s: [Given("x", x), Given("g", g, "output")],
)


def fields(k: Array, s: Array) -> Array:
    r, h, found = 1, 1, []
    for kernel, stride in zip(k, s):
        r, h = r + (kernel - 1) * h, h * stride
        found.append(r)
    return np.array(found, dtype=float)


@mistake(
    "каждый слой прибавил `k − 1` пикселей. Это пиксели его собственного входа, а они после шага стали "
    "крупнее.",
    "each layer has added `k − 1` pixels. Those are pixels of its own input, which grow larger with every "
    "stride.",
)
def jumps_forgotten(k: Array, s: Array) -> Array:
    return np.asarray(1 + np.cumsum(k - 1), dtype=float)


@mistake(
    "размеры окон перемножены. Соседние окна перекрываются, поэтому поле растёт медленнее.",
    "the window sizes are multiplied. Neighbouring windows overlap, so the field grows more slowly.",
)
def multiplied(k: Array, s: Array) -> Array:
    return np.asarray(np.cumprod(k), dtype=float)


@mistake(
    "шаг слоя учтён уже в нём самом. Он раздвигает поля только у следующих слоёв.",
    "a layer's stride is counted in the layer itself. It spreads the fields of the layers after it only.",
)
def own_stride_first(k: Array, s: Array) -> Array:
    return np.asarray(1 + np.cumsum((k - 1) * np.cumprod(s)), dtype=float)


@mistake(
    "прибавлено `k·h` вместо `(k − 1)·h`: один пиксель окна в поле уже был.",
    "`k·h` is added instead of `(k − 1)·h`: one pixel of the window was in the field already.",
)
def whole_windows(k: Array, s: Array) -> Array:
    jumps = np.cumprod(np.concatenate([[1], s[:-1]]))
    return np.asarray(1 + np.cumsum(k * jumps), dtype=float)


def _last_step(r: Array, k: Array, s: Array) -> Text:
    jump = int(np.prod(s[:-1]))
    return Text(
        "Перед последним слоем соседние пиксели отстоят друг от друга на {jump} исходных, и он добавил "
        "({k} − 1)·{jump} = {more}: {before} + {more} = {after}.",
        "Before the last layer neighbouring pixels lie {jump} original ones apart, and it added ({k} − "
        "1)·{jump} = {more}: {before} + {more} = {after}.",
    ).fill(
        jump=jump,
        k=int(k[-1]),
        more=int(k[-1] - 1) * jump,
        before=int(r[-2]),
        after=out(r[-1]),
    )


FIELD = Question(
    name="ch01-field",
    title=Text("Рецептивное поле", "The receptive field"),
    asks=Text(
        "Пять слоёв подряд, у каждого своё окно `k` и свой шаг `s`. Сколько пикселей картинки видит выход "
        "после каждого слоя?",
        "Five layers in a row, each with its window `k` and its stride `s`. How many pixels of the picture "
        "does an output see after each layer?",
    ),
    hint=Text(
        "Ведите два числа: поле `r` и расстояние `h` между соседними полями. Оба начинаются с 1.",
        "Keep two numbers: the field `r` and the distance `h` between neighbouring fields. Both start at 1.",
    ),
    why=_last_step,
    reference=fields,
    mistakes=(jumps_forgotten, multiplied, own_stride_first, whole_windows),
    cases=(
        {"k": np.array([3.0, 2, 3, 2, 3]), "s": np.array([1.0, 2, 1, 2, 1])},
        {"k": np.array([3.0, 3, 2, 3, 3]), "s": np.array([1.0, 1, 2, 1, 1])},
        {"k": np.array([7.0, 3, 3, 3, 3]), "s": np.array([2.0, 2, 1, 1, 2])},
    ),
    symbol="r",
    shows=lambda k, s: [Given("k", k, "kernel"), Given("s", s, "plain")],
)

QUESTIONS = (PADDING, SWITCHES, GRADIENT, FIELD)


def padding() -> Puzzle:
    """Max pooling padded with minus infinity."""
    return Puzzle(PADDING)


def switch_numbers() -> Puzzle:
    """The numbers of the places of maxima."""
    return Puzzle(SWITCHES)


def gradient_home() -> Puzzle:
    """The gradient of max pooling with overlapping windows."""
    return Puzzle(GRADIENT)


def field() -> Puzzle:
    """The receptive field after each of five layers."""
    return Puzzle(FIELD)
