"""The pictures of chapter 6 show what the operations give."""

import numpy as np
import pytest

from upsample_lib import derivations, figures


def numbers(figure):
    return [t.get_text() for t in figure.axes[0].texts if "$" not in t.get_text()]


def test_crops_draw_the_stamped_area_and_each_output():
    drawn = numbers(figures.crops([2, 3], [1, 10, 100], 2, [(1, 0), (1, 1), (0, 1)]))
    rows = ["2 20 203 30 300", "20 203 30", "20 203 30 300", "2 20 203 30 300 0"]
    assert drawn == " ".join(rows).split()


def test_shared_output_draws_as_many_windows_as_the_convolution_has():
    picture = figures.shared_output((16, 17, 18), 5, 3, 2)
    assert len(picture.axes[0].lines) == 3 * 6
    labels = [t.get_text() for t in picture.axes[0].texts]
    assert labels == ["$16$", "$6$", "$17$", "$6$", "$18$", "$6$"]
    assert len(figures.shared_output((15, 19), 5, 3, 2).axes[0].lines) == 5 + 7


def test_dilations_write_the_spread_kernel_and_the_output():
    drawn = numbers(figures.dilations([2, 3], [1, 10, 100], [(2, 2)]))
    assert drawn == ["1", "0", "10", "0", "100", "2", "0", "23", "0", "230", "0", "300"]


@pytest.mark.parametrize(("groups", "wires"), [(1, 36), (2, 18), (3, 12), (6, 6)])
def test_groups_join_only_their_own_channels(groups, wires):
    assert len(figures.channel_groups(6, (groups,)).axes[0].lines) == wires


def test_groups_that_do_not_divide_the_channels_are_refused():
    with pytest.raises(ValueError, match=r"groups must divide the 4 channels, got \(1, 3\)"):
        figures.channel_groups(4, (1, 3))


def test_size_ratios_are_those_of_the_formula():
    (axes,) = figures.size_ratios([(3, 2, 0, 0), (3, 2, 2, 1)], largest=8).axes
    free, cropped = axes.lines
    assert free.get_xydata()[0].tolist() == [1, 3]
    assert free.get_xydata()[-1].tolist() == [8, 17 / 8]
    assert cropped.get_xydata()[0].tolist() == [2, 1]


@pytest.mark.parametrize(("stride", "taps"), [(1, [1]), (2, [0.25, 0.75, 0.75, 0.25])])
def test_bilinear_taps_by_hand(stride, taps):
    assert figures.bilinear_taps(stride).tolist() == taps


@pytest.mark.parametrize("stride", range(2, 9))
def test_tents_end_with_the_sum_that_the_padding_keeps(stride):
    figure = figures.tents((stride,), n=4)
    kept = figure.axes[0].lines[-1].get_ydata()
    taps = figures.bilinear_taps(stride)
    expected = derivations.scatter1d(np.ones(4), taps, stride, stride // 2)
    np.testing.assert_allclose(kept, expected)
    assert len(kept) == 4 * stride
    np.testing.assert_allclose(kept[stride // 2 : -(stride // 2)], 1)


def test_dim_cropped_leaves_what_is_kept_and_greys_the_rest():
    image = np.zeros((8, 9))
    drawn = figures.dim_cropped(image, 2, 1)
    assert drawn.shape == (8, 9, 3)
    assert (drawn[2:7, 2:8] == 0).all()
    np.testing.assert_allclose(drawn[0], 0.35)
    line = np.array([0, 0x7A, 0x5A]) / 255
    for edge in (drawn[1, 1:9], drawn[7, 1:9], drawn[1:8, 1], drawn[1:8, 8]):
        np.testing.assert_allclose(edge, np.broadcast_to(line, edge.shape))
    np.testing.assert_array_equal(image, np.zeros((8, 9)))


def test_dim_cropped_refuses_to_crop_everything():
    with pytest.raises(ValueError, match="before and after must leave a part of 4 × 5, got 2, 2"):
        figures.dim_cropped(np.zeros((4, 5)), 2, 2)


def test_two_starts_draw_the_mean_and_the_single_run():
    many = np.array([[1.0, 3], [2, 6]])
    mean, single = figures.two_starts([0, 10], many, [5.0, 7]).axes[0].lines
    assert mean.get_xydata().tolist() == [[0, 2], [10, 4]]
    assert single.get_ydata().tolist() == [5, 7]


@pytest.mark.parametrize(
    "draw", [figures.shared_output, figures.channel_groups, figures.size_ratios, figures.tents]
)
def test_pictures_are_reproducible(draw):
    assert figures.svg(draw()) == figures.svg(draw())
