"""What can be told of a learner's function without running it."""

import dis
import inspect
import os
from collections.abc import Callable, Iterator, Sequence
from types import CodeType, FunctionType
from typing import Any

from upsample_lib.exercises.worker import INSTALLED, code_of, codes_within

_IDLE = {
    "RESUME",
    "NOP",
    "LOAD_CONST",
    "LOAD_SMALL_INT",
    "RETURN_CONST",
    "RETURN_VALUE",
    "POP_TOP",
    "COPY_FREE_VARS",
}
_PACKAGE = os.path.dirname(__file__)


def is_untouched(function: Callable[..., Any], stub: str) -> bool:
    """Whether the function still is its stub, or does nothing at all."""
    code = code_of(function)
    if code is None:
        return False
    if {step.opname for step in dis.get_instructions(code)} <= _IDLE and _returns_none(code):
        return True
    scope = [c for c in compile(stub, "stub", "exec").co_consts if isinstance(c, CodeType)]
    return any(_essence(code) == _essence(given) for given in scope)


def _returns_none(code: CodeType) -> bool:
    return not any(
        step.argval is not None
        for step in dis.get_instructions(code)
        if step.opname in ("LOAD_CONST", "RETURN_CONST", "LOAD_SMALL_INT")
    )


def _essence(code: CodeType) -> list[tuple[str, Any]]:
    """What the code does, whatever file and line it stands in."""
    return [
        (step.opname, _essence(step.argval) if isinstance(step.argval, CodeType) else step.argval)
        for step in dis.get_instructions(code)
    ]


def misfit(function: Callable[..., Any], reference: Callable[..., Any]) -> dict[str, str] | None:
    """The two lists of arguments, if the function cannot be called with the reference's."""
    wanted = inspect.signature(reference).parameters
    try:
        signature = inspect.signature(function)
    except (TypeError, ValueError):  # some callables do not tell
        return None
    try:
        signature.bind(*wanted)
    except TypeError:
        return {"expected": ", ".join(wanted), "got": ", ".join(signature.parameters)}
    return None


def calls(function: Callable[..., Any], forbidden: Sequence[str]) -> str | None:
    """The first forbidden name in the function's code, or in that of the learner's functions it uses."""
    own = {name.rpartition(".")[2]: name for name in forbidden}
    own |= {name: name for name in forbidden if "." not in name}
    for code, scope in _reachable(function):
        for name in code.co_names:
            value = scope.get(name)
            true_name = getattr(value, "__name__", name) if callable(value) else name
            if true_name in own and not ("." in own[true_name] and _is_own(value)):
                return str(true_name)
    return None


def _is_own(value: Any) -> bool:
    """A function that the learner wrote, which only shares a name with the library's."""
    return isinstance(value, FunctionType) and is_learners(value.__code__.co_filename)


def _reachable(function: Any) -> Iterator[tuple[CodeType, dict[str, Any]]]:
    seen: set[CodeType] = set()
    waiting = [function]
    while waiting:
        candidate = waiting.pop()
        code = code_of(candidate)
        if code is None or code in seen or not is_learners(code.co_filename):
            continue
        seen.add(code)
        scope = dict(getattr(candidate, "__globals__", {}))
        for inner in codes_within(code):
            yield inner, scope
            waiting += [scope[name] for name in inner.co_names if isinstance(scope.get(name), FunctionType)]
        for cell in getattr(candidate, "__closure__", None) or ():
            try:
                waiting.append(cell.cell_contents)
            except ValueError:  # not bound yet
                continue


def is_learners(file: str) -> bool:
    """Not the library's code and not that of an installed package."""
    own = os.path.abspath(file)
    library = os.path.dirname(_PACKAGE)
    return not own.startswith((*INSTALLED, library))
