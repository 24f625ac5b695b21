"""Sphinx extension: settings that make the theme this book's – logo and title, colours of code."""

from __future__ import annotations

from typing import Any

from sphinx.application import Sphinx
from sphinx.config import Config


def _settings(app: Sphinx, config: Config) -> None:
    options = config.html_theme_options
    options["logo"] = {
        "image_light": "_static/logo.svg",
        "image_dark": "_static/logo-dark.svg",
        "text": config.html_title,
        "alt_text": "",  # the title stands beside the drawing
    }
    options["navbar_persistent"] = []  # the sidebar has a search of its own
    options["pygments_light_style"] = "a11y-high-contrast-light"
    options["pygments_dark_style"] = "a11y-high-contrast-dark"


def setup(app: Sphinx) -> dict[str, Any]:
    # after the edition has chosen its title
    app.connect("config-inited", _settings, priority=700)
    app.add_js_file("book.js", loading_method="defer")
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
