"""Adversarial training: the two losses by hand, what each step moves, and what is measured afterwards."""

import json

import numpy as np
import pytest
import torch
from torch import nn

from upsample_lib.artifacts import phase_variance
from upsample_lib.nn import DCGANDiscriminator, DCGANGenerator
from upsample_lib.training import generator_spectra
from upsample_lib.training.adversarial import Adversarial, generate
from upsample_lib.training.command import main
from upsample_lib.training.data import fashion_mnist
from upsample_lib.training.generated import checkerboard_shares, frechet_distance
from upsample_lib.training.loop import fit


class Scaled(nn.Module):
    """z → a image of one pixel, a·z."""

    latent = 1

    def __init__(self) -> None:
        super().__init__()
        self.a = nn.Parameter(torch.tensor(2.0))

    def forward(self, z):
        return (self.a * z)[:, :, None, None]


class Judge(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.b = nn.Parameter(torch.tensor(3.0))

    def forward(self, x):
        return self.b * x.flatten()


def softplus(value: float) -> float:
    return float(np.log1p(np.exp(value)))


def test_the_two_losses_by_hand():
    task = Adversarial(Scaled(), Judge(), np.ones((1, 1, 1), np.float32), real_label=0.9)
    losses = task.losses(torch.ones(1, 1, 1, 1), torch.tensor([[0.5]]))
    # given: logit 3, label 0.9; made: 2 · 0.5 = 1, logit 3, label 0
    name, loss = next(losses)
    assert name == "discriminator"
    assert loss.item() == pytest.approx(0.9 * softplus(-3) + 0.1 * softplus(3) + softplus(3), rel=1e-6)
    loss.backward()
    assert task.networks["generator"].a.grad is None
    with torch.no_grad():
        task.networks["discriminator"].b.fill_(-1.0)  # as an optimizer would: the second loss meets it
    name, loss = next(losses)
    assert name == "generator"
    assert loss.item() == pytest.approx(softplus(1), rel=1e-6)
    loss.backward()
    # d/da softplus(−b·a·z) = −b z σ(−b a z)
    assert task.networks["generator"].a.grad.item() == pytest.approx(0.5 / (1 + np.exp(-1)), rel=1e-6)
    assert next(losses, None) is None


def small(seed: int = 0) -> Adversarial:
    torch.manual_seed(seed)
    images = fashion_mnist("train")[0][:64]
    return Adversarial(DCGANGenerator(8, 1, 28, 4), DCGANDiscriminator(1, 28, 4), images)


def test_training_moves_both_and_is_repeatable():
    rows, weights = [], []
    for _ in range(2):
        task = small()
        before = {n: [p.clone() for p in net.parameters()] for n, net in task.networks.items()}
        rows.append(fit(task, 3, 8, seed=1, evaluate_every=1, progress=False))
        for name, network in task.networks.items():
            assert all((p != q).any() for p, q in zip(network.parameters(), before[name]))
        weights.append([p for net in task.networks.values() for p in net.parameters()])
    assert rows[0] == rows[1]
    assert all(torch.equal(a, b) for a, b in zip(*weights))
    assert len({row["generator"] for row in rows[0]}) == 3


def test_samples_run_from_minus_one_to_one():
    task = small()
    image, z = task.sample(0, np.random.default_rng(0))
    assert image.shape == (1, 28, 28)
    assert (z.shape, z.dtype) == ((8,), np.float32)
    assert task.images.min() == -1
    assert task.images.max() == 1


@pytest.mark.parametrize("training", [True, False])
def test_generating_leaves_the_generator_as_it_was(training):
    model = DCGANGenerator(8, 1, 28, 4).train(training)
    before = {name: value.clone() for name, value in model.state_dict().items()}
    images = generate(model, 5, seed=3)
    assert model.training == training
    assert all(torch.equal(value, before[name]) for name, value in model.state_dict().items())
    z = torch.randn(5, 8, generator=torch.Generator().manual_seed(3))
    expected = model.train()(z).detach().numpy()
    np.testing.assert_array_equal(images, expected)
    assert not np.array_equal(generate(model, 5, seed=4), images)


def test_the_frechet_distance_of_known_gaussians():
    rng = np.random.default_rng(0)
    scale = np.array([3.0, 2, 1, 0.5])
    real = rng.normal(size=(20000, 2, 2)) * scale.reshape(2, 2)
    made = rng.normal(size=(20000, 2, 2)) * 2 * scale.reshape(2, 2) + 1
    # |μ|² + Σ (σ₁ − σ₂)²
    assert frechet_distance(made, real, components=4) == pytest.approx(4 + (scale**2).sum(), rel=0.02)
    # three leading components leave the smallest out
    assert frechet_distance(made, real, components=3) == pytest.approx(3 + (scale[:3] ** 2).sum(), rel=0.02)
    with pytest.raises(ValueError, match=r"images must be of the real ones' size \(2, 2\), got \(2, 3\)"):
        frechet_distance(np.zeros((99, 2, 3)), real)
    with pytest.raises(ValueError, match="more than the 32 components, got 9 and 20000"):
        frechet_distance(np.zeros((9, 2, 2)), real)


def test_checkerboard_shares_are_shares_of_variance():
    images = np.random.default_rng(0).normal(size=(3, 28, 28))
    images[:, ::2, ::2] += 1
    expected = [phase_variance(images, period) for period in (2, 4)]
    np.testing.assert_allclose(checkerboard_shares(images), expected)
    assert expected[0] > 0.1


@pytest.mark.parametrize(
    ("images", "label", "sentence"),
    [
        (np.zeros((4, 28), np.float32), 0.9, r"images must have the shape .*, got \(4, 28\)"),
        (np.zeros((0, 28, 28), np.float32), 0.9, r"got \(0, 28, 28\)"),
        (np.full((2, 28, 28), 2, np.float32), 0.9, "images must run from 0 to 1, got 2 … 2"),
        (np.full((2, 28, 28), np.nan, np.float32), 0.9, "images must run from 0 to 1, got nan … nan"),
        (np.zeros((2, 28, 28), np.float32), 0.5, "real_label must be above 0.5 and at most 1, got 0.5"),
    ],
)
def test_what_cannot_be_trained_on_is_refused(images, label, sentence):
    with pytest.raises(ValueError, match=sentence):
        Adversarial(DCGANGenerator(8, 1, 28, 4), DCGANDiscriminator(1, 28, 4), images, real_label=label)


def test_the_command_trains_and_logs(tmp_path, capsys):
    arguments = ["dcgan", "--width", "4", "--latent", "8", "--upsampler", "subpixel", "--steps", "2"]
    assert main([*arguments, "--batch-size", "4", "--device", "cpu", "--folder", str(tmp_path / "run")]) == 0
    log = (tmp_path / "run" / "log.csv").read_text().splitlines()
    assert log[0] == "step,discriminator,generator,distance,pattern_2,pattern_4"
    assert len(log) == 2
    assert main([*arguments, "--real-label", "2", "--folder", str(tmp_path / "other")]) == 2
    assert "real_label must be above 0.5 and at most 1, got 2.0" in capsys.readouterr().err


def test_the_comparison_goes_on_where_it_was_interrupted(tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(generator_spectra, "KINDS", dict(list(generator_spectra.KINDS.items())[:2]))
    arguments = ["--seeds", "1", "--steps", "1", "--out", str(tmp_path / "whole.npz")]
    generator_spectra.main(arguments)
    trained = generator_spectra._trained

    def interrupted(kind, seed, steps):
        if kind == "transposed k5":
            raise KeyboardInterrupt
        return trained(kind, seed, steps)

    monkeypatch.setattr(generator_spectra, "_trained", interrupted)
    arguments[-1] = str(tmp_path / "parts.npz")
    with pytest.raises(KeyboardInterrupt):
        generator_spectra.main(arguments)
    monkeypatch.setattr(generator_spectra, "_trained", lambda *of: trained(*of) if "k5" in of[0] else 1 / 0)
    generator_spectra.main(arguments)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["parts.npz", "whole.npz"]
    with np.load(tmp_path / "whole.npz") as whole, np.load(tmp_path / "parts.npz") as parts:
        for name in set(whole.files) - {"made"}:
            np.testing.assert_array_equal(whole[name], parts[name])
        assert whole["energy"].shape == (2, 1, 2, 2)


def test_the_stored_comparison_is_whole_and_says_how_it_was_made():
    measured, made = generator_spectra.results()
    kinds, seeds = len(generator_spectra.KINDS), made["seeds"]
    assert made["kinds"] == list(generator_spectra.KINDS)
    assert seeds >= 5
    assert {"command", "steps", "settings", "torch", "numpy", "python", "machine", "date"} <= set(made)
    assert measured["energy"].shape == (kinds, seeds, 2, 2)
    assert measured["distance"].shape == (kinds, seeds, 2)
    assert measured["images"].shape == (kinds, 2, 16, 28, 28)
    assert measured["spectrum"].shape == (kinds, 2, 28, 28)
    # what is stored of the real images is what they give today
    real = 2 * fashion_mnist("test")[0].astype(float) - 1
    np.testing.assert_allclose(measured["real_energy"], checkerboard_shares(real[:1000]))
    assert float(measured["real_distance"]) == pytest.approx(frechet_distance(real[:1000], real[1000:]))
    json.dumps(made)
