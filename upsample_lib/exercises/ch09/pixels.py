"""A cross-entropy to repair: softmax twice, and pixels that nobody has labelled."""

import torch.nn.functional as F
from torch import Tensor

from upsample_lib.exercises.cases import Array, mistake, scattered
from upsample_lib.exercises.exercise import Exercise
from upsample_lib.exercises.language import Text

STUB = """def pixel_loss(logits, target):
    p = logits.softmax(dim=1)
    return F.cross_entropy(p, target.long().clamp(min=0))
"""


def pixel_loss(logits: Tensor, target: Tensor) -> Tensor:
    return F.cross_entropy(logits, target.long(), ignore_index=-1)


@mistake(
    "softmax взят дважды: `cross_entropy` сама берёт логарифм от softmax. С готовыми вероятностями потери не "
    "опускаются до нуля, и сеть учится хуже.",
    "the softmax is taken twice: `cross_entropy` itself takes the log of the softmax. Given probabilities, "
    "the loss "
    "cannot fall to zero, and the network learns worse.",
    misconception=22,
)
def softmax_twice(logits: Tensor, target: Tensor) -> Tensor:
    return F.cross_entropy(F.softmax(logits, dim=1), target.long(), ignore_index=-1)


@mistake(
    "забыт логарифм: `nll_loss` ждёт `log_softmax`, а не вероятности.",
    "the logarithm is missing: `nll_loss` expects `log_softmax`, not probabilities.",
    misconception=22,
)
def no_logarithm(logits: Tensor, target: Tensor) -> Tensor:
    return F.nll_loss(logits.softmax(dim=1), target.long(), ignore_index=-1)


@mistake(
    "softmax взят по столбцам изображения, а не по классам: классы лежат вдоль `dim=1`.",
    "the softmax runs along the rows of the image, not over the classes: classes lie along `dim=1`.",
    misconception=22,
)
def softmax_over_pixels(logits: Tensor, target: Tensor) -> Tensor:
    return F.nll_loss(logits.log_softmax(dim=3), target.long(), ignore_index=-1)


@mistake(
    "неразмеченные пиксели засчитаны как фон. Их надо пропустить: `ignore_index=-1`.",
    "unlabelled pixels count as background. They are to be left out: `ignore_index=-1`.",
)
def unlabelled_as_background(logits: Tensor, target: Tensor) -> Tensor:
    return F.cross_entropy(logits, target.long().clamp(min=0))


@mistake(
    "сумма поделена на число всех пикселей, а не размеченных.",
    "the sum is divided by the number of all pixels, not of the labelled ones.",
)
def divided_by_all(logits: Tensor, target: Tensor) -> Tensor:
    return F.cross_entropy(logits, target.long(), ignore_index=-1, reduction="sum") / target.numel()


@mistake(
    "потери сложены, а нужно среднее по размеченным пикселям: сумма растёт с размером изображения.",
    "losses are added up; the mean over the labelled pixels is wanted: a sum grows with the image.",
)
def summed(logits: Tensor, target: Tensor) -> Tensor:
    return F.cross_entropy(logits, target.long(), ignore_index=-1, reduction="sum")


def _case(batch: int, classes: int, height: int, width: int, unknown: int) -> dict[str, object]:
    logits: Array = scattered(batch, classes, height, width) / 20
    target = scattered(batch, height, width, start=2) % classes
    target.reshape(-1)[:unknown] = -1
    return {"logits": logits, "target": target}


EXERCISE = Exercise(
    name="ch09.pixel_loss",
    title=Text("Исправьте функцию потерь", "Repair the loss"),
    task=Text(
        "Среднее перекрёстной энтропии по пикселям. Логиты имеют форму `(N, C, H, W)`, классы — `(N, H, W)`; "
        "−1 значит, что пиксель не размечен и не считается. В функции две ошибки.",
        "The mean cross-entropy over the pixels. Logits are `(N, C, H, W)`, classes are `(N, H, W)`; −1 "
        "marks a "
        "pixel that is unlabelled and does not count. The function has two mistakes.",
    ),
    stub=STUB,
    reference=pixel_loss,
    mistakes=(
        softmax_twice,
        no_logarithm,
        softmax_over_pixels,
        unlabelled_as_background,
        divided_by_all,
        summed,
    ),
    cases=(_case(1, 2, 2, 2, 0), _case(1, 2, 2, 3, 2), _case(2, 3, 2, 2, 3)),
    hints=(
        Text(
            "Посмотрите в описании `F.cross_entropy`, что она ждёт на входе: вероятности или логиты?",
            "Look up what `F.cross_entropy` expects: probabilities or logits?",
        ),
        Text(
            "Первая строка лишняя. Проверьте: при очень уверенном верном ответе потери должны быть почти "
            "нулевыми.",
            "The first line is one too many. A test: a very sure right answer should cost almost nothing.",
        ),
        Text(
            "`clamp` превращает −1 в фон. Вместо него: `ignore_index=-1`.",
            "`clamp` turns −1 into background. Use `ignore_index=-1` in its place.",
        ),
    ),
    features={
        "N > 1": lambda logits, target: len(target) > 1,
        "−1 ∈ t": lambda logits, target: (target < 0).any(),
    },
    as_tensors=True,
)
