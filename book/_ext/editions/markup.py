"""MyST text as a tree of directives, code blocks and plain lines: as much as checks and notebooks need."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

import yaml

# after a fence of backticks no backtick may follow: that line is code in a sentence
FENCE = re.compile(r"^(?P<indent> *)(?P<mark>`{3,}(?=[^`]*$)|~{3,}|:{3,})(?P<info>.*)$")
NAME = re.compile(r"^\s*\{(?P<name>[^}\s]+)\}\s*(?P<argument>.*)$")
OPTION = re.compile(r"^:(?P<key>[\w-]+):\s*(?P<value>.*)$")
TARGET = re.compile(r"^\s*\((?P<label>[^()\s]+)\)=\s*$")
HEADING = re.compile(r"^(?P<marks>#{1,6})\s+(?P<text>.*?)\s*#*$")
MATH_LABEL = re.compile(r"\$\$\s*\((?P<label>[^()\s]+)\)\s*$")
# their text is not Markdown
LITERAL = {
    "math",
    "code",
    "code-block",
    "code-cell",
    "raw",
    "raw-cell",
    "literalinclude",
    "eval-rst",
    "csv-table",
}


@dataclass
class Text:
    """Lines of plain Markdown; `line` is the number of the first one."""

    line: int
    lines: list[str]


@dataclass
class Code:
    """A fenced block without a directive: shown as it is."""

    line: int
    info: str
    lines: list[str]


@dataclass
class Directive:
    """A fenced block {name} with its argument, options and what is inside."""

    line: int
    name: str
    argument: str
    options: dict[str, str]
    lines: list[str]
    indent: str = ""
    inside: list[Block] = field(default_factory=list)


Block = Text | Code | Directive


def parse(lines: Sequence[str], first: int = 1) -> list[Block]:
    """The blocks of `lines`, the first of which has number `first`."""
    blocks: list[Block] = []
    plain: list[str] = []
    plain_from = i = 0

    def flush() -> None:
        if plain:
            blocks.append(Text(first + plain_from, plain.copy()))
            plain.clear()

    while i < len(lines):
        opening = FENCE.match(lines[i])
        if not opening:
            if not plain:
                plain_from = i
            plain.append(lines[i])
            i += 1
            continue
        flush()
        end = _closing(lines, i, opening["mark"])
        indent = opening["indent"]
        content = [line.removeprefix(indent) for line in lines[i + 1 : end]]
        named = NAME.match(opening["info"])
        if named:
            blocks.append(_directive(named, content, first + i, indent))
        else:
            blocks.append(Code(first + i, opening["info"].strip(), content))
        i = end + 1
    flush()
    return blocks


def walk(blocks: Sequence[Block]) -> Iterator[Block]:
    """Every block, those inside directives included, in reading order."""
    for block in blocks:
        yield block
        if isinstance(block, Directive):
            yield from walk(block.inside)


def labels(blocks: Sequence[Block]) -> Iterator[tuple[int, str]]:
    """(line, label) of every explicit target: (x)=, :label:, :name:, $$ … $$ (x)."""
    for block in walk(blocks):
        if isinstance(block, Text):
            for number, line in enumerate(block.lines, block.line):
                found = TARGET.match(line) or MATH_LABEL.search(line)
                if found:
                    yield number, found["label"]
        elif isinstance(block, Directive):
            for key in ("label", "name"):
                if key in block.options:
                    yield block.line, block.options[key]


def headings(blocks: Sequence[Block]) -> Iterator[tuple[int, int, str, str | None]]:
    """(line, level, text, label or None) of every heading outside directives."""
    for block in blocks:
        if not isinstance(block, Text):
            continue
        label = None
        for number, line in enumerate(block.lines, block.line):
            found = HEADING.match(line)
            if found:
                yield number, len(found["marks"]), found["text"], label
            if line.strip():
                target = TARGET.match(line)
                label = target["label"] if target else None


def _closing(lines: Sequence[str], opening: int, mark: str) -> int:
    close = re.compile(rf"^ *{re.escape(mark[0])}{{{len(mark)},}}\s*$")
    return next((j for j in range(opening + 1, len(lines)) if close.match(lines[j])), len(lines))


def _directive(named: re.Match[str], content: list[str], line: int, indent: str) -> Directive:
    options: dict[str, str] = {}
    skip = 0
    if content and content[0].strip() == "---":
        skip = next((i for i, text in enumerate(content[1:], 1) if text.strip() == "---"), 0) + 1
        found = yaml.safe_load("\n".join(content[1 : skip - 1])) or {}
        options = {str(key): str(value) for key, value in found.items()} if isinstance(found, dict) else {}
    else:
        while skip < len(content) and (option := OPTION.match(content[skip])):
            options[option["key"]] = option["value"].strip()
            skip += 1
    directive = Directive(line, named["name"], named["argument"].strip(), options, content[skip:], indent)
    if directive.name not in LITERAL:
        directive.inside = parse(directive.lines, line + 1 + skip)
    return directive
