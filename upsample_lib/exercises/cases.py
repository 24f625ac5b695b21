"""What an exercise is made of: cases to try, mistakes to recognise, impulses to trace."""

import ast
import inspect
import textwrap
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from upsample_lib.exercises.language import Text

Array = npt.NDArray[np.float64]
Case = dict[str, Any]  # the names and the values of the arguments, in the order in which they are given
Answer = Array | None  # None: it failed with an exception
_PRIMES = (2, 3, 5, 7, 11, 13, 17, 19, 23, 29, 31, 37, 41, 43, 47, 53, 59, 61, 67, 71, 73, 79, 83, 89, 97)


@dataclass(frozen=True)
class Mistake:
    """A small wrong implementation, and what a learner who wrote the like is told.

    `misconception` is its number in the course's list of misconceptions, if it is one of them.
    """

    name: str
    function: Callable[..., Any]
    says: Text
    misconception: int | None = None


@dataclass(frozen=True)
class Shape:
    """A size formula that learners mistake for the right one."""

    formula: Callable[..., Sequence[int]]
    says: Text


def mistake(ru: str, en: str, misconception: int | None = None) -> Callable[[Callable[..., Any]], Mistake]:
    """Name the decorated function's mistake."""
    return lambda function: Mistake(function.__name__, function, Text(ru, en), misconception)


def primes(*shape: int, start: int = 0) -> Array:
    """An array of different primes: no two sums of a few products coincide, no kernel is symmetric."""
    size = int(np.prod(shape))
    many = np.array(_PRIMES, dtype=float)
    turns = np.arange(start, start + size)
    found: Array = (many[turns % len(many)] + 100.0 * (turns // len(many))).reshape(shape)
    return found


def scattered(*shape: int, start: int = 0) -> Array:
    """The same in no order, and every third one negative: a maximum may stand anywhere in its window."""
    size = int(np.prod(shape))
    order = np.argsort(np.arange(size) * 37 % 101)
    signs = np.where(np.arange(size) % 3 == 1, -1.0, 1.0)
    found: Array = (primes(size, start=start)[order] * signs).reshape(shape)
    return found


def source(function: Callable[..., Any]) -> str:
    """The function's text with a plain head: types that only the library imports would not run elsewhere."""
    text = textwrap.dedent(inspect.getsource(function))
    body = ast.parse(text).body[0].body[0].lineno - 1  # type: ignore[attr-defined]
    parameters = inspect.signature(function).parameters.values()
    plain = inspect.Signature([one.replace(annotation=one.empty) for one in parameters])
    return f"def {function.__name__}{plain}:\n" + "".join(text.splitlines(keepends=True)[body:])


def called(function: Callable[..., Any], case: Case, as_tensors: bool = False) -> Any:
    """What one of our own implementations returns; it runs here, in the kernel."""
    given = [np.array(value) if isinstance(value, np.ndarray) else value for value in case.values()]
    if as_tensors:
        import torch

        given = [torch.from_numpy(value) if isinstance(value, np.ndarray) else value for value in given]
    return function(*given)


def answers(
    function: Callable[..., Any], cases: Sequence[Case], as_tensors: bool = False, outputs: int = 1
) -> list[Answer]:
    """Its answers to all cases as floats; where it returns several outputs, one after another."""
    found: list[Answer] = []
    for case in cases:
        try:
            value = called(function, case, as_tensors)
            parts = [value] if outputs == 1 else list(value)
            found += [np.array(part.detach().numpy() if as_tensors else part, dtype=float) for part in parts]
        except (ArithmeticError, LookupError, RuntimeError, TypeError, ValueError):
            found += [None] * outputs
    return found


def agree(a: Answer, b: Answer) -> bool:
    if a is None or b is None:
        return a is b
    return a.shape == b.shape and bool(np.allclose(a, b, rtol=1e-5, atol=1e-6, equal_nan=True))
