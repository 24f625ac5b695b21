"""The bottleneck of a variational autoencoder: a draw from each image's cloud, and what the cloud costs."""

import numpy as np
import torch
from torch import Tensor

from upsample_lib.exercises.cases import mistake, scattered
from upsample_lib.exercises.exercise import Exercise
from upsample_lib.exercises.language import Text

Pair = tuple[Tensor, Tensor]

STUB = """def bottleneck(mean, log_variance, noise):
    z = ...
    kl = ...
    return z, kl
"""


def bottleneck(mean: Tensor, log_variance: Tensor, noise: Tensor) -> Pair:
    z = mean + torch.exp(log_variance / 2) * noise
    kl = (mean.square() + log_variance.exp() - log_variance - 1).sum(dim=1) / 2
    return z, kl


def _draw(mean: Tensor, log_variance: Tensor, noise: Tensor) -> Tensor:
    return mean + torch.exp(log_variance / 2) * noise


def _cost(mean: Tensor, log_variance: Tensor) -> Tensor:
    return (mean.square() + log_variance.exp() - log_variance - 1).sum(dim=1) / 2


@mistake(
    "шум умножен на дисперсию `exp(log_variance)`. Нужно стандартное отклонение: σ = exp(½ log σ²).",
    "the noise is multiplied by the variance, `exp(log_variance)`. It should be the standard deviation: σ "
    "= exp(½ log σ²).",
)
def variance_for_std(mean: Tensor, log_variance: Tensor, noise: Tensor) -> Pair:
    return mean + torch.exp(log_variance) * noise, _cost(mean, log_variance)


@mistake(
    "шум умножен на сам логарифм дисперсии, а он бывает и отрицательным. Сначала экспонента: σ = exp(½ log "
    "σ²).",
    "the noise is multiplied by the log-variance itself, which may be negative. The exponential comes "
    "first: σ = exp(½ log σ²).",
)
def logarithm_for_std(mean: Tensor, log_variance: Tensor, noise: Tensor) -> Pair:
    return mean + log_variance * noise, _cost(mean, log_variance)


@mistake(
    "шум не умножен на σ: облака всех изображений одинаковой ширины, и градиент до σ через z не доходит.",
    "the noise is not multiplied by σ: the clouds of all images are equally wide, and no gradient reaches σ "
    "through z.",
)
def noise_not_scaled(mean: Tensor, log_variance: Tensor, noise: Tensor) -> Pair:
    return mean + noise, _cost(mean, log_variance)


@mistake(
    "шума нет: z = μ. Так декодируют после обучения, а при обучении это обычный автоэнкодер.",
    "there is no noise: z = μ. That is how one decodes after training; in training it is an ordinary "
    "autoencoder.",
)
def no_noise(mean: Tensor, log_variance: Tensor, noise: Tensor) -> Pair:
    return mean.clone(), _cost(mean, log_variance)


@mistake(
    "`log_variance` и в z, и в KL прочитан как log σ. Это log σ²: σ = exp(½ log σ²), σ² = exp(log σ²).",
    "`log_variance` is read as log σ, both in z and in KL. It is log σ²: σ = exp(½ log σ²), σ² = exp(log "
    "σ²).",
)
def read_as_log_std(mean: Tensor, log_variance: Tensor, noise: Tensor) -> Pair:
    return _draw(mean, 2 * log_variance, noise), _cost(mean, 2 * log_variance)


@mistake(
    "в KL вместо σ² стоит σ. Дисперсия — это `exp(log_variance)`, без половины.",
    "in KL, σ stands in place of σ². The variance is `exp(log_variance)`, without the half.",
)
def std_for_variance(mean: Tensor, log_variance: Tensor, noise: Tensor) -> Pair:
    terms = mean.square() + torch.exp(log_variance / 2) - log_variance - 1
    return _draw(mean, log_variance, noise), terms.sum(dim=1) / 2


@mistake(
    "у KL обратный знак. Дивергенция от N(0, 1) не бывает отрицательной; с минусом сеть станет увеличивать "
    "её без конца.",
    "KL has the opposite sign. The divergence from N(0, 1) is never negative; with a minus the network "
    "would make it grow without end.",
)
def sign_turned(mean: Tensor, log_variance: Tensor, noise: Tensor) -> Pair:
    return _draw(mean, log_variance, noise), -_cost(mean, log_variance)


@mistake(
    "в KL забыта половина: ½ Σ (μ² + σ² − log σ² − 1).",
    "KL lacks its half: ½ Σ (μ² + σ² − log σ² − 1).",
)
def half_missing(mean: Tensor, log_variance: Tensor, noise: Tensor) -> Pair:
    return _draw(mean, log_variance, noise), 2 * _cost(mean, log_variance)


@mistake(
    "в KL забыта −1: даже у самого N(0, 1) вышел бы не ноль, а половина за каждое число кода.",
    "KL lacks its −1: N(0, 1) itself would cost a half for each latent number instead of nothing.",
)
def one_missing(mean: Tensor, log_variance: Tensor, noise: Tensor) -> Pair:
    terms = mean.square() + log_variance.exp() - log_variance
    return _draw(mean, log_variance, noise), terms.sum(dim=1) / 2


@mistake(
    "в KL взято среднее по числам кода. Числа независимы, и их цены складываются: сумма по `dim=1`. Со "
    "средним KL весит в `latent` раз меньше.",
    "KL is averaged over the latent numbers. Independent numbers add up what they cost: a sum over `dim=1`. "
    "With the mean, KL weighs `latent` times less.",
)
def averaged(mean: Tensor, log_variance: Tensor, noise: Tensor) -> Pair:
    return _draw(mean, log_variance, noise), _cost(mean, log_variance) / mean.shape[1]


@mistake(
    "KL сложена по батчу, `dim=0`. Цена нужна каждому изображению: сумма по числам его кода, `dim=1`.",
    "KL is summed over the batch, `dim=0`. Each image has its own cost: the sum over its latent numbers, "
    "`dim=1`.",
)
def summed_over_batch(mean: Tensor, log_variance: Tensor, noise: Tensor) -> Pair:
    return _draw(mean, log_variance, noise), _cost(mean.T, log_variance.T)


def _case(batch: int, latent: int) -> dict[str, object]:
    return {
        "mean": scattered(batch, latent) / 10,
        "log_variance": scattered(batch, latent, start=4) / 20,
        "noise": scattered(batch, latent, start=9) / 40,
    }


EXERCISE = Exercise(
    name="ch10.bottleneck",
    title=Text("Горлышко VAE", "The bottleneck of a VAE"),
    task=Text(
        "Энкодер VAE выдал `mean` и `log_variance`, μ и log σ² формы `(N, latent)`. По готовому шуму "
        "`noise` той же формы верните `z` = μ + σ·ε и `kl` формы `(N,)`: KL-дивергенцию N(μ, σ²) от N(0, 1) "
        "для каждого изображения, ½ Σ (μ² + σ² − log σ² − 1).",
        "The encoder of a VAE has returned `mean` and `log_variance`, μ and log σ², of shape `(N, latent)`. "
        "From the given `noise` of the same shape return `z` = μ + σ·ε, and `kl` of shape `(N,)`: each "
        "image's KL divergence of N(μ, σ²) from N(0, 1), ½ Σ (μ² + σ² − log σ² − 1).",
    ),
    stub=STUB,
    reference=bottleneck,
    mistakes=(
        variance_for_std,
        logarithm_for_std,
        noise_not_scaled,
        no_noise,
        read_as_log_std,
        std_for_variance,
        sign_turned,
        half_missing,
        one_missing,
        averaged,
        summed_over_batch,
    ),
    cases=(
        {"mean": np.array([[2.0]]), "log_variance": np.log([[4.0]]), "noise": np.array([[1.0]])},
        _case(1, 2),
        _case(2, 3),
        _case(3, 2),
        {"mean": np.zeros((2, 2)), "log_variance": np.zeros((2, 2)), "noise": scattered(2, 2) / 10},
    ),
    hints=(
        Text(
            "Логарифм дисперсии берут потому, что он может быть любым числом, а дисперсия только "
            "положительна. Как получить из него σ² и как σ?",
            "The log-variance is used because it may be any number, whereas a variance is positive. How does "
            "one get σ² from it, and how σ?",
        ),
        Text(
            "`log_variance.exp()` — это σ², `(log_variance / 2).exp()` — σ. Проверьте себя: при μ = 0 и log "
            "σ² = 0 должно выйти z = ε и KL = 0.",
            "`log_variance.exp()` is σ², `(log_variance / 2).exp()` is σ. A check: with μ = 0 and log σ² = 0 "
            "you should get z = ε and KL = 0.",
        ),
        Text(
            "`z = mean + (log_variance / 2).exp() * noise`; "
            "`kl = (mean.square() + log_variance.exp() - log_variance - 1).sum(dim=1) / 2`.",
            "`z = mean + (log_variance / 2).exp() * noise`; "
            "`kl = (mean.square() + log_variance.exp() - log_variance - 1).sum(dim=1) / 2`.",
        ),
    ),
    features={
        "N > 1": lambda mean, log_variance, noise: len(mean) > 1,
        "latent > 1": lambda mean, log_variance, noise: mean.shape[1] > 1,
        "μ ≠ 0": lambda mean, log_variance, noise: mean.any(),
    },
    forbidden=(
        "kl_divergence",
        "reparametrise",
        "upsample_lib.nn.kl_divergence",
        "upsample_lib.nn.reparametrise",
        "torch.distributions.kl_divergence",
    ),
    as_tensors=True,
    outputs=("z", "KL"),
)
