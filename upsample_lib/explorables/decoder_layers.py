"""A trained decoder as plain data: what the browser runs, and the same run in NumPy.

A decoder becomes a list of a few kinds of step. Every convolution becomes a transposed one: a convolution of
stride 1 is one with a flipped kernel, and nearest + convolution is one with a larger kernel
(`upsample_lib.nn.equivalence`). Weights are stored as float16.
"""

import base64
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from upsample_lib.convolution import conv_transpose2d
from upsample_lib.subpixel import pixel_shuffle

if TYPE_CHECKING:
    from torch import nn

Step = dict[str, Any]
Floats = npt.NDArray[np.float32]
MOST_WEIGHTS = 100_000  # 200 kB as float16, 270 kB in base64
ALLOWED = (
    "Linear, Unflatten, ConvTranspose2d, Conv2d with stride 1, PixelShuffle, Transposed, NearestConv, "
    "Subpixel, Crop, ReLU and Sigmoid"
)


def serialised(decoder: "nn.Module") -> list[Step]:
    """Turn a decoder into steps that JSON can hold.

    Parameters
    ----------
    decoder : nn.Module
        Of Linear, Unflatten, ConvTranspose2d, Conv2d (stride 1), PixelShuffle, Transposed, NearestConv,
        Subpixel, Crop, ReLU and Sigmoid, one after another. It takes (N, 2) and answers (N, 1, H, W).

    Returns
    -------
    list of dict
        Kinds "linear", "shape", "transposed", "shuffle", "crop", "relu", "sigmoid".

    Raises
    ------
    TypeError
        For any other layer.
    ValueError
        If a layer has settings that cannot be carried over, or there are too many weights.

    Examples
    --------
    >>> from upsample_lib.nn import VAE
    >>> [step["kind"] for step in serialised(VAE(widths=(4, 8), size=7).decoder)]
    ['linear', 'relu', 'shape', 'transposed', 'relu', 'transposed', 'crop']
    """
    steps = [step for name, layer in _layers(decoder, "") for step in _steps(name, layer)]
    count = sum(parameter.numel() for parameter in decoder.parameters())
    if count > MOST_WEIGHTS:
        raise ValueError(f"decoder must have at most {MOST_WEIGHTS} weights to go into a page, got {count}")
    first = steps[0] if steps else {}
    if first.get("kind") != "linear" or first["in"] != 2:
        raise ValueError(
            "decoder must begin with a Linear layer that takes 2 numbers, "
            f"got {first.get('in', first.get('kind', 'no layer'))}"
        )
    shape = decoded(steps, np.zeros(2), check=True).shape
    if len(shape) != 3 or shape[0] != 1:
        raise ValueError(f"decoder must answer with one grey image (1, H, W), got the shape {shape}")
    return steps


def _layers(module: "nn.Module", name: str) -> list[tuple[str, "nn.Module"]]:
    """The layers in order, with the names they have in the decoder; containers are opened."""
    from torch import nn

    if not isinstance(module, nn.Sequential):
        return [(name, module)]
    inner = ((f"{name}.{key}".strip("."), child) for key, child in module.named_children())
    return [found for key, child in inner for found in _layers(child, key)]


def _steps(name: str, layer: "nn.Module") -> list[Step]:
    from torch import nn

    from upsample_lib.nn import Crop, NearestConv, Subpixel, Transposed
    from upsample_lib.nn.equivalence import transposed_from_nearest_conv

    if isinstance(layer, Transposed):
        return [_transposed(name, layer.conv)]
    if isinstance(layer, NearestConv):
        return [_transposed(name, transposed_from_nearest_conv(layer))]
    if isinstance(layer, Subpixel):
        return [*_steps(f"{name}.conv", layer.conv), *_steps(f"{name}.shuffle", layer.shuffle)]
    if isinstance(layer, nn.ConvTranspose2d):
        return [_transposed(name, layer)]
    if isinstance(layer, nn.Conv2d):
        return [_transposed(name, _as_transposed(layer))]
    if isinstance(layer, nn.Linear):
        step = {"kind": "linear", "in": layer.in_features, "out": layer.out_features}
        return [step | _stored(layer.weight, layer.bias, layer.out_features)]
    if isinstance(layer, nn.Unflatten) and layer.dim == 1:
        return [{"kind": "shape", "size": [int(n) for n in layer.unflattened_size]}]
    if isinstance(layer, nn.PixelShuffle):
        return [{"kind": "shuffle", "scale": layer.upscale_factor}]
    if isinstance(layer, Crop):
        return [{"kind": "crop", "size": list(layer.size)}]
    if isinstance(layer, nn.ReLU):
        return [{"kind": "relu"}]
    if isinstance(layer, nn.Sigmoid):
        return [{"kind": "sigmoid"}]
    raise TypeError(f"decoder must be made of {ALLOWED}; layer {name!r} is {type(layer).__name__}")


def _as_transposed(layer: "nn.Conv2d") -> "nn.ConvTranspose2d":
    """The same numbers: nearest upsampling by 1 does nothing."""
    from torch import nn

    from upsample_lib.nn.equivalence import transposed_from_nearest_conv

    return transposed_from_nearest_conv(nn.Sequential(nn.Upsample(scale_factor=1), layer))


def _transposed(name: str, layer: "nn.ConvTranspose2d") -> Step:
    if layer.groups != 1 or tuple(layer.dilation) != (1, 1):
        raise ValueError(
            f"decoder must have transposed convolutions with groups and dilation 1; "
            f"layer {name!r} has groups {layer.groups} and dilation {layer.dilation}"
        )
    sizes = {
        "kernel": list(layer.kernel_size),
        "stride": list(layer.stride),
        "padding": [int(p) for p in layer.padding],
        "extra": list(layer.output_padding),
        "in": layer.in_channels,
        "out": layer.out_channels,
    }
    return {"kind": "transposed"} | sizes | _stored(layer.weight, layer.bias, layer.out_channels)


def _stored(weight: Any, bias: Any, outputs: int) -> Step:
    values = weight.detach().cpu().numpy()
    added = np.zeros(outputs) if bias is None else bias.detach().cpu().numpy()
    return {"weight": packed(values), "bias": packed(added)}


def packed(values: npt.ArrayLike) -> str:
    """Numbers as base64 of little-endian float16."""
    with np.errstate(over="ignore"):
        short = np.asarray(values).astype("<f2")
    if not np.isfinite(short).all():
        raise ValueError("decoder must have finite weights from −65504 to 65504")
    return base64.b64encode(short.tobytes()).decode("ascii")


def unpacked(text: str) -> Floats:
    """What `packed` stored.

    >>> unpacked(packed([0.5, -2])).tolist()
    [0.5, -2.0]
    """
    return np.frombuffer(base64.b64decode(text), "<f2").astype(np.float32)


def decoded(steps: Sequence[Step], z: npt.ArrayLike, check: bool = False) -> Floats:
    """Run the steps on one latent vector, in NumPy; `check` turns misfits into a ValueError.

    >>> linear = {"kind": "linear", "in": 2, "out": 1, "weight": packed([1, 2]), "bias": packed([3])}
    >>> decoded([linear, {"kind": "relu"}], [10, 1]).tolist()
    [15.0]
    """
    y = np.asarray(z, dtype=np.float32)
    for number, step in enumerate(steps):
        try:
            y = _applied(step, y)
        except (ValueError, IndexError) as error:
            if not check:
                raise
            raise ValueError(
                f"decoder must hand each layer what it takes; step {number} ({step['kind']}) got {y.shape}"
            ) from error
    return y


def _applied(step: Step, y: Floats) -> Floats:
    kind = step["kind"]
    if kind == "linear":
        return np.asarray(unpacked(step["weight"]).reshape(step["out"], -1) @ y + unpacked(step["bias"]))
    if kind == "shape":
        return y.reshape(step["size"])
    if kind == "shuffle":
        return np.asarray(pixel_shuffle(y, step["scale"]))
    if kind == "crop":
        return y[:, : step["size"][0], : step["size"][1]]
    if kind == "relu":
        return np.maximum(y, 0)
    if kind == "sigmoid":
        return np.asarray(1 / (1 + np.exp(-y)), dtype=np.float32)
    weight = unpacked(step["weight"]).reshape(step["in"], step["out"], *step["kernel"])
    found = conv_transpose2d(
        y[np.newaxis], weight, unpacked(step["bias"]), step["stride"], step["padding"], step["extra"]
    )
    image: Floats = found[0].astype(np.float32)
    return image
