"""Makes the published copy of a built edition light: `lighten(folder)`.

A page of the untouched theme transfers 1161 kB; here style sheets are gathered and purged, scripts become
one deferred file, fonts are cut to the characters in use, and the search index stays on the search page.
Pages get a content security policy, and the theme's known errors of accessibility are repaired. Everything
stays right when the pages are opened from disk.
"""

from __future__ import annotations

import hashlib
import os
import re
import shutil
from dataclasses import dataclass, field
from pathlib import Path

from . import fonts, scripts, style_sheets
from .policy import add_policy, policy
from .repairs import repair

__all__ = ["Lightened", "add_policy", "lighten", "policy"]

MARK = '<meta name="light-pages" content="1" />'
_SHEET = re.compile(r'<link\b(?=[^>]*\brel="stylesheet")[^>]*\bhref="([^"?]+)(?:\?[^"]*)?"[^>]*>\s*')
_PRELOAD = re.compile(r'<link\b(?=[^>]*\brel="preload")[^>]*>\s*')
_MATH_SHEET = "katex.css"
_SHOWS_MATH = re.compile(r'class="katex[ "]')
# what the bundles replace; the rest of _static is addressed by pages or by their scripts
_REPLACED = (
    "styles",
    "scripts",
    "vendor",
    "fonts",
    "locales",
    "sbt-webpack-macros.html",
    "webpack-macros.html",
)


@dataclass
class Lightened:
    """What was published: how many pages, and the names of the files that they share."""

    pages: int = 0
    files: list[str] = field(default_factory=list)


class _Edition:
    def __init__(self, root: Path) -> None:
        self.root = root
        self.static = root / "_static"
        pages = {
            p: p.read_text("utf-8") for p in sorted(root.rglob("*.html")) if self.static not in p.parents
        }
        # a page without a style sheet is a redirect
        self.pages = {path: page for path, page in pages.items() if _SHEET.search(page)}
        self.published: list[str] = []
        self.replaced: set[Path] = set()

    def publish(self, stem: str, suffix: str, text: str) -> Path:
        """Writes a shared file under a name that changes with its content."""
        name = f"{stem}-{hashlib.sha256(text.encode()).hexdigest()[:10]}{suffix}"
        (self.static / name).write_text(text, "utf-8")
        self.published.append(name)
        return self.static / name

    def local(self, page: Path, address: str) -> Path:
        path = Path(os.path.normpath(page.parent / address))
        if not path.is_file():
            raise FileNotFoundError(f"{page.relative_to(self.root)} asks for {address}, which does not exist")
        return path


def lighten(folder: str | Path) -> Lightened:
    """Rewrites a built edition in place; a folder that is light already is left as it is."""
    edition = _Edition(Path(folder).resolve())
    if not edition.pages:
        raise ValueError(f"{folder} holds no page of a built book")
    light = [MARK in page for page in edition.pages.values()]
    if all(light):
        return Lightened(len(light))
    if any(light):
        raise ValueError(f"{folder} mixes light pages with untouched ones: copy the built edition afresh")
    for path, page in edition.pages.items():
        page = scripts.first_script(
            scripts.without_handlers(repair(page), str(path.relative_to(edition.root)))
        )
        edition.pages[path] = _PRELOAD.sub("", page)
    styles = _style_sheets(edition)
    script = _script(edition)
    for path, page in edition.pages.items():
        page = _with_styles(path, page, styles, script)
        path.write_text(add_policy(page), "utf-8")
    _remove_replaced(edition)
    return Lightened(len(edition.pages), sorted(edition.published))


def _style_sheets(edition: _Edition) -> tuple[Path, Path | None]:
    """The sheet of all pages and the sheet of pages with formulas."""
    linked = [
        edition.local(path, m[1]) for path, page in edition.pages.items() for m in _SHEET.finditer(page)
    ]
    sheets = list(dict.fromkeys(linked))
    edition.replaced |= set(sheets)
    pages = "".join(edition.pages.values())
    code = "".join(
        path.read_text("utf-8")
        for path in edition.static.rglob("*.js")
        if _may_name_classes(path, edition.static)
    )
    known = style_sheets.words(pages) | style_sheets.words(code)

    math = [sheet for sheet in sheets if sheet.name == _MATH_SHEET]
    css = style_sheets.gather([sheet for sheet in sheets if sheet not in math], edition.static)
    css = style_sheets.purge(css, known)
    css = fonts.embed(css, edition.static, fonts.icon_text(css, pages))
    common = edition.publish("book", ".css", style_sheets.minify(css))
    if not math:
        return common, None
    css = style_sheets.purge(style_sheets.gather(math, edition.static), known)
    css = fonts.embed(css, edition.static, fonts.formula_text(pages))
    return common, edition.publish("math", ".css", style_sheets.minify(css))


def _may_name_classes(script: Path, static: Path) -> bool:
    # bootstrap names all its classes, used or not; its states are among those that are always kept
    return script.name not in ("bootstrap.js", "fontawesome.js") and static / "locales" not in script.parents


def _script(edition: _Edition) -> Path:
    """Publishes the common script and takes its parts out of the pages."""
    found = {path: scripts.scripts(page) for path, page in edition.pages.items()}

    def key(path: Path, script: scripts.Script) -> tuple[Path | None, str]:
        return (edition.local(path, script.source) if script.source else None, script.text)

    everywhere = set.intersection(*({key(path, s) for _, s in each} for path, each in found.items()))
    first = next(iter(found))
    common = [
        key(first, script)
        for _, script in found[first]
        if key(first, script) in everywhere
        and not (script.unwanted or script.for_search or scripts.FIRST in script.text)
    ]
    common = list(dict.fromkeys(common))
    parts = [file.read_text("utf-8") if file else text for file, text in common]
    bundle = edition.publish("book", ".js", scripts.bundle([*parts, scripts.LISTENER]))
    edition.replaced |= {file for file, _ in common if file}

    renamed: dict[Path, Path] = {}

    def published(file: Path) -> Path:
        if file not in renamed:
            renamed[file] = edition.publish(file.stem, file.suffix, scripts.bundle([file.read_text("utf-8")]))
        return renamed[file]

    for path, each in found.items():
        searches = '<div id="search-results"' in edition.pages[path]
        page, place = [], 0
        for match, script in each:
            page.append(edition.pages[path][place : match.start()])
            place = match.end()
            if script.unwanted or key(path, script) in common or (script.for_search and not searches):
                continue
            if script.source is None:
                page.append(match[0])
                continue
            file = published(edition.local(path, script.source))
            attributes = re.sub(r'\s*\b(?:src="[^"]*"|defer(?:="[^"]*")?|async(?:="[^"]*")?)', "", match[1])
            source = os.path.relpath(file, path.parent).replace(os.sep, "/")
            # deferred like the common script, so that it still runs after it
            page.append(f'<script defer{attributes} src="{source}"></script>\n    ')
        edition.pages[path] = "".join(page) + edition.pages[path][place:]
    edition.replaced |= set(renamed)
    return bundle


def _with_styles(path: Path, page: str, styles: tuple[Path, Path | None], script: Path) -> str:
    def address(file: Path) -> str:
        return os.path.relpath(file, path.parent).replace(os.sep, "/")

    common, math = styles
    links = [MARK, f'<link rel="stylesheet" href="{address(common)}" />']
    if math is not None and _SHOWS_MATH.search(page):
        links.append(f'<link rel="stylesheet" href="{address(math)}" />')
        links.append(f"<script>{scripts.FORMULA_FONTS}</script>")
    # a reader's tabs are remembered under this name by sphinx-design
    links.append(
        f'<script defer data-sd-tabs-storage-prefix="sphinx-design-tab-id-" src="{address(script)}"></script>'
    )
    first = _SHEET.search(page)
    assert first is not None
    # before the page's own scripts, which rely on the common one
    head = _SHEET.sub("", page[: first.start()]) + "\n    ".join(links) + "\n    "
    return head + _SHEET.sub("", page[first.end() :])


def _remove_replaced(edition: _Edition) -> None:
    for name in _REPLACED:
        path = edition.static / name
        if path.is_dir():
            shutil.rmtree(path)
        else:
            path.unlink(missing_ok=True)
    for path in edition.replaced:
        path.unlink(missing_ok=True)
