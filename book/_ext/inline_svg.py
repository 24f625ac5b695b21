"""Sphinx extension: drawings become part of the page, photographs keep their pixels.

An SVG inside the page sees its CSS variables, so figures follow the dark and the light theme. Its ids become
unique in the page, its size follows the column, and its alternative text becomes its accessible name. Other
pictures get their size, so that the page does not jump, and are loaded when they come near.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import imagesize
from docutils import nodes
from sphinx.application import Sphinx
from sphinx.transforms.post_transforms import SphinxPostTransform
from sphinx.util import logging
from sphinx.writers.html5 import HTML5Translator

logger = logging.getLogger(__name__)

_REFERENCE = re.compile(r"url\(\s*['\"]?#([^)'\"]+)['\"]?\s*\)")
_LABEL = {"ru": "Вывод ячейки с кодом", "en": "Output of a code cell"}
# matplotlib's only rule for all elements; said once on the root, its properties are inherited
_FOR_ALL = re.compile(r"^\s*\*\s*\{([^{}]*)\}\s*$")


def embed_svg(source: str, prefix: str, label: str, classes: tuple[str, ...] = ()) -> str:
    """An SVG document as markup for a page: own ids, no document parts, a name for screen readers."""
    try:
        root = ElementTree.fromstring(source)
    except ElementTree.ParseError as error:
        raise ValueError(f"an SVG picture cannot be read: {error}") from None
    _shed(root)
    for style in [each for each in root.iter() if each.tag == "style"]:
        _unscoped_style(root, style)
    _own_ids(root, prefix)
    root.set("role", "img")
    root.attrib.setdefault("fill", "currentColor")  # instead of SVG's black, which a dark page would swallow
    root.attrib.pop("id", None)
    if label:
        root.set("aria-label", label)
    elif not root.get("aria-label"):
        root.set("aria-hidden", "true")
    if classes:
        root.set("class", " ".join([*root.get("class", "").split(), *classes]))
    _flexible_size(root)
    _compact(root)
    return ElementTree.tostring(root, encoding="unicode")


def _shed(root: ElementTree.Element) -> None:
    """Plain names (an HTML parser knows SVG's), and nothing that only editors read."""
    for parent in list(root.iter()):
        for child in list(parent):
            if not isinstance(child.tag, str) or child.tag.endswith("}metadata"):
                parent.remove(child)
    for element in root.iter():
        element.tag = element.tag.rsplit("}", 1)[-1]
        for name in [name for name in element.attrib if name.startswith("{")]:
            value, plain = element.attrib.pop(name), name.rsplit("}", 1)[-1]
            if plain in ("href", "lang"):
                element.attrib.setdefault(plain, value)
    root.attrib.pop("version", None)


def _unscoped_style(root: ElementTree.Element, style: ElementTree.Element) -> None:
    """A style element inside a page would rule the whole page."""
    rule = _FOR_ALL.match(style.text or "")
    if rule is None:
        raise ValueError("an SVG picture for a page may not have a style sheet; use presentation attributes")
    root.set("style", f"{rule[1].strip().rstrip(';')};{root.get('style', '')}".rstrip(";"))
    for parent in root.iter():
        if style in list(parent):
            parent.remove(style)


def _own_ids(root: ElementTree.Element, prefix: str) -> None:
    """Prefixes the ids that something refers to; the others go."""
    used: set[str] = set()
    for element in root.iter():
        for name, value in element.attrib.items():
            used.update(_REFERENCE.findall(value))
            if name == "href" and value.startswith("#"):
                used.add(value[1:])
            if name in ("aria-labelledby", "aria-describedby"):
                used.update(value.split())
    for element in root.iter():
        for name, value in list(element.attrib.items()):
            if name == "id":
                if value in used:
                    element.set(name, prefix + value)
                else:
                    del element.attrib[name]
            elif name == "href" and value.startswith("#"):
                element.set(name, f"#{prefix}{value[1:]}")
            elif name in ("aria-labelledby", "aria-describedby"):
                element.set(name, " ".join(prefix + each for each in value.split()))
            else:
                element.set(name, _REFERENCE.sub(lambda m: f"url(#{prefix}{m[1]})", value))


_LONG = re.compile(r"-?\d*\.\d{3,}")
_COORDINATES = ("d", "points", "x", "y", "x1", "y1", "x2", "y2", "cx", "cy", "r", "width", "height")


def _compact(root: ElementTree.Element) -> None:
    """Hundredths of a unit and space between elements are not seen, but are a third of a drawing's weight."""
    for element in root.iter():
        if element.tag not in ("text", "tspan") and not (element.text or "").strip():
            element.text = None
        for child in element:
            if element.tag not in ("text", "tspan") and not (child.tail or "").strip():
                child.tail = None
    box = [float(number) for number in re.findall(r"-?[\d.]+", root.get("viewBox", ""))]
    if len(box) != 4 or max(box[2:]) < 100:
        return  # units of its own, in which a hundredth may be much
    for element in root.iter():
        for name in _COORDINATES:
            if name in element.attrib and element is not root:
                number = _LONG.sub(
                    lambda m: f"{float(m[0]):.2f}".rstrip("0").rstrip("."), element.attrib[name]
                )
                element.set(name, re.sub(r"\s+", " ", number).strip())


def _flexible_size(root: ElementTree.Element) -> None:
    """Its own size where there is room, the column's width where there is not."""
    width, height = root.get("width"), root.get("height")
    if width and height and not root.get("viewBox"):
        root.set(
            "viewBox", f"0 0 {float(re.sub('[a-z]+$', '', width)):g} {float(re.sub('[a-z]+$', '', height)):g}"
        )
    style = [part for part in root.get("style", "").split(";") if part.strip()]
    if not any(part.strip().startswith("max-width") for part in style):
        style.append("max-width:100%")
    if not any(part.strip().startswith("height") for part in style):
        style.append("height:auto")
    root.set("style", ";".join(style))


class InlineSvg(SphinxPostTransform):
    """Replaces SVG images by their markup."""

    default_priority = 500  # after outputs are chosen and glued
    formats = ("html",)

    def run(self, **kwargs: Any) -> None:
        images = [node for node in self.document.findall(nodes.image) if node["uri"].endswith(".svg")]
        for number, node in enumerate(images, 1):
            path = _path_of(self.app, node)
            if path is None or "no-inline" in node.get("classes", []):
                continue
            alt = node.get("alt") or _LABEL.get(self.config.language, _LABEL["en"])
            classes = tuple(each for each in node.get("classes", []))
            try:
                markup = embed_svg(path.read_text("utf-8"), f"fig{number}-", alt, classes)
            except ValueError as error:
                logger.warning("%s: %s", path.name, error, location=node, type="inline_svg")
                continue
            if node.get("width"):
                markup = _with_width(markup, node["width"])
            raw = nodes.raw("", markup, format="html")
            if isinstance(node.parent, nodes.TextElement) or node.get("align") is None:
                node.replace_self(raw)
            else:
                node.replace_self(nodes.container("", raw, classes=[f"align-{node['align']}"]))


def _with_width(markup: str, width: str) -> str:
    width = f"{width}px" if width.isdigit() else width
    markup = re.sub(r'^(<svg\b[^>]*?) width="[^"]*"', r"\1", markup)
    markup = re.sub(r'^(<svg\b[^>]*?) height="[^"]*"', r"\1", markup)
    return re.sub(r'^(<svg\b[^>]*?style=")', rf"\1width:{width};", markup)


def _path_of(app: Sphinx, node: nodes.image) -> Path | None:
    """The file of an image, of the book or of an output; None for another host's."""
    uri = node["uri"]
    if "://" in uri or uri.startswith("data:"):
        return None
    path = Path(app.srcdir) / uri.lstrip("/")
    return path if path.is_file() else None


def _visit_image(self: HTML5Translator, node: nodes.image) -> None:
    uri = node["uri"]
    HTML5Translator.visit_image(self, node)
    path = _path_of(self.builder.app, node) or Path(self.builder.srcdir) / uri
    if path.suffix == ".svg" or not path.is_file():
        return
    extra = ['decoding="async"']
    # the first picture may be what the page is waited for
    if getattr(self, "_pictures_before", 0):
        extra.insert(0, 'loading="lazy"')
    self._pictures_before = getattr(self, "_pictures_before", 0) + 1
    width, height = imagesize.get(path)
    if width > 0 and not any(name in node for name in ("width", "height", "scale")):
        extra = [f'width="{width}"', f'height="{height}"', *extra]
    self.body[-1] = re.sub(r"<img\b", lambda _: f"<img {' '.join(extra)}", self.body[-1], count=1)


def _depart_image(self: HTML5Translator, node: nodes.image) -> None:
    HTML5Translator.depart_image(self, node)


def setup(app: Sphinx) -> dict[str, Any]:
    app.add_post_transform(InlineSvg)
    app.add_node(nodes.image, override=True, html=(_visit_image, _depart_image))
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
