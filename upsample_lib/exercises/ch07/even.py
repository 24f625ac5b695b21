"""When every interior pixel receives equally many prints."""

from math import gcd

from upsample_lib.exercises.cases import mistake
from upsample_lib.exercises.exercise import Exercise
from upsample_lib.exercises.language import Text

STUB = """def even(k, s, p=0, a=0, d=1):
    ...
"""


def even(k: int, s: int, p: int = 0, a: int = 0, d: int = 1) -> bool:
    from math import gcd

    return k % s == 0 and gcd(d, s) == 1


@mistake(
    "проверено, что размер растёт ровно в `s` раз. Это не о перекрытиях: k3 s2 p1 a1 удваивает размер, а "
    "внутри 1, 2, 1, 2, …",
    "this tests whether the size grows exactly `s` times. It says nothing of overlaps: k3 s2 p1 a1 doubles "
    "the size, and inside stands 1, 2, 1, 2, …",
    misconception=12,
)
def size_is_exact(k: int, s: int, p: int = 0, a: int = 0, d: int = 1) -> bool:
    return 2 * p == d * (k - 1) + 1 - s + a


@mistake(
    "делимости `k` на `s` мало: при общем множителе `d` и `s` в часть клеток не попадает ничего.",
    "that `s` divides `k` is not enough: when `d` and `s` share a factor, some cells receive nothing.",
    misconception=13,
)
def divisible_is_enough(k: int, s: int, p: int = 0, a: int = 0, d: int = 1) -> bool:
    return k % s == 0


@mistake(
    "на `s` поделена длина раздвинутого ядра, `d(k − 1) + 1`. Считаются веса, а между ними пустые места.",
    "this divides the length of the spread kernel, `d(k − 1) + 1`. What counts are weights, and between them "
    "are empty places.",
)
def span_is_divisible(k: int, s: int, p: int = 0, a: int = 0, d: int = 1) -> bool:
    return (d * (k - 1) + 1) % s == 0


@mistake(
    "`d` не делится на `s` — это слабее, чем нужно: при `s = 4`, `d = 2` общий множитель 2.",
    "that `s` does not divide `d` is weaker than what is needed: `s = 4`, `d = 2` share the factor 2.",
)
def dilation_not_divisible(k: int, s: int, p: int = 0, a: int = 0, d: int = 1) -> bool:
    return k % s == 0 and (s == 1 or d % s != 0)


@mistake(
    "любая dilation объявлена неровной. Ровное перекрытие остаётся ровным, если у `d` и `s` нет общего "
    "множителя: k4 s2 d3.",
    "every dilation is called uneven. An even overlap stays even if `d` and `s` share no factor: k4 s2 d3.",
)
def no_dilation(k: int, s: int, p: int = 0, a: int = 0, d: int = 1) -> bool:
    return k % s == 0 and d == 1


@mistake(
    "учтено дополнение. Оно срезает края и не меняет того, что внутри.",
    "padding is taken into account. It crops the ends and does not change what is inside.",
)
def padding_counts(k: int, s: int, p: int = 0, a: int = 0, d: int = 1) -> bool:
    return (k - 2 * p) % s == 0 and gcd(d, s) == 1


@mistake(
    "проверено `k ≥ s`: тогда нет дыр, но слагаемых может быть то больше, то меньше.",
    "this tests `k ≥ s`: then there are no holes, but the number of terms may still go up and down.",
)
def covered(k: int, s: int, p: int = 0, a: int = 0, d: int = 1) -> bool:
    return k >= s and gcd(d, s) == 1


@mistake(
    "достаточно общего множителя `k` и `s`? Нет, `s` должен делить `k` целиком: у k6 s4 внутри 1, 1, 2, 2.",
    "is a common factor of `k` and `s` enough? No, `s` must divide `k` entirely: k6 s4 has 1, 1, 2, 2 "
    "inside.",
)
def common_factor(k: int, s: int, p: int = 0, a: int = 0, d: int = 1) -> bool:
    return (s == 1 or gcd(k, s) > 1) and gcd(d, s) == 1


@mistake(
    "проверена чётность `k`. Английское even здесь значит «ровное»: `k` должно делиться на `s`.",
    "this tests whether `k` is an even number. The overlap is even when `k` is a multiple of `s`.",
)
def even_kernel(k: int, s: int, p: int = 0, a: int = 0, d: int = 1) -> bool:
    return k % 2 == 0


def _case(k: int, s: int, p: int = 0, a: int = 0, d: int = 1) -> dict[str, int]:
    return {"k": k, "s": s, "p": p, "a": a, "d": d}


EXERCISE = Exercise(
    name="ch07.even",
    title=Text("Ровно ли перекрытие", "Is the overlap even"),
    task=Text(
        "Верните `True`, если внутри на каждую клетку ложится поровну оттисков, иначе `False`.",
        "Return `True` if every interior cell receives equally many prints, else `False`.",
    ),
    stub=STUB,
    reference=even,
    mistakes=(
        size_is_exact,
        divisible_is_enough,
        span_is_divisible,
        dilation_not_divisible,
        no_dilation,
        padding_counts,
        covered,
        common_factor,
        even_kernel,
    ),
    cases=(
        _case(3, 2),
        _case(4, 2),
        _case(3, 2, p=1, a=1),
        _case(4, 2, p=1),
        _case(3, 3),
        _case(6, 4),
        _case(5, 3, p=1),
        _case(4, 2, d=2),
        _case(4, 2, d=3),
        _case(4, 4, d=2),
        _case(3, 1, d=2),
        _case(3, 3, d=3),
        _case(3, 3, d=2),
        _case(2, 4),
        _case(2, 3, p=1, d=2),
        _case(6, 3, p=1),
    ),
    hints=(
        Text(
            "Подайте единицы с ядром из единиц: `up.conv_transpose1d(np.ones((1, 9)), np.ones((1, 1, k)), "
            "stride=s)`. При каких `k` и `s` внутри одно и то же число?",
            "Feed in ones with a kernel of ones: `up.conv_transpose1d(np.ones((1, 9)), np.ones((1, 1, k)), "
            "stride=s)`. For which `k` and `s` is the inside a single number?",
        ),
        Text(
            "Дополнение и `output_padding` только двигают края. Остаются `k`, `s` и `d`.",
            "Padding and `output_padding` only move the ends. What remains is `k`, `s` and `d`.",
        ),
        Text(
            "Теорема о ровном перекрытии: `s` делит `k` и `math.gcd(d, s) == 1`.",
            "The theorem on even overlap: `s` divides `k`, and `math.gcd(d, s) == 1`.",
        ),
    ),
    features={
        "d > 1": lambda k, s, p, a, d: d > 1,
        "p > 0": lambda k, s, p, a, d: p > 0,
        "k mod s = 0": lambda k, s, p, a, d: k % s == 0,
        "gcd(d, s) > 1": lambda k, s, p, a, d: gcd(d, s) > 1,
    },
    forbidden=(
        "upsample_lib.overlap_is_even",
        "upsample_lib.artifacts.overlap_is_even",
        "upsample_lib.overlap",
        "upsample_lib.artifacts.overlap",
    ),
)
