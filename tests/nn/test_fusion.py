"""fuse_upsample_conv: what it rewrites, what it leaves alone and why; outputs stay what they were."""

import copy
import pickle

import pytest
import torch
import torch.nn.functional as F
from torch import nn

from upsample_lib.nn import NearestConv, UNet, UpsampleConv2d, fuse_upsample_conv


def conv(c_in=8, c_out=8, k=3, **options):
    return nn.Conv2d(c_in, c_out, k, **{"padding": k // 2, **options})


def up(scale=2, **options):
    return nn.Upsample(scale_factor=scale, **options)


class DecoderUpsample(nn.Module):
    """The block of latent-diffusion decoders: interpolate in the forward, then a convolution."""

    def __init__(self, channels=8, with_conv=True):
        super().__init__()
        self.channels, self.with_conv = channels, with_conv
        self.unused = nn.Parameter(torch.ones(3))
        if with_conv:
            self.conv = conv(channels, channels)

    def forward(self, x, output_size=None):
        assert x.shape[1] == self.channels
        if output_size is None:
            x = F.interpolate(x, scale_factor=2.0, mode="nearest")
        else:
            x = F.interpolate(x, size=output_size, mode="nearest")
        if self.with_conv:
            x = self.conv(x)
        return x


class ResBlock(nn.Module):
    def __init__(self, channels=8):
        super().__init__()
        self.norm, self.conv = nn.GroupNorm(4, channels), conv(channels, channels)

    def forward(self, x):
        return x + self.conv(F.silu(self.norm(x)))


class DiffusionDecoder(nn.Module):
    """conv_in, levels of residual blocks, an upsampling after each level but the last, norm, conv_out."""

    def __init__(self, levels=3):
        super().__init__()
        self.conv_in = conv(4, 8)
        self.levels = nn.ModuleList()
        for level in range(levels):
            parts = nn.Module()
            parts.blocks = nn.ModuleList([ResBlock(), ResBlock()])
            if level < levels - 1:
                parts.upsample = DecoderUpsample()
            self.levels.append(parts)
        self.norm_out, self.conv_out = nn.GroupNorm(4, 8), conv(8, 3)

    def forward(self, z):
        x = self.conv_in(z)
        for level in self.levels:
            for block in level.blocks:
                x = block(x)
            if hasattr(level, "upsample"):
                x = level.upsample(x)
        return self.conv_out(F.silu(self.norm_out(x)))


class DoubleConv(nn.Module):
    def __init__(self):
        super().__init__()
        self.body = nn.Sequential(conv(), nn.BatchNorm2d(8), nn.ReLU(), conv())

    def forward(self, x):
        return self.body(x)


class SharedUp(nn.Module):
    """One nn.Upsample for two levels; the convolution sits in another module's Sequential."""

    def __init__(self):
        super().__init__()
        self.up = up()
        self.a, self.b = DoubleConv(), DoubleConv()

    def forward(self, x):
        return self.b(self.up(self.a(self.up(x))))


class Branching(nn.Module):
    """torch.fx cannot follow it."""

    def __init__(self):
        super().__init__()
        self.inner = nn.Sequential(up(), conv())
        self.up, self.conv = up(), conv()

    def forward(self, x):
        if x.sum() > 1e9:
            return x
        return self.conv(self.up(self.inner(x)))


def x(dtype=torch.float32, channels=8, n=8):
    return torch.randn(2, channels, n, n + 1, dtype=dtype, generator=torch.Generator().manual_seed(0))


def fused(model, data):
    """The report, after comparing outputs and state dicts before and after by hand, in double precision."""
    torch.manual_seed(0)
    model = model.double()
    for part in model.modules():
        if isinstance(part, nn.BatchNorm2d):
            nn.init.normal_(part.running_mean)
            nn.init.uniform_(part.running_var, 0.5, 2)
    data = data.double()
    before, keys, parameters = copy.deepcopy(model), list(model.state_dict()), list(model.parameters())
    report = fuse_upsample_conv(model, data)
    assert report.error is not None
    assert report.error < 1e-12
    assert list(report.model.state_dict()) == keys
    assert all(a is b for a, b in zip(parameters, report.model.parameters(), strict=True))
    for mode in (True, False):
        before.train(mode)
        report.model.train(mode)
        torch.testing.assert_close(report.model(data), before(data), rtol=1e-11, atol=1e-11)
    report.model(data).square().sum().backward()
    before(data).square().sum().backward()
    for given, right in zip(report.model.parameters(), before.parameters()):
        if right.grad is not None:
            scale = float(right.grad.abs().max())
            torch.testing.assert_close(given.grad, right.grad, rtol=1e-11, atol=1e-11 * max(scale, 1))
    return report


def kinds(model):
    return [type(part).__name__ for part in model.modules()]


def test_a_sequential_with_more_around():
    model = nn.Sequential(conv(), up(), conv(), nn.ReLU(), nn.Sequential(up(3), nn.Sequential(conv(k=5))))
    report = fused(model, x())
    assert report.fused == ("2", "4.1.0")
    assert report.kept == {}
    assert report.rewritten == ()
    assert report.model is model
    assert kinds(model).count("UpsampleConv2d") == 2
    assert model[4][1][0].scale == (3, 3)
    assert isinstance(model[0], nn.Conv2d)


def test_what_is_no_such_pair_is_left_alone():
    model = nn.Sequential(
        up(mode="bilinear"), conv(), up(), nn.ReLU(), conv(), nn.ConvTranspose2d(8, 8, 2, 2), conv(), up()
    )
    before = repr(model)
    report = fused(model, x(n=3))
    assert (report.fused, report.kept) == ((), {})
    assert repr(model) == before
    assert "nothing fused" in str(report)


REASONS = {
    "padding": (
        up(),
        conv(padding=0),
        r"its convolution cannot be fused: its padding is \(0, 0\), not \(1, 1\)",
    ),
    "even": (up(), conv(k=4), "its kernel size 4 × 4 is even"),
    "stride": (up(), conv(stride=2), r"its stride is \(2, 2\)"),
    "border": (up(), conv(padding_mode="circular"), "its padding_mode is 'circular'"),
    "fraction": (up(1.5), conv(), "it does not enlarge by a whole number"),
    "size": (nn.Upsample(size=(12, 12)), conv(), "it does not enlarge by a whole number"),
    "weight norm": (
        up(),
        nn.utils.parametrizations.weight_norm(conv()),
        "its convolution is a ParametrizedConv2d, not a plain Conv2d",
    ),
}


@pytest.mark.parametrize("name", REASONS)
def test_pairs_that_must_stay_are_reported_with_the_reason(name):
    resize, convolution, message = REASONS[name]
    model = nn.Sequential(resize, convolution)
    report = fused(model, x())
    assert report.fused == ()
    assert list(report.kept) == ["0 → 1"]
    with pytest.raises(AssertionError, match=message):
        raise AssertionError(report.kept["0 → 1"])
    assert f"kept: 0 → 1: {report.kept['0 → 1']}" in str(report)


def test_hooks_keep_a_pair():
    model = nn.Sequential(up(), conv())
    model[1].register_forward_hook(lambda *_: None)
    assert fused(model, x()).kept == {"0 → 1": "hooks are registered on its Conv2d"}
    model = nn.Sequential(up(), conv())
    model[0].register_forward_pre_hook(lambda *_: None)
    assert fused(model, x()).kept == {"0 → 1": "hooks are registered on its Upsample"}


def test_a_diffusion_decoder():
    report = fused(DiffusionDecoder(), x(channels=4))
    assert report.fused == ("levels.0.upsample.conv", "levels.1.upsample.conv")
    assert report.rewritten == ("levels.0.upsample", "levels.1.upsample")
    assert report.kept == {}
    block = report.model.levels[0].upsample
    assert "interpolate" not in block.code
    assert type(block).__name__ == "DecoderUpsample"
    assert block.channels == 8
    assert "levels.0.upsample.unused" in report.model.state_dict()
    # its optional argument is fixed at the default
    block(x(torch.float64), output_size=None)
    with pytest.raises(ValueError, match="output_size must be left at None in a forward that was rewritten"):
        block(x(torch.float64), output_size=(3, 3))
    twin = copy.deepcopy(report.model)
    torch.testing.assert_close(twin(x(torch.float64, 4)), report.model(x(torch.float64, 4)))
    torch.testing.assert_close(
        pickle.loads(pickle.dumps(report.model.levels[0].upsample))(x(torch.float64)), block(x(torch.float64))
    )
    assert fuse_upsample_conv(report.model).fused == ()


def test_the_models_own_forward_gives_another_object():
    model = DecoderUpsample()
    report = fused(model, x())
    assert report.model is not model
    assert (report.fused, report.rewritten) == (("conv",), ("",))
    assert "forward rewritten: (model)" in str(report)


def test_interpolation_without_a_convolution_stays():
    model = DecoderUpsample(with_conv=False)
    report = fuse_upsample_conv(model, x())
    assert report.model is model
    assert (report.fused, report.kept) == ((), {})


@pytest.mark.parametrize("padding", ["same", "valid"])
def test_the_librarys_unet(padding):
    """Its own forward asks for sizes, which fx cannot follow; its blocks are found below it."""
    model = UNet(1, 2, (4, 8, 16), "nearest_conv", padding)
    report = fused(model, x(channels=1, n=50))
    assert report.fused == ("up.0.conv", "up.1.conv")
    assert report.kept == {}
    assert kinds(model).count("UpsampleConv2d") == 2
    other = UNet(1, 2, (4, 8, 16), "bilinear_conv", padding)
    assert fused(other, x(channels=1, n=50)).fused == ()


def test_a_nearest_conv_block_alone_keeps_taking_single_images():
    model = NearestConv(8, 4)
    report = fused(model, x())
    assert report.fused == ("conv",)
    assert model(x(torch.float64)[0]).shape == (4, 16, 18)


def test_one_upsample_for_two_levels():
    report = fused(SharedUp(), x())
    assert report.fused == ("a.body.0", "b.body.0")
    assert isinstance(report.model.up, nn.Identity)


class AlsoElsewhere(nn.Module):
    def __init__(self, what):
        super().__init__()
        self.up, self.conv, self.what = up(), conv(), what

    def forward(self, x):
        if self.what == "upsample":
            return self.conv(self.up(x)) + self.up(x)
        if self.what == "conv":
            return self.conv(self.up(self.conv(x)))
        y = self.up(x)
        return self.conv(y) + y


@pytest.mark.parametrize(
    ("what", "reason"),
    [
        ("upsample", "its Upsample also runs elsewhere"),
        ("conv", "its Conv2d also runs elsewhere"),
        ("map", "the enlarged map has 2 readers"),
    ],
)
def test_parts_that_also_run_elsewhere_keep_the_pair(what, reason):
    report = fused(AlsoElsewhere(what), x())
    assert (report.fused, report.kept) == ((), {"up → conv": reason})


def test_a_shared_upsample_with_one_pair_that_must_stay():
    model = SharedUp()
    model.b.body[0] = conv(padding=0)
    report = fused(model, x())
    assert report.fused == ()
    assert report.kept["up → a.body.0"] == "its Upsample is shared with a pair that must stay"


class Twice(nn.Module):
    def __init__(self):
        super().__init__()
        self.block = DecoderUpsample()

    def forward(self, x):
        return self.block(self.block(x))


def test_a_block_that_runs_twice():
    report = fused(Twice(), x())
    assert (report.fused, report.rewritten) == (("block.conv",), ("block",))


class Moody(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv = conv()

    def forward(self, x):
        x = F.interpolate(x, scale_factor=2)
        return F.dropout(self.conv(x), 0.5, self.training) if self.training else self.conv(x)


def test_a_forward_that_depends_on_the_mode_is_not_rewritten():
    report = fuse_upsample_conv(Moody(), x())
    assert report.kept == {
        "interpolate in (model) → conv": "the forward around it depends on the mode, training or evaluation"
    }


def test_below_a_forward_that_cannot_be_read():
    model = nn.Sequential(conv(), Branching())
    report = fused(model, x())
    assert report.fused == ("1.inner.1",)
    assert list(report.kept) == ["1.conv"]
    assert "the forward of 1 could not be read: symbolically traced variables" in report.kept["1.conv"]
    without_input = fuse_upsample_conv(nn.Sequential(conv(), Branching()))
    assert list(without_input.kept) == ["1"]
    assert without_input.error is None
    assert "not verified: no input given" in str(without_input)


class Hidden(nn.Module):
    """Reads the enlarged size in a forward that fx cannot follow: Identity in place of `up` changes it."""

    def __init__(self):
        super().__init__()
        self.pair = nn.Sequential(up(), conv())

    def forward(self, x):
        y = self.pair(x)
        if y.sum() > 1e9:
            return y
        return y + float(type(self.pair[0]) is nn.Upsample)


def test_another_output_takes_all_changes_back():
    model = Hidden()
    before = repr(model)
    with pytest.raises(RuntimeError, match=r"outputs differ by .* nothing was changed"):
        fuse_upsample_conv(model, x())
    assert repr(model) == before
    assert model.pair[1].weight.shape == (8, 8, 3, 3)


def test_a_model_that_no_longer_runs_is_as_it_was():
    class Refuses(Hidden):
        def forward(self, x):
            if x.sum() > 1e9:
                return x
            return self.pair[1](self.pair[0].scale_factor * x)

    model = Refuses()
    before = repr(model)
    with pytest.raises(AttributeError, match="scale_factor"):
        fuse_upsample_conv(model, x())
    assert repr(model) == before


def test_modes_devices_and_a_second_run():
    model = nn.Sequential(nn.Sequential(up(), conv()), nn.Dropout(0.5), up(), conv()).train()
    model[3].eval()
    report = fuse_upsample_conv(model, x())
    assert [part.training for part in (model, model[0][1], model[3])] == [True, True, False]
    again = fuse_upsample_conv(model, x())
    assert (report.fused, again.fused, again.kept) == (("0.1", "3"), (), {})


@pytest.mark.parametrize("dtype", [torch.float32, torch.bfloat16])
def test_low_precision_is_verified_too(dtype):
    model = nn.Sequential(up(), conv(), nn.ReLU(), up(), conv()).to(dtype)
    report = fuse_upsample_conv(model, x(dtype))
    assert report.fused == ("1", "4")


def test_several_arguments_and_outputs():
    class Two(nn.Module):
        def __init__(self):
            super().__init__()
            self.a, self.b = nn.Sequential(up(), conv()), nn.ReLU(inplace=True)

        def forward(self, x, y):
            return {"sum": self.a(x), "parts": [self.b(y), x]}

    report = fuse_upsample_conv(Two(), (x(), x()))
    assert report.fused == ("a.1",)


def test_layers_in_training_keep_their_optimiser():
    model = nn.Sequential(up(), conv(16, 4))
    plain = copy.deepcopy(model)
    optimisers = [torch.optim.Adam(m.parameters(), 0.05) for m in (model, plain)]
    data = x(channels=16, n=16)
    fuse_upsample_conv(model, data)
    for _ in range(5):
        for m, optimiser in zip((model, plain), optimisers):
            optimiser.zero_grad()
            m(data).square().mean().backward()
            optimiser.step()
    torch.testing.assert_close(model[1].weight, plain[1].weight, rtol=1e-3, atol=1e-4)
    assert isinstance(model[1], UpsampleConv2d)


def test_not_a_module():
    with pytest.raises(TypeError, match=r"model must be a torch\.nn\.Module, got int"):
        fuse_upsample_conv(3)
