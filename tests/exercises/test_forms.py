"""Answers that are several arrays, whole numbers or a single number; and functions to be repaired."""

import re
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from upsample_lib.exercises.cases import Shape, mistake
from upsample_lib.exercises.exercise import Exercise
from upsample_lib.exercises.language import Text

SAID = Text("по-русски", "in English")


def best(x, k):  # type: ignore[no-untyped-def]
    seen = [x[i : i + k] for i in range(0, len(x) - k + 1, k)]
    return np.array([v.max() for v in seen]), np.array([i * k + v.argmax() for i, v in enumerate(seen)])


@mistake("места внутри окна.", "places within the window.")
def local(x, k):  # type: ignore[no-untyped-def]
    y, j = best(x, k)
    return y, j % k


@mistake("минимумы.", "minima.")
def least(x, k):  # type: ignore[no-untyped-def]
    y, j = best(-x, k)
    return -y, j


TWO = Exercise(
    name="test.best",
    title=SAID,
    task=SAID,
    stub="def best(x, k):\n    ...\n",
    reference=best,
    mistakes=(local, least),
    cases=({"x": np.array([3.0, 2, 7, 5]), "k": 2}, {"x": np.array([3.0, 5, 4, 7, 1, 8]), "k": 3}),
    hints=(SAID,),
    shapes={"input's size": Shape(lambda x, k: (len(x),), SAID)},
    outputs=("y", "j"),
)


def windows(n, k, s):  # type: ignore[no-untyped-def]
    return (n - k) // s + 1


@mistake("вверх.", "rounded up.")
def up(n, k, s):  # type: ignore[no-untyped-def]
    return -(-(n - k) // s) + 1


ONE_NUMBER = Exercise(
    name="test.windows",
    title=SAID,
    task=SAID,
    stub="def windows(n, k, s):\n    return -((k - n) // s) + 1\n",
    reference=windows,
    mistakes=(up,),
    cases=({"n": 7, "k": 3, "s": 2}, {"n": 8, "k": 3, "s": 2}),
    hints=(SAID,),
)


def test_several_outputs_follow_one_another() -> None:
    assert [answer.tolist() for answer in TWO.expected] == [[3, 7], [0, 2], [5, 8], [1, 5]]
    assert [(form.kind, form.dtype) for form in TWO.forms] == [("array", "float64"), ("array", "int64")]
    assert TWO.examine(best).passed
    assert TWO.examine(lambda x, k: list(best(x, k))).passed


@pytest.mark.parametrize("wrong", [local, least])
def test_a_mistake_in_one_output_is_recognised(wrong: Any) -> None:
    report = TWO.examine(wrong.function)
    assert report.diagnosis == (wrong.name,)


def test_the_picture_names_the_output() -> None:
    report = TWO.examine(local.function)
    assert report.failing is not None
    assert (report.failing.output, report.failing.expected.tolist()) == ("j", [0, 2])
    assert ">expected j<" in report.in_html("en")
    assert "получено j" in report.in_text("ru")


def values_only(x, k):  # type: ignore[no-untyped-def]
    return best(x, k)[0]


def float_places(x, k):  # type: ignore[no-untyped-def]
    y, j = best(x, k)
    return y, j.astype(float)


def narrow_places(x, k):  # type: ignore[no-untyped-def]
    y, j = best(x, k)
    return y, j.astype(np.int32)


def whole_values(x, k):  # type: ignore[no-untyped-def]
    y, j = best(x, k)
    return y.astype(int), j


def list_of_places(x, k):  # type: ignore[no-untyped-def]
    y, j = best(x, k)
    return y, j.tolist()


def three(x, k):  # type: ignore[no-untyped-def]
    return (*best(x, k), k)


def as_long_as_the_input(x, k):  # type: ignore[no-untyped-def]
    return np.zeros(len(x)), np.zeros(len(x), dtype=int)


@pytest.mark.parametrize(
    ("function", "diagnosis", "words"),
    [
        (values_only, ("outputs",), ["`numpy.ndarray`", "2 values", "`return y, j`"]),
        (three, ("outputs",), ["`tuple`"]),
        (float_places, (), ["Right"]),
        (whole_values, ("dtype",), ["`int64`", "`float64`", "fractional"]),
        (list_of_places, ("type",), ["`list`", "`numpy.ndarray`"]),
        (as_long_as_the_input, ("shape", "input's size"), ["(4,)", "(2,)", "in English"]),
        (narrow_places, (), ["Right"]),
    ],
)
def test_told_apart(function: Callable[..., Any], diagnosis: tuple[str, ...], words: list[str]) -> None:
    report = TWO.examine(function)
    assert report.diagnosis == diagnosis
    assert all(word in report.in_text("en") for word in words), report.in_text("en")
    assert re.search("[а-яё]", report.in_text("ru"), re.IGNORECASE)


def test_an_exception_leaves_no_output() -> None:
    report = TWO.examine(lambda x, k: (x[10], 0))
    assert report.diagnosis == ("raised IndexError",)


@pytest.mark.parametrize("number", [int, np.int32])
def test_a_single_number(number: type) -> None:
    assert ONE_NUMBER.examine(lambda n, k, s: number(windows(n, k, s))).passed
    report = ONE_NUMBER.examine(lambda n, k, s: number(up.function(n, k, s)))
    assert report.diagnosis == ("up",)
    assert report.failing is not None
    assert report.failing.call == "windows(n=8, k=3, s=2)"
    assert ">3<" in report.in_html("en")
    assert ">4<" in report.in_html("en")


def test_a_fraction_is_no_whole_number() -> None:
    report = ONE_NUMBER.examine(lambda n, k, s: (n - k) / s + 1)
    assert report.diagnosis == ("type",)
    assert "`float`" in report.in_text("en")
    assert "`int`" in report.in_text("en")
    assert "`//`" in report.in_text("ru")
    array = ONE_NUMBER.examine(lambda n, k, s: np.array([windows(n, k, s)]))
    assert "`numpy.ndarray`" in array.in_text("en")
    assert ONE_NUMBER.examine(lambda n, k, s: np.array(windows(n, k, s))).passed


def fits(n, k):  # type: ignore[no-untyped-def]
    return n >= k


@mistake("наоборот.", "the other way round.")
def does_not_fit(n, k):  # type: ignore[no-untyped-def]
    return n < k


def test_true_or_false() -> None:
    one = replace(
        ONE_NUMBER, reference=fits, mistakes=(does_not_fit,), cases=({"n": 7, "k": 3}, {"n": 2, "k": 3})
    )
    assert one.examine(lambda n, k: np.bool_(n >= k)).passed
    report = one.examine(does_not_fit.function)
    assert report.diagnosis == ("does_not_fit",)
    assert "Expected True, got False." in report.in_html("en")
    assert ">False<" in report.in_html("en")
    assert "difference" not in report.in_html("en")
    assert "`bool`" in one.examine(lambda n, k: int(n >= k)).in_text("en")


def sizes(n, k):  # type: ignore[no-untyped-def]
    return n - k + 1, n + k - 1


@mistake("одинаковые.", "both alike.")
def alike(n, k):  # type: ignore[no-untyped-def]
    return n - k + 1, n - k + 1


def test_a_tuple_of_numbers_is_one_answer() -> None:
    one = replace(ONE_NUMBER, reference=sizes, mistakes=(alike,), cases=({"n": 7, "k": 3}, {"n": 5, "k": 1}))
    assert one.examine(lambda n, k: [n - k + 1, n + k - 1]).passed
    assert one.examine(alike.function).diagnosis == ("alike",)
    assert "`tuple`" in one.examine(lambda n, k: n).in_text("en")


def test_a_function_to_be_repaired() -> None:
    scope: dict[str, Any] = {}
    exec(ONE_NUMBER.stub, scope)
    report = ONE_NUMBER.examine(scope["windows"])
    assert report.verdict == "not attempted"
    assert "repair it" in report.in_text("en")
    assert "исправьте" in report.in_text("ru")
    assert "Replace `…`" in TWO.examine(lambda x, k: None).in_text("en")
