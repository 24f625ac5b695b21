"""The exercises as a class: a course for nbgrader, and what the class got wrong.

`python -m upsample_lib.classroom course DIR` writes one assignment a chapter, as nbgrader's sources.
`python -m upsample_lib.classroom report DIR` reads what nbgrader has graded: who made which mistakes.
Neither needs nbgrader itself, which collects and grades in an environment of its own (`make class`).
"""

from upsample_lib.classroom.class_report import Attempt, attempts, summary, write_csv
from upsample_lib.classroom.course import assignment, write_course

__all__ = ["Attempt", "assignment", "attempts", "summary", "write_course", "write_csv"]
