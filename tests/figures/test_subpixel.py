"""The pictures show what the operations give: their numbers and heights are read back from the drawing."""

import numpy as np
import pytest

import upsample_lib as up
from upsample_lib import derivations, figures


def numbers(figure):
    return [t.get_text() for t in figure.axes[0].texts if "$" not in t.get_text()]


def bold(figure):
    return [
        t.get_text() for t in figure.axes[0].texts if t.get_fontweight() == "bold" and "$" not in t.get_text()
    ]


def test_shuffled_channels_end_with_the_shuffled_map_and_its_block_is_bold():
    x = np.arange(4 * 2 * 3).reshape(4, 2, 3)
    figure = figures.shuffled_channels(x, 2, pixel=(1, 2))
    assert numbers(figure)[-24:] == [str(v) for v in up.pixel_shuffle(x, 2).ravel()]
    assert bold(figure) == ["5", "11", "17", "23"] * 2


def test_shuffled_channels_refuse_another_number_of_channels():
    with pytest.raises(ValueError, match="x must have 4 channels to be drawn at scale 2, got 3"):
        figures.shuffled_channels(np.zeros((3, 2, 2)), 2)


def test_channel_orders_mark_what_goes_into_the_first_output_channel():
    figure = figures.channel_orders(depth=2, scale=2)
    crd, dcr = ["0", "1", "2", "3"], ["0", "2", "4", "6"]
    assert bold(figure) == crd + crd + dcr + dcr
    assert [t for t in numbers(figure) if t in ("CRD", "DCR")] == ["CRD", "DCR"]


def test_kernel_phases_write_flipped_phases_their_outputs_and_the_sum():
    drawn = numbers(figures.kernel_phases([2, 3], [1, 2, 10, 20], 2))
    rows = [
        ["0", "2", "3", "0"],
        ["1", "2", "10", "20"],
        ["10", "1"],
        ["2", "23", "30"],
        ["20", "2"],
        ["4", "46", "60"],
        ["2", "4", "23", "46", "30", "60"],
    ]
    assert drawn == [number for row in rows for number in row]


def test_kernel_phases_refuse_a_kernel_that_does_not_split():
    with pytest.raises(ValueError, match="kernel must have a multiple of 2 taps to be drawn, got 3"):
        figures.kernel_phases([1], [1, 2, 3], 2)


def test_tied_kernel_adds_shifted_copies_of_the_flipped_kernel():
    drawn = numbers(figures.tied_kernel([1, 10, 100], 2))
    rows = [["1", "10", "100"], ["100", "10", "1", "0"], ["0", "100", "10", "1"], ["100", "110", "11", "1"]]
    assert drawn == [number for row in rows for number in row]


@pytest.mark.parametrize(("k", "scale"), [(3, 2), (3, 3), (5, 2), (1, 4)])
def test_both_roads_reach_one_output(k, scale):
    rng = np.random.default_rng(k)
    x, w = rng.integers(1, 9, 3), rng.integers(1, 9, k)
    drawn = numbers(figures.two_roads(x, w, scale))
    y = derivations.correlate1d(x.repeat(scale).astype(float), w.astype(float), p=k // 2)
    expected = [figures.number_text(v) for v in y]
    large = len(y) + 2 * (k // 2)
    assert drawn[1 + large :][: len(y)] == expected
    assert drawn[-large:][k // 2 : k // 2 + len(y)] == expected


def test_two_roads_refuse_an_even_kernel():
    with pytest.raises(ValueError, match="w must have an odd number of taps, got 2"):
        figures.two_roads([1, 2], [1, 2])


def test_fewer_multiplications_start_at_one_and_stay_below_the_square_of_the_scale():
    axes = figures.fewer_multiplications(sizes=(1, 3, 5), scales=(2, 3)).axes[0]
    curves = [line for line in axes.lines if len(line.get_xdata()) == 3]
    np.testing.assert_allclose(curves[0].get_ydata(), [1, 36 / 16, 100 / 36])
    np.testing.assert_allclose(curves[1].get_ydata(), [1, 81 / 25, 225 / 49])


def test_measured_speed_draws_medians_and_counted_ratios():
    runs = np.array([[[1.0, 2, 3], [2, 4, 9]], [[5, 6, 7], [1, 1, 1]]])
    axes = figures.measured_speed([(8, 4, 3, 2), (4, 4, 5, 2)], runs, [2.25, 2.5]).axes[0]
    assert [bar.get_height() for bar in axes.patches] == [2, 6, 4, 1]
    dashes = [line.get_ydata() for line in axes.lines if line.get_linestyle() == "--"]
    np.testing.assert_allclose(dashes, [[2.25, 2.25], [2.5, 2.5]])


def test_energy_in_training_draws_medians_and_puts_zeros_on_the_floor():
    runs = {"(1)": np.array([[0.5, 0.1], [0.7, 0.3], [0.9, 0.2]]), "(2)": np.zeros((3, 2))}
    axes = figures.energy_in_training([0, 10], runs, reference=1e-4, floor=1e-6).axes[0]
    first, second = (container.lines[0].get_ydata() for container in axes.containers)
    np.testing.assert_allclose(first, [0.7, 0.2])
    np.testing.assert_allclose(second, [1e-6, 1e-6])
    assert [label.get_text() for label in axes.get_xticklabels()] == ["$0$", "$10$"]


@pytest.mark.parametrize("picture", [figures.channel_orders, figures.fewer_multiplications])
def test_pictures_are_reproducible(picture):
    assert figures.svg(picture()) == figures.svg(picture())
