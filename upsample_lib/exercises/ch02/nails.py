"""Bed of nails, with the nail where one wants it."""

import numpy as np

from upsample_lib.exercises.cases import Array, Shape, mistake, primes
from upsample_lib.exercises.exercise import Exercise
from upsample_lib.exercises.language import Text

STUB = """def bed(y, s, row=0, column=0):
    ...
"""


def bed(y: Array, s: int, row: int = 0, column: int = 0) -> Array:
    z = np.zeros((s * y.shape[0], s * y.shape[1]))
    z[row::s, column::s] = y
    return z


@mistake(
    "числом заполнен весь блок. Это ближайший сосед; гвоздь занимает одно место, остальное нули.",
    "the number fills its whole block. That is nearest neighbour; a nail takes one place, the rest is zero.",
)
def copied(y: Array, s: int, row: int = 0, column: int = 0) -> Array:
    return y.repeat(s, axis=0).repeat(s, axis=1)


@mistake(
    "гвоздь всегда стоит в левом верхнем углу: `row` и `column` не используются.",
    "the nail always stands in the top left corner: `row` and `column` are not used.",
)
def always_in_the_corner(y: Array, s: int, row: int = 0, column: int = 0) -> Array:
    return bed(y, s)


@mistake(
    "строка и столбец гвоздя перепутаны.",
    "the nail's row and column are mixed up.",
)
def row_for_column(y: Array, s: int, row: int = 0, column: int = 0) -> Array:
    return bed(y, s, column, row)


@mistake(
    "место отсчитано от правого нижнего угла блока, а надо от левого верхнего.",
    "the place is counted from the bottom right corner of the block; it should be from the top left one.",
)
def counted_from_the_end(y: Array, s: int, row: int = 0, column: int = 0) -> Array:
    return bed(y, s, s - 1 - row, s - 1 - column)


@mistake(
    "после последнего гвоздя нет нулей. Каждый блок, и последний тоже, имеет размер `s × s`.",
    "there are no zeros after the last nail. Every block measures `s × s`, the last one too.",
)
def cut_after_the_last(y: Array, s: int, row: int = 0, column: int = 0) -> Array:
    z = bed(y, s, row, column)
    return z[: len(z) - (s - 1 - row), : z.shape[1] - (s - 1 - column)]


@mistake(
    "между гвоздями вставлено `s` нулей, а нужно `s − 1`.",
    "there are `s` zeros between nails; it should be `s − 1`.",
)
def s_zeros_between(y: Array, s: int, row: int = 0, column: int = 0) -> Array:
    return bed(y, s + 1, row, column)


@mistake(
    "число поделено на размер блока. Гвозди чисел не меняют.",
    "the number is divided by the size of its block. Nails do not change numbers.",
)
def divided(y: Array, s: int, row: int = 0, column: int = 0) -> Array:
    return bed(y, s, row, column) / s**2


@mistake(
    "блоки разложены друг за другом без учёта строк карты: `reshape` здесь не годится.",
    "the blocks are laid out one after another, whatever row of the map they belong to: `reshape` will not "
    "do here.",
)
def reshaped(y: Array, s: int, row: int = 0, column: int = 0) -> Array:
    blocks = np.zeros((y.size, s, s))
    blocks[:, row, column] = y.ravel()
    return blocks.reshape(s * y.shape[0], s * y.shape[1])


def _case(y: Array, s: int, row: int, column: int) -> dict[str, object]:
    return {"y": y, "s": s, "row": row, "column": column}


EXERCISE = Exercise(
    name="ch02.bed",
    title=Text("Гвозди", "Nails"),
    task=Text(
        "Увеличьте карту `y` в `s` раз по обеим осям: в блоке `s × s` число стоит в строке `row` и столбце "
        "`column`, остальное — нули.",
        "Enlarge the map `y` `s` times along both axes: in its block of `s × s` a number stands in row `row` "
        "and column `column`, the rest is zeros.",
    ),
    stub=STUB,
    reference=bed,
    mistakes=(
        copied,
        always_in_the_corner,
        row_for_column,
        counted_from_the_end,
        cut_after_the_last,
        s_zeros_between,
        divided,
        reshaped,
    ),
    cases=(
        _case(np.array([[1.0, 2], [3, 4]]), 2, 0, 0),
        _case(np.array([[1.0, 2], [3, 4]]), 2, 0, 1),
        _case(primes(1, 3), 3, 2, 1),
        _case(primes(2, 3, start=4) / 2, 3, 0, 2),
        _case(primes(3, 1), 1, 0, 0),
    ),
    hints=(
        Text(
            "Начните с нулей. Какого размера должна быть карта, если каждое число превращается в блок `s × "
            "s`?",
            "Start from zeros. How large must the map be if every number turns into a block of `s × s`?",
        ),
        Text(
            "Гвозди стоят через `s` строк и через `s` столбцов. Все сразу их выделяет срез с шагом.",
            "Nails stand `s` rows and `s` columns apart. A slice with a step selects all of them at once.",
        ),
        Text(
            "`z[row::s, column::s] = y`.",
            "`z[row::s, column::s] = y`.",
        ),
    ),
    shapes={
        "s zeros between": Shape(
            lambda y, s, row, column: tuple((n - 1) * (s + 1) + 1 for n in y.shape),
            Text(
                "Между соседними числами вставлено s нулей, а блоков размера s здесь нет.",
                "There are s zeros between neighbours, and no blocks of size s.",
            ),
        ),
        "one axis": Shape(
            lambda y, s, row, column: (y.shape[0], s * y.shape[1]),
            Text("Увеличена только ширина.", "Only the width is enlarged."),
        ),
    },
    features={
        "row ≠ column": lambda y, s, row, column: row != column,
        "row > 0": lambda y, s, row, column: row > 0,
        "s > 1": lambda y, s, row, column: s > 1,
        "H ≠ W": lambda y, s, row, column: y.shape[0] != y.shape[1],
    },
    forbidden=("bed_of_nails", "upsample_lib.bed_of_nails", "upsample_lib.zero_insert"),
)
