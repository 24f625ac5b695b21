"""Keeps a short formula, the bracket before it and the mark after it on one line.

KaTeX makes a formula of boxes, and a browser may end a line on either side of a box: a comma, or the closing
bracket, would begin the next one. Long formulas must be free to break, so their marks are not kept.
"""

from __future__ import annotations

import re
from typing import Any

from docutils import nodes
from sphinx.transforms.post_transforms import SphinxPostTransform

CLASS = "math-kept"
LONGEST = 24  # signs, which fit a phone's width twice
_BREAKS = re.compile(r"[=<>+\-*/]|\\[a-z]")  # KaTeX ends lines after relations and operations only
_COMMAND = re.compile(r"\\[A-Za-z]+\s*|\\.")
_OPENING = re.compile(r"[(\[«„“‘]+$")
_CLOSING = re.compile(r"[,.;:!?)\]»”’…%°–]+|[-\N{NON-BREAKING HYPHEN}]\S{1,12}")


def signs(node: nodes.Node) -> int:
    """About how many signs the node shows."""
    return len(re.sub(r"[{}\\^_&\s]", "", _COMMAND.sub("x", node.astext())))


def keep(formula: nodes.Element) -> None:
    """Puts the formula and the marks that touch it into one element."""
    while isinstance(formula.parent, nodes.Inline) and formula.parent[-1] is formula:
        formula = formula.parent  # a link or emphasis ends with the formula
    may_break = not isinstance(formula, nodes.math) or _BREAKS.search(formula.astext())
    if may_break and signs(formula) > LONGEST:
        return
    parent = formula.parent
    start = parent.index(formula)
    end = start + 1
    if start and end < len(parent) and _is_tag(parent[start - 1], "<a ") and _is_tag(parent[end], "</a>"):
        start, end = start - 1, end + 1  # a link written as HTML
    before = parent[start - 1] if start else None
    after = parent[end] if end < len(parent) else None
    opening = _OPENING.search(before) if isinstance(before, nodes.Text) else None
    closing = _CLOSING.match(after) if isinstance(after, nodes.Text) else None
    if not (opening or closing):
        return
    kept = nodes.inline(classes=[CLASS])
    children = parent[start:end]
    parent[start:end] = [kept]
    if opening:
        parent.replace(before, _text(opening.string[: opening.start()]))
        kept += nodes.Text(opening[0])
    kept += children
    if closing:
        parent.replace(after, _text(closing.string[closing.end() :]))
        kept += nodes.Text(closing[0])


def _is_tag(node: nodes.Node, start: str) -> bool:
    return isinstance(node, nodes.raw) and node.astext().startswith(start)


def _text(text: str) -> list[nodes.Node]:
    return [nodes.Text(text)] if text else []


class KeepMarks(SphinxPostTransform):
    """For every inline formula of a page."""

    default_priority = 700  # links are resolved, so that one that ends with a formula is seen
    formats = ("html",)

    def run(self, **kwargs: Any) -> None:
        for formula in list(self.document.findall(nodes.math)):
            keep(formula)
