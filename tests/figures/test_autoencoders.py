import numpy as np
import pytest
from matplotlib.colors import same_color
from matplotlib.patches import Rectangle

from upsample_lib.figures import (
    COLOURS,
    SOFT,
    hourglass,
    image_rows,
    latent_errors,
    learning_curves,
    lower_bound,
    svg,
)
from upsample_lib.training.data import FASHION_NAMES, fashion_mnist


def test_the_area_of_a_map_is_the_number_of_its_values():
    figure = hourglass([(1, 28), (16, 14), (16, 1), (1, 28)])
    boxes = [p for p in figure.axes[0].patches if isinstance(p, Rectangle)]
    areas = [box.get_width() * box.get_height() for box in boxes]
    # 784 values, 3136, 16 (too thin to be seen: drawn at the least width), 784
    assert areas[1] / areas[0] == pytest.approx(4)
    assert areas[3] == pytest.approx(areas[0])
    assert areas[2] == min(areas)
    roles = ["input", "input", "kernel", "output"]
    assert all(same_color(box.get_facecolor(), SOFT[role]) for box, role in zip(boxes, roles))
    texts = [text.get_text() for text in figure.axes[0].texts]
    assert texts == ["$1\\!\\times\\!28^2$", "$16\\!\\times\\!14^2$", "$16$", "$1\\!\\times\\!28^2$"]


def test_errors_are_dots_and_their_mean_is_a_line():
    runs = [[0.03, 0.05], [0.02, 0.02]]
    figure = latent_errors([2, 4], runs, {"P": [0.06, 0.01]}, "A")
    (axes,) = figure.axes
    lines = {line.get_label(): line for line in axes.lines}
    np.testing.assert_allclose(lines["A"].get_ydata(), [0.04, 0.02])
    np.testing.assert_allclose(lines["P"].get_ydata(), [0.06, 0.01])
    dots = [line for line in axes.lines if line.get_marker() == "."]
    np.testing.assert_allclose(np.concatenate([d.get_ydata() for d in dots]), [0.03, 0.05, 0.02, 0.02])
    assert axes.get_xscale() == axes.get_yscale() == "log"
    assert [tick.get_text() for tick in axes.get_xticklabels()] == ["2", "4"]
    with pytest.raises(ValueError, match="shorter"):
        latent_errors([2, 4], runs[:1], {}, "A")


def test_curves_count_their_steps_and_name_each_loss_once():
    figure = learning_curves([{"B": [[3, 2, 1], [4, 3, 2]], "M": [5, 5, 5]}, {"B": [1, 0]}], every=20)
    first, second = figure.axes
    np.testing.assert_array_equal(first.lines[0].get_xdata(), [0, 20, 40])
    np.testing.assert_array_equal(first.lines[1].get_ydata(), [4, 3, 2])
    assert [text.get_text() for text in first.get_legend().get_texts()] == ["B", "M"]
    assert same_color(first.lines[2].get_color(), COLOURS["kernel"])
    np.testing.assert_array_equal(second.lines[0].get_ydata(), [1, 0])
    assert first.get_ylim()[0] == 0 == second.get_ylim()[0]


def test_a_bound_lies_below_the_line_that_it_bounds():
    figure = lower_bound([0, 1], {"a": [-3, -2], "b": [-4, -4]}, -1.5, ("$m$", "$e$"))
    (axes,) = figure.axes
    line, *curves = axes.lines
    assert list(line.get_ydata()) == [-1.5, -1.5]
    assert [list(curve.get_ydata()) for curve in curves] == [[-3, -2], [-4, -4]]
    assert [text.get_text() for text in axes.get_legend().get_texts()] == ["$e$", "a", "b"]
    assert axes.get_xlabel() == "$m$"


def test_pictures_can_stand_in_a_page():
    for figure in (
        hourglass([(1, 8), (2, 1), (1, 8)]),
        latent_errors([2, 4], [[1], [2]], {}, "A"),
        learning_curves([{"B": [1, 2]}], 1),
        lower_bound([0, 1], {"a": [0, 0]}, 1, ("$m$", "$e$")),
    ):
        assert svg(figure, "p").startswith("<svg")


def test_every_class_of_clothing_has_a_name_in_both_languages():
    _, labels = fashion_mnist("test")
    assert len(FASHION_NAMES) == len(np.unique(labels)) == labels.max() + 1
    for language in ("ru", "en"):
        assert len({name[language] for name in FASHION_NAMES}) == 10
    assert FASHION_NAMES[9]["en"] == "ankle boot"  # the first test image, and the paper's last class
    assert labels[0] == 9
    assert image_rows(np.zeros((1, 2, 2))).shape == (4, 4, 4)
