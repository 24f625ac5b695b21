"""DySample's reading at moved points by `grid_sample`, in PyTorch."""

from typing import Any, Literal

import torch
import torch.nn.functional as F
from torch import Tensor

from upsample_lib.exercises.cases import Shape, mistake, primes, scattered
from upsample_lib.exercises.exercise import Exercise
from upsample_lib.exercises.language import Text

STUB = """def sample(x, offsets):
    ...
"""


def sample(x: Tensor, offsets: Tensor) -> Tensor:
    h, w = x.shape[2:]
    s = offsets.shape[2] // h
    u = (torch.arange(s * w, dtype=x.dtype) + 0.5) / s + offsets[:, 0]
    v = ((torch.arange(s * h, dtype=x.dtype) + 0.5) / s)[:, None] + offsets[:, 1]
    grid = torch.stack([2 * u / w - 1, 2 * v / h - 1], dim=-1)
    return F.grid_sample(x, grid, padding_mode="border", align_corners=False)


def _grid(x: Tensor, offsets: Tensor, half: float = 0.5, units: float = 1.0) -> Tensor:
    h, w = x.shape[2:]
    s = offsets.shape[2] // h
    u = (torch.arange(s * w, dtype=x.dtype) + half) / s + units * offsets[:, 0]
    v = ((torch.arange(s * h, dtype=x.dtype) + half) / s)[:, None] + units * offsets[:, 1]
    return torch.stack([2 * u / w - 1, 2 * v / h - 1], dim=-1)


def _read(
    x: Tensor,
    grid: Tensor,
    outside: Literal["border", "zeros"] = "border",
    aligned: bool = False,
    mode: Literal["bilinear", "nearest"] = "bilinear",
) -> Tensor:
    return F.grid_sample(x, grid, mode=mode, padding_mode=outside, align_corners=aligned)


@mistake(
    "сдвиги не использованы: это обычная билинейная интерполяция.",
    "the offsets are not used: this is ordinary bilinear interpolation.",
)
def offsets_ignored(x: Tensor, offsets: Tensor) -> Tensor:
    return _read(x, _grid(x, offsets, units=0))


@mistake(
    "`align_corners=True`: −1 и 1 стали центрами крайних пикселей, а сетка посчитана для краёв изображения. "
    "Ошибка зависит от размера карты.",
    "`align_corners=True`: −1 and 1 have become the centres of the outermost pixels, but the grid was "
    "computed for the edges of the image. How wrong it is depends on the size of the map.",
    misconception=16,
)
def corners_aligned(x: Tensor, offsets: Tensor) -> Tensor:
    return _read(x, _grid(x, offsets), aligned=True)


@mistake(
    "в сетке переставлены оси. `grid_sample` ждёт сначала x (столбец), потом y (строку), хотя у тензора "
    "строки идут первыми.",
    "the axes of the grid have changed places. `grid_sample` wants x (the column) first, then y (the row), "
    "although in a tensor rows come first.",
)
def row_before_column(x: Tensor, offsets: Tensor) -> Tensor:
    return _read(x, _grid(x, offsets).flip(3))


@mistake(
    "Δx и Δy переставлены: канал 0 сдвигает вдоль строки.",
    "Δx and Δy have changed places: channel 0 moves along the row.",
)
def offsets_swapped(x: Tensor, offsets: Tensor) -> Tensor:
    return _read(x, _grid(x, offsets.flip(1)))


@mistake(
    "вне изображения прочитаны нули, и у края выход темнеет. Там должен повторяться край: "
    '`padding_mode="border"`.',
    "outside the image zeros are read, and the output darkens near the border. The border must be repeated "
    'there: `padding_mode="border"`.',
)
def zeros_outside(x: Tensor, offsets: Tensor) -> Tensor:
    return _read(x, _grid(x, offsets), outside="zeros")


@mistake(
    "сдвиги поделены на s, будто они измерены в выходных пикселях. Они измерены во входных.",
    "the offsets are divided by s, as if measured in output pixels. They are measured in input pixels.",
)
def in_output_pixels(x: Tensor, offsets: Tensor) -> Tensor:
    return _read(x, _grid(x, offsets, units=x.shape[2] / offsets.shape[2]))


@mistake(
    "сдвиги прибавлены к уже нормированной сетке. Там пиксель имеет ширину 2/W, поэтому прибавлять надо до "
    "нормировки.",
    "the offsets are added to the already normalised grid. A pixel is 2/W wide there; add them before "
    "normalising.",
)
def added_after_normalising(x: Tensor, offsets: Tensor) -> Tensor:
    return _read(x, _grid(x, offsets, units=0) + offsets.permute(0, 2, 3, 1))


@mistake(
    "точки сдвинуты в обратную сторону.",
    "the points are moved in the opposite direction.",
)
def backwards(x: Tensor, offsets: Tensor) -> Tensor:
    return _read(x, _grid(x, -offsets))


@mistake(
    "забыта половина: центр выходного пикселя `j` — это `(j + ½)/s`, а не `j/s`.",
    "the half is forgotten: the centre of output pixel `j` is `(j + ½)/s`, not `j/s`.",
)
def without_half(x: Tensor, offsets: Tensor) -> Tensor:
    return _read(x, _grid(x, offsets, half=0))


@mistake(
    "взят ближайший пиксель; между четырьмя соседями надо интерполировать. К тому же у ближайшего соседа нет "
    "градиента по сдвигам.",
    "the nearest pixel is taken; the task is to interpolate between four neighbours. Besides, nearest "
    "neighbour has no gradient with respect to the offsets.",
)
def nearest_pixel(x: Tensor, offsets: Tensor) -> Tensor:
    return _read(x, _grid(x, offsets), mode="nearest")


def _case(n: int, channels: int, height: int, width: int, s: int) -> dict[str, Any]:
    offsets = scattered(n, 2, s * height, s * width, start=5) % 40 / 64
    return {"x": primes(n, channels, height, width), "offsets": offsets - 0.3}


def _impulse(i: int, j: int, channel: int) -> dict[str, Any]:
    x, offsets = primes(1, 1, 2, 3) * 0, primes(1, 2, 4, 6) * 0
    x[0, 0, i, j] = 1
    offsets[0, channel] = 0.25
    return {"x": x, "offsets": offsets}


EXERCISE = Exercise(
    name="ch12.sample",
    title=Text("Чтение в сдвинутых точках", "Reading at moved points"),
    task=Text(
        "Прочитайте карту `x` формы `(N, C, H, W)` билинейно в точках, сдвинутых на `offsets` формы `(N, 2, "
        "s·H, s·W)`: канал 0 — Δx, канал 1 — Δy, во входных пикселях. Нулевые сдвиги дают билинейную "
        "интерполяцию с полупиксельными центрами, вне изображения повторяется край. Подойдёт "
        "`F.grid_sample`.",
        "Read the map `x`, shape `(N, C, H, W)`, bilinearly at points moved by `offsets`, shape `(N, 2, s·H, "
        "s·W)`: channel 0 is Δx, channel 1 is Δy, in input pixels. Zero offsets give bilinear interpolation "
        "with half-pixel centres; outside the image its border is repeated. `F.grid_sample` will do.",
    ),
    stub=STUB,
    reference=sample,
    mistakes=(
        offsets_ignored,
        corners_aligned,
        row_before_column,
        offsets_swapped,
        zeros_outside,
        in_output_pixels,
        added_after_normalising,
        backwards,
        without_half,
        nearest_pixel,
    ),
    cases=(_case(1, 1, 2, 2, 2), _case(1, 1, 2, 3, 2), _case(1, 2, 3, 2, 3), _case(2, 2, 2, 3, 2)),
    hints=(
        Text(
            "Без сдвига выходной столбец `j` читается в точке `(j + ½)/s` от левого края, в ширинах входного "
            "пикселя.",
            "Without an offset, output column `j` is read at `(j + ½)/s` from the left edge, in widths of an "
            "input pixel.",
        ),
        Text(
            "`F.grid_sample` меряет от −1 (левый край) до 1 (правый): `2 * u / W − 1`. Последняя ось сетки — "
            "пара (x, y).",
            "`F.grid_sample` measures from −1 (left edge) to 1 (right edge): `2 * u / W − 1`. The last "
            "axis of the grid is the pair (x, y).",
        ),
        Text(
            '`F.grid_sample(x, grid, padding_mode="border", align_corners=False)`, где `grid = '
            "torch.stack([2 * u / w - 1, 2 * v / h - 1], dim=-1)`, а к `u` и `v` уже прибавлены сдвиги.",
            '`F.grid_sample(x, grid, padding_mode="border", align_corners=False)` with `grid = '
            "torch.stack([2 "
            "* u / w - 1, 2 * v / h - 1], dim=-1)`, where the offsets are already added to `u` and `v`.",
        ),
    ),
    impulses={
        f"x[0, 0, {i}, {j}], Δ{'xy'[channel]} = ¼": _impulse(i, j, channel)
        for i, j, channel in ((0, 1, 0), (0, 1, 1), (1, 2, 0))
    },
    shapes={
        "input's size": Shape(
            lambda x, offsets: x.shape,
            Text("Это размер входа: увеличения не было.", "That is the input's size: nothing was enlarged."),
        ),
    },
    features={
        "H ≠ W": lambda x, offsets: x.shape[2] != x.shape[3],
        "C > 1": lambda x, offsets: x.shape[1] > 1,
        "s > 2": lambda x, offsets: offsets.shape[2] // x.shape[2] > 2,
    },
    forbidden=("sample_points", "upsample_lib.nn.sample_points", "upsample_lib.nn.DySample", "read"),
    as_tensors=True,
)
