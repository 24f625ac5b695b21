"""Check the docstrings of a package's public functions and classes: `python check_docstrings.py PACKAGE`.

Public is what `__all__` of the package and of its public modules names. The rules are numpydoc's, less those
that ask for sections which a short function does not need.
"""

from __future__ import annotations

import importlib
import inspect
import pkgutil
import sys
from collections.abc import Iterator

from numpydoc.validate import validate

LEFT_OUT = {
    "GL01", "GL02",  # where the first and the last line of the quotes stand
    "GL08",  # reported below, for everything without a docstring
    "ES01", "EX01", "SA01", "SA04",  # extended summary, examples, see also: where they help
    "SS06",  # a summary may break over lines
    "YD01", "RT02", "RT03",  # names of single return values
    "PR04", "PR07",  # types stand in the signature; what is said of one function is not repeated for the next
    "PR06", "PR08", "PR09",  # how descriptions of parameters begin and end
    "RT01", "RT04", "RT05",
}  # fmt: skip


# what draws the book's pictures says in a sentence what is drawn; its parameters have telling names
BOOK_TOOLS = (".figures.", ".explorables.")


def public(package: str) -> Iterator[str]:
    """Dotted names of everything public, each once, under the module that offers it."""
    seen: set[int] = set()
    root = importlib.import_module(package)
    names = [package, *(found.name for found in pkgutil.walk_packages(root.__path__, f"{package}."))]
    for name in names:
        if any(part.startswith("_") for part in name.split(".")):
            continue
        module = importlib.import_module(name)
        for public_name in getattr(module, "__all__", ()):
            thing = getattr(module, public_name)
            documented = inspect.isfunction(thing) or inspect.isclass(thing)
            if documented and thing.__module__.startswith(package) and id(thing) not in seen:
                seen.add(id(thing))
                yield f"{name}.{public_name}"


def is_record(name: str) -> bool:
    """A named tuple: its fields stand in the class with their types."""
    module, _, own = name.rpartition(".")
    return issubclass(getattr(importlib.import_module(module), own), tuple)


def problems(name: str) -> Iterator[str]:
    found = validate(name)
    if not found["docstring"]:
        yield f"{found['file']}:{found['file_line']}: {name} has no docstring"
        return
    short = any(part in name for part in BOOK_TOOLS) or (found["type"] == "type" and is_record(name))
    left_out = LEFT_OUT | {"PR01"} if short else LEFT_OUT
    for code, message in found["errors"]:
        if code not in left_out:
            yield f"{found['file']}:{found['file_line']}: {name}: {message} ({code})"


def main(package: str) -> int:
    names = list(public(package))
    found = [problem for name in names for problem in problems(name)]
    print("\n".join([*found, f"{len(names)} docstrings checked, {len(found)} problems"]))
    return bool(found)


if __name__ == "__main__":
    sys.path.insert(0, "")
    sys.exit(main(sys.argv[1]))
