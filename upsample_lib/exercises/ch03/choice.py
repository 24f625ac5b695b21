"""Which pixels nearest neighbour picks under a given factor."""

import numpy as np
import numpy.typing as npt

from upsample_lib.exercises.cases import Shape, mistake
from upsample_lib.exercises.ch03.ready_made import MATRICES, RESIZING
from upsample_lib.exercises.exercise import Exercise
from upsample_lib.exercises.language import Text

Indices = npt.NDArray[np.int64]

STUB = """def chosen(n, factor, exact=False):
    ...
"""


def chosen(n: int, factor: float, exact: bool = False) -> Indices:
    j = np.arange(int(n * factor))
    u = (j + (0.5 if exact else 0)) / factor
    return u.astype(int)


@mistake(
    "`exact` не используется: так выбирает `nearest-exact`, из центра пикселя. Режим `nearest` смотрит из "
    "его левого края.",
    "`exact` is not used: this is what `nearest-exact` picks, looking from the pixel's centre. The mode "
    "`nearest` looks from its left edge.",
    misconception=17,
)
def always_from_the_centre(n: int, factor: float, exact: bool = False) -> Indices:
    return chosen(n, factor, exact=True)


@mistake(
    "`exact` не используется: так выбирает `nearest`, из левого края пикселя. `nearest-exact`, как Pillow, "
    "scikit-image и SciPy, смотрит из центра.",
    "`exact` is not used: this is what `nearest` picks, looking from the pixel's left edge. `nearest-exact` "
    "looks from the centre, and so do Pillow, scikit-image and SciPy.",
    misconception=17,
)
def always_from_the_edge(n: int, factor: float, exact: bool = False) -> Indices:
    return chosen(n, factor)


@mistake(
    "режимы перепутаны: из центра смотрит `nearest-exact`, из левого края — `nearest`.",
    "the modes are mixed up: `nearest-exact` looks from the centre, `nearest` from the left edge.",
    misconception=17,
)
def modes_swapped(n: int, factor: float, exact: bool = False) -> Indices:
    return chosen(n, factor, not exact)


@mistake(
    "шаг взят равным отношению размеров, `n / m`. PyTorch читает вход с шагом `1 / factor`, пока его не "
    "попросят пересчитать множитель.",
    "the step is the ratio of the sizes, `n / m`. PyTorch reads the input with a step of `1 / factor` unless "
    "it is asked to recompute the factor.",
    misconception=18,
)
def step_of_the_sizes(n: int, factor: float, exact: bool = False) -> Indices:
    m = int(n * factor)
    return chosen(n, m / n, exact)


@mistake(
    "размер выхода округлён до ближайшего целого, а надо вниз.",
    "the output size is rounded to the nearest integer; it should be rounded down.",
)
def size_rounded(n: int, factor: float, exact: bool = False) -> Indices:
    u = (np.arange(round(n * factor)) + (0.5 if exact else 0)) / factor
    return u.astype(int)


@mistake(
    "координата округлена до ближайшего целого, а надо вниз: пиксель с номером `i` занимает отрезок от `i` "
    "до `i + 1`.",
    "the coordinate is rounded to the nearest integer; it should be rounded down: pixel number `i` reaches "
    "from `i` to `i + 1`.",
)
def place_rounded(n: int, factor: float, exact: bool = False) -> Indices:
    u = (np.arange(int(n * factor)) + (0.5 if exact else 0)) / factor
    return np.round(u).astype(int)


@mistake(
    "совмещены центры угловых пикселей, как при `align_corners=True`. Ближайший сосед так не делает.",
    "the centres of the corner pixels are aligned, as with `align_corners=True`. Nearest neighbour does not "
    "do that.",
)
def corners_aligned(n: int, factor: float, exact: bool = False) -> Indices:
    m = int(n * factor)
    return (np.arange(m) * (n - 1) / max(m - 1, 1) + 0.5).astype(int)


@mistake(
    "номер умножен на `factor`, а надо поделить: идём от выхода ко входу.",
    "the index is multiplied by `factor` instead of divided: the way leads from the output to the input.",
)
def multiplied(n: int, factor: float, exact: bool = False) -> Indices:
    u = (np.arange(int(n * factor)) + (0.5 if exact else 0)) * factor
    return u.astype(int)


EXERCISE = Exercise(
    name="ch03.chosen",
    title=Text("Кого выбирает ближайший сосед", "Whom nearest neighbour picks"),
    task=Text(
        "Строку из `n` пикселей передали в `F.interpolate(x, scale_factor=factor)`. Верните номера пикселей, "
        "которые прочтёт режим `nearest`, а при `exact=True` — режим `nearest-exact`.",
        "A row of `n` pixels goes into `F.interpolate(x, scale_factor=factor)`. Return the indices of the "
        "pixels that the mode `nearest` reads, and with `exact=True` those that `nearest-exact` reads.",
    ),
    stub=STUB,
    reference=chosen,
    mistakes=(
        always_from_the_centre,
        always_from_the_edge,
        modes_swapped,
        step_of_the_sizes,
        size_rounded,
        place_rounded,
        corners_aligned,
        multiplied,
    ),
    cases=(
        {"n": 2, "factor": 3.0, "exact": False},
        {"n": 5, "factor": 0.6, "exact": False},
        {"n": 5, "factor": 0.6, "exact": True},
        {"n": 4, "factor": 1.7, "exact": False},
        {"n": 4, "factor": 1.7, "exact": True},
        {"n": 7, "factor": 0.4, "exact": True},
        {"n": 3, "factor": 2.5, "exact": False},
    ),
    hints=(
        Text(
            "Сначала размер: `m = int(n * factor)`. В какой точке входа лежит левый край выходного пикселя "
            "`j`?",
            "First the size: `m = int(n * factor)`. At which point of the input does the left edge of output "
            "pixel `j` lie?",
        ),
        Text(
            "Левый край пикселя `j` — точка `j / factor`, центр — точка `(j + 0.5) / factor`. Пиксель входа "
            "с номером `i` занимает отрезок от `i` до `i + 1`.",
            "The left edge of pixel `j` is the point `j / factor`, its centre is `(j + 0.5) / factor`. Input "
            "pixel number `i` reaches from `i` to `i + 1`.",
        ),
        Text(
            "`u = (j + (0.5 if exact else 0)) / factor`, затем `np.floor(u).astype(int)`.",
            "`u = (j + (0.5 if exact else 0)) / factor`, then `np.floor(u).astype(int)`.",
        ),
    ),
    shapes={
        "rounded up": Shape(
            lambda n, factor, exact: (int(np.ceil(n * factor)),),
            Text("Размер округлён вверх, а надо вниз.", "The size is rounded up; it should be rounded down."),
        ),
        "input's size": Shape(
            lambda n, factor, exact: (n,),
            Text(
                "Это размер входа; номеров столько, сколько пикселей на выходе.",
                "That is the input's size; there are as many indices as output pixels.",
            ),
        ),
    },
    features={
        "exact = True": lambda n, factor, exact: exact,
        "exact = False": lambda n, factor, exact: not exact,
        "factor < 1": lambda n, factor, exact: factor < 1,
        "factor ∉ ℤ": lambda n, factor, exact: factor % 1 != 0,
        "n·factor ∉ ℤ": lambda n, factor, exact: (n * factor) % 1 != 0,
    },
    forbidden=(*RESIZING, *MATRICES),
)
