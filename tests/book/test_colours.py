"""The colour code: the same in the style sheet, the formulas and the notebooks, and readable as text."""

import re
from pathlib import Path

import pytest
from prerendered_math.macros import COLOURS

BOOK = Path(__file__).parents[2] / "book"
CSS = (BOOK / "_static" / "book.css").read_text("utf-8")
CODE = ("up-input", "up-kernel", "up-output", "up-zero")


def variables(theme):
    block = re.search(rf'html\[data-theme="{theme}"\] \{{([^}}]*)\}}', CSS)[1]
    return dict(re.findall(r"--(up-[\w-]+): (#[0-9a-f]{6});", block))


def luminance(colour):
    channels = (int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5))
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one, other):
    darker, lighter = sorted(map(luminance, (one, other)))
    return (lighter + 0.05) / (darker + 0.05)


def mixed(colour, share, ground):
    """What color-mix(in srgb, colour share, ground) gives."""
    pairs = ((int(colour[i : i + 2], 16), int(ground[i : i + 2], 16)) for i in (1, 3, 5))
    return "#" + "".join(f"{round(a * share + b * (1 - share)):02x}" for a, b in pairs)


def test_contrast_as_the_standard_computes_it():
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#767676", "#ffffff") == pytest.approx(4.54, abs=0.01)


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("name", [*CODE, "up-ink", "up-quiet", "up-link", "up-mistake"])
def test_colours_are_readable_as_text(theme, name):
    values = variables(theme)
    assert contrast(values[name], values["up-paper"]) >= 4.5
    assert contrast(values[name], values["up-panel"]) >= 4.5
    # a box is tinted with 5 % of its own colour
    assert contrast(values[name], mixed(values[name], 0.05, values["up-paper"])) >= 4.5


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("name", CODE)
def test_ink_is_readable_on_tinted_cells(theme, name):
    values = variables(theme)
    assert contrast(values["up-ink"], mixed(values[name], 0.18, values["up-paper"])) >= 4.5


def test_both_themes_set_the_same_variables():
    assert set(variables("light")) == set(variables("dark"))


def test_formulas_and_notebooks_use_the_colours_of_the_light_theme():
    light = variables("light")
    fallbacks = dict(
        re.findall(
            r"var\(--(up-\w+), (#\w+)\)",
            (BOOK / "_ext/prerendered_math/prerendered_math.css").read_text("utf-8"),
        )
    )
    assert fallbacks == {name: light[name] for name in CODE}
    assert {css: colour.lower() for css, colour in COLOURS.values()} == fallbacks


def test_favicon_and_logos_are_our_own_and_ask_for_nothing():
    for name in ("favicon.svg", "logo.svg", "logo-dark.svg"):
        text = (BOOK / "_static" / name).read_text("utf-8")
        assert "<rect" in text
        assert not re.search(r"href|url\(|@import|<script", text)
