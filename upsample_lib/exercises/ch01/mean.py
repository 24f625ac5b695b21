"""Average pooling, with and without the padding in the divisor."""

import numpy as np

from upsample_lib.exercises.cases import Array, Shape, mistake, primes
from upsample_lib.exercises.exercise import Exercise
from upsample_lib.exercises.language import Text

STUB = """def average(x, k, s, p=0, count_include_pad=True):
    ...
"""


def average(x: Array, k: int, s: int, p: int = 0, count_include_pad: bool = True) -> Array:
    means = []
    for start in range(-p, len(x) + p - k + 1, s):
        seen = x[max(start, 0) : start + k]
        means.append(seen.sum() / (k if count_include_pad else len(seen)))
    return np.array(means)


@mistake(
    "`count_include_pad` не используется: приписанные нули всегда входят в делитель.",
    "`count_include_pad` is not used: padded zeros always count in the divisor.",
)
def zeros_always_count(x: Array, k: int, s: int, p: int = 0, count_include_pad: bool = True) -> Array:
    return average(x, k, s, p)


@mistake(
    "приписанные нули никогда не входят в делитель, а при `count_include_pad=True` делить надо на `k`.",
    "padded zeros never count in the divisor; with `count_include_pad=True` the divisor is `k`.",
)
def zeros_never_count(x: Array, k: int, s: int, p: int = 0, count_include_pad: bool = True) -> Array:
    return average(x, k, s, p, count_include_pad=False)


@mistake(
    "`count_include_pad` понят наоборот: при `True` нули входят в делитель.",
    "`count_include_pad` is taken the wrong way round: with `True` the zeros do count.",
)
def flag_reversed(x: Array, k: int, s: int, p: int = 0, count_include_pad: bool = True) -> Array:
    return average(x, k, s, p, not count_include_pad)


@mistake(
    "суммы ни на что не делятся.",
    "the sums are divided by nothing.",
)
def not_divided(x: Array, k: int, s: int, p: int = 0, count_include_pad: bool = True) -> Array:
    return k * average(x, k, s, p)


@mistake(
    "края дополнены не нулями, а крайними значениями.",
    "the ends are padded with the end values instead of zeros.",
)
def ends_repeated(x: Array, k: int, s: int, p: int = 0, count_include_pad: bool = True) -> Array:
    return average(np.pad(x, p, mode="edge"), k, s)


@mistake(
    "дополнено только начало, а `p` значений приписывают с обоих концов.",
    "only the beginning is padded; `p` values are added at both ends.",
)
def padded_once(x: Array, k: int, s: int, p: int = 0, count_include_pad: bool = True) -> Array:
    starts = range(-p, len(x) - k + 1, s)
    seen = [x[max(i, 0) : i + k] for i in starts]
    return np.array([v.sum() / (k if count_include_pad else len(v)) for v in seen])


@mistake(
    "`p` не используется.",
    "`p` is not used.",
)
def padding_ignored(x: Array, k: int, s: int, p: int = 0, count_include_pad: bool = True) -> Array:
    return average(x, k, s)


@mistake(
    "шаг не используется: окна начинаются у каждого числа, а не через каждые `s`.",
    "the stride is not used: there is a window at every number, not at every `s`-th.",
)
def stride_ignored(x: Array, k: int, s: int, p: int = 0, count_include_pad: bool = True) -> Array:
    return average(x, k, 1, p, count_include_pad)


@mistake(
    "лишнее окно в конце: оно свешивается за край. Окно должно целиком лежать в дополненном входе.",
    "a window too many: the last one hangs over the end. A window must lie wholly within the padded input.",
)
def overhanging(x: Array, k: int, s: int, p: int = 0, count_include_pad: bool = True) -> Array:
    seen = [x[max(i, 0) : i + k] for i in range(-p, len(x), s)]
    return np.array([v.sum() / (k if count_include_pad else len(v)) for v in seen])


EXERCISE = Exercise(
    name="ch01.average",
    title=Text("Среднее и край", "The mean and the border"),
    task=Text(
        "Напишите усредняющий пулинг в одном измерении: вход `x`, окно `k`, шаг `s`, по `p` нулей с каждого "
        "края (`p ≤ k/2`). При `count_include_pad=False` приписанные нули в делитель не входят.",
        "Write the one-dimensional average pooling: input `x`, window `k`, stride `s`, `p` zeros at each end "
        "(`p ≤ k/2`). With `count_include_pad=False` padded zeros do not count in the divisor.",
    ),
    stub=STUB,
    reference=average,
    mistakes=(
        zeros_always_count,
        zeros_never_count,
        flag_reversed,
        not_divided,
        ends_repeated,
        padded_once,
        padding_ignored,
        stride_ignored,
        overhanging,
    ),
    cases=(
        {"x": np.array([2.0, 4, 6, 8]), "k": 2, "s": 2, "p": 0, "count_include_pad": True},
        {"x": np.array([6.0, 12, 18]), "k": 3, "s": 1, "p": 1, "count_include_pad": True},
        {"x": np.array([6.0, 12, 18]), "k": 3, "s": 1, "p": 1, "count_include_pad": False},
        {"x": primes(5), "k": 2, "s": 2, "p": 0, "count_include_pad": True},
        {"x": primes(7, start=2), "k": 3, "s": 2, "p": 1, "count_include_pad": False},
        {"x": primes(5, start=4), "k": 4, "s": 1, "p": 2, "count_include_pad": True},
    ),
    hints=(
        Text(
            "Где начинается первое окно, если с края приписано `p` нулей, а номера считаются по исходному "
            "входу? А где последнее?",
            "Where does the first window start if `p` zeros are added at the end and places are counted in "
            "the original input? And the last one?",
        ),
        Text(
            "Сумма от нулей не зависит, поэтому приписывать их незачем: складывайте то, что от окна лежит на "
            "входе, `x[max(start, 0) : start + k]`. Нули меняют только делитель.",
            "Zeros do not change a sum, so there is no need to add any: sum what the window covers of the "
            "input, `x[max(start, 0) : start + k]`. Zeros change the divisor only.",
        ),
        Text(
            "Цикл: `for start in range(-p, len(x) + p - k + 1, s)`. Делитель: `k if count_include_pad else "
            "len(seen)`.",
            "The loop: `for start in range(-p, len(x) + p - k + 1, s)`. The divisor: `k if "
            "count_include_pad else len(seen)`.",
        ),
    ),
    shapes={
        "unpadded": Shape(
            lambda x, k, s, p, count_include_pad: ((len(x) - k) // s + 1,),
            Text("Столько окон было бы без дополнения.", "That many windows there would be without padding."),
        ),
        "rounded up": Shape(
            lambda x, k, s, p, count_include_pad: (-(-(len(x) + 2 * p - k) // s) + 1,),
            Text("Здесь округлили вверх, а надо вниз.", "This is rounded up; it should be rounded down."),
        ),
        "input's size": Shape(
            lambda x, k, s, p, count_include_pad: (len(x),),
            Text(
                "Это размер входа; окон ⌊(n + 2p − k)/s⌋ + 1.",
                "That is the input's size; there are ⌊(n + 2p − k)/s⌋ + 1 windows.",
            ),
        ),
    },
    features={
        "p > 0": lambda x, k, s, p, count_include_pad: p > 0,
        "s > 1": lambda x, k, s, p, count_include_pad: s > 1,
        "count_include_pad = False": lambda x, k, s, p, count_include_pad: not count_include_pad,
        "count_include_pad = True, p > 0": lambda x, k, s, p, count_include_pad: count_include_pad and p > 0,
    },
    forbidden=(
        "avg_pool",
        *(f"upsample_lib.avg_pool{n}d" for n in (1, 2, 3)),
        *(f"torch.nn.functional.avg_pool{n}d" for n in (1, 2, 3)),
    ),
)
