"""A walk through a U-Net: shapes and feature maps along the U, for several upsampling blocks."""

from __future__ import annotations

import base64
import json
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt
import traitlets

from upsample_lib.explorables.base import Drawing, Explorable, WholeNumber, joined
from upsample_lib.explorables.unet_stages import Maps, Stage, unet_stages

if TYPE_CHECKING:
    from upsample_lib.nn import UNet

LARGEST_DATA = 300_000  # bytes of a page
MOST_MAPS = 8  # of a stage, fewer where they are large
MOST_PIXELS = (18_000, 9_000, 4_500)  # of all kept maps of a stage: the first that the data allow
# what the prediction takes for the object and what it misses
_FALSE, _MISSED, _RIGHT, _BACKGROUND = (213, 94, 0), (0, 114, 178), (235, 235, 235), (24, 24, 24)


class UNetWalk(Explorable):
    """Shapes and feature maps along one or several U-Nets, and their predictions beside the truth.

    Each model is run once, here; the page gets its strongest feature maps in 8 bits. Traits: `upsampler`, the
    name of the model that is shown, and `stage`, the number of the stage in the order of computation.
    `shapes` are those of all stages, `maps` the kept feature maps of the present one and `channels` their
    numbers, `output` is the probability of the foreground and `iou` its overlap with the truth, cut at 1/2.

    Parameters
    ----------
    models
        Name → `UNet` with padding "same" and 1 or 2 classes; the names of the library's upsampling blocks are
        written in the reader's language.
    image
        (H, W) or (C, H, W), as the models expect it.
    truth
        (H, W); what is not 0 is foreground.

    Raises
    ------
    ValueError
        If the models, the image and the truth do not fit one another, or make more than 300 kB of data.

    >>> import torch
    >>> from upsample_lib.nn import UNet
    >>> _ = torch.manual_seed(0)
    >>> nets = {name: UNet(widths=(4, 8), upsampler=name) for name in ("transposed", "subpixel")}
    >>> e = UNetWalk(nets, image=np.eye(16), truth=np.eye(16))
    >>> e.shapes
    [(1, 16, 16), (4, 16, 16), (8, 8, 8), (4, 16, 16), (4, 16, 16), (1, 16, 16)]
    >>> e.stage = 2
    >>> e.maps.shape
    (8, 8, 8)
    """

    _esm = joined("grid.js", "explorable.js", "player.js", "unet_words.js", "unet_walk.js")
    _css = joined("explorables.css", "unet_walk.css")

    walk: traitlets.Dict[str, Any] = traitlets.Dict().tag(sync=True)
    upsampler = traitlets.Unicode().tag(sync=True)
    stage = WholeNumber(0).tag(sync=True)

    def __init__(
        self, models: Mapping[str, UNet], image: npt.ArrayLike, truth: npt.ArrayLike, **traits: Any
    ) -> None:
        given = np.asarray(image, np.float32)
        given = given[np.newaxis] if given.ndim == 2 else given
        mask = np.asarray(truth) != 0
        _check(models, given, mask)
        self._stages = {name: unet_stages(model, given) for name, model in models.items()}
        self._truth = mask
        for self._pixels in MOST_PIXELS:
            data = self._data(given)
            size = len(json.dumps(data))
            if size <= LARGEST_DATA:
                break
        else:
            raise ValueError(
                f"models, image and truth must make at most {LARGEST_DATA // 1000} kB of data, got "
                f"{size // 1000} kB: take a smaller image or fewer models"
            )
        traits.setdefault("upsampler", next(iter(models)))
        super().__init__(walk=data, **traits)

    def _data(self, image: Maps) -> dict[str, Any]:
        """What the page gets."""
        truth = self._truth
        return {
            "size": truth.shape,
            "image": _png(np.moveaxis(_levels(image), 0, -1) if len(image) == 3 else _levels(image[0])),
            "truth": _png(truth.astype(np.uint8) * 255),
            "models": [
                {"name": name, **_prediction_data(stages[-1].maps[0] > 0.5, truth)}
                | {"stages": [_stage_data(stage, self._pixels) for stage in stages]}
                for name, stages in self._stages.items()
            ],
        }

    @traitlets.default("name")
    def _default_name(self) -> str:
        return "unet-walk"

    @traitlets.validate("upsampler")
    def _known(self, proposal: Any) -> str:
        name = str(proposal["value"])
        if name not in self._stages:
            raise traitlets.TraitError(f"upsampler must be one of {', '.join(self._stages)}, got {name!r}")
        return name

    @traitlets.validate("stage")
    def _within_limits(self, proposal: Any) -> int:
        value, last = int(proposal["value"]), len(next(iter(self._stages.values()))) - 1
        if not 0 <= value <= last:
            raise traitlets.TraitError(f"stage must be from 0 to {last}, got {value}")
        return value

    @traitlets.observe("upsampler", "stage")
    def _new_poster(self, change: Any) -> None:
        if self.comm is not None:
            self._send_poster()

    @property
    def shapes(self) -> list[tuple[int, ...]]:
        """(C, H, W) of every stage of the model that is shown."""
        return [stage.maps.shape for stage in self._stages[self.upsampler]]

    @property
    def channels(self) -> list[int]:
        """The numbers of the feature maps of the present stage that are shown."""
        return kept_channels(self._stages[self.upsampler][self.stage].maps, self._pixels)

    @property
    def maps(self) -> Maps:
        """These feature maps, before they are rounded to 8 bits."""
        return self._stages[self.upsampler][self.stage].maps[self.channels]

    @property
    def output(self) -> Maps:
        """The probability of the foreground, (H, W)."""
        probability: Maps = self._stages[self.upsampler][-1].maps[0]
        return probability

    @property
    def iou(self) -> float:
        """Intersection over union of the truth and of the output above 1/2; 1 where both are empty."""
        return _iou(self.output > 0.5, self._truth)

    def draw_poster(self) -> str:
        stages = self._stages[self.upsampler]
        depth = max(stage.level for stage in stages)
        drawing = Drawing(cell=26)
        columns = {"input": 0.0, "encoder": 0.0, "up": 7.0, "decoder": 10.2, "head": 10.2}
        ends: list[tuple[float, float, float]] = []
        for stage in stages:
            side = 2.6 - 0.35 * stage.level
            top = 0.0 if stage.kind in ("input", "head") else 3.9 * (1 + stage.level)
            left = (4.0 if stage.level == depth else columns[stage.kind]) + (2.6 - side) / 2
            _picture(drawing, stage.maps[kept_channels(stage.maps, self._pixels)[0]], left, top, side)
            colour = {"input": "input", "up": "kernel", "head": "output"}.get(stage.kind, "ink")
            drawing.frame(left, top, side, side, colour)
            drawing.text("×".join(map(str, stage.maps.shape)), left + side / 2, top + side + 0.4, "ink")
            drawing.reach(left + side + 0.4, top + side + 0.8)
            if ends:
                _connect(drawing, ends[-1], (left, top, side))
            ends.append((left, top, side))
        return drawing.markup(f"U-Net, {self.upsampler}", [f"IoU = {self.iou:.2f}"])


def kept_channels(maps: Maps, pixels: int) -> list[int]:
    """The numbers of the feature maps with the largest spread, in their own order, `pixels` together."""
    channels, height, width = maps.shape
    count = min(channels, MOST_MAPS, max(1, pixels // (height * width)))
    spread = maps.reshape(channels, -1).std(axis=1)
    return sorted(np.argsort(-spread, kind="stable")[:count].tolist())


def _check(models: Mapping[str, UNet], image: Maps, truth: npt.NDArray[np.bool_]) -> None:
    if not models:
        raise ValueError("models must hold at least one U-Net, got none")
    if image.ndim != 3:
        raise ValueError(f"image must have the shape (H, W) or (C, H, W), got {image.shape}")
    if truth.shape != image.shape[1:]:
        raise ValueError(f"truth must have the image's shape {image.shape[1:]}, got {truth.shape}")
    if not np.isfinite(image).all():
        raise ValueError("image must hold finite numbers, got NaN or infinity")
    depths = set()
    for name, model in models.items():
        if model.padding != "same" or model.classes not in (1, 2):
            raise ValueError(
                f"models must have padding 'same' and 1 or 2 classes, got {model.padding!r} and "
                f"{model.classes} in {name!r}"
            )
        depths.add(model.depth)
    if len(depths) > 1:
        raise ValueError(f"models must all have the same depth, got {sorted(depths)}")


def _prediction_data(guess: npt.NDArray[np.bool_], truth: npt.NDArray[np.bool_]) -> dict[str, Any]:
    mistakes = np.empty((*truth.shape, 3), np.uint8)
    for colour, where in (
        (_RIGHT, guess & truth),
        (_BACKGROUND, ~guess & ~truth),
        (_FALSE, guess & ~truth),
        (_MISSED, ~guess & truth),
    ):
        mistakes[where] = colour
    return {"iou": _iou(guess, truth), "mistakes": _png(mistakes)}


def _stage_data(stage: Stage, pixels: int) -> dict[str, Any]:
    channels = kept_channels(stage.maps, pixels)
    kept = stage.maps[channels]
    # probabilities are shown as they are, everything else from its smallest to its largest value
    ranges = [(0.0, 1.0)] if stage.kind == "head" else [(float(m.min()), float(m.max())) for m in kept]
    levels = [_levels(one, *span) for one, span in zip(kept, ranges)]
    data: dict[str, Any] = {
        "kind": stage.kind,
        "level": stage.level,
        "shape": stage.maps.shape,
        "before": stage.before,
        "code": stage.code,
        "channels": channels,
        "ranges": [[float(f"{end:.6g}") for end in span] for span in ranges],
        "maps": _png(np.concatenate(levels, axis=1)),
    }
    return data | ({"layer": stage.layer} if stage.layer else {})


def _levels(values: Maps, low: float | None = None, high: float | None = None) -> npt.NDArray[np.uint8]:
    """`values` in 8 bits, `low` black and `high` white; a constant map is grey."""
    low = float(values.min()) if low is None else low
    high = float(values.max()) if high is None else high
    share = (values - low) / (high - low) if high > low else np.full(values.shape, 0.5)
    levels: npt.NDArray[np.uint8] = np.round(255 * share).astype(np.uint8)
    return levels


def _png(pixels: npt.NDArray[np.uint8]) -> str:
    from upsample_lib.figures.style import png  # pictures need matplotlib's company, other explorables do not

    return "data:image/png;base64," + base64.b64encode(png(pixels)).decode()


def _iou(guess: npt.NDArray[np.bool_], truth: npt.NDArray[np.bool_]) -> float:
    union = int((guess | truth).sum())
    return float((guess & truth).sum() / union) if union else 1.0


def _picture(drawing: Drawing, values: Maps, left: float, top: float, side: float) -> None:
    size = drawing.cell
    drawing.parts.append(
        f'<image href="{_png(_levels(values))}" x="{left * size:g}" y="{top * size:g}" '
        f'width="{side * size:g}" height="{side * size:g}" preserveAspectRatio="none" '
        'style="image-rendering:pixelated"/>'
    )


def _connect(drawing: Drawing, before: tuple[float, float, float], after: tuple[float, float, float]) -> None:
    """A line between two squares (left, top, side): downwards, upwards, or to the right."""
    (x1, y1, a), (x2, y2, b) = before, after
    if y2 > y1:
        ends = (x1 + a / 2, y1 + a + 0.8, x2 + b / 2, y2 - 0.1)
    elif y2 < y1:
        ends = (x1 + a / 2, y1 - 0.1, x2 + b / 2, y2 + b + 0.8)
    else:
        ends = (x1 + a + 0.1, y1 + a / 2, x2 - 0.1, y2 + b / 2)
    drawing.line(*ends, "zero", thick=1.5)
