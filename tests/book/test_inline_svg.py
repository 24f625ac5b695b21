"""Drawings inside the page, photographs with their sizes."""

import io
import re

import numpy as np
import pytest
from bs4 import BeautifulSoup
from inline_svg import embed_svg
from PIL import Image
from sphinx.application import Sphinx
from sphinx.util.docutils import docutils_namespace

SVG = """<?xml version="1.0"?>
<!DOCTYPE svg>
<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" width="72pt" height="36pt"
     viewBox="0 0 72 36" version="1.1" id="root">
 <metadata><x xmlns="urn:x"/></metadata>
 <defs><style type="text/css">*{stroke-linejoin: round; stroke-linecap: butt}</style>
 <path id="mark" d="M0 0"/><clipPath id="cut"><rect/></clipPath></defs>
 <g id="axes_1" clip-path="url(#cut)"><use xlink:href="#mark" style="fill: var(--up-input, #0072B2)"/></g>
</svg>"""


def parsed(markup):
    return BeautifulSoup(markup, "html.parser").svg


def test_ids_in_use_are_prefixed_and_the_others_go():
    svg = parsed(embed_svg(SVG, "fig1-", "line"))
    assert {each["id"] for each in svg.find_all(id=True)} == {"fig1-mark", "fig1-cut"}
    assert svg.use["href"] == "#fig1-mark"
    assert svg.g["clip-path"] == "url(#fig1-cut)"
    assert svg.use["style"] == "fill: var(--up-input, #0072B2)"


def test_name_and_size():
    svg = parsed(embed_svg(SVG, "fig1-", "line & <curve>"))
    assert (svg["role"], svg["aria-label"]) == ("img", "line & <curve>")
    assert (svg["width"], svg["height"]) == ("72pt", "36pt")
    assert svg["style"] == "stroke-linejoin: round; stroke-linecap: butt;max-width:100%;height:auto"


def test_document_parts_go():
    markup = embed_svg(SVG, "fig1-", "line")
    assert not re.search(r"<\?xml|DOCTYPE|metadata|<style|xmlns:|xlink|svg:|version", markup)


def test_a_picture_without_a_view_box_gets_one_so_that_it_can_shrink():
    markup = embed_svg('<svg xmlns="http://www.w3.org/2000/svg" width="30px" height="20"/>', "a-", "x")
    assert 'viewBox="0 0 30 20"' in markup


def test_hundredths_and_space_between_elements_go_but_not_in_text_or_small_units():
    drawing = (
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {} 50">\n <g>\n'
        '  <path d="M 1.23456 -0.999\nL 5e-7 20.5" transform="scale(0.015625)"/>\n </g>\n'
        "  <text>a <tspan>b</tspan> c</text></svg>"
    )
    markup = embed_svg(drawing.format(200), "a-", "x")
    assert '<g><path d="M 1.23 -1 L 5e-7 20.5" transform="scale(0.015625)" /></g>' in markup
    assert "<text>a <tspan>b</tspan> c</text>" in markup
    assert "1.23456" in embed_svg(drawing.format(2), "a-", "x")


def test_without_a_name_it_is_decoration():
    assert parsed(embed_svg("<svg/>", "a-", ""))["aria-hidden"] == "true"


@pytest.mark.parametrize(
    ("source", "message"),
    [("<svg", "cannot be read"), ("<svg><style>p{}</style></svg>", "may not have a style sheet")],
)
def test_what_cannot_live_in_a_page_is_refused(source, message):
    with pytest.raises(ValueError, match=message):
        embed_svg(source, "a-", "x")


@pytest.fixture(scope="module")
def built(tmp_path_factory):
    folder = tmp_path_factory.mktemp("pictures")
    source = folder / "source"
    source.mkdir()
    (source / "drawing.svg").write_text(SVG, "utf-8")
    (source / "broken.svg").write_text("<svg", "utf-8")
    Image.fromarray(np.zeros((4, 6), np.uint8)).save(source / "photo.png")
    (source / "index.md").write_text(
        "# Page\n\n"
        "```{figure} drawing.svg\n:alt: a line\n:name: fig-line\n:class: wide\n\nCaption\n```\n\n"
        "```{image} drawing.svg\n:alt: again\n:width: 50%\n```\n\n"
        "```{image} photo.png\n:alt: photo\n:class: pixelated\n```\n\n"
        "```{image} photo.png\n:alt: wide photo\n:width: 80%\n```\n\n"
        "```{image} broken.svg\n:alt: broken\n```\n",
        "utf-8",
    )
    warnings = io.StringIO()
    settings = {
        "source_suffix": {".md": "markdown"},
        "extensions": ["myst_parser", "inline_svg"],
        "html_theme": "basic",
    }
    with docutils_namespace():
        app = Sphinx(source, None, folder / "out", folder / "trees", "html", settings, None, warnings)
        app.build(force_all=True)
    soup = BeautifulSoup((folder / "out" / "index.html").read_text("utf-8"), "html.parser")
    return soup, warnings.getvalue(), folder / "out"


def test_drawings_are_in_the_page_with_their_own_ids(built):
    soup, _, out = built
    first, second = soup.find_all("svg")
    assert first.find_parent("figure")["id"] == "fig-line"
    assert (first["aria-label"], first["class"]) == ("a line", ["wide"])
    assert second["style"].startswith("width:50%;")
    assert "height" not in second.attrs
    assert first.use["href"] != second.use["href"]
    assert not (out / "_images" / "drawing.svg").exists()


def test_photographs_have_their_size_and_only_the_first_is_loaded_at_once(built):
    soup, _, _ = built
    first, second = soup.find_all("img", src=re.compile("photo"))
    assert (first["width"], first["height"], first["decoding"]) == ("6", "4", "async")
    assert first["class"] == ["pixelated"]
    assert "loading" not in first.attrs
    assert second["loading"] == "lazy"
    assert "height" not in second.attrs


def test_a_broken_drawing_is_a_warning_with_its_place(built):
    _, warnings, _ = built
    assert re.search(r"index\.md:\d+: WARNING: broken\.svg: an SVG picture cannot be read", warnings)
