"""What the converters read from a layer: its convolution, its scale, and all that it pads and crops."""

from typing import Any

from torch import nn

from upsample_lib.nn._stamp import Pair, each
from upsample_lib.nn.blocks import NearestConv, Subpixel, Transposed
from upsample_lib.nn.shuffled_conv import Ends, ShuffledConv


def transposed_parts(layer: Any) -> nn.ConvTranspose2d:
    source = layer.conv if isinstance(layer, Transposed) else layer
    if not isinstance(source, nn.ConvTranspose2d):
        raise TypeError(f"layer must be a ConvTranspose2d or a Transposed block, got {type(layer).__name__}")
    return source


def subpixel_parts(layer: nn.Module) -> tuple[nn.Conv2d, int, Ends, Ends]:
    """The convolution, the scale, all padding and the crop."""
    none: Ends = ((0, 0), (0, 0))
    pad = crop = none
    if isinstance(layer, ShuffledConv):
        conv, shuffle, pad, crop = layer.conv, layer.shuffle, layer.pad, layer.crop
    elif isinstance(layer, Subpixel):
        conv, shuffle = layer.conv, layer.shuffle
    else:
        parts: list[Any] = list(layer) if isinstance(layer, nn.Sequential) else []
        if [type(part) for part in parts] != [nn.Conv2d, nn.PixelShuffle]:
            raise TypeError(
                "layer must be a Subpixel block, a ShuffledConv or a Sequential of Conv2d and PixelShuffle, "
                f"got {type(layer).__name__}"
            )
        conv, shuffle = parts
    return conv, shuffle.upscale_factor, _both_paddings(pad, conv), crop


def nearest_conv_parts(layer: nn.Module) -> tuple[nn.Conv2d, Pair, Ends]:
    """The convolution, the scales and all padding."""
    parts: list[Any] = []
    if isinstance(layer, NearestConv):
        parts = [layer.resize, layer.conv]
    elif isinstance(layer, nn.Sequential):
        parts = list(layer)
    names = [type(part).__name__ for part in parts]
    if names not in (["Upsample", "Conv2d"], ["Upsample", "ZeroPad2d", "Conv2d"]):
        raise TypeError(
            "layer must be a NearestConv block or a Sequential of Upsample and Conv2d, "
            f"got {type(layer).__name__}" + (f" of {', '.join(names)}" if names else "")
        )
    resize, conv = parts[0], parts[-1]
    if resize.mode not in ("nearest", "nearest-exact"):
        raise ValueError(f"layer must upsample with mode nearest, got {resize.mode}")
    factors = resize.scale_factor if isinstance(resize.scale_factor, tuple) else (resize.scale_factor,) * 2
    if len(factors) != 2 or any(f is None or f < 1 or f != int(f) for f in factors):
        raise ValueError(f"layer must upsample by whole numbers ≥ 1, got scale_factor {resize.scale_factor}")
    left, right, top, bottom = parts[1].padding if len(parts) == 3 else (0, 0, 0, 0)
    pad = _both_paddings(((top, bottom), (left, right)), conv)
    return conv, (int(factors[0]), int(factors[1])), pad


def _both_paddings(first: Ends, conv: nn.Conv2d) -> Ends:
    """What `first` and then the convolution itself add at each end."""
    own = _padding(conv)
    for extra, more in zip(first, own):
        if any(e < 0 < m for e, m in zip(extra, more)):
            raise ValueError(f"layer must not crop an end and then pad it again, got {first} and {own}")
    rows, columns = (tuple(e + m for e, m in zip(*ends)) for ends in zip(first, own))
    return (rows[0], rows[1]), (columns[0], columns[1])


def _padding(conv: nn.Conv2d) -> Ends:
    """(top, bottom), (left, right) of a convolution that a converter can read."""
    if conv.padding_mode != "zeros":
        raise ValueError(f"layer must pad with zeros, got padding_mode {conv.padding_mode!r}")
    if conv.stride != (1, 1):
        raise ValueError(f"layer must convolve with stride 1, got {conv.stride}")
    if conv.padding == "valid":
        return (0, 0), (0, 0)
    if conv.padding == "same":
        # torch puts the odd one at the end
        total = each(lambda d, k: d * (k - 1), (conv.dilation[0], conv.dilation[1]), conv.weight.shape[2:])  # type: ignore[arg-type]
        return (total[0] // 2, total[0] - total[0] // 2), (total[1] // 2, total[1] - total[1] // 2)
    rows, columns = (int(p) for p in conv.padding)
    return (rows, rows), (columns, columns)
