"""Every mistake is told from the right answer and from every other, also when a learner makes it."""

import re
from itertools import combinations

import numpy as np
import pytest

from upsample_lib.exercises import all_exercises, ch05
from upsample_lib.exercises.cases import Mistake, agree
from upsample_lib.exercises.exercise import Exercise
from upsample_lib.exercises.language import Text

ALL = all_exercises()
MADE = [(one, mistake) for one in ALL for mistake in one.mistakes]
each = pytest.mark.parametrize("one", ALL, ids=[one.name for one in ALL])


@each
def test_separation_matrix(one: Exercise) -> None:
    """On some case each mistake differs from the reference and from every other mistake."""
    answers = {"reference": one.expected, **one.wrong}
    collisions = [(a, b) for a, b in combinations(answers, 2) if all(map(agree, answers[a], answers[b]))]
    assert len(answers) == len(one.mistakes) + 1 >= 4
    assert not collisions


@each
def test_no_reference_is_passed_by_a_single_case(one: Exercise) -> None:
    """The first case, the smallest, is not enough: some mistake needs another."""
    assert any(agree(theirs[0], one.expected[0]) for theirs in one.wrong.values())


@each
def test_the_reference_passes(one: Exercise) -> None:
    report = one.check(one.reference)
    assert report.passed
    assert "✓" in repr(report)


@pytest.mark.parametrize(
    ("one", "mistake"), MADE, ids=[f"{one.name}-{mistake.name}" for one, mistake in MADE]
)
def test_each_mistake_made_by_a_learner(one: Exercise, mistake: Mistake) -> None:
    report = one.check(mistake.function)
    assert report.verdict == "failed"
    assert report.diagnosis == (mistake.name,)
    russian, english = report.in_text("ru"), report.in_text("en")
    assert mistake.says.ru in russian
    assert mistake.says.en in english
    assert not re.search("[а-яё]", english, re.IGNORECASE)
    assert report.failing is not None
    assert "<svg" in report.in_html("ru")


def test_two_mistakes_at_once() -> None:
    def scatter(x, w, s=1, p=0):  # type: ignore[no-untyped-def]
        y = np.zeros(len(x) - 1 + len(w))
        for i in range(len(x)):
            y[i : i + len(w)] += x[i] * w
        return y

    report = ch05.scatter.check(scatter)
    assert set(report.diagnosis) == {"stride_ignored", "not_cropped"}
    assert "two mistakes" in repr(report)


def texts(one: Exercise) -> list[Text]:
    shapes = [shape.says for shape in one.shapes.values()]
    return [one.title, one.task, *one.hints, *shapes, *(mistake.says for mistake in one.mistakes)]


@each
def test_everything_is_said_in_both_languages(one: Exercise) -> None:
    for text in texts(one):
        spoken = re.search("[а-яё]", text.ru, re.IGNORECASE) or re.fullmatch(r"(`[^`]+`[.,; ]*)+", text.ru)
        assert spoken, text
        assert text.en
        assert not re.search("[а-яё]", text.en, re.IGNORECASE), text
        assert text.ru.count("`") % 2 == text.en.count("`") % 2 == 0
    assert len({mistake.says for mistake in one.mistakes}) == len(one.mistakes)
    assert len(one.hints) >= 3


@each
def test_the_stub_is_not_attempted(one: Exercise) -> None:
    scope: dict[str, object] = {}
    exec(one.stub, scope)
    function = scope[one.function_name]
    assert one.check(function).verdict == "not attempted"  # type: ignore[arg-type]


def test_names_and_titles_are_unique() -> None:
    assert len({one.name for one in ALL}) == len({one.title for one in ALL}) == len(ALL)
    assert all(one.name.endswith(f".{one.function_name}") for one in ALL)
