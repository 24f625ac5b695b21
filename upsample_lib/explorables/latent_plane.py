"""The latent plane of a trained decoder: a point is dragged, and the decoder runs in the browser."""

import math
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt
import traitlets

from upsample_lib.explorables.base import COLOURS, Explorable, NumberGrid, joined
from upsample_lib.explorables.decoder_layers import decoded, packed, serialised

if TYPE_CHECKING:
    from torch import nn

MOST_POINTS, MOST_CLASSES = 4000, 10
NEIGHBOURS = 20
# P. Tol's "muted" scheme, made for colour-blind readers; numbers on the plane say the same without colour
CLASS_COLOURS = (
    "#332288", "#88CCEE", "#44AA99", "#117733", "#999933",
    "#DDCC77", "#CC6677", "#882255", "#AA4499", "#888888",
)  # fmt: skip
Name = str | Mapping[str, str]


class LatentPlane(Explorable):
    """A decoder that takes two numbers, and the plane of all that it can draw.

    Parameters
    ----------
    decoder : nn.Module
        (N, 2) → (N, 1, H, W), values 0 … 1, made of the layers that `decoder_layers.serialised` names. Its
        weights are stored as float16; what is shown is what these weights give.
    points : array_like, shape (n, 2), optional
        Where an encoder put images; at most 4000.
    labels : array_like of int, shape (n,), optional
        The class of each point, 0 … 9.
    names : sequence, optional
        A name for each class: text, or {"ru": …, "en": …}; by default its number.
    **traits
        `z`, the point, two numbers from −`extent` to `extent`; `view`, "points" or "images" (the plane
        covered with decoded pictures); `name`, under which links find it.

    Notes
    -----
    `output` is the picture at `z`, `nearest` the number of images of each class among the 20 nearest points.

    Examples
    --------
    >>> from torch import nn
    >>> decoder = nn.Sequential(nn.Linear(2, 4), nn.Sigmoid(), nn.Unflatten(1, (1, 2, 2)))
    >>> e = LatentPlane(decoder, points=[[0, 1], [1, 0]], labels=[0, 1])
    >>> e.z = [0.5, -1]
    >>> e.output.shape, e.extent
    ((2, 2), 1.0)
    """

    _esm = joined("grid.js", "explorable.js", "latent_decoder.js", "latent_plane.js")
    _css = joined("explorables.css", "latent_plane.css")

    z = NumberGrid(axes=1, longest=2, shortest=2)
    view = traitlets.Enum(("points", "images"), "points").tag(sync=True)
    extent = traitlets.Float(3.0, read_only=True).tag(sync=True)
    data = traitlets.Dict(read_only=True).tag(sync=True)

    def __init__(
        self,
        decoder: "nn.Module",
        points: npt.ArrayLike | None = None,
        labels: npt.ArrayLike | None = None,
        names: Sequence[Name] | None = None,
        **traits: Any,
    ) -> None:
        steps = serialised(decoder)
        where = _points(points)
        classes = _labels(labels, len(where))
        self.points, self.labels = where, classes
        extent = _extent(where)
        height, width = decoded(steps, np.zeros(2)).shape[1:]
        data = {
            "steps": steps,
            "size": [height, width],
            "points": packed(where),
            "labels": "".join(map(str, classes)),
            "names": _names(names, classes),
            "colours": list(CLASS_COLOURS),
        }
        # before the others, which are compared with them
        self.set_trait("extent", extent)
        self.set_trait("data", data)
        super().__init__(**traits)

    @traitlets.default("name")
    def _default_name(self) -> str:
        return "latent"

    @traitlets.default("z")
    def _default_z(self) -> np.ndarray:
        return np.zeros(2)

    @traitlets.validate("z")
    def _within_the_plane(self, proposal: Any) -> np.ndarray:
        z: np.ndarray = proposal["value"]
        if not (np.abs(z) <= self.extent).all():
            raise traitlets.TraitError(
                f"z must hold numbers from −{self.extent:g} to {self.extent:g}, got {z.tolist()}"
            )
        return z

    @traitlets.observe("z", "view")
    def _new_poster(self, change: Any) -> None:
        if self.comm is not None:
            self._send_poster()

    @property
    def output(self) -> npt.NDArray[np.float32]:
        """What the stored decoder draws at `z`, shape (H, W), computed by the library in NumPy."""
        image: npt.NDArray[np.float32] = decoded(self.data["steps"], self.z)[0]
        return image

    @property
    def nearest(self) -> dict[int, int]:
        """How many of the nearest points (20, or all if there are fewer) each class has, most first."""
        distance = ((self.points - self.z) ** 2).sum(axis=1)
        found = self.labels[np.argsort(distance, kind="stable")[:NEIGHBOURS]]
        counts = np.bincount(found) if len(found) else np.zeros(0, int)
        return {int(c): int(counts[c]) for c in np.argsort(-counts, kind="stable") if counts[c]}

    def draw_poster(self) -> str:
        side, gap = 300, 24
        scale = side / (2 * self.extent)

        def at(point: Any) -> str:
            return f"{side / 2 + scale * point[0]:.0f} {side / 2 - scale * point[1]:.0f}"

        ink, paper = COLOURS["ink"], COLOURS["paper"]
        parts = [f'<rect width="{side}" height="{side}" style="fill:none;stroke:{ink};stroke-opacity:.3"/>']
        every = max(1, len(self.points) // 600)
        for label in np.unique(self.labels):
            dots = "".join(f"M{at(point)}h0" for point in self.points[self.labels == label][::every])
            parts.append(
                f'<path d="{dots}" style="stroke:{CLASS_COLOURS[label]};stroke-width:5;'
                'stroke-linecap:round"/>'
            )
        x, y = at(self.z).split()
        parts.append(
            f'<circle cx="{x}" cy="{y}" r="9" style="fill:{paper};stroke:{COLOURS["input"]};stroke-width:4"/>'
        )
        image = self.output
        pixel = side / max(image.shape)
        levels = np.round(np.clip(image, 0, 1) * 15).astype(int)
        parts.append(f'<rect x="{side + gap}" width="{side}" height="{side}" style="fill:#000"/>')
        for level in range(1, 16):
            squares = "".join(
                f"M{side + gap + column * pixel:.1f} {row * pixel:.1f}h{pixel:.1f}v{pixel:.1f}h-{pixel:.1f}z"
                for row, column in np.argwhere(levels == level)
            )
            if squares:
                grey = 17 * level
                parts.append(f'<path d="{squares}" style="fill:rgb({grey},{grey},{grey})"/>')
        label = f"z = ({self.z[0]:g}, {self.z[1]:g})".replace("-", "−")
        return (
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="-2 -2 {2 * side + gap + 4} {side + 4}" '
            f'width="{2 * side + gap + 4}" height="{side + 4}" role="img" aria-label="{label}" '
            f'style="max-width:100%;height:auto">{"".join(parts)}</svg>'
        )


def _points(points: npt.ArrayLike | None) -> npt.NDArray[np.float64]:
    where = np.zeros((0, 2)) if points is None else np.asarray(points, dtype=np.float64)
    if where.ndim != 2 or where.shape[1] != 2 or len(where) > MOST_POINTS:
        raise ValueError(f"points must have the shape (n, 2) with n ≤ {MOST_POINTS}, got {where.shape}")
    if not np.isfinite(where).all():
        raise ValueError("points must be finite")
    # as they are stored, so that Python and the browser measure the same distances
    return where.astype("<f2").astype(np.float64)


def _labels(labels: npt.ArrayLike | None, count: int) -> npt.NDArray[np.int64]:
    found = np.zeros(count, np.int64) if labels is None else np.asarray(labels)
    if found.shape != (count,) or not np.issubdtype(found.dtype, np.integer):
        raise ValueError(
            f"labels must be {count} integers, one for each point, got {found.dtype} {found.shape}"
        )
    if count and not 0 <= found.min() <= found.max() < MOST_CLASSES:
        raise ValueError(f"labels must be from 0 to {MOST_CLASSES - 1}, got {found.min()} … {found.max()}")
    return found.astype(np.int64)


def _names(names: Sequence[Name] | None, labels: npt.NDArray[np.int64]) -> list[dict[str, str]]:
    count = int(labels.max()) + 1 if len(labels) else 0
    if names is None:
        names = [str(label) for label in range(count)]
    if len(names) < count:
        raise ValueError(f"names must hold one for each of the {count} classes, got {len(names)}")
    return [{"ru": name, "en": name} if isinstance(name, str) else dict(name) for name in names[:count]]


def _extent(points: npt.NDArray[np.float64]) -> float:
    """Half the side of the plane: all but the outermost of the points, in steps of a half."""
    if not len(points):
        return 3.0
    return max(1.0, math.ceil(2 * float(np.quantile(np.abs(points).max(axis=1), 0.995))) / 2)
