"""Min pooling out of max pooling, in PyTorch."""

import torch.nn.functional as F
from torch import Tensor

from upsample_lib.exercises.cases import Array, Shape, mistake, primes, scattered
from upsample_lib.exercises.exercise import Exercise
from upsample_lib.exercises.language import Text

STUB = """def min_pool(x, k, s, p=0):
    ...
"""


def min_pool(x: Tensor, k: int, s: int, p: int = 0) -> Tensor:
    return -F.max_pool2d(-x, k, s, p)


@mistake(
    "это максимум окна, а нужен минимум.",
    "this is the window's maximum; the minimum is wanted.",
)
def maximum(x: Tensor, k: int, s: int, p: int = 0) -> Tensor:
    return F.max_pool2d(x, k, s, p)


@mistake(
    "знак не вернули на место. Максимум чисел `-x` — это минимум со знаком минус: нужен ещё один минус "
    "снаружи.",
    "the sign was not turned back. The maximum of `-x` is minus the minimum: one more minus is needed "
    "outside.",
)
def sign_left_turned(x: Tensor, k: int, s: int, p: int = 0) -> Tensor:
    return F.max_pool2d(-x, k, s, p)


@mistake(
    "минус стоит только снаружи. Так меняется знак максимума, а нужно сначала перевернуть порядок чисел: "
    "`-x`.",
    "there is a minus outside only. That changes the sign of the maximum; first the order of the numbers has "
    "to be reversed: `-x`.",
)
def order_not_reversed(x: Tensor, k: int, s: int, p: int = 0) -> Tensor:
    return -F.max_pool2d(x, k, s, p)


@mistake(
    "порядок перевёрнут делением: `1 / x`. Это верно, только пока в окне числа одного знака.",
    "the order is reversed by dividing, `1 / x`. That works only as long as a window holds numbers of one "
    "sign.",
)
def reciprocal(x: Tensor, k: int, s: int, p: int = 0) -> Tensor:
    return 1 / F.max_pool2d(1 / x, k, s, p)


@mistake(
    "края дополнены нулями, и среди положительных чисел ноль побеждает. Передайте `p` самому "
    "`max_pool2d`: он дополняет значением −∞.",
    "the borders are padded with zeros, and among positive numbers zero wins. Hand `p` to `max_pool2d` "
    "itself: it pads with −∞.",
)
def zero_padded(x: Tensor, k: int, s: int, p: int = 0) -> Tensor:
    return -F.max_pool2d(F.pad(-x, (p, p, p, p)), k, s)


@mistake(
    "`p` не используется.",
    "`p` is not used.",
)
def padding_ignored(x: Tensor, k: int, s: int, p: int = 0) -> Tensor:
    return -F.max_pool2d(-x, k, s)


@mistake(
    "шаг не передан. Без него `max_pool2d` берёт шаг, равный окну.",
    "the stride is not handed on. Without it `max_pool2d` takes a stride as large as the window.",
)
def stride_of_the_window(x: Tensor, k: int, s: int, p: int = 0) -> Tensor:
    return -F.max_pool2d(-x, k, padding=p)


def _sizes(x: Array, k: int, s: int, p: int) -> tuple[int, ...]:
    return (*x.shape[:2], *((n + 2 * p - k) // s + 1 for n in x.shape[2:]))


EXERCISE = Exercise(
    name="ch01.min_pool",
    title=Text("Минимум из максимума", "A minimum out of maxima"),
    task=Text(
        "В PyTorch нет пулинга с минимумом. Соберите его из `F.max_pool2d`: вход `x` формы `(N, C, H, W)`, "
        "окно `k`, шаг `s`, дополнение `p`.",
        "PyTorch has no min pooling. Build it from `F.max_pool2d`: the input `x` is `(N, C, H, W)`, window "
        "`k`, stride `s`, padding `p`.",
    ),
    stub=STUB,
    reference=min_pool,
    mistakes=(
        maximum,
        sign_left_turned,
        order_not_reversed,
        reciprocal,
        zero_padded,
        padding_ignored,
        stride_of_the_window,
    ),
    cases=(
        {"x": primes(1, 1, 2, 4), "k": 2, "s": 2, "p": 0},
        {"x": scattered(1, 1, 2, 4), "k": 2, "s": 2, "p": 0},
        {"x": primes(1, 1, 3, 4, start=2), "k": 2, "s": 1, "p": 0},
        {"x": primes(1, 1, 2, 3), "k": 2, "s": 2, "p": 1},
        {"x": scattered(2, 3, 5, 4) / 2, "k": 3, "s": 2, "p": 1},
    ),
    hints=(
        Text(
            "Какая операция над числами переворачивает их порядок, так что наименьшее становится наибольшим?",
            "Which operation on numbers reverses their order, so that the smallest becomes the largest?",
        ),
        Text(
            "Минус. Примените пулинг к `-x` и подумайте, что надо сделать с ответом.",
            "A minus. Pool `-x` and think of what has to be done with the answer.",
        ),
        Text(
            "`return -F.max_pool2d(-x, k, s, p)`. Дополнение −∞ у `-x` означает +∞ у `x`, и минимум его не "
            "выберет.",
            "`return -F.max_pool2d(-x, k, s, p)`. Padding `-x` with −∞ is padding `x` with +∞, which no "
            "minimum picks.",
        ),
    ),
    shapes={
        "unpadded": Shape(
            lambda x, k, s, p: _sizes(x, k, s, 0),
            Text("Таким был бы размер без дополнения.", "That would be the size without padding."),
        ),
        "stride k": Shape(
            lambda x, k, s, p: _sizes(x, k, k, p),
            Text("Таким был бы размер при шаге k.", "That would be the size with stride k."),
        ),
    },
    features={
        "p > 0": lambda x, k, s, p: p > 0,
        "s ≠ k": lambda x, k, s, p: s != k,
        "x < 0": lambda x, k, s, p: bool((x < 0).any()),
    },
    as_tensors=True,
)
