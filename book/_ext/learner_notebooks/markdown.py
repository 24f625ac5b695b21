"""Blocks of MyST as notebook Markdown: boxes are quotations, answers <details>, formulas $$."""

from __future__ import annotations

import base64
import mimetypes
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from editions import markup

from .inline import Inline
from .words import words

BOXES = {
    "admonition", "note", "tip", "hint", "important", "warning", "caution", "attention", "danger", "error",
    "seealso", "margin", "sidebar", "topic",
}  # fmt: skip
# they only arrange what is inside
FRAMES = {
    "grid", "tab-set", "div", "container", "card-carousel", "grid-item", "epigraph", "rst-class", "figure-md",
}  # fmt: skip
TITLED = {"tab-item", "card", "grid-item-card"}
SITE_ONLY = {"tableofcontents", "toctree", "contents", "index", "only", "eval-rst", "raw"}
AMS = re.compile(r"^\\begin\{(equation|align|gather|multline|alignat)(\*?)\}")
INNER = {"align": "aligned", "gather": "gathered", "alignat": "alignedat"}
BLOCK_ATTRIBUTES = re.compile(r"^\{[.#\w][^{}]*\}$")


@dataclass
class Markdown:
    """Converts the text cells of one page; `attachments` collects the pictures of the cell at hand."""

    inline: Inline
    folder: Path
    attachments: dict[str, dict[str, str]] = field(default_factory=dict)

    def convert(self, lines: Sequence[str]) -> str:
        text = "\n".join(self._blocks(markup.parse(lines)))
        return re.sub(r"\n{3,}", "\n\n", text).strip("\n")

    def _blocks(self, blocks: Sequence[markup.Block]) -> list[str]:
        out: list[str] = []
        for block in blocks:
            if isinstance(block, markup.Text):
                out += self._text(block.lines)
            elif isinstance(block, markup.Code):
                out += [f"```{block.info}", *block.lines, "```"]
            else:
                made = self._directive(block)
                out += [block.indent + line if line else "" for line in ["", *made, ""]]
        return out

    def _text(self, lines: Sequence[str]) -> list[str]:
        out: list[str] = []
        paragraph: list[str] = []  # a role may break over lines, so text is converted by the paragraph

        def flush() -> None:
            if paragraph:
                out.extend(self.inline.convert("\n".join(paragraph)).split("\n"))
                paragraph.clear()

        i = 0
        while i < len(lines):
            line = lines[i]
            bare = line.strip()
            if bare.startswith("$$") or AMS.match(bare):
                flush()
                made, i = self._formula(lines, i)
                out += made
                continue
            if bare.startswith(("%", "+++")) or markup.TARGET.match(line) or BLOCK_ATTRIBUTES.match(bare):
                flush()
            elif bare.startswith(": ") and paragraph:  # term, then its definition
                paragraph[-1] = f"**{paragraph[-1].strip()}** – {bare[2:]}"
            elif not bare:
                flush()
                out.append("")
            else:
                paragraph.append(line)
            i += 1
        flush()
        return out

    def _formula(self, lines: Sequence[str], start: int) -> tuple[list[str], int]:
        """A display formula that begins at `start`, and the line after it."""
        bare = lines[start].strip()
        environment = AMS.match(bare)
        closing = rf"\end{{{environment[1]}{environment[2]}}}" if environment else "$$"
        end, opened = start, bare[2:] if not environment else bare
        while closing not in opened and end + 1 < len(lines):
            end += 1
            opened = lines[end]
        body = "\n".join(line.strip() for line in lines[start : end + 1])
        label = markup.MATH_LABEL.search(body)
        if not environment:
            body = body.split("$$")[1].strip()
        return [*self._display(body, label["label"] if label else ""), ""], end + 1

    def _display(self, tex: str, label: str = "") -> list[str]:
        tex = tex.strip()
        environment = AMS.match(tex)
        if environment:
            name, star = environment[1], environment[2]
            inner = INNER.get(name)
            begin, end = rf"\begin{{{name}{star}}}", rf"\end{{{name}{star}}}"
            body = tex.removeprefix(begin).removesuffix(end).strip()
            tex = rf"\begin{{{inner}}}{body}\end{{{inner}}}" if inner else body
        elif (
            r"\\" in tex and r"\begin{" not in tex
        ):  # Sphinx sets such formulas in {split} or {aligned} by itself
            tex = rf"\begin{{aligned}}{tex}\end{{aligned}}"
        number = self.inline.references.equation(label) if label else None
        tag = [rf"\tag{{{number.number}}}"] if number else []
        return ["$$", *self.inline.formula(tex).split("\n"), *tag, "$$"]

    def _directive(self, block: markup.Directive) -> list[str]:
        name = block.name
        say = words(self.inline.language)
        if name == "math":
            label = block.options.get("label", block.options.get("name", ""))
            return self._display("\n".join([block.argument, *block.lines]).strip(), label)
        if name in SITE_ONLY:
            return []
        if name in ("glue:figure", "figure", "image", "table"):
            return self._figure(block)
        if name in ("code-block", "code", "sourcecode"):
            return [f"```{block.argument or 'python'}", *block.lines, "```"]
        if name in ("list-table", "glossary", "bibliography"):
            return getattr(self, f"_{name.replace('-', '_')}")(block)  # type: ignore[no-any-return]
        inside = self._trim(self._blocks(block.inside))
        title = self.inline.convert(block.argument)
        if name == "dropdown" or (name in BOXES and "dropdown" in block.options.get("class", "").split()):
            return [
                "<details>",
                f"<summary>{_html(title or say.get(name, ''))}</summary>",
                "",
                *inside,
                "",
                "</details>",
            ]
        if name in BOXES:
            heading = title if name in ("admonition", "sidebar", "topic") else say.get(name, "")
            if name not in ("admonition", "sidebar", "topic") and title:
                inside = [title, "", *inside]  # {note} takes its first line as text
            return _quote([f"**{heading}**", "", *inside] if heading else inside)
        if name == "prf:proof":
            return [f"*{say['proof']}.*", "", *inside, "", "∎"]
        if name.startswith("prf:"):
            known = self.inline.references.theorem(block.options.get("label", ""))
            heading = known.text if known else name.removeprefix("prf:").title()
            return _quote([f"**{heading}{f' ({title})' if title else ''}.**", "", *inside])
        if name in TITLED and title:
            return [f"**{title}**", "", *inside]
        return inside if name in FRAMES or not title else [title, "", *inside]

    def _figure(self, block: markup.Directive) -> list[str]:
        inside = self._trim(self._blocks(block.inside))
        known = self.inline.references.figure(block.options.get("name", ""))
        picture = []
        if block.name in ("figure", "image"):
            picture = [self._picture(block.argument, block.options.get("alt", "")), ""]
        if block.name == "table":
            caption, rest = [self.inline.convert(block.argument)] if block.argument else [], inside
        else:
            cut = inside.index("") if "" in inside else len(inside)
            caption, rest = inside[:cut], inside[cut:]
        if not caption:
            return [*picture, *rest]
        number = f"{known.text}. " if known else ""
        # underscores: a caption may hold asterisks of its own
        return [*picture, f"_{number}{' '.join(caption)}_", *rest]

    def _picture(self, name: str, alt: str) -> str:
        if re.match(r"https?:", name):
            return f"![{alt}]({name})"
        path = self.folder / name
        kind = mimetypes.guess_type(path.name)[0] or "image/png"
        self.attachments[path.name] = {kind: base64.b64encode(path.read_bytes()).decode("ascii")}
        return f"![{alt}](attachment:{path.name})"

    def _glossary(self, block: markup.Directive) -> list[str]:
        out: list[str] = []
        definition: list[str] = []
        terms: list[str] = []

        def flush() -> None:
            if terms:
                text = self.convert([line.strip() for line in definition])
                out.extend([f"**{', '.join(terms)}** – {text}", ""])
                terms.clear()
                definition.clear()

        for line in block.lines:
            if line[:1].strip() and not line.startswith(": "):
                if definition:
                    flush()
                terms.append(line.split(" : ")[0].strip())
            else:
                definition.append(line.removeprefix(": "))
        flush()
        return out

    def _list_table(self, block: markup.Directive) -> list[str]:
        rows: list[list[str]] = []
        for line in block.lines:
            bare = line.strip()
            if re.match(r"[*-] [*-]", bare):
                rows.append([bare[3:].strip()])
            elif re.match(r"[*-](\s|$)", bare) and rows:
                rows[-1].append(bare[1:].strip())
            elif bare and rows:
                rows[-1][-1] += f" {bare}"
        if not rows:
            return []
        made = ["| " + " | ".join(self.inline.convert(cell) for cell in row) + " |" for row in rows]
        made.insert(1, "|" + "---|" * len(rows[0]))
        return [*([f"**{self.inline.convert(block.argument)}**", ""] if block.argument else []), *made]

    def _bibliography(self, block: markup.Directive) -> list[str]:
        entries = self.inline.references.bibliography(self.inline.page)
        return [line for entry in entries for line in (entry, "")]

    @staticmethod
    def _trim(lines: list[str]) -> list[str]:
        return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip("\n").split("\n")


def _quote(lines: Sequence[str]) -> list[str]:
    return [f"> {line}" if line else ">" for line in lines]


def _html(markdown: str) -> str:
    """A title inside an HTML tag, where Markdown is not read."""
    text = markdown.replace("&", "&amp;").replace("<", "&lt;")
    text = re.sub(r"`([^`]+)`", r"<code>\1</code>", text)
    return re.sub(r"\*\*?([^*]+)\*\*?", r"<b>\1</b>", text)
