"""Titles that carry every language: "Свёртки || Convolutions"."""

from __future__ import annotations

from collections.abc import Sequence

SEPARATOR = "||"


def pick(title: str, language: str, languages: Sequence[str]) -> str:
    """The part of a title that `language` reads; a title without || is the same in every language."""
    if SEPARATOR not in title:
        return title
    parts = [part.strip() for part in title.split(SEPARATOR)]
    if len(parts) != len(languages) or not all(parts):
        raise ValueError(
            f"a title must have one part for each of {', '.join(languages)}, parted by ||, got {title!r}"
        )
    return parts[list(languages).index(language)]
