"""DCGAN: published sizes and counts, the paper's initialisation, and what one does with a trained model."""

import io

import pytest
import torch
from torch import nn

from upsample_lib.nn import UPSAMPLERS, Subpixel, dcgan_init_
from upsample_lib.nn import DCGANDiscriminator as Discriminator
from upsample_lib.nn import DCGANGenerator as Generator

SMALL = {"channels": 1, "image_size": 28, "width": 8}


def count(model: nn.Module) -> int:
    return sum(p.numel() for p in model.parameters())


def test_generator_has_the_published_number_of_parameters():
    weights = 100 * 512 * 16 + 512 * 256 * 16 + 256 * 128 * 16 + 128 * 64 * 16 + 64 * 3 * 16
    normalisations = 2 * (512 + 256 + 128 + 64)
    assert weights + normalisations == 3_576_704
    assert count(Generator()) == 3_576_704


def test_discriminator_has_the_published_number_of_parameters():
    weights = 3 * 64 * 16 + 64 * 128 * 16 + 128 * 256 * 16 + 256 * 512 * 16 + 512 * 16
    normalisations = 2 * (128 + 256 + 512)
    assert weights + normalisations == 2_765_568
    assert count(Discriminator()) == 2_765_568


def test_generator_is_the_widespread_stack_layer_for_layer():
    ngf = 64
    plain = nn.Sequential(
        nn.ConvTranspose2d(100, ngf * 8, 4, 1, 0, bias=False),
        nn.BatchNorm2d(ngf * 8),
        nn.ReLU(),
        nn.ConvTranspose2d(ngf * 8, ngf * 4, 4, 2, 1, bias=False),
        nn.BatchNorm2d(ngf * 4),
        nn.ReLU(),
        nn.ConvTranspose2d(ngf * 4, ngf * 2, 4, 2, 1, bias=False),
        nn.BatchNorm2d(ngf * 2),
        nn.ReLU(),
        nn.ConvTranspose2d(ngf * 2, ngf, 4, 2, 1, bias=False),
        nn.BatchNorm2d(ngf),
        nn.ReLU(),
        nn.ConvTranspose2d(ngf, 3, 4, 2, 1, bias=False),
        nn.Tanh(),
    )
    model = Generator()
    plain.load_state_dict(dict(zip(plain.state_dict(), model.state_dict().values())), strict=True)
    z = torch.randn(3, 100)
    torch.testing.assert_close(model(z), plain(z[:, :, None, None]))


def test_discriminator_is_the_widespread_stack_before_its_sigmoid():
    ndf = 8
    plain = nn.Sequential(
        nn.Conv2d(3, ndf, 4, 2, 1, bias=False),
        nn.LeakyReLU(0.2),
        nn.Conv2d(ndf, ndf * 2, 4, 2, 1, bias=False),
        nn.BatchNorm2d(ndf * 2),
        nn.LeakyReLU(0.2),
        nn.Conv2d(ndf * 2, ndf * 4, 4, 2, 1, bias=False),
        nn.BatchNorm2d(ndf * 4),
        nn.LeakyReLU(0.2),
        nn.Conv2d(ndf * 4, ndf * 8, 4, 2, 1, bias=False),
        nn.BatchNorm2d(ndf * 8),
        nn.LeakyReLU(0.2),
        nn.Conv2d(ndf * 8, 1, 4, 1, 0, bias=False),
    )
    model = Discriminator(width=ndf)
    plain.load_state_dict(dict(zip(plain.state_dict(), model.state_dict().values())), strict=True)
    x = torch.rand(4, 3, 64, 64)
    torch.testing.assert_close(model(x), plain(x).flatten())


@pytest.mark.parametrize("name", UPSAMPLERS)
@pytest.mark.parametrize(
    ("size", "sides"), [(28, [7, 14, 28]), (64, [4, 8, 16, 32, 64]), (40, [5, 10, 20, 40]), (8, [4, 8])]
)
def test_every_stage_doubles(name, size, sides):
    model = Generator(latent=5, channels=2, image_size=size, width=2, upsampler=name)
    x = torch.randn(3, 5)[:, :, None, None]
    seen = []
    for stage in model.stages:
        x = stage(x)
        seen.append(tuple(x.shape[1:]))
    channels = [2 << i for i in reversed(range(len(sides) - 1))] + [2]
    assert seen == [(c, side, side) for c, side in zip(channels, sides)]
    assert x.abs().max() <= 1
    assert Discriminator(2, size, width=2)(x).shape == (3,)


def test_kernel_of_the_papers_own_code_keeps_the_sizes():
    model = Generator(latent=5, width=2, kernel_size=5)
    conv = model.stages[1][0].conv
    assert (conv.kernel_size, conv.stride, conv.padding, conv.output_padding) == (
        (5, 5),
        (2, 2),
        (2, 2),
        (1, 1),
    )
    assert model(torch.randn(2, 5)).shape == (2, 3, 64, 64)


@pytest.mark.parametrize("name", UPSAMPLERS)
def test_weights_start_as_in_the_paper(name):
    torch.manual_seed(0)
    models = Generator(width=32, upsampler=name), Discriminator(width=32)
    weights = [w for m in models for layer in m.modules() for w in _weights(layer)]
    drawn = torch.cat([w.flatten() for w in weights])
    assert abs(float(drawn.mean())) < 2e-4
    assert float(drawn.std()) == pytest.approx(0.02, rel=0.02)
    norms = [m for model in models for m in model.modules() if isinstance(m, nn.BatchNorm2d)]
    scales = torch.cat([m.weight.detach() for m in norms])
    assert float(scales.mean()) == pytest.approx(1, abs=5e-3)
    assert float(scales.std()) == pytest.approx(0.02, rel=0.2)
    assert all((m.bias == 0).all() for m in norms)


def _weights(layer):
    return [layer.weight.detach()] if isinstance(layer, (nn.Conv2d, nn.ConvTranspose2d)) else []


def test_subpixel_blocks_keep_equal_phases():
    blocks = [m for m in Generator(width=4, upsampler="subpixel").modules() if isinstance(m, Subpixel)]
    assert len(blocks) == 4
    for block in blocks:
        phases = block.conv.weight.unflatten(0, (-1, 4))
        assert (phases == phases[:, :1]).all()
    loose = nn.Conv2d(3, 8, 3)
    assert dcgan_init_(loose) is loose


def test_generator_is_its_transposed_convolutions_one_image_at_a_time():
    # in evaluation mode an image depends on its own latent vector alone
    model = Generator(latent=6, **SMALL).eval()
    z = torch.randn(4, 6)
    together = model(z)
    torch.testing.assert_close(together, torch.cat([model(one[None]) for one in z]))


@pytest.mark.parametrize("name", UPSAMPLERS)
def test_export_compile_and_state(name):
    torch.manual_seed(0)
    generator = Generator(latent=6, upsampler=name, **SMALL).eval()
    discriminator = Discriminator(**SMALL).eval()
    z = torch.randn(3, 6)
    x = generator(z)
    for model, given in ((generator, z), (discriminator, x.detach())):
        expected = model(given)
        batch = torch.export.Dim("batch", min=2, max=64)
        exported = torch.export.export(model, (given,), dynamic_shapes=({0: batch},)).module()
        torch.testing.assert_close(exported(given), expected)
        assert len(exported(torch.cat([given, given]))) == 6
        torch.testing.assert_close(torch.compile(model, backend="eager", fullgraph=True)(given), expected)
        stored = io.BytesIO()
        torch.save(model.state_dict(), stored)
        stored.seek(0)
        again = type(model)(**(SMALL | ({"latent": 6, "upsampler": name} if model is generator else {})))
        again.load_state_dict(torch.load(stored, weights_only=True))
        torch.testing.assert_close(again.eval()(given), expected)


def test_gradients_reach_every_weight():
    generator, discriminator = Generator(latent=6, **SMALL), Discriminator(**SMALL)
    discriminator(generator(torch.randn(4, 6))).sum().backward()
    for parameter in (*generator.parameters(), *discriminator.parameters()):
        assert parameter.grad is not None
        assert torch.isfinite(parameter.grad).all()


@pytest.mark.parametrize("size", [1, 4, 7, 9, 18, 30, 44])
def test_sizes_that_no_doubling_reaches_are_refused(size):
    for model in (Generator, Discriminator):
        with pytest.raises(
            ValueError, match=f"image_size must be 4, 5, 6 or 7, doubled at least once, got {size}"
        ):
            model(image_size=size)


def test_refusals():
    with pytest.raises(ValueError, match=r"z must have shape \(N, 6\), got \(2, 5\)"):
        Generator(latent=6, **SMALL)(torch.zeros(2, 5))
    with pytest.raises(ValueError, match=r"x must have shape \(N, 1, 28, 28\), got \(2, 1, 28, 27\)"):
        Discriminator(**SMALL)(torch.zeros(2, 1, 28, 27))
    with pytest.raises(ValueError, match="latent must be ≥ 1, got 0"):
        Generator(latent=0)
    with pytest.raises(ValueError, match=r"name must be one of .*, got 'deconv'"):
        Generator(upsampler="deconv")
    with pytest.raises(TypeError, match=r"width must be an integer, got 8\.0"):
        Discriminator(width=8.0)
