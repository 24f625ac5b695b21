"""How every picture of the book looks: the colour code, the drawing surfaces, and how a picture is shown.

A picture is a `matplotlib.figure.Figure` (shown as SVG) or an array of pixels (shown as PNG, pixel for
pixel). The SVG names its colours as CSS variables with the light colour as fallback, so a picture inside a
page follows the page's theme and one in a notebook is right without any style sheet.
"""

import io
import re
from typing import Any, Literal

import matplotlib
import numpy as np
import numpy.typing as npt
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from PIL import Image

Role = Literal["input", "kernel", "output", "zero"]

COLOURS: dict[Role, str] = {"input": "#0072b2", "kernel": "#d55e00", "output": "#007a5a", "zero": "#767676"}
INK, PAPER = "#000000", "#ffffff"
CELL = 0.36  # inches; about 35 CSS pixels for one cell of a grid

_SETTINGS: dict[Any, Any] = {
    "svg.fonttype": "path",  # the same letters on every machine, and no font to load
    "svg.hashsalt": "upsample_lib",  # ids, and so the whole file, are the same on every run
    "font.family": "DejaVu Sans",
    "font.size": 10,
    "mathtext.fontset": "cm",
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.linewidth": 0.8,
    "lines.linewidth": 1.8,
    "lines.markersize": 5,
    "legend.frameon": False,
    "grid.linewidth": 0.5,
    "figure.facecolor": "none",
    "axes.facecolor": "none",
    "savefig.facecolor": "none",
}


def tint(colour: str, amount: float = 0.18) -> str:
    """`colour` thinned with white: the fill of a cell on which a number stays readable."""
    parts = (int(colour[i : i + 2], 16) for i in (1, 3, 5))
    return "#" + "".join(f"{round(amount * c + (1 - amount) * 255):02x}" for c in parts)


SOFT: dict[Role, str] = {role: tint(colour) for role, colour in COLOURS.items()}

_VARIABLES = (
    {COLOURS[role]: f"--up-{role}" for role in COLOURS}
    | {SOFT[role]: f"--up-{role}-soft" for role in SOFT}
    | {INK: "--up-ink", PAPER: "--up-paper"}
)


def canvas(width: float, height: float) -> tuple[Figure, Axes]:
    """Return a surface measured in grid cells: x to the right, y downwards as in an image, no axes."""
    with matplotlib.rc_context(_SETTINGS):
        figure = Figure(figsize=(width * CELL, height * CELL))
        axes = figure.add_axes((0, 0, 1, 1))
        axes.set(xlim=(0, width), ylim=(height, 0))
        axes.set_axis_off()
    return figure, axes


def plot(
    width: float = 6.4, height: float = 3.2, columns: int = 1, sharey: bool = False, rows: int = 1
) -> tuple[Figure, list[Axes]]:
    """Return ordinary axes in the book's style, measured in inches, in `rows` of `columns`.

    A picture about 4.4 inches wide keeps its letters legible on a phone.
    """
    with matplotlib.rc_context(_SETTINGS):
        figure = Figure(figsize=(width, height), layout="constrained")
        axes = figure.subplots(rows, columns, squeeze=False, sharey=sharey)
    return figure, list(axes.flat)


def svg(figure: Figure, name: str = "") -> str:
    """Return the picture as an SVG element, byte for byte the same on every run.

    `name` goes in front of the ids inside, so that several pictures can stand in one page.
    """
    buffer = io.StringIO()
    with matplotlib.rc_context(_SETTINGS):
        figure.savefig(buffer, format="svg", metadata={"Date": None, "Creator": None})
    text = buffer.getvalue()
    text = text[text.index("<svg") :]
    text = re.sub(r"\s*<metadata>.*?</metadata>", "", text, flags=re.DOTALL)
    text = re.sub(r"\s*<!--.*?-->", "", text, flags=re.DOTALL)  # matplotlib repeats each text as a comment
    text = _own_ids(text, name)
    # matplotlib's style sheet would reach the whole page, and style attributes are refused by strict pages
    text = re.sub(r"\s*<style.*?</style>", "", text, flags=re.DOTALL)
    text = re.sub(r' style="([^"]*)"', _as_attributes, text)
    # matplotlib leaves black fills out: they inherit the root's; the paper is for where there is no page
    root = f'fill="{INK}" stroke-linejoin="round" stroke-linecap="butt" style="background: {PAPER}"'
    text = text.replace("<svg ", f"<svg {root} ", 1)
    for colour, variable in _VARIABLES.items():
        fallback = "#1a1a1a" if colour == INK else colour
        text = text.replace(colour, f"var({variable}, {fallback})")
    return text.strip() + "\n"


def _as_attributes(style: re.Match[str]) -> str:
    pairs = (declaration.split(":") for declaration in style[1].split(";"))
    return "".join(f' {name.strip()}="{value.strip()}"' for name, value in pairs)


def _own_ids(text: str, name: str) -> str:
    """Drop ids that nothing refers to and put `name` in front of the others."""
    used = set(re.findall(r'(?:href="#|url\(#)([^")]+)', text))
    text = re.sub(r' id="([^"]+)"', lambda m: f' id="{name}-{m[1]}"' if m[1] in used else "", text)
    return re.sub(r'(href="#|url\(#)([^")]+)', rf"\g<1>{name}-\2", text)


def png(image: npt.ArrayLike, zoom: int = 1) -> bytes:
    """Return an array of pixels as PNG, each pixel drawn as an exact `zoom` × `zoom` square.

    `image` is (height, width) or (height, width, 3 or 4); floats are taken as 0 … 1 and clipped.
    """
    pixels = np.asarray(image)
    if np.issubdtype(pixels.dtype, np.floating):
        pixels = np.round(np.clip(pixels, 0, 1) * 255).astype(np.uint8)
    if pixels.dtype != np.uint8:
        raise TypeError(f"image must be uint8 or floating, got {pixels.dtype}")
    pixels = pixels.repeat(zoom, axis=0).repeat(zoom, axis=1)
    buffer = io.BytesIO()
    Image.fromarray(pixels).save(buffer, "PNG", optimize=True)
    return buffer.getvalue()


def show(name: str, picture: Figure | npt.NDArray[np.generic], zoom: int = 1) -> None:
    """Display a picture in any notebook and lay it down under `name` for the page's `glue:figure`."""
    from IPython.display import display  # a notebook has it; drawing alone does not need it

    bundle: dict[str, str | bytes]
    if isinstance(picture, Figure):
        bundle = {"image/svg+xml": svg(picture, name)}
    else:
        bundle = {"image/png": png(picture, zoom)}
    metadata = {"scrapbook": {"name": name, "mime_prefix": ""}}
    display(bundle, raw=True, metadata=metadata)  # type: ignore[no-untyped-call]
