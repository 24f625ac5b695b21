"""Grades for nbgrader, hints and solutions, the progress file, the language."""

import json
import sys
from pathlib import Path

import numpy as np
import pytest

from upsample_lib import exercises
from upsample_lib.exercises import ch05, language, progress_file, set_language
from upsample_lib.exercises.worker import Worker


def overwriting(x, w, s=1, p=0):  # type: ignore[no-untyped-def]
    y = np.zeros((len(x) - 1) * s + len(w))
    for i in range(len(x)):
        y[i * s : i * s + len(w)] = x[i] * w
    return y[p : len(y) - p]


def untouched(x, w, s=1, p=0): ...  # type: ignore[no-untyped-def]


def noisy(x, w, s=1, p=0):  # type: ignore[no-untyped-def]
    print("noise", file=sys.stderr)
    return np.ones(3) / np.zeros(3)


def test_a_grade_is_a_plain_float(capfd: pytest.CaptureFixture[str]) -> None:
    given = [
        (ch05.scatter.reference, 3.0),
        (overwriting, 0.0),
        (untouched, 0.0),
        (noisy, 0.0),
        (None, 0.0),
    ]
    for function, points in given:
        grade = ch05.scatter.grade(function, np.float64(3))  # type: ignore[arg-type]
        assert type(grade) is float
        assert grade == points
    out, err = capfd.readouterr()
    assert err == ""
    assert "written" in out  # the diagnosis is in the feedback


def test_grading_is_not_learning() -> None:
    ch05.scatter.grade(overwriting, 1)
    assert not progress_file.path().exists()


def test_points_are_checked() -> None:
    with pytest.raises(ValueError, match="points must be ≥ 0, got -1"):
        ch05.scatter.grade(overwriting, -1)


def test_hints_step_by_step() -> None:
    ch05.matrix._hints_shown.clear()
    shown = [repr(ch05.matrix.hint()) for _ in range(4)]
    assert [text.split(".")[0] for text in shown] == [f"Hint {n} of 3" for n in (1, 2, 3, 3)]
    assert repr(ch05.matrix.hint(1)) == shown[0]
    with pytest.raises(ValueError, match="step must be from 1 to 3, got 4"):
        ch05.matrix.hint(4)


def test_the_solution_solves() -> None:
    scope: dict[str, object] = {"np": np, "Array": np.ndarray}
    exec(ch05.scatter.solution().code, scope)
    assert ch05.scatter.check(scope["scatter"]).passed  # type: ignore[arg-type]
    assert "<pre" in ch05.scatter.solution()._repr_html_()


def test_progress_is_kept_in_the_learners_folder() -> None:
    assert "0 of 4" in repr(ch05.progress())
    ch05.scatter.check(untouched)
    assert not progress_file.path().exists()
    ch05.scatter.check(overwriting)
    entry = json.loads(progress_file.path().read_text("utf-8"))["ch05.scatter"]
    assert entry == {"checks": 1, "last": "failed", "diagnosis": ["overwritten"]}
    ch05.scatter.check(ch05.scatter.reference)
    ch05.scatter.check(overwriting)
    entry = progress_file.read()["ch05.scatter"]
    assert entry["checks"] == 3
    assert "solved" in entry  # what is solved once stays solved
    assert f"1 of {len(exercises.all_exercises())}" in repr(exercises.progress())
    assert [path.name for path in progress_file.path().parent.iterdir()] == ["progress.json"]
    set_language("ru")
    assert "Решено 1 из 4" in ch05.progress()._repr_html_()


@pytest.mark.parametrize("content", ["", "{", "[1]", '{"ch05.scatter": 3}', "\x00"])
def test_a_damaged_file_is_no_obstacle(content: str) -> None:
    progress_file.path().parent.mkdir(parents=True)
    progress_file.path().write_text(content, "utf-8")
    assert ch05.scatter.check(ch05.scatter.reference).passed
    assert "1 of 4" in repr(ch05.progress())


def test_a_folder_that_cannot_be_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "file").touch()
    monkeypatch.setenv("UPSAMPLE_DATA", str(tmp_path / "file" / "below"))
    assert ch05.scatter.check(ch05.scatter.reference).passed
    assert "could not be saved" in repr(ch05.progress())
    monkeypatch.setenv("UPSAMPLE_DATA", str(tmp_path))
    assert ch05.scatter.check(ch05.scatter.reference).passed
    assert "could not be saved" not in repr(ch05.progress())


def test_where_the_file_lies_by_default(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("UPSAMPLE_DATA")
    monkeypatch.setattr(sys, "platform", "linux")
    monkeypatch.setenv("XDG_DATA_HOME", "/data")
    assert progress_file.path() == Path("/data/upsample_lib/progress.json")
    monkeypatch.setattr(sys, "platform", "darwin")
    assert progress_file.path() == Path.home() / "Library/Application Support/upsample_lib/progress.json"
    monkeypatch.setattr(sys, "platform", "win32")
    monkeypatch.setenv("LOCALAPPDATA", "/local")
    assert progress_file.path() == Path("/local/upsample_lib/progress.json")


def test_the_language_of_the_notebook(monkeypatch: pytest.MonkeyPatch) -> None:
    set_language(None)
    for name in ("LC_ALL", "LC_MESSAGES", "LANG", language.VARIABLE, "JPY_SESSION_NAME"):
        monkeypatch.delenv(name, raising=False)
    assert language.current() == "en"
    monkeypatch.setenv("LANG", "ru_RU.UTF-8")
    assert language.current() == "ru"
    monkeypatch.setenv("JPY_SESSION_NAME", "/home/me/notebooks/en/05-transposed-convolution.ipynb")
    assert language.current() == "en"
    monkeypatch.setenv(language.VARIABLE, "ru")
    assert language.current() == "ru"
    set_language("en")
    assert language.current() == "en"
    with pytest.raises(ValueError, match="language must be 'ru', 'en', 'both' or None, got 'de'"):
        set_language("de")


def test_both_languages_for_a_page_of_two_editions() -> None:
    set_language("both")
    html = ch05.scatter.examine(untouched)._repr_html_()
    assert 'lang="ru"' in html
    assert 'lang="en"' in html
    assert "html[lang|=ru] .up-check[lang=en] { display: none }" in html


def test_an_idle_worker_ends_and_the_next_check_is_right() -> None:
    worker = Worker(idle=0.2)
    cases = [[np.array([1.0]), np.array([2.0])]]
    assert worker.run(ch05.scatter.reference, cases)[0]["values"] == [2.0]
    process = worker._process
    assert process is not None
    process.wait(20)
    assert worker.pid is None
    assert worker.run(ch05.scatter.reference, cases)[0]["values"] == [2.0]
    worker.stop()
