"""A layer with groups out of windows and a product of matrices, in PyTorch."""

import torch.nn.functional as F
from torch import Tensor

from upsample_lib.exercises.cases import Array, Shape, mistake, primes
from upsample_lib.exercises.exercise import Exercise
from upsample_lib.exercises.language import Text

STUB = """def grouped_conv(x, w, stride=1, padding=0, groups=1):
    k = w.shape[2:]
    seen = F.unfold(x, k, padding=padding, stride=stride)
    ...
"""


def grouped_conv(x: Tensor, w: Tensor, stride: int = 1, padding: int = 0, groups: int = 1) -> Tensor:
    size = w.shape[2:]
    seen = F.unfold(x, tuple(size), padding=padding, stride=stride)
    seen = seen.reshape(len(x), groups, -1, seen.shape[2])
    filters = w.reshape(groups, len(w) // groups, -1)
    height, width = ((n + 2 * padding - k) // stride + 1 for n, k in zip(x.shape[2:], size))
    return (filters @ seen).reshape(len(x), len(w), height, width)


@mistake(
    "ядра перевёрнуты. Слой вычисляет корреляцию: окно и ядро читаются в одном порядке.",
    "the kernels are flipped. A layer computes a correlation: window and kernel are read in the same order.",
)
def flipped(x: Tensor, w: Tensor, stride: int = 1, padding: int = 0, groups: int = 1) -> Tensor:
    return grouped_conv(x, w.flip(2, 3), stride, padding, groups)


@mistake(
    "строки и столбцы ядра перепутаны: на квадратном симметричном ядре этого не видно.",
    "rows and columns of the kernel are mixed up: with a square symmetric kernel nothing shows.",
)
def kernel_transposed(x: Tensor, w: Tensor, stride: int = 1, padding: int = 0, groups: int = 1) -> Tensor:
    k = w.transpose(2, 3).reshape(w.shape)
    return grouped_conv(x, k, stride, padding, groups)


@mistake(
    "веса прочитаны как `(C_in, C_out, k, k)`. У свёртки первой идёт `C_out`; при равном числе каналов "
    "ошибку выдают только значения.",
    "the weights are read as `(C_in, C_out, k, k)`. In a convolution `C_out` comes first; with equal channel "
    "counts only the values give it away.",
)
def channels_swapped(x: Tensor, w: Tensor, stride: int = 1, padding: int = 0, groups: int = 1) -> Tensor:
    return grouped_conv(x, w.transpose(0, 1), stride, padding, groups)


@mistake(
    "числа фильтра расставлены не в том порядке: `unfold` кладёт в столбец канал за каналом, поэтому фильтр "
    "разворачивают как есть, `w.reshape(…)`, с каналами впереди.",
    "the numbers of a filter are in the wrong order: `unfold` writes channel after channel into a column, "
    "so a filter is flattened as it is, `w.reshape(…)`, channels first.",
)
def channels_last(x: Tensor, w: Tensor, stride: int = 1, padding: int = 0, groups: int = 1) -> Tensor:
    return grouped_conv(x, w.permute(0, 2, 3, 1).reshape(w.shape), stride, padding, groups)


@mistake(
    "каналы разложены по группам через один. Группа — это подряд идущие каналы.",
    "channels are dealt out to the groups in turn. A group consists of consecutive channels.",
)
def channels_dealt_out(x: Tensor, w: Tensor, stride: int = 1, padding: int = 0, groups: int = 1) -> Tensor:
    order = [c for g in range(groups) for c in range(g, x.shape[1], groups)]
    return grouped_conv(x[:, order], w, stride, padding, groups)


@mistake(
    "все группы читают первую часть входных каналов. У каждой группы часть своя.",
    "all groups read the first part of the input channels. Each group has a part of its own.",
)
def first_part_only(x: Tensor, w: Tensor, stride: int = 1, padding: int = 0, groups: int = 1) -> Tensor:
    return grouped_conv(x[:, : w.shape[1]], w, stride, padding)


@mistake(
    "`groups` не используется. При `groups > 1` фильтр короче окна, и умножить их нельзя.",
    "`groups` is not used. With `groups > 1` a filter is shorter than a window, and they cannot be "
    "multiplied.",
)
def groups_ignored(x: Tensor, w: Tensor, stride: int = 1, padding: int = 0, groups: int = 1) -> Tensor:
    return grouped_conv(x, w, stride, padding)


@mistake(
    "столбцы собраны в картинку не той формы: высота и ширина выхода переставлены.",
    "the columns are put together to a picture of the wrong shape: height and width of the output are "
    "swapped.",
)
def output_transposed(x: Tensor, w: Tensor, stride: int = 1, padding: int = 0, groups: int = 1) -> Tensor:
    y = grouped_conv(x, w, stride, padding, groups)
    return y.reshape(*y.shape[:2], y.shape[3], y.shape[2])


@mistake(
    "`padding` не используется.",
    "`padding` is not used.",
)
def padding_ignored(x: Tensor, w: Tensor, stride: int = 1, padding: int = 0, groups: int = 1) -> Tensor:
    return grouped_conv(x, w, stride, 0, groups)


def _case(
    x: tuple[int, ...], w: tuple[int, ...], stride: int, padding: int, groups: int
) -> dict[str, object]:
    weight: Array = primes(*w, start=7) / 2
    return {"x": primes(*x), "w": weight, "stride": stride, "padding": padding, "groups": groups}


def _sizes(x: Array, w: Array, stride: int, padding: int) -> tuple[int, ...]:
    return tuple((n + 2 * padding - k) // stride + 1 for n, k in zip(x.shape[2:], w.shape[2:]))


EXERCISE = Exercise(
    name="ch04.grouped_conv",
    title=Text("Слой из окон", "A layer out of windows"),
    task=Text(
        "Соберите двумерную свёртку с группами из `F.unfold` и умножения матриц. `x` — `(N, C_in, H, W)`, "
        "веса `w` — `(C_out, C_in/groups, k, k)`. `F.unfold` возвращает `(N, C_in·k·k, L)`: в каждом из `L` "
        "столбцов лежит одно окно, канал за каналом.",
        "Build the two-dimensional convolution with groups out of `F.unfold` and a product of matrices. `x` "
        "is `(N, C_in, H, W)`, the weights `w` are `(C_out, C_in/groups, k, k)`. `F.unfold` returns `(N, "
        "C_in·k·k, L)`: each of the `L` columns holds one window, channel after channel.",
    ),
    stub=STUB,
    reference=grouped_conv,
    mistakes=(
        flipped,
        kernel_transposed,
        channels_swapped,
        channels_last,
        channels_dealt_out,
        first_part_only,
        groups_ignored,
        output_transposed,
        padding_ignored,
    ),
    cases=(
        _case((1, 1, 2, 2), (1, 1, 1, 1), 1, 0, 1),
        _case((1, 1, 2, 3), (1, 1, 2, 2), 1, 0, 1),
        _case((1, 1, 3, 4), (1, 1, 3, 2), 1, 1, 1),
        _case((1, 2, 2, 2), (2, 2, 2, 2), 1, 0, 1),
        _case((1, 2, 3, 4), (3, 2, 2, 3), 1, 1, 1),
        _case((1, 4, 2, 3), (2, 2, 2, 2), 1, 0, 2),
        _case((2, 6, 4, 5), (4, 3, 3, 2), 2, 1, 2),
        _case((1, 3, 3, 2), (3, 1, 2, 2), 1, 0, 3),
    ),
    hints=(
        Text(
            "Сначала без групп. Один выход — произведение строки чисел фильтра и столбца чисел окна. Какой "
            "формы матрица всех фильтров, `w.reshape(len(w), -1)`?",
            "Without groups first. One output is the product of a row, the numbers of a filter, and a "
            "column, the numbers of a window. What is the shape of the matrix of all filters, "
            "`w.reshape(len(w), -1)`?",
        ),
        Text(
            "Каналы группы идут подряд, поэтому и её строки в `seen` идут подряд: `seen.reshape(len(x), "
            "groups, -1, L)`. Так же разделите фильтры: `w.reshape(groups, len(w) // groups, -1)`.",
            "The channels of a group are consecutive, and so are its rows of `seen`: `seen.reshape(len(x), "
            "groups, -1, L)`. Divide the filters likewise: `w.reshape(groups, len(w) // groups, -1)`.",
        ),
        Text(
            "`(filters @ seen).reshape(len(x), len(w), height, width)`, где высота и ширина — `(n + 2 * "
            "padding - k) // stride + 1`.",
            "`(filters @ seen).reshape(len(x), len(w), height, width)`, where height and width are `(n + 2 * "
            "padding - k) // stride + 1`.",
        ),
    ),
    shapes={
        "columns": Shape(
            lambda x, w, stride, padding, groups: (
                len(x),
                len(w),
                int(_sizes(x, w, stride, padding)[0] * _sizes(x, w, stride, padding)[1]),
            ),
            Text("Столбцы ещё не собраны в картинку.", "The columns are not yet put together to a picture."),
        ),
        "unpadded": Shape(
            lambda x, w, stride, padding, groups: (len(x), len(w), *_sizes(x, w, stride, 0)),
            Text("Таким был бы размер без дополнения.", "That would be the size without padding."),
        ),
        "transposed": Shape(
            lambda x, w, stride, padding, groups: (len(x), len(w), *_sizes(x, w, stride, padding)[::-1]),
            Text("Высота и ширина поменялись местами.", "Height and width have changed places."),
        ),
    },
    features={
        "groups > 1": lambda x, w, stride, padding, groups: groups > 1,
        "padding > 0": lambda x, w, stride, padding, groups: padding > 0,
        "stride > 1": lambda x, w, stride, padding, groups: stride > 1,
        "C_in > 1": lambda x, w, stride, padding, groups: x.shape[1] > 1,
        "N > 1": lambda x, w, stride, padding, groups: len(x) > 1,
        "H ≠ W": lambda x, w, stride, padding, groups: x.shape[2] != x.shape[3],
    },
    forbidden=(
        "correlate2d",
        "grouped",
        "layer2d",
        "Conv2d",
        *(f"upsample_lib.conv{n}d" for n in (1, 2, 3)),
        *(f"torch.nn.functional.conv{n}d" for n in (1, 2, 3)),
        *(f"torch.conv{n}d" for n in (1, 2, 3)),
    ),
    as_tensors=True,
)
