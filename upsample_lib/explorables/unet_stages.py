"""What a U-Net computes on the way from an image to its prediction, stage by stage."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

if TYPE_CHECKING:  # the explorables are imported without torch
    from torch import Tensor, nn

    from upsample_lib.nn import UNet

Maps = npt.NDArray[np.float32]


@dataclass(frozen=True)
class Stage:
    """One stage: "input", "encoder", "up", "decoder" or "head", its level, its output and the code for it.

    `maps` has the shape (C, H, W), `before` counts the channels that came in, `layer` spells an upsampling
    block out.
    """

    kind: str
    level: int
    maps: Maps
    before: int
    code: str
    layer: str = ""


def unet_stages(model: UNet, image: Maps) -> list[Stage]:
    """The stages of `model`, in the order of computation, for an image (C, H, W).

    The last one is the foreground's probability, shape (1, H, W).
    """
    import torch

    outputs: dict[nn.Module, Tensor] = {}

    def keep(module: nn.Module, _: Any, output: Tensor) -> None:
        outputs[module] = output[0]

    watched = [*model.encoder, *model.up, *model.decoder]
    hooks = [module.register_forward_hook(keep) for module in watched]
    training = model.training
    try:
        model.eval()
        with torch.no_grad():
            parameter = next(model.parameters())
            given = torch.as_tensor(image, dtype=parameter.dtype, device=parameter.device)
            logits = model(given[None])[0]
    finally:
        model.train(training)
        for hook in hooks:
            hook.remove()
    probability = logits.sigmoid() if len(logits) == 1 else logits.softmax(dim=0)[1:]
    maps = {module: output.float().cpu().numpy() for module, output in outputs.items()}
    foreground = "logits.sigmoid()" if len(logits) == 1 else "logits.softmax(dim=1)[:, 1]"

    stages = [Stage("input", 0, np.asarray(image, np.float32), len(image), "x = image[None]")]
    for level, module in enumerate(model.encoder):
        given_to = "F.max_pool2d(x, 2)" if level else "x"
        stages.append(
            Stage(
                "encoder", level, maps[module], len(stages[-1].maps), f"x = self.encoder[{level}]({given_to})"
            )
        )
    for level in reversed(range(model.depth)):
        grown, fused = model.up[level], model.decoder[level]
        before = len(stages[-1].maps)
        stages.append(
            Stage("up", level, maps[grown], before, f"x = self.up[{level}](x)", written_layer(grown))
        )
        joined = len(maps[grown]) + len(maps[model.encoder[level]])
        code = f"x = self.decoder[{level}](torch.cat([skips[{level}], x], dim=1))"
        stages.append(Stage("decoder", level, maps[fused], joined, code))
    before = len(stages[-1].maps)
    stages.append(
        Stage(
            "head",
            0,
            probability.float().cpu().numpy(),
            before,
            f"logits = self.head(x)\n{foreground}",
        )
    )
    return stages


def written_layer(block: nn.Module) -> str:
    """An upsampling block in PyTorch's own layers, as one would type it."""
    from torch import nn

    written = []
    for layer in block.children():
        if isinstance(layer, (nn.Conv2d, nn.ConvTranspose2d)):
            text = (
                f"nn.{type(layer).__name__}({layer.in_channels}, {layer.out_channels}, {layer.kernel_size[0]}"
            )
            for name in ("stride", "padding", "output_padding"):
                value = getattr(layer, name)
                if isinstance(value, tuple) and value[0] != (1 if name == "stride" else 0):
                    text += f", {name}={value[0]}"
            written.append(text + ")")
        elif isinstance(layer, nn.Upsample):
            mode = "" if layer.mode == "nearest" else f', mode="{layer.mode}"'
            written.append(f"nn.Upsample(scale_factor={layer.scale_factor:g}{mode})")
        elif isinstance(layer, nn.PixelShuffle):
            written.append(f"nn.PixelShuffle({layer.upscale_factor})")
        else:
            written.append(type(layer).__name__)
    return ", ".join(written) or type(block).__name__
