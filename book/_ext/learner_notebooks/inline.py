"""Inline MyST in a line of text, turned into Markdown that any notebook shows: references become words."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from .references import References, Target

CODE_OR_MATH = re.compile(
    r"(?<!`)(`+)(?!`)(?P<code>.+?)(?<!`)\1(?!`)|(?<![\\$])\$(?![\s$])(?P<math>[^$]+?)(?<![\s\\])\$"
)
ROLE = re.compile(r"\{(?P<role>[a-z][\w:.-]*)\}(?P<ticks>`+)(?P<text>.+?)(?P=ticks)", re.S)
TITLED = re.compile(r"^(?P<title>.*?)\s*<(?P<target>[^<>]+)>$", re.S)
LINK = re.compile(r"(?<!!)\[(?P<text>[^\[\]]*)\]\((?P<target>[^()\s]*)\)")
SPAN = re.compile(r"\[(?P<text>[^\[\]]+)\]\{[.#][^{}]*\}")
ATTRIBUTES = re.compile(r"(?<=[)`])\{[.#\w][^{}`]*\}(?!`)")
CITE = re.compile(r"^cite(:\w+)?$")


@dataclass
class Inline:
    """Where the text stands and how to reach the site; `formula` rewrites formulas for MathJax."""

    references: References
    page: str
    language: str
    site_url: str = ""
    formula: Callable[[str], str] = str

    def convert(self, text: str) -> str:
        text = ROLE.sub(self._role, text)
        pieces, place = [], 0
        for found in CODE_OR_MATH.finditer(text):
            pieces.append(self._plain(text[place : found.start()]))
            pieces.append(found[0] if found["math"] is None else f"${self.formula(found['math'])}$")
            place = found.end()
        return "".join(pieces) + self._plain(text[place:])

    def link(self, target: Target | None, text: str) -> str:
        """A link to the site, bold where no address is known."""
        if target is None:
            return text
        if not self.site_url:
            return f"**{text}**"
        anchor = f"#{target.anchor}" if target.anchor else ""
        return f"[{text}]({self.site_url}/{self.language}/{target.page}.html{anchor})"

    def _plain(self, text: str) -> str:
        text = SPAN.sub(lambda found: found["text"], text)
        return LINK.sub(self._markdown_link, ATTRIBUTES.sub("", text))

    def _markdown_link(self, found: re.Match[str]) -> str:
        text, target = found["text"], found["target"]
        if re.match(r"[a-z]+:", target):
            return found[0]
        name, _, label = target.partition("#")
        known = (
            self.references.section(label) or self.references.equation(label)
            if label
            else self.references.page(name, self.page)
        )
        return self.link(known, text or (known.text if known else target))

    def _role(self, found: re.Match[str]) -> str:
        role, text = found["role"], found["text"].strip()
        titled = TITLED.match(text)
        title, label = (titled["title"], titled["target"]) if titled else ("", text)
        references = self.references
        if role == "math":
            return f"${text}$"
        if role in ("code", "kbd", "file", "samp", "command", "program", "python"):
            return f"`{text}`"
        if CITE.match(role):
            keys = [key.strip() for key in label.split(",")]
            return ", ".join(
                self.link(cited, cited.text) if (cited := references.citation(key)) else key for key in keys
            )
        if role in ("eq", "math:numref"):
            equation = references.equation(label)
            return self.link(equation, equation.text if equation else f"({label})")
        if role == "numref":
            return self._numbered(title, label)
        if role in ("ref", "std:ref"):
            section = references.section(label)
            return self.link(section, title or (section.text if section else label))
        if role == "prf:ref":
            theorem = references.theorem(label)
            return self.link(theorem, title or (theorem.text if theorem else label))
        if role == "doc":
            page = references.page(label, self.page)
            return self.link(page, title or (page.text if page else label))
        if role == "term":
            # a bold term in each sentence would tire: a link, or just the word
            return self.link(references.term(label), title or label) if self.site_url else title or label
        if role == "abbr":
            return re.sub(r"\s*\(.*\)$", "", text)
        return title or text

    def _numbered(self, title: str, label: str) -> str:
        figure = self.references.figure(label)
        if figure is None:
            return title or label
        named = (
            title.replace("%s", figure.number)
            .replace("{number}", figure.number)
            .replace("{name}", figure.text)
        )
        return self.link(figure, named or figure.text)
