"""Puzzles of chapter 10, autoencoders: `sizes_and_back`, `decoded_by_hand`."""

import numpy as np

from upsample_lib.exercises.cases import Array, mistake
from upsample_lib.exercises.language import Text
from upsample_lib.puzzles.puzzle import Puzzle
from upsample_lib.puzzles.question import Given, Question
from upsample_lib.puzzles.wording import number


def there_and_back(n: int, k: Array, s: Array, p: Array) -> Array:
    size, sizes, missing = float(n), [], []
    for kernel, stride, padding in zip(k, s, p):
        m = (size + 2 * padding - kernel) // stride + 1
        missing.append(size - ((m - 1) * stride - 2 * padding + kernel))
        sizes.append(m)
        size = m
    return np.array([sizes, missing])


@mistake(
    "размеры округлены вверх. Свёртка округляет вниз: ⌊(n + 2p − k)/s⌋ + 1.",
    "the sizes are rounded up. A convolution rounds down: ⌊(n + 2p − k)/s⌋ + 1.",
)
def rounded_up(n: int, k: Array, s: Array, p: Array) -> Array:
    size, sizes = float(n), []
    for kernel, stride, padding in zip(k, s, p):
        size = np.ceil((size + 2 * padding - kernel) / stride) + 1
        sizes.append(size)
    return np.array([sizes, np.zeros(len(k))])  # back from such sizes, nothing seems to be missing


@mistake(
    "дополнение прибавлено один раз, а оно стоит с двух краёв: n + 2p − k.",
    "the padding is added once, but it stands at both ends: n + 2p − k.",
)
def padded_once(n: int, k: Array, s: Array, p: Array) -> Array:
    return there_and_back(n, k, s, p / 2)


@mistake(
    "вторая строка из нулей, будто те же k, s, p всегда возвращают размер. Посчитайте (m − 1)·s − 2p + k и "
    "сравните с тем, что было.",
    "the second row is all zeros, as if the same k, s, p always brought the size back. Work out (m − 1)·s − "
    "2p + k and compare it with what there was.",
    misconception=10,
)
def nothing_missing(n: int, k: Array, s: Array, p: Array) -> Array:
    found = there_and_back(n, k, s, p)
    found[1] = 0
    return found


@mistake(
    "во второй строке везде s − 1. Столько не хватает, только если остаток от деления самый большой.",
    "the second row is s − 1 throughout. That much is missing only where the remainder is the largest.",
    misconception=10,
)
def always_most(n: int, k: Array, s: Array, p: Array) -> Array:
    found = there_and_back(n, k, s, p)
    found[1] = s - 1
    return found


@mistake(
    "вторая строка идёт в порядке декодера. Здесь a стоит под тем слоем энкодера, размер чьего входа оно "
    "возвращает.",
    "the second row is in the decoder's order. Here a stands below the encoder's layer whose input size it "
    "brings back.",
)
def in_decoders_order(n: int, k: Array, s: Array, p: Array) -> Array:
    found = there_and_back(n, k, s, p)
    found[1] = found[1, ::-1].copy()
    return found


def _first_loss(found: Array, n: int, k: Array, s: Array, p: Array) -> Text:
    """One layer that does not bring its size back, worked out."""
    at = int(np.argmax(found[1] > 0))
    before = n if at == 0 else found[0, at - 1]
    return Text(
        "Слой {layer}: ⌊({n} + 2·{p} − {k})/{s}⌋ + 1 = {m}, а обратно ({m} − 1)·{s} − 2·{p} + {k} = {back}. "
        "До {n} не хватает {a}: это остаток, который отбросило округление.",
        "Layer {layer}: ⌊({n} + 2·{p} − {k})/{s}⌋ + 1 = {m}, and back ({m} − 1)·{s} − 2·{p} + {k} = {back}. "
        "That is {a} short of {n}: the remainder that rounding has dropped.",
    ).fill(
        layer=at + 1,
        n=number(before),
        k=number(k[at]),
        s=number(s[at]),
        p=number(p[at]),
        m=number(found[0, at]),
        back=number(before - found[1, at]),
        a=number(found[1, at]),
    )


SIZES = Question(
    name="ch10-sizes",
    title=Text("Вниз и ровно обратно", "Down and exactly back"),
    asks=Text(
        "Энкодер получил изображение со стороной `n`. Найдите сторону `m` после каждой свёртки. Под ней "
        "запишите a: с каким `output_padding` транспонированная свёртка с теми же k, s, p ровно вернёт "
        "размер входа этого слоя?",
        "An encoder has received an image of side `n`. Find the side `m` after each convolution. Below it "
        "put a: which `output_padding` makes the transposed convolution with the same k, s, p bring back "
        "exactly the size of that layer's input?",
    ),
    hint=Text(
        "Вниз: ⌊(n + 2p − k)/s⌋ + 1. Обратно без a: (m − 1)·s − 2p + k.",
        "Down: ⌊(n + 2p − k)/s⌋ + 1. Back without a: (m − 1)·s − 2p + k.",
    ),
    why=_first_loss,
    reference=there_and_back,
    mistakes=(rounded_up, padded_once, nothing_missing, always_most, in_decoders_order),
    cases=(
        {
            "n": 28,
            "k": np.array([3.0, 3, 3]),
            "s": np.array([2.0, 2, 2]),
            "p": np.array([1.0, 1, 1]),
        },
        {
            "n": 49,
            "k": np.array([5.0, 3, 4]),
            "s": np.array([3.0, 2, 2]),
            "p": np.array([2.0, 1, 1]),
        },
        {
            "n": 42,
            "k": np.array([5.0, 4, 2]),
            "s": np.array([2.0, 2, 2]),
            "p": np.array([2.0, 1, 0]),
        },
    ),
    symbol="m",
    heads=lambda n, k, s, p: [str(layer + 1) for layer in range(len(k))],
    sides=lambda n, k, s, p: ["m", "a"],
    shows=lambda n, k, s, p: [Given("k", k, "kernel"), Given("s", s, "plain"), Given("p", p, "zero")],
)


def decoded(z: Array, A: Array, b: Array, w: Array) -> Array:
    return _printed(np.maximum(A @ z + b, 0), w)


def _printed(h: Array, w: Array) -> Array:
    """A print of the kernel for each number of the map; with k = s they lie side by side."""
    return np.asarray(np.kron(h, w), dtype=float)


@mistake(
    "забыта ReLU: отрицательное число карты должно стать нулём до транспонированной свёртки.",
    "the ReLU is forgotten: a negative number of the map must become zero before the transposed convolution.",
)
def without_relu(z: Array, A: Array, b: Array, w: Array) -> Array:
    return _printed(A @ z + b, w)


@mistake(
    "ReLU применена к выходу. Она стоит между слоями, а выход бывает и отрицательным: это логиты.",
    "the ReLU is applied to the output. It stands between the layers, and the output may be negative: these "
    "are logits.",
)
def relu_at_the_end(z: Array, A: Array, b: Array, w: Array) -> Array:
    return np.maximum(_printed(A @ z + b, w), 0)


@mistake(
    "забыто смещение `b`.",
    "the bias `b` is forgotten.",
)
def without_bias(z: Array, A: Array, b: Array, w: Array) -> Array:
    return decoded(z, A, 0 * b, w)


@mistake(
    "код умножен на столбцы `A`. Число карты — сумма по её строке: a₀z₀ + a₁z₁.",
    "the code is multiplied by the columns of `A`. A number of the map is a sum along its row: a₀z₀ + a₁z₁.",
)
def columns(z: Array, A: Array, b: Array, w: Array) -> Array:
    return decoded(z, A.T, b, w)


@mistake(
    "ядро перевёрнуто. Оттиск — само ядро, умноженное на число карты.",
    "the kernel is flipped. A print is the kernel itself, times the number of the map.",
)
def flipped(z: Array, A: Array, b: Array, w: Array) -> Array:
    return decoded(z, A, b, w[::-1, ::-1])


@mistake(
    "карта и ядро поменялись ролями: оттиснута карта, столько раз, сколько весов в ядре. Каждое число карты "
    "оставляет целое ядро, 2 × 2.",
    "map and kernel have swapped roles: the map is printed once for each weight of the kernel. Each number "
    "of the map leaves a whole kernel, 2 × 2.",
)
def roles_swapped(z: Array, A: Array, b: Array, w: Array) -> Array:
    return _printed(w, np.maximum(A @ z + b, 0))


def _two_prints(found: Array, z: Array, A: Array, b: Array, w: Array) -> Text:
    """The map before and after the ReLU, and where its numbers print."""
    plain = A @ z + b
    return Text(
        "Карта до ReLU ({h0}; {h1}), после неё ({r0}; {r1}). Оттиски 2 × 2 при s = 2 не перекрываются: "
        "слева {r0}·w, справа {r1}·w. Всё изображение определили два числа кода.",
        "The map is ({h0}, {h1}) before the ReLU and ({r0}, {r1}) after it. Prints of 2 × 2 with s = 2 do "
        "not overlap: {r0}·w on the left, {r1}·w on the right. The two numbers of the code have determined "
        "the whole image.",
    ).fill(
        h0=number(plain[0]),
        h1=number(plain[1]),
        r0=number(max(plain[0], 0)),
        r1=number(max(plain[1], 0)),
    )


DECODED = Question(
    name="ch10-decoded",
    title=Text("Декодер вручную", "A decoder by hand"),
    asks=Text(
        "Код `z` из двух чисел проходит через линейный слой: `A` z + `b`, это карта 1 × 2. Потом ReLU и "
        "транспонированная свёртка с ядром `w`, s = 2. Какое изображение получится?",
        "A code `z` of two numbers goes through a linear layer: `A` z + `b`, a map of 1 × 2. Then come a "
        "ReLU and a transposed convolution with the kernel `w`, s = 2. Which image comes out?",
    ),
    hint=Text(
        "Сначала два числа карты, потом ReLU, потом для каждого — оттиск ядра.",
        "First the two numbers of the map, then the ReLU, then a print of the kernel for each.",
    ),
    why=_two_prints,
    reference=decoded,
    mistakes=(without_relu, relu_at_the_end, without_bias, columns, flipped, roles_swapped),
    cases=(
        {
            "z": np.array([2.0, 1]),
            "A": np.array([[3.0, -1], [1, -4]]),
            "b": np.array([1.0, 1]),
            "w": np.array([[1.0, 2], [3, -1]]),
        },
        {
            "z": np.array([-1.0, 2]),
            "A": np.array([[2.0, 1], [-1, 3]]),
            "b": np.array([-1.0, 1]),
            "w": np.array([[2.0, -1], [1, 3]]),
        },
        {
            "z": np.array([1.0, -2]),
            "A": np.array([[4.0, 1], [2, 3]]),
            "b": np.array([1.0, 1]),
            "w": np.array([[-2.0, 1], [5, 3]]),
        },
    ),
    symbol="y",
    shows=lambda z, A, b, w: [
        Given("z", z, "input"),
        Given("A", A, "kernel"),
        Given("b", b, "kernel"),
        Given("w", w, "kernel"),
    ],
)

QUESTIONS = (SIZES, DECODED)


def sizes_and_back() -> Puzzle:
    """Sizes down an encoder, and the output_padding that leads back."""
    return Puzzle(SIZES)


def decoded_by_hand() -> Puzzle:
    """Two latent numbers become an image."""
    return Puzzle(DECODED)
