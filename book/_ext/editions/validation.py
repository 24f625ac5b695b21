"""What must hold in a page that carries several languages, checked before anything is built."""

from __future__ import annotations

import difflib
import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

from . import cells, markup
from .cells import Cell, CellError

LETTER = re.compile(r"[^\W\d_]")
# of these letters a reader of another edition would see nothing but a foreign script
CYRILLIC = re.compile(r"[Ѐ-ӿ]+")
SCRIPT = {"ru": CYRILLIC, "uk": CYRILLIC, "bg": CYRILLIC, "el": re.compile(r"[Ͱ-Ͽ]{3,}")}
# a directive that prints no words of its own may stand outside the pairs
SHARED_DIRECTIVES = {"math", "bibliography", "tableofcontents", "toctree", "glue:math", "include"}
CODE_TAGS = {
    "hide-input", "hide-output", "hide-cell", "remove-input", "remove-output", "remove-cell", "remove-stdout",
    "remove-stderr", "raises-exception", "skip-execution", "scroll-output", "output_scroll", "full-width",
    "margin", "parameters", "solution",
}  # fmt: skip
MARKDOWN_TAGS = {"remove-cell", "hide-cell", "full-width", "margin", "solution"}
NAMES = {"ru": "Russian", "en": "English", "de": "German", "fr": "French", "es": "Spanish", "uk": "Ukrainian"}
MISTAKEN = {"rus": "ru", "russian": "ru", "ру": "ru", "eng": "en", "english": "en", "ан": "en"}


@dataclass(frozen=True, order=True)
class Problem:
    """One thing to mend, said in one sentence."""

    path: str
    line: int
    message: str

    def __str__(self) -> str:
        return f"{self.path}:{self.line}: {self.message}"


def check(text: str, path: str, languages: Sequence[str], extra_tags: Collection[str] = ()) -> list[Problem]:
    """Every problem of a page, in the order of its lines."""
    page = text.split("\n")
    try:
        found = cells.split(text)
    except CellError as error:
        return [Problem(path, error.line, str(error))]
    problems = [
        *_tags(found, languages, extra_tags),
        *_pairs(found, page, languages),
        *_shared(found, page, languages),
    ]
    return sorted(Problem(path, line, message) for line, message in problems)


def _tags(
    found: Sequence[Cell], languages: Sequence[str], extra: Collection[str]
) -> Iterator[tuple[int, str]]:
    for cell in found:
        line = cell.start + 1
        own = [tag for tag in cell.tags if tag in languages]
        if cell.kind != "markdown" and own:
            yield line, f"a code cell serves every edition, so take the tag {own[0]!r} off"
        if len(own) > 1:
            yield line, f"give a cell one language, not {' and '.join(own)}"
        known = {*languages, *extra, *(MARKDOWN_TAGS if cell.kind == "markdown" else CODE_TAGS)}
        for tag in cell.tags:
            if tag in known:
                continue
            near = _nearest(tag, known, languages)
            if near:
                yield line, f"unknown tag {tag!r}: did you mean {near!r}?"
            elif cell.kind == "markdown":
                yield line, f"unknown tag {tag!r}: a text cell may have {', '.join(sorted(known))}"


def _nearest(tag: str, known: Collection[str], languages: Sequence[str]) -> str | None:
    plain = tag.strip().lower()
    plain = MISTAKEN.get(plain, plain)
    if plain in known:
        return plain
    if re.split(r"[-_ ]", plain)[0] in languages:
        return re.split(r"[-_ ]", plain)[0]
    close = difflib.get_close_matches(plain.replace("_", "-"), sorted(known), n=1, cutoff=0.8)
    return close[0] if close else None


def _pairs(found: Sequence[Cell], page: Sequence[str], languages: Sequence[str]) -> Iterator[tuple[int, str]]:
    group: list[Cell] = []

    def language(cell: Cell) -> str | None:
        own = [tag for tag in cell.tags if tag in languages]
        return own[0] if cell.kind == "markdown" and own else None

    def close() -> Iterator[tuple[int, str]]:
        have = [language(cell) for cell in group]
        if group and len(group) < len(languages):
            missing = " and ".join(_name(each) for each in languages if each not in have)
            yield (
                group[0].start + 1,
                f"the {missing} half of this cell is missing: write it right after this one",
            )
        elif group:
            yield from _same_frame(group, page, languages)
        group.clear()

    for cell in found:
        spoken = language(cell)
        if spoken is None:
            yield from close()
            continue
        expected = languages[len(group)]
        if spoken == expected:
            group.append(cell)
        elif group and spoken == language(group[0]):
            yield from close()
            group.append(cell)
        elif not group:
            yield (
                cell.start + 1,
                f"the {_name(spoken)} cell stands before any {_name(expected)} one: each pair goes "
                f"{', '.join(languages)}",
            )
        else:
            yield (
                cell.start + 1,
                f"a second {_name(spoken)} cell in one pair: each pair goes {', '.join(languages)}",
            )
        if len(group) == len(languages):
            yield from close()
    yield from close()


def _name(language: str) -> str:
    return NAMES.get(language, language)


def _same_frame(
    group: Sequence[Cell], page: Sequence[str], languages: Sequence[str]
) -> Iterator[tuple[int, str]]:
    """Labels and headings: the same ones in the same order in each language."""
    trees = [markup.parse(cell.lines(page), cell.body + 1) for cell in group]
    every = [list(markup.labels(tree)) for tree in trees]
    shapes = [list(markup.headings(tree)) for tree in trees]
    for tree in shapes:
        for line, _level, text, label in tree:
            if label is None:
                yield line, f"put a label such as (sec-name)= right before the heading {text!r}"
    reference, first = every[0], _name(languages[0])
    for other, language in zip(every[1:], languages[1:]):
        here, there = [label for _, label in reference], [label for _, label in other]
        for line, label in reference:
            if label not in there:
                yield (
                    line,
                    f"the label {label!r} is only in the {first} half: put it into the {_name(language)} one",
                )
        for line, label in other:
            if label not in here:
                yield (
                    line,
                    f"the label {label!r} is only in the {_name(language)} half: put it into the {first} one",
                )
        if sorted(here) == sorted(there) and here != there:
            line, label = next(pair for pair, mine in zip(other, here) if pair[1] != mine)
            yield line, f"the label {label!r} comes in another order than in the {first} half"
    for cell, shape, language in zip(group[1:], shapes[1:], languages[1:]):
        levels, own = [level for _, level, *_ in shapes[0]], [level for _, level, *_ in shape]
        if levels != own:
            line = next((at for (at, level, *_), want in zip(shape, levels) if level != want), cell.start + 1)
            yield (
                line,
                f"the {_name(language)} half has headings of levels {own or 'none'}, the {first} one "
                f"{levels or 'none'}: make them match",
            )


def _shared(
    found: Sequence[Cell], page: Sequence[str], languages: Sequence[str]
) -> Iterator[tuple[int, str]]:
    scripts = [SCRIPT[language] for language in languages if language in SCRIPT]
    for cell in found:
        if set(cell.tags).intersection(languages):
            continue
        if cell.kind == "markdown":
            prose = _first_prose(markup.parse(cell.lines(page), cell.body + 1))
            if prose:
                line, what = prose
                tags = ", ".join(languages)
                yield line, f"text without a language ({what}): put it into a pair of cells tagged {tags}"
                continue
        for number in range(cell.body, cell.end):
            foreign = next((hit for script in scripts if (hit := script.search(page[number]))), None)
            if foreign:
                where = "code" if cell.kind == "code" else "formulas"
                yield (
                    number + 1,
                    f"{where} that every edition shows cannot hold words of one language ({foreign[0]!r})",
                )
                break


def _only_directives(block: markup.Directive) -> bool:
    """Whether a block of reStructuredText holds no text of its own: only directives, such as autodoc's."""
    return block.name == "eval-rst" and all(re.match(r"\.\. [\w:-]+::|\s+:\w|\s*$", x) for x in block.lines)


def _first_prose(blocks: Sequence[markup.Block]) -> tuple[int, str] | None:
    inside = ""  # the mark that ends the formula or comment we are in
    for block in blocks:
        if isinstance(block, markup.Directive):
            if block.name not in SHARED_DIRECTIVES and not _only_directives(block):
                return block.line, f"{{{block.name}}}"
            continue
        if isinstance(block, markup.Code):
            return block.line, "a code block"
        for number, line in enumerate(block.lines, block.line):
            bare = line.strip()
            if inside:
                if inside in bare:
                    inside = ""
                continue
            if opened := re.match(r"\\begin\{(\w+\*?)\}", bare):
                end = f"\\end{{{opened[1]}}}"
                inside = "" if end in bare else end
            elif bare.startswith("$$"):
                inside = "" if "$$" in bare[2:] else "$$"
            elif bare.startswith("<!--"):
                inside = "" if "-->" in bare else "-->"
            elif bare.startswith("%") or markup.TARGET.match(line):
                continue
            elif LETTER.search(bare):
                return number, repr(bare if len(bare) <= 40 else bare[:37] + "…")
    return None
