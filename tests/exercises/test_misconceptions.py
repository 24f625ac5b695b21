"""Each of the course's 24 misconceptions is caught by an exercise, and the page that lists them names it."""

import re
from pathlib import Path

import pytest

from upsample_lib import exercises
from upsample_lib.exercises import all_exercises

PAGE = Path(__file__).resolve().parents[2] / "book" / "misconceptions.md"

# number → its label on the page (without "mis-"), and the chapters that must catch it
LISTED = {
    1: ("inverse", ("ch05",)),
    2: ("flip", ("ch05",)),
    3: ("gather", ("ch05",)),
    4: ("layout", ("ch05",)),
    5: ("overwrite", ("ch05",)),
    6: ("adding", ("ch02",)),
    7: ("padding", ("ch06",)),
    8: ("output-padding", ("ch06",)),
    9: ("crop-side", ("ch06",)),
    10: ("size-back", ("ch06",)),
    11: ("bilinear", ("ch06",)),
    12: ("even-doubling", ("ch07",)),
    13: ("divisible", ("ch07",)),
    14: ("same-weights", ("ch08",)),
    15: ("dilation", ("ch06",)),
    16: ("align-corners", ("ch03",)),
    17: ("nearest", ("ch03",)),
    18: ("fractional", ("ch03",)),
    19: ("labels", ("ch03",)),
    20: ("odd-size", ("ch02",)),
    21: ("no-indices", ("ch02",)),
    22: ("softmax", ("ch09",)),
    23: ("channel-order", ("ch08",)),
    24: ("skip", ("ch09",)),
}


def caught() -> dict[int, set[str]]:
    """Number → the exercises that recognise it."""
    found: dict[int, set[str]] = {}
    for one in all_exercises():
        for mistake in one.mistakes:
            if mistake.misconception is not None:
                found.setdefault(mistake.misconception, set()).add(one.name)
    return found


CAUGHT = caught()


@pytest.mark.parametrize("number", LISTED)
def test_the_responsible_chapter_catches_it(number: int) -> None:
    for chapter in LISTED[number][1]:
        if not hasattr(exercises, chapter):
            pytest.skip(f"no exercises of {chapter} yet")
        assert any(name.startswith(f"{chapter}.") for name in CAUGHT.get(number, ()))


def test_only_listed_numbers_are_used() -> None:
    assert sorted(LISTED) == list(range(1, 25))
    assert set(CAUGHT) <= set(LISTED)


def sections() -> dict[str, list[str]]:
    """Label → what the page says under it, in Russian and in English."""
    text = PAGE.read_text("utf-8")
    found: dict[str, list[str]] = {}
    for part in re.split(r"^\(mis-", text, flags=re.MULTILINE)[1:]:
        label, _, rest = part.partition(")=\n")
        found.setdefault(label, []).append(rest.partition("\n+++")[0])
    return found


def test_the_page_lists_all_of_them() -> None:
    assert set(sections()) == {label for label, _ in LISTED.values()}


@pytest.mark.parametrize("number", LISTED)
def test_the_page_names_exercises_that_catch_it(number: int) -> None:
    label, chapters = LISTED[number]
    for half in sections()[label]:
        named = set(re.findall(r"`(ch\d\d\.\w+)`", half))
        assert named <= CAUGHT.get(number, set())
        if any(name.partition(".")[0] in chapters for name in CAUGHT.get(number, ())):
            assert named, f"the page names no exercise for {label}"
