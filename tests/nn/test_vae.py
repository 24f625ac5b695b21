"""The variational autoencoder: its formulas against torch.distributions, its sizes, its gradients."""

import io

import pytest
import torch
from torch.distributions import Bernoulli, Normal
from torch.distributions import kl_divergence as oracle
from torch.nn import functional as F

from upsample_lib.nn import UPSAMPLERS, VAE, kl_divergence, negative_elbo, reparametrise


def small(**options):
    torch.manual_seed(0)
    return VAE(**{"latent": 2, "widths": (4, 6), "size": 7, **options})


def test_divergence_computed_by_hand():
    # ½(2² + 1 − 0 − 1) = 2;  ½(0 + 4 − ln 4 − 1) = 1.5 − ln 2
    assert kl_divergence(torch.tensor([[2.0], [0.0]]), torch.zeros(2, 1)).tolist() == [2, 0]
    wide = kl_divergence(torch.zeros(1, 1, dtype=torch.float64), torch.full((1, 1), 4.0).double().log())
    assert wide.item() == pytest.approx(1.5 - 0.6931471805599453)


def test_divergence_equals_torch_distributions():
    torch.manual_seed(0)
    mean, log_variance = torch.randn(50, 5, dtype=torch.float64), torch.randn(50, 5, dtype=torch.float64)
    theirs = oracle(Normal(mean, (0.5 * log_variance).exp()), Normal(0.0, 1.0)).sum(dim=1)
    torch.testing.assert_close(kl_divergence(mean, log_variance), theirs)
    assert (kl_divergence(mean, log_variance) >= 0).all()


def test_divergence_equals_its_estimate_from_draws():
    mean, log_variance = torch.tensor([0.7, -0.2]), torch.tensor([0.3, -1.0])
    torch.manual_seed(0)
    z = reparametrise(mean.expand(400_000, 2), log_variance.expand(400_000, 2))
    own, prior = Normal(mean, (0.5 * log_variance).exp()), Normal(0.0, 1.0)
    estimate = (own.log_prob(z) - prior.log_prob(z)).sum(dim=1).mean()
    assert estimate.item() == pytest.approx(kl_divergence(mean, log_variance).item(), abs=0.01)


def test_a_draw_is_the_mean_plus_sigma_times_the_noise():
    generator = torch.Generator().manual_seed(3)
    noise = torch.randn(4, 2, generator=generator)
    mean, log_variance = torch.randn(4, 2), torch.tensor([0.0, 4.0]).log1p().expand(4, 2)
    z = reparametrise(mean, log_variance, torch.Generator().manual_seed(3))
    torch.testing.assert_close(z, mean + noise * torch.tensor([1.0, 5**0.5]))


def test_gradients_pass_through_a_draw():
    mean = torch.zeros(3, 2, dtype=torch.float64, requires_grad=True)
    log_variance = torch.full((3, 2), 0.5, dtype=torch.float64, requires_grad=True)
    torch.manual_seed(1)
    noise = torch.randn(3, 2, dtype=torch.float64)
    torch.manual_seed(1)
    reparametrise(mean, log_variance).sum().backward()
    torch.testing.assert_close(mean.grad, torch.ones(3, 2, dtype=torch.float64))
    # d(σε)/d(log σ²) = ½σε
    torch.testing.assert_close(log_variance.grad, 0.5 * torch.tensor(0.25).double().exp() * noise)


def test_the_loss_is_the_bernoulli_likelihood_and_the_divergence():
    model = small().double().eval()
    x = (torch.rand(5, 1, 7, 7) > 0.5).double()
    logits, mean, log_variance = model(x)
    likelihood = Bernoulli(logits=logits).log_prob(x).sum(dim=(1, 2, 3))
    spread = oracle(Normal(mean, (0.5 * log_variance).exp()), Normal(0.0, 1.0)).sum(dim=1)
    torch.testing.assert_close(model.loss(x), (spread - likelihood).mean())
    reconstruction, divergence = negative_elbo(logits, x, mean, log_variance, beta=3)
    torch.testing.assert_close(reconstruction, -likelihood.mean())
    torch.testing.assert_close(divergence, 3 * spread.mean())
    torch.testing.assert_close(model.loss(x, beta=3), reconstruction + divergence)


def test_grey_pixels_cost_what_randomly_binarised_ones_cost_on_average():
    torch.manual_seed(0)
    x, logits = torch.rand(1, 1, 3, 3).double(), torch.randn(1, 1, 3, 3).double()
    nothing = torch.zeros(1, 2).double()
    grey, _ = negative_elbo(logits, x, nothing, nothing)
    binary = (torch.rand(60_000, 1, 3, 3) < x).double()
    many, _ = negative_elbo(logits.expand_as(binary), binary, nothing, nothing)
    assert many.item() == pytest.approx(grey.item(), rel=5e-3)


@pytest.mark.parametrize("upsampler", UPSAMPLERS)
@pytest.mark.parametrize("size", [28, 7, (9, 14)])
def test_sizes_are_exact(upsampler, size):
    model = small(size=size, upsampler=upsampler, in_channels=3, latent=5)
    x = torch.rand(2, 3, *model.size)
    logits, mean, log_variance = model(x)
    assert logits.shape == x.shape
    assert mean.shape == log_variance.shape == (2, 5)
    drawn = model.sample(4)
    assert drawn.shape == (4, 3, *model.size)
    assert 0 <= drawn.min() <= drawn.max() <= 1


def test_training_draws_and_evaluation_takes_the_mean():
    model, x = small(), torch.rand(2, 1, 7, 7)
    model.eval()
    logits, mean, _ = model(x)
    torch.testing.assert_close(logits, model.decode(mean))
    assert torch.equal(model(x)[0], logits)
    model.train()
    first, again = (model(x, torch.Generator().manual_seed(0))[0] for _ in range(2))
    assert torch.equal(first, again)
    assert not torch.equal(first, logits)


def test_training_lowers_the_bound_and_orders_the_plane():
    """Two kinds of image: the loss falls, and the plane keeps them apart."""
    model = small(widths=(8, 8))
    light = torch.zeros(32, 1, 7, 7)
    light[::2, :, :3] = 1
    light[1::2, :, :, :3] = 1
    optimiser = torch.optim.Adam(model.parameters(), 1e-2)
    before = model.loss(light).item()
    for _ in range(300):
        optimiser.zero_grad()
        loss = model.loss(light)
        loss.backward()
        optimiser.step()
    # 1 bit tells two kinds apart: log 2 nats, and not much more
    assert 0.69 < loss.item() < 3 < before / 5
    mean, _ = model.eval().encode(light[:2])
    assert (mean[0] - mean[1]).norm() > 1
    assert F.mse_loss(torch.sigmoid(model.decode(mean)), light[:2]) < 1e-3


def test_saved_loaded_exported_and_compiled():
    model, x = small().eval(), torch.rand(2, 1, 7, 7)
    buffer = io.BytesIO()
    torch.save(model.state_dict(), buffer)
    buffer.seek(0)
    other = VAE(latent=2, widths=(4, 6), size=7).eval()
    other.load_state_dict(torch.load(buffer, weights_only=True))
    assert all(torch.equal(a, b) for a, b in zip(model(x), other(x)))
    program = torch.export.export(model.decoder, (torch.zeros(2, 2),))
    torch.testing.assert_close(program.module()(torch.ones(2, 2)), model.decode(torch.ones(2, 2)))
    compiled = torch.compile(model, fullgraph=True, backend="eager")
    torch.testing.assert_close(compiled(x), model(x))


@pytest.mark.parametrize(
    ("options", "sentence"),
    [({"latent": 0}, "latent must be ≥ 1, got 0"), ({"size": -3}, "size must be ≥ 1")],
)
def test_bad_arguments_are_refused_with_a_sentence(options, sentence):
    with pytest.raises(ValueError, match=sentence):
        VAE(**options)


def test_other_images_are_refused_with_a_sentence():
    with pytest.raises(ValueError, match=r"x must have the shape \(N, 1, 7, 7\), got \(2, 1, 8, 8\)"):
        small()(torch.rand(2, 1, 8, 8))
