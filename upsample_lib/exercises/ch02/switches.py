"""Down and up again as in SegNet: a broken function to repair."""

from typing import Any

import torch
import torch.nn.functional as F
from torch import Tensor

from upsample_lib.exercises.cases import Array, Shape, mistake, scattered
from upsample_lib.exercises.exercise import Exercise
from upsample_lib.exercises.language import Text

STUB = """def there_and_back(x, k, s):
    y = F.max_pool2d(x, k, s)
    return F.interpolate(y, scale_factor=s)
"""


def there_and_back(x: Tensor, k: int, s: int) -> Tensor:
    y, j = F.max_pool2d(x, k, s, return_indices=True)
    return F.max_unpool2d(y, j, [k, k], [s, s], output_size=list(x.shape[-2:]))


@mistake(
    "декодер не знает, где стояли максимумы: он повторяет числа. В SegNet пулинг передаёт индексы "
    "(`return_indices=True`), а `max_unpool2d` кладёт числа на эти места.",
    "the decoder does not know where the maxima stood: it repeats the numbers. In SegNet pooling hands over "
    "the switches (`return_indices=True`), and `max_unpool2d` puts the numbers in these places.",
    misconception=21,
)
def copied(x: Tensor, k: int, s: int) -> Tensor:
    return F.interpolate(F.max_pool2d(x, k, s), scale_factor=s)


@mistake(
    "размер верный, но индексов нет: числа повторены, а не возвращены на свои места.",
    "the size is right, but there are no switches: numbers are repeated instead of returning to their "
    "places.",
    misconception=21,
)
def copied_to_size(x: Tensor, k: int, s: int) -> Tensor:
    return F.interpolate(F.max_pool2d(x, k, s), size=x.shape[-2:])


@mistake(
    "не передан `output_size`. Размер входа по выходу пулинга не узнать, а места пронумерованы для прежней "
    "ширины.",
    "`output_size` is not given. The size of the input cannot be told from the output of pooling, and the "
    "places are numbered for the original width.",
    misconception=20,
)
def without_output_size(x: Tensor, k: int, s: int) -> Tensor:
    y, j = F.max_pool2d(x, k, s, return_indices=True)
    return F.max_unpool2d(y, j, [k, k], [s, s])


@mistake(
    "недостающие строки и столбцы приписаны потом. Форма верна, но числа уже разложены по неверной ширине: "
    "нужен `output_size`.",
    "the missing rows and columns are appended afterwards. The shape is right, but the numbers were already "
    "laid out for the wrong width: `output_size` is needed.",
    misconception=20,
)
def padded_afterwards(x: Tensor, k: int, s: int) -> Tensor:
    z = without_output_size.function(x, k, s)
    missing = x.shape[3] - z.shape[3], x.shape[2] - z.shape[2]
    return F.pad(z, (0, missing[0], 0, missing[1]))


@mistake(
    "до нужного размера карту растянули потом. Числа при этом ушли со своих мест: нужен `output_size`.",
    "the map is stretched to its size afterwards. That moves the numbers away from their places: "
    "`output_size` is needed.",
    misconception=20,
)
def stretched_afterwards(x: Tensor, k: int, s: int) -> Tensor:
    return F.interpolate(without_output_size.function(x, k, s), size=x.shape[-2:])


@mistake(
    "там, где окна перекрылись, числа сложены. Анпулинг присваивает.",
    "where windows overlap, numbers are added. Unpooling assigns.",
    misconception=6,
)
def added(x: Tensor, k: int, s: int) -> Tensor:
    y, j = F.max_pool2d(x, k, s, return_indices=True)
    return torch.zeros_like(x.flatten(2)).scatter_add(2, j.flatten(2), y.flatten(2)).view_as(x)


@mistake(
    "оставлены все числа, равные максимуму своего окна. Пулинг запоминает одно место, первое из равных.",
    "all numbers equal to the maximum of their window are kept. Pooling remembers one place, the first of "
    "the equal ones.",
)
def all_equal_kept(x: Tensor, k: int, s: int) -> Tensor:
    return x * (x == F.interpolate(F.max_pool2d(x, k, s), size=x.shape[-2:]))


def _case(x: Any, k: int, s: int) -> dict[str, object]:
    return {"x": x, "k": k, "s": s}


def _size(x: Array, formula: Any) -> tuple[int, ...]:
    return (*x.shape[:2], *(formula(n) for n in x.shape[2:]))


_TIED = scattered(1, 1, 2, 4)
_TIED[0, 0, :, :2] = 5
_SHARED = scattered(1, 1, 6, 8)
_SHARED[0, 0, 2, 2] = 300  # the largest of four windows that overlap

EXERCISE = Exercise(
    name="ch02.there_and_back",
    title=Text("Почините SegNet", "Repair the SegNet"),
    task=Text(
        "Функция уменьшает карту макс-пулингом и возвращает её на прежний размер. Как в SegNet, каждый "
        "максимум должен вернуться на своё место, а на остальных местах должны стоять нули. Почините её.",
        "The function shrinks a map by max pooling and brings it back to its size. As in SegNet, every "
        "maximum should return to its place, with zeros everywhere else. Repair it.",
    ),
    stub=STUB,
    reference=there_and_back,
    mistakes=(
        copied,
        copied_to_size,
        without_output_size,
        padded_afterwards,
        stretched_afterwards,
        added,
        all_equal_kept,
    ),
    cases=(
        _case(scattered(1, 1, 2, 4), 2, 2),
        _case(scattered(1, 1, 3, 5), 2, 2),
        _case(_TIED, 2, 2),
        _case(_SHARED[:, :, :5, :5], 3, 2),
        _case(_SHARED, 3, 2),
        _case(scattered(2, 3, 5, 4) / 2, 3, 3),
    ),
    hints=(
        Text(
            "Сравните ответ с входом на карте 2 × 4. Откуда функция на пути вверх могла бы узнать, где "
            "стояли максимумы?",
            "Compare the answer with the input on a 2 × 4 map. On the way up, how could the function know "
            "where the maxima stood?",
        ),
        Text(
            "`y, j = F.max_pool2d(x, k, s, return_indices=True)`, а на пути вверх `F.max_unpool2d(y, j, k, "
            "s)`. Что выйдет на карте 3 × 5?",
            "`y, j = F.max_pool2d(x, k, s, return_indices=True)`, and on the way up `F.max_unpool2d(y, j, k, "
            "s)`. What comes of a 3 × 5 map?",
        ),
        Text(
            "Передайте размер входа: `F.max_unpool2d(y, j, k, s, output_size=x.shape[-2:])`.",
            "Hand over the input's size: `F.max_unpool2d(y, j, k, s, output_size=x.shape[-2:])`.",
        ),
    ),
    shapes={
        "default size": Shape(
            lambda x, k, s: _size(x, lambda n: (n - k) // s * s + k),
            Text(
                "Это наименьший из входов, которые пулинг переводит в карту такого размера.",
                "That is the smallest of the inputs that pooling takes to a map of this size.",
            ),
        ),
        "m·s": Shape(
            lambda x, k, s: _size(x, lambda n: ((n - k) // s + 1) * s),
            Text("Это размер выхода пулинга, умноженный на s.", "That is the pooled size times s."),
        ),
    },
    features={
        "s ∤ n": lambda x, k, s: any(n % s for n in x.shape[2:]),
        "k > s": lambda x, k, s: k > s,
    },
    as_tensors=True,
)
