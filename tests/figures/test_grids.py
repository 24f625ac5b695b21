import numpy as np
import pytest
from matplotlib.colors import to_hex
from matplotlib.patches import Rectangle

from upsample_lib import figures


@pytest.mark.parametrize(
    ("value", "text"), [(3, "3"), (-2, "−2"), (0.75, "3/4"), (-1 / 3, "−1/3"), (0.0, "0"), (np.pi, "3.14")]
)
def test_numbers_read_the_same_in_both_languages(value, text):
    assert figures.number_text(value) == text


def test_grid_writes_each_number_into_its_own_cell():
    _, axes = figures.canvas(4, 3)
    figures.grid(axes, [[1, 2], [3, np.nan]], at=(1, 0))
    assert {t.get_text(): t.get_position() for t in axes.texts} == {
        "1": (1.5, 0.5),
        "2": (2.5, 0.5),
        "3": (1.5, 1.5),
    }


def test_a_vector_is_one_row_and_roles_colour_each_cell():
    _, axes = figures.canvas(4, 1)
    figures.grid(axes, [5, 0, 7], roles=[["input", "zero", None]])
    cells = [patch for patch in axes.patches if isinstance(patch, Rectangle)]
    assert [to_hex(cell.get_edgecolor()) for cell in cells] == [
        figures.COLOURS["input"],
        figures.COLOURS["zero"],
    ]
    assert [cell.get_xy() for cell in cells] == [(0, 0), (1, 0)]
