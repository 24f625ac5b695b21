"""Animations as files: GIF, animated SVG, and a strip of frames to print (PNG or SVG)."""

import os
import re
import tempfile
from collections.abc import Sequence
from pathlib import Path

from upsample_lib.figures.clip_drawing import INK_FILL, MARGIN, Mark, drawn, layer, picture
from upsample_lib.figures.clip_images import (
    INK,
    LAST_FRAME_TIMES,
    PAPER,
    Theme,
    chosen,
    colours_of,
    save_gif,
    soft,
    strip_image,
)
from upsample_lib.figures.clips import Clip
from upsample_lib.figures.style import COLOURS

SUFFIXES = (".gif", ".svg", ".png")


def write(
    clip: Clip,
    path: str | Path,
    *,
    seconds: float = 0.8,
    cell: int = 36,
    theme: Theme = "light",
    strip: bool = False,
    frames: int = 12,
) -> Path:
    """Write the animation: `.gif` and `.svg` move, `.png` is a strip of frames.

    Parameters
    ----------
    clip : Clip
        From `animations`.
    path : str or Path
        Where to; the suffix is the format. An older file is replaced only when the new one is complete.
    seconds : float
        How long a frame stays, from 0.05 to 10.
    cell : int
        Side of a cell in pixels, from 12 to 96.
    theme : {"light", "dark"}
        Colours; the background is filled.
    strip : bool
        Write frames beside each other into an `.svg` too.
    frames : int
        The most frames of a strip; they are spread evenly over the animation.

    Raises
    ------
    ValueError
        If the suffix or a number is not allowed.
    FileNotFoundError
        If the folder does not exist.
    """
    target = Path(path)
    suffix = target.suffix.lower()
    if suffix not in SUFFIXES:
        raise ValueError(f"the file must end in {', '.join(SUFFIXES)}, got {target.name!r}")
    if not 0.05 <= seconds <= 10:
        raise ValueError(f"seconds must be from 0.05 to 10, got {seconds:g}")
    if not 12 <= cell <= 96:
        raise ValueError(f"cell must be from 12 to 96, got {cell}")
    if frames < 1:
        raise ValueError(f"frames must be ≥ 1, got {frames}")
    if suffix == ".gif" and strip:
        raise ValueError(f"a strip must be an .svg or a .png, got {target.name!r}")
    if not target.parent.is_dir():
        raise FileNotFoundError(f"the folder {target.parent} does not exist")
    handle, name = tempfile.mkstemp(suffix=suffix, prefix=f".{target.stem}-", dir=target.parent)
    os.close(handle)
    try:
        if suffix == ".svg":
            text = strip_svg(clip, most=frames) if strip else animated_svg(clip, seconds)
            Path(name).write_text(_plain(text, theme, cell), "utf-8")
        elif suffix == ".png":
            strip_image(clip, frames, cell, theme).save(name, "PNG", optimize=True)
        else:
            save_gif(clip, name, seconds, cell, theme)
        os.chmod(name, 0o644)
        os.replace(name, target)
    finally:
        Path(name).unlink(missing_ok=True)
    return target


def _root(width: float, height: float, body: str) -> str:
    size = f'viewBox="0 0 {width:.4g} {height:.4g}" width="{34 * width:.0f}" height="{34 * height:.0f}"'
    letters = 'text-anchor="middle" font-family="system-ui,DejaVu Sans,sans-serif"'
    return f'<svg xmlns="http://www.w3.org/2000/svg" {size} {letters}>{body}</svg>'


def strip_svg(*clips: Clip, most: int = 12, across: float = 26) -> str:
    """Frames beside each other in rows of at most `across` cells, coloured by CSS variables.

    Several animations stand under each other, each below its title.
    """
    parts, top, widest = [], 0.0, 0.0
    for clip in clips:
        (width, height), frames = drawn(clip)
        if len(clips) > 1:
            place = f'x="{MARGIN}" y="{top + 0.5:.4g}" font-size=".5" text-anchor="start"'
            parts.append(f'<text {place} fill="{INK_FILL}">{clip.title}</text>')
            top += 0.8
        numbers = chosen(len(frames), most)
        per_row = max(1, min(len(numbers), int(across / (width + 0.8))))
        for at, number in enumerate(numbers):
            row, column = divmod(at, per_row)
            shift = f"translate({column * (width + 0.8):.4g} {top + row * (height + 0.5):.4g})"
            parts.append(f'<g transform="{shift}">{picture(frames[number])}</g>')
        top += -(-len(numbers) // per_row) * (height + 0.5)
        widest = max(widest, per_row * (width + 0.8) - 0.8)
    return _root(widest, top - 0.5, "".join(parts))


def animated_svg(clip: Clip, seconds: float = 0.8) -> str:
    """One SVG that plays by its own style sheet; it shows the last frame to those who want no motion."""
    (width, height), frames = drawn(clip)
    shown: dict[Mark, list[int]] = {}
    for number, marks in enumerate(frames):
        for mark in marks:
            if not shown.setdefault(mark, []) or shown[mark][-1] != number:
                shown[mark].append(number)
    groups: dict[tuple[int, tuple[int, ...]], list[Mark]] = {}
    for mark, when in shown.items():
        groups.setdefault((layer(mark), tuple(when)), []).append(mark)
    last = len(frames) - 1
    names = {numbers: f"t{at}" for at, numbers in enumerate(dict.fromkeys(key[1] for key in groups))}
    rules = [
        _keyframes(name, numbers, len(frames)) for numbers, name in names.items() if len(numbers) <= last
    ]
    period = seconds * (last + LAST_FRAME_TIMES)
    style = (
        "".join(rules)
        + f"g{{animation-duration:{period:g}s;animation-timing-function:step-end;"
        + "animation-iteration-count:infinite}"
        + "@media (prefers-reduced-motion:reduce){g{animation:none!important}}"
    )
    parts = []
    for (_, numbers), marks in sorted(groups.items(), key=lambda group: group[0][0]):
        hidden = ' visibility="hidden"' if last not in numbers else ""
        moving = f' class="{names[numbers]}"' if len(numbers) <= last else ""
        parts.append(f"<g{moving}{hidden}>{picture(marks)}</g>")
    paper = f'<rect width="{width:.4g}" height="{height:.4g}" fill="var(--up-paper, {PAPER["light"]})"/>'
    return _root(width, height, f"<style>{style}</style>{paper}{''.join(parts)}")


def _keyframes(name: str, numbers: Sequence[int], count: int) -> str:
    whole = count - 1 + LAST_FRAME_TIMES
    steps, before = [], False
    for number in range(count):
        now = number in numbers
        if number == 0 or now != before:
            steps.append(f"{100 * number / whole:.5g}%{{visibility:{'visible' if now else 'hidden'}}}")
        before = now
    return f"@keyframes {name}{{{''.join(steps)}}}.{name}{{animation-name:{name}}}"


def _plain(svg: str, theme: Theme, cell: int) -> str:
    """A file of its own: colours instead of variables, paper behind, cells of the asked size."""
    values = {f"--up-{role}": colour for role, colour in colours_of(theme).items()}
    values |= {f"--up-{role}-soft": soft(role, theme) for role in COLOURS}
    values |= {"--up-ink": INK[theme], "--up-paper": PAPER[theme]}
    svg = re.sub(r"var\((--[\w-]+), [^)]*\)", lambda found: values[found[1]], svg)
    svg = re.sub(
        r' (width|height)="(\d+)"',
        lambda found: f' {found[1]}="{round(int(found[2]) * cell / 34)}"',
        svg,
        count=2,
    )
    return svg.replace(">", f' style="background:{PAPER[theme]}">', 1) + "\n"
