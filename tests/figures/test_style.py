import io
import re
import xml.etree.ElementTree as ElementTree

import numpy as np
import pytest
from PIL import Image

from upsample_lib import figures


def small_picture():
    figure, axes = figures.canvas(6, 3)
    figures.grid(axes, [[1, -2], [3, 0.5]], (0.5, 0.5), "input")
    figures.grid(axes, [0, 4], (3, 0.5), roles=[["zero", "output"]])
    figures.arrow(axes, (3, 2), (5, 2), "kernel")
    return figure


def test_a_picture_is_the_same_bytes_on_every_run():
    assert figures.svg(small_picture(), "a") == figures.svg(small_picture(), "a")


def test_every_colour_is_a_css_variable_with_a_fallback():
    text = figures.svg(small_picture(), "a")
    assert "var(--up-input, #0072b2)" in text
    assert "var(--up-zero-soft, #e6e6e6)" in text
    assert re.sub(r"var\(--up-[a-z-]+, #[0-9a-f]{6}\)", "", text).count("#") == text.count('href="#')


def test_svg_is_one_well_formed_element_without_style_sheet_or_stray_ids():
    text = figures.svg(small_picture(), "a")
    assert ElementTree.fromstring(text).tag == "{http://www.w3.org/2000/svg}svg"
    assert "<style" not in text
    assert "<text" not in text
    ids = set(re.findall(r' id="([^"]+)"', text))
    assert ids == set(re.findall(r'href="#([^"]+)', text))
    assert all(i.startswith("a-") for i in ids)


def test_axes_of_a_plot_follow_the_theme_too():
    figure, (axes,) = figures.plot(3, 2)
    axes.plot([1, 2], [1, 3], color=figures.COLOURS["output"])
    axes.set_xlabel("$s$")
    text = figures.svg(figure, "b")
    assert "var(--up-output, #007a5a)" in text
    assert "var(--up-ink, #1a1a1a)" in text


def test_png_keeps_every_pixel():
    image = np.arange(12, dtype=np.uint8).reshape(3, 4)
    with Image.open(io.BytesIO(figures.png(image, zoom=3))) as opened:
        np.testing.assert_array_equal(np.asarray(opened), np.kron(image, np.ones((3, 3), np.uint8)))
    with Image.open(io.BytesIO(figures.png([[0.0, 0.5], [1.0, 7.0]]))) as opened:
        assert np.asarray(opened).tolist() == [[0, 128], [255, 255]]


def test_png_refuses_integers_that_are_not_bytes():
    with pytest.raises(TypeError, match="image must be uint8 or floating, got int64"):
        figures.png(np.zeros((2, 2), np.int64))


def test_show_lays_the_picture_down_for_glue(monkeypatch):
    shown = []
    monkeypatch.setattr("IPython.display.display", lambda bundle, **how: shown.append((bundle, how)))
    figures.show("grid", small_picture())
    figures.show("photo", np.zeros((2, 2), np.uint8), zoom=2)
    (svg_bundle, how), (png_bundle, _) = shown
    assert list(svg_bundle) == ["image/svg+xml"]
    assert how["metadata"]["scrapbook"] == {"name": "grid", "mime_prefix": ""}
    assert png_bundle["image/png"].startswith(b"\x89PNG")
