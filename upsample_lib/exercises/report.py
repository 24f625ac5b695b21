"""What a learner sees: a verdict, a sentence or two, a picture; HTML in a notebook, text in a terminal."""

import re
import sys
from dataclasses import dataclass, field
from html import escape
from typing import Literal

import numpy as np

from upsample_lib.exercises import picture, sentences
from upsample_lib.exercises.cases import Answer, Array, Case
from upsample_lib.exercises.language import BOTH, EMPTY, LANGUAGES, Text, current
from upsample_lib.exercises.worker_main import KEPT_NUMBERS

MIME = "application/vnd.upsample-report+json"  # what a graded notebook keeps for the class report
Verdict = Literal["passed", "not attempted", "failed"]
_SIGNS: dict[Verdict, str] = {"passed": "✓", "not attempted": "…", "failed": "✗"}
_COLOURS: dict[Verdict, str] = {
    "passed": "var(--up-output, #00875f)",
    "not attempted": "var(--up-zero, #767676)",
    "failed": "var(--up-mistake, #c2405f)",
}
# a page of the site holds both languages and shows its own
_ONE_OF_TWO = (
    "<style>"
    + "".join(
        f"html[lang|={shown}] .up-check[lang={hidden}] {{ display: none }}"
        for shown, hidden in (("ru", "en"), ("en", "ru"))
    )
    + "</style>"
)


def _in_a_notebook() -> bool:
    interactive = sys.modules.get("IPython.core.getipython")
    return interactive is not None and interactive.get_ipython() is not None


class Shown:
    """Something shown in the learner's language, or in both."""

    def in_html(self, language: str) -> str:
        raise NotImplementedError

    def in_text(self, language: str) -> str:
        raise NotImplementedError

    def _repr_html_(self) -> str:
        language = current()
        if language != BOTH:
            return self.in_html(language)
        return _ONE_OF_TWO + "".join(self.in_html(one) for one in LANGUAGES)

    def __repr__(self) -> str:
        language = current()
        return "\n\n".join(self.in_text(one) for one in (LANGUAGES if language == BOTH else (language,)))


def marked_up(sentence: str) -> str:
    """Back quotes become code."""
    return re.sub(r"`([^`]+)`", r"<code>\1</code>", escape(sentence, quote=False))


@dataclass(frozen=True)
class Failing:
    """The smallest case on which the answer is wrong."""

    call: str
    case: Case
    expected: Array
    got: Answer
    output: str = ""  # its name, where the function returns several
    truth: bool = False  # the answer is True or False

    def grids(self, language: str) -> list[picture.Grid]:
        return picture.grids(self.case, self.expected, self.got, language, self.output, self.truth)

    def described(self, language: str) -> str:
        expected, got = (self._brief(answer) for answer in (self.expected, self.got))
        return sentences.PICTURE.fill(expected=expected, got=got).said_in(language)

    def _brief(self, answer: Answer) -> str:
        return str(bool(answer)) if self.truth and answer is not None else _brief(answer)


def _brief(answer: Answer) -> str:
    if answer is None:
        return "—"
    if not answer.ndim:
        return picture.number(float(answer))
    if answer.size > KEPT_NUMBERS:
        return str(answer.shape)
    return np.array2string(answer, threshold=24, separator=", ").replace("\n", "")


@dataclass(frozen=True, repr=False)
class Report(Shown):
    """The outcome of one check.

    Parameters
    ----------
    exercise
        The exercise's name, such as ``ch05.scatter``.
    verdict
        ``"passed"``, ``"not attempted"`` or ``"failed"``.
    diagnosis
        Names of the mistakes recognised, or of the state the function was found in.
    says
        The sentences for the learner.
    failing
        The smallest case on which the answer is wrong.
    """

    exercise: str
    verdict: Verdict
    diagnosis: tuple[str, ...] = ()
    says: tuple[Text, ...] = ()
    failing: Failing | None = field(default=None, compare=False)

    @property
    def passed(self) -> bool:
        return self.verdict == "passed"

    def show(self) -> None:
        """Into the notebook, with what a program needs to read it there; where there is none, print it."""
        if _in_a_notebook():
            from IPython.display import display

            told = {"exercise": self.exercise, "verdict": self.verdict, "diagnosis": list(self.diagnosis)}
            bundle = {"text/plain": repr(self), "text/html": self._repr_html_(), MIME: told}
            display(bundle, raw=True)  # type: ignore[no-untyped-call]
        else:
            print(self)

    def sentences_in(self, language: str) -> list[str]:
        return [sentence.said_in(language) for sentence in self.says]

    def in_html(self, language: str) -> str:
        colour = _COLOURS[self.verdict]
        said = " ".join(marked_up(sentence) for sentence in self.sentences_in(language))
        parts = [
            f'<p style="margin: 0"><b style="color: {colour}">{_SIGNS[self.verdict]} {self.exercise}</b> '
            f"{said}</p>"
        ]
        if self.failing is not None:
            parts.append(f'<p style="margin: .4em 0"><code>{escape(self.failing.call)}</code></p>')
            parts.append(picture.svg(self.failing.grids(language), self.failing.described(language)))
        return (
            f'<div class="up-check" lang="{language}" '
            f'style="border-left: 3px solid {colour}; padding: .2em .8em">'
            f"{''.join(parts)}</div>"
        )

    def in_text(self, language: str) -> str:
        lines = [f"{_SIGNS[self.verdict]} {self.exercise}: " + " ".join(self.sentences_in(language))]
        if self.failing is not None:
            lines += [f"  {self.failing.call}", picture.text(self.failing.grids(language))]
        return "\n".join(lines)


@dataclass(frozen=True, repr=False)
class Note(Shown):
    """A heading, a paragraph and code: a hint, a solution, a task."""

    heading: Text
    paragraph: Text = EMPTY
    code: str = ""

    def in_html(self, language: str) -> str:
        heading = f"<b>{marked_up(self.heading.said_in(language))}</b>"
        paragraph = marked_up(self.paragraph.said_in(language))
        block = f'<pre style="margin: .4em 0"><code>{escape(self.code)}</code></pre>' if self.code else ""
        return (
            f'<div class="up-check" lang="{language}" '
            f'style="border-left: 3px solid var(--up-input, #0072b2); padding: .2em .8em">'
            f'<p style="margin: 0">{heading} {paragraph}</p>{block}</div>'
        )

    def in_text(self, language: str) -> str:
        lines = [f"{self.heading.said_in(language)}. {self.paragraph.said_in(language)}".strip()]
        return "\n".join(lines + (["", self.code] if self.code else []))
