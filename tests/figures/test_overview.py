import numpy as np
import pytest

from upsample_lib import figures


def test_enlargements_draws_input_kernel_and_output_of_every_case():
    x = [[4, 8], [12, 16]]
    linear = np.outer([1, 2, 1], [1, 2, 1]) / 4
    figure = figures.enlargements(x, [(np.ones((2, 2)), 2, 0), (linear, 2, 1)])
    texts = [t.get_text() for t in figure.axes[0].texts]
    assert texts[:9] == ["(1)", "4", "8", "12", "16", "1", "1", "1", "1"]
    assert texts[9:25] == ["4", "4", "8", "8"] * 2 + ["12", "12", "16", "16"] * 2
    assert texts[25] == "(2)"
    assert texts[-9:] == ["4", "6", "8", "8", "10", "12", "12", "14", "16"]


@pytest.mark.parametrize("name", ["a", "b"])
def test_its_svg_is_reproducible(name):
    pictures = [figures.enlargements([[1.0]], [([[1, 2]], 1, 0)]) for _ in range(2)]
    assert figures.svg(pictures[0], name) == figures.svg(pictures[1], name)
