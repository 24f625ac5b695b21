"""Which output padding brings a size back."""

from upsample_lib.exercises.cases import mistake
from upsample_lib.exercises.exercise import Exercise
from upsample_lib.exercises.language import Text

STUB = """def output_padding(m, k, s=1, p=0):
    ...
"""


def output_padding(m: int, k: int, s: int = 1, p: int = 0) -> int:
    return (m + 2 * p - k) % s


@mistake(
    "ответ всегда 0: будто те же `k`, `s`, `p` возвращают размер сами. Свёртка склеивает `s` размеров в "
    "один, и возвращается наименьший: после k5 s3 p2 и 16, и 17, и 18 станут 16.",
    "the answer is always 0, as if the same `k`, `s`, `p` restored the size by themselves. A convolution "
    "merges `s` sizes into one, and the smallest comes back: after k5 s3 p2, 16, 17 and 18 all become 16.",
    misconception=10,
)
def always_zero(m: int, k: int, s: int = 1, p: int = 0) -> int:
    return 0


@mistake(
    "ответ всегда `s − 1`. Это верно лишь для наибольшего из склеенных размеров.",
    "the answer is always `s − 1`. That is right only for the largest of the merged sizes.",
)
def always_largest(m: int, k: int, s: int = 1, p: int = 0) -> int:
    return s - 1


@mistake(
    "взят остаток самого `m`. Ядро и дополнение тоже сдвигают последнее окно: делите `m + 2p − k`.",
    "the remainder is that of `m` itself. Kernel and padding move the last window too: divide `m + 2p − k`.",
)
def kernel_and_padding_forgotten(m: int, k: int, s: int = 1, p: int = 0) -> int:
    return m % s


@mistake(
    "забыто дополнение: свёртка идёт по `m + 2p` числам.",
    "padding is forgotten: the convolution runs over `m + 2p` numbers.",
)
def padding_forgotten(m: int, k: int, s: int = 1, p: int = 0) -> int:
    return (m - k) % s


@mistake(
    "дополнение учтено один раз, а оно стоит с обоих краёв: `2 * p`.",
    "padding is counted once, but it stands at both ends: `2 * p`.",
)
def padding_once(m: int, k: int, s: int = 1, p: int = 0) -> int:
    return (m + p - k) % s


@mistake(
    "дополнение вычтено. Размер `m` был до свёртки, а она дополняет: `m + 2p`.",
    "padding is subtracted. The size `m` was there before the convolution, which pads: `m + 2p`.",
)
def padding_subtracted(m: int, k: int, s: int = 1, p: int = 0) -> int:
    return (m - 2 * p - k) % s


@mistake(
    "ошибка на единицу: первое окно занимает `k` чисел, за ним остаётся `m + 2p − k`.",
    "off by one: the first window takes `k` numbers, and `m + 2p − k` are left after it.",
)
def off_by_one(m: int, k: int, s: int = 1, p: int = 0) -> int:
    return (m + 2 * p - k + 1) % s


@mistake(
    "найдено, сколько не хватает до следующего окна. Нужно, сколько чисел осталось за последним: остаток с "
    "другим знаком.",
    "this is how many numbers are missing for one more window. Wanted is how many are left after the last "
    "one: the remainder with the other sign.",
)
def missing_instead_of_left(m: int, k: int, s: int = 1, p: int = 0) -> int:
    return (k - m - 2 * p) % s


@mistake(
    "взято частное, а нужен остаток: `%`, а не `//`.",
    "the quotient is taken, the remainder is wanted: `%`, not `//`.",
)
def quotient(m: int, k: int, s: int = 1, p: int = 0) -> int:
    return (m + 2 * p - k) // s


@mistake(
    "это `m − n·s`, будто без `output_padding` выходит ровно `n·s`. Выходит `(n − 1)s − 2p + k`.",
    "this is `m − n·s`, as if `n·s` came out without `output_padding`. What comes out is "
    "`(n − 1)s − 2p + k`.",
)
def beyond_n_times_s(m: int, k: int, s: int = 1, p: int = 0) -> int:
    n = (m + 2 * p - k) // s + 1
    return m - n * s


EXERCISE = Exercise(
    name="ch06.output_padding",
    title=Text("Вернуть размер", "Bringing the size back"),
    task=Text(
        "Свёртка с `k`, `s`, `p` получила `m` чисел. Какое `output_padding` нужно транспонированной свёртке "
        "с теми же `k`, `s`, `p`, чтобы снова вышло `m`?",
        "A convolution with `k`, `s`, `p` was given `m` numbers. Which `output_padding` must a transposed "
        "convolution with the same `k`, `s`, `p` have for `m` to come out again?",
    ),
    stub=STUB,
    reference=output_padding,
    mistakes=(
        always_zero,
        always_largest,
        kernel_and_padding_forgotten,
        padding_forgotten,
        padding_once,
        padding_subtracted,
        off_by_one,
        missing_instead_of_left,
        quotient,
        beyond_n_times_s,
    ),
    cases=(
        {"m": 16, "k": 5, "s": 3, "p": 2},
        {"m": 17, "k": 5, "s": 3, "p": 2},
        {"m": 18, "k": 5, "s": 3, "p": 2},
        {"m": 7, "k": 3, "s": 2, "p": 1},
        {"m": 8, "k": 3, "s": 2, "p": 1},
        {"m": 14, "k": 4, "s": 4, "p": 1},
        {"m": 11, "k": 4, "s": 3, "p": 0},
        {"m": 23, "k": 7, "s": 5, "p": 3},
        {"m": 9, "k": 3, "s": 1, "p": 1},
    ),
    hints=(
        Text(
            "Поставьте на бумаге первое окно свёртки в начало дополненного входа и шагайте по `s`, пока "
            "окно помещается. Сколько чисел останется справа?",
            "On paper, put the first window of the convolution at the beginning of the padded input and step "
            "by `s` while the window fits. How many numbers are left on the right?",
        ),
        Text(
            "Дополненный вход — это `m + 2p` чисел; первое окно занимает `k`, остальное делится на шаги. "
            "Лишнее в конце не видит ни одно окно, его и надо вернуть.",
            "The padded input has `m + 2p` numbers; the first window takes `k`, the rest is divided into "
            "steps. What is over at the end no window sees, and this is what has to be given back.",
        ),
        Text(
            "Остаток от деления `m + 2 * p - k` на `s`.",
            "The remainder of `m + 2 * p - k` divided by `s`.",
        ),
    ),
    features={
        "p > 0": lambda m, k, s, p: p > 0,
        "s > 1": lambda m, k, s, p: s > 1,
        "(m + 2p − k) mod s = 0": lambda m, k, s, p: (m + 2 * p - k) % s == 0,
        "(m + 2p − k) mod s ≠ 0": lambda m, k, s, p: (m + 2 * p - k) % s != 0,
    },
    forbidden=("upsample_lib.output_padding_for", "upsample_lib.sizes.output_padding_for"),
)
