"""Enlarging a map of class labels: a broken function to repair."""

from typing import Any

import numpy as np
import torch.nn.functional as F
from torch import Tensor

from upsample_lib.exercises.cases import Shape, mistake
from upsample_lib.exercises.exercise import Exercise
from upsample_lib.exercises.language import Text

STUB = """def enlarge_labels(labels, classes, size):
    image = labels.double()[None, None]
    mixed = F.interpolate(image, size=size, mode="bilinear")
    return mixed[0, 0].round().long()
"""


def enlarge_labels(labels: Tensor, classes: int, size: tuple[int, int]) -> Tensor:
    one_hot = F.one_hot(labels, classes).permute(2, 0, 1).double()
    shares = F.interpolate(one_hot[None], size=size, mode="bilinear")
    return shares[0].argmax(0)


@mistake(
    "номера классов смешаны, как яркость: между классами 0 и 2 появился класс 1, которого там нет. "
    "Интерполируйте доли каждого класса, а не номера.",
    "class numbers are mixed like brightness: between classes 0 and 2 a class 1 appears that was never "
    "there. Interpolate the share of each class, not the numbers.",
    misconception=19,
)
def mixed(labels: Tensor, classes: int, size: tuple[int, int]) -> Tensor:
    image = labels.double()[None, None]
    return F.interpolate(image, size=size, mode="bilinear")[0, 0].round().long()


@mistake(
    "номера классов смешаны и округлены вниз. Округление ничего не лечит: номер — это имя, а не величина.",
    "class numbers are mixed and rounded down. No rounding will help: a class number is a name, not a "
    "quantity.",
    misconception=19,
)
def mixed_and_cut(labels: Tensor, classes: int, size: tuple[int, int]) -> Tensor:
    image = labels.double()[None, None]
    return F.interpolate(image, size=size, mode="bilinear")[0, 0].long()


@mistake(
    "метки скопированы (`nearest`). Чужих номеров нет, но края ступенчатые, а нужны гладкие: пусть классы "
    "голосуют долями.",
    "labels are copied (`nearest`). No foreign numbers appear, but edges are stepped; smooth ones are "
    "wanted: let the classes vote by their shares.",
)
def copied(labels: Tensor, classes: int, size: tuple[int, int]) -> Tensor:
    return F.interpolate(labels.double()[None, None], size=size)[0, 0].long()


@mistake(
    "метки скопированы (`nearest-exact`). Чужих номеров нет, но края ступенчатые, а нужны гладкие: пусть "
    "классы голосуют долями.",
    "labels are copied (`nearest-exact`). No foreign numbers appear, but edges are stepped; smooth ones are "
    "wanted: let the classes vote by their shares.",
)
def copied_exactly(labels: Tensor, classes: int, size: tuple[int, int]) -> Tensor:
    return F.interpolate(labels.double()[None, None], size=size, mode="nearest-exact")[0, 0].long()


@mistake(
    "ось классов получена через `reshape`, и числа рассыпались по чужим местам. Ось переставляет `permute`.",
    "the axis of classes was made by `reshape`, which strews the numbers over wrong places. It is `permute` "
    "that moves an axis.",
)
def reshaped(labels: Tensor, classes: int, size: tuple[int, int]) -> Tensor:
    one_hot = F.one_hot(labels, classes).reshape(1, classes, *labels.shape).double()
    return F.interpolate(one_hot, size=size, mode="bilinear")[0].argmax(0)


@mistake(
    "доли увеличены с `align_corners=True`: метки у края сдвинуты.",
    "shares are enlarged with `align_corners=True`: labels near the border are shifted.",
)
def corners_aligned(labels: Tensor, classes: int, size: tuple[int, int]) -> Tensor:
    one_hot = F.one_hot(labels, classes).permute(2, 0, 1).double()
    return F.interpolate(one_hot[None], size=size, mode="bilinear", align_corners=True)[0].argmax(0)


@mistake(
    "класс 0 не участвует: фон тоже класс, и доля у него есть.",
    "class 0 has no say: the background is a class too and has a share.",
)
def background_forgotten(labels: Tensor, classes: int, size: tuple[int, int]) -> Tensor:
    one_hot = F.one_hot(labels, classes).permute(2, 0, 1).double()
    shares = F.interpolate(one_hot[None], size=size, mode="bilinear")[0]
    return shares[1:].argmax(0) + 1


def _case(labels: Any, classes: int, size: tuple[int, int]) -> dict[str, object]:
    return {"labels": np.array(labels), "classes": classes, "size": size}


EXERCISE = Exercise(
    name="ch03.enlarge_labels",
    title=Text("Почините увеличение масок", "Repair the enlarging of masks"),
    task=Text(
        "Функция увеличивает карту номеров классов `labels` до размера `size`; классов `classes`. Она "
        "находит классы, которых на карте нет. Почините её так, чтобы края остались гладкими: каждому "
        "пикселю — класс с наибольшей долей.",
        "The function enlarges a map `labels` of class numbers to `size`; there are `classes` classes. It "
        "finds classes that are not on the map. Repair it so that edges stay smooth: to each pixel the "
        "class with the largest share.",
    ),
    stub=STUB,
    reference=enlarge_labels,
    mistakes=(
        mixed,
        mixed_and_cut,
        copied,
        copied_exactly,
        reshaped,
        corners_aligned,
        background_forgotten,
    ),
    cases=(  # no two classes come out with equal shares
        _case([[0, 2]], 3, (1, 6)),
        _case([[0, 2], [0, 0]], 3, (6, 8)),
        _case([[3, 0, 1], [1, 3, 3]], 4, (4, 7)),
        _case([[2, 0, 0, 4], [0, 4, 2, 2], [1, 1, 0, 3]], 5, (6, 8)),
        _case([[1, 1], [1, 1]], 2, (3, 5)),
        _case([[5, 0, 5], [0, 3, 5]], 6, (8, 5)),
    ),
    hints=(
        Text(
            "Номер класса — имя. Что можно смешивать вместо номеров, так чтобы смесь имела смысл?",
            "A class number is a name. What can be mixed instead of numbers, so that the mixture makes "
            "sense?",
        ),
        Text(
            "Доли: для каждого класса своя карта из нулей и единиц. Их даёт `F.one_hot(labels, classes)`, "
            "только ось классов у него последняя.",
            "Shares: a map of zeros and ones for each class. `F.one_hot(labels, classes)` makes them, but "
            "with the axis of classes last.",
        ),
        Text(
            "`F.one_hot(labels, classes).permute(2, 0, 1).double()[None]` увеличьте билинейно, затем "
            "`shares[0].argmax(0)`.",
            "Enlarge `F.one_hot(labels, classes).permute(2, 0, 1).double()[None]` bilinearly, then take "
            "`shares[0].argmax(0)`.",
        ),
    ),
    shapes={
        "class axis left": Shape(
            lambda labels, classes, size: (classes, *size),
            Text(
                "Класс ещё не выбран: осталась ось классов.",
                "No class is chosen yet: the axis of classes is still there.",
            ),
        ),
    },
    features={
        "C > 2": lambda labels, classes, size: classes > 2,
        "H > 1": lambda labels, classes, size: len(labels) > 1,
    },
    as_tensors=True,
)
