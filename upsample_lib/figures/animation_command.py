"""The command line that makes an animation of an operation with any parameters."""

import argparse
import re
from collections.abc import Sequence
from typing import NoReturn

import numpy as np

from upsample_lib.figures import animations, unpooling_animations
from upsample_lib.figures.animation_files import SUFFIXES, write
from upsample_lib.figures.clips import Array, Clip

PROGRAM = "python -m upsample_lib.figures"
EXAMPLES = f"""\
examples:
  {PROGRAM} transposed --kernel 3 --stride 2 --padding 1 --input 3 out.gif
  {PROGRAM} transposed --view stamp --kernel 4 --stride 2 --padding 1 out.svg
  {PROGRAM} transposed --x "1 2; 3 4" --w "1 10 100" --stride 2 strip.png
  {PROGRAM} unpooling --kernel 2 --input 4 out.gif

The file's suffix is the format: .gif and .svg move, .png is a strip of frames to print.
Pictures made by this command may be used under CC BY 4.0.
"""


class _Parser(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        """One sentence, without the whole usage before it."""
        self.exit(2, f"{message}; see {self.prog} --help\n")


def main(arguments: Sequence[str] | None = None) -> int:
    """Make the file that the command line asks for; the exit status is 0, or 2 with a sentence on stderr."""
    parser = _parser()
    options = parser.parse_args(arguments)
    try:
        path = write(
            _clip(options),
            options.file,
            seconds=options.seconds,
            cell=options.cell,
            theme=options.theme,
            strip=options.strip,
            frames=options.frames,
        )
    except (ValueError, TypeError, OSError) as error:
        parser.exit(2, f"{error}\n")
    print(path)
    return 0


def clip_of_command(arguments: str) -> Clip:
    """Return the animation that `python -m upsample_lib.figures ARGUMENTS FILE` would write.

    Examples
    --------
    >>> len(clip_of_command("nearest --input 2 --scale 2").frames)
    5
    """
    return _clip(_parser().parse_args([*arguments.split(), "clip.gif"]))


def _parser() -> _Parser:
    parser = _Parser(
        prog=PROGRAM,
        description="Draw an operation step by step: an animated GIF, an animated SVG, or a strip to print.",
        epilog=EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    kinds = parser.add_subparsers(dest="operation", required=True, metavar="OPERATION", parser_class=_Parser)
    for name, text, add in (
        ("transposed", "transposed convolution: three views of it", _of_transposed),
        ("convolution", "convolution: the kernel slides over the padded input", _of_convolution),
        ("unpooling", "max pooling with remembered positions, then max unpooling", _of_unpooling),
        ("nearest", "nearest neighbour", _of_scale),
        ("nails", "bed of nails", _of_scale),
    ):
        kind = kinds.add_parser(
            name,
            help=text,
            description=text[0].upper() + text[1:] + ".",
        )
        add(kind)
        _of_file(kind)
    return parser


def _of_transposed(parser: argparse.ArgumentParser) -> None:
    _of_kernel(parser, size=3, input_size=2)
    parser.add_argument("--output-padding", type=int, default=0, metavar="A", help="a: moves the end out")
    parser.add_argument(
        "--view",
        choices=("zeros", "stamp", "recipe"),
        default="zeros",
        help="zeros: insert zeros, slide the flipped kernel; stamp: add stamps; recipe: four steps",
    )


def _of_convolution(parser: argparse.ArgumentParser) -> None:
    _of_kernel(parser, size=3, input_size=4)


def _of_kernel(parser: argparse.ArgumentParser, size: int, input_size: int) -> None:
    parser.add_argument(
        "--input",
        type=_sizes,
        default=(input_size,) * 2,
        metavar="N",
        help=f"input size, {input_size} or 2x3",
    )
    parser.add_argument(
        "--kernel", type=_sizes, default=(size,) * 2, metavar="K", help=f"kernel size, {size} or as 2x3"
    )
    parser.add_argument("--stride", type=int, default=1, metavar="S", help="1 unless given")
    parser.add_argument("--padding", type=int, default=0, metavar="P", help="0 unless given")
    parser.add_argument("--dilation", type=int, default=1, metavar="D", help="1 unless given")
    _of_numbers(parser)
    parser.add_argument("--w", type=_matrix, metavar="NUMBERS", help="the kernel itself, instead of --kernel")


def _of_unpooling(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--input", type=_sizes, default=(4, 4), metavar="N", help="input size, 4 or as 4x6")
    parser.add_argument("--kernel", type=int, default=2, metavar="K", help="window size, 2 unless given")
    parser.add_argument("--stride", type=int, metavar="S", help="the window size unless given")
    parser.add_argument("--padding", type=int, default=0, metavar="P", help="0 unless given")
    _of_numbers(parser)


def _of_scale(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--input", type=_sizes, default=(2, 2), metavar="N", help="input size, 2 or as 2x3")
    parser.add_argument("--scale", type=int, default=2, metavar="S", help="times larger, 2 unless given")
    _of_numbers(parser)


def _of_numbers(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--x", type=_matrix, metavar="NUMBERS", help='the input itself, instead of --input: "1 2; 3 4"'
    )


def _of_file(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("file", help=f"where to write; ends in {', '.join(SUFFIXES)}")
    parser.add_argument("--seconds", type=float, default=0.8, help="how long a frame stays, 0.8 unless given")
    parser.add_argument("--cell", type=int, default=36, metavar="PX", help="size of a cell, 36 unless given")
    parser.add_argument("--theme", choices=("light", "dark"), default="light", help="light unless given")
    parser.add_argument("--strip", action="store_true", help="a strip of frames in an .svg too")
    parser.add_argument("--frames", type=int, default=12, help="the most frames of a strip, 12 unless given")


def _clip(options: argparse.Namespace) -> Clip:
    if options.operation == "unpooling":
        x = unpooling_animations.shuffled(*options.input) if options.x is None else options.x
        return unpooling_animations.unpooling(x, options.kernel, options.stride, options.padding)
    x = animations.counting(*options.input) if options.x is None else options.x
    if options.operation == "nearest":
        return unpooling_animations.nearest(x, options.scale)
    if options.operation == "nails":
        return unpooling_animations.nails(x, options.scale)
    w = animations.uneven(*options.kernel) if options.w is None else options.w
    if options.operation == "convolution":
        return animations.convolution(x, w, options.stride, options.padding, options.dilation)
    return animations.transposed(
        x, w, options.stride, options.padding, options.output_padding, options.dilation, view=options.view
    )


def _sizes(text: str) -> tuple[int, int]:
    found = re.fullmatch(r"(\d+)(?:[x×*](\d+))?", text.strip())
    sizes = (int(found[1]), int(found[2] or found[1])) if found else (0, 0)
    if not found or not all(1 <= size <= 24 for size in sizes):
        raise argparse.ArgumentTypeError(f"must be a size from 1 to 24, or two as 2x3, got {text!r}")
    return sizes


def _matrix(text: str) -> Array:
    rows = [row.replace(",", " ").split() for row in text.split(";")]
    try:
        numbers = [[float(number) for number in row] for row in rows]
    except ValueError:
        numbers = []
    if not numbers or not numbers[0] or any(len(row) != len(numbers[0]) for row in numbers):
        raise argparse.ArgumentTypeError(f'must be rows of equal length, as "1 2; 3 4", got {text!r}')
    matrix: Array = np.array(numbers, dtype=np.float64)
    return matrix
