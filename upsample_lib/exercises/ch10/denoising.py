"""One step of a denoising autoencoder, to be repaired: what goes in, what it is compared with, and how."""

import torch.nn.functional as F
from torch import Tensor

from upsample_lib.exercises.cases import Array, mistake, primes, scattered
from upsample_lib.exercises.exercise import Exercise
from upsample_lib.exercises.language import Text

STUB = """def denoising_loss(x, noise, w, v):
    noisy = x + noise
    z = F.relu(F.conv2d(noisy, w, stride=2, padding=1))
    y = F.conv_transpose2d(z, v, stride=2, padding=1).sigmoid()
    return F.binary_cross_entropy_with_logits(y, noisy)
"""


def denoising_loss(x: Tensor, noise: Tensor, w: Tensor, v: Tensor) -> Tensor:
    noisy = x + noise
    z = F.relu(F.conv2d(noisy, w, stride=2, padding=1))
    y = F.conv_transpose2d(z, v, stride=2, padding=1)
    return F.binary_cross_entropy_with_logits(y, x)


def _decoded(noisy: Tensor, w: Tensor, v: Tensor) -> Tensor:
    z = F.relu(F.conv2d(noisy, w, stride=2, padding=1))
    return F.conv_transpose2d(z, v, stride=2, padding=1)


@mistake(
    "выход сравнивается с зашумлённым изображением. Так сеть научится повторять шум; цель — чистое `x`.",
    "the output is compared with the noisy image. That way the network learns to repeat the noise; the "
    "target is the clean `x`.",
)
def noisy_target(x: Tensor, noise: Tensor, w: Tensor, v: Tensor) -> Tensor:
    return F.binary_cross_entropy_with_logits(_decoded(x + noise, w, v), x + noise)


@mistake(
    "сигмоида взята дважды: `binary_cross_entropy_with_logits` применяет её сама. Пиксели не смогут выйти за "
    "0,5 … 0,73, и чёрного не будет.",
    "the sigmoid is taken twice: `binary_cross_entropy_with_logits` applies it itself. Pixels cannot leave "
    "the range 0.5 … 0.73, and nothing becomes black.",
    misconception=22,
)
def sigmoid_twice(x: Tensor, noise: Tensor, w: Tensor, v: Tensor) -> Tensor:
    return F.binary_cross_entropy_with_logits(_decoded(x + noise, w, v).sigmoid(), x)


@mistake(
    "softmax вместо сигмоиды. Пиксель — отдельный ответ «да или нет»; softmax по каналам заставил бы их "
    "давать в сумме 1, а по единственному каналу это всегда 1.",
    "softmax in place of the sigmoid. A pixel is an answer of its own, yes or no; softmax over the channels "
    "would make them sum to 1, and over a single channel it is always 1.",
    misconception=22,
)
def softmax_over_channels(x: Tensor, noise: Tensor, w: Tensor, v: Tensor) -> Tensor:
    return F.binary_cross_entropy(_decoded(x + noise, w, v).softmax(dim=1), x)


@mistake(
    "сеть видит чистое изображение. Тогда ей нечего убирать: это обычный автоэнкодер.",
    "the network sees the clean image. Then there is nothing to remove: this is an ordinary autoencoder.",
)
def clean_input(x: Tensor, noise: Tensor, w: Tensor, v: Tensor) -> Tensor:
    return F.binary_cross_entropy_with_logits(_decoded(x, w, v), x)


@mistake(
    "чистое и зашумлённое переставлены: сеть видит `x`, а цель — изображение с шумом.",
    "clean and noisy have changed places: the network sees `x`, and the target is the image with noise.",
)
def the_wrong_way_round(x: Tensor, noise: Tensor, w: Tensor, v: Tensor) -> Tensor:
    return F.binary_cross_entropy_with_logits(_decoded(x, w, v), x + noise)


@mistake(
    "зашумлённое изображение обрезано до 0 … 1. По условию сеть получает `x + noise` как есть.",
    "the noisy image is clipped to 0 … 1. The task gives the network `x + noise` as it is.",
)
def clipped(x: Tensor, noise: Tensor, w: Tensor, v: Tensor) -> Tensor:
    return F.binary_cross_entropy_with_logits(_decoded((x + noise).clamp(0, 1), w, v), x)


@mistake(
    "это средний квадрат разности логитов и пикселей. Логит — не яркость: яркость даёт сигмоида.",
    "this is the mean square of logits minus pixels. A logit is not a brightness: its sigmoid is.",
)
def logits_for_pixels(x: Tensor, noise: Tensor, w: Tensor, v: Tensor) -> Tensor:
    return F.mse_loss(_decoded(x + noise, w, v), x)


@mistake(
    "взят средний квадрат разности. Годится и он, но в этом упражнении функция потерь — бинарная "
    "перекрёстная энтропия.",
    "the mean square is taken. It would do as well, but in this exercise the loss is the binary "
    "cross-entropy.",
)
def squares(x: Tensor, noise: Tensor, w: Tensor, v: Tensor) -> Tensor:
    return F.mse_loss(_decoded(x + noise, w, v).sigmoid(), x)


@mistake(
    "потери пикселей сложены, а нужно среднее.",
    "the pixels' losses are added up; the mean is wanted.",
)
def summed(x: Tensor, noise: Tensor, w: Tensor, v: Tensor) -> Tensor:
    return F.binary_cross_entropy_with_logits(_decoded(x + noise, w, v), x, reduction="sum")


def _case(
    batch: int, channels: int, hidden: int, height: int, width: int, noisy: bool = True
) -> dict[str, object]:
    noise: Array = scattered(batch, channels, height, width, start=6) / 50
    return {
        "x": primes(batch, channels, height, width) % 97 / 97,
        "noise": noise * noisy,
        "w": scattered(hidden, channels, 4, 4, start=2) % 89 / 89 - 0.3,
        "v": scattered(hidden, channels, 4, 4, start=8) % 83 / 83 - 0.6,
    }


EXERCISE = Exercise(
    name="ch10.denoising_loss",
    title=Text("Почините шумоподавление", "Repair the denoising"),
    task=Text(
        "Шаг обучения шумоподавляющего автоэнкодера: зашумить `x`, свернуть весами `w`, ReLU, вернуть размер "
        "весами `v`, сравнить бинарной перекрёстной энтропией, средней по пикселям. В функции две ошибки. "
        "Значения `x` от 0 до 1, выход сети — логиты.",
        "A training step of a denoising autoencoder: add noise to `x`, convolve with `w`, apply a ReLU, "
        "bring the size back with `v`, and compare by binary cross-entropy, averaged over the pixels. The "
        "function contains two mistakes. `x` holds values from 0 to 1, and the network gives logits.",
    ),
    stub=STUB,
    reference=denoising_loss,
    mistakes=(
        noisy_target,
        sigmoid_twice,
        softmax_over_channels,
        clean_input,
        the_wrong_way_round,
        clipped,
        logits_for_pixels,
        squares,
        summed,
    ),
    cases=(
        _case(1, 1, 1, 2, 2, noisy=False),
        _case(1, 1, 1, 2, 2),
        _case(1, 1, 2, 4, 2),
        _case(2, 3, 2, 2, 4),
    ),
    hints=(
        Text(
            "Представьте идеальную сеть: что она вернёт, увидев зашумлённое изображение? С чем это сравнить, "
            "чтобы потери были малы?",
            "Imagine a perfect network: what does it return when it sees the noisy image? With what must "
            "that be compared for the loss to be small?",
        ),
        Text(
            "Посмотрите в описании `F.binary_cross_entropy_with_logits`, чего она ждёт первым аргументом: "
            "вероятностей или логитов?",
            "Look up what `F.binary_cross_entropy_with_logits` expects as its first argument: probabilities "
            "or logits?",
        ),
        Text(
            "Уберите `.sigmoid()`, а целью сделайте `x`: `F.binary_cross_entropy_with_logits(y, x)`.",
            "Remove `.sigmoid()` and make `x` the target: `F.binary_cross_entropy_with_logits(y, x)`.",
        ),
    ),
    features={
        "ε ≠ 0": lambda x, noise, w, v: noise.any(),
        "C > 1": lambda x, noise, w, v: x.shape[1] > 1,
        "N > 1": lambda x, noise, w, v: len(x) > 1,
    },
    as_tensors=True,
)
