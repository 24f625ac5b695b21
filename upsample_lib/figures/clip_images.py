"""Frames of an animation as pixels, drawn with Pillow: the GIF and the printed strip."""

from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path
from typing import Literal

import numpy as np
from PIL import Image, ImageDraw, ImageFont

from upsample_lib.figures.clip_drawing import ROLES, Box, Mark, Square, Words, drawn, layer
from upsample_lib.figures.clips import Clip
from upsample_lib.figures.style import COLOURS, Role, tint

Theme = Literal["light", "dark"]
# input, kernel, output, zero; ink and paper
DARK: dict[Role, str] = {"input": "#56b4e9", "kernel": "#f0a35e", "output": "#3dcb9d", "zero": "#a3a3a3"}
INK = {"light": "#1a1a1a", "dark": "#e6e8eb"}
PAPER = {"light": "#ffffff", "dark": "#121417"}
LAST_FRAME_TIMES = 3  # the finished picture stays longer


def chosen(count: int, most: int) -> list[int]:
    """Numbers of at most `most` frames, spread evenly, the last one among them."""
    if count <= most:
        return list(range(count))
    return sorted({round(i) for i in np.linspace(count / most - 1, count - 1, most)})


def colours_of(theme: Theme) -> dict[Role, str]:
    return COLOURS if theme == "light" else DARK


def soft(role: Role, theme: Theme) -> str:
    if theme == "light":
        return tint(COLOURS[role])
    paper, full = PAPER["dark"], DARK[role]
    mixed = (round(0.82 * int(paper[i : i + 2], 16) + 0.18 * int(full[i : i + 2], 16)) for i in (1, 3, 5))
    return "#" + "".join(f"{part:02x}" for part in mixed)


@lru_cache(maxsize=64)
def _font(kind: str, pixels: int) -> ImageFont.FreeTypeFont:
    # matplotlib carries the font, so pictures are the same on every machine
    from matplotlib import get_data_path

    return ImageFont.truetype(str(Path(get_data_path()) / "fonts" / "ttf" / f"DejaVu{kind}.ttf"), pixels)


def _image(marks: Sequence[Mark], width: float, height: float, cell: int, theme: Theme) -> Image.Image:
    image = Image.new("RGB", (round(width * cell), round(height * cell)), PAPER[theme])
    pen = ImageDraw.Draw(image)
    for mark in sorted(marks, key=layer):
        if isinstance(mark, Square):
            _draw_square(pen, mark, cell, theme)
        elif isinstance(mark, Box):
            corners = [round(v * cell) for v in (mark.x, mark.y, mark.x + mark.width, mark.y + mark.height)]
            pen.rectangle(corners, outline=colours_of(theme)[mark.role], width=max(2, round(0.09 * cell)))
        else:
            _draw_words(pen, mark, cell, theme)
    return image


def _draw_square(pen: ImageDraw.ImageDraw, mark: Square, cell: int, theme: Theme) -> None:
    colours = colours_of(theme)
    corners = tuple(round(v * cell) for v in (mark.x, mark.y, mark.x + 1, mark.y + 1))
    left, top, right, bottom = corners
    if mark.look == ".":
        pen.rectangle(corners, outline=soft("zero", theme))
    elif mark.look == "c":
        pen.rectangle(corners, fill=soft("zero", theme), outline=colours["zero"])
        for a in (0.5, 1.0):
            pen.line((left, top + a * cell, left + a * cell, top), fill=colours["zero"])
        pen.line((left + cell / 2, bottom, right, top + cell / 2), fill=colours["zero"])
    else:
        role, strong = ROLES[mark.look.lower()], mark.look.isupper()
        width = max(2, round(0.07 * cell)) if strong else 1
        pen.rectangle(corners, fill=soft(role, theme), outline=colours[role], width=width)


def _draw_words(pen: ImageDraw.ImageDraw, mark: Words, cell: int, theme: Theme) -> None:
    kind = "Sans-Bold" if mark.bold else "Sans"
    if mark.anchor == "start":
        kind = "SansMono"
    pixels = max(6, round(mark.size * cell))
    across = {"start": "l", "middle": "m", "end": "r"}[mark.anchor]
    colour = INK[theme] if mark.role == "" else colours_of(theme)[mark.role]
    # anchored at the baseline, so that texts beside each other stand level
    at = (round(mark.x * cell), round((mark.y + 0.36 * mark.size) * cell))
    pen.text(at, mark.text, fill=colour, font=_font(kind, pixels), anchor=f"{across}s")


def strip_image(clip: Clip, most: int, cell: int, theme: Theme, across: float = 30) -> Image.Image:
    (width, height), frames = drawn(clip)
    numbers = chosen(len(frames), most)
    images = [_image(frames[number], width, height, cell, theme) for number in numbers]
    wide, high = images[0].width + round(0.8 * cell), images[0].height + round(0.5 * cell)
    per_row = max(1, min(len(images), int(across / (width + 0.8))))
    size = (
        per_row * wide - wide + images[0].width,
        -(-len(images) // per_row) * high - high + images[0].height,
    )
    whole = Image.new("RGB", size, PAPER[theme])
    for at, image in enumerate(images):
        whole.paste(image, (at % per_row * wide, at // per_row * high))
    return whole


def save_gif(clip: Clip, path: str, seconds: float, cell: int, theme: Theme) -> None:
    (width, height), frames = drawn(clip)
    images = [_image(marks, width, height, cell, theme) for marks in frames]
    # one palette, or colours would flicker; the last frames hold every colour of the animation
    sample = Image.new("RGB", (images[0].width, 3 * images[0].height), PAPER[theme])
    for at, number in enumerate((0, len(images) // 2, len(images) - 1)):
        sample.paste(images[number], (0, at * images[0].height))
    palette = sample.quantize(128, dither=Image.Dither.NONE)
    first, *rest = (image.quantize(palette=palette, dither=Image.Dither.NONE) for image in images)
    pause = round(1000 * seconds)
    durations = [pause] * (len(images) - 1) + [pause * LAST_FRAME_TIMES]
    first.save(path, "GIF", save_all=True, append_images=rest, duration=durations, loop=0, optimize=True)
