"""What a class got right and wrong, read from the notebooks that nbgrader has graded."""

import csv
import json
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TextIO

from upsample_lib.classroom import sentences
from upsample_lib.exercises import chapters
from upsample_lib.exercises.language import Text
from upsample_lib.exercises.report import MIME

COLUMNS = ("learner", "exercise", "verdict", "diagnosis")


@dataclass(frozen=True)
class Attempt:
    """One learner's outcome on one exercise.

    Parameters
    ----------
    learner, exercise : str
    verdict : str
        "passed", "failed", "not attempted", or "no answer" where the test cell did not come to an end.
    diagnosis : tuple of str
        Names of the mistakes recognised; for "no answer" the error's name.
    """

    learner: str
    exercise: str
    verdict: str
    diagnosis: tuple[str, ...] = ()


def attempts(folder: Path) -> list[Attempt]:
    """Every test cell under ``autograded/<learner>/<assignment>/`` of an nbgrader course.

    Parameters
    ----------
    folder : Path
        The course's folder.

    Returns
    -------
    list of Attempt
        Sorted by learner and exercise; empty if nothing is graded yet.
    """
    found = []
    for path in sorted(folder.glob("autograded/*/*/*.ipynb")):
        learner = path.parts[-3]
        for cell in json.loads(path.read_text("utf-8"))["cells"]:
            mark = cell["metadata"].get("nbgrader", {})
            if mark.get("grade") and cell["cell_type"] == "code":
                name = str(mark["grade_id"]).removesuffix("-test").replace("-", ".", 1)
                found.append(_attempt(learner, name, cell["outputs"]))
    return found


def _attempt(learner: str, exercise: str, outputs: Sequence[dict[str, Any]]) -> Attempt:
    for output in outputs:
        told = output.get("data", {}).get(MIME)
        if told is not None:
            return Attempt(learner, exercise, str(told["verdict"]), tuple(told["diagnosis"]))
    errors = [str(output["ename"]) for output in outputs if output["output_type"] == "error"]
    return Attempt(learner, exercise, "no answer", tuple(errors[:1] or ["—"]))


def write_csv(found: Iterable[Attempt], file: TextIO) -> None:
    """One line for each learner and exercise; several mistakes are joined by a semicolon.

    Parameters
    ----------
    found : iterable of Attempt
    file : text file
        Opened for writing.
    """
    rows = csv.writer(file, lineterminator="\n")
    rows.writerow(COLUMNS)
    for one in found:
        rows.writerow([one.learner, one.exercise, one.verdict, "; ".join(one.diagnosis)])


def summary(found: Sequence[Attempt], language: str) -> str:
    """How often each exercise went right or wrong, and which mistakes were made, the commonest first.

    Parameters
    ----------
    found : sequence of Attempt
    language : str
        "ru" or "en".

    Returns
    -------
    str
    """
    said = {
        (exercise.name, mistake.name): mistake.says
        for given in chapters().values()
        for exercise in given
        for mistake in exercise.mistakes
    }
    lines = [sentences.LEARNERS.fill(count=len({one.learner for one in found})).said_in(language)]
    for exercise in sorted({one.exercise for one in found}):
        own = [one for one in found if one.exercise == exercise]
        count = Counter(one.verdict for one in own)
        heading = sentences.EXERCISE.fill(
            exercise=exercise,
            passed=count["passed"],
            failed=count["failed"] + count["no answer"],
            untouched=count["not attempted"],
        )
        lines += ["", heading.said_in(language)]
        mistakes = Counter(
            (one.verdict, name)
            for one in own
            if one.verdict in ("failed", "no answer")
            for name in one.diagnosis
        )
        for (verdict, name), times in mistakes.most_common():
            says = said.get((exercise, name)) or _unnamed(verdict, name)
            lines.append(f"  {times} × {says.said_in(language)}")
    return "\n".join(lines)


def _unnamed(verdict: str, name: str) -> Text:
    if verdict == "no answer":
        return sentences.NO_ANSWER.fill(error=name)
    if name.startswith("raised "):
        return sentences.RAISED.fill(name=name.removeprefix("raised "))
    if name in sentences.STATES:
        return sentences.STATES[name]
    return sentences.UNNAMED.fill(name=name)
