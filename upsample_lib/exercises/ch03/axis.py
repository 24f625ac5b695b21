"""Linear interpolation along one axis, as a matrix."""

import numpy as np

from upsample_lib.exercises.cases import Array, Shape, mistake
from upsample_lib.exercises.ch03.ready_made import MATRICES, RESIZING
from upsample_lib.exercises.exercise import Exercise
from upsample_lib.exercises.language import Text

STUB = """def linear_matrix(n, m, align_corners=False):
    ...
"""


def linear_matrix(n: int, m: int, align_corners: bool = False) -> Array:
    j = np.arange(m)
    u = j * (n - 1) / max(m - 1, 1) if align_corners else (j + 0.5) * n / m - 0.5
    u = u.clip(0, n - 1)
    low = np.floor(u).astype(int)
    W = np.zeros((m, n))
    W[j, low] += 1 - (u - low)
    W[j, np.minimum(low + 1, n - 1)] += u - low
    return W


@mistake(
    "при `align_corners=True` шаг взят равным `n / m`, то есть зависит только от множителя. На деле он равен "
    "`(n − 1) / (m − 1)` и у каждого размера свой.",
    "with `align_corners=True` the step is `n / m`, which depends on the factor alone. In truth it is `(n − "
    "1) / (m − 1)`, different for every size.",
    misconception=16,
)
def corners_by_the_factor(n: int, m: int, align_corners: bool = False) -> Array:
    if not align_corners:
        return linear_matrix(n, m)
    return _from_coordinates(np.arange(m) * n / m, n)


@mistake(
    "`align_corners` не используется: всегда совмещены края картинок.",
    "`align_corners` is not used: the edges of the pictures always coincide.",
)
def edges_always(n: int, m: int, align_corners: bool = False) -> Array:
    return linear_matrix(n, m)


@mistake(
    "`align_corners` не используется: всегда совмещены центры угловых пикселей.",
    "`align_corners` is not used: the centres of the corner pixels always coincide.",
)
def corners_always(n: int, m: int, align_corners: bool = False) -> Array:
    return linear_matrix(n, m, align_corners=True)


@mistake(
    "забыты полпикселя: при `align_corners=False` центр выходного пикселя `j` лежит в координате "
    "`(j + 0.5) * n / m - 0.5`.",
    "half a pixel is forgotten: with `align_corners=False` the centre of output pixel `j` has the coordinate "
    "`(j + 0.5) * n / m - 0.5`.",
)
def half_pixel_forgotten(n: int, m: int, align_corners: bool = False) -> Array:
    if align_corners:
        return linear_matrix(n, m, align_corners=True)
    return _from_coordinates(np.arange(m) * n / m, n)


@mistake(
    "за краем вход продолжен по прямой, и веса вышли за пределы от 0 до 1. Там повторяется крайний пиксель.",
    "beyond the border the input is continued along a straight line, and weights left the range from 0 to 1. "
    "The border pixel is repeated there.",
)
def extrapolated(n: int, m: int, align_corners: bool = False) -> Array:
    if align_corners or n == 1:
        return linear_matrix(n, m, align_corners)
    j = np.arange(m)
    u = (j + 0.5) * n / m - 0.5
    low = np.floor(u).astype(int).clip(0, n - 2)
    W = np.zeros((m, n))
    W[j, low], W[j, low + 1] = 1 - (u - low), u - low
    return W


@mistake(
    "вес соседа, которого нет, потерян: у края сумма строки меньше 1, и картинка там темнеет. Отдайте этот "
    "вес крайнему пикселю.",
    "the weight of a missing neighbour is lost: at the border a row sums to less than 1, and the picture "
    "darkens there. Give that weight to the border pixel.",
)
def zeros_beyond(n: int, m: int, align_corners: bool = False) -> Array:
    if align_corners:
        return linear_matrix(n, m, align_corners=True)
    u = (np.arange(m) + 0.5) * n / m - 0.5
    return np.maximum(1 - abs(u[:, None] - np.arange(n)), 0)


@mistake(
    "веса, попавшие в один и тот же крайний пиксель, не сложены: второй затёр первый (`=` вместо `+=`).",
    "weights that meet in the border pixel are not added: the second has wiped out the first (`=` for `+=`).",
)
def overwritten(n: int, m: int, align_corners: bool = False) -> Array:
    j = np.arange(m)
    u = j * (n - 1) / max(m - 1, 1) if align_corners else (j + 0.5) * n / m - 0.5
    low = np.floor(u).astype(int)
    W = np.zeros((m, n))
    W[j, low.clip(0)] = 1 - (u - low)
    W[j, np.minimum(low + 1, n - 1)] = u - low
    return W


@mistake(
    "веса двух соседей перепутаны: чем ближе пиксель, тем больше его вес.",
    "the weights of the two neighbours are swapped: the nearer a pixel, the larger its weight.",
)
def weights_swapped(n: int, m: int, align_corners: bool = False) -> Array:
    W = linear_matrix(n, m, align_corners)
    for row in W:
        used = np.flatnonzero(row)
        row[used] = row[used[::-1]]
    return W


@mistake(
    "строки и столбцы поменялись местами: строк столько, сколько выходов, столбцов — сколько входов.",
    "rows and columns have changed places: there are as many rows as outputs and as many columns as inputs.",
)
def transposed(n: int, m: int, align_corners: bool = False) -> Array:
    return linear_matrix(n, m, align_corners).T


def _from_coordinates(u: Array, n: int) -> Array:
    return np.maximum(1 - abs(u.clip(0, n - 1)[:, None] - np.arange(n)), 0)


EXERCISE = Exercise(
    name="ch03.linear_matrix",
    title=Text("Матрица линейной интерполяции", "The matrix of linear interpolation"),
    task=Text(
        "Постройте матрицу `m × n`, которая умножением превращает `n` пикселей в `m` линейной интерполяцией, "
        "при обоих значениях `align_corners`. За краем повторяется крайний пиксель.",
        "Build the `m × n` matrix that turns `n` pixels into `m` by linear interpolation, for both values of "
        "`align_corners`. Beyond the border the border pixel is repeated.",
    ),
    stub=STUB,
    reference=linear_matrix,
    mistakes=(
        corners_by_the_factor,
        edges_always,
        corners_always,
        half_pixel_forgotten,
        extrapolated,
        zeros_beyond,
        overwritten,
        weights_swapped,
        transposed,
    ),
    cases=(
        {"n": 3, "m": 3, "align_corners": False},
        {"n": 2, "m": 4, "align_corners": False},
        {"n": 2, "m": 4, "align_corners": True},
        {"n": 4, "m": 8, "align_corners": True},
        {"n": 3, "m": 5, "align_corners": False},
        {"n": 7, "m": 3, "align_corners": False},
        {"n": 5, "m": 1, "align_corners": True},
        {"n": 1, "m": 3, "align_corners": False},
    ),
    hints=(
        Text(
            "Для каждого выхода нужна координата, в которой он читает вход. Прижмите её к отрезку от 0 до "
            "`n - 1`: `u.clip(0, n - 1)`.",
            "Each output needs the coordinate at which it reads the input. Clip it to the range from 0 to "
            "`n - 1`: `u.clip(0, n - 1)`.",
        ),
        Text(
            "Соседи координаты `u` — это `low = floor(u)` и `low + 1`, их веса `1 - t` и `t`, где `t = u - "
            "low`. Что, если `low + 1` равно `n`?",
            "The neighbours of `u` are `low = floor(u)` and `low + 1`; their weights are `1 - t` and `t` "
            "with `t = u - low`. What if `low + 1` is `n`?",
        ),
        Text(
            "`W[j, low] += 1 - t`, затем `W[j, np.minimum(low + 1, n - 1)] += t`; координаты: `j * (n - 1) / "
            "max(m - 1, 1)` или `(j + 0.5) * n / m - 0.5`.",
            "`W[j, low] += 1 - t`, then `W[j, np.minimum(low + 1, n - 1)] += t`; the coordinates are `j * "
            "(n - 1) / max(m - 1, 1)` or `(j + 0.5) * n / m - 0.5`.",
        ),
    ),
    shapes={
        "transposed": Shape(
            lambda n, m, align_corners: (n, m),
            Text("Строки и столбцы поменялись местами.", "Rows and columns have changed places."),
        ),
        "coordinates only": Shape(
            lambda n, m, align_corners: (m,),
            Text(
                "Это одно число на выход, а нужна строка весов.",
                "That is a number for each output; a row of weights is wanted.",
            ),
        ),
    },
    features={
        "align_corners = True": lambda n, m, align_corners: align_corners,
        "align_corners = False": lambda n, m, align_corners: not align_corners,
        "m < n": lambda n, m, align_corners: m < n,
        "m > n": lambda n, m, align_corners: m > n,
        "m = 1": lambda n, m, align_corners: m == 1,
        "n = 1": lambda n, m, align_corners: n == 1,
    },
    forbidden=(*RESIZING, *MATRICES),
)
