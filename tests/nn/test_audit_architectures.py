"""The audit on architectures as people build them: silent on sizes that work, the right layer on others."""

import pytest
import torch
from torch import nn
from torch.nn import functional as F

from upsample_lib.nn import audit


def names(findings):
    return [finding.name for finding in findings]


class ValidUNet(nn.Module):
    """The original U-Net: convolutions without padding, skip connections cropped."""

    def __init__(self):
        super().__init__()
        self.down = nn.ModuleList(nn.Sequential(nn.Conv2d(i, 1, 3), nn.Conv2d(1, 1, 3)) for i in [1] * 5)
        self.pools = nn.ModuleList(nn.MaxPool2d(2) for _ in range(4))
        self.up = nn.ModuleList(nn.ConvTranspose2d(1, 1, 2, 2) for _ in range(4))
        self.merge = nn.ModuleList(nn.Sequential(nn.Conv2d(2, 1, 3), nn.Conv2d(1, 1, 3)) for _ in range(4))

    def forward(self, x):
        skips = []
        for block, pool in zip(self.down, self.pools):
            skips.append(block(x))
            x = pool(skips[-1])
        x = self.down[4](x)
        for up, merge in zip(self.up, self.merge):
            x, skip = up(x), skips.pop()
            top, left = ((skip.shape[d] - x.shape[d]) // 2 for d in (2, 3))
            x = merge(torch.cat([skip[..., top : top + x.shape[2], left : left + x.shape[3]], x], dim=1))
        return x


def test_original_unet():
    assert audit(ValidUNet(), (1, 1, 572, 572)) == []
    # 570: 566, 279, 135, 63 are pooled; 566 is even
    assert sorted(names(audit(ValidUNet(), (1, 1, 570, 572)))) == ["pools.1", "pools.2", "pools.3"]


class ResizedToSkips(nn.Module):
    """A strided encoder; the decoder interpolates to the size of each skip connection."""

    def __init__(self, mode):
        super().__init__()
        self.stem, self.pool = nn.Conv2d(3, 4, 7, 2, 3), nn.MaxPool2d(3, 2, 1)
        self.mode = mode

    def forward(self, x):
        a = self.stem(x)
        y = F.interpolate(self.pool(a), size=a.shape[2:], mode=self.mode) + a
        return {"logits": F.interpolate(y, size=x.shape[2:], mode=self.mode)}


@pytest.mark.parametrize("mode", ["bilinear", "nearest"])
@pytest.mark.parametrize("n", [64, 65, 67, 70])
def test_decoder_that_resizes_to_its_skips_is_clean(mode, n):
    assert audit(ResizedToSkips(mode), (1, 3, n, n)) == []


class ImagePooling(nn.Module):
    """A dilated encoder, a global average given back to all positions, output at 1/4 of the size."""

    def __init__(self):
        super().__init__()
        self.encoder = nn.Sequential(
            nn.Conv2d(3, 4, 3, 2, 1), nn.Conv2d(4, 4, 3, 2, 1), nn.Conv2d(4, 4, 3, 2, 1)
        )

    def forward(self, x):
        y = self.encoder(x)
        y = y + F.interpolate(F.adaptive_avg_pool2d(y, 1), size=y.shape[2:], mode="bilinear")
        return F.interpolate(y, scale_factor=2, mode="bilinear")


@pytest.mark.parametrize("n", [64, 65, 71])
def test_output_that_stays_smaller_is_left_in_peace(n):
    assert audit(ImagePooling(), (1, 3, n, n)) == []


class DiffusionUNet(nn.Module):
    """Strided 3 × 3 convolutions down, nearest upsampling and 3 × 3 convolutions up."""

    def __init__(self):
        super().__init__()
        self.first = nn.Conv2d(3, 2, 3, padding=1)
        self.down = nn.ModuleList(nn.Conv2d(2, 2, 3, 2, 1) for _ in range(3))
        self.up = nn.ModuleList(nn.Conv2d(4, 2, 3, padding=1) for _ in range(3))

    def forward(self, x):
        maps = [self.first(x)]
        for down in self.down:
            maps.append(down(maps[-1]))
        x = maps.pop()
        for up in self.up:
            x = up(torch.cat([F.interpolate(x, scale_factor=2.0, mode="nearest"), maps.pop()], dim=1))
        return x


def test_diffusion_unet():
    assert audit(DiffusionUNet(), (1, 3, 64, 40)) == []
    findings = audit(DiffusionUNet(), (1, 3, 60, 64))  # 60 → 30 → 15 → 8
    assert names(findings) == ["down.2", ""]
    assert "on 64 × 64 the model loses none" in findings[0].suggestion


class VAE(nn.Module):
    def __init__(self):
        super().__init__()
        self.encoder = nn.Sequential(
            nn.Conv2d(1, 2, 4, 2, 1), nn.Conv2d(2, 2, 4, 2, 1), nn.Flatten(), nn.Linear(98, 2)
        )
        self.expand = nn.Linear(2, 98)
        self.decoder = nn.Sequential(nn.ConvTranspose2d(2, 2, 4, 2, 1), nn.ConvTranspose2d(2, 1, 4, 2, 1))

    def forward(self, x):
        z = self.encoder(x)
        return self.decoder(self.expand(z).view(-1, 2, 7, 7)), z


def test_vae():
    assert audit(VAE(), (1, 1, 28, 28)) == []
    with pytest.raises(RuntimeError, match="shapes cannot be multiplied"):
        audit(VAE(), (1, 1, 32, 32))  # no matter of upsampling: the model's own error


def test_super_resolution_and_discriminator():
    shuffles = [nn.Conv2d(3, 12, 3, padding=1), nn.PixelShuffle(2)] * 2
    assert audit(nn.Sequential(*shuffles), (1, 3, 17, 19)) == []
    unshuffled = nn.Sequential(nn.PixelUnshuffle(2), nn.Conv2d(12, 12, 3, padding=1), nn.PixelShuffle(2))
    assert audit(unshuffled, (1, 3, 16, 18)) == []
    discriminator = nn.Sequential(*[nn.Conv2d(3, 3, 4, 2, 1) for _ in range(4)], nn.Conv2d(3, 1, 4))
    assert audit(discriminator, (1, 3, 70, 64)) == []


def test_bottleneck_of_one_position_is_a_level():
    layers = [nn.Conv2d(1, 1, 4, 2, 1) for _ in range(3)] + [
        nn.ConvTranspose2d(1, 1, 4, 2, 1) for _ in range(3)
    ]
    assert audit(nn.Sequential(*layers), (1, 1, 8, 8)) == []
    assert names(audit(nn.Sequential(*layers), (1, 1, 10, 8))) == ["1"]  # 10 → 5 → 2 → 1


@pytest.mark.parametrize(
    ("down", "up"),
    [(nn.Conv1d, nn.ConvTranspose1d), (nn.Conv2d, nn.ConvTranspose2d), (nn.Conv3d, nn.ConvTranspose3d)],
)
def test_any_number_of_axes(down, up):
    axes = int(down.__name__[-2])
    model = nn.Sequential(down(1, 1, 4, 2, 1), up(1, 1, 4, 2, 1))
    assert audit(model, (1, 1, *[8] * axes)) == []
    assert names(audit(model, (1, 1, *[9] * axes))) == ["0"]


def test_stride_on_one_axis():
    model = nn.Sequential(nn.Conv2d(1, 2, 3, (2, 1), 1), nn.ConvTranspose2d(2, 1, (4, 3), (2, 1), 1))
    assert audit(model, (1, 1, 8, 9)) == []
    assert names(audit(model, (1, 1, 9, 9))) == ["0"]
