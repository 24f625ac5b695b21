"""Sphinx extension: anywidget's front-end modules on a page without a kernel.

A notebook stores the state of its widgets, the source of their scripts included. Here each source becomes a
file, loaded once and only where it is shown; the widget's other traits stay in the page, or become a file of
their own where they are large; its trait `poster` (SVG markup) is the picture before the script runs, in
print, and without scripts. Widgets that need Python show the picture or text beside them, not dead controls.
No page loads require.js or another host's scripts.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from docutils import nodes
from inline_svg import embed_svg
from sphinx.application import Sphinx
from sphinx.transforms.post_transforms import SphinxPostTransform
from sphinx.util import logging
from sphinx.util.osutil import relative_uri

from .modules import ModuleError, classic_script, kebab, traits_script

HERE = Path(__file__).parent
VIEW = "application/vnd.jupyter.widget-view+json"
FOLDER = "_static/explorables"
# traits of every ipywidget that only a notebook's layout needs
_UNUSED = {"layout", "tabbable", "tooltip", "poster"}
_LARGE = 40_000  # characters of traits that would keep the page's text waiting

logger = logging.getLogger(__name__)
State = dict[str, Any]


def _keep_state(app: Sphinx, doctree: nodes.document) -> None:
    """Takes the widgets' state, and the scripts that would show it, off the page that has just been read."""
    env: Any = app.env
    files = getattr(env, "nb_metadata", {}).get(env.docname, {}).get("js_files", {})
    for key in [key for key in files if key.startswith("ipywidgets")]:
        _, attributes = files.pop(key)
        if key == "ipywidgets_state":
            env.nb_metadata[env.docname]["widgets"] = json.loads(attributes["body"])["state"]


def _widgets(app: Sphinx, page: str) -> dict[str, State]:
    """The models of a page by their ids: those that anywidget can show without a kernel."""
    models = getattr(app.env, "nb_metadata", {}).get(page, {}).get("widgets", {})
    return {key: model for key, model in models.items() if model["state"].get("_esm")}


def _file(text: str, name: str, suffix: str) -> str:
    return f"{name}-{hashlib.sha256(text.encode()).hexdigest()[:10]}{suffix}"


def _script_name(state: State) -> str:
    return _file(state["_esm"], kebab(state.get("_anywidget_id", "widget")), ".js")


def _style_name(state: State) -> str | None:
    # one style sheet may serve several widgets, so it is not named after one
    return _file(state["_css"], "style", ".css") if state.get("_css") else None


def _traits(state: State) -> str:
    traits = {key: value for key, value in state.items() if key not in _UNUSED and key[0] != "_"}
    return json.dumps(traits, ensure_ascii=False, separators=(",", ":")).replace("</", "<\\/")


def _traits_name(state: State) -> str | None:
    """The file of a widget's traits; none where they stay in the page."""
    traits = _traits(state)
    return _file(traits, "traits", ".js") if len(traits) > _LARGE else None


class HostWidgets(SphinxPostTransform):
    """Puts a placeholder where a notebook shows a widget."""

    default_priority = 3  # before MyST-NB chooses one of an output's representations (4)
    formats = ("html",)

    def run(self, **kwargs: Any) -> None:
        widgets = _widgets(self.app, self.env.docname)
        shown: list[str] = []
        for bundle in list(self.document.findall(_shows_widget)):
            (view,) = (child for child in bundle.children if child["mime_type"] == VIEW)
            model_id = self._model_id(view)
            if model_id not in widgets:
                bundle.remove(view)
                continue
            if model_id not in shown:
                shown.append(model_id)
            html = self._placeholder(widgets[model_id], number=shown.index(model_id) + 1)
            bundle.replace_self(nodes.raw("", html, format="html", classes=["output"]))

    @staticmethod
    def _model_id(view: nodes.Element) -> str:
        text = "".join(raw.astext() for raw in view.findall(nodes.raw))
        match = re.search(r'"model_id":\s*"([^"]+)"', text)
        return match[1] if match else ""

    def _placeholder(self, model: State, number: int) -> str:
        state = model["state"]
        if model.get("buffers"):
            logger.warning("a widget's binary trait has no place on a page", location=self.env.docname)
        page = self.app.builder.get_target_uri(self.env.docname)

        def address(name: str) -> str:
            return relative_uri(page, f"{FOLDER}/{name}")

        style = _style_name(state)
        traits = _traits_name(state)
        attributes = [
            'class="explorable"',
            f'data-module="{address(_script_name(state))}"',
            *([f'data-style="{address(style)}"'] if style else []),
            *([f'data-traits="{address(traits)}"'] if traits else []),
            f'data-model="{number}"',
        ]
        data = "" if traits else f'<script type="application/json">{_traits(state)}</script>'
        poster = state.get("poster") or ""
        if poster:
            poster = embed_svg(poster, prefix=f"explorable{number}-", label="")
        return f'<div {" ".join(attributes)}><div class="explorable-poster">{poster}</div>{data}</div>'


def _shows_widget(node: nodes.Node) -> bool:
    return (
        isinstance(node, nodes.container)
        and node.get("nb_element") == "mime_bundle"
        and any(child.get("mime_type") == VIEW for child in node.children)
    )


def _load_host(app: Sphinx, page: str, template: str, context: dict[str, Any], doctree: Any) -> None:
    if doctree is not None and _widgets(app, page):
        app.add_js_file("widget_host.js", loading_method="defer")


def _states(app: Sphinx) -> Iterator[State]:
    for page in sorted(app.env.found_docs):
        for model in _widgets(app, page).values():
            yield model["state"]


def _write_modules(app: Sphinx, exception: Exception | None) -> None:
    """All scripts, style sheets and large traits of the book's widgets; what an earlier build left goes."""
    if exception is not None or app.builder.format != "html":
        return
    files: dict[str, str] = {}
    for state in _states(app):
        name = _script_name(state)
        try:
            files[name] = classic_script(state["_esm"], name.removesuffix(".js"))
        except ModuleError as error:
            logger.warning("%s", error, type="widget_host", subtype="module")
        if style := _style_name(state):
            files[style] = state["_css"]
        if traits := _traits_name(state):
            files[traits] = traits_script(_traits(state), traits.removesuffix(".js"))
    folder = Path(app.outdir) / FOLDER
    for old in folder.glob("*"):
        if old.name not in files:
            old.unlink()
    for name, text in files.items():
        folder.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, "utf-8")


def setup(app: Sphinx) -> dict[str, Any]:
    app.connect("doctree-read", _keep_state)
    app.add_post_transform(HostWidgets)
    app.connect("html-page-context", _load_host)
    app.connect("build-finished", _write_modules)
    app.connect("builder-inited", lambda app: app.config.html_static_path.append(str(HERE / "static")))
    app.add_css_file("widget_host.css")
    return {"version": "1", "env_version": 1, "parallel_read_safe": True, "parallel_write_safe": True}
