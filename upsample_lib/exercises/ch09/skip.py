"""A decoder's step: enlarge, make the sizes fit, concatenate."""

import torch
import torch.nn.functional as F
from torch import Tensor

from upsample_lib.exercises.cases import Shape, mistake, primes
from upsample_lib.exercises.exercise import Exercise
from upsample_lib.exercises.language import Text

STUB = """def join(skip, x):
    ...
"""


def join(skip: Tensor, x: Tensor) -> Tensor:
    y = F.interpolate(x, scale_factor=2)
    rows, columns = (a - b for a, b in zip(skip.shape[2:], y.shape[2:]))
    y = F.pad(y, (0, columns, 0, rows), mode="replicate")
    return torch.cat([skip, y], dim=1)


def _missing(skip: Tensor, x: Tensor) -> tuple[int, int]:
    return skip.shape[2] - 2 * x.shape[2], skip.shape[3] - 2 * x.shape[3]


@mistake(
    "размеры не подогнаны: карты склеены так, будто размер делится на два. На нечётном размере это ошибка.",
    "the sizes are not made to fit: the maps are joined as if two divided the size. With an odd size that "
    "fails.",
    misconception=24,
)
def not_fitted(skip: Tensor, x: Tensor) -> Tensor:
    return torch.cat([skip, F.interpolate(x, scale_factor=2)], dim=1)


@mistake(
    "недостающая строка заполнена нулями. По условию повторяется последняя строка (столбец).",
    "the missing row is filled with zeros. The task repeats the last row (column).",
)
def zeros_at_the_end(skip: Tensor, x: Tensor) -> Tensor:
    rows, columns = _missing(skip, x)
    return torch.cat([skip, F.pad(F.interpolate(x, scale_factor=2), (0, columns, 0, rows))], dim=1)


@mistake(
    "строка добавлена сверху (столбец слева), и вся карта сдвинулась относительно карты энкодера. Пулинг "
    "отбросил последнюю строку, её и надо вернуть.",
    "the row is added at the top (the column on the left), and the whole map has moved against the "
    "encoder's. Pooling dropped the last row; that is the one to restore.",
    misconception=24,
)
def at_the_beginning(skip: Tensor, x: Tensor) -> Tensor:
    rows, columns = _missing(skip, x)
    y = F.pad(F.interpolate(x, scale_factor=2), (columns, 0, rows, 0), mode="replicate")
    return torch.cat([skip, y], dim=1)


@mistake(
    "карта растянута до размера карты энкодера. Коэффициент уже не 2, и внутренние пиксели разъехались.",
    "the map is stretched to the size of the encoder's. The factor is no longer 2, and pixels inside have "
    "drifted apart.",
    misconception=24,
)
def stretched(skip: Tensor, x: Tensor) -> Tensor:
    return torch.cat([skip, F.interpolate(x, size=skip.shape[2:], mode="bilinear")], dim=1)


@mistake(
    "вместо карты декодера обрезана карта энкодера: выход потеряет последнюю строку или столбец.",
    "the encoder's map is cropped instead: the output will lack its last row or column.",
    misconception=24,
)
def skip_cropped(skip: Tensor, x: Tensor) -> Tensor:
    y = F.interpolate(x, scale_factor=2)
    return torch.cat([skip[:, :, : y.shape[2], : y.shape[3]], y], dim=1)


@mistake(
    "порядок каналов обратный: сначала идут каналы энкодера.",
    "the channels are in the opposite order: the encoder's come first.",
)
def order_swapped(skip: Tensor, x: Tensor) -> Tensor:
    channels = skip.shape[1]
    whole = join(skip, x)
    return torch.cat([whole[:, channels:], whole[:, :channels]], dim=1)


@mistake(
    "карты сложены. Так делает остаточная связь; U-Net карты склеивает по каналам.",
    "the maps are added. A residual connection does that; U-Net concatenates along the channels.",
)
def added(skip: Tensor, x: Tensor) -> Tensor:
    whole = join(skip, x)
    return whole[:, : skip.shape[1]] + whole[:, skip.shape[1] :]


@mistake(
    "карта увеличена билинейно, а просили ближайшим соседом.",
    "the map is enlarged bilinearly; nearest neighbour was asked for.",
)
def bilinear(skip: Tensor, x: Tensor) -> Tensor:
    y = F.interpolate(x, scale_factor=2, mode="bilinear")
    rows, columns = _missing(skip, x)
    return torch.cat([skip, F.pad(y, (0, columns, 0, rows), mode="replicate")], dim=1)


def _case(skip: tuple[int, ...], x: tuple[int, ...]) -> dict[str, object]:
    return {"skip": primes(*skip), "x": primes(*x, start=30) / 2}


EXERCISE = Exercise(
    name="ch09.join",
    title=Text("Skip-соединение любого размера", "A skip connection of any size"),
    task=Text(
        "Увеличьте `x` вдвое ближайшим соседом. Если карта энкодера `skip` на строку или столбец больше, "
        "повторите у увеличенной карты последнюю строку или столбец. Затем склейте по каналам: `skip`, потом "
        "увеличенная карта.",
        "Double the sides of `x` by nearest neighbour. If the encoder's map `skip` has one more row or "
        "column, repeat the last row or column of the enlarged map. Then concatenate along the channels: "
        "`skip`, then the enlarged map.",
    ),
    stub=STUB,
    reference=join,
    mistakes=(
        not_fitted,
        zeros_at_the_end,
        at_the_beginning,
        stretched,
        skip_cropped,
        order_swapped,
        added,
        bilinear,
    ),
    cases=(
        _case((1, 1, 4, 4), (1, 1, 2, 2)),
        _case((1, 1, 4, 5), (1, 1, 2, 2)),
        _case((1, 1, 5, 4), (1, 1, 2, 2)),
        _case((2, 1, 7, 5), (2, 2, 3, 2)),
    ),
    hints=(
        Text(
            "`F.interpolate(x, scale_factor=2)` повторяет каждый пиксель. Сравните `shape[2:]` обеих карт.",
            "`F.interpolate(x, scale_factor=2)` repeats every pixel. Compare `shape[2:]` of both maps.",
        ),
        Text(
            '`F.pad(y, (left, right, top, bottom), mode="replicate")` повторяет край; лишнее здесь справа и '
            "снизу.",
            '`F.pad(y, (left, right, top, bottom), mode="replicate")` repeats the border; what is missing '
            "here is "
            "at the right and the bottom.",
        ),
        Text(
            "`torch.cat([skip, y], dim=1)`: ось 1 — каналы.",
            "`torch.cat([skip, y], dim=1)`: axis 1 holds the channels.",
        ),
    ),
    shapes={
        "encoder's size": Shape(
            lambda skip, x: skip.shape,
            Text(
                "Такой размер у карты энкодера: каналов мало.",
                "The encoder's map has this size: too few channels.",
            ),
        ),
    },
    features={
        "H odd": lambda skip, x: skip.shape[2] % 2 == 1,
        "W odd": lambda skip, x: skip.shape[3] % 2 == 1,
    },
    as_tensors=True,
)
