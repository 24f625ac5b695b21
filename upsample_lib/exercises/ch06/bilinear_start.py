"""Bilinear weights to start a transposed convolution with, in PyTorch."""

import numpy as np
import torch
from torch import Tensor

from upsample_lib.exercises.cases import mistake
from upsample_lib.exercises.exercise import Exercise
from upsample_lib.exercises.language import Text

STUB = """def bilinear(w, s):
    start = torch.zeros_like(w)
    ...
    return start
"""


def bilinear(w: Tensor, s: int) -> Tensor:
    start = torch.zeros_like(w)
    k = w.shape[-1]
    t = torch.arange(k, dtype=w.dtype)
    tent = 1 - (t - (k - 1) / 2).abs() / s
    for c in range(min(w.shape[:2])):
        start[c, c] = torch.outer(tent, tent)
    return start


def _tent(w: Tensor, s: int) -> Tensor:
    k = w.shape[-1]
    return 1 - (torch.arange(k, dtype=w.dtype) - (k - 1) / 2).abs() / s


def _on_the_diagonal(w: Tensor, kernel: Tensor) -> Tensor:
    start = torch.zeros_like(w)
    for c in range(min(w.shape[:2])):
        start[c, c] = kernel
    return start


@mistake(
    "ядро стоит во всех парах каналов. Каждый выходной канал тогда — сумма всех входных, и цвет пропадает. "
    "Ядро нужно только парам `(c, c)`.",
    "the kernel stands in every pair of channels. Each output channel is then the sum of all input ones, and "
    "colour disappears. Only the pairs `(c, c)` get the kernel.",
    misconception=11,
)
def every_pair(w: Tensor, s: int) -> Tensor:
    return torch.outer(_tent(w, s), _tent(w, s)).expand(w.shape).clone()


@mistake(
    "ядро нормировано на 1. Пикселю достаётся лишь одна из `s²` частей ядра, и картинка темнеет; сумма "
    "должна быть `s²`.",
    "the kernel sums to 1. A pixel gets only one of the kernel's `s²` parts, and the picture darkens; the "
    "sum must be `s²`.",
    misconception=11,
)
def sums_to_one(w: Tensor, s: int) -> Tensor:
    kernel = torch.outer(_tent(w, s), _tent(w, s))
    return _on_the_diagonal(w, kernel / kernel.sum())


@mistake(
    "шатёр поделён на `k`, а не на `s`: он спадает слишком полого, и суммы через `s` больше единицы.",
    "the tent is divided by `k` instead of `s`: it falls too gently, and the sums of every `s`-th weight "
    "exceed one.",
)
def too_wide(w: Tensor, s: int) -> Tensor:
    k = w.shape[-1]
    tent = 1 - (torch.arange(k, dtype=w.dtype) - (k - 1) / 2).abs() / k
    return _on_the_diagonal(w, torch.outer(tent, tent))


@mistake(
    "вершина шатра в `k // 2`. Середина весов с номерами от 0 до `k − 1` — это `(k − 1) / 2`: у чётного ядра "
    "она между двумя весами.",
    "the tent peaks at `k // 2`. The middle of weights numbered 0 to `k − 1` is `(k − 1) / 2`: in an even "
    "kernel it lies between two weights.",
)
def off_centre(w: Tensor, s: int) -> Tensor:
    k = w.shape[-1]
    tent = 1 - (torch.arange(k, dtype=w.dtype) - k // 2).abs() / s
    return _on_the_diagonal(w, torch.outer(tent, tent))


@mistake(
    "шатёр только вдоль одной оси. Двумерное ядро — произведение двух шатров, `torch.outer(tent, tent)`.",
    "there is a tent along one axis only. A two-dimensional kernel is the product of two tents, "
    "`torch.outer(tent, tent)`.",
)
def one_axis(w: Tensor, s: int) -> Tensor:
    return _on_the_diagonal(w, _tent(w, s).expand(w.shape[2:]))


@mistake(
    "шатры вдоль осей сложены, а их надо перемножить.",
    "the tents along the axes are added; they are to be multiplied.",
)
def added(w: Tensor, s: int) -> Tensor:
    tent = _tent(w, s)
    return _on_the_diagonal(w, (tent[:, None] + tent) / 2)


@mistake(
    "все веса равны. Это ядро ближайшего соседа с лишними перекрытиями, а не шатёр.",
    "all weights are equal. That is nearest neighbour with overlaps too many, not a tent.",
)
def flat(w: Tensor, s: int) -> Tensor:
    return _on_the_diagonal(w, torch.ones(w.shape[2:], dtype=w.dtype))


@mistake(
    "заполнена только пара `(0, 0)`; остальные каналы выйдут пустыми.",
    "only the pair `(0, 0)` is filled; the other channels will come out empty.",
)
def first_channel_only(w: Tensor, s: int) -> Tensor:
    start = torch.zeros_like(w)
    start[0, 0] = torch.outer(_tent(w, s), _tent(w, s))
    return start


def _case(channels: tuple[int, int], k: int, s: int) -> dict[str, object]:
    return {"w": np.full((*channels, k, k), 7.0), "s": s}


EXERCISE = Exercise(
    name="ch06.bilinear",
    title=Text("Билинейное начало", "The bilinear start"),
    task=Text(
        "Верните тензор такой же формы, как веса `w` `(C_in, C_out, k, k)`, с которым слой с шагом `s` "
        "увеличивает картинку билинейно: каждый канал отдельно, яркость сохраняется.",
        "Return a tensor of the shape of the weights `w`, `(C_in, C_out, k, k)`, with which the layer of "
        "stride `s` enlarges a picture bilinearly: each channel alone, brightness kept.",
    ),
    stub=STUB,
    reference=bilinear,
    mistakes=(
        every_pair,
        sums_to_one,
        too_wide,
        off_centre,
        one_axis,
        added,
        flat,
        first_channel_only,
    ),
    cases=(
        _case((1, 1), 4, 2),
        _case((1, 1), 5, 3),
        _case((2, 2), 4, 2),
        _case((3, 3), 3, 2),
        _case((1, 1), 8, 4),
        _case((1, 1), 1, 1),
        _case((3, 2), 4, 2),
    ),
    hints=(
        Text(
            "Начните с одной оси. При `s = 2` и `k = 4` вдоль неё должно выйти `(1/4, 3/4, 3/4, 1/4)`: шатёр "
            "с вершиной посередине, который за `s` шагов спадает от 1 до 0.",
            "Begin with one axis. For `s = 2` and `k = 4` it should read `(1/4, 3/4, 3/4, 1/4)`: a tent with "
            "its peak in the middle that falls from 1 to 0 within `s` steps.",
        ),
        Text(
            "Вес номер `t` равен `1 - |t - (k - 1) / 2| / s`. Двумерное ядро — `torch.outer(tent, tent)`.",
            "Weight number `t` is `1 - |t - (k - 1) / 2| / s`. The two-dimensional kernel is "
            "`torch.outer(tent, tent)`.",
        ),
        Text(
            "Запишите это ядро в `start[c, c]` для каждого канала `c`; пары разных каналов оставьте "
            "нулевыми. Делить на сумму не нужно.",
            "Write this kernel into `start[c, c]` for every channel `c`; leave the pairs of different "
            "channels at zero. Do not divide by the sum.",
        ),
    ),
    features={
        "C > 1": lambda w, s: min(w.shape[:2]) > 1,
        "C_in ≠ C_out": lambda w, s: w.shape[0] != w.shape[1],
        "k mod 2 = 0": lambda w, s: w.shape[-1] % 2 == 0,
        "k mod 2 = 1": lambda w, s: w.shape[-1] % 2 == 1,
        "s > 1": lambda w, s: s > 1,
    },
    forbidden=("upsample_lib.nn.bilinear_", "upsample_lib.nn.init.bilinear_"),
    as_tensors=True,
)
