"""The layer itself, in PyTorch: batch, channels, two axes, output padding."""

import numpy as np
import torch
from torch import Tensor

from upsample_lib.exercises.cases import Array, Shape, mistake, primes
from upsample_lib.exercises.ch05.ready_made import transposed
from upsample_lib.exercises.exercise import Exercise
from upsample_lib.exercises.language import Text

STUB = """def conv_transpose(x, w, stride=1, padding=0, output_padding=0):
    ...
"""


def conv_transpose(
    x: Tensor, w: Tensor, stride: int = 1, padding: int = 0, output_padding: int = 0
) -> Tensor:
    batch, _, height, width = x.shape
    _, channels, rows, columns = w.shape
    a = output_padding
    y = x.new_zeros(batch, channels, (height - 1) * stride + rows + a, (width - 1) * stride + columns + a)
    for i in range(height):
        for j in range(width):
            down, right = i * stride, j * stride
            stamp = torch.einsum("bc,couv->bouv", x[:, :, i, j], w)
            y[:, :, down : down + rows, right : right + columns] += stamp
    return y[:, :, padding : y.shape[2] - padding, padding : y.shape[3] - padding]


@mistake(
    "веса прочитаны как `(C_out, C_in, k, k)`. У транспонированной свёртки порядок `(C_in, C_out, k, k)`; "
    "при равном числе каналов ошибку выдают только значения.",
    "the weights are read as `(C_out, C_in, k, k)`. A transposed convolution has `(C_in, C_out, k, k)`; "
    "with equal channel counts only the values give it away.",
    misconception=4,
)
def channels_swapped(
    x: Tensor, w: Tensor, stride: int = 1, padding: int = 0, output_padding: int = 0
) -> Tensor:
    return conv_transpose(x, w.transpose(0, 1), stride, padding, output_padding)


@mistake(
    "оттиски записываются (`=`), а не прибавляются (`+=`). При `k = s` этого не видно, при `k > s` "
    "перекрытия теряются.",
    "prints are written (`=`) instead of added (`+=`). With `k = s` nothing shows; with `k > s` overlaps "
    "are lost.",
    misconception=5,
)
def overwritten(x: Tensor, w: Tensor, stride: int = 1, padding: int = 0, output_padding: int = 0) -> Tensor:
    batch, _, height, width = x.shape
    _, channels, rows, columns = w.shape
    a = output_padding
    y = x.new_zeros(batch, channels, (height - 1) * stride + rows + a, (width - 1) * stride + columns + a)
    for i in range(height):
        for j in range(width):
            stamp = torch.einsum("bc,couv->bouv", x[:, :, i, j], w)
            y[:, :, i * stride : i * stride + rows, j * stride : j * stride + columns] = stamp
    return y[:, :, padding : y.shape[2] - padding, padding : y.shape[3] - padding]


@mistake(
    "ядро перевёрнуто. При разбросе оно печатается как есть.",
    "the kernel is flipped. In scattering it is printed as it is.",
)
def flipped(x: Tensor, w: Tensor, stride: int = 1, padding: int = 0, output_padding: int = 0) -> Tensor:
    return conv_transpose(x, w.flip(2, 3), stride, padding, output_padding)


@mistake(
    "`output_padding` не используется.",
    "`output_padding` is not used.",
)
def output_padding_ignored(
    x: Tensor, w: Tensor, stride: int = 1, padding: int = 0, output_padding: int = 0
) -> Tensor:
    return conv_transpose(x, w, stride, padding)


@mistake(
    "`output_padding` приписывает нули к готовому выходу. На самом деле оно меньше срезает: до обрезки там "
    "стоят настоящие значения.",
    "`output_padding` appends zeros to the finished output. In truth it crops less: before cropping there "
    "are real values there.",
    misconception=8,
)
def zeros_appended(
    x: Tensor, w: Tensor, stride: int = 1, padding: int = 0, output_padding: int = 0
) -> Tensor:
    y = conv_transpose(x, w, stride, padding)
    return torch.nn.functional.pad(y, (0, output_padding, 0, output_padding))


@mistake(
    "`output_padding` добавлено сверху и слева, а должно быть снизу и справа: сверху и слева срезается "
    "ровно `padding`.",
    "`output_padding` is added at the top and left; it belongs at the bottom and right: exactly `padding` "
    "is cropped at the top and left.",
    misconception=9,
)
def wrong_side(x: Tensor, w: Tensor, stride: int = 1, padding: int = 0, output_padding: int = 0) -> Tensor:
    full = torch.nn.functional.pad(conv_transpose(x, w, stride), (output_padding, 0, output_padding, 0))
    return full[:, :, padding : full.shape[2] - padding, padding : full.shape[3] - padding]


@mistake(
    "`padding` не используется: по `padding` строк и столбцов с каждого края надо срезать.",
    "`padding` is not used: that many rows and columns are to be cropped at each end.",
)
def not_cropped(x: Tensor, w: Tensor, stride: int = 1, padding: int = 0, output_padding: int = 0) -> Tensor:
    return conv_transpose(x, w, stride, 0, output_padding)


@mistake(
    "строки и столбцы перепутаны: на квадратном входе с симметричным ядром этого не видно.",
    "rows and columns are mixed up: with a square input and a symmetric kernel nothing shows.",
)
def axes_swapped(x: Tensor, w: Tensor, stride: int = 1, padding: int = 0, output_padding: int = 0) -> Tensor:
    return conv_transpose(x.transpose(2, 3), w, stride, padding, output_padding).transpose(2, 3)


def _case(
    x: tuple[int, ...], w: tuple[int, ...], stride: int, padding: int, output_padding: int
) -> dict[str, object]:
    given: Array = primes(*x)
    weight: Array = primes(*w, start=7) / 2
    return {"x": given, "w": weight, "stride": stride, "padding": padding, "output_padding": output_padding}


def _impulse(c: int, o: int, i: int, j: int, u: int, v: int) -> dict[str, object]:
    x, w = np.zeros((1, 2, 2, 2)), np.zeros((2, 3, 3, 3))
    x[0, c, i, j] = w[c, o, u, v] = 1
    return {"x": x, "w": w, "stride": 2, "padding": 0, "output_padding": 0}


# sample and channels, then the places in the input and in the kernel
_IMPULSES = (
    (0, 0, 0, 0, 0, 0),
    (0, 0, 0, 1, 0, 0),
    (0, 0, 1, 0, 0, 0),
    (0, 0, 0, 0, 0, 1),
    (0, 0, 0, 0, 1, 0),
    (1, 2, 1, 1, 2, 2),
)


def _sizes(x: Array, w: Array, formula: object) -> tuple[int, ...]:
    assert callable(formula)
    return (len(x), w.shape[1], formula(x.shape[2], w.shape[2]), formula(x.shape[3], w.shape[3]))


EXERCISE = Exercise(
    name="ch05.conv_transpose",
    title=Text("Слой целиком", "The whole layer"),
    task=Text(
        "Напишите на PyTorch транспонированную свёртку изображений: `x` формы `(N, C_in, H, W)`, веса `w` "
        "формы `(C_in, C_out, k, k)`. Циклы по пикселям входа разрешены.",
        "Write the transposed convolution of images in PyTorch: `x` is `(N, C_in, H, W)`, the weights `w` "
        "are `(C_in, C_out, k, k)`. Loops over the input's pixels are welcome.",
    ),
    stub=STUB,
    reference=conv_transpose,
    mistakes=(
        channels_swapped,
        overwritten,
        flipped,
        output_padding_ignored,
        zeros_appended,
        wrong_side,
        not_cropped,
        axes_swapped,
    ),
    cases=(
        _case((1, 1, 2, 2), (1, 1, 3, 3), 2, 0, 0),
        _case((1, 1, 2, 3), (1, 1, 3, 2), 2, 0, 0),
        _case((1, 1, 2, 2), (1, 1, 3, 3), 2, 1, 0),
        _case((1, 1, 2, 2), (1, 1, 3, 3), 2, 1, 1),
        _case((1, 2, 2, 2), (2, 2, 2, 2), 2, 0, 0),
        _case((1, 2, 2, 3), (2, 3, 2, 2), 1, 0, 0),
        _case((2, 1, 2, 2), (1, 2, 4, 4), 2, 1, 0),
        _case((1, 1, 2, 2), (1, 1, 2, 2), 3, 0, 2),
        _case((1, 1, 2, 2), (1, 1, 4, 4), 3, 2, 1),
    ),
    hints=(
        Text(
            "Выход по каждой оси до обрезки: `(n - 1) * stride + k + output_padding`. Создайте нули такой "
            "формы; `x.new_zeros` сохранит тип чисел.",
            "Along each axis the output before cropping has `(n - 1) * stride + k + output_padding` values. "
            "Make zeros of that shape; `x.new_zeros` keeps the dtype.",
        ),
        Text(
            "Пиксель `x[:, :, i, j]` — это вектор из `C_in` чисел на каждый пример. Оттиск — сумма по "
            'входным каналам: `torch.einsum("bc,couv->bouv", x[:, :, i, j], w)`.',
            "A pixel `x[:, :, i, j]` is a vector of `C_in` numbers for each sample. Its print is a sum over "
            'the input channels: `torch.einsum("bc,couv->bouv", x[:, :, i, j], w)`.',
        ),
        Text(
            "Прибавьте оттиск к `y[:, :, i * stride : i * stride + k, j * stride : j * stride + k]`, а в "
            "конце срежьте `padding` с каждого края: `output_padding` уже учтено в размере.",
            "Add the print to `y[:, :, i * stride : i * stride + k, j * stride : j * stride + k]`, and in "
            "the end crop `padding` at each end: `output_padding` is already in the size.",
        ),
    ),
    impulses={
        f"x[0, {c}, {i}, {j}]·w[{c}, {o}, {u}, {v}]": _impulse(c, o, i, j, u, v)
        for c, o, i, j, u, v in _IMPULSES
    },
    shapes={
        "convolution's size": Shape(
            lambda x, w, stride, padding, output_padding: _sizes(
                x, w, lambda n, k: max(0, (n + 2 * padding - k) // stride + 1)
            ),
            Text(
                "Это размер обычной свёртки, (n + 2p − k)/s + 1.",
                "That is the convolution's formula, (n + 2p − k)/s + 1.",
            ),
        ),
        "without output_padding": Shape(
            lambda x, w, stride, padding, output_padding: _sizes(
                x, w, lambda n, k: (n - 1) * stride + k - 2 * padding
            ),
            Text("Таким был бы размер без output_padding.", "That would be the size without output_padding."),
        ),
        "uncropped": Shape(
            lambda x, w, stride, padding, output_padding: _sizes(
                x, w, lambda n, k: (n - 1) * stride + k + output_padding
            ),
            Text("Такой размер у выхода до обрезки.", "That is the size before cropping."),
        ),
    },
    features={
        "output_padding > 0": lambda x, w, stride, padding, output_padding: output_padding > 0,
        "padding > 0": lambda x, w, stride, padding, output_padding: padding > 0,
        "padding = 0": lambda x, w, stride, padding, output_padding: padding == 0,
        "C_in > 1": lambda x, w, stride, padding, output_padding: x.shape[1] > 1,
        "N > 1": lambda x, w, stride, padding, output_padding: len(x) > 1,
        "H ≠ W": lambda x, w, stride, padding, output_padding: x.shape[2] != x.shape[3],
        "k > s": lambda x, w, stride, padding, output_padding: max(w.shape[2:]) > stride,
    },
    forbidden=(*transposed(2), "ConvTranspose2d", "torch.nn.functional.fold"),
    as_tensors=True,
)
