"""One style sheet for all pages: gathered in their order, without the rules that no page can use."""

from __future__ import annotations

import os
import re
from pathlib import Path

import rcssmin
import tinycss2

# Names that scripts put together from parts or browsers' libraries add: never purged, used or not
KEPT = frozenset(
    [
        *("show", "showing", "hide", "hiding", "fade", "active", "disabled", "highlighted"),
        *("collapse", "collapsing", "collapsed", "toggle-hidden", "modal-open", "pst-js-only"),
        *("dropdown", "dropup", "dropend", "dropdown-menu", "tooltip", "tooltip-inner", "tooltip-arrow"),
        *(f"bs-tooltip-{side}" for side in ("auto", "top", "bottom", "start", "end")),
    ]
)

_WORD = re.compile(r"[\w-]+")
_IMPORT = re.compile(r"""@import\s+(?:url\(\s*)?["']?([^"')\s;]+)["']?\s*\)?\s*;""")
_URL = re.compile(r"""url\(\s*(['"]?)(?!data:|#|https?:|//)([^)'"]+)\1\s*\)""")
_NAME = re.compile(r"[.#]((?:[\w-]|\\.|[^\x00-\x7f])+)")
_NESTED = frozenset({"media", "supports", "layer", "container"})


def words(text: str) -> set[str]:
    """Everything in a page or a script that could be the name of a class or an id."""
    return set(_WORD.findall(text))


def gather(sheets: list[Path], base: Path) -> str:
    """The sheets as one text, imports written out, addresses made relative to `base`; each file once."""
    done: set[Path] = set()

    def load(path: Path) -> str:
        path = Path(os.path.normpath(path))
        if path in done:
            return ""
        done.add(path)
        css = path.read_text("utf-8").removeprefix("\ufeff")
        here = os.path.relpath(path.parent, base)

        def address(match: re.Match[str]) -> str:
            return f"url({os.path.normpath(os.path.join(here, match[2])).replace(os.sep, '/')})"

        # imports first set apart, as what they bring has its addresses rewritten already
        pieces = _IMPORT.split(css)
        own = [_URL.sub(address, piece) for piece in pieces[::2]]
        brought = [load(path.parent / name.split("?")[0]) for name in pieces[1::2]]
        return "".join(piece for pair in zip(own, [*brought, ""]) for piece in pair)

    return "\n".join(map(load, sheets))


def purge(css: str, known: set[str]) -> str:
    """Drops each selector that needs a class or an id that occurs nowhere; what cannot be judged stays."""
    known = known | KEPT

    def alive(selector: str) -> bool:
        # what stands in :not(), :is(), :where(), :has() or in an attribute need not occur
        plain = re.sub(r":(?:not|is|where|has)\((?:[^()]|\([^()]*\))*\)", "", selector)
        plain = re.sub(r"\[[^\]]*\]|\"[^\"]*\"", "", plain)
        return all(name.replace("\\", "") in known for name in _NAME.findall(plain))

    def rules(nodes: list[tinycss2.ast.Node]) -> str:
        return "".join(map(rule, nodes))

    def rule(node: tinycss2.ast.Node) -> str:
        if node.type == "qualified-rule":
            kept = [selector for selector in _selectors(node.prelude) if alive(selector)]
            return f"{','.join(kept)}{{{tinycss2.serialize(node.content)}}}" if kept else ""
        if node.type != "at-rule" or node.lower_at_keyword == "charset":
            return ""
        head = f"@{node.at_keyword}{tinycss2.serialize(node.prelude)}"
        if node.content is None:
            return head + ";"
        if node.lower_at_keyword not in _NESTED:
            return f"{head}{{{tinycss2.serialize(node.content)}}}"
        inner = rules(tinycss2.parse_rule_list(node.content, skip_comments=True, skip_whitespace=True))
        return f"{head}{{{inner}}}" if inner else ""

    return rules(tinycss2.parse_stylesheet(css, skip_comments=True, skip_whitespace=True))


def _selectors(prelude: list[tinycss2.ast.Node]) -> list[str]:
    groups: list[list[tinycss2.ast.Node]] = [[]]
    for token in prelude:
        if token.type == "literal" and token.value == ",":
            groups.append([])
        else:
            groups[-1].append(token)
    return [tinycss2.serialize(group).strip() for group in groups]


def minify(css: str) -> str:
    return str(rcssmin.cssmin(css))
