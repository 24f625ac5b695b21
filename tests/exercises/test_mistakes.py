"""Every mistake is told from the right answer and from every other, also when a learner makes it."""

import re
from itertools import combinations

import pytest

from upsample_lib.exercises import ch05
from upsample_lib.exercises.cases import agree
from upsample_lib.exercises.exercise import Exercise
from upsample_lib.exercises.language import Text

NAMES = ("scatter", "recipe", "matrix", "conv_transpose")


def exercise(name: str) -> Exercise:
    found: Exercise = getattr(ch05, name)
    return found


def made(name: str) -> list[str]:
    return [mistake.name for mistake in exercise(name).mistakes]


@pytest.fixture(params=NAMES)
def one(request: pytest.FixtureRequest) -> Exercise:
    return exercise(request.param)


def test_hand_computed_answers() -> None:
    """The chapter's own example: prints 2, 20, 200 and 3, 30, 300 overlap in 203."""
    assert ch05.scatter.expected[0].tolist() == [2, 20, 203, 30, 300]
    assert ch05.scatter.expected[1].tolist() == [2, 23, 230, 300]
    assert ch05.scatter.expected[2].tolist() == [20, 203, 30]
    assert ch05.recipe.expected[0].tolist() == [2, 20, 203, 30, 300]
    assert ch05.matrix.expected[0].T.tolist() == [[1, 10, 100, 0, 0], [0, 0, 1, 10, 100]]
    assert ch05.scatter.wrong["overwritten"][0].tolist() == [2, 20, 3, 30, 300]
    assert ch05.recipe.wrong["not_flipped"][0].tolist() == [200, 20, 302, 30, 3]


def test_references_agree_with_torch() -> None:
    import torch
    import torch.nn.functional as F

    for name in ("scatter", "recipe"):
        for case, answer in zip(exercise(name).cases, exercise(name).expected):
            x, w = (torch.from_numpy(case[key])[None, None] for key in "xw")
            right = F.conv_transpose1d(x, w, stride=case["s"], padding=case["p"])
            assert agree(answer, right[0, 0].numpy())
    for case, answer in zip(ch05.matrix.cases, ch05.matrix.expected):
        w, ones = torch.from_numpy(case["w"])[None, None], torch.eye(case["n"]).double()[:, None]
        columns = F.conv_transpose1d(ones, w, stride=case["s"], padding=case["p"])
        assert agree(answer, columns[:, 0].T.numpy())
    for case, answer in zip(ch05.conv_transpose.cases, ch05.conv_transpose.expected):
        x, w, *others = (torch.from_numpy(v) if hasattr(v, "shape") else v for v in case.values())
        assert agree(answer, F.conv_transpose2d(x, w, None, *others).numpy())


def test_separation_matrix(one: Exercise) -> None:
    """On some case each mistake differs from the reference and from every other mistake."""
    answers = {"reference": one.expected, **one.wrong}
    collisions = [(a, b) for a, b in combinations(answers, 2) if all(map(agree, answers[a], answers[b]))]
    assert len(answers) == len(one.mistakes) + 1 >= 7
    assert not collisions


def test_no_reference_is_passed_by_a_single_case(one: Exercise) -> None:
    """The first case, the smallest, is not enough: some mistake needs another."""
    assert any(agree(theirs[0], one.expected[0]) for theirs in one.wrong.values())


def test_the_reference_passes(one: Exercise) -> None:
    report = one.check(one.reference)
    assert report.passed
    assert "✓" in repr(report)


@pytest.mark.parametrize(("name", "mistake"), [(name, mistake) for name in NAMES for mistake in made(name)])
def test_each_mistake_made_by_a_learner(name: str, mistake: str) -> None:
    one = exercise(name)
    (wrong,) = (found for found in one.mistakes if found.name == mistake)
    report = one.check(wrong.function)
    assert report.verdict == "failed"
    assert report.diagnosis == (mistake,)
    russian, english = report.in_text("ru"), report.in_text("en")
    assert wrong.says.ru in russian
    assert wrong.says.en in english
    assert not re.search("[а-яё]", english, re.IGNORECASE)
    assert report.failing is not None
    assert "<svg" in report.in_html("ru")


def test_two_mistakes_at_once() -> None:
    import numpy as np

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


def test_everything_is_said_in_both_languages(one: Exercise) -> None:
    for text in texts(one):
        assert re.search("[а-яё]", text.ru, re.IGNORECASE), text
        assert text.en
        assert not re.search("[а-яё]", text.en, re.IGNORECASE), text
        assert text.ru.count("`") % 2 == text.en.count("`") % 2 == 0
    assert len({mistake.says for mistake in one.mistakes}) == len(one.mistakes)
    assert len(one.hints) == 3


def test_the_stub_is_not_attempted(one: Exercise) -> None:
    scope: dict[str, object] = {}
    exec(one.stub, scope)
    function = scope[one.function_name]
    assert one.check(function).verdict == "not attempted"  # type: ignore[arg-type]
