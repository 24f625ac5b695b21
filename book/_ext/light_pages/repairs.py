"""Repairs of what the theme and its extensions get wrong for screen readers, on finished pages."""

from __future__ import annotations

import re

# (what is wrong, pattern, replacement)
REPAIRS: tuple[tuple[str, str, str], ...] = (
    (
        # the logo and the search stood outside every landmark
        "region",
        r'<div id="pst-primary-sidebar" class',
        '<div id="pst-primary-sidebar" role="complementary" class',
    ),
    (
        # the name said less than what is seen on the button ("Search Ctrl+K")
        "label-content-name-mismatch",
        r'(<button class="btn search-button-field [^>]*?) title="[^"]*" aria-label="[^"]*"',
        r"\1",
    ),
    (
        # a deprecated role, and no items of the list that it stands in
        "aria-required-children",
        r'role="doc-biblioentry"',
        'role="listitem"',
    ),
    (
        # each proof of a page had the same ids
        "duplicate-id",
        r'(<(?:div|section) class="[^"]*")\s+id="(?:proof|proof-content)"',
        r"\1",
    ),
    (
        # a place for advertisements that the book does not have
        "empty",
        r'<div id="ethical-ad-placement"[^>]*>\s*</div>',
        "",
    ),
    (
        # names, signs and spaces in code look like plain text without a tag each
        "weight",
        r'<span class="(?:n|p|w)">([^<]*)</span>',
        r"\1",
    ),
)
_VIEWPORT = re.compile(r'<meta name="viewport"[^>]*>\s*')


def repair(page: str) -> str:
    for _, pattern, replacement in REPAIRS:
        page = re.sub(pattern, replacement, page)
    return _one_viewport(page)


def _one_viewport(page: str) -> str:
    first = _VIEWPORT.search(page)
    return page[: first.end()] + _VIEWPORT.sub("", page[first.end() :]) if first else page
