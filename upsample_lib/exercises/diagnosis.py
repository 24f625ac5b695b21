"""From a learner's answers to the mistake behind them.

First the named wrong implementations: one that gives the same answers on every case, or two that between them
explain every case. Else, in this order: the shape, where a single impulse went, and the parameter on which
failure depends.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Any

import numpy as np

from upsample_lib.exercises import sentences
from upsample_lib.exercises.cases import Answer, Array, Case, Mistake, Shape, agree
from upsample_lib.exercises.language import Text


@dataclass(frozen=True)
class Finding:
    """What was found: the names it is counted under, and the sentences for the learner."""

    names: tuple[str, ...]
    says: tuple[Text, ...]


def looks_like(
    got: Sequence[Answer], expected: Sequence[Array], wrong: Mapping[str, Sequence[Answer]]
) -> tuple[str, ...]:
    """Names of the mistake, or of the two mistakes, that explain the answers; empty if none do.

    Where only one of two mistakes shows, the answer must be that mistake's; where both do, any wrong answer
    will do, for the two together give something else again.
    """
    for name, theirs in wrong.items():
        if all(agree(a, b) for a, b in zip(got, theirs)):
            return (name,)
    shows = {name: [not agree(a, b) for a, b in zip(theirs, expected)] for name, theirs in wrong.items()}
    for one, other in combinations(wrong, 2):
        alone = {(a, b) for a, b in zip(shows[one], shows[other])}
        if not {(True, False), (False, True)} <= alone:
            continue
        if all(
            not agree(answer, right)
            if a and b
            else agree(answer, (wrong[one] if a else wrong[other] if b else expected)[i])
            for i, (answer, right, a, b) in enumerate(zip(got, expected, shows[one], shows[other]))
        ):
            return one, other
    return ()


def wrong_shape(
    cases: Sequence[Case], got: Sequence[Answer], expected: Sequence[Array], shapes: Mapping[str, Shape]
) -> Finding | None:
    """The first case of the wrong shape, and a formula that gives the learner's shape on every case."""
    sizes = [None if answer is None else answer.shape for answer in got]
    first = next((i for i, size in enumerate(sizes) if size is not None and size != expected[i].shape), None)
    if first is None:
        return None
    says = [sentences.SHAPE.fill(got=sizes[first], expected=expected[first].shape)]
    for name, shape in shapes.items():
        if all(size is None or size == tuple(shape.formula(**case)) for size, case in zip(sizes, cases)):
            return Finding(("shape", name), (*says, shape.says))
    return Finding(("shape",), tuple(says))


def not_numbers(got: Sequence[Answer], expected: Sequence[Array]) -> Finding | None:
    """Whether an answer of the right shape holds a NaN that the right one has not."""
    for answer, right in zip(got, expected):
        if answer is not None and answer.shape == right.shape and np.any(np.isnan(answer) & ~np.isnan(right)):
            return Finding(("nan",), (sentences.NOT_NUMBERS,))
    return None


def trace(labels: Sequence[str], got: Sequence[Answer], expected: Sequence[Array]) -> Finding | None:
    """Where the product of one input value and one weight went, and where it should have gone."""
    for label, answer, right in zip(labels, got, expected):
        if answer is None or answer.shape != right.shape or agree(answer, right):
            continue
        if _places(answer) == _places(right):
            return Finding(
                ("factor",),
                (sentences.FACTOR.fill(product=label, place=_place(right), got=f"{np.max(answer):g}"),),
            )
        text = sentences.IMPULSE if np.any(answer) else sentences.IMPULSE_LOST
        return Finding(("impulse",), (text.fill(product=label, got=_place(answer), expected=_place(right)),))
    return None


def _places(answer: Array) -> list[tuple[int, ...]]:
    return [tuple(map(int, place)) for place in np.argwhere(answer)]


def _place(answer: Array) -> Text:
    places = _places(answer)
    if not places:
        return sentences.NOWHERE
    shown = [str(place[0]) if len(place) == 1 else str(place) for place in places[:4]]
    written = ", ".join(shown) + (", …" if len(places) > 4 else "")
    return Text(written, written)


def depends_on(
    cases: Sequence[Case], right: Sequence[bool], features: Mapping[str, Callable[..., bool]]
) -> Finding | None:
    """A property of the arguments that all failing cases share and no passing one has."""
    if all(right) or not any(right):
        return None
    known = dict(features) | {name: test for name, test in _of_numbers(cases) if name not in features}
    for name, test in known.items():
        if [bool(test(**case)) for case in cases] == [not ok for ok in right]:
            return Finding(("depends", name), (sentences.DEPENDS.fill(condition=name),))
    return None


def _of_numbers(cases: Sequence[Case]) -> list[tuple[str, Callable[..., bool]]]:
    found: list[tuple[str, Callable[..., bool]]] = []
    for argument, first in cases[0].items():
        if isinstance(first, int):
            for value in sorted({case[argument] for case in cases}):
                found.append((f"{argument} = {value}", _equal(argument, value)))
                found.append((f"{argument} ≠ {value}", _different(argument, value)))
    return found


def _equal(argument: str, value: int) -> Callable[..., bool]:
    return lambda **case: bool(case[argument] == value)


def _different(argument: str, value: int) -> Callable[..., bool]:
    return lambda **case: bool(case[argument] != value)


def explained(
    cases: Sequence[Case],
    got: Sequence[Answer],
    expected: Sequence[Array],
    wrong: Mapping[str, Sequence[Answer]],
    mistakes: Sequence[Mistake],
    shapes: Mapping[str, Shape],
    features: Mapping[str, Callable[..., bool]],
    impulses: Callable[[], Finding | None],
) -> Finding:
    """The whole ladder, from a named mistake down to the bare fact that the values differ."""
    names = looks_like(got, expected, wrong)
    if names:
        said = {found.name: found.says for found in mistakes}
        if len(names) == 1:
            return Finding(names, (sentences.LOOKS_LIKE.fill(mistake=said[names[0]]),))
        return Finding(names, (sentences.LOOKS_LIKE_TWO.fill(one=said[names[0]], other=said[names[1]]),))
    nan = not_numbers(got, expected)
    found = [
        wrong_shape(cases, got, expected, shapes),
        nan or impulses(),
        depends_on(cases, [agree(a, b) for a, b in zip(got, expected)], features),
    ]
    kept = [finding for finding in found if finding is not None][:2]
    if not kept:
        return Finding(("values",), (sentences.VALUES,))
    return Finding(
        tuple(name for finding in kept for name in finding.names),
        tuple(s for finding in kept for s in finding.says),
    )


def numbers(outcome: dict[str, Any]) -> Answer:
    """The array in a worker's answer, None where there is none; of a huge one only the shape is known."""
    if "values" not in outcome:
        return np.broadcast_to(np.nan, outcome["shape"]) if "shape" in outcome else None
    return np.array(outcome["values"], dtype=float).reshape(outcome["shape"])
