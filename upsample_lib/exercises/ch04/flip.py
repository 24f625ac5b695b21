"""The convolution of mathematicians out of a layer's correlation, in PyTorch."""

import numpy as np
import torch.nn.functional as F
from torch import Tensor

from upsample_lib.exercises.cases import Array, Shape, mistake, primes
from upsample_lib.exercises.exercise import Exercise
from upsample_lib.exercises.language import Text

STUB = """def convolve(x, w):
    ...
"""


def convolve(x: Tensor, w: Tensor) -> Tensor:
    return F.conv1d(x[None, None], w.flip(0)[None, None], padding=len(w) - 1)[0, 0]


@mistake(
    "ядро не перевёрнуто: `conv1d` вычисляет взаимную корреляцию. Для свёртки нужен `w.flip(0)`.",
    "the kernel is not flipped: `conv1d` computes a cross-correlation. A convolution needs `w.flip(0)`.",
)
def not_flipped(x: Tensor, w: Tensor) -> Tensor:
    return convolve(x, w.flip(0))


@mistake(
    "нет дополнения: остались только места, где ядро помещается целиком (`valid`). Нужны все `n + k − 1`.",
    "there is no padding: only the places remain where the kernel fits as a whole (`valid`). All `n + k − 1` "
    "are wanted.",
)
def unpadded(x: Tensor, w: Tensor) -> Tensor:
    return F.conv1d(x[None, None], w.flip(0)[None, None])[0, 0]


@mistake(
    "дополнено `k // 2` нулями, как для выхода размером со вход (`same`). Нужно `k − 1`: ядру хватит одного "
    "общего со входом места.",
    "padded with `k // 2` zeros, as for an output of the input's size (`same`). It should be `k − 1`: one "
    "place in common with the input is enough for the kernel.",
)
def padded_by_half(x: Tensor, w: Tensor) -> Tensor:
    return F.conv1d(x[None, None], w.flip(0)[None, None], padding=len(w) // 2)[0, 0]


@mistake(
    "дополнено `k` нулями, на один больше, чем нужно: по краям выхода лишние нули.",
    "padded with `k` zeros, one too many: there are superfluous zeros at the ends of the output.",
)
def one_zero_too_many(x: Tensor, w: Tensor) -> Tensor:
    return F.pad(convolve(x, w), (1, 1))


@mistake(
    "перевёрнут вход, а не ядро: ответ вышел задом наперёд.",
    "the input is flipped, not the kernel: the answer came out back to front.",
)
def input_flipped(x: Tensor, w: Tensor) -> Tensor:
    return convolve(x.flip(0), w.flip(0))


@mistake(
    "сигнал замкнут в кольцо: что вышло за край, вернулось с другой стороны. За краем стоят нули.",
    "the signal is closed into a ring: what leaves at one end comes back at the other. Beyond the ends there "
    "are zeros.",
)
def wrapped(x: Tensor, w: Tensor) -> Tensor:
    y = convolve(x, w)
    ring = y[: len(x)].clone()
    for i in range(len(x), len(y)):
        ring[i % len(x)] += y[i]
    return ring


def _case(x: Array, w: Array) -> dict[str, object]:
    return {"x": x, "w": w}


EXERCISE = Exercise(
    name="ch04.convolve",
    title=Text("Свёртка из корреляции", "A convolution out of a correlation"),
    task=Text(
        "Получите из `F.conv1d` свёртку математиков, полную: `y[i]` — сумма `w[u] * x[i - u]` по всем `u`, "
        "всего `n + k − 1` чисел. `x` и `w` — одномерные тензоры.",
        "Get the full convolution of mathematicians out of `F.conv1d`: `y[i]` is the sum of `w[u] * x[i - "
        "u]` over all `u`, `n + k − 1` numbers in all. `x` and `w` are one-dimensional tensors.",
    ),
    stub=STUB,
    reference=convolve,
    mistakes=(
        not_flipped,
        unpadded,
        padded_by_half,
        one_zero_too_many,
        input_flipped,
        wrapped,
    ),
    cases=(
        _case(np.array([2.0, 3, 5]), np.array([10.0])),
        _case(np.array([1.0, 2, 3]), np.array([1.0, 10])),
        _case(np.array([1.0, 2, 3, 4, 5]), np.array([1.0, 10, 100])),
        _case(primes(4), primes(4, start=6) / 2),
        _case(primes(2), primes(5, start=3)),
    ),
    hints=(
        Text(
            "Подайте слою вход из одной единицы: `x = [0, 0, 1, 0, 0]`. Каким вышло ядро?",
            "Give the layer an input made of a single 1: `x = [0, 0, 1, 0, 0]`. What does the kernel come "
            "out like?",
        ),
        Text(
            "Ядро надо перевернуть, `w.flip(0)`. А чтобы вышло `n + k − 1` чисел, дополните вход. Сколькими "
            "нулями?",
            "The kernel has to be flipped, `w.flip(0)`. And for `n + k − 1` numbers to come out, pad the "
            "input. With how many zeros?",
        ),
        Text(
            "`F.conv1d(x[None, None], w.flip(0)[None, None], padding=len(w) - 1)[0, 0]`.",
            "`F.conv1d(x[None, None], w.flip(0)[None, None], padding=len(w) - 1)[0, 0]`.",
        ),
    ),
    impulses={f"x[{i}]·w[{u}]": _case(np.eye(3)[i], np.eye(3)[u]) for i in range(3) for u in range(3)},
    shapes={
        "valid": Shape(
            lambda x, w: (max(0, len(x) - len(w) + 1),),
            Text("Столько мест, где ядро помещается целиком.", "That many places hold the whole kernel."),
        ),
        "same": Shape(
            lambda x, w: (len(x),),
            Text("Это размер входа, а нужен n + k − 1.", "That is the input's size; n + k − 1 is wanted."),
        ),
        "too long": Shape(
            lambda x, w: (len(x) + len(w) + 1,),
            Text("На два числа больше, чем нужно.", "Two numbers more than needed."),
        ),
    },
    features={
        "k > 1": lambda x, w: len(w) > 1,
        "k > n": lambda x, w: len(w) > len(x),
    },
    forbidden=(
        "numpy.convolve",
        "scipy.signal.convolve",
        "scipy.signal.fftconvolve",
        "scipy.ndimage.convolve1d",
    ),
    as_tensors=True,
)
