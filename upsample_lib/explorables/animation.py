"""An operation step by step, to be played, paused, stepped through and printed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import traitlets

from upsample_lib.explorables.base import Explorable, WholeNumber, joined

if TYPE_CHECKING:  # pictures need matplotlib, which the other explorables do without
    from upsample_lib.figures.clips import Clip, Frame

PRINTED_FRAMES = 4


class Animation(Explorable):
    """Plays one clip, or several that the reader chooses from.

    Traits: `clip` is the number of the clip that is shown, `frame` that of its frame, `seconds` how long a
    frame stays, `autoplay` whether it plays by itself while in view (never where less motion was asked for).

    >>> from upsample_lib.figures import animations
    >>> e = Animation(animations.transposed([[1, 2]], [[3, 4]], stride=2))
    >>> e.frame, e.frame_count
    (4, 5)
    """

    _esm = joined("grid.js", "player.js", "animation.js")

    clips: traitlets.List[Any] = traitlets.List().tag(sync=True)
    clip = WholeNumber(0).tag(sync=True)
    frame = WholeNumber(0).tag(sync=True)
    seconds = traitlets.Float(0.9).tag(sync=True)
    autoplay = traitlets.Bool(False).tag(sync=True)

    def __init__(self, *clips: Clip, **traits: Any) -> None:
        if not clips:
            raise ValueError("an animation must have at least one clip, got none")
        self._drawings = clips
        data = [data_of(clip) for clip in clips]
        shown = traits.get("clip", 0)
        if shown in range(len(data)) and not traits.get("autoplay"):
            # a picture at rest shows the result; one that plays begins at the beginning
            traits.setdefault("frame", len(data[shown]["frames"]) - 1)
        super().__init__(clips=data, **traits)

    @property
    def frame_count(self) -> int:
        """Number of frames of the clip that is shown."""
        return len(self._drawings[self.clip].frames)

    @traitlets.default("name")
    def _default_name(self) -> str:
        return "animation"

    @traitlets.validate("clip", "frame", "seconds")
    def _within_limits(self, proposal: Any) -> Any:
        name, value = proposal["trait"].name, proposal["value"]
        lowest, highest = {
            "clip": (0, len(self._drawings) - 1),
            "frame": (0, max(len(clip.frames) for clip in self._drawings) - 1),
            "seconds": (0.05, 10),
        }[name]
        if not lowest <= value <= highest:
            raise traitlets.TraitError(f"{name} must be from {lowest:g} to {highest:g}, got {value:g}")
        return value

    @traitlets.observe("clip")
    def _keep_possible(self, change: Any) -> None:
        self.frame = min(self.frame, self.frame_count - 1)

    def draw_poster(self) -> str:
        from upsample_lib.figures.animation_files import strip_svg

        return strip_svg(*self._drawings, most=PRINTED_FRAMES, across=34)


def data_of(clip: Clip) -> dict[str, Any]:
    """What the browser needs: the sizes of the panels, and for each frame only the cells that changed."""
    before: dict[tuple[int, int], tuple[str, str, str]] = {}
    frames = []
    for frame in clip.frames:
        cells = [
            (panel, at, cell)
            for panel, grid in enumerate(frame.grids)
            for at, cell in enumerate(
                (str(text), str(look), str(badge))
                for text, look, badge in zip(grid.texts.ravel(), grid.looks.ravel(), grid.badges.ravel())
            )
        ]
        changed = [[panel, at, *cell] for panel, at, cell in cells if before.get((panel, at)) != cell]
        before = {(panel, at): cell for panel, at, cell in cells}
        frames.append({"cells": [_short(cell) for cell in changed]} | _around(frame))
    return {
        "title": clip.title,
        "columns": clip.columns,
        "sizes": [grid.texts.shape for grid in clip.frames[0].grids],
        "frames": frames,
    }


def _short(cell: list[Any]) -> list[Any]:
    return cell if cell[-1] else cell[:-1]


def _around(frame: Frame) -> dict[str, Any]:
    return {
        "names": [grid.name for grid in frame.grids],
        "outlines": [grid.outline for grid in frame.grids],
        "line": frame.line,
        "say": frame.say,
    }
