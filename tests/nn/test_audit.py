"""The audit: what it must find, what it must leave in peace, and whether its suggestions are clean."""

import re
from itertools import product

import pytest
import torch
from torch import nn
from torch.nn import functional as F

from upsample_lib.artifacts import overlap, overlap_is_even
from upsample_lib.nn import (
    UPSAMPLERS,
    Finding,
    MaxUnpoolConv,
    NearestConv,
    audit,
    bilinear_,
    icnr_,
    transposed_from_nearest_conv,
    upsampler,
)
from upsample_lib.nn._artifact_rules import nearest_even_setting


def kinds(findings):
    return [(finding.name, finding.kind) for finding in findings]


def generator(channels, k, s, p, a=0):
    """A DCGAN generator from 1 × 1, as small as it gets: k4 s1 p0, then three upsampling layers."""
    layers = [nn.ConvTranspose2d(8, channels, 4, 1, 0, bias=False), nn.BatchNorm2d(channels), nn.ReLU()]
    for last in (False, False, True):
        layers.append(nn.ConvTranspose2d(channels, 3 if last else channels, k, s, p, a, bias=False))
        layers += [nn.Tanh()] if last else [nn.BatchNorm2d(channels), nn.ReLU()]
    return nn.Sequential(*layers)


class UNet(nn.Module):
    """Two levels; `fit` pads the upsampled map to its skip connection."""

    def __init__(self, up=lambda c: nn.ConvTranspose2d(c, c, 2, 2), fit=False):
        super().__init__()
        self.first, self.second, self.third = (nn.Conv2d(i, 4, 3, padding=1) for i in (1, 4, 4))
        self.pool = nn.MaxPool2d(2)
        self.up2, self.up1 = up(4), up(4)
        self.merge2, self.merge1 = (nn.Conv2d(8, 4, 3, padding=1) for _ in range(2))
        self.fit = fit

    def join(self, x, skip):
        if self.fit:
            x = F.pad(x, (0, skip.shape[3] - x.shape[3], 0, skip.shape[2] - x.shape[2]))
        return torch.cat([x, skip], dim=1)

    def forward(self, x):
        a = self.first(x)
        b = self.second(self.pool(a))
        y = self.merge2(self.join(self.up2(self.third(self.pool(b))), b))
        return self.merge1(self.join(self.up1(y), a))


class SegNet(nn.Module):
    def __init__(self, sizes):
        super().__init__()
        self.pool = nn.MaxPool2d(2, return_indices=True)
        self.unpool = nn.MaxUnpool2d(2)
        self.sizes = sizes

    def forward(self, x):
        y, indices = self.pool(x)
        return self.unpool(y, indices, output_size=x.size() if self.sizes else None)


class Call(nn.Module):
    def __init__(self, function):
        super().__init__()
        self.function = function

    def forward(self, x):
        return self.function(x)


# --- uneven overlap -----------------------------------------------------------------------------------------


def test_every_uneven_transposed_convolution_and_no_other_is_found():
    for k, s, d in product(range(1, 8), range(1, 5), range(1, 4)):
        findings = audit(nn.ConvTranspose2d(2, 2, k, s, dilation=d))
        expected = [] if overlap_is_even(k, s, d) else [("", "checkerboard")]
        assert kinds(findings) == expected, (k, s, d)


@pytest.mark.parametrize("layer", [nn.ConvTranspose1d, nn.ConvTranspose2d, nn.ConvTranspose3d])
def test_clean_layers_on_any_number_of_axes(layer):
    for k, s, p in [(4, 2, 1), (2, 2, 0), (3, 1, 1), (5, 1, 0), (6, 3, 0), (1, 1, 0), (6, 2, 2)]:
        assert audit(layer(2, 2, k, s, p)) == []
    assert kinds(audit(layer(2, 2, 3, 2))) == [("", "checkerboard")]


def test_reason_and_suggestion_by_hand():
    (finding,) = audit(nn.Sequential(nn.ReLU(), nn.ConvTranspose2d(1, 1, 3, 2, 1, output_padding=1)))
    assert str(finding) == (
        "1 (ConvTranspose2d): checkerboard: kernel_size 3 is not a multiple of stride 2, "
        "so output positions collect 2, 1 taps in turn; use kernel_size=4, padding=1, "
        "output_padding=0 for the same output size"
    )
    (finding,) = audit(nn.ConvTranspose2d(1, 1, 4, 2, dilation=2))
    assert str(finding).startswith("(model) (ConvTranspose2d): checkerboard: dilation 2 and stride 2 share")
    assert "dilation=1" in finding.suggestion
    (finding,) = audit(nn.ConvTranspose2d(1, 1, (4, 3), (2, 2), (1, 1)))
    assert (
        finding.suggestion
        == "use kernel_size=4, padding=(1, 2), output_padding=(0, 1) for the same output size"
    )


def test_suggested_settings_are_even_and_keep_the_output_size():
    for k, s, d, p in product(range(1, 8), range(2, 5), range(1, 5), range(4)):
        for a in range(max(s, d)):
            if overlap_is_even(k, s, d) or 19 * s - 2 * p + d * (k - 1) + a + 1 < 1:
                continue
            new_k, new_p, new_a, new_d = nearest_even_setting(k, s, p, a, d)
            assert overlap_is_even(new_k, s, new_d)
            assert len(overlap(new_k, s, 20, new_p, new_a, new_d)) == len(overlap(k, s, 20, p, a, d))


def test_weights_that_make_up_for_uneven_overlap_are_clean():
    layer = nn.ConvTranspose2d(2, 2, 5, 3, 1)
    assert kinds(audit(layer)) == [("", "checkerboard")]
    bilinear_(layer.weight, 3)
    assert audit(layer) == []
    tied = transposed_from_nearest_conv(NearestConv(2, 2, 3))
    assert not overlap_is_even(tied.kernel_size[0], 3)
    assert audit(tied) == []
    assert audit(tied.half()) == []  # rounding is no artifact
    # a constant input shows that the audit is right
    inside = tied.float()(torch.ones(1, 2, 6, 6))[..., 3:-3, 3:-3]
    torch.testing.assert_close(inside, inside[..., :1, :1].expand_as(inside), rtol=1e-2, atol=1e-2)
    # all phases sum to 0, up to rounding: a constant comes out as 0 everywhere
    edge = nn.ConvTranspose2d(1, 1, (1, 6), (1, 4))
    edge.weight.data = torch.tensor([0.1, -0.7, 0, 0, -0.1, 0.7]).view(1, 1, 1, 6)
    assert audit(edge) == []
    # zeros, and weights without values, prove nothing
    nn.init.zeros_(layer.weight)
    assert kinds(audit(layer)) == [("", "checkerboard")]
    assert kinds(audit(nn.ConvTranspose2d(2, 2, 5, 3, device="meta"))) == [("", "checkerboard")]


def test_generators():
    assert audit(generator(4, 4, 2, 1), (2, 8, 1, 1)) == []
    assert kinds(audit(generator(4, 5, 2, 2, 1), (2, 8, 1, 1))) == [
        (str(i), "checkerboard") for i in (3, 6, 9)
    ]


@pytest.mark.parametrize("name", UPSAMPLERS)
@pytest.mark.parametrize("scale", [2, 3])
def test_our_blocks_are_clean(name, scale):
    block = nn.Sequential(nn.MaxPool2d(scale), upsampler(name, 2, 2, scale))
    assert audit(block, (1, 2, 4 * scale, 6 * scale)) == []


def test_present_weights_on_request():
    torch.manual_seed(0)
    model = nn.Sequential(
        nn.ConvTranspose2d(2, 2, 4, 2, 1), nn.Conv2d(2, 8, 3, padding=1), nn.PixelShuffle(2)
    )
    assert audit(model, (1, 2, 4, 4)) == []
    findings = audit(model, (1, 2, 4, 4), weights=True)
    assert kinds(findings) == [("0", "checkerboard"), ("2", "checkerboard")]
    assert re.search(r"answer a constant input \d+% differently", findings[0].reason)
    bilinear_(model[0].weight, 2)
    icnr_(model[1].weight, 2)
    assert audit(model, (1, 2, 4, 4), weights=True) == []


# --- interpolation ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("mode", ["bilinear", "bicubic"])
def test_align_corners(mode):
    assert kinds(audit(nn.Upsample(scale_factor=2, mode=mode, align_corners=True))) == [("", "alignment")]
    assert audit(nn.Upsample(scale_factor=2, mode=mode, align_corners=False)) == []
    assert audit(nn.Upsample(scale_factor=2, mode=mode)) == []
    assert kinds(audit(nn.UpsamplingBilinear2d(scale_factor=2))) == [("", "alignment")]  # torch's own default
    assert audit(nn.UpsamplingNearest2d(scale_factor=2)) == []


def test_nearest_by_a_fraction():
    (finding,) = audit(nn.Upsample(scale_factor=1.5))
    assert finding.kind == "checkerboard"
    assert finding.reason == "nearest upsampling by 1.5 repeats some pixels 1 times and others 2 times"
    assert audit(nn.Upsample(scale_factor=(2, 3))) == []
    assert audit(nn.Upsample(scale_factor=0.3)) == []  # downsampling repeats nothing
    assert audit(nn.Upsample(scale_factor=1.5, mode="bilinear")) == []
    # a size is judged when the model runs
    assert audit(nn.Upsample(size=8), (1, 1, 4, 4)) == []
    assert kinds(audit(nn.Upsample(size=9), (1, 1, 4, 4))) == [("", "checkerboard")]


def test_functions_called_in_forward_are_judged_on_a_run():
    grid = nn.Sequential(
        Call(lambda x: F.interpolate(x, scale_factor=2, mode="bilinear", align_corners=True))
    )
    assert audit(grid) == []
    assert kinds(audit(grid, (1, 1, 4, 4))) == [("0", "alignment")]
    assert audit(grid, (1, 1, 4, 4))[0].layer == "interpolate"
    weight = torch.rand(1, 1, 3, 3)
    stamped = Call(lambda x: F.conv_transpose2d(x, weight, stride=2))
    assert kinds(audit(stamped, (1, 1, 4, 4))) == [("", "checkerboard")]
    assert audit(Call(lambda x: F.conv_transpose2d(x, weight[..., :2, :2], stride=2)), (1, 1, 4, 4)) == []


# --- sizes --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "up", [lambda c: nn.ConvTranspose2d(c, c, 2, 2), lambda c: upsampler("bilinear_conv", c, c)]
)
def test_unet(up):
    assert audit(UNet(up), (1, 1, 32, 36)) == []
    # 34 → 17 → 8: the second pooling loses a row; torch.cat fails in the model's own forward
    findings = audit(UNet(up), (1, 1, 34, 32))
    assert kinds(findings) == [("pool", "size"), ("", "size")]
    assert "stride 2 does not divide its input size 17: 17 × 16 becomes 8 × 8" in findings[0].reason
    assert "on 36 × 32 the model loses none" in findings[0].suggestion
    assert "the run stops here: Sizes of tensors must match" in findings[1].reason
    # the first pooling loses a column
    assert "input size 33: 32 × 33 becomes 16 × 16" in audit(UNet(up), (1, 1, 32, 33))[0].reason


def test_models_that_fit_their_sizes_are_clean():
    assert audit(UNet(fit=True), (1, 1, 33, 35)) == []
    resized = nn.Sequential(nn.MaxPool2d(2), nn.Upsample(size=(33, 33), mode="bilinear"))
    assert audit(resized, (1, 1, 33, 33)) == []
    # k3 s2 p1: 33 → 17 → 33
    pair = nn.Sequential(nn.Conv2d(1, 1, 3, 2, 1), bilinear_like(nn.ConvTranspose2d(1, 1, 3, 2, 1)))
    assert audit(pair, (1, 1, 33, 33)) == []


def bilinear_like(layer):
    """Triangular taps ½, 1, ½: equal phases in spite of k = 3, so that only sizes are left to judge."""
    taps = torch.tensor([0.5, 1, 0.5])
    layer.weight.data = torch.outer(taps, taps)[None, None]
    return layer


def test_models_that_do_not_upsample_or_not_downsample_are_left_in_peace():
    classifier = nn.Sequential(
        nn.Conv2d(1, 2, 3, 2), nn.MaxPool2d(2), nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(2, 3)
    )
    assert audit(classifier, (1, 1, 31, 37)) == []
    assert audit(nn.Sequential(nn.Conv2d(1, 2, 3, 2), nn.MaxPool2d(3)), (1, 1, 31, 37)) == []
    assert audit(nn.ConvTranspose2d(1, 1, 4, 2, 1), (1, 1, 5, 5)) == []
    assert audit(nn.Sequential(nn.MaxPool2d(2), nn.PixelShuffle(2)), (1, 4, 6, 6)) == []


def test_autoencoders():
    def autoencoder(extra):
        return nn.Sequential(
            nn.Conv2d(1, 1, 3, 2, 1),
            nn.Conv2d(1, 1, 3, 2, 1),
            bilinear_like(nn.ConvTranspose2d(1, 1, 3, 2, 1, extra)),
            bilinear_like(nn.ConvTranspose2d(1, 1, 3, 2, 1, extra)),
        )

    assert audit(autoencoder(1), (1, 1, 32, 32)) == []
    # without output_padding 8 → 15 → 29: both transposed convolutions miss their level
    findings = audit(autoencoder(0), (1, 1, 32, 32))
    assert kinds(findings) == [("2", "size"), ("3", "size")]
    assert findings[0].reason == "it turns 8 × 8 into 15 × 15, where 16 × 16 was downsampled"
    assert findings[0].suggestion == "use padding=1, output_padding=1"
    # 30 → 15 → 8 → 16 → 32: the second convolution's size is odd, and the first level only inherits that
    findings = audit(autoencoder(1), (1, 1, 30, 32))
    assert kinds(findings) == [("1", "size")]
    assert "on 32 × 32 the model loses none" in findings[0].suggestion


def test_one_upsampling_for_several_levels():
    model = nn.Sequential(
        nn.Conv2d(1, 1, 3, 2, 1), nn.MaxPool2d(2), nn.Upsample(scale_factor=4, mode="bilinear")
    )
    assert audit(model, (1, 1, 32, 32)) == []
    # 34 → 17 → 8 → 32
    assert kinds(audit(model, (1, 1, 34, 32))) == [("1", "size")]


def test_shortcut_beside_a_strided_layer_is_one_level():
    class Residual(nn.Module):
        def __init__(self):
            super().__init__()
            self.body, self.shortcut = nn.Conv2d(1, 1, 3, 2, 1), nn.Conv2d(1, 1, 1, 2)

        def forward(self, x):
            return self.body(x) + self.shortcut(x)

    model = nn.Sequential(Residual(), Residual(), nn.Upsample(scale_factor=2), nn.Upsample(scale_factor=2))
    assert audit(model, (1, 1, 8, 8)) == []
    assert kinds(audit(model, (1, 1, 10, 8))) == [("1.body", "size")]


def test_max_unpooling():
    assert audit(SegNet(sizes=True), (1, 1, 5, 7)) == []
    assert audit(SegNet(sizes=False), (1, 1, 4, 6)) == []
    findings = audit(SegNet(sizes=False), (1, 1, 5, 7))
    assert findings[0].name == "unpool"
    assert findings[0].suggestion.startswith("pass output_size=(5, 7), the size before pooling")
    assert "its indices come from a map of 5 × 7, but it fills one of 4 × 6" in findings[0].reason
    assert audit(MaxUnpoolConv(2, 2)) == []  # nothing is known before a run


def test_other_failures_are_the_callers():
    with pytest.raises(RuntimeError, match="to have 1 channels"):
        audit(nn.Conv2d(1, 1, 3), (1, 2, 8, 8))
    with pytest.raises(TypeError, match=r"model must be a torch\.nn\.Module, got type"):
        audit(nn.Conv2d)


# --- the model is left as it was ----------------------------------------------------------------------------


def test_the_model_is_not_changed():
    model = generator(4, 5, 2, 2, 1)
    model[1].eval()
    before = {name: value.clone() for name, value in model.state_dict().items()}
    modes = [module.training for module in model.modules()]
    audit(model, (2, 8, 1, 1), weights=True)
    assert modes == [module.training for module in model.modules()]
    assert all(torch.equal(value, before[name]) for name, value in model.state_dict().items())
    assert not any(module._forward_hooks or module._forward_pre_hooks for module in model.modules())
    with pytest.raises(RuntimeError):
        audit(model, (2, 9, 1, 1))
    assert not any(module._forward_hooks or module._forward_pre_hooks for module in model.modules())
    assert modes == [module.training for module in model.modules()]


def test_findings_are_frozen():
    finding = Finding("a", "B", "size", "c", "d")
    assert str(finding) == "a (B): size: c; d"
    with pytest.raises(AttributeError):
        finding.name = "b"
