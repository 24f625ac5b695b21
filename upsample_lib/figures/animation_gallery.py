"""The animations of the course's gallery: a name and the command that makes each."""

import re
import textwrap
from collections.abc import Sequence
from pathlib import Path

from upsample_lib.figures.animation_command import PROGRAM, clip_of_command
from upsample_lib.figures.animation_files import write
from upsample_lib.figures.clips import Clip

GALLERY = {
    # the four cases of the article from which the course started
    "k3-s1-p0": "transposed --kernel 3 --stride 1 --padding 0 --input 2",
    "k3-s1-p1": "transposed --kernel 3 --stride 1 --padding 1 --input 2",
    "k3-s2-p0": "transposed --kernel 3 --stride 2 --padding 0 --input 2",
    "k3-s2-p1": "transposed --kernel 3 --stride 2 --padding 1 --input 2",
    "recipe-k3-s2-p1": "transposed --view recipe --kernel 3 --stride 2 --padding 1 --input 2",
    # transposed convolution with the usual parameters, and with those that are seldom drawn
    "k2-s2": "transposed --kernel 2 --stride 2 --input 2",
    "k4-s2-p1": "transposed --kernel 4 --stride 2 --padding 1 --input 2",
    "k3-s2-p1-a1": "transposed --kernel 3 --stride 2 --padding 1 --output-padding 1 --input 2",
    "k3-s2-p1-n3": "transposed --kernel 3 --stride 2 --padding 1 --input 3",
    "k3-s2-p1-n2x3": "transposed --kernel 3 --stride 2 --padding 1 --input 2x3",
    "k3-s1-p1-d2": "transposed --kernel 3 --stride 1 --padding 1 --dilation 2 --input 2",
    # the same operation, stamp by stamp
    "stamp-k3-s2-p1-a1": "transposed --view stamp --stride 2 --padding 1 --output-padding 1 --input 2",
    "stamp-k2-s2": "transposed --view stamp --kernel 2 --stride 2 --input 3",
    "stamp-k4-s2-p1": "transposed --view stamp --kernel 4 --stride 2 --padding 1 --input 3",
    "stamp-k2-s3": "transposed --view stamp --kernel 2 --stride 3 --input 2",
    # enlarging by a rule
    "nearest-2": "nearest --scale 2 --input 2",
    "nails-2": "nails --scale 2 --input 2",
    "unpooling-k2-s2": "unpooling --kernel 2 --input 4",
    "unpooling-k2-s2-n5": "unpooling --kernel 2 --input 5",
    "unpooling-k3-s2": "unpooling --kernel 3 --stride 2 --input 5",
    # for comparison
    "conv-k3-s1-p1": "convolution --kernel 3 --stride 1 --padding 1 --input 4",
    "conv-k3-s2-p1": "convolution --kernel 3 --stride 2 --padding 1 --input 5",
}


def clip(name: str) -> Clip:
    """Return an animation of the gallery."""
    if name not in GALLERY:
        raise ValueError(f"name must be one of {', '.join(GALLERY)}, got {name!r}")
    return clip_of_command(GALLERY[name])


def command(name: str, width: int = 0) -> str:
    """Return the command that makes an animation, in lines of at most `width` characters unless that is 0."""
    whole = f"{PROGRAM} {GALLERY[name]} {name}.gif"
    if not width:
        return whole
    # an option and its value stay together
    bound = re.sub(r"(-[mx]|--[\w-]+) ", "\\1\N{NO-BREAK SPACE}", whole)
    lines = textwrap.wrap(bound, width - 4, break_long_words=False, break_on_hyphens=False)
    return " \\\n  ".join(lines).replace("\N{NO-BREAK SPACE}", " ")


def write_files(folder: str | Path, names: Sequence[str] = tuple(GALLERY)) -> list[Path]:
    """Write GIF, animated SVG and printable strip of each animation of the gallery into a folder."""
    written = []
    for name in names:
        made = clip(name)
        written += [
            write(made, Path(folder) / f"{name}.gif", cell=32),
            write(made, Path(folder) / f"{name}.svg"),
            write(made, Path(folder) / f"{name}-strip.svg", strip=True),
        ]
    return written
