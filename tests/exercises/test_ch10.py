"""Chapter 10's exercises: answers by hand, and PyTorch and the library as oracles."""

import numpy as np
import pytest
import torch
import torch.nn.functional as F
from torch import nn

from upsample_lib.exercises import ch10
from upsample_lib.exercises.cases import agree
from upsample_lib.nn import ConvAutoencoder, kl_divergence, reparametrise


def test_the_mirror_of_28_pixels_by_hand() -> None:
    # 28 → 14 → 7 → 4; back 4 → 7, 7 → 13 + 1, 14 → 27 + 1
    assert ch10.mirror.expected[2].tolist() == [
        [64, 32, 3, 2, 1, 0],
        [32, 16, 3, 2, 1, 1],
        [16, 1, 3, 2, 1, 1],
    ]
    assert ch10.mirror.expected[0].tolist() == [[3, 1, 3, 2, 1, 1]]
    assert ch10.mirror.expected[1].tolist() == [[3, 1, 3, 2, 1, 0]]


@pytest.mark.parametrize("number", range(len(ch10.mirror.cases)))
def test_the_mirror_brings_every_size_back_in_pytorch(number: int) -> None:
    case, answer = ch10.mirror.cases[number], ch10.mirror.expected[number].astype(int)
    x = torch.zeros(1, case["layers"][0][0], case["size"], case["size"])
    shapes = [x.shape]
    for row in case["layers"].tolist():
        x = nn.Conv2d(*row)(x)
        shapes.append(x.shape)
    for row, wanted in zip(answer.tolist(), reversed(shapes[:-1])):
        x = nn.ConvTranspose2d(*row)(x)
        assert x.shape == wanted


def test_the_mirror_serves_every_size() -> None:
    layers = np.array([(1, 2, 5, 3, 2), (2, 3, 4, 2, 1)])
    for size in range(10, 30):
        small, table = (size - 1) // 3 + 1, ch10.mirror.reference(size, layers)
        n = (small - 2) // 2 + 1
        for *_, k, s, p, a in table.tolist():
            n = (n - 1) * s - 2 * p + k + a
            assert 0 <= a < s
        assert n == size


def test_the_loss_by_hand() -> None:
    # noise lifts the pixels to 1, all 16 weights w are ¼: z = 1; the logits are v in the middle
    x, noise = torch.zeros(1, 1, 2, 2), torch.ones(1, 1, 2, 2)
    w = torch.full((1, 1, 4, 4), 0.25)
    v = torch.zeros(1, 1, 4, 4)
    loss = ch10.denoising_loss.reference
    assert loss(x, noise, w, v).item() == pytest.approx(np.log(2))
    v[0, 0, 1:3, 1:3] = torch.tensor([[-np.log(3), np.log(3)], [0, 0]])
    # sigmoid: ¼, ¾, ½, ½; each costs −log(1 − p) against a black pixel
    assert loss(x, noise, w, v).item() == pytest.approx(-np.log([3 / 4, 1 / 4, 1 / 2, 1 / 2]).mean())


def test_the_loss_is_that_of_modules_with_these_weights() -> None:
    for case, answer in zip(ch10.denoising_loss.cases, ch10.denoising_loss.expected):
        x, noise, w, v = (torch.from_numpy(value) for value in case.values())
        hidden, channels = w.shape[:2]
        model = nn.Sequential(
            nn.Conv2d(channels, hidden, 4, 2, 1, bias=False),
            nn.ReLU(),
            nn.ConvTranspose2d(hidden, channels, 4, 2, 1, bias=False),
            nn.Sigmoid(),
        ).double()
        model.load_state_dict({"0.weight": w, "2.weight": v})
        assert agree(answer, F.binary_cross_entropy(model(x + noise), x).detach().numpy())
        assert x.min() >= 0
        assert x.max() <= 1


def test_the_bottleneck_by_hand() -> None:
    z, kl = ch10.bottleneck.expected[:2]
    assert z.tolist() == [[2 + 2 * 1]]
    assert kl == pytest.approx((4 + 4 - np.log(4) - 1) / 2)
    assert ch10.bottleneck.expected[-1].tolist() == [0, 0]


def test_the_bottleneck_is_pytorchs_and_the_librarys() -> None:
    for number, case in enumerate(ch10.bottleneck.cases):
        z, kl = ch10.bottleneck.expected[2 * number : 2 * number + 2]
        mean, log_variance, noise = (torch.from_numpy(value) for value in case.values())
        cloud = torch.distributions.Normal(mean, log_variance.exp().sqrt())
        standard = torch.distributions.Normal(torch.zeros_like(mean), torch.ones_like(mean))
        assert agree(torch.distributions.kl_divergence(cloud, standard).sum(dim=1).numpy(), kl)
        assert agree(kl_divergence(mean, log_variance).numpy(), kl)
        assert agree(((torch.from_numpy(z) - mean) / cloud.scale).numpy(), noise.numpy())
    mean, log_variance = torch.randn(5, 3), torch.randn(5, 3)
    noise = torch.randn(5, 3, generator=torch.Generator().manual_seed(0))
    theirs = reparametrise(mean, log_variance, torch.Generator().manual_seed(0))
    assert torch.allclose(ch10.bottleneck.reference(mean, log_variance, noise)[0], theirs)


def test_gradients_reach_the_cloud_through_the_draw() -> None:
    mean, log_variance = (torch.randn(2, 3, requires_grad=True) for _ in range(2))
    ch10.bottleneck.reference(mean, log_variance, torch.ones(2, 3))[0].sum().backward()
    assert mean.grad is not None
    assert log_variance.grad is not None
    assert mean.grad.eq(1).all()
    assert torch.allclose(log_variance.grad, log_variance.exp().sqrt() / 2)


def test_one_mistake_in_each_output_is_told_as_two() -> None:
    def bottleneck(mean, log_variance, noise):  # type: ignore[no-untyped-def]
        z = mean + log_variance.exp() * noise
        return z, (mean**2 + log_variance.exp() - log_variance - 1).mean(dim=1) / 2

    report = ch10.bottleneck.examine(bottleneck)
    assert set(report.diagnosis) == {"variance_for_std", "averaged"}


def test_the_ready_functions_are_refused() -> None:
    def bottleneck(mean, log_variance, noise):  # type: ignore[no-untyped-def]
        return mean + (log_variance / 2).exp() * noise, kl_divergence(mean, log_variance)

    assert ch10.bottleneck.examine(bottleneck).diagnosis == ("forbidden",)


@pytest.mark.parametrize("size", [28, 29, 31])
def test_the_librarys_autoencoder_has_the_same_sizes(size: int) -> None:
    layers = np.array([(1, 4, 3, 2, 1), (4, 8, 3, 2, 1)])
    table = ch10.mirror.reference(size, layers)
    model = ConvAutoencoder(latent=2, widths=(4, 8), size=size)
    small = model.decoder[2].unflattened_size[-1]  # type: ignore[index]
    for *_, k, s, p, a in table.tolist():
        small = (small - 1) * s - 2 * p + k + a
    assert small == model(torch.zeros(1, 1, size, size)).shape[2] == size
