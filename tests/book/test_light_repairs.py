"""Repairs of the theme's pages for screen readers."""

import pytest
from light_pages.repairs import repair


@pytest.mark.parametrize(
    ("page", "repaired"),
    [
        (
            '<div id="pst-primary-sidebar" class="bd-sidebar">',
            '<div id="pst-primary-sidebar" role="complementary" class="bd-sidebar">',
        ),
        (
            '<button class="btn search-button-field x" title="a" aria-label="a" data-b="c">Поиск Ctrl+K',
            '<button class="btn search-button-field x" data-b="c">Поиск Ctrl+K',
        ),
        ('<div class="citation" role="doc-biblioentry">', '<div class="citation" role="listitem">'),
        (
            '<div class="proof admonition" id="proof"><section class="proof-content" id="proof-content">',
            '<div class="proof admonition"><section class="proof-content">',
        ),
        ('<div class="proof theorem" id="thm-x">', '<div class="proof theorem" id="thm-x">'),
        (
            '<meta name="viewport" content="a"/>x<meta name="viewport" content="b"/>',
            '<meta name="viewport" content="a"/>x',
        ),
    ],
)
def test_repaired(page, repaired):
    assert repair(page) == repaired
    assert repair(repaired) == repaired
