"""Average unpooling that leaves nothing beyond the ends: the adjoint of the mean without padding."""

import numpy as np

from upsample_lib.exercises.cases import Array, Shape, mistake, primes
from upsample_lib.exercises.exercise import Exercise
from upsample_lib.exercises.language import Text

STUB = """def share(y, k, s, n, p=0):
    ...
"""


def share(y: Array, k: int, s: int, n: int, p: int = 0) -> Array:
    z = np.zeros(n)
    for i in range(len(y)):
        start = i * s - p
        window = slice(max(start, 0), start + k)
        z[window] += y[i] / len(z[window])
    return z


@mistake(
    "число поделено на `k` и там, где окно свешивается за край: часть его пропала. Делите на число настоящих "
    "мест в окне.",
    "a number is divided by `k` even where its window hangs over the end, and part of it is lost. Divide by "
    "the number of real places in the window.",
)
def padding_takes_a_share(y: Array, k: int, s: int, n: int, p: int = 0) -> Array:
    z = np.zeros(n + 2 * p)
    for i in range(len(y)):
        z[i * s : i * s + k] += y[i] / k
    return z[p : p + n]


@mistake(
    "число повторено в окне, а не поделено между его местами.",
    "the number is repeated in its window instead of being shared out.",
)
def not_divided(y: Array, k: int, s: int, n: int, p: int = 0) -> Array:
    z = np.zeros(n)
    for i in range(len(y)):
        z[max(i * s - p, 0) : i * s - p + k] += y[i]
    return z


@mistake(
    "доли записываются (`=`), а не складываются (`+=`): где окна перекрылись, осталась только последняя.",
    "shares are written (`=`) instead of added (`+=`): where windows overlap only the last one is left.",
)
def overwritten(y: Array, k: int, s: int, n: int, p: int = 0) -> Array:
    z = np.zeros(n)
    for i in range(len(y)):
        window = slice(max(i * s - p, 0), i * s - p + k)
        z[window] = y[i] / len(z[window])
    return z


@mistake(
    "сбор вместо разброса. Это снова пулинг: он идёт по выходу и собирает средние. Идите по `y` и "
    "раздавайте доли.",
    "gathering where one must scatter. This is pooling once more: it walks along the output and gathers "
    "means. Walk along `y` and give out shares.",
    misconception=3,
)
def gathered(y: Array, k: int, s: int, n: int, p: int = 0) -> Array:
    windows = [y[max(q - k + 1, 0) : q + 1] for q in range(n)]
    return np.array([v.mean() if len(v) else 0.0 for v in windows])


@mistake(
    "это ближайший сосед, делённый на `k`. Он совпадает с ответом, только если `k = s`, `p = 0` и `n` "
    "делится на `s`.",
    "this is nearest neighbour divided by `k`. It agrees only if `k = s`, `p = 0` and `s` divides `n`.",
)
def copied(y: Array, k: int, s: int, n: int, p: int = 0) -> Array:
    return np.resize(np.append(y.repeat(s), np.zeros(n)), n) / k


@mistake(
    "отрицательное начало среза Python отсчитывает от конца: окно `z[-1 : 2]` пусто, и первое число "
    "пропало. Пишите `max(start, 0)`.",
    "Python counts the negative start of a slice from the end: the window `z[-1 : 2]` is empty, and the "
    "first number is lost. Write `max(start, 0)`.",
)
def negative_start(y: Array, k: int, s: int, n: int, p: int = 0) -> Array:
    z = np.zeros(n)
    for i in range(len(y)):
        start = i * s - p
        z[start : start + k] += y[i] / max(len(z[start : start + k]), 1)
    return z


@mistake(
    "`p` не используется: окно с номером `i` начинается в `i * s − p`.",
    "`p` is not used: window number `i` starts at `i * s − p`.",
)
def padding_ignored(y: Array, k: int, s: int, n: int, p: int = 0) -> Array:
    z = np.zeros(n + 2 * p)
    for i in range(len(y)):
        z[i * s : i * s + k] += y[i] / k
    return z[:n]


@mistake(
    "шаг не используется: окна сдвинуты на 1, а не на `s`.",
    "the stride is not used: windows lie 1 apart, not `s`.",
)
def stride_ignored(y: Array, k: int, s: int, n: int, p: int = 0) -> Array:
    return share(y, k, 1, n, p)


def _case(y: Array, k: int, s: int, n: int, p: int) -> dict[str, object]:
    return {"y": y, "k": k, "s": s, "n": n, "p": p}


EXERCISE = Exercise(
    name="ch02.share",
    title=Text("Каждому по доле", "A share for everyone"),
    task=Text(
        "Раздайте каждое число `y` поровну тем местам выхода длины `n`, которые накрывает его окно: окно "
        "`k`, шаг `s`, дополнение `p`. Где окна перекрылись, доли складываются; за краем делить не с кем, "
        "так что сумма выхода равна сумме `y`. Это сопряжённый оператор к усредняющему пулингу с "
        "`count_include_pad=False`.",
        "Share each number of `y` out evenly among the places of an output of length `n` that its window "
        "covers: window `k`, stride `s`, padding `p`. Where windows overlap, shares add up; beyond the end "
        "there is nobody to share with, so the output sums to the sum of `y`. It is the adjoint of average "
        "pooling with `count_include_pad=False`.",
    ),
    stub=STUB,
    reference=share,
    mistakes=(
        padding_takes_a_share,
        not_divided,
        overwritten,
        gathered,
        copied,
        negative_start,
        padding_ignored,
        stride_ignored,
    ),
    cases=(
        _case(np.array([2.0, 4]), 2, 2, 4, 0),
        _case(np.array([2.0, 4, 6]), 2, 1, 4, 0),
        _case(np.array([6.0, 12]), 3, 2, 3, 1),
        _case(6 * primes(3), 3, 2, 6, 1),
        _case(12 * primes(4, start=2), 4, 2, 7, 2),
        _case(6 * primes(2, start=6), 2, 3, 6, 0),
    ),
    hints=(
        Text(
            "Раздавать — значит идти циклом по `y`, а не по выходу. Какие места накрывает окно числа `y[i]`?",
            "To give out means to loop over `y`, not over the output. Which places does the window of `y[i]` "
            "cover?",
        ),
        Text(
            "Окно начинается в `start = i * s - p` и может свешиваться с обоих краёв. Срез сам обрезает "
            "конец, а начало нет: нужен `max(start, 0)`.",
            "The window starts at `start = i * s - p` and may hang over either end. A slice clips its end by "
            "itself, but not its start: `max(start, 0)` is needed.",
        ),
        Text(
            "`window = slice(max(start, 0), start + k)`, затем `z[window] += y[i] / len(z[window])`.",
            "`window = slice(max(start, 0), start + k)`, then `z[window] += y[i] / len(z[window])`.",
        ),
    ),
    impulses={f"y[{i}]": _case(np.eye(3)[i], 1, 2, 6, 0) for i in range(3)},
    shapes={
        "default size": Shape(
            lambda y, k, s, n, p: ((len(y) - 1) * s + k - 2 * p,),
            Text(
                "Это наименьший возможный размер, а нужно n: у пулинга несколько входов с одним размером "
                "выхода.",
                "That is the smallest possible size; n is wanted: several inputs of pooling share one output "
                "size.",
            ),
        ),
        "padded": Shape(
            lambda y, k, s, n, p: (n + 2 * p,),
            Text("Дополнение осталось на краях.", "The padding is still there at the ends."),
        ),
    },
    features={
        "p > 0": lambda y, k, s, n, p: p > 0,
        "k > s": lambda y, k, s, n, p: k > s,
        "k ≠ s": lambda y, k, s, n, p: k != s,
        "p = 0": lambda y, k, s, n, p: p == 0,
    },
    forbidden=("avg_unpool1d", "upsample_lib.avg_unpool"),
)
