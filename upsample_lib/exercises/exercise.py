"""One exercise: `check`, `hint`, `solution`, `grade`."""

import contextlib
import io
import linecache
import warnings
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np

from upsample_lib.exercises import inspection, progress_file, sentences
from upsample_lib.exercises.cases import Answer, Array, Case, Mistake, Shape, agree, answers, source
from upsample_lib.exercises.diagnosis import Finding, explained, numbers, trace
from upsample_lib.exercises.form import Form, forms, misform, parts
from upsample_lib.exercises.language import Text
from upsample_lib.exercises.report import Failing, Note, Report
from upsample_lib.exercises.worker import Outcome, Worker

WORKER = Worker()
_ENDED = {
    "timeout": sentences.TIMEOUT,
    "died": sentences.DIED,
    "memory": sentences.MEMORY,
    "exit": sentences.EXIT,
    "input": sentences.INPUT,
    "unsendable": sentences.UNSENDABLE,
    "unloadable": sentences.UNLOADABLE,
}


@dataclass(frozen=True, eq=False)
class Exercise:
    """A function to write, and all that is known of it.

    Parameters
    ----------
    name
        Chapter and function: ``ch05.scatter``.
    title, task
        What it is about, and what to write.
    stub
        What the learner starts from; without `...` in it, it is a broken function to be repaired.
    reference
        The solution.
    mistakes
        Wrong implementations; each must differ from the reference and from every other on `cases`.
    cases
        Arguments to try, the smallest first.
    hints
        From a nudge to almost the answer.
    impulses
        Cases in which one input value and one weight are 1 and the rest is 0, under the product's name.
    shapes
        Size formulas that are taken for the right one.
    features
        Conditions on the arguments, written as mathematics.
    forbidden
        Full names of functions that would be the solution; plain names for those of the chapter's notebook.
    as_tensors
        Whether arrays are handed over as PyTorch tensors.
    outputs
        Names of what is returned, where it is more than one thing.
    """

    name: str
    title: Text
    task: Text
    stub: str
    reference: Callable[..., Any]
    mistakes: Sequence[Mistake]
    cases: Sequence[Case]
    hints: Sequence[Text]
    impulses: Mapping[str, Case] = field(default_factory=dict)
    shapes: Mapping[str, Shape] = field(default_factory=dict)
    features: Mapping[str, Callable[..., bool]] = field(default_factory=dict)
    forbidden: Sequence[str] = ()
    as_tensors: bool = False
    outputs: Sequence[str] = ()
    _hints_shown: list[int] = field(default_factory=list, init=False)

    def __repr__(self) -> str:
        return repr(Note(self.title, self.task, self.stub))

    def _repr_html_(self) -> str:
        return Note(self.title, self.task, self.stub)._repr_html_()

    @property
    def function_name(self) -> str:
        return self.reference.__name__

    @property
    def _count(self) -> int:
        return len(self.outputs) or 1

    @cached_property
    def forms(self) -> list[Form]:
        """What kind of thing the reference returns, output by output."""
        return forms(self.reference, self.cases[0], self.as_tensors, self._count)

    @cached_property
    def expected(self) -> list[Array]:
        """What the reference answers on each case; several outputs one after another."""
        return self._surely(list(self.cases))

    @cached_property
    def wrong(self) -> dict[str, list[Answer]]:
        """What each wrong implementation answers on each case."""
        return {found.name: self._answers(found.function, self.cases) for found in self.mistakes}

    def _answers(self, function: Callable[..., Any], cases: Sequence[Case]) -> list[Answer]:
        return answers(function, cases, self.as_tensors, self._count)

    def _surely(self, cases: Sequence[Case]) -> list[Array]:
        found = [answer for answer in self._answers(self.reference, cases) if answer is not None]
        if len(found) != len(cases) * self._count:
            raise RuntimeError(f"the reference of {self.name} fails on a case of its own")
        return found

    def check(self, function: Callable[..., Any]) -> Report:
        """Run `function` on every case and say what is right or wrong with it; remembers the outcome."""
        report = self.examine(function)
        progress_file.record(report)
        return report

    def examine(self, function: Callable[..., Any]) -> Report:
        """The same without keeping anything."""
        if not callable(function):
            says = sentences.NOT_A_FUNCTION.fill(name=self.function_name, type=type(function).__name__)
            return self._failed("not a function", says)
        if inspection.is_untouched(function, self.stub):
            return self._not_attempted()
        misfit = inspection.misfit(function, self.reference)
        if misfit is not None:
            return self._failed("signature", sentences.SIGNATURE.fill(**misfit))
        called = inspection.calls(function, self.forbidden)
        if called is not None:
            return self._failed("forbidden", sentences.FORBIDDEN.fill(name=called))
        return self._judged(function, self._run(function, self.cases))

    def _run(self, function: Callable[..., Any], cases: Sequence[Case]) -> list[Outcome]:
        given = [list(case.values()) for case in cases]
        full = [name for name in self.forbidden if "." in name]
        return WORKER.run(function, given, full, self.as_tensors)

    def _judged(self, function: Callable[..., Any], outcomes: list[Outcome]) -> Report:
        last = outcomes[-1]
        ended = next((outcome for outcome in outcomes if outcome["state"] in _ENDED), None)
        if any(outcome.get("type") == "NotImplementedError" for outcome in outcomes[:1]):
            return self._not_attempted()
        called = next((outcome["called"] for outcome in outcomes if outcome.get("called")), None)
        if called is not None:
            return self._failed("forbidden", sentences.FORBIDDEN.fill(name=called))
        if ended is not None:
            fields = {"limit": f"{WORKER.limit:g}", "code": None, "type": "", "message": ""} | ended
            state = str(ended["state"])
            failing = None if state in ("unsendable", "unloadable") else self._call(outcomes.index(ended))
            return self._failed(state, _ENDED[state].fill(**fields), failing=failing)
        assert last["state"] in ("returned", "raised")
        misformed = self._misformed(outcomes)
        if misformed is not None:
            return misformed
        got = self._numbers(outcomes)
        right = [agree(a, b) for a, b in zip(got, self.expected)]
        if all(right):
            return self._with_clean_hands(outcomes)
        first = right.index(False)
        place = first // self._count
        if outcomes[place]["state"] == "raised" and not self._known(got):
            return self._raised(outcomes[place], place)
        cases = [case for case in self.cases for _ in range(self._count)]
        finding = explained(
            cases, got, self.expected, self.wrong, self.mistakes, self.shapes, self.features,
            lambda: self._traced(function),
        )  # fmt: skip
        return Report(self.name, "failed", finding.names, finding.says, self._failing(first, got[first]))

    def _numbers(self, outcomes: list[Outcome]) -> list[Answer]:
        return [numbers(part) for outcome in outcomes for part in parts(outcome, self._count)]

    def _known(self, got: list[Answer]) -> bool:
        return any(all(agree(a, b) for a, b in zip(got, theirs)) for theirs in self.wrong.values())

    def _misformed(self, outcomes: list[Outcome]) -> Report | None:
        """A report on the first answer that is not what an answer is."""
        for i, outcome in enumerate(outcomes):
            found = misform(outcome, self.forms, self.outputs) if outcome["state"] == "returned" else None
            if found is not None:
                return self._failed(found.name, *found.says, failing=self._call(i))
        return None

    def _with_clean_hands(self, outcomes: list[Outcome]) -> Report:
        for i, outcome in enumerate(outcomes):
            if outcome["changed"]:
                name = list(self.cases[i])[outcome["changed"][0]]
                return self._failed("changed", sentences.CHANGED.fill(name=name), failing=self._call(i))
        return Report(self.name, "passed", (), (sentences.PASSED.fill(count=len(self.cases)),))

    def _raised(self, outcome: Outcome, place: int) -> Report:
        says = [sentences.RAISED.fill(type=outcome["type"], message=outcome["message"].strip(" .") or "—")]
        lines = [linecache.getline(file, number).strip() for file, number in outcome["frames"]]
        own = [
            line for (file, _), line in zip(outcome["frames"], lines) if line and inspection.is_learners(file)
        ]
        if own:
            says.append(sentences.RAISED_AT.fill(line=own[-1]))
        if self.as_tensors and {"float", "double"} <= set(outcome["message"].lower().split()):
            says.append(sentences.PRECISION)
        return self._failed(f"raised {outcome['type']}", *says, failing=self._call(place))

    def _traced(self, function: Callable[..., Any]) -> Finding | None:
        cases = list(self.impulses.values())
        outcomes = self._run(function, cases) if cases else []
        labels = [label for label in self.impulses for _ in range(self._count)]
        return trace(labels, self._numbers(outcomes), self._surely(cases))

    def _call(self, place: int) -> Failing | None:
        return self._failing(place * self._count, None) if 0 <= place < len(self.cases) else None

    def _failing(self, first: int, got: Answer) -> Failing:
        """Where it went wrong: an output of a case."""
        place, output = divmod(first, self._count)
        name = self.outputs[output] if self.outputs else ""
        truth = self.forms[output].dtype == "bool"
        return Failing(self._call_text(place), self.cases[place], self.expected[first], got, name, truth)

    def _call_text(self, place: int) -> str:
        written = [
            f"{name}.shape = {value.shape}" if isinstance(value, np.ndarray) and value.ndim > 1 else name
            for name, value in self.cases[place].items()
            if isinstance(value, np.ndarray)
        ]
        written += [
            f"{name}={value}"
            for name, value in self.cases[place].items()
            if not isinstance(value, np.ndarray)
        ]
        return f"{self.function_name}({', '.join(written)})"

    def _failed(self, name: str, *says: Text, failing: Failing | None = None) -> Report:
        return Report(self.name, "failed", (name,), says, failing)

    def _not_attempted(self) -> Report:
        says = sentences.NOT_ATTEMPTED if "..." in self.stub else sentences.UNCHANGED
        return Report(self.name, "not attempted", (), (says,))

    def hint(self, step: int | None = None) -> Note:
        """The next hint, or the one of this number; after the last comes the last again."""
        wanted = step if step is not None else len(self._hints_shown) + 1
        if step is not None and not 1 <= step <= len(self.hints):
            raise ValueError(f"step must be from 1 to {len(self.hints)}, got {step}")
        number = min(wanted, len(self.hints))
        if step is None and len(self._hints_shown) < len(self.hints):
            self._hints_shown.append(number)
        heading = sentences.HINT.fill(number=number, count=len(self.hints))
        return Note(heading, self.hints[number - 1])

    def solution(self) -> Note:
        """One way to write it."""
        return Note(sentences.SOLUTION, code=source(self.reference))

    def grade(self, function: Callable[..., Any], points: float) -> float:
        """All points or none, as nbgrader wants them: a plain float, with nothing on standard error.

        Parameters
        ----------
        function
            The submission.
        points
            What a right one is worth.

        Returns
        -------
        float
            `points` if every case is right, else 0.0. What was found is shown, for the feedback.
        """
        if not points >= 0:
            raise ValueError(f"points must be ≥ 0, got {points}")
        with contextlib.redirect_stderr(io.StringIO()), warnings.catch_warnings():
            warnings.simplefilter("ignore")
            report = self.examine(function)
        report.show()
        return float(points) if report.passed else 0.0
