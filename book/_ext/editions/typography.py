"""Spaces at which a line must not break: a number keeps its unit, a Russian dash never starts a line."""

from __future__ import annotations

import re
from typing import Any

from docutils import nodes
from sphinx.transforms import SphinxTransform

NO_BREAK = "\N{NO-BREAK SPACE}"
EVERYWHERE = r"(?<=\d) (?=%|[×±] )|(?<=\d ×) (?=\d)|(?<=\d ±) (?=\d)"
TIES = {
    # 1 043 050, 28,3 дБ; a dash inside a sentence stays with the word before it
    "ru": re.compile(rf"{EVERYWHERE}|(?<=\d) (?=\d{{3}}(?!\d)|дБ\b)|(?<!\s) (?=— )"),
    "en": re.compile(rf"{EVERYWHERE}|(?<=\d) (?=dB\b)"),
}
AS_WRITTEN = (nodes.literal, nodes.FixedTextElement, nodes.math, nodes.raw, nodes.comment)


def tie(text: str, language: str) -> str:
    """The text with no-break spaces where its language wants them."""
    ties = TIES.get(language)
    return ties.sub(NO_BREAK, text) if ties else text


def is_as_written(node: nodes.Node | None) -> bool:
    """Whether the node lies in code, in a formula or in a comment."""
    while node is not None:
        if isinstance(node, AS_WRITTEN):
            return True
        node = node.parent
    return False


class NoBreakSpaces(SphinxTransform):
    """Ties the prose of a page; code and formulas stay as they are."""

    # after ids and numbers of figures are settled by the parser, before titles are collected (880)
    default_priority = 860

    def apply(self, **kwargs: Any) -> None:
        for text in list(self.document.findall(nodes.Text)):
            tied = tie(text.astext(), self.config.language)
            if tied != text.astext() and not is_as_written(text.parent):
                text.parent.replace(text, nodes.Text(tied))
