"""An nbgrader course made from the exercises: one assignment a chapter, in one language."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from nbformat import v4, writes

from upsample_lib.classroom import sentences
from upsample_lib.exercises import chapters
from upsample_lib.exercises.atomic_file import write_text
from upsample_lib.exercises.exercise import Exercise

CONFIG = '''"""What nbgrader has to know of this course."""

c = get_config()  # noqa: F821
c.CourseDirectory.course_id = "upsampling"
# a cell is released as the stub alone, which a check knows for "not attempted"
c.ClearSolutions.code_stub = {"python": ""}
# a test that a learner has deleted is put back before grading
c.OverwriteCells.add_missing_cells = True
# a check ends hanging code by itself; this is for code outside of the functions
c.Execute.timeout = 120
'''
_SCHEMA = 3


def assignment(chapter: str, given: Sequence[Exercise], language: str, points: float) -> Any:
    """One chapter's source notebook: for each exercise its task, a cell to write in, and a locked test.

    Parameters
    ----------
    chapter : str
        Its module in `upsample_lib.exercises`, such as "ch05".
    given : sequence of Exercise
    language : str
        "ru" or "en".
    points : float
        What each exercise is worth.

    Returns
    -------
    nbformat.NotebookNode
    """
    if not points > 0:
        raise ValueError(f"points must be > 0, got {points}")
    imports = ["import numpy as np"]
    if any(one.as_tensors for one in given):
        imports += ["import torch", "import torch.nn.functional as F", "from torch import nn"]
    heading = sentences.ASSIGNMENT.fill(number=int(chapter[2:])).said_in(language)
    how = sentences.HOW.fill(example=given[0].name).said_in(language)
    cells = [
        v4.new_markdown_cell(f"# {heading}\n\n{how}"),
        v4.new_code_cell("\n".join([*imports, "", f"from upsample_lib.exercises import {chapter}"])),
    ]
    for one in given:
        title, task = one.title.said_in(language), one.task.said_in(language)
        cells.append(v4.new_markdown_cell(f"## {title}\n\n{task}"))
        answer = (
            f"{one.stub.rstrip()}\n\n\n### BEGIN SOLUTION\n{one.solution().code.rstrip()}\n### END SOLUTION"
        )
        cells.append(_cell(answer, one.name, solution=True))
        # imported anew: whatever the learner has put under these names before does not count
        graded = f"{one.name}.grade({one.function_name}, {points:g})"
        test = f"from upsample_lib.exercises import {chapter}\n\n{graded}"
        cells.append(_cell(test, f"{one.name}-test", grade=True, locked=True, points=points))
    for number, cell in enumerate(cells):
        cell["id"] = f"{chapter}-{number}"
    kernel = {"display_name": "Python 3", "language": "python", "name": "python3"}
    return v4.new_notebook(cells=cells, metadata={"kernelspec": kernel, "language_info": {"name": "python"}})


def _cell(source: str, grade_id: str, **settings: Any) -> Any:
    cell = v4.new_code_cell(source)
    cell.metadata["nbgrader"] = {
        "grade": False,
        "solution": False,
        "locked": False,
        "task": False,
        "schema_version": _SCHEMA,
        "grade_id": grade_id.replace(".", "-"),
    } | settings
    return cell


def write_course(
    folder: Path, language: str, points: float = 10.0, only: Sequence[str] = (), replace: bool = False
) -> tuple[list[Path], list[Path]]:
    """Write nbgrader's configuration and one source notebook a chapter.

    Parameters
    ----------
    folder : Path
        The course's folder; made if missing.
    language : str
        "ru" or "en".
    points : float
        What each exercise is worth.
    only : sequence of str
        Chapters to write, such as "ch05"; by default all.
    replace : bool
        Whether to write over files that are there and differ: a teacher may have edited them.

    Returns
    -------
    tuple of two lists of Path
        What was written, and what was left as it is because it differs.
    """
    known = chapters()
    unknown = [name for name in only if name not in known]
    if unknown:
        raise ValueError(f"only must name chapters among {', '.join(known)}, got {unknown[0]}")
    files = {folder / "nbgrader_config.py": CONFIG}
    for name in only or known:
        made = assignment(name, known[name], language, points)
        files[folder / "source" / name / f"{name}.ipynb"] = writes(made) + "\n"
    written, kept = [], []
    for path, content in files.items():
        if path.is_file() and path.read_text("utf-8") != content and not replace:
            kept.append(path)
        else:
            write_text(path, content)
            written.append(path)
    return written, kept
