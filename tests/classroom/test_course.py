"""The source notebooks: what nbgrader will find in them, and that a teacher's edits are kept."""

from pathlib import Path

import nbformat
import numpy as np
import pytest

from upsample_lib.classroom import assignment, write_course
from upsample_lib.classroom.__main__ import main
from upsample_lib.exercises import chapters


def test_an_assignment_has_task_answer_and_test_for_each_exercise() -> None:
    given = chapters()["ch05"]
    made = assignment("ch05", given, "ru", 5)
    nbformat.validate(made)
    assert made.cells[0].source.startswith("# Глава 5: упражнения")
    answers = [c for c in made.cells if c.metadata.get("nbgrader", {}).get("solution")]
    tests = [c for c in made.cells if c.metadata.get("nbgrader", {}).get("grade")]
    assert len(answers) == len(tests) == len(given)
    assert answers[0].source.startswith("def scatter(x, w, s=1, p=0):\n    ...\n")
    assert tests[0].source.endswith("ch05.scatter.grade(scatter, 5)")
    assert tests[0].metadata["nbgrader"]["points"] == 5
    assert tests[0].metadata["nbgrader"]["locked"] is True
    ids = [c.metadata["nbgrader"]["grade_id"] for c in answers + tests]
    assert len(set(ids)) == len(ids)


@pytest.mark.parametrize("chapter", chapters())
def test_every_solution_runs_from_the_cells_of_its_assignment(chapter: str) -> None:
    given = chapters()[chapter]
    made = assignment(chapter, given, "en", 1)
    scope: dict[str, object] = {"np": np}
    exec(made.cells[1].source, scope)
    answers = [c.source for c in made.cells if c.metadata.get("nbgrader", {}).get("solution")]
    for exercise, answer in zip(given, answers):
        exec(answer, scope)
        report = exercise.examine(scope[exercise.function_name])  # type: ignore[arg-type]
        assert report.passed, report


def test_what_a_teacher_edited_is_kept(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    written, kept = write_course(tmp_path, "en", only=["ch05"])
    assert [path.name for path in written] == ["nbgrader_config.py", "ch05.ipynb"]
    assert kept == []
    edited = tmp_path / "source" / "ch05" / "ch05.ipynb"
    edited.write_text(edited.read_text("utf-8").replace("Stamp and add", "My own title"), "utf-8")
    assert main(["course", str(tmp_path), "--only", "ch05"]) == 0
    assert "left as it is, the file was edited" in capsys.readouterr().out
    assert "My own title" in edited.read_text("utf-8")
    assert main(["course", str(tmp_path), "--only", "ch05", "--replace"]) == 0
    assert "My own title" not in edited.read_text("utf-8")


def test_bad_arguments_say_what_is_allowed(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["course", str(tmp_path), "--only", "ch99"]) == 2
    assert "only must name chapters among" in capsys.readouterr().err
    assert main(["course", str(tmp_path), "--points", "0"]) == 2
    assert "points must be > 0, got 0" in capsys.readouterr().err
    assert main(["report", str(tmp_path)]) == 1
    assert "no graded work" in capsys.readouterr().err
