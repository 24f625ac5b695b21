"""The kernels with which CARAFE's reassembly is bilinear upsampling, in PyTorch."""

import torch
from torch import Tensor

from upsample_lib.exercises.cases import Shape, mistake
from upsample_lib.exercises.exercise import Exercise
from upsample_lib.exercises.language import Text

STUB = """def bilinear_kernels(height, width, s):
    ...
"""


def bilinear_kernels(height: int, width: int, s: int) -> torch.Tensor:
    def taps(n: int) -> torch.Tensor:
        j = torch.arange(s * n)
        u = ((j + 0.5) / s - 0.5).clamp(0, n - 1)
        d = u - j // s
        return torch.stack([(-d).clamp(min=0), 1 - d.abs(), d.clamp(min=0)])

    kernels = torch.einsum("pi,qj->pqij", taps(height), taps(width))
    return kernels.reshape(1, 9, s * height, s * width)


def _outer(rows: Tensor, columns: Tensor) -> Tensor:
    return torch.einsum("pi,qj->pqij", rows, columns).reshape(1, 9, rows.shape[1], columns.shape[1])


def _three(points: Tensor, s: int) -> Tensor:
    """Weights of the left, the own and the right pixel for reading at these points."""
    d = points - torch.arange(len(points)) // s
    return torch.stack([(-d).clamp(min=0), 1 - d.abs(), d.clamp(min=0)])


def _centres(n: int, s: int) -> Tensor:
    return (torch.arange(s * n) + 0.5) / s - 0.5


@mistake(
    "весь вес отдан середине: это ближайший сосед.",
    "all the weight is on the centre: that is nearest neighbour.",
)
def nearest_only(height: int, width: int, s: int) -> Tensor:
    kernels = torch.zeros(1, 9, s * height, s * width)
    kernels[:, 4] = 1
    return kernels


@mistake(
    "совмещены центры крайних пикселей, как при `align_corners=True`: веса зависят от размера карты. Здесь "
    "совпадают края, `u = (j + ½)/s − ½`.",
    "the centres of the outermost pixels are aligned, as with `align_corners=True`: the weights depend "
    "on the size of the map. Here the edges coincide, `u = (j + ½)/s − ½`.",
    misconception=16,
)
def corners_aligned(height: int, width: int, s: int) -> Tensor:
    return _outer(*(_three(torch.arange(s * n) * ((n - 1) / max(s * n - 1, 1)), s) for n in (height, width)))


@mistake(
    "забыта половина: центр пикселя `j` лежит в `j + ½`, а не в `j`.",
    "the half is forgotten: the centre of pixel `j` lies at `j + ½`, not at `j`.",
)
def without_half(height: int, width: int, s: int) -> Tensor:
    return _outer(*(_three((torch.arange(s * n) / s).clamp(max=n - 1), s) for n in (height, width)))


@mistake(
    "у края часть веса уходит за изображение, где стоят нули, и выход там темнеет. Точку надо вернуть на "
    "изображение: `clamp(0, n − 1)`.",
    "near the border some weight goes outside the image, where there are zeros, and the output darkens. The "
    "point must be brought back into the image: `clamp(0, n − 1)`.",
)
def weight_lost_at_the_border(height: int, width: int, s: int) -> Tensor:
    return _outer(*(_three(_centres(n, s), s) for n in (height, width)))


@mistake(
    "ядра перевёрнуты: вес левого соседа достался правому. Пересборка, как и `F.conv2d`, ничего не "
    "переворачивает.",
    "the kernels are flipped: the left neighbour's weight went to the right one. Reassembly, like "
    "`F.conv2d`, flips nothing.",
)
def flipped(height: int, width: int, s: int) -> Tensor:
    return bilinear_kernels(height, width, s).flip(1)


@mistake(
    "веса пронумерованы по столбцам. Вес строки `a` и столбца `b` стоит в канале `3·a + b`.",
    "the taps are numbered down the columns. The tap of row `a` and column `b` is in channel `3·a + b`.",
)
def columns_first(height: int, width: int, s: int) -> Tensor:
    kernels = bilinear_kernels(height, width, s)
    return kernels.view(1, 3, 3, *kernels.shape[2:]).transpose(1, 2).reshape(kernels.shape)


@mistake(
    "интерполированы только столбцы, вдоль строк взят ближайший сосед.",
    "only the columns are interpolated; from row to row it is nearest neighbour.",
)
def columns_only(height: int, width: int, s: int) -> Tensor:
    own = torch.zeros(3, s * height)
    own[1] = 1
    return _outer(own, _three(_centres(width, s).clamp(0, width - 1), s))


EXERCISE = Exercise(
    name="ch12.bilinear_kernels",
    title=Text("CARAFE как билинейная интерполяция", "CARAFE as bilinear interpolation"),
    task=Text(
        "Верните ядра формы `(1, 9, s·height, s·width)`, с которыми пересборка с k = 3 станет билинейной "
        "интерполяцией с полупиксельными центрами — всюду, до самых краёв. Канал `3·a + b` — вес строки "
        "`a` и столбца `b` окрестности.",
        "Return kernels of shape `(1, 9, s·height, s·width)` that turn reassembly with k = 3 into bilinear "
        "interpolation with half-pixel centres everywhere, right up to the borders. Channel `3·a + b` is "
        "the weight of row `a` and column `b` of the neighbourhood.",
    ),
    stub=STUB,
    reference=bilinear_kernels,
    mistakes=(
        nearest_only,
        corners_aligned,
        without_half,
        weight_lost_at_the_border,
        flipped,
        columns_first,
        columns_only,
    ),
    cases=(
        {"height": 1, "width": 2, "s": 2},
        {"height": 2, "width": 3, "s": 2},
        {"height": 3, "width": 2, "s": 3},
        {"height": 4, "width": 5, "s": 4},
    ),
    hints=(
        Text(
            "Ядро — произведение весов вдоль строк и вдоль столбцов. Найдите три веса для одной оси.",
            "A kernel is the product of weights along rows and along columns. Find the three weights of one "
            "axis.",
        ),
        Text(
            "Выход `j` читается в точке `u = (j + ½)/s − ½`, а середина его окрестности — пиксель `j // s`. "
            "Пусть `d = u − j // s`. Какому соседу сколько веса при `d < 0` и при `d > 0`?",
            "Output `j` is read at `u = (j + ½)/s − ½`, and the centre of its neighbourhood is pixel `j "
            "// s`. Let `d = u − j // s`. Which pixel gets how much weight for `d < 0`, and for `d > 0`?",
        ),
        Text(
            "`torch.stack([(-d).clamp(min=0), 1 - d.abs(), d.clamp(min=0)])`, где `u` сначала прижато к "
            "`0 … n "
            '− 1`; потом `torch.einsum("pi,qj->pqij", rows, columns)`.',
            "`torch.stack([(-d).clamp(min=0), 1 - d.abs(), d.clamp(min=0)])`, with `u` first clamped to "
            "`0 … n − 1`; "
            'then `torch.einsum("pi,qj->pqij", rows, columns)`.',
        ),
    ),
    shapes={
        "not shuffled": Shape(
            lambda height, width, s: (1, 9 * s * s, height, width),
            Text(
                "Ядра ещё лежат в сетке входа, по s² на пиксель: нужна перестановка пикселей.",
                "The kernels still lie on the input grid, s² for each pixel: the pixel shuffle is missing.",
            ),
        ),
        "input's size": Shape(
            lambda height, width, s: (1, 9, height, width),
            Text(
                "По ядру на входной пиксель, а нужно на каждый выходной.",
                "That is one kernel for each input pixel; each output pixel needs one.",
            ),
        ),
    },
    features={
        "s > 2": lambda height, width, s: s > 2,
        "H > 1": lambda height, width, s: height > 1,
    },
    as_tensors=True,
)
