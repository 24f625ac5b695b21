"""The transposed convolutions of a DCGAN generator, from 1 × 1 to the image."""

from typing import Any

import numpy as np
import numpy.typing as npt

from upsample_lib.exercises.cases import Shape, mistake
from upsample_lib.exercises.exercise import Exercise
from upsample_lib.exercises.language import Text

Table = npt.NDArray[np.int64]

STUB = """def plan(size, latent, width, channels):
    rows = []  # C_in, C_out, k, s, p
    ...
    return np.array(rows)
"""


def plan(size: int, latent: int, width: int, channels: int) -> Table:
    side, wide = 4, width * size // 8
    rows = [(latent, wide, 4, 1, 0)]
    while side < size:
        side *= 2
        narrow = channels if side == size else wide // 2
        rows.append((wide, narrow, 4, 2, 1))
        wide = narrow
    return np.array(rows)


def _doublings(size: int, latent: int, width: int, channels: int) -> Table:
    return plan(size, latent, width, channels)[1:]


@mistake(
    "первый слой тоже удваивает: из 1 × 1 слой k4 s2 p1 делает 2 × 2. Чтобы получить сразу 4 × 4, нужен "
    "шаг 1 без дополнения: (1 − 1)·1 + 4 = 4.",
    "the first layer doubles too: k4 s2 p1 turns 1 × 1 into 2 × 2. To get 4 × 4 at once it needs stride 1 "
    "and no padding: (1 − 1)·1 + 4 = 4.",
)
def first_layer_doubles(size: int, latent: int, width: int, channels: int) -> Table:
    table = plan(size, latent, width, channels)
    table[0, 3:] = 2, 1
    return table


@mistake(
    "удвоения сделаны как k3 s2 p1: (n − 1)·2 − 2 + 3 = 2n − 1. После 4 × 4 выйдет 7 × 7, до степени "
    "двойки одного пикселя не хватит.",
    "the doublings are k3 s2 p1: (n − 1)·2 − 2 + 3 = 2n − 1. From 4 × 4 comes 7 × 7, one pixel short of a "
    "power of two.",
)
def three_by_three(size: int, latent: int, width: int, channels: int) -> Table:
    table = plan(size, latent, width, channels)
    table[1:, 2] = 3
    return table


@mistake(
    "удвоения не дополнены: k4 s2 p0 даёт 2n + 2.",
    "the doublings have no padding: k4 s2 p0 gives 2n + 2.",
)
def not_cropped(size: int, latent: int, width: int, channels: int) -> Table:
    table = plan(size, latent, width, channels)
    table[1:, 4] = 0
    return table


@mistake(
    "число каналов растёт к выходу. У DCGAN наоборот: чем больше карта, тем меньше каналов, у последней "
    "скрытой их `width`.",
    "the number of channels grows towards the output. DCGAN has it the other way round: the larger the "
    "map, the fewer the channels; the last hidden one has `width`.",
)
def widths_grow(size: int, latent: int, width: int, channels: int) -> Table:
    table = plan(size, latent, width, channels)
    table[:-1, 1] = table[:-1, 1][::-1]
    table[1:, 0] = table[:-1, 1]
    return table


@mistake(
    "во всех скрытых картах `width` каналов. У DCGAN их число падает вдвое при каждом удвоении сторон и "
    "доходит до `width`.",
    "all hidden maps have `width` channels. In DCGAN their number is halved with each doubling of the "
    "sides, down to `width`.",
)
def widths_equal(size: int, latent: int, width: int, channels: int) -> Table:
    table = plan(size, latent, width, channels)
    table[:-1, 1] = table[1:, 0] = width
    return table


@mistake(
    "последний слой даёт `width` каналов, а у изображения их `channels`.",
    "the last layer gives `width` channels, but the image has `channels`.",
)
def no_image_at_the_end(size: int, latent: int, width: int, channels: int) -> Table:
    table = plan(size, latent, width, channels)
    table[-1, 1] = width
    return table


@mistake(
    "одного удвоения не хватает: изображение вышло вдвое меньше.",
    "one doubling is missing: the image is half as large.",
)
def one_doubling_short(size: int, latent: int, width: int, channels: int) -> Table:
    table = plan(size, latent, width, channels)
    if len(table) > 2:
        table = np.delete(table, -2, axis=0)
        table[-1, 0] = table[-2, 1]
    return table[:1] if size == 8 else table


@mistake(
    "одно удвоение лишнее: оно нужно, если начинать с 2 × 2, а первый слой даёт 4 × 4.",
    "there is one doubling too many: it would be needed after 2 × 2, but the first layer gives 4 × 4.",
)
def one_doubling_more(size: int, latent: int, width: int, channels: int) -> Table:
    return plan(2 * size, latent, width, channels)


@mistake(
    "столбцы C_in и C_out переставлены: так записаны веса свёртки, `(C_out, C_in, k, k)`, а "
    "`nn.ConvTranspose2d` сперва получает C_in.",
    "the columns C_in and C_out have changed places: a convolution's weights are stored as `(C_out, C_in, "
    "k, k)`, but `nn.ConvTranspose2d` is given C_in first.",
)
def channels_swapped(size: int, latent: int, width: int, channels: int) -> Table:
    return plan(size, latent, width, channels)[:, [1, 0, 2, 3, 4]]


@mistake(
    "нет первого слоя, который превращает вектор в карту 4 × 4.",
    "the first layer, which turns the vector into a 4 × 4 map, is missing.",
)
def no_first_layer(size: int, latent: int, width: int, channels: int) -> Table:
    return _doublings(size, latent, width, channels)


def _case(size: int, latent: int, width: int, channels: int) -> dict[str, Any]:
    return {"size": size, "latent": latent, "width": width, "channels": channels}


EXERCISE = Exercise(
    name="ch11.plan",
    title=Text("От вектора до изображения", "From the vector to the image"),
    task=Text(
        "Составьте список транспонированных свёрток генератора DCGAN: первая делает из 1 × 1 карту 4 × 4, "
        "каждая следующая удваивает стороны (k4 s2 p1), пока не выйдет `size` × `size`. У последней "
        "скрытой карты `width` каналов, у каждой предыдущей вдвое больше. Строка: `C_in, C_out, k, s, p`.",
        "List the transposed convolutions of a DCGAN generator: the first makes a 4 × 4 map from 1 × 1, "
        "each further one doubles the sides (k4 s2 p1) until they are `size` × `size`. The last hidden map "
        "has `width` channels, every earlier one twice as many. A row is `C_in, C_out, k, s, p`.",
    ),
    stub=STUB,
    reference=plan,
    mistakes=(
        first_layer_doubles,
        three_by_three,
        not_cropped,
        widths_grow,
        widths_equal,
        no_image_at_the_end,
        one_doubling_short,
        one_doubling_more,
        channels_swapped,
        no_first_layer,
    ),
    cases=(_case(8, 3, 2, 1), _case(16, 5, 2, 3), _case(32, 7, 3, 1), _case(64, 100, 64, 3)),
    hints=(
        Text(
            "Сколько удвоений ведут от 4 к `size`? Столько же будет строк k4 s2 p1, и ещё одна первая.",
            "How many doublings lead from 4 to `size`? That many rows are k4 s2 p1; one more comes first.",
        ),
        Text(
            "Идите от конца: последняя скрытая карта имеет `width` каналов, перед ней `2 * width`, и так "
            "до карты 4 × 4. Значит, первой нужны `width * size // 8`.",
            "Go backwards: the last hidden map has `width` channels, the one before `2 * width`, and so on "
            "to the 4 × 4 map. The first one therefore needs `width * size // 8`.",
        ),
        Text(
            "Первая строка `(latent, wide, 4, 1, 0)`, где `wide = width * size // 8`. Потом, пока `side < "
            "size`: `(wide, wide // 2, 4, 2, 1)`, а у последней вместо `wide // 2` стоит `channels`.",
            "The first row is `(latent, wide, 4, 1, 0)` with `wide = width * size // 8`. Then, while `side "
            "< size`: `(wide, wide // 2, 4, 2, 1)`; the last one has `channels` instead of `wide // 2`.",
        ),
    ),
    shapes={
        "transposed": Shape(
            lambda size, latent, width, channels: (5, int(np.log2(size)) - 1),
            Text("Строки и столбцы поменялись местами.", "Rows and columns have changed places."),
        ),
    },
    features={
        "size > 8": lambda size, latent, width, channels: size > 8,
        "channels > 1": lambda size, latent, width, channels: channels > 1,
    },
)
