r"""The colour code inside formulas: \inp{x} \ker{k} \out{y} \zer{0}.

On the site they become CSS classes, whose colours follow the page's theme. A notebook's MathJax knows no
classes, so `expand_macros` writes them out as \textcolor.
"""

from __future__ import annotations

import re

# macro → (CSS class on the site, colour in a notebook)
COLOURS = {
    "inp": ("up-input", "#0072B2"),
    "ker": ("up-kernel", "#B85000"),
    "out": ("up-output", "#007A5A"),
    "zer": ("up-zero", "#6B6B6B"),
}

KATEX_MACROS = {rf"\{name}": rf"\htmlClass{{{css}}}{{#1}}" for name, (css, _) in COLOURS.items()}

_CALL = re.compile(rf"\\({'|'.join(COLOURS)})(?![A-Za-z])\s*")


def _argument(tex: str, start: int) -> tuple[str, int]:
    """TeX's rule: a group in braces, one command, or one character; with the place after it."""
    if start >= len(tex):
        raise ValueError(f"a colour macro at the end of {tex!r} has no argument")
    if tex[start] == "\\":
        command = re.compile(r"\\([A-Za-z]+|.)", re.S).match(tex, start)
        assert command is not None or start + 1 == len(tex)
        return (command[0], command.end()) if command else ("\\", len(tex))
    if tex[start] != "{":
        return tex[start], start + 1
    depth = 0
    for i in range(start, len(tex)):
        if tex[i] in "{}" and (i == 0 or tex[i - 1] != "\\"):
            depth += 1 if tex[i] == "{" else -1
            if depth == 0:
                return tex[start + 1 : i], i + 1
    raise ValueError(f"unbalanced braces after a colour macro in {tex[start : start + 40]!r}")


def expand_macros(text: str) -> str:
    r"""Formulas (or a whole markdown text) with the colour macros written out as \textcolor.

    >>> expand_macros(r"\inp{x_0}\,\ker k")
    '\\textcolor{#0072B2}{x_0}\\,\\textcolor{#B85000}{k}'
    """
    done, place = [], 0
    while call := _CALL.search(text, place):
        argument, end = _argument(text, call.end())
        colour = COLOURS[call[1]][1]
        done += [text[place : call.start()], rf"\textcolor{{{colour}}}{{{expand_macros(argument)}}}"]
        place = end
    return "".join(done) + text[place:]
