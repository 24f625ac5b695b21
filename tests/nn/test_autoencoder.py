"""The convolutional autoencoder: exact sizes, what it computes, and that it can be saved and exported."""

import io
import re

import pytest
import torch
from torch import nn
from torch.nn import functional as F

from upsample_lib.nn import UPSAMPLERS, ConvAutoencoder, Crop, audit


def small(**options):
    torch.manual_seed(0)
    return ConvAutoencoder(**{"latent": 3, "widths": (4, 6), **options}).eval()


@pytest.mark.parametrize("upsampler", UPSAMPLERS)
@pytest.mark.parametrize("size", [28, 8, 1, (27, 30), (5, 13), (2, 1)])
@pytest.mark.parametrize("widths", [(4,), (4, 6), (2, 3, 4)])
def test_the_output_has_exactly_the_inputs_size(upsampler, size, widths):
    model = small(upsampler=upsampler, size=size, widths=widths, in_channels=2)
    height, width = model.size
    x = torch.rand(2, 2, height, width)
    assert model.encode(x).shape == (2, 3)
    assert model(x).shape == x.shape
    assert model(x[:0]).shape == (0, 2, height, width)


def test_the_sizes_of_fashion_mnist_worked_out_by_hand():
    # 28 → 14 → 7 → 4 down; 4 → 8, cropped to 7, → 14 → 28 back
    model = small(widths=(4, 6, 8))
    shapes = []
    for layer in model.decoder:
        layer.register_forward_hook(lambda module, given, y: shapes.append((type(module), y.shape[-1])))
    model(torch.rand(1, 1, 28, 28))
    assert [size for kind, size in shapes if kind not in (nn.Linear, nn.ReLU)] == [4, 8, 7, 14, 28]
    assert sum(kind is Crop for kind, _ in shapes) == 1
    # only where the encoder met an odd size
    assert not any(isinstance(layer, Crop) for layer in small().decoder)


def test_the_parameter_count_worked_out_by_hand():
    model = ConvAutoencoder(in_channels=1, latent=16, widths=(16, 32), size=28)
    down = (1 * 9 + 1) * 16 + (16 * 9 + 1) * 32 + (32 * 49 + 1) * 16
    up = (16 + 1) * 32 * 49 + (32 * 16 * 16 + 16) + (16 * 16 + 1)
    assert sum(p.numel() for p in model.parameters()) == down + up == 65_025


def test_it_computes_what_its_layers_compute():
    model = small(size=7)
    x = torch.rand(3, 1, 7, 7)
    first, second, flat = (layer for layer in model.encoder if hasattr(layer, "weight"))
    y = F.relu(F.conv2d(x, first.weight, first.bias, 2, 1))  # 4 × 4
    y = F.relu(F.conv2d(y, second.weight, second.bias, 2, 1))  # 2 × 2
    z = F.linear(y.flatten(1), flat.weight, flat.bias)
    torch.testing.assert_close(model.encode(x), z)
    wide, up, last = (layer for layer in model.decoder if any(True for _ in layer.parameters()))
    y = F.relu(F.linear(z, wide.weight, wide.bias)).view(3, 6, 2, 2)
    y = F.relu(F.conv_transpose2d(y, up.conv.weight, up.conv.bias, 2, 1))  # 4 × 4
    y = F.conv_transpose2d(y, last.conv.weight, last.conv.bias, 2, 1)[:, :, :7, :7]
    torch.testing.assert_close(model(x), y)
    torch.testing.assert_close(model.reconstruct(x), torch.sigmoid(y))


def test_every_weight_gets_a_gradient():
    model = small(size=9)
    x = torch.rand(4, 1, 9, 9)
    F.binary_cross_entropy_with_logits(model(x), x).backward()
    assert all(p.grad is not None and p.grad.abs().sum() > 0 for p in model.parameters())


@pytest.mark.parametrize("upsampler", UPSAMPLERS)
def test_a_few_steps_of_training_bring_two_images_back(upsampler):
    torch.manual_seed(0)
    model = ConvAutoencoder(latent=2, widths=(8, 8), size=7, upsampler=upsampler)
    x = torch.zeros(2, 1, 7, 7)
    x[0, :, :3] = x[1, :, :, :3] = 1
    optimiser = torch.optim.Adam(model.parameters(), 2e-2)
    for _ in range(120):
        optimiser.zero_grad()
        loss = F.binary_cross_entropy_with_logits(model(x), x)
        loss.backward()
        optimiser.step()
    assert torch.equal(model.reconstruct(x).round(), x)


def test_the_audit_knows_a_decoder_whose_overlap_is_uneven():
    assert audit(small().decoder) == []
    named = [finding.name for finding in audit(small(kernel_size=3).decoder)]
    assert len(named) == 2


@pytest.mark.parametrize("upsampler", UPSAMPLERS)
def test_saved_loaded_exported(upsampler):
    model = small(size=(9, 6), upsampler=upsampler)
    x = torch.rand(2, 1, 9, 6)
    buffer = io.BytesIO()
    torch.save(model.state_dict(), buffer)
    buffer.seek(0)
    other = ConvAutoencoder(latent=3, widths=(4, 6), size=(9, 6), upsampler=upsampler).eval()
    other.load_state_dict(torch.load(buffer, weights_only=True))
    assert torch.equal(model(x), other(x))
    batch = torch.export.Dim("batch", min=1, max=64)
    program = torch.export.export(model, (x,), dynamic_shapes=({0: batch},))
    longer = torch.rand(5, 1, 9, 6)
    torch.testing.assert_close(program.module()(longer), model(longer))


def test_compiled_in_one_graph():
    model = small(size=7)
    x = torch.rand(2, 1, 7, 7)
    torch.testing.assert_close(torch.compile(model, fullgraph=True, backend="eager")(x), model(x))


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        ({"latent": 0}, "latent must be ≥ 1, got 0"),
        ({"in_channels": 0}, "in_channels must be ≥ 1, got 0"),
        ({"widths": ()}, "widths must hold at least one number of channels, got none"),
        ({"widths": (8, 0)}, "widths[1] must be ≥ 1, got 0"),
        ({"size": 0}, "size must be ≥ 1, got 0"),
        ({"size": (4, 4, 4)}, "size must be an integer or 2 integers, got (4, 4, 4)"),
        ({"upsampler": "unpool"}, "name must be one of transposed, nearest_conv, bilinear_conv, subpixel"),
        ({"upsampler": "nearest_conv", "kernel_size": 4}, "kernel_size must be odd to keep the size, got 4"),
    ],
)
def test_bad_arguments_are_refused_with_a_sentence(options, sentence):
    with pytest.raises(ValueError, match=re.escape(sentence)):
        ConvAutoencoder(**options)


@pytest.mark.parametrize("shape", [(1, 28, 28), (2, 3, 28, 28), (2, 1, 28, 27)])
def test_other_images_are_refused_with_a_sentence(shape):
    model = small()
    with pytest.raises(ValueError, match=re.escape(f"x must have the shape (N, 1, 28, 28), got {shape}")):
        model(torch.rand(shape))


def test_a_crop_refuses_what_is_too_small():
    with pytest.raises(ValueError, match="x must be at least 4 × 4, got 4 × 3"):
        Crop((4, 4))(torch.ones(1, 1, 4, 3))


@pytest.mark.gpu
def test_the_same_on_a_gpu():
    if not torch.cuda.is_available():
        pytest.skip("no CUDA device: the autoencoder was not run on a GPU")
    model = small()
    x = torch.rand(2, 1, 28, 28)
    expected = model(x)
    torch.testing.assert_close(model.cuda()(x.cuda()).cpu(), expected, rtol=1e-3, atol=1e-3)
