"""Overlap maps counted by hand and by the definition; spectra and measures on images that are known."""

import subprocess
import sys
from itertools import product

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from upsample_lib.artifacts import (
    checkerboard_energy,
    overlap,
    overlap_is_even,
    phase_variance,
    radial_profile,
    spectrum,
)


def checkerboard(n):
    row, column = np.indices((n, n))
    return (-1.0) ** (row + column)


# --- overlap
# ---------------------------------------------------------------------------------------------------


def test_overlap_counted_by_hand():
    # stamps of 3 at 0, 2, 4: positions 2 and 4 lie under two stamps
    np.testing.assert_array_equal(overlap(3, 2, 3), [1, 1, 2, 1, 2, 1, 1])
    # the same, cropped by 1 at both ends; output_padding 1 gives the last position back
    np.testing.assert_array_equal(overlap(3, 2, 3, padding=1), [1, 2, 1, 2, 1])
    np.testing.assert_array_equal(overlap(3, 2, 3, padding=1, output_padding=1), [1, 2, 1, 2, 1, 1])
    # k = s: no overlap; k < s: holes; k = 2s: two everywhere but at the ends
    np.testing.assert_array_equal(overlap(2, 2, 3), [1, 1, 1, 1, 1, 1])
    np.testing.assert_array_equal(overlap(1, 2, 3), [1, 0, 1, 0, 1])
    np.testing.assert_array_equal(overlap(4, 2, 3), [1, 1, 2, 2, 2, 2, 1, 1])
    # dilation 2 with stride 2: only even positions are ever reached
    np.testing.assert_array_equal(overlap(2, 2, 3, dilation=2), [1, 0, 2, 0, 2, 0, 1])
    # beyond the stamped area nothing arrives
    np.testing.assert_array_equal(overlap(2, 2, 2, output_padding=1), [1, 1, 1, 1, 0])


@pytest.mark.parametrize(
    ("k", "s", "n", "p", "a", "d"),
    [
        (k, s, 5, p, a, d)
        for k, s, p, a, d in product((1, 2, 3, 4, 5), (1, 2, 3), (0, 1), (0, 1), (1, 2, 3))
        if a < max(s, d)
    ],
)
def test_overlap_is_a_transposed_convolution_of_ones(k, s, n, p, a, d):
    if (n - 1) * s - 2 * p + d * (k - 1) + a + 1 < 1:
        pytest.skip("no output")
    ones = torch.ones(1, 1, n), torch.ones(1, 1, k)
    expected = torch.nn.functional.conv_transpose1d(*ones, stride=s, padding=p, output_padding=a, dilation=d)
    np.testing.assert_array_equal(overlap(k, s, n, p, a, d), expected[0, 0].numpy())


def test_overlap_on_two_axes_is_a_transposed_convolution_of_ones():
    options = {"stride": (2, 3), "padding": (1, 0), "output_padding": (1, 2), "dilation": (1, 2)}
    expected = torch.nn.functional.conv_transpose2d(torch.ones(1, 1, 3, 4), torch.ones(1, 1, 3, 2), **options)
    counts = overlap((3, 2), input_size=(3, 4), **options)
    np.testing.assert_array_equal(counts, expected[0, 0].numpy())
    assert overlap(3, 2, (4, 4, 4)).shape == (9, 9, 9)
    assert overlap(3, 2, (4, 4, 4)).max() == 8


@pytest.mark.parametrize("s", range(1, 7))
@pytest.mark.parametrize("d", range(1, 7))
def test_overlap_is_even_exactly_when_the_interior_map_is_constant(s, d):
    for k in range(1, 14):
        reach = d * (k - 1) + 1
        counts = overlap(k, s, 3 * reach + 3 * s, dilation=d)
        interior = counts[reach:-reach]
        assert len(interior) > s
        assert overlap_is_even(k, s, d) == (interior.min() == interior.max()), (k, s, d)


def test_overlap_is_even_looks_at_every_axis():
    assert overlap_is_even((4, 3), (2, 1))
    assert not overlap_is_even((4, 3), (2, 2))
    assert overlap_is_even(4, (2, 1, 4))


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        ((0, 1, 3), "kernel_size must be ≥ 1, got 0"),
        ((3, 0, 3), "stride must be ≥ 1, got 0"),
        ((3, 2, 0), "input_size must be ≥ 1, got 0"),
        ((3, 2, 3, -1), "padding must be ≥ 0, got -1"),
        ((3, 2, 3, 0, 2), r"output_padding must be smaller than stride or dilation \(2\), got 2"),
        ((3, 1, 2, 2), "padding must leave at least one output position, got 2, which leaves 0"),
        (((3, 3, 3), 1, (2, 2)), r"kernel_size must be an integer or 2 integers, got \(3, 3, 3\)"),
    ],
)
def test_overlap_refuses(arguments, sentence):
    with pytest.raises(ValueError, match=sentence):
        overlap(*arguments)


# --- spectrum
# --------------------------------------------------------------------------------------------------


def test_spectrum_of_a_checkerboard_is_one_point_in_the_corner():
    power = spectrum(checkerboard(8))
    assert power[0, 0] == pytest.approx(64)  # 8·8 pixels of ±1: the sum of squares is 64
    power[0, 0] = 0
    np.testing.assert_allclose(power, 0, atol=1e-20)


def test_spectrum_of_a_constant_is_its_centre():
    power = spectrum(np.full((6, 8), 3))
    assert power[3, 4] == pytest.approx(9 * 48)
    assert spectrum(np.full((6, 8), 3), remove_mean=True).max() == pytest.approx(0)


def test_spectrum_keeps_the_mean_sum_of_squares_over_batch_and_channels():
    images = np.random.default_rng(0).normal(size=(3, 2, 5, 7))
    power = spectrum(images)
    assert power.shape == (5, 7)
    assert power.sum() == pytest.approx((images**2).sum() / 6)
    np.testing.assert_allclose(power, np.mean([spectrum(i) for i in images.reshape(6, 5, 7)], axis=0))
    np.testing.assert_allclose(spectrum(images, log=True), np.log1p(np.sqrt(power)))


def test_hann_window_removes_the_cross_of_a_ramp():
    ramp = np.tile(np.arange(32.0), (32, 1))
    far = (slice(16, 17), slice(24, 30))  # high horizontal frequencies
    plain, faded = (spectrum(ramp, remove_mean=True, window=w)[far].max() for w in (None, "hann"))
    assert faded < plain / 100


def test_spectrum_takes_tensors_and_leaves_inputs_alone():
    images = torch.randn(2, 4, 4, requires_grad=True)
    np.testing.assert_allclose(spectrum(images), spectrum(images.detach().numpy()))
    frozen = np.arange(16.0).reshape(4, 4)
    frozen.flags.writeable = False
    for measure in (spectrum, lambda i: checkerboard_energy(i, 2), lambda i: phase_variance(i, 2)):
        measure(frozen)
    np.testing.assert_array_equal(frozen, np.arange(16.0).reshape(4, 4))


def test_radial_profile_finds_the_ring():
    row, column = np.indices((32, 32))
    waves = np.stack([np.cos(2 * np.pi * 4 * row / 32), np.cos(2 * np.pi * 4 * column / 32)])
    frequency, profile = radial_profile(spectrum(waves))
    assert frequency[profile.argmax()] == pytest.approx(4 / 32)
    assert frequency[0] == 0
    np.testing.assert_allclose(np.delete(profile, profile.argmax()), 0, atol=1e-20)
    corner, board = radial_profile(spectrum(checkerboard(32)))
    assert corner[board.argmax()] == pytest.approx(np.sqrt(0.5), abs=1 / 64)


def test_radial_profile_of_flat_spectra_is_flat_for_every_shape():
    for shape in [(1, 1), (5, 8), (16, 4), (7, 7)]:
        frequency, profile = radial_profile(np.ones(shape))
        np.testing.assert_allclose(profile, 1)
        assert (np.diff(frequency) > 0).all()


# --- measures
# --------------------------------------------------------------------------------------------------

MEASURES = (checkerboard_energy, phase_variance)


@pytest.mark.parametrize("measure", MEASURES)
def test_pure_pattern_is_1(measure):
    assert measure(checkerboard(8), 2) == pytest.approx(1)
    assert measure(5 + checkerboard(8), 2) == pytest.approx(1)  # the mean does not count
    pattern = np.tile([[1.0, 2.0, 4.0]], (9, 3))
    assert measure(pattern, 3) == pytest.approx(1)
    assert measure(pattern, (1, 3)) == pytest.approx(1)
    assert measure(pattern, (3, 1)) == pytest.approx(0)
    assert measure(checkerboard(12), 3) == pytest.approx(0)  # period 2 is not period 3


@pytest.mark.parametrize("measure", MEASURES)
def test_equal_phases_are_0(measure):
    assert measure(np.full((4, 4), 0.1), 2) == 0  # no variation at all, whatever rounding says
    small = np.random.default_rng(0).normal(size=(6, 6))
    nearest = small.repeat(2, axis=0).repeat(2, axis=1)  # the four phases are copies of each other
    assert measure(nearest, 2) == pytest.approx(0, abs=1e-15)


@pytest.mark.parametrize("measure", MEASURES)
def test_bed_of_nails_by_hand(measure):
    # phase means 1, 0, 0, 0 around the mean 1/4: 4·(9/16 + 3/16)/4 of the total, which is the same: all of it
    nails = np.zeros((4, 4))
    nails[::2, ::2] = 1
    assert measure(nails, 2) == pytest.approx(1)
    # values 2 and 0 instead of ones: the phase mean stays 1, the sum of squares doubles.
    # total = 2·4 − 16·(1/4)² = 7, between = 4·(3/4)² + 12·(1/4)² = 3
    nails[::2, ::2] = [[2, 0], [0, 2]]
    assert measure(nails, 2) == pytest.approx(3 / 7)


@pytest.mark.parametrize("measure", MEASURES)
def test_nan_stays_visible(measure):
    assert np.isnan(measure(np.array([[1.0, np.nan], [2.0, 3.0]]), 2))


def test_phase_variance_of_an_odd_size_by_hand():
    # 1-D in disguise: row 1, 0, 1; phases {1, 1} and {0}: all variance lies between them
    assert phase_variance(np.array([[1.0, 0.0, 1.0]]), (1, 2)) == pytest.approx(1)
    # row 0, 3, 3: mean 2; phases mean 1.5 (2 pixels) and 3: 2·¼ + 1·1 = 1.5 of 4 + 1 + 1 = 6
    assert phase_variance(np.array([[0.0, 3.0, 3.0]]), (1, 2)) == pytest.approx(1.5 / 6)


@settings(max_examples=60, deadline=None)
@given(st.integers(1, 4), st.integers(1, 4), st.integers(1, 4), st.integers(1, 4), st.integers(0, 10**6))
def test_both_measures_are_the_same_number(a, b, rows, columns, seed):
    if (a, b) == (1, 1):
        return
    images = np.random.default_rng(seed).normal(size=(2, a * rows, b * columns)) + 3
    assert checkerboard_energy(images, (a, b)) == pytest.approx(phase_variance(images, (a, b)), abs=1e-12)


@pytest.mark.parametrize("s", [2, 3])
def test_white_noise_has_the_expected_share(s):
    noise = np.random.default_rng(s).normal(size=(4000, 12, 12))
    shares = [checkerboard_energy(image, s) for image in noise]
    assert np.mean(shares) == pytest.approx((s**2 - 1) / (144 - 1), rel=0.05)


def test_uneven_overlap_is_seen_and_even_overlap_is_not():
    smooth = torch.rand(1, 1, 16, 16, generator=torch.Generator().manual_seed(0)) + 1
    uneven = torch.nn.functional.conv_transpose2d(
        smooth, torch.ones(1, 1, 3, 3), stride=2, padding=1, output_padding=1
    )
    even = torch.nn.functional.conv_transpose2d(smooth, torch.ones(1, 1, 2, 2), stride=2)
    assert checkerboard_energy(uneven, 2) > 0.7
    assert checkerboard_energy(even, 2) < 1e-12


def test_radius_sees_an_artifact_whose_strength_varies():
    row = np.arange(32)[:, None]
    wave = np.cos(2 * np.pi * row / 32) * np.ones(32)
    modulated = wave * checkerboard(32)  # sidebands one bin away from the corner; none at the corner
    assert checkerboard_energy(modulated, 2) == pytest.approx(0, abs=1e-15)
    assert checkerboard_energy(modulated, 2, radius=1) == pytest.approx(1)
    assert checkerboard_energy(wave, 2, radius=1) == pytest.approx(
        0, abs=1e-15
    )  # near zero frequency: content


def test_measures_refuse():
    with pytest.raises(
        ValueError, match="image width must be a multiple of stride 2, got 5; crop the image first"
    ):
        checkerboard_energy(np.ones((4, 5)), 2)
    with pytest.raises(ValueError, match="stride must be ≥ 2 along at least one axis, got 1"):
        phase_variance(np.ones((4, 4)), 1)
    with pytest.raises(ValueError, match="stride must be ≤ the image's height 4, got 5"):
        phase_variance(np.ones((4, 8)), 5)
    with pytest.raises(ValueError, match="radius must be ≤ 1 for height 8 and stride 2, got 2"):
        checkerboard_energy(np.ones((8, 8)), 2, radius=2)
    with pytest.raises(ValueError, match=r"at least 2 axes \(…, H, W\), got shape \(4,\)"):
        spectrum(np.ones(4))
    with pytest.raises(ValueError, match="must not be empty"):
        spectrum(np.ones((0, 4, 4)))
    with pytest.raises(TypeError, match="real numbers, got dtype complex128"):
        spectrum(np.ones((4, 4), complex))
    with pytest.raises(TypeError, match="image must be a NumPy array or a torch tensor, got list"):
        spectrum([[1.0]])
    with pytest.raises(ValueError, match="window must be None or \"hann\", got 'box'"):
        spectrum(np.ones((4, 4)), window="box")
    with pytest.raises(ValueError, match="power must have 2 axes"):
        radial_profile(np.ones(3))


def test_artifacts_needs_no_torch():
    code = "import sys, upsample_lib.artifacts as a; a.overlap(3, 2, 4); assert 'torch' not in sys.modules"
    subprocess.run([sys.executable, "-c", code], check=True)
