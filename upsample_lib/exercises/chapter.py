"""What the package of a chapter offers beside its exercises."""

import sys
from collections.abc import Mapping, Sequence
from importlib import import_module

from upsample_lib.exercises.exercise import Exercise
from upsample_lib.exercises.progress_file import Progress


class Chapter:
    """The exercises of a chapter in their order.

    Parameters
    ----------
    package
        The package's full name.
    names
        Its exercises.
    with_torch
        Those of them that need PyTorch, each with the file of the package that holds it: they are loaded, and
        torch with them, when they are first asked for.
    """

    def __init__(self, package: str, names: Sequence[str], with_torch: Mapping[str, str]) -> None:
        self.package, self._names, self._with_torch = package, tuple(names), dict(with_torch)

    def load(self, name: str) -> Exercise:
        """Serves as the package's `__getattr__`."""
        if name not in self._with_torch:
            raise AttributeError(f"module {self.package!r} has no attribute {name!r}")
        found: Exercise = import_module(f"{self.package}.{self._with_torch[name]}").EXERCISE
        setattr(sys.modules[self.package], name, found)
        return found

    def names(self) -> list[str]:
        """Serves as the package's `__dir__`."""
        return sorted({*vars(sys.modules[self.package]), *self._names})

    def exercises(self) -> list[Exercise]:
        """All of them, in the order of the chapter."""
        return [getattr(sys.modules[self.package], name) for name in self._names]

    def progress(self) -> Progress:
        """What is solved in this chapter."""
        return Progress([(found.name, found.title) for found in self.exercises()])
