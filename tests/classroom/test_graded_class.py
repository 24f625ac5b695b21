"""Six learners: released, collected by hand, graded and given feedback by nbgrader; then the class report."""

import csv
import sqlite3
from collections.abc import Callable
from pathlib import Path

import nbformat
import pytest

from upsample_lib.classroom import attempts, summary, write_course
from upsample_lib.classroom.__main__ import main
from upsample_lib.exercises import ch05

RIGHT = ch05.scatter.solution().code
WRONG = """def scatter(x, w, s=1, p=0):
    y = np.zeros((len(x) - 1) * s + len(w))
    for i in range(len(x)):
        y[i * s : i * s + len(w)] = x[i] * w
    return y[p : len(y) - p]
"""
ENDLESS = "def scatter(x, w, s=1, p=0):\n    while True:\n        pass\n"
EXITING = "import os\n\n\ndef scatter(x, w, s=1, p=0):\n    os._exit(0)\n"
PATCHED = """class ch05:
    class scatter:
        check = grade = staticmethod(lambda *given: 10.0)


def scatter(x, w, s=1, p=0):
    ...
"""
ANSWERS = {
    "anna": RIGHT,
    "boris": WRONG,
    "clara": ENDLESS,
    "dmitri": EXITING,
    "eve": PATCHED,
    "fyodor": WRONG,
}
POINTS = {"anna": 10, "boris": 0, "clara": 0, "dmitri": 0, "eve": 0, "fyodor": 0}


@pytest.fixture(scope="module")
def course(tmp_path_factory: pytest.TempPathFactory, nbgrader: Callable[..., str]) -> Path:
    folder = tmp_path_factory.mktemp("course")
    write_course(folder, "en", points=10, only=["ch05"])
    said = nbgrader(folder, "generate_assignment", "ch05")
    released = folder / "release" / "ch05" / "ch05.ipynb"
    assert released.is_file(), said
    for learner, answer in ANSWERS.items():
        book = nbformat.read(released, 4)
        for cell in book.cells:
            if cell.metadata.get("nbgrader", {}).get("grade_id") == "ch05-scatter":
                cell.source = answer
        if learner == "fyodor":  # deletes the test that would tell on him
            book.cells = [
                c for c in book.cells if c.metadata.get("nbgrader", {}).get("grade_id") != "ch05-scatter-test"
            ]
        target = folder / "submitted" / learner / "ch05" / "ch05.ipynb"
        target.parent.mkdir(parents=True)
        nbformat.write(book, target)
    said = nbgrader(folder, "autograde", "ch05", "--create")
    assert "ERROR" not in said, said
    said = nbgrader(folder, "generate_feedback", "ch05")
    assert "ERROR" not in said, said
    return folder


def test_the_release_holds_stubs_and_no_solutions(course: Path) -> None:
    book = nbformat.read(course / "release" / "ch05" / "ch05.ipynb", 4)
    answer = next(c for c in book.cells if c.metadata.get("nbgrader", {}).get("grade_id") == "ch05-scatter")
    assert answer.source.strip() == "def scatter(x, w, s=1, p=0):\n    ..."
    assert all("SOLUTION" not in c.source for c in book.cells)


def test_the_grades(course: Path) -> None:
    query = """
        select student.id, base_cell.name, grade.auto_score from grade
        join base_cell on base_cell.id = grade.cell_id
        join submitted_notebook on submitted_notebook.id = grade.notebook_id
        join submitted_assignment on submitted_assignment.id = submitted_notebook.assignment_id
        join student on student.id = submitted_assignment.student_id
    """
    with sqlite3.connect(course / "gradebook.db") as base:
        found = {(learner, cell): points for learner, cell, points in base.execute(query)}
    assert {learner: found[learner, "ch05-scatter-test"] for learner in ANSWERS} == POINTS
    untouched = [points for (_, cell), points in found.items() if cell != "ch05-scatter-test"]
    assert len(untouched) == 3 * len(ANSWERS)
    assert set(untouched) == {0}


def test_the_feedback_names_the_mistake_and_shows_it(course: Path) -> None:
    page = (course / "feedback" / "boris" / "ch05" / "ch05.html").read_text("utf-8")
    assert "prints are written" in page
    assert "<svg" in page


def test_the_report_says_who_made_which_mistake(course: Path, tmp_path: Path) -> None:
    found = {one.learner: one for one in attempts(course) if one.exercise == "ch05.scatter"}
    told = {learner: (one.verdict, one.diagnosis) for learner, one in found.items()}
    assert told == {
        "anna": ("passed", ()),
        "boris": ("failed", ("overwritten",)),
        "clara": ("failed", ("timeout",)),
        "dmitri": ("failed", ("died",)),
        "eve": ("not attempted", ()),
        "fyodor": ("failed", ("overwritten",)),
    }
    target = tmp_path / "class.csv"
    assert main(["report", str(course), "--csv", str(target)]) == 0
    with target.open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == 4 * len(ANSWERS)
    assert {
        "learner": "boris",
        "exercise": "ch05.scatter",
        "verdict": "failed",
        "diagnosis": "overwritten",
    } in rows


@pytest.mark.parametrize(
    ("language", "heading", "mistake"),
    [
        ("en", "ch05.scatter: right 1, wrong 4, not attempted 1", "2 × prints are written"),
        ("ru", "ch05.scatter: верно 1, неверно 4, не начато 1", "2 × оттиски записываются"),
    ],
)
def test_the_summary_starts_with_the_commonest_mistake(
    course: Path, language: str, heading: str, mistake: str
) -> None:
    lines = summary(attempts(course), language).split("\n")
    assert mistake in lines[lines.index(heading) + 1]
    assert not any(name in "\n".join(lines) for name in ("timeout", "died"))  # states are put into words
