"""SegNet: sizes, VGG-16's parameters, values that return to their places, exporting and storing."""

from itertools import pairwise

import pytest
import torch
from torch.nn import functional as F

from upsample_lib.nn import SegNet


def parameters(model):
    return sum(p.numel() for p in model.parameters())


def small(**options):
    torch.manual_seed(0)
    return SegNet(**{"in_channels": 1, "classes": 2, "widths": (3, 4), **options})


def test_the_encoder_is_that_of_vgg16():
    """13 convolutions, 14.7 million parameters."""
    conv = lambda before, after: (9 * before + 1) * after  # noqa: E731
    layers = (3, 64, 64, 128, 128, 256, 256, 256, 512, 512, 512, 512, 512, 512)
    encoder = sum(conv(a, b) for a, b in pairwise(layers))
    # mirrored, but the last convolution keeps 64 channels for the 1 × 1 head where the first one has 3
    decoder = sum(conv(b, a) for a, b in pairwise((64, *layers[1:])))
    with torch.device("meta"):
        model = SegNet(3, 11, (64, 128, 256, 512, 512), convs=(2, 2, 3, 3, 3), norm=None)
    assert parameters(model.encoder) == encoder == 14_714_688
    assert parameters(model.decoder) == decoder == 14_749_376
    assert parameters(model.head) == 65 * 11
    with_norm = SegNet(3, 11, (4, 8), convs=(2, 3))
    without = SegNet(3, 11, (4, 8), convs=(2, 3), norm=None)
    channels = [4, 4, 8, 8, 8, 8, 8, 4, 4, 4]
    assert parameters(with_norm) - parameters(without) == sum(channels)  # + 2 numbers, − 1 bias


@pytest.mark.parametrize("size", [(4, 4), (5, 7), (16, 31), (45, 6)])
def test_every_size_returns(size):
    assert small().eval()(torch.rand(2, 1, *size)).shape == (2, 2, *size)


def test_maxima_return_to_their_places():
    """Convolutions set to the identity leave the maxima where they were and zeros elsewhere."""
    model = SegNet(1, 1, (1,), convs=1, norm=None)
    with torch.no_grad():
        for p in model.parameters():
            p.zero_()
        model.encoder[0][0].weight[0, 0, 1, 1] = 1
        model.decoder[0].unpool.conv.weight[0, 0, 1, 1] = 1
        model.head.weight.fill_(1)
    x = torch.tensor([[3.0, 1.0, 2.0, 5.0, 9.0], [0.0, 2.0, 4.0, 1.0, 9.0], [9.0, 9.0, 9.0, 9.0, 9.0]])
    expected = torch.tensor([[3.0, 0, 0, 5.0, 0], [0, 0, 0, 0, 0], [0, 0, 0, 0, 0]])
    assert torch.equal(model(x[None, None])[0, 0], expected)


def test_gradients_reach_every_parameter():
    model = small(widths=(3, 4, 5))
    y = model(torch.rand(2, 1, 13, 18))
    F.cross_entropy(y, torch.ones(2, 13, 18, dtype=torch.long)).backward()
    for name, parameter in model.named_parameters():
        assert parameter.grad is not None, name
        assert parameter.grad.isfinite().all(), name
    assert model.encoder[0][0].weight.grad.abs().sum() > 0


def test_state_is_stored_without_code(tmp_path):
    model = small().eval()
    torch.save(model.state_dict(), tmp_path / "segnet.pt")
    torch.manual_seed(1)
    other = SegNet(1, 2, (3, 4)).eval()
    x = torch.rand(1, 1, 9, 13)
    assert not torch.equal(other(x), model(x))
    other.load_state_dict(torch.load(tmp_path / "segnet.pt", weights_only=True))
    assert torch.equal(other(x), model(x))


def test_exports_and_compiles():
    model = small().eval()
    x = torch.rand(1, 1, 13, 18)
    torch.testing.assert_close(torch.export.export(model, (x,)).module()(x), model(x))
    with torch.no_grad():
        compiled = torch.compile(model, fullgraph=True, backend="aot_eager")
        torch.testing.assert_close(compiled(x), model(x))


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"widths": ()}, r"widths must hold at least 1 number, got \(\)"),
        ({"widths": (8, 0)}, "widths must be ≥ 1, got 0"),
        ({"convs": 0}, "convs must be ≥ 1, got 0"),
        ({"convs": (1, 2, 3)}, r"convs must be an integer or 2 integers, got \(1, 2, 3\)"),
        ({"norm": "layer"}, "norm must be 'batch' or None, got 'layer'"),
        ({"classes": 0}, "classes must be ≥ 1, got 0"),
    ],
)
def test_refused_arguments(options, message):
    with pytest.raises(ValueError, match=message):
        small(**options)


def test_refused_images():
    with pytest.raises(ValueError, match=r"x must have the shape \(N, 1, H, W\), got \(1, 3, 8, 8\)"):
        small()(torch.zeros(1, 3, 8, 8))
    with pytest.raises(ValueError, match="x must have at least 4 rows and columns for 2 poolings, got 3 × 9"):
        small()(torch.zeros(1, 1, 3, 9))
