"""The soft Dice loss of each image of a batch."""

from torch import Tensor

from upsample_lib.exercises.cases import Array, Shape, mistake, scattered
from upsample_lib.exercises.exercise import Exercise
from upsample_lib.exercises.language import Text

STUB = """def dice_loss(logits, mask):
    ...
"""


def dice_loss(logits: Tensor, mask: Tensor) -> Tensor:
    p = logits.softmax(dim=1)[:, 1]
    overlap = (p * mask).sum(dim=(1, 2))
    areas = p.sum(dim=(1, 2)) + mask.sum(dim=(1, 2))
    return 1 - (2 * overlap + 1) / (areas + 1)


def _from(p: Tensor, mask: Tensor) -> Tensor:
    overlap = (p * mask).sum(dim=(1, 2))
    return 1 - (2 * overlap + 1) / (p.sum(dim=(1, 2)) + mask.sum(dim=(1, 2)) + 1)


@mistake(
    "softmax взят не по каналам. Вероятности классов одного пикселя должны давать в сумме 1: `dim=1`.",
    "the softmax does not run over the channels. The class probabilities of one pixel must sum to 1: "
    "`dim=1`.",
    misconception=22,
)
def softmax_over_columns(logits: Tensor, mask: Tensor) -> Tensor:
    return _from(logits.softmax(dim=3)[:, 1], mask)


@mistake(
    "к каналу 1 применена сигмоида. Каналов два, и вероятность зависит от обоих: softmax по `dim=1`.",
    "a sigmoid of channel 1. There are two channels, and the probability depends on both: softmax over "
    "`dim=1`.",
    misconception=22,
)
def sigmoid_of_one(logits: Tensor, mask: Tensor) -> Tensor:
    return _from(logits[:, 1].sigmoid(), mask)


@mistake(
    "логиты взяты вместо вероятностей: нужен softmax.",
    "logits are taken for probabilities: a softmax is needed.",
    misconception=22,
)
def no_softmax(logits: Tensor, mask: Tensor) -> Tensor:
    return _from(logits[:, 1], mask)


@mistake(
    "вероятности округлены до 0 и 1. У такой функции градиент равен нулю, обучать по ней нельзя.",
    "probabilities are rounded to 0 and 1. Such a function has a zero gradient and cannot be trained with.",
)
def hard(logits: Tensor, mask: Tensor) -> Tensor:
    return _from(logits.argmax(dim=1).to(logits.dtype), mask)


@mistake(
    "взят канал 0, вероятность фона.",
    "channel 0 is taken, the probability of the background.",
)
def background(logits: Tensor, mask: Tensor) -> Tensor:
    return _from(logits.softmax(dim=1)[:, 0], mask)


@mistake(
    "это коэффициент Дайса, а не функция потерь: нужно вычесть его из 1.",
    "this is the Dice coefficient, not the loss: subtract it from 1.",
)
def coefficient(logits: Tensor, mask: Tensor) -> Tensor:
    return 1 - dice_loss(logits, mask)


@mistake(
    "вместо Дайса взят IoU: в знаменателе объединение, а нужна сумма площадей, и пересечение удваивается.",
    "IoU in place of Dice: the denominator holds the union; it should hold the sum of the areas, and the "
    "overlap "
    "counts twice.",
)
def union(logits: Tensor, mask: Tensor) -> Tensor:
    p = logits.softmax(dim=1)[:, 1]
    overlap = (p * mask).sum(dim=(1, 2))
    return 1 - (overlap + 1) / (p.sum(dim=(1, 2)) + mask.sum(dim=(1, 2)) - overlap + 1)


@mistake(
    "суммы взяты по всему батчу. Тогда крупные объекты одного изображения заслоняют мелкие на другом.",
    "sums run over the whole batch. Then large objects in one image outweigh small ones in another.",
)
def whole_batch(logits: Tensor, mask: Tensor) -> Tensor:
    p = logits.softmax(dim=1)[:, 1]
    loss = 1 - (2 * (p * mask).sum() + 1) / (p.sum() + mask.sum() + 1)
    return loss.expand(len(mask))


@mistake(
    "забыта единица в числителе и знаменателе. На изображении без объекта без неё получится 1 при любом "
    "предсказании.",
    "the 1 above and below is missing. Without it an image that holds no object gets 1 whatever is "
    "predicted.",
)
def not_smoothed(logits: Tensor, mask: Tensor) -> Tensor:
    p = logits.softmax(dim=1)[:, 1]
    return 1 - 2 * (p * mask).sum(dim=(1, 2)) / (p.sum(dim=(1, 2)) + mask.sum(dim=(1, 2)))


def _case(batch: int, height: int, width: int, object_: bool = True) -> dict[str, object]:
    logits: Array = scattered(batch, 2, height, width) / 20
    order = scattered(batch, height, width, start=3)
    return {"logits": logits, "mask": (order > 20).astype(float) * object_}


EXERCISE = Exercise(
    name="ch09.dice_loss",
    title=Text("Функция потерь Дайса", "The Dice loss"),
    task=Text(
        "По логитам формы `(N, 2, H, W)` и маске `(N, H, W)` из нулей и единиц верните функцию потерь "
        "Дайса для каждого изображения, тензор формы `(N,)`: 1 − (2 Σ p·t + 1) / (Σ p + Σ t + 1), где p — "
        "вероятность класса 1.",
        "From logits of shape `(N, 2, H, W)` and a mask `(N, H, W)` of zeros and ones return the Dice loss "
        "of "
        "each image, a tensor of shape `(N,)`: 1 − (2 Σ p·t + 1) / (Σ p + Σ t + 1), where p is the "
        "probability "
        "of class 1.",
    ),
    stub=STUB,
    reference=dice_loss,
    mistakes=(
        softmax_over_columns,
        sigmoid_of_one,
        no_softmax,
        hard,
        background,
        coefficient,
        union,
        whole_batch,
        not_smoothed,
    ),
    cases=(_case(1, 2, 3), _case(2, 3, 2), _case(1, 2, 2, object_=False), _case(3, 3, 4)),
    hints=(
        Text(
            "`logits.softmax(dim=1)[:, 1]` — вероятность объекта в каждом пикселе, форма `(N, H, W)`.",
            "`logits.softmax(dim=1)[:, 1]` is the probability of the object at every pixel, `(N, H, W)`.",
        ),
        Text(
            "Площадь — сумма по пикселям одного изображения: `.sum(dim=(1, 2))`, форма `(N,)`.",
            "An area is a sum over the pixels of one image: `.sum(dim=(1, 2))`, of shape `(N,)`.",
        ),
        Text(
            "`overlap = (p * mask).sum(dim=(1, 2))`; осталось подставить в формулу.",
            "`overlap = (p * mask).sum(dim=(1, 2))`; what remains is to fill in the formula.",
        ),
    ),
    shapes={
        "one number": Shape(
            lambda logits, mask: (),
            Text(
                "Это одно число, а нужно по числу на изображение.",
                "That is one number; each image needs its own.",
            ),
        ),
    },
    features={"N > 1": lambda logits, mask: len(mask) > 1, "Σt = 0": lambda logits, mask: mask.sum() == 0},
    as_tensors=True,
)
