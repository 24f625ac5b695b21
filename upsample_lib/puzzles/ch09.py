"""Puzzles of chapter 9, U-Net: `levels`, `scores`."""

import numpy as np

from upsample_lib.exercises.cases import Array, mistake
from upsample_lib.exercises.language import Text
from upsample_lib.puzzles.puzzle import Puzzle
from upsample_lib.puzzles.question import Given, Question
from upsample_lib.puzzles.wording import number


def levels(n: int, depth: int) -> Array:
    down = [n]
    for _ in range(depth):
        down.append(down[-1] // 2)
    up = [size * 2 for size in down[1:]]
    return np.stack([down[:-1], up]).astype(float)


@mistake(
    "уменьшение округлено вверх. Пулинг 2 × 2 отбрасывает лишний столбец.",
    "halving is rounded up. Pooling 2 × 2 drops the odd column.",
)
def rounded_up(n: int, depth: int) -> Array:
    down = [n]
    for _ in range(depth):
        down.append((down[-1] + 1) // 2)
    return np.array([down[:-1], [size * 2 for size in down[1:]]], dtype=float)


@mistake(
    "вторая строка равна первой, будто удвоение вернуло всё. Посмотрите на нечётные размеры.",
    "the second row equals the first, as if doubling had brought everything back. Look at the odd sizes.",
)
def all_fit(n: int, depth: int) -> Array:
    return np.stack([levels(n, depth)[0]] * 2)


@mistake(
    "во второй строке размеры до удвоения.",
    "the second row holds the sizes before doubling.",
)
def not_doubled(n: int, depth: int) -> Array:
    found = levels(n, depth)
    found[1] /= 2
    return found


def _misfit(found: Array, n: int, depth: int) -> Text:
    skip, up = next((a, b) for a, b in found.T if a != b)
    return Text(
        "Там, где размер нечётный, лишний столбец отброшен: {skip} → {half} → {up}. Склеить карты {skip} и "
        "{up} нельзя, нужен срез, дополнение или размер, кратный {multiple}.",
        "Where a size is odd, the odd column is dropped: {skip} → {half} → {up}. Maps of {skip} and {up} "
        "cannot be joined; crop, pad, or use sizes divisible by {multiple}.",
    ).fill(skip=number(skip), half=number(skip // 2), up=number(up), multiple=2**depth)


LEVELS = Question(
    name="ch09-levels",
    title=Text("Что не состыкуется", "What does not fit"),
    asks=Text(
        "U-Net глубины `depth` получила карту шириной `n`. На каждом уровне энкодер хранит карту для "
        "skip-соединения, а снизу приходит удвоенная карта. Какой они ширины?",
        "A U-Net of this `depth` has received a map `n` wide. On each level the encoder keeps a map for the "
        "skip connection, and a doubled map comes from below. How wide are they?",
    ),
    hint=Text(
        "Сначала пройдите вниз, деля пополам с округлением вниз. Потом удвойте размер следующего уровня.",
        "First go down, halving and rounding down. Then double the size of the next level.",
    ),
    why=_misfit,
    reference=levels,
    mistakes=(rounded_up, all_fit, not_doubled),
    cases=({"n": 100, "depth": 4}, {"n": 46, "depth": 3}, {"n": 75, "depth": 3}),
    symbol="n",
    sides=lambda n, depth: ["skip", "2 ×"],
    heads=lambda n, depth: [str(level) for level in range(depth)],
)


def scores(a: Array, b: Array) -> Array:
    both, either = (a * b).sum(), np.maximum(a, b).sum()
    return np.array([both / either, 2 * both / (a.sum() + b.sum())])


@mistake(
    "числа переставлены: IoU никогда не больше Dice.",
    "the numbers have changed places: IoU is never larger than Dice.",
)
def swapped(a: Array, b: Array) -> Array:
    return scores(a, b)[::-1]


@mistake(
    "в обоих знаменателях сумма площадей. В IoU стоит площадь объединения: общие пиксели считаются один раз.",
    "both divisors are the sum of the areas. In IoU it is the area of the union, where shared pixels count "
    "once.",
)
def union_counted_twice(a: Array, b: Array) -> Array:
    return np.array([(a * b).sum() / (a.sum() + b.sum()), scores(a, b)[1]])


@mistake(
    "в Dice забыта двойка: при полном совпадении получилось бы ½.",
    "the two is missing in Dice: a perfect match would give ½.",
)
def without_two(a: Array, b: Array) -> Array:
    return np.array([scores(a, b)[0], scores(a, b)[1] / 2])


@mistake(
    "это доля верных пикселей. Фон тоже совпал, но в IoU и Dice он не входит.",
    "that is the share of right pixels. The background agrees too, but IoU and Dice leave it out.",
)
def accuracy(a: Array, b: Array) -> Array:
    return np.full(2, float((a == b).mean()))


SCORES = Question(
    name="ch09-scores",
    title=Text("IoU и Dice", "IoU and Dice"),
    asks=Text(
        "Маска `a` предсказана, маска `b` верная. Найдите IoU и Dice.",
        "The mask `a` is predicted, the mask `b` is true. Find IoU and Dice.",
    ),
    hint=Text(
        "Посчитайте пиксели: общие, в `a`, в `b`. Можно писать дробью: 3/4.",
        "Count pixels: shared ones, those of `a`, those of `b`. A fraction will do: 3/4.",
    ),
    why=lambda found, a, b: Text(
        "Общих {both}, в объединении {either}: {both}/{either}. Сумма площадей {sum}: 2·{both}/{sum}. Dice "
        "= 2·IoU/(1 + IoU).",
        "Shared {both}, in the union {either}: {both}/{either}. The areas sum to {sum}: 2·{both}/{sum}. "
        "Dice = 2·IoU/(1 + IoU).",
    ).fill(both=int((a * b).sum()), either=int(np.maximum(a, b).sum()), sum=int(a.sum() + b.sum())),
    reference=scores,
    mistakes=(swapped, union_counted_twice, without_two, accuracy),
    cases=(
        {
            "a": np.array([[0.0, 1, 1], [0, 1, 1], [0, 0, 0]]),
            "b": np.array([[0.0, 0, 1], [0, 1, 1], [0, 0, 1]]),
        },
        {
            "a": np.array([[1.0, 1, 0], [1, 0, 0], [0, 0, 0]]),
            "b": np.array([[1.0, 1, 0], [0, 1, 0], [1, 0, 0]]),
        },
        {
            "a": np.array([[0.0, 1, 0], [1, 1, 1], [0, 0, 0]]),
            "b": np.array([[0.0, 1, 0], [0, 1, 0], [0, 1, 1]]),
        },
    ),
    symbol="s",
    heads=lambda a, b: ["IoU", "Dice"],
    shows=lambda a, b: [Given("a", a, "output"), Given("b", b, "plain")],
)

QUESTIONS = (LEVELS, SCORES)


def skip_sizes() -> Puzzle:
    """Which skip connections do not fit."""
    return Puzzle(LEVELS)


def iou_and_dice() -> Puzzle:
    """Two scores of a mask."""
    return Puzzle(SCORES)
