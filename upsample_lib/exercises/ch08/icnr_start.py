"""Weights that start a sub-pixel convolution without a checkerboard, in PyTorch."""

from torch import Tensor

from upsample_lib.exercises.cases import Shape, mistake, primes
from upsample_lib.exercises.exercise import Exercise
from upsample_lib.exercises.language import Text

STUB = """def icnr(f, s):
    ...
"""


def icnr(f: Tensor, s: int) -> Tensor:
    return f.repeat_interleave(s**2, dim=0)


@mistake(
    "фильтры повторены по кругу, `f, g, f, g, …`. Каналы одного блока стоят в PyTorch рядом: нужно `f, f, f, "
    "f, g, g, g, g`, а это `repeat_interleave`. При одном выходном канале ошибки не видно.",
    "the filters are repeated in turn, `f, g, f, g, …`. In PyTorch the channels of one block stand side by "
    "side: what is needed is `f, f, f, f, g, g, g, g`, which is `repeat_interleave`. With one output channel "
    "nothing shows.",
    misconception=23,
)
def repeated(f: Tensor, s: int) -> Tensor:
    return f.repeat(s**2, 1, 1, 1)


@mistake(
    "копий `s`, а пикселей в блоке `s²`.",
    "there are `s` copies, but `s²` pixels in a block.",
)
def too_few_copies(f: Tensor, s: int) -> Tensor:
    return f.repeat_interleave(s, dim=0)


@mistake(
    "копии поделены на `s²`. Фазы не складываются, каждая рисует свой пиксель: делить не на что.",
    "the copies are divided by `s²`. Phases are not added up, each draws a pixel of its own: there is "
    "nothing to divide by.",
)
def divided(f: Tensor, s: int) -> Tensor:
    return f.repeat_interleave(s**2, dim=0) / s**2


@mistake(
    "повторены входные каналы (ось 1), а нужны выходные (ось 0).",
    "input channels (axis 1) are repeated; it should be output channels (axis 0).",
)
def inputs_repeated(f: Tensor, s: int) -> Tensor:
    return f.repeat_interleave(s**2, dim=1)


@mistake(
    "увеличено само ядро, а число фильтров прежнее. Повторять надо фильтры.",
    "the kernel itself is enlarged, and the number of filters is what it was. It is filters that are to be "
    "repeated.",
)
def kernel_enlarged(f: Tensor, s: int) -> Tensor:
    return f.repeat_interleave(s, dim=2).repeat_interleave(s, dim=3)


@mistake(
    "фильтр получила только первая фаза, у остальных нули. На выходе выйдет «ложе из гвоздей», самый сильный "
    "узор.",
    "only the first phase got the filter, the others are zero. The output is a bed of nails, the strongest "
    "pattern there is.",
)
def first_phase_only(f: Tensor, s: int) -> Tensor:
    start = f.new_zeros(len(f) * s**2, *f.shape[1:])
    start[:: s**2] = f
    return start


@mistake(
    "копии одного фильтра стоят через `s`: повторены и подряд, и по кругу.",
    "the copies of a filter come in runs of `s`: repeated side by side and in turn as well.",
)
def half_and_half(f: Tensor, s: int) -> Tensor:
    return f.repeat_interleave(s, dim=0).repeat(s, 1, 1, 1)


EXERCISE = Exercise(
    name="ch08.icnr",
    title=Text("Начать без узора", "A start without a pattern"),
    task=Text(
        "Даны случайные фильтры `f` формы `(C, C_in, k, k)`, по одному на выходной канал. Верните веса "
        "свёртки формы `(C·s², C_in, k, k)`, с которыми после `F.pixel_shuffle` все пиксели блока равны.",
        "Given random filters `f` of shape `(C, C_in, k, k)`, one per output channel, return the weights of "
        "the convolution, `(C·s², C_in, k, k)`, with which all pixels of a block are equal after "
        "`F.pixel_shuffle`.",
    ),
    stub=STUB,
    reference=icnr,
    mistakes=(
        repeated,
        too_few_copies,
        divided,
        inputs_repeated,
        kernel_enlarged,
        first_phase_only,
        half_and_half,
    ),
    cases=(
        {"f": primes(1, 1, 1, 1), "s": 2},
        {"f": primes(2, 1, 1, 1), "s": 2},
        {"f": primes(1, 2, 3, 3) / 2, "s": 2},
        {"f": primes(3, 1, 1, 2), "s": 3},
        {"f": primes(2, 2, 2, 2) / 4, "s": 1},
    ),
    hints=(
        Text(
            "`F.pixel_shuffle` собирает выходной канал `c` из каналов `c·s²`, `c·s² + 1`, …, `c·s² + s² − "
            "1`. Что должно стоять во всех них?",
            "`F.pixel_shuffle` makes output channel `c` of the channels `c·s²`, `c·s² + 1`, …, `c·s² + s² − "
            "1`. What must stand in all of them?",
        ),
        Text(
            "Каждый фильтр нужен `s²` раз подряд. `Tensor.repeat` повторяет по кругу, есть и другая функция.",
            "Each filter is needed `s²` times in a row. `Tensor.repeat` repeats in turn; there is another "
            "function.",
        ),
        Text("`f.repeat_interleave(s**2, dim=0)`.", "`f.repeat_interleave(s**2, dim=0)`."),
    ),
    shapes={
        "s copies": Shape(
            lambda f, s: (len(f) * s, *f.shape[1:]),
            Text("Копий s, а нужно s².", "There are s copies; s² are needed."),
        ),
    },
    features={
        "C > 1": lambda f, s: len(f) > 1,
        "C_in > 1": lambda f, s: f.shape[1] > 1,
        "s > 1": lambda f, s: s > 1,
    },
    forbidden=("upsample_lib.nn.icnr_", "upsample_lib.nn.init.icnr_"),
    as_tensors=True,
)
