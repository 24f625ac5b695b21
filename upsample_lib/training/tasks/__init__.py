"""The command line's tasks, one file each: `python -m upsample_lib.training NAME`.

A file here, `name.py`, is a task. It has a docstring (the first line is the help), `add_arguments(parser)`
for its own options, and `build(options)`, which gives a `Task`. `options` also holds `steps`, `batch_size`
and `seed`, which every task has, and `learning_rate`, which is None unless it was asked for.
"""

import argparse
import importlib
import pkgutil
from typing import Protocol, cast

from upsample_lib.training.task import Task

__all__ = ["tasks"]


class TaskFile(Protocol):
    """What a file of this folder offers; see the files themselves."""

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        """Declare the task's own options."""

    def build(self, options: argparse.Namespace) -> Task:
        """Make the task; raises ValueError or OSError, with a sentence, for options that do not work."""


def tasks() -> dict[str, TaskFile]:
    """Find the tasks by name.

    Returns
    -------
    dict
        From the name to the module.

    Examples
    --------
    >>> "unet" in tasks()
    True
    """
    names = sorted(found.name for found in pkgutil.iter_modules(__path__))
    return {name: cast(TaskFile, importlib.import_module(f"{__name__}.{name}")) for name in names}
