"""A decoder whose layers overlap unevenly, to be repaired."""

from collections.abc import Callable, Sequence

from upsample_lib.exercises.cases import mistake
from upsample_lib.exercises.exercise import Exercise
from upsample_lib.exercises.language import Text

Layer = tuple[int, int, int, int]  # k, s, p, a
Layers = tuple[Layer, ...]

STUB = """def repaired(layers):
    result = []
    for k, s, p, a in layers:
        ...
        result.append((k, s, p, a))
    return tuple(result)
"""


def repaired(layers: Sequence[Layer]) -> Layers:
    result = []
    for k, s, _, _ in layers:
        k = -(-k // s) * s
        a = (k - s) % 2
        result.append((k, s, (k - s + a) // 2, a))
    return tuple(result)


def _by(rule: Callable[[int, int, int, int], Layer], layers: Sequence[Layer]) -> Layers:
    """Every layer by one rule."""
    return tuple(rule(*layer) for layer in layers)


def _next(k: int, s: int) -> int:
    return -(-k // s) * s


@mistake(
    "ядро прежнее, подогнан только размер. Точный размер ничего не говорит о перекрытиях: у k3 s2 p1 a1 "
    "внутри 1, 2, 1, 2, …",
    "the kernel stays, only the size is adjusted. An exact size says nothing of overlaps: k3 s2 p1 a1 has "
    "1, 2, 1, 2, … inside.",
    misconception=12,
)
def only_the_size(layers: Sequence[Layer]) -> Layers:
    return _by(lambda k, s, p, a: (k, s, (k - s + (k - s) % 2) // 2, (k - s) % 2), layers)


@mistake(
    "ядро уменьшено. Возьмите кратное `s`, которое не меньше прежнего `k`: слой не должен видеть меньше.",
    "the kernel is made smaller. Take the multiple of `s` that is not below the old `k`: the layer is not to "
    "see less.",
)
def rounded_down(layers: Sequence[Layer]) -> Layers:
    return _by(lambda k, s, p, a: repaired([(k // s * s, s, p, a)])[0], layers)


@mistake(
    "ядро всюду `2 * s`. Это хороший слой, но не ближайший: k3 s3 и так ровный, а k7 s2 не стоит уменьшать.",
    "the kernel is `2 * s` everywhere. A good layer, but not the nearest: k3 s3 is even as it is, and k7 s2 "
    "should not shrink.",
)
def always_twice(layers: Sequence[Layer]) -> Layers:
    return _by(lambda k, s, p, a: repaired([(2 * s, s, p, a)])[0], layers)


@mistake(
    "к неровному ядру прибавлена единица. При `s = 2` этого хватает, при большем шаге нет.",
    "one is added to an uneven kernel. With `s = 2` that is enough, with a larger stride it is not.",
)
def one_more(layers: Sequence[Layer]) -> Layers:
    def rule(k: int, s: int, p: int, a: int) -> Layer:
        k += k % s != 0
        a = (k - s) % 2
        return k, s, (k - s + a) // 2, a

    return _by(rule, layers)


@mistake(
    "ядро увеличено и там, где оно уже делилось на `s`.",
    "the kernel is enlarged even where it was a multiple of `s` already.",
)
def even_ones_too(layers: Sequence[Layer]) -> Layers:
    return _by(lambda k, s, p, a: repaired([((k // s + 1) * s, s, p, a)])[0], layers)


@mistake(
    "изменено только ядро, `p` и `a` прежние: размер больше не `s * n`.",
    "only the kernel is changed, `p` and `a` stay: the size is no longer `s * n`.",
)
def size_forgotten(layers: Sequence[Layer]) -> Layers:
    return _by(lambda k, s, p, a: (_next(k, s), s, p, a), layers)


@mistake(
    "`a` всегда 0. При нечётном `k − s` размер тогда на единицу не тот: `p` срезает по два числа.",
    "`a` is always 0. When `k − s` is odd, the size is then off by one: `p` crops two numbers at a time.",
)
def no_output_padding(layers: Sequence[Layer]) -> Layers:
    return _by(lambda k, s, p, a: (_next(k, s), s, (_next(k, s) - s) // 2, 0), layers)


@mistake(
    "`p` округлено вниз, а надо вверх: `a` прибавляет к выходу, поэтому `2p = k − s + a`.",
    "`p` is rounded down; it has to go up: `a` adds to the output, and so `2p = k − s + a`.",
)
def padding_rounded_down(layers: Sequence[Layer]) -> Layers:
    return _by(
        lambda k, s, p, a: (_next(k, s), s, (_next(k, s) - s) // 2, (_next(k, s) - s) % 2),
        layers,
    )


@mistake(
    "`p = k // 2`, как у обычной свёртки. Здесь `2p = k − s + a`.",
    "`p = k // 2`, as in an ordinary convolution. Here `2p = k − s + a`.",
)
def padding_of_a_convolution(layers: Sequence[Layer]) -> Layers:
    return _by(lambda k, s, p, a: (_next(k, s), s, _next(k, s) // 2, 0), layers)


@mistake(
    "шаг изменён под ядро. Тогда слой увеличивает в другое число раз; менять надо ядро.",
    "the stride is fitted to the kernel. Then the layer enlarges by another factor; it is the kernel that "
    "has to change.",
)
def stride_changed(layers: Sequence[Layer]) -> Layers:
    return _by(lambda k, s, p, a: repaired([(k, s if k % s == 0 else k, p, a)])[0], layers)


EXERCISE = Exercise(
    name="ch07.repaired",
    title=Text("Починить перекрытия", "Repair the overlaps"),
    task=Text(
        "Декодер задан слоями `(k, s, p, a)`, `s ≥ 2`. Почините каждый: шаг прежний, ядро — наименьшее не "
        "меньше `k` с ровным перекрытием, выход ровно `s * n`, `a` наименьшее возможное. Верните кортеж "
        "слоёв.",
        "A decoder is given by its layers `(k, s, p, a)`, `s ≥ 2`. Repair each: the stride stays, the kernel "
        "is the smallest one not below `k` with even overlap, the output is exactly `s * n`, `a` is as small "
        "as possible. Return the tuple of layers.",
    ),
    stub=STUB,
    reference=repaired,
    mistakes=(
        only_the_size,
        rounded_down,
        always_twice,
        one_more,
        even_ones_too,
        size_forgotten,
        no_output_padding,
        padding_rounded_down,
        padding_of_a_convolution,
        stride_changed,
    ),
    cases=(
        {"layers": [(3, 2, 1, 1)]},
        {"layers": [(4, 2, 1, 0)]},
        {"layers": [(5, 2, 2, 1)]},
        {"layers": [(3, 3, 0, 0)]},
        {"layers": [(5, 3, 1, 0)]},
        {"layers": [(4, 3, 1, 1), (7, 2, 3, 1)]},
        {"layers": [(5, 4, 0, 0), (6, 4, 2, 0), (9, 3, 3, 1)]},
    ),
    hints=(
        Text(
            "Перекрытие ровное, когда `s` делит `k`. Какое наименьшее кратное `s` не меньше `k`?",
            "The overlap is even when `s` divides `k`. Which is the smallest multiple of `s` not below `k`?",
        ),
        Text(
            "Округление вверх: `k = -(-k // s) * s`. Размер ровно `s * n`, когда `2 * p = k - s + a`; `a` "
            "нужно, только если `k - s` нечётно.",
            "Rounded up: `k = -(-k // s) * s`. The size is exactly `s * n` when `2 * p = k - s + a`; `a` is "
            "needed only when `k - s` is odd.",
        ),
        Text(
            "`a = (k - s) % 2`, `p = (k - s + a) // 2`.",
            "`a = (k - s) % 2`, `p = (k - s + a) // 2`.",
        ),
    ),
    features={
        "s > 2": lambda layers: any(s > 2 for _, s, _, _ in layers),
        "len(layers) > 1": lambda layers: len(layers) > 1,
        "k mod s = 0": lambda layers: all(k % s == 0 for k, s, _, _ in layers),
    },
    forbidden=("upsample_lib.transposed_settings", "upsample_lib.sizes.transposed_settings"),
)
