"""Puzzles of chapter 2, unpooling: `collision`, `restored`, `shares`, `pictures`."""

import numpy as np

from upsample_lib.exercises.cases import Array, mistake
from upsample_lib.exercises.language import Text
from upsample_lib.puzzles.puzzle import Puzzle
from upsample_lib.puzzles.question import Given, Question
from upsample_lib.puzzles.wording import number, out, row


def unpool(y: Array, j: Array, n: int) -> Array:
    x = np.zeros(n)
    for value, place in zip(y, j):
        x[int(place)] = value
    return x


@mistake(
    "числа, пришедшие в одно место, сложены. Складывает градиент, а анпулинг присваивает.",
    "numbers that came to one place are added. The gradient adds; unpooling assigns.",
)
def added(y: Array, j: Array, n: int) -> Array:
    x = np.zeros(n)
    np.add.at(x, j.astype(int), y)
    return x


@mistake(
    "осталось первое из чисел. Присваивания идут по порядку, остаётся последнее.",
    "the first of the numbers is left. Assignments go in order, and the last one stays.",
)
def first_kept(y: Array, j: Array, n: int) -> Array:
    return unpool(y[::-1], j[::-1], n)


@mistake(
    "осталось большее из чисел. Анпулинг не сравнивает, он записывает.",
    "the largest of the numbers is left. Unpooling compares nothing, it writes.",
)
def largest_kept(y: Array, j: Array, n: int) -> Array:
    order = np.argsort(y, kind="stable")
    return unpool(y[order], j[order], n)


@mistake(
    "это «ложе из гвоздей»: числа стоят через одно с начала. У анпулинга места записаны в `j`.",
    "this is a bed of nails: numbers stand in every other place from the start. Unpooling has its places in "
    "`j`.",
)
def nails(y: Array, j: Array, n: int) -> Array:
    x = np.zeros(n)
    x[: 2 * len(y) : 2] = y
    return x


def _who_stayed(x: Array, y: Array, j: Array, n: int) -> Text:
    place = max(j, key=list(j).count)
    came = [value for value, where in zip(y, j) if where == place]
    return Text(
        "В место {place} пришли {came}. Каждое присваивание стирает прежнее, осталось последнее, {last}. "
        "Остальные до выхода не дошли: на самом деле производная по ним равна нулю.",
        "To place {place} came {came}. Every assignment wipes out the one before, and the last, {last}, is "
        "left. The others never reached the output: the true derivative with respect to them is zero.",
    ).fill(place=int(place), came=row(came, "o"), last=out(came[-1]))


COLLISION = Question(
    name="ch02-collision",
    title=Text("Спор за место", "A contested place"),
    asks=Text(
        "Числа `y` возвращаются на места `j` строки из `n` нулей. Что получится, если выполнять "
        "присваивания по порядку?",
        "The numbers `y` return to the places `j` of a row of `n` zeros. What comes out if the assignments "
        "are made in order?",
    ),
    hint=Text("Какое место встречается в `j` несколько раз?", "Which place occurs several times in `j`?"),
    why=_who_stayed,
    reference=unpool,
    mistakes=(added, first_kept, largest_kept, nails),
    cases=(
        {"y": np.array([3.0, 8, 5, 2]), "j": np.array([2.0, 2, 2, 5]), "n": 7},
        {"y": np.array([6.0, 4, 9, 7]), "j": np.array([0.0, 3, 3, 3]), "n": 8},
        {"y": np.array([2.0, 7, 1, 4]), "j": np.array([2.0, 2, 4, 2]), "n": 8},
    ),
    symbol="x̂",
)


def restored(y: Array, j: Array, k: int, s: int) -> Array:
    x = unpool(y, j, (len(y) - 1) * s + k)
    return np.array([x[q * s : q * s + k].max() for q in range(len(y))])


@mistake(
    "анпулинг и пулинг сочтены взаимно обратными. Это верно не для всех чисел: посмотрите на знаки и на "
    "окна.",
    "unpooling and pooling are taken for inverses. That does not hold for all numbers: look at signs and "
    "windows.",
)
def unchanged(y: Array, j: Array, k: int, s: int) -> Array:
    return y


@mistake(
    "отрицательные числа потеряли знак. Максимум сравнивает их с нулями вокруг.",
    "negative numbers have lost their sign. The maximum compares them with the zeros around.",
)
def absolute(y: Array, j: Array, k: int, s: int) -> Array:
    return np.abs(restored(np.abs(y), j, k, s))


@mistake(
    "отрицательные числа пережили пулинг. В каждом окне есть нуль, и он больше.",
    "negative numbers have survived pooling. Every window holds a zero, and that is greater.",
)
def negatives_survive(y: Array, j: Array, k: int, s: int) -> Array:
    found = restored(y, j, k, s)
    return np.where(y < 0, y, found)


@mistake(
    "перекрытие забыто: соседнее окно тоже видит это число.",
    "the overlap is forgotten: the neighbouring window sees that number too.",
)
def windows_apart(y: Array, j: Array, k: int, s: int) -> Array:
    return np.maximum(y, 0)


RESTORED = Question(
    name="ch02-restored",
    title=Text("Туда и обратно", "There and back"),
    asks=Text(
        "Сеть изменила числа, и теперь `y` возвращают анпулингом на места `j`, а потом снова берут "
        "максимумы тех же окон. Что выйдет вместо `y`?",
        "The network has changed the numbers. Now `y` is unpooled to the places `j`, and then the maxima of "
        "the same windows are taken again. What comes out in place of `y`?",
    ),
    hint=Text(
        "Выпишите строку после анпулинга, с нулями, и обведите окна.",
        "Write down the row after unpooling, zeros included, and outline the windows.",
    ),
    why=lambda found, y, j, k, s: Text(
        "После анпулинга строка такая: {x}. Отрицательное число проигрывает нулям, а большое число в общей "
        "клетке двух окон побеждает в обоих.",
        "After unpooling the row is {x}. A negative number loses to zeros, and a large one in a cell shared "
        "by two windows wins in both.",
    ).fill(x=row(unpool(y, j, (len(y) - 1) * s + k))),
    reference=restored,
    mistakes=(unchanged, absolute, negatives_survive, windows_apart),
    symbol="P(U(y))",
    cases=(
        {"y": np.array([2.0, 6, -4]), "j": np.array([1.0, 2, 5]), "k": 3, "s": 2},
        {"y": np.array([-3.0, 5, 1]), "j": np.array([0.0, 4, 5]), "k": 3, "s": 2},
        {"y": np.array([4.0, 7, -5, 2]), "j": np.array([0.0, 2, 5, 7]), "k": 3, "s": 2},
    ),
)


def shares(y: Array, k: int, s: int) -> Array:
    x = np.zeros((len(y) - 1) * s + k)
    for i, value in enumerate(y):
        x[i * s : i * s + k] += value / k
    return x


@mistake(
    "числа не поделены на `k`. Каждое раздаёт окну само себя, по доле на пиксель.",
    "the numbers are not divided by `k`. Each shares itself out over its window, one share a pixel.",
)
def not_divided(y: Array, k: int, s: int) -> Array:
    return shares(y, k, s) * k


@mistake(
    "доли записаны, а не сложены: от перекрытия осталась последняя.",
    "shares are written, not added: of an overlap only the last one is left.",
)
def shares_written(y: Array, k: int, s: int) -> Array:
    x = np.zeros((len(y) - 1) * s + k)
    for i, value in enumerate(y):
        x[i * s : i * s + k] = value / k
    return x


@mistake(
    "сумма поделена на число окон, накрывших пиксель. Доля всегда одна и та же: `y / k`.",
    "the sum is divided by the number of windows over the pixel. A share is always the same: `y / k`.",
)
def divided_by_cover(y: Array, k: int, s: int) -> Array:
    cover = shares(np.ones(len(y)), k, s) * k
    return np.asarray(shares(y, k, s) * k / cover)


@mistake(
    "это ближайший сосед: каждое число повторено `s` раз. У него окна не перекрываются.",
    "this is nearest neighbour: every number is repeated `s` times. Its windows do not overlap.",
)
def repeated(y: Array, k: int, s: int) -> Array:
    return np.repeat(y, s)


SHARES = Question(
    name="ch02-shares",
    title=Text("По доле каждому", "A share for each"),
    asks=Text(
        "Усредняющий анпулинг: каждое число `y` поровну раздаёт себя пикселям своего окна. Сколько пикселей "
        "на выходе и что в них?",
        "Average unpooling: each number of `y` shares itself out equally among the pixels of its window. "
        "How many pixels are there, and what do they hold?",
    ),
    hint=Text(
        "Поделите каждое число на `k` и напишите долю под каждой клеткой его окна; потом сложите столбцы.",
        "Divide each number by `k` and write the share under every cell of its window; then add the columns.",
    ),
    why=lambda x, y, k, s: Text(
        "Доли: {shares}. Там, где окна перекрылись, доли сложились, и в сумме пикселей столько же, сколько "
        "в сумме `y`: {total}.",
        "The shares are {shares}. Where windows overlap, shares add up, and the pixels sum to what `y` sums "
        "to: {total}.",
    ).fill(shares=row(y / k, "o"), total=number(float(x.sum()))),
    reference=shares,
    mistakes=(not_divided, shares_written, divided_by_cover, repeated),
    cases=(
        {"y": np.array([2.0, 4, 6]), "k": 2, "s": 1},
        {"y": np.array([6.0, 3, 9]), "k": 3, "s": 2},
        {"y": np.array([1.0, 5, 3]), "k": 2, "s": 1},
    ),
    symbol="x̂",
    free=True,
)


def max_unpool(x: Array) -> Array:
    back = np.zeros(x.shape)
    for i, j in np.ndindex(x.shape[0] // 2, x.shape[1] // 2):
        window = x[2 * i : 2 * i + 2, 2 * j : 2 * j + 2]
        a, b = np.unravel_index(window.argmax(), (2, 2))
        back[2 * i + a, 2 * j + b] = window[a, b]
    return back


@mistake(
    "это «ложе из гвоздей»: максимумы стоят в углах окон, места забыты.",
    "this is a bed of nails: the maxima stand in the corners of their windows, their places forgotten.",
)
def corners(x: Array) -> Array:
    back = np.zeros(x.shape)
    for i, j in np.ndindex(x.shape[0] // 2, x.shape[1] // 2):
        back[2 * i, 2 * j] = x[2 * i : 2 * i + 2, 2 * j : 2 * j + 2].max()
    return back


@mistake(
    "это ближайший сосед: максимум занял всё окно. Анпулинг ставит его в одну клетку.",
    "this is nearest neighbour: the maximum fills the whole window. Unpooling puts it into a single cell.",
)
def filled(x: Array) -> Array:
    rows, columns = x.shape[0] // 2 * 2, x.shape[1] // 2 * 2
    best = np.array(
        [
            [x[i - i % 2 : i - i % 2 + 2, j - j % 2 : j - j % 2 + 2].max() for j in range(columns)]
            for i in range(rows)
        ]
    )
    back = np.zeros(x.shape)
    back[:rows, :columns] = best
    return back


@mistake(
    "места пронумерованы для ширины 5, а выход собран шириной 4: числа разъехались. Так бывает без "
    "`output_size`.",
    "places are numbered for a width of 5, the output is put together 4 wide: numbers have drifted apart. "
    "That is what happens without `output_size`.",
)
def without_output_size(x: Array) -> Array:
    right = max_unpool(x)
    small = np.zeros((x.shape[0] // 2 * 2, x.shape[1] // 2 * 2))
    for a, b in np.argwhere(right):
        place = a * x.shape[1] + b
        if place < small.size:
            small.flat[place] = right[a, b]
    return small


PICTURES = Question(
    name="ch02-pictures",
    title=Text("Картинка после анпулинга", "The picture after unpooling"),
    asks=Text(
        "Карту 5 × 5 уменьшили макс-пулингом 2 × 2 и вернули анпулингом с индексами и `output_size`. Какая "
        "картинка вышла? Чем больше число, тем темнее клетка.",
        "A 5 × 5 map was max-pooled 2 × 2 and brought back by unpooling with switches and `output_size`. "
        "Which picture came out? The larger the number, the stronger the colour.",
    ),
    hint=Text(
        "Отметьте на карте максимум каждого окна. Последние строка и столбец не входят ни в одно.",
        "Mark the maximum of each window on the map. The last row and column belong to none.",
    ),
    why=lambda back, x: Text(
        "Каждый максимум стоит там, где стоял, остальное нули. Последние строка и столбец ни в одно окно не "
        "вошли: в них нули при любых числах.",
        "Every maximum stands where it stood, the rest is zeros. The last row and column were in no window: "
        "they are zero whatever the numbers.",
    ),
    reference=max_unpool,
    mistakes=(corners, filled, without_output_size),
    cases=(
        {
            "x": np.array(
                [[1.0, 3, 2, 1, 9], [4, 2, 0, 6, 3], [5, 1, 2, 3, 8], [0, 2, 7, 4, 6], [9, 1, 5, 8, 2]]
            )
        },
        {
            "x": np.array(
                [[2.0, 8, 1, 3, 0], [5, 6, 4, 2, 7], [3, 0, 1, 5, 9], [1, 9, 6, 2, 4], [7, 7, 2, 1, 3]]
            )
        },
        {
            "x": np.array(
                [[1.0, 2, 3, 8, 1], [7, 4, 5, 0, 6], [2, 3, 1, 9, 5], [6, 1, 4, 2, 3], [5, 8, 0, 9, 7]]
            )
        },
    ),
    kind="choose",
    symbol="x̂",
    shows=lambda x: [Given("x", x)],
)

QUESTIONS = (COLLISION, RESTORED, PICTURES, SHARES)


def collision() -> Puzzle:
    """Unpooling where two numbers want the same place."""
    return Puzzle(COLLISION)


def there_and_back() -> Puzzle:
    """Pooling after unpooling, with foreign numbers."""
    return Puzzle(RESTORED)


def share() -> Puzzle:
    """Average unpooling with overlapping windows."""
    return Puzzle(SHARES)


def pictures() -> Puzzle:
    """Which picture unpooling with switches gives."""
    return Puzzle(PICTURES)
