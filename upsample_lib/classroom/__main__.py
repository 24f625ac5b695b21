"""`python -m upsample_lib.classroom course|report DIR`."""

import argparse
import sys
from pathlib import Path

from upsample_lib.classroom import sentences
from upsample_lib.classroom.class_report import attempts, summary, write_csv
from upsample_lib.classroom.course import write_course


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(
        prog="python -m upsample_lib.classroom", description="The exercises as a class."
    )
    commands = parser.add_subparsers(dest="command", required=True)
    course = commands.add_parser("course", help="write the assignments as nbgrader's source notebooks")
    course.add_argument(
        "--points", type=float, default=10.0, help="what each exercise is worth (default: 10)"
    )
    course.add_argument(
        "--only", nargs="+", default=[], metavar="CHAPTER", help="such as ch05 (default: all)"
    )
    course.add_argument("--replace", action="store_true", help="write over files that were edited")
    report = commands.add_parser("report", help="say what the class got wrong")
    report.add_argument("--csv", type=Path, metavar="FILE", help="learner, exercise, verdict, diagnosis")
    for command in (course, report):
        command.add_argument("folder", type=Path, help="the course's folder")
        command.add_argument("--language", choices=("ru", "en"), default="en")
    options = parser.parse_args(arguments)
    return _course(options) if options.command == "course" else _report(options)


def _course(options: argparse.Namespace) -> int:
    try:
        written, kept = write_course(
            options.folder, options.language, options.points, options.only, options.replace
        )
    except ValueError as error:
        print(error, file=sys.stderr)
        return 2
    for says, paths in ((sentences.WRITTEN, written), (sentences.KEPT, kept)):
        for path in paths:
            print(says.fill(path=path).said_in(options.language))
    return 0


def _report(options: argparse.Namespace) -> int:
    found = attempts(options.folder)
    if not found:
        print(sentences.NOTHING_GRADED.fill(folder=options.folder).said_in(options.language), file=sys.stderr)
        return 1
    if options.csv is not None:
        with options.csv.open("w", encoding="utf-8", newline="") as file:
            write_csv(found, file)
    print(summary(found, options.language))
    return 0


if __name__ == "__main__":
    sys.exit(main())
