"""The transposed convolutions that lead back through an encoder's sizes, each exactly."""

from typing import Any

import numpy as np
import numpy.typing as npt

from upsample_lib.exercises.cases import Shape, mistake
from upsample_lib.exercises.exercise import Exercise
from upsample_lib.exercises.language import Text

Table = npt.NDArray[np.int64]

STUB = """def mirror(size, layers):
    rows = []  # C_in, C_out, k, s, p, a
    ...
    return np.array(rows)
"""


def mirror(size: int, layers: Table) -> Table:
    rows = []
    for c_in, c_out, k, s, p in layers:
        small = (size + 2 * p - k) // s + 1
        a = size - ((small - 1) * s - 2 * p + k)
        rows.append((c_out, c_in, k, s, p, a))
        size = small
    return np.array(rows[::-1])


@mistake(
    "`output_padding` везде 0. Те же k, s, p возвращают размер, только если свёртка делила без остатка; "
    "остаток и есть a.",
    "`output_padding` is 0 throughout. The same k, s, p bring a size back only where the convolution divided "
    "without a remainder; that remainder is a.",
    misconception=10,
)
def nothing_added(size: int, layers: Table) -> Table:
    table = mirror(size, layers)
    table[:, 5] = 0
    return table


@mistake(
    "`output_padding` везде s − 1. Столько не хватает только при самом большом остатке, а на других "
    "размерах выход станет больше входа.",
    "`output_padding` is s − 1 throughout. That much is missing only where the remainder is largest; at "
    "other sizes the output becomes larger than the input.",
    misconception=10,
)
def always_most(size: int, layers: Table) -> Table:
    table = mirror(size, layers)
    table[:, 5] = table[:, 3] - 1
    return table


@mistake(
    "a взято как остаток `n % s`. Свёртка округляет не n/s, а (n + 2p − k)/s: остаток нужен от него.",
    "a is taken as the remainder `n % s`. What the convolution rounds is not n/s but (n + 2p − k)/s: it is "
    "that remainder.",
)
def remainder_of_the_size(size: int, layers: Table) -> Table:
    rows = []
    for c_in, c_out, k, s, p in layers:
        rows.append((c_out, c_in, k, s, p, size % s))
        size = (size + 2 * p - k) // s + 1
    return np.array(rows[::-1])


@mistake(
    "размеры энкодера округлены вверх, как при `ceil_mode=True`. Свёртка округляет вниз: ⌊(n + 2p − k)/s⌋ "
    "+ 1.",
    "the encoder's sizes are rounded up, as with `ceil_mode=True`. A convolution rounds down: ⌊(n + 2p − "
    "k)/s⌋ + 1.",
)
def rounded_up(size: int, layers: Table) -> Table:
    rows = []
    for c_in, c_out, k, s, p in layers:
        small = -(-(size + 2 * p - k) // s) + 1
        a = size - ((small - 1) * s - 2 * p + k)
        rows.append((c_out, c_in, k, s, p, a))
        size = small
    return np.array(rows[::-1])


@mistake(
    "a посчитаны не по дороге вниз: у каждого слоя взят исходный размер изображения. Второй слой получает "
    "то, что вышло из первого.",
    "a is not computed on the way down: each layer is given the size of the original image. The second layer "
    "receives what the first has made.",
)
def size_kept(size: int, layers: Table) -> Table:
    rows = []
    for c_in, c_out, k, s, p in layers:
        rows.append((c_out, c_in, k, s, p, (size + 2 * p - k) % s))
    return np.array(rows[::-1])


@mistake(
    "порядок остался как в энкодере. Декодер идёт обратно: первым — зеркало последнего слоя.",
    "the order is still the encoder's. A decoder walks back: the mirror of the last layer comes first.",
)
def not_reversed(size: int, layers: Table) -> Table:
    return mirror(size, layers)[::-1]


@mistake(
    "порядок слоёв обратный, а столбец a остался в порядке энкодера.",
    "the layers are reversed, but the column a is still in the encoder's order.",
)
def paddings_not_reversed(size: int, layers: Table) -> Table:
    table = mirror(size, layers)
    table[:, 5] = table[::-1, 5]
    return table


@mistake(
    "C_in и C_out те же, что в энкодере. Зеркальный слой получает столько каналов, сколько слой энкодера "
    "отдал: C_in и C_out меняются местами.",
    "C_in and C_out are the encoder's. The mirror layer receives what the encoder's layer gave: they swap "
    "places.",
)
def channels_kept(size: int, layers: Table) -> Table:
    return mirror(size, layers)[:, [1, 0, 2, 3, 4, 5]]


@mistake(
    "вместо p стоит k − p − 1. Столько нулей добавляет рецепт; в `nn.ConvTranspose2d` передают p самой "
    "свёртки, и он столько срезает.",
    "there is k − p − 1 in place of p. That is how many zeros the recipe adds; `nn.ConvTranspose2d` is given "
    "the convolution's own p, and crops that much.",
    misconception=7,
)
def recipes_padding(size: int, layers: Table) -> Table:
    table = mirror(size, layers)
    table[:, 4] = table[:, 2] - table[:, 4] - 1
    return table


def _case(size: int, *layers: tuple[int, int, int, int, int]) -> dict[str, Any]:
    return {"size": size, "layers": np.array(layers)}


EXERCISE = Exercise(
    name="ch10.mirror",
    title=Text("Декодер по энкодеру", "A decoder to fit the encoder"),
    task=Text(
        "Энкодер — список свёрток, строка `C_in, C_out, k, s, p`; на вход идёт изображение со стороной "
        "`size`, любой. Составьте список транспонированных свёрток, которые в обратном порядке ровно "
        "возвращают все его размеры. Строка: `C_in, C_out, k, s, p, a`, где a — `output_padding`.",
        "An encoder is a list of convolutions, rows of `C_in, C_out, k, s, p`; its input is a square image "
        "of any side, `size`. List the transposed convolutions that bring back all its sizes in reverse "
        "order, each exactly. A row is `C_in, C_out, k, s, p, a`, where a is `output_padding`.",
    ),
    stub=STUB,
    reference=mirror,
    mistakes=(
        nothing_added,
        always_most,
        remainder_of_the_size,
        rounded_up,
        size_kept,
        not_reversed,
        paddings_not_reversed,
        channels_kept,
        recipes_padding,
    ),
    cases=(
        _case(8, (1, 3, 3, 2, 1)),
        _case(9, (1, 3, 3, 2, 1)),
        _case(28, (1, 16, 3, 2, 1), (16, 32, 3, 2, 1), (32, 64, 3, 2, 1)),
        _case(50, (3, 5, 5, 3, 2), (5, 7, 4, 2, 1)),
        _case(51, (3, 5, 5, 3, 2), (5, 7, 4, 2, 1), (7, 11, 2, 2, 0)),
        _case(13, (2, 2, 3, 1, 0), (2, 2, 4, 2, 1)),
    ),
    hints=(
        Text(
            "Сначала пройдите энкодер вниз и запишите размер перед каждым слоем: после него остаётся ⌊(n + "
            "2p − k)/s⌋ + 1.",
            "First walk down the encoder and note the size before each layer: after it ⌊(n + 2p − k)/s⌋ + 1 "
            "is left.",
        ),
        Text(
            "Из m пикселей слой с теми же k, s, p сделает (m − 1)·s − 2p + k. Насколько это меньше размера, "
            "который был перед свёрткой?",
            "From m pixels the layer with the same k, s, p makes (m − 1)·s − 2p + k. By how much is that "
            "less than the size before the convolution?",
        ),
        Text(
            "В цикле: `small = (size + 2 * p - k) // s + 1`, строка `(c_out, c_in, k, s, p, size - ((small - "
            "1) * s - 2 * p + k))`, потом `size = small`. В конце `rows[::-1]`.",
            "In the loop: `small = (size + 2 * p - k) // s + 1`, the row `(c_out, c_in, k, s, p, size - "
            "((small - 1) * s - 2 * p + k))`, then `size = small`. At the end `rows[::-1]`.",
        ),
    ),
    shapes={
        "no a": Shape(
            lambda size, layers: (len(layers), 5),
            Text(
                "Шестого столбца, `output_padding`, нет.", "The sixth column, `output_padding`, is missing."
            ),
        ),
        "transposed": Shape(
            lambda size, layers: (6, len(layers)),
            Text("Строки и столбцы поменялись местами.", "Rows and columns have swapped places."),
        ),
    },
    features={
        "L > 1": lambda size, layers: len(layers) > 1,
        "a > 0": lambda size, layers: bool(mirror(size, layers)[:, 5].any()),
    },
)
