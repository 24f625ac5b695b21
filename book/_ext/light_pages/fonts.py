"""Fonts cut to the characters that the pages show, and laid into the style sheet.

They are data: addresses because a font in a file of its own is fetched only after the style sheet, and
because Firefox does not load a font from disk at all.
"""

from __future__ import annotations

import base64
import html
import io
import re
from collections.abc import Iterator, Mapping
from functools import lru_cache
from pathlib import Path

from fontTools import subset
from fontTools.ttLib import TTFont

_FACE = re.compile(r"@font-face\s*\{[^{}]*\}")
_WOFF2 = re.compile(r"url\(([^)]+\.woff2)\)")
_RULE = re.compile(r"([^{}]+)\{([^{}]*)\}")
_TAG = re.compile(r"<(/?)span\b[^>]*>|<[^>]*>")
_CLASSES = re.compile(r'\bclass="([^"]*)"')
_ESCAPED_ICON = re.compile(r"\\([ef][0-9a-f]{3})\b")
_ICON = re.compile(r"[\ue000-\uf8ff]")


def formula_text(page: str) -> dict[str, set[str]]:
    """Characters that the formulas of a page show, by class of the elements around them; "katex" is all."""
    found: dict[str, set[str]] = {}
    for text, classes in _katex_html(page):
        for name in classes:
            found.setdefault(name, set()).update(text)
    return found


def _katex_html(page: str) -> Iterator[tuple[str, set[str]]]:
    """Each text in a `katex-html` element, and the classes of the spans that it lies in."""
    for piece in page.split('<span class="katex-html"')[1:]:
        around, place = [{"katex"}], piece.index(">") + 1
        for tag in _TAG.finditer(piece, place):
            yield html.unescape(piece[place : tag.start()]), around[-1]
            place = tag.end()
            if tag[1]:
                around.pop()
            elif tag[0].startswith("<span"):
                named = _CLASSES.search(tag[0])
                around.append(around[-1] | set(named[1].split() if named else ()))
            if not around:
                break


def icon_text(css: str, pages: str) -> str:
    """The icons in use: icon fonts keep them in the private area, style sheets name them by number."""
    return "".join(
        sorted({chr(int(x, 16)) for x in _ESCAPED_ICON.findall(css)} | set(_ICON.findall(css + pages)))
    )


def embed(css: str, folder: Path, text: str | Mapping[str, set[str]]) -> str:
    """Each @font-face of `css` that is used, its font cut to `text` and written into it; the others go.

    Where `text` is given by class, a font needs the characters under those classes whose rules ask for it.
    """
    rules = _plain(_FACE.sub("", css))

    def face(match: re.Match[str]) -> str:
        family = re.search(r"font-family:\s*([^;}]+)", match[0])
        font = _WOFF2.search(match[0])
        if font is None:
            return match[0]
        if family is None or not _used(match[0], _plain(family[1]).strip(), rules):
            return ""
        shown = (
            set(text) if isinstance(text, str) else _shown(match[0], _plain(family[1]).strip(), rules, text)
        )
        data = cut(folder / font[1], "".join(sorted(shown)))
        if data is None:
            return ""
        source = f'url(data:font/woff2;base64,{base64.b64encode(data).decode()}) format("woff2")'
        return re.sub(r"src:[^;}]*", lambda _: f"src:{source}", match[0])

    return _FACE.sub(face, css)


def _used(face: str, family: str, rules: str) -> bool:
    """Whether some rule asks for the family, and for the face's weight and slope in it or in any family."""
    if family not in rules:
        return False
    for name in ("font-weight", "font-style"):
        wanted = re.search(rf"{name}:\s*([\w-]+)", face)
        if wanted is None or wanted[1] in ("normal", "400"):
            continue
        asking = re.findall(rf"\{{([^{{}}]*{name}:\s*{wanted[1]}\b[^{{}}]*)", rules)
        if not any(family in rule or "font-family" not in rule for rule in asking):
            return False
    return True


def _shown(face: str, family: str, rules: str, text: Mapping[str, set[str]]) -> set[str]:
    """What stands under the classes of the rules that ask for the face."""
    bold = re.search(r"font-weight:\s*(bold|700)", face) is not None
    found: set[str] = set()
    for selectors, rule in _RULE.findall(rules):
        inherited = bold and "font-family" not in rule
        if (family in rule or inherited) and bold == bool(re.search(r"font-weight:\s*(bold|700)", rule)):
            for selector in selectors.split(","):
                classes = re.findall(r"\.([\w-]+)", selector)
                own = classes[1:] if classes[:1] == ["katex"] and len(classes) > 1 else classes
                found |= set.intersection(*(text.get(name, set()) for name in own)) if own else text["katex"]
    return found


def _plain(css: str) -> str:
    # Font Awesome\ 6 Free and "Font Awesome 6 Free" are one name
    return re.sub(r"[\\'\"]", "", css)


@lru_cache(maxsize=64)
def cut(path: Path, text: str) -> bytes | None:
    """The font as woff2 with only the characters of `text`; None when it has none of them."""
    font = TTFont(path)
    if not any(ord(character) in font.getBestCmap() for character in text):
        return None
    options = subset.Options()
    options.flavor = "woff2"
    options.layout_features = ["*"]
    options.hinting = False
    options.notdef_outline = True
    options.name_IDs = [0, 1, 2, 13, 14]  # names and licence stay with the font
    subsetter = subset.Subsetter(options)
    subsetter.populate(text=text)
    subsetter.subset(font)
    font.flavor = "woff2"
    font["head"].modified = font["head"].created  # the same font every time
    data = io.BytesIO()
    font.save(data, reorderTables=True)
    return data.getvalue()
