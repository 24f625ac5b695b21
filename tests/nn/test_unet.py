"""U-Net: sizes, the paper's numbers, every upsampler, what it computes, compiling, exporting and storing."""

import pytest
import torch
from torch.nn import functional as F

from upsample_lib.nn import CONTENT_AWARE, UPSAMPLERS, UNet

PAPER = (64, 128, 256, 512, 1024)


def parameters(model):
    return sum(p.numel() for p in model.parameters())


def small(**options):
    torch.manual_seed(0)
    return UNet(**{"in_channels": 1, "classes": 2, "widths": (3, 4, 5), **options})


def test_the_paper_s_network_has_its_published_size_and_parameters():
    """31.03 million: counted stage by stage, weights and biases."""
    conv = lambda before, after, k: (before * k * k + 1) * after  # noqa: E731
    encoder = sum(conv(a, b, 3) + conv(b, b, 3) for a, b in zip((1, *PAPER), PAPER))
    up = sum(conv(2 * a, a, 2) for a in PAPER[:-1])
    decoder = sum(conv(2 * a, a, 3) + conv(a, a, 3) for a in PAPER[:-1])
    assert (encoder, up, decoder, conv(64, 2, 1)) == (18_842_048, 2_786_240, 9_402_240, 130)
    with torch.device("meta"):
        model = UNet(1, 2, PAPER, "transposed", "valid", None, up_kernel_size=2)
        assert parameters(model) == encoder + up + decoder + 130 == 31_030_658
        # 18 of 3 × 3, four up-convolutions and the head: the 23 layers that the paper counts
        convolutions = [
            m for m in model.modules() if isinstance(m, torch.nn.Conv2d | torch.nn.ConvTranspose2d)
        ]
        assert len(convolutions) == 23
        assert model(torch.zeros(1, 1, 572, 572)).shape == (1, 2, 388, 388)
    assert model.margin == (572 - 388) / 2


def test_parameters_of_the_default_by_hand():
    """Batch normalisation replaces the bias of each 3 × 3 convolution by two numbers a channel."""
    w = (16, 32, 64, 128)
    encoder = sum(9 * a * b + 9 * b * b + 4 * b for a, b in zip((1, *w), w))
    up = sum((16 * 2 * a + 1) * a for a in w[:-1])  # 4 × 4 kernels
    decoder = sum(9 * 2 * a * a + 9 * a * a + 4 * a for a in w[:-1])
    assert parameters(UNet()) == encoder + up + decoder + 2 * 17 == 611_490


@pytest.mark.parametrize("size", [(1, 1), (4, 4), (8, 12), (17, 31), (20, 3)])
def test_same_padding_keeps_every_size(size):
    model = small().eval()
    assert model.margin == 0
    assert model(torch.rand(2, 1, *size)).shape == (2, 2, *size)


@pytest.mark.parametrize("size", [(41, 41), (44, 52), (45, 70)])
def test_valid_padding_takes_a_fixed_margin_off_every_size(size):
    model = small(padding="valid", norm=None)
    assert model.margin == 6 * 4 - 4 == 20
    y = model(torch.rand(1, 1, *size))
    assert y.shape == (1, 2, size[0] - 40, size[1] - 40)
    image = torch.arange(size[0] * size[1]).view(1, *size)
    assert model.crop_target(image).shape[1:] == y.shape[2:]
    assert model.crop_target(image)[0, 0, 0] == 20 * size[1] + 20
    assert torch.equal(small().crop_target(image), image)


def test_valid_logits_depend_on_no_padding():
    """The logits of a large image, cut out, are those of the piece: no zero from outside has entered."""
    model = small(padding="valid", norm=None, up_kernel_size=2).double()
    x = torch.rand(1, 1, 60, 64, dtype=torch.float64)
    whole = model(x)
    part = model(x[..., 8:56, 4:60])  # a multiple of 4, so that the pooling grids coincide
    torch.testing.assert_close(part, whole[..., 8 : 8 + 8, 4 : 4 + 16])


def test_a_size_that_is_padded_gives_the_cropped_logits_of_the_continued_image():
    for padding, options in [("same", {}), ("valid", {"norm": None})]:
        model = small(padding=padding, **options).eval()
        x = torch.rand(1, 1, 45, 50)
        rows, columns = 3, 2  # 45 → 48 and 50 → 52: H ≡ 0 modulo 4 serves "same" and, as H + 4, "valid"
        y = model(F.pad(x, (0, columns, 0, rows), mode="replicate"))
        torch.testing.assert_close(model(x), y[..., : y.shape[-2] - rows, : y.shape[-1] - columns])


def test_skips_come_from_the_same_place():
    """With the decoder's share of the weights set to zero only the finest skip is left."""
    model = UNet(1, 1, (1, 1), padding="valid", norm=None)
    with torch.no_grad():
        for p in model.parameters():
            p.zero_()
        centre = (slice(None), slice(None), 1, 1)
        for conv in (model.encoder[0][0], model.encoder[0][2], model.decoder[0][2]):
            conv.weight[centre] = 1
        model.decoder[0][0].weight[0, 0, 1, 1] = 1  # channel 0 is the skip, 1 the upsampled map
        model.head.weight.fill_(1)
    x = torch.rand(1, 1, 24, 28)
    torch.testing.assert_close(model(x), x[..., 8:-8, 8:-8])


@pytest.mark.parametrize("name", UPSAMPLERS + CONTENT_AWARE)
@pytest.mark.parametrize("padding", ["same", "valid"])
def test_every_upsampler_trains_every_parameter(name, padding):
    model = small(upsampler=name, padding=padding, widths=(4, 8, 12))  # dysample has 4 groups of channels
    y = model(torch.rand(2, 1, 45, 46))
    F.cross_entropy(y, torch.ones(2, *y.shape[-2:], dtype=torch.long)).backward()
    for parameter_name, parameter in model.named_parameters():
        assert parameter.grad is not None, parameter_name
        assert parameter.grad.isfinite().all(), parameter_name
    # one finest map, one coarsest: the gradient reaches both ends
    assert model.encoder[0][0].weight.grad.abs().sum() > 0
    assert model.encoder[-1][0].weight.grad.abs().sum() > 0


def test_kernel_size_of_the_blocks():
    assert small(up_kernel_size=2).up[0].conv.kernel_size == (2, 2)
    assert small().up[0].conv.kernel_size == (4, 4)
    with pytest.raises(ValueError, match="kernel_size must be odd to keep the size, got 2"):
        small(upsampler="nearest_conv", up_kernel_size=2)


def test_options_of_the_blocks():
    model = small(upsampler="carafe", up_options={"taps": 3, "compressed": 2})
    assert [block.kernels.encode.weight.shape for block in model.up] == [(36, 2, 3, 3)] * 2
    with pytest.raises(TypeError, match="unexpected keyword argument 'taps'"):
        small(up_options={"taps": 3})


def test_without_normalisation_there_is_none():
    kinds = lambda model: {type(m).__name__ for m in model.modules()}  # noqa: E731
    assert "BatchNorm2d" in kinds(small())
    assert "BatchNorm2d" not in kinds(small(norm=None))
    assert small(norm=None).encoder[0][0].bias is not None
    assert small().encoder[0][0].bias is None


def test_state_is_stored_without_code(tmp_path):
    model = small().eval()
    torch.save(model.state_dict(), tmp_path / "unet.pt")
    torch.manual_seed(1)
    other = UNet(1, 2, (3, 4, 5)).eval()
    x = torch.rand(1, 1, 9, 13)
    assert not torch.equal(other(x), model(x))
    other.load_state_dict(torch.load(tmp_path / "unet.pt", weights_only=True))
    assert torch.equal(other(x), model(x))


@pytest.mark.parametrize("padding", ["same", "valid"])
def test_exports(padding):
    """For one size of any kind, and for all sizes that 2^depth divides."""
    model = small(padding=padding).eval()
    x = torch.rand(1, 1, 45, 50)
    torch.testing.assert_close(torch.export.export(model, (x,)).module()(x), model(x))
    rows, columns = (4 * torch.export.Dim(name, min=11, max=1000) for name in ("rows", "columns"))
    program = torch.export.export(
        model, (torch.rand(1, 1, 44, 52),), dynamic_shapes=({2: rows, 3: columns},)
    ).module()
    for size in [(44, 52), (64, 48)]:
        x = torch.rand(1, 1, *size)
        torch.testing.assert_close(program(x), model(x))


def test_compiles_without_a_break():
    model = small(upsampler="bilinear_conv").eval()
    x = torch.rand(1, 1, 17, 22)
    with torch.no_grad():
        # the graph is captured whole; generating machine code for it would take a compiler and half a minute
        compiled = torch.compile(model, fullgraph=True, backend="aot_eager")
        torch.testing.assert_close(compiled(x), model(x))


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"padding": "zeros"}, "padding must be 'same' or 'valid', got 'zeros'"),
        ({"norm": "layer"}, "norm must be 'batch' or None, got 'layer'"),
        ({"widths": (8,)}, r"widths must hold at least 2 numbers, got \(8,\)"),
        ({"widths": (8, 0)}, "widths must be ≥ 1, got 0"),
        ({"classes": 0}, "classes must be ≥ 1, got 0"),
        ({"in_channels": 0}, "in_channels must be ≥ 1, got 0"),
        ({"upsampler": "deconv"}, "name must be one of transposed, .*got 'deconv'"),
    ],
)
def test_refused_arguments(options, message):
    with pytest.raises(ValueError, match=message):
        UNet(**options)


@pytest.mark.parametrize("shape", [(1, 2, 16, 16), (1, 16, 16), (16, 16)])
def test_refused_images(shape):
    with pytest.raises(ValueError, match=r"x must have the shape \(N, 1, H, W\), got \("):
        small()(torch.zeros(shape))


def test_an_image_smaller_than_the_margins():
    with pytest.raises(
        ValueError, match="x must have more than 40 rows and columns, got 40 × 99: the unpadded convolutions"
    ):
        small(padding="valid")(torch.zeros(1, 1, 40, 99))
    with pytest.raises(ValueError, match="x must have more than 0 rows and columns, got 0 × 9"):
        small()(torch.zeros(1, 1, 0, 9))
