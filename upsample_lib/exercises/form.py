"""What an answer is before its values count: one array or several, its kind, its dtype."""

from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

from upsample_lib.exercises import sentences
from upsample_lib.exercises.cases import Case, called
from upsample_lib.exercises.language import Text
from upsample_lib.exercises.worker import Outcome
from upsample_lib.exercises.worker_main import described

_SHOWN = {"array": "numpy.ndarray", "tensor": "torch.Tensor", "none": "None"}


class Form(NamedTuple):
    """Kind and dtype of one output: an array, a tensor, a number, or a tuple of numbers."""

    kind: str
    dtype: str

    @property
    def shown(self) -> str:
        """As the learner would write it."""
        return _SHOWN.get(self.kind) or (_family(self.dtype) if self.kind == "number" else self.kind)


class Misform(NamedTuple):
    """What is wrong with an answer's form: its name, and the sentences for the learner."""

    name: str
    says: tuple[Text, ...]


def _family(dtype: str) -> str:
    return next(
        (name for name in ("bool", "int", "float") if dtype.removeprefix("u").startswith(name)), dtype
    )


def forms(function: Callable[..., Any], case: Case, as_tensors: bool, outputs: int) -> list[Form]:
    """The form of each output of one of our own implementations."""
    value = called(function, case, as_tensors)
    parts = [described(part) for part in ([value] if outputs == 1 else value)]
    return [Form(part["kind"], part["dtype"]) for part in parts]


def parts(outcome: Outcome, outputs: int) -> list[Outcome]:
    """One outcome an output; a call that returned nothing usable has none of them."""
    if outputs == 1:
        return [outcome]
    found: list[Outcome] = outcome.get("parts", [])
    return found if len(found) == outputs else [{}] * outputs


def misform(outcome: Outcome, wanted: Sequence[Form], names: Sequence[str]) -> Misform | None:
    """None instead of an answer, a list instead of an array, integers instead of fractions."""
    if outcome["kind"] == "none":
        if outcome["printed"].strip():
            return Misform("printed", (sentences.PRINTED,))
        return Misform("none", (sentences.RETURNED_NONE,))
    if len(wanted) > 1 and len(outcome.get("parts", [])) != len(wanted):
        says = sentences.WRONG_OUTPUTS.fill(got=_type(outcome), count=len(wanted), expected=", ".join(names))
        return Misform("outputs", (says,))
    for part, form in zip(parts(outcome, len(wanted)), wanted):
        found = _misform_of(part, form)
        if found is not None:
            return found
    return None


def _misform_of(part: Outcome, wanted: Form) -> Misform | None:
    if wanted.kind == "number":
        return _misform_of_number(part, wanted)
    kinds = ("tuple", "list") if wanted.kind == "tuple" else (wanted.kind,)
    if part["kind"] not in kinds or "dtype" not in part:
        return Misform("type", (sentences.WRONG_TYPE.fill(got=_type(part), expected=wanted.shown),))
    whole = _family(wanted.dtype) == "int" and _family(part["dtype"]) in ("int", "float")
    if part["dtype"] == wanted.dtype or whole:  # counts and places may come as floats
        return None
    says = sentences.WRONG_DTYPE.fill(got=part["dtype"], expected=wanted.dtype)
    lost = _family(part["dtype"]) == "int"
    return Misform("dtype", (says, sentences.FRACTIONS_LOST) if lost else (says,))


def _misform_of_number(part: Outcome, wanted: Form) -> Misform | None:
    family, got = _family(wanted.dtype), _family(part.get("dtype", ""))
    if part.get("shape") == [] and (got == family or (family == "float" and got == "int")):
        return None
    says = sentences.WRONG_TYPE.fill(got=_type(part), expected=family)
    divided = family == "int" and got == "float"
    return Misform("type", (says, sentences.WHOLE_DIVISION) if divided else (says,))


def _type(part: Outcome) -> str:
    kind = str(part["kind"])
    return _SHOWN.get(kind) or str(part.get("type") or kind)
