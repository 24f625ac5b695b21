"""The exercises of one chapter; those in PyTorch are loaded, and torch with them, when first asked for."""

import sys
from collections.abc import Mapping, Sequence
from importlib import import_module
from importlib.util import find_spec
from typing import TYPE_CHECKING

from upsample_lib.exercises.progress_file import Progress

if TYPE_CHECKING:
    from upsample_lib.exercises.exercise import Exercise


class Chapter:
    """What the package of a chapter offers beside its exercises.

    Parameters
    ----------
    package
        The package's name; its attributes are the exercises.
    order
        The exercises' names in the order of the chapter.
    in_torch
        Of the exercises in PyTorch: name → the module of the package that holds it as `EXERCISE`.
    """

    def __init__(self, package: str, order: Sequence[str], in_torch: Mapping[str, str]) -> None:
        self.package, self.order, self.in_torch = package, tuple(order), dict(in_torch)

    def load(self, name: str) -> "Exercise":
        """An exercise in PyTorch; the package's `__getattr__`."""
        if name not in self.in_torch:
            raise AttributeError(f"module {self.package!r} has no attribute {name!r}")
        exercise: Exercise = import_module(f"{self.package}.{self.in_torch[name]}").EXERCISE
        setattr(sys.modules[self.package], name, exercise)
        return exercise

    def names(self) -> list[str]:
        """The package's `__dir__`."""
        return sorted({*vars(sys.modules[self.package]), *self.order})

    def exercises(self) -> "list[Exercise]":
        """All of them, in the order of the chapter; without torch, those that need none."""
        here = find_spec("torch") is not None
        names = [name for name in self.order if here or name not in self.in_torch]
        return [getattr(sys.modules[self.package], name) for name in names]

    def progress(self) -> Progress:
        """What is solved in this chapter."""
        return Progress([(found.name, found.title) for found in self.exercises()])
