"""A decoder that breaks at some sizes, to be repaired, in PyTorch."""

import torch
import torch.nn.functional as F
from torch import Tensor

from upsample_lib.exercises.cases import Shape, mistake, primes
from upsample_lib.exercises.exercise import Exercise
from upsample_lib.exercises.language import Text

STUB = """def decoder(x, skip, w, v):
    y = F.conv_transpose2d(x, w, stride=2, padding=1)
    y = torch.cat([y, skip], dim=1)
    return F.conv2d(y, v, padding=1)
"""


def decoder(x: Tensor, skip: Tensor, w: Tensor, v: Tensor) -> Tensor:
    lacking = [m - (2 * n - 1) for m, n in zip(skip.shape[2:], x.shape[2:])]
    y = F.conv_transpose2d(x, w, stride=2, padding=1, output_padding=lacking)
    y = torch.cat([y, skip], dim=1)
    return F.conv2d(y, v, padding=1)


def _joined(y: Tensor, skip: Tensor, v: Tensor) -> Tensor:
    return F.conv2d(torch.cat([y, skip], dim=1), v, padding=1)


def _lacking(y: Tensor, skip: Tensor) -> tuple[int, int]:
    return skip.shape[2] - y.shape[2], skip.shape[3] - y.shape[3]


@mistake(
    "недостающие строка и столбец приписаны нулями. В области оттисков там стоят настоящие суммы: пусть их "
    "вернёт `output_padding`.",
    "the missing row and column are filled with zeros. In the stamped area real sums stand there: let "
    "`output_padding` give them back.",
    misconception=8,
)
def zeros_appended(x: Tensor, skip: Tensor, w: Tensor, v: Tensor) -> Tensor:
    y = F.conv_transpose2d(x, w, stride=2, padding=1)
    down, right = _lacking(y, skip)
    return _joined(F.pad(y, (0, right, 0, down)), skip, v)


@mistake(
    "недостающее возвращено сверху и слева. `output_padding` отодвигает нижний и правый край среза.",
    "what was missing is given back at the top and left. `output_padding` moves the bottom and the right of "
    "the cut.",
    misconception=9,
)
def wrong_side(x: Tensor, skip: Tensor, w: Tensor, v: Tensor) -> Tensor:
    full = F.conv_transpose2d(x, w, stride=2)
    down, right = skip.shape[2] - (2 * x.shape[2] - 1), skip.shape[3] - (2 * x.shape[3] - 1)
    y = full[:, :, 1 - down : full.shape[2] - 1, 1 - right : full.shape[3] - 1]
    return _joined(y, skip, v)


@mistake(
    "убрано дополнение, а лишнее отрезано справа и снизу. Размер сошёлся, но картинка сдвинута: сверху и "
    "слева должно срезаться `padding`.",
    "padding is taken away and the excess cut off at the bottom right. The size agrees, but the picture has "
    "moved: `padding` is to be cropped at the top and left.",
)
def cropped_at_the_end(x: Tensor, skip: Tensor, w: Tensor, v: Tensor) -> Tensor:
    y = F.conv_transpose2d(x, w, stride=2)
    return _joined(y[:, :, : skip.shape[2], : skip.shape[3]], skip, v)


@mistake(
    "обрезан `skip`. Так теряются его край и размер выхода: увеличенная карта должна подойти к `skip`, а не "
    "наоборот.",
    "`skip` is cropped, and with it its border and the size of the output are lost: the enlarged map is to "
    "fit `skip`, not the other way round.",
)
def skip_cropped(x: Tensor, skip: Tensor, w: Tensor, v: Tensor) -> Tensor:
    y = F.conv_transpose2d(x, w, stride=2, padding=1)
    return _joined(y, skip[:, :, : y.shape[2], : y.shape[3]], v)


@mistake(
    "`output_padding=1` всегда. Это годится только для чётных размеров: те же числа не вернут нечётный.",
    "`output_padding=1` always. That serves even sizes only: the same numbers do not bring an odd one back.",
    misconception=10,
)
def always_one(x: Tensor, skip: Tensor, w: Tensor, v: Tensor) -> Tensor:
    return _joined(F.conv_transpose2d(x, w, stride=2, padding=1, output_padding=1), skip, v)


@mistake(
    "одно и то же `output_padding` для обеих осей, по высоте. У ширины может не хватать другого числа.",
    "one `output_padding` for both axes, found from the height. The width may lack another number.",
)
def height_for_both(x: Tensor, skip: Tensor, w: Tensor, v: Tensor) -> Tensor:
    lacking = skip.shape[2] - (2 * x.shape[2] - 1)
    return _joined(F.conv_transpose2d(x, w, stride=2, padding=1, output_padding=lacking), skip, v)


@mistake(
    "карта растянута до размера `skip` интерполяцией. Размер сошёлся, но пиксели съехали со своих мест.",
    "the map is stretched to the size of `skip` by interpolation. The size agrees, but the pixels have left "
    "their places.",
)
def interpolated(x: Tensor, skip: Tensor, w: Tensor, v: Tensor) -> Tensor:
    y = F.conv_transpose2d(x, w, stride=2, padding=1)
    return _joined(F.interpolate(y, size=skip.shape[2:]), skip, v)


@mistake(
    "`skip` поставлен перед увеличенной картой. Веса `v` ждут сначала её каналы.",
    "`skip` stands before the enlarged map. The weights `v` expect the map's channels first.",
)
def skip_first(x: Tensor, skip: Tensor, w: Tensor, v: Tensor) -> Tensor:
    lacking = [m - (2 * n - 1) for m, n in zip(skip.shape[2:], x.shape[2:])]
    y = F.conv_transpose2d(x, w, stride=2, padding=1, output_padding=lacking)
    return _joined(skip, y, v)


def _case(x: tuple[int, int], skip: tuple[int, int], channels: int = 1) -> dict[str, object]:
    return {
        "x": primes(1, channels, *x),
        "skip": primes(1, channels, *skip, start=5),
        "w": primes(channels, channels, 3, 3, start=2) / 2,
        "v": primes(1, 2 * channels, 3, 3, start=11) / 4,
    }


EXERCISE = Exercise(
    name="ch06.decoder",
    title=Text("Починить декодер", "Repair the decoder"),
    task=Text(
        "Декодер увеличивает `x`, присоединяет `skip` и применяет свёртку. Он обучен на одном размере и "
        "падает на других. Почините его, не меняя `k`, `s` и `p`: `skip` бывает любого размера, который "
        "свёртка k3 s2 p1 переводит в размер `x`.",
        "The decoder enlarges `x`, joins `skip` to it and convolves. It was trained at one size and breaks "
        "at others. Repair it without changing `k`, `s` and `p`: `skip` has any size that the convolution k3 "
        "s2 p1 takes to the size of `x`.",
    ),
    stub=STUB,
    reference=decoder,
    mistakes=(
        zeros_appended,
        wrong_side,
        cropped_at_the_end,
        skip_cropped,
        always_one,
        height_for_both,
        interpolated,
        skip_first,
    ),
    cases=(
        _case((2, 2), (3, 3)),
        _case((2, 2), (4, 4)),
        _case((2, 3), (4, 5)),
        _case((2, 3), (3, 6)),
        _case((2, 2), (4, 4), channels=2),
    ),
    hints=(
        Text(
            "Запустите заготовку сами, со `skip` размера 3 × 3 и 4 × 4 при `x` размера 2 × 2, и сравните "
            "формы `y` и `skip`.",
            "Run the code as it is, with `x` of 2 × 2 and `skip` of 3 × 3 and of 4 × 4, and compare the "
            "shapes of `y` and `skip`.",
        ),
        Text(
            "k3 s2 p1 делает из `n` пикселей `2 * n - 1`, а `skip` бывает на один больше. Для каждой оси "
            "посчитайте, скольких не хватает.",
            "k3 s2 p1 makes `2 * n - 1` pixels of `n`, and `skip` may have one more. Count for each axis how "
            "many are missing.",
        ),
        Text(
            "Передайте недостающее в `output_padding` парой, по числу на ось: "
            "`[m - (2 * n - 1) for m, n in zip(skip.shape[2:], x.shape[2:])]`.",
            "Pass what is missing as `output_padding`, a pair with one number per axis: "
            "`[m - (2 * n - 1) for m, n in zip(skip.shape[2:], x.shape[2:])]`.",
        ),
    ),
    shapes={
        "without output_padding": Shape(
            lambda x, skip, w, v: (len(x), len(v), 2 * x.shape[2] - 1, 2 * x.shape[3] - 1),
            Text("Таков размер увеличенной карты без починки.", "That is the map's size before the repair."),
        ),
    },
    features={
        "H mod 2 = 0": lambda x, skip, w, v: skip.shape[2] % 2 == 0,
        "H mod 2 ≠ W mod 2": lambda x, skip, w, v: (skip.shape[2] + skip.shape[3]) % 2 == 1,
        "C > 1": lambda x, skip, w, v: x.shape[1] > 1,
    },
    as_tensors=True,
)
