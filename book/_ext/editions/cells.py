"""Cells of a MyST text notebook (or a plain MyST page), and one language's view of them."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any, Literal

import yaml
from markdown_it import MarkdownIt
from markdown_it.renderer import RendererHTML
from myst_parser.config.main import MdParserConfig
from myst_parser.parsers.mdit import create_md_parser

CODE = ("{code-cell}", "{raw-cell}")


class CellError(ValueError):
    """A cell whose metadata cannot be read; `line` counts from 1."""

    def __init__(self, line: int, message: str) -> None:
        super().__init__(message)
        self.line = line


@dataclass(frozen=True)
class Cell:
    """Lines `start` to `end` (from 0, end excluded) of a page; the text itself begins at `body`."""

    kind: Literal["markdown", "code", "raw"]
    start: int
    body: int
    end: int
    metadata: dict[str, Any] = field(default_factory=dict)

    @property
    def tags(self) -> tuple[str, ...]:
        tags = self.metadata.get("tags", ())
        return (tags,) if isinstance(tags, str) else tuple(str(tag) for tag in tags)

    def lines(self, page: Sequence[str]) -> list[str]:
        return list(page[self.body : self.end])


@lru_cache(maxsize=1)
def _block_parser() -> MarkdownIt:
    """MyST-NB finds cells among block tokens; a `+++` or a fence inside another block is no cell."""
    config = MdParserConfig(
        disable_syntax=["inline"], enable_extensions={"colon_fence", "dollarmath", "amsmath"}
    )
    return create_md_parser(config, RendererHTML)


def split(text: str) -> list[Cell]:
    """The cells of a page in order; raises CellError where metadata is not readable."""
    lines = text.split("\n")
    cells: list[Cell] = []
    start, body, metadata, depth = 0, 0, dict[str, Any](), 0

    def close(upto: int) -> None:
        # text before the first marker, or a marker with nothing under it but its own tags, is a cell too
        if metadata or any(line.strip() for line in lines[body:upto]):
            cells.append(Cell("markdown", start, body, upto, metadata))

    for token in _block_parser().parse(text + "\n"):
        depth += token.nesting
        if depth or not token.map:
            continue
        first, last = token.map
        if token.type == "front_matter":
            start = body = last
        elif token.type == "myst_block_break":
            close(first)
            start, body, metadata = first, last, _block_metadata(token.content, first + 1)
        elif token.type == "fence" and token.info.startswith(CODE):
            close(first)
            options, skip = _fence_options(token.content.split("\n"), first + 1)
            kind: Literal["code", "raw"] = "code" if token.info.startswith(CODE[0]) else "raw"
            # the closing fence is the last line of the token, unless the file ended before it
            closed = lines[last - 1].lstrip().startswith(token.markup) and last - 1 > first
            cells.append(Cell(kind, first, first + 1 + skip, last - closed, options))
            start, body, metadata = last, last, {}
    close(len(lines))
    return cells


def extent(cell: Cell, page: Sequence[str]) -> range:
    """Every line that belongs to the cell, the closing fence of a code cell included."""
    return range(cell.start, min(cell.end + (cell.kind != "markdown"), len(page)))


def only(text: str, language: str, languages: Sequence[str]) -> str:
    """The page as `language` reads it: cells of other languages become empty lines, so line numbers stay."""
    page = text.split("\n")
    others = set(languages) - {language}
    for cell in split(text):
        if others.intersection(cell.tags) and language not in cell.tags:
            for line in extent(cell, page):
                page[line] = ""
    return "\n".join(page)


def front_matter(text: str) -> dict[str, Any]:
    """The YAML between the two `---` lines at the top of a page, or {}."""
    lines = text.split("\n")
    if lines[0].rstrip() != "---":
        return {}
    end = next((i for i, line in enumerate(lines[1:], 1) if line.rstrip() in ("---", "...")), None)
    if end is None:
        return {}
    found = yaml.safe_load("\n".join(lines[1:end]))
    return found if isinstance(found, dict) else {}


def is_notebook(text: str) -> bool:
    """Whether MyST-NB would execute the page: its front matter names a MyST notebook."""
    top = front_matter(text)
    jupytext = top.get("jupytext") or {}
    return top.get("file_format") == "mystnb" or (
        (jupytext.get("text_representation") or {}).get("format_name") == "myst"
    )


def _block_metadata(content: str, line: int) -> dict[str, Any]:
    if not content.strip():
        return {}
    try:
        found = json.loads(content)
    except json.JSONDecodeError as error:
        raise CellError(
            line, f'write the cell metadata as JSON, like +++ {{"tags": ["ru"]}} ({error.msg})'
        ) from None
    if not isinstance(found, dict):
        raise CellError(line, 'write the cell metadata as a JSON object, like +++ {"tags": ["ru"]}')
    return found


def _fence_options(content: list[str], line: int) -> tuple[dict[str, Any], int]:
    """Options at the head of a fence (`:key: value` lines or a `---` block), and how many lines they take."""
    if content and content[0].strip() == "---":
        end = next((i for i, text in enumerate(content[1:], 1) if text.strip() == "---"), 0)
        block, skip = content[1:end], end + 1
    else:
        skip = next((i for i, text in enumerate(content) if not text.startswith(":")), len(content))
        block = [text[1:].replace(":", ": ", 1) for text in content[:skip]]
    try:
        found = yaml.safe_load("\n".join(block)) or {}
    except yaml.YAMLError:
        raise CellError(line, "write the cell options as YAML, like :tags: [remove-output]") from None
    return (found if isinstance(found, dict) else {}), skip
