"""Interpolation: numbers computed by hand, then torch, then properties and edges."""

import subprocess
import sys
from typing import Any

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image
from scipy import ndimage  # type: ignore[import-untyped]
from skimage import transform
from torch.nn import functional

from tests.opinfo import Call, refusal
from upsample_lib import interpolate, interpolation_matrix

AXES = {"linear": [1], "bilinear": [2], "bicubic": [2], "lanczos": [2], "trilinear": [3]}
ALL_AXES = {**AXES, "nearest": [1, 2, 3], "nearest-exact": [1, 2, 3], "area": [1, 2, 3]}
MODES = [(mode, axes) for mode, several in ALL_AXES.items() for axes in several]
skimage_resize: Any = transform.resize
EVERY_MODE = pytest.mark.parametrize(("mode", "axes"), MODES, ids=[f"{m}-{a}d" for m, a in MODES])


def row(*values: float) -> np.ndarray[Any, Any]:
    return np.array([[values]], dtype=np.float64)


def random(shape: tuple[int, ...], dtype: type = np.float64, seed: int = 0) -> np.ndarray[Any, Any]:
    return np.random.default_rng(seed).normal(size=shape).astype(dtype)


def options(mode: str) -> dict[str, Any]:
    """lanczos exists only with antialias."""
    return {"mode": mode, "antialias": mode == "lanczos"}


# ---------------------------------------------------------------- by hand


def test_nearest_takes_the_floor_and_nearest_exact_the_nearest_centre() -> None:
    x = row(0, 1, 2, 3, 4)
    # ⌊j·5/3⌋ = ⌊0⌋, ⌊1.67⌋, ⌊3.33⌋;  ⌊(j + ½)·5/3⌋ = ⌊0.83⌋, ⌊2.5⌋, ⌊4.17⌋
    assert interpolate(x, size=3).tolist() == [[[0, 1, 3]]]
    assert interpolate(x, size=3, mode="nearest-exact").tolist() == [[[0, 2, 4]]]


def test_nearest_doubling_repeats_each_pixel() -> None:
    x = np.array([[[[1.0, 2.0], [3.0, 4.0]]]])
    assert interpolate(x, scale_factor=2)[0, 0].tolist() == [
        [1, 1, 2, 2],
        [1, 1, 2, 2],
        [3, 3, 4, 4],
        [3, 3, 4, 4],
    ]


def test_linear_doubling_weighs_three_to_one_and_repeats_the_border() -> None:
    # centres −¼ → 0 (border), ¼, ¾, 1¼ → 1 (border)
    assert interpolate(row(0, 4), size=4, mode="linear").tolist() == [[[0, 1, 3, 4]]]


def test_align_corners_spaces_the_outputs_evenly_between_the_end_pixels() -> None:
    assert interpolate(row(0, 3), size=4, mode="linear", align_corners=True).tolist() == [[[0, 1, 2, 3]]]


def test_align_corners_to_a_single_output_takes_the_first_pixel() -> None:
    assert interpolate(row(7, 3, 1), size=1, mode="linear", align_corners=True).tolist() == [[[7]]]


def test_bilinear_is_linear_on_each_axis() -> None:
    x = np.array([[[[0.0, 4.0], [8.0, 12.0]]]])
    assert interpolate(x, size=(4, 4), mode="bilinear")[0, 0].tolist() == [
        [0, 1, 3, 4],
        [2, 3, 5, 6],
        [6, 7, 9, 10],
        [8, 9, 11, 12],
    ]


def test_bicubic_halfway_weights_are_those_of_a_equal_to_minus_three_quarters() -> None:
    # at distances 1½, ½, ½, 1½: k(½) = 1 − 9/4·¼ + 5/4·⅛ = 19/32, k(1½) = −3/32
    matrix = interpolation_matrix(4, 7, "bicubic", align_corners=True)
    np.testing.assert_allclose(matrix[3], np.array([-3, 19, 19, -3]) / 32, atol=1e-15)


def test_bicubic_overshoots_an_edge() -> None:
    step = np.tile(np.array([0.0, 0, 0, 1, 1, 1]), (6, 1))[None, None]
    y = interpolate(step, scale_factor=4, mode="bicubic")
    assert y.min() < -0.05
    assert y.max() > 1.05


def test_area_averages_the_pixels_that_a_window_touches() -> None:
    # windows [0, 1⅔) → 0, 1;  [1⅔, 3⅓) → 1, 2, 3;  [3⅓, 5) → 3, 4
    assert interpolate(row(0, 1, 2, 3, 4), size=3, mode="area").tolist() == [[[0.5, 2, 3.5]]]


def test_antialias_widens_the_triangle_by_the_ratio() -> None:
    # 4 → 2: centre 1 (in pixel edges), triangle of half width 2 at distances ½, ½, 1½: ¾, ¾, ¼ over 1¾
    matrix = interpolation_matrix(4, 2, "bilinear", antialias=True)
    np.testing.assert_allclose(matrix, np.array([[3, 3, 1, 0], [0, 1, 3, 3]]) / 7, atol=1e-15)


def test_the_scale_given_moves_the_positions_unless_it_is_recomputed() -> None:
    # 3·1.5 = 4.5 → 4 outputs; positions (j + ½)/1.5 − ½, or (j + ½)·3/4 − ½
    given_scale = interpolate(row(0, 12, 24), scale_factor=1.5, mode="linear")
    recomputed = interpolate(row(0, 12, 24), scale_factor=1.5, mode="linear", recompute_scale_factor=True)
    np.testing.assert_allclose(given_scale, [[[0, 6, 14, 22]]], atol=1e-12)
    np.testing.assert_allclose(recomputed, [[[0, 7.5, 16.5, 24]]], atol=1e-12)


# ---------------------------------------------------------------- torch as the oracle


@st.composite
def calls(draw: st.DrawFn) -> tuple[tuple[int, ...], dict[str, Any]]:
    mode, axes = draw(st.sampled_from(MODES))
    limit = {1: 300, 2: draw(st.sampled_from([9, 90])), 3: 12}[axes]
    n = tuple(draw(st.integers(1, limit)) for _ in range(axes))
    kwargs: dict[str, Any] = options(mode)
    if mode in ("linear", "bilinear", "bicubic", "trilinear"):
        kwargs["align_corners"] = draw(st.sampled_from([None, False, True]))
    if mode in ("bilinear", "bicubic"):
        kwargs["antialias"] = draw(st.booleans())
    if draw(st.booleans()):
        m = tuple(draw(st.integers(1, limit)) for _ in range(axes))
        if kwargs["antialias"] and m[-1] == 1:
            m = (*m[:-1], 2)  # see test_antialiased_image_of_width_one
        kwargs["size"] = m
    else:
        factors = st.one_of(st.sampled_from([1.0, 2.0, 0.5, 1.1, 1 / 3, 2.5]), st.floats(0.1, 3))
        kwargs["scale_factor"] = tuple(max(draw(factors), 2.1 / size) for size in n)
        kwargs["recompute_scale_factor"] = draw(st.sampled_from([None, False, True]))
    return (draw(st.integers(1, 2)), draw(st.integers(1, 5)), *n), kwargs


@settings(max_examples=400, deadline=None)
@given(calls(), st.sampled_from([np.float64, np.float32]), st.integers(0, 2**32 - 1))
def test_numpy_agrees_with_torch(
    call: tuple[tuple[int, ...], dict[str, Any]], dtype: type, seed: int
) -> None:
    shape, kwargs = call
    x = random(shape, dtype, seed)
    expected = functional.interpolate(torch.from_numpy(x), **kwargs).numpy()
    actual = interpolate(x, **kwargs)
    assert actual.dtype == dtype
    if kwargs["mode"].startswith("nearest"):
        np.testing.assert_array_equal(actual, expected)
    else:
        tolerance = 1e-9 if dtype is np.float64 else 3e-5
        np.testing.assert_allclose(actual, expected, rtol=tolerance, atol=tolerance)
    through_torch = interpolate(torch.from_numpy(x), **kwargs)
    np.testing.assert_array_equal(through_torch.numpy(), expected)


@settings(max_examples=150, deadline=None)
@given(calls().filter(lambda c: c[1]["mode"] != "linear"), st.integers(0, 2**32 - 1))
def test_eight_bit_images_agree_bit_for_bit(call: tuple[tuple[int, ...], dict[str, Any]], seed: int) -> None:
    shape, kwargs = call
    x = np.random.default_rng(seed).integers(0, 256, shape, dtype=np.uint8)
    if kwargs["mode"] in ("trilinear", "area"):
        with pytest.raises(TypeError, match="uint8; convert"):
            interpolate(x, **kwargs)
    else:
        expected = functional.interpolate(torch.from_numpy(x), **kwargs).numpy()
        np.testing.assert_array_equal(interpolate(x, **kwargs), expected)


@pytest.mark.parametrize("mode", ["nearest", "nearest-exact"])
def test_nearest_of_every_ratio_up_to_70(mode: str) -> None:
    """Where a position is a whole number, rounding decides: in two precisions and in torch's two kernels."""
    # torch's builds without fused multiply-add round twice there, the others and we once
    fused = torch.backends.cpu.get_cpu_capability().startswith("AVX")
    for dtype in (np.float32, np.float64):
        for n in range(1, 71):
            x = np.arange(n, dtype=dtype)
            for m in range(1, 71):
                expected = functional.interpolate(torch.from_numpy(x[None, None]), size=m, mode=mode)
                whole = (2 * np.arange(m) + 1) * n % (2 * m) == 0
                sure = slice(None) if fused or mode == "nearest" else ~whole
                actual = interpolate(x[None, None], size=m, mode=mode)
                np.testing.assert_array_equal(actual[..., sure], expected.numpy()[..., sure])
            small = functional.interpolate(torch.from_numpy(x[None, None, None]), size=(1, 70), mode=mode)
            actual = interpolate(x[None, None, None], size=(1, 70), mode=mode)
            np.testing.assert_array_equal(actual, small.numpy())


@pytest.mark.parametrize("mode", ["bilinear", "bicubic", "lanczos"])
def test_antialiased_image_of_width_one(mode: str) -> None:
    """torch 2.13 repeats the first row here; both our paths give the product of the two matrices."""
    x = random((2, 3, 6, 8))
    vertical, horizontal = (interpolation_matrix(n, m, mode, antialias=True) for n, m in ((6, 9), (8, 1)))
    expected = vertical @ x @ horizontal.T
    np.testing.assert_allclose(interpolate(x, size=(9, 1), mode=mode, antialias=True), expected, atol=1e-12)
    tensor = torch.from_numpy(x).requires_grad_()
    y = interpolate(tensor, size=(9, 1), mode=mode, antialias=True)
    np.testing.assert_allclose(y.detach().numpy(), expected, atol=1e-12)
    scaled = interpolate(x, scale_factor=(1.7, 0.125), mode=mode, antialias=True)
    again = interpolate(torch.from_numpy(x), scale_factor=(1.7, 0.125), mode=mode, antialias=True)
    np.testing.assert_allclose(again.numpy(), scaled, atol=1e-12)
    bytes_ = (x * 40 + 128).clip(0, 255).astype(np.uint8)
    on_torch = interpolate(torch.from_numpy(bytes_), size=(9, 1), mode=mode, antialias=True)
    on_numpy = interpolate(bytes_, size=(9, 1), mode=mode, antialias=True)
    np.testing.assert_array_equal(on_torch.numpy(), on_numpy)


@EVERY_MODE
def test_half_precision(mode: str, axes: int) -> None:
    x = random((2, 3) + (5,) * axes, np.float16)
    if mode == "lanczos":
        with pytest.raises(TypeError, match="float16; convert it to float32 first"):
            interpolate(x, size=7, **options(mode))
        return
    expected = functional.interpolate(torch.from_numpy(x), size=7, mode=mode).numpy()
    actual = interpolate(x, size=7, mode=mode)
    assert actual.dtype == np.float16
    np.testing.assert_allclose(actual, expected, rtol=5e-3, atol=5e-3)


@EVERY_MODE
def test_inf_and_nan_stay_in_their_neighbourhood(mode: str, axes: int) -> None:
    x = random((1, 1) + (40,) * axes)
    x[(0, 0) + (20,) * axes] = np.inf
    x[(0, 0) + (3,) * axes] = np.nan
    kwargs = {**options(mode), "size": 53}
    actual, expected = interpolate(x, **kwargs), functional.interpolate(torch.from_numpy(x), **kwargs).numpy()
    np.testing.assert_array_equal(np.isfinite(actual), np.isfinite(expected))
    finite = np.isfinite(expected)
    np.testing.assert_allclose(actual[finite], expected[finite], rtol=1e-9, atol=1e-11)


# ---------------------------------------------------------------- the matrix


@pytest.mark.parametrize(
    ("mode", "axes", "corners"),
    [(mode, axes, False) for mode, axes in MODES]
    + [(mode, AXES[mode][0], True) for mode in ("linear", "bilinear", "bicubic", "trilinear")],
)
def test_an_image_is_resized_by_one_matrix_an_axis(mode: str, axes: int, corners: bool) -> None:
    n, m = (5, 4, 6)[:axes], (7, 9, 3)[:axes]
    x = random((2, 3, *n))
    kwargs: dict[str, Any] = options(mode) | {"align_corners": corners or None}
    expected = x
    for axis in range(axes):
        matrix = interpolation_matrix(n[axis], m[axis], mode, corners, antialias=mode == "lanczos")
        expected = np.moveaxis(np.moveaxis(expected, axis + 2, -1) @ matrix.T, -1, axis + 2)
    np.testing.assert_allclose(interpolate(x, size=m, **kwargs), expected, rtol=1e-12, atol=1e-12)


@pytest.mark.parametrize(
    ("mode", "axes", "antialias"),
    [(mode, axes, mode == "lanczos") for mode, axes in MODES] + [("bilinear", 2, True), ("bicubic", 2, True)],
)
def test_the_transposed_matrix_is_the_adjoint_and_the_gradient(mode: str, axes: int, antialias: bool) -> None:
    n, m = (6, 5, 4)[:axes], (9, 3, 7)[:axes]
    x = torch.from_numpy(random((2, 2, *n))).requires_grad_()
    y = interpolate(x, size=m, mode=mode, antialias=antialias)
    cotangent = random((2, 2, *m), seed=1)
    (gradient,) = torch.autograd.grad(y, x, torch.from_numpy(cotangent))
    adjoint = cotangent
    for axis in range(axes):
        matrix = interpolation_matrix(n[axis], m[axis], mode, antialias=antialias)
        adjoint = np.moveaxis(np.moveaxis(adjoint, axis + 2, -1) @ matrix, -1, axis + 2)
    np.testing.assert_allclose(gradient.numpy(), adjoint, rtol=1e-9, atol=1e-12)
    # ⟨A x, c⟩ = ⟨x, Aᵀ c⟩ with A x from the NumPy path
    forward = interpolate(x.detach().numpy(), size=m, mode=mode, antialias=antialias)
    np.testing.assert_allclose((forward * cotangent).sum(), (x.detach().numpy() * adjoint).sum(), rtol=1e-9)


@given(st.integers(1, 60), st.integers(1, 60), st.sampled_from(sorted(ALL_AXES)), st.booleans())
def test_rows_sum_to_one_so_a_constant_stays(n: int, m: int, mode: str, corners: bool) -> None:
    corners = corners and mode in ("linear", "bilinear", "bicubic", "trilinear")
    matrix = interpolation_matrix(n, m, mode, corners, antialias=mode == "lanczos")
    assert matrix.shape == (m, n)
    np.testing.assert_allclose(matrix.sum(1), 1, rtol=1e-12)


@given(st.integers(2, 40), st.integers(2, 40))
def test_linear_with_align_corners_keeps_straight_lines(n: int, m: int) -> None:
    matrix = interpolation_matrix(n, m, align_corners=True)
    np.testing.assert_allclose(matrix @ np.linspace(-1, 1, n), np.linspace(-1, 1, m), atol=1e-12)


def test_the_matrix_of_a_given_scale() -> None:
    x = random((1, 1, 10))
    np.testing.assert_allclose(
        x @ interpolation_matrix(10, 17, scale=1.7).T,
        interpolate(x, scale_factor=1.7, mode="linear"),
        rtol=1e-12,
    )


# ---------------------------------------------------------------- other libraries


@pytest.mark.parametrize(("n", "m"), [(5, 3), (4, 8), (7, 20), (20, 7), (6, 6)])
def test_nearest_exact_is_pillows_nearest(n: int, m: int) -> None:
    x = random((n, n), np.float32)
    expected = np.asarray(Image.fromarray(x).resize((m, m), Image.Resampling.NEAREST))
    np.testing.assert_array_equal(interpolate(x[None, None], size=m, mode="nearest-exact")[0, 0], expected)


@pytest.mark.parametrize(("n", "m"), [(5, 3), (4, 8), (7, 21), (6, 6), (5, 13)])
def test_nearest_exact_is_scikit_images_order_0_and_scipys_grid_zoom(n: int, m: int) -> None:
    x = random((n, n))
    ours = interpolate(x[None, None], size=m, mode="nearest-exact")[0, 0]
    np.testing.assert_array_equal(ours, skimage_resize(x, (m, m), order=0, mode="edge", anti_aliasing=False))
    zoomed = ndimage.zoom(x, m / n, order=0, mode="nearest", grid_mode=True)
    np.testing.assert_array_equal(ours, zoomed)


@pytest.mark.parametrize(("n", "m"), [(5, 3), (4, 8), (7, 20), (20, 7)])
def test_linear_is_scikit_images_order_1_and_scipys_grid_zoom(n: int, m: int) -> None:
    x = random((n, n))
    ours = interpolate(x[None, None], size=m, mode="bilinear")[0, 0]
    np.testing.assert_allclose(ours, skimage_resize(x, (m, m), order=1, mode="edge", anti_aliasing=False))
    zoomed = ndimage.zoom(x, m / n, order=1, mode="nearest", grid_mode=True)
    np.testing.assert_allclose(ours, zoomed, atol=1e-12)
    corners = interpolate(x[None, None], size=m, mode="bilinear", align_corners=True)[0, 0]
    np.testing.assert_allclose(corners, ndimage.zoom(x, m / n, order=1, mode="nearest"), atol=1e-12)


@pytest.mark.parametrize(
    ("mode", "filter_"), [("bilinear", "BILINEAR"), ("bicubic", "BICUBIC"), ("lanczos", "LANCZOS")]
)
@pytest.mark.parametrize(("n", "m"), [(9, 4), (8, 12), (30, 7), (13, 13)])
def test_antialias_is_pillows_filter(mode: str, filter_: str, n: int, m: int) -> None:
    x = random((n, n), np.float32)
    expected = np.asarray(Image.fromarray(x).resize((m, m), Image.Resampling[filter_]))
    ours = interpolate(x[None, None], size=m, mode=mode, antialias=True)[0, 0]
    np.testing.assert_allclose(ours, expected, rtol=1e-5, atol=1e-5)


def test_eight_bit_antialias_is_pillows_within_one_grey_level() -> None:
    x = np.random.default_rng(0).integers(0, 256, (40, 50), dtype=np.uint8)
    expected = np.asarray(Image.fromarray(x).resize((17, 23), Image.Resampling.BICUBIC))
    ours = interpolate(x[None, None], size=(23, 17), mode="bicubic", antialias=True)[0, 0]
    assert np.abs(ours.astype(int) - expected).max() <= 1


# ---------------------------------------------------------------- edges of the contract


@EVERY_MODE
def test_dtype_kept_and_input_left_alone(mode: str, axes: int) -> None:
    for dtype in (np.float32, np.float64):
        x = random((2, 3) + (6,) * axes, dtype)
        before = x.copy()
        x.flags.writeable = False
        y = interpolate(x, size=9, **options(mode))
        assert y.dtype == dtype
        assert y.flags.c_contiguous
        np.testing.assert_array_equal(x, before)


@EVERY_MODE
def test_strided_views(mode: str, axes: int) -> None:
    x = random((4, 3) + (8,) * axes)
    views = [
        x[::2, ::-1],
        x.swapaxes(0, 1),
        x.swapaxes(1, -1),
        x[..., ::-2],
        np.broadcast_to(x[:1, :1], x.shape),
    ]
    for view in views:
        expected = interpolate(np.ascontiguousarray(view), size=5, **options(mode))
        np.testing.assert_allclose(interpolate(view, size=5, **options(mode)), expected, rtol=1e-12)


@EVERY_MODE
def test_empty_batch_and_axes_of_one(mode: str, axes: int) -> None:
    empty = np.zeros((0, 3) + (4,) * axes, np.float32)
    assert interpolate(empty, size=7, **options(mode)).shape == (0, 3) + (7,) * axes
    one = np.full((1, 2) + (1,) * axes, 2.5)
    y = interpolate(one, size=5, **options(mode))
    np.testing.assert_allclose(y, np.full((1, 2) + (5,) * axes, 2.5), rtol=1e-15)
    x = random((1, 1) + (9,) * axes)
    to_one = interpolate(x, size=1, **options(mode))
    expected = functional.interpolate(torch.from_numpy(x), size=1, **options(mode))
    np.testing.assert_allclose(to_one, expected.numpy(), rtol=1e-9)


def test_area_may_shrink_to_nothing_as_in_torch() -> None:
    assert interpolate(np.ones((1, 2, 4, 4)), size=(0, 3), mode="area").shape == (1, 2, 0, 3)
    assert interpolate(np.ones((1, 0, 4)), size=3, mode="area").shape == (1, 0, 3)


def test_huge_scales() -> None:
    x = random((1, 1, 3))
    for mode in ("nearest", "nearest-exact", "linear", "area"):
        up = interpolate(x, scale_factor=100_000, mode=mode)
        expected = functional.interpolate(torch.from_numpy(x), scale_factor=100_000, mode=mode)
        np.testing.assert_allclose(up, expected.numpy(), rtol=1e-9, atol=1e-12)
        long = random((1, 1, 200_000))
        down = interpolate(long, size=3, mode=mode)
        expected = functional.interpolate(torch.from_numpy(long), size=3, mode=mode)
        np.testing.assert_allclose(down, expected.numpy(), rtol=1e-9, atol=1e-12)


IMAGE = torch.ones(1, 2, 4, 4)
REFUSED: list[tuple[torch.Tensor, dict[str, Any], type[Exception], str]] = [
    (IMAGE, {}, ValueError, "exactly one of size and scale_factor must be given, got neither"),
    (IMAGE, {"size": 3, "scale_factor": 2}, ValueError, "got both"),
    (IMAGE, {"size": 0}, ValueError, "size must be ≥ 1, got 0"),
    (IMAGE, {"size": (3, -1)}, ValueError, "size must be ≥ 1, got -1"),
    (IMAGE, {"size": -1, "mode": "area"}, ValueError, "size must be ≥ 0, got -1"),
    (IMAGE, {"size": 3.0}, TypeError, "size must be an integer, got 3.0"),
    (IMAGE, {"size": (3.0, 3)}, TypeError, "size must be an integer, got 3.0"),
    (IMAGE, {"size": True}, TypeError, "size must be an integer or a sequence of integers, got True"),
    (IMAGE, {"size": "3"}, TypeError, "size must be an integer, got '3'"),
    (IMAGE, {"size": (3,)}, ValueError, r"each of the 2 spatial axes, got \(3,\)"),
    (IMAGE, {"size": []}, ValueError, "each of the 2 spatial axes"),
    (IMAGE, {"scale_factor": (2.0,)}, ValueError, "scale_factor must have an entry for each of the 2"),
    (IMAGE, {"scale_factor": "2"}, TypeError, "scale_factor must be a number"),
    (IMAGE, {"scale_factor": (2, "3")}, TypeError, "scale_factor must be a number"),
    (IMAGE, {"scale_factor": np.array(2.0)}, TypeError, "scale_factor must be a number"),
    (IMAGE, {"scale_factor": -1}, ValueError, "scale_factor must be > 0 and finite, got -1"),
    (IMAGE, {"scale_factor": float("nan")}, ValueError, "got nan"),
    (IMAGE, {"scale_factor": float("inf")}, ValueError, "got inf"),
    (IMAGE, {"scale_factor": 1e300}, ValueError, "scale_factor must keep the output's size below"),
    (IMAGE, {"scale_factor": 0.1}, ValueError, "scale_factor must leave a sample on each axis, got 0.1"),
    (IMAGE, {"size": 3, "recompute_scale_factor": True}, ValueError, "recompute_scale_factor must be None"),
    (IMAGE, {"size": 3, "mode": "cubic"}, ValueError, "mode must be one of nearest, .*, got 'cubic'"),
    (IMAGE, {"size": 3, "mode": None}, ValueError, "mode must be one of nearest, .*, got None"),
    (IMAGE, {"size": 3, "mode": "linear"}, ValueError, r"input must be 3-D \(N, C, L\) for mode='linear'"),
    (IMAGE, {"size": 3, "mode": "trilinear"}, ValueError, r"input must be 5-D \(N, C, D, H, W\)"),
    (IMAGE[0], {"size": 3, "mode": "bilinear"}, ValueError, r"input must be 4-D .*got shape \(2, 4, 4\)"),
    (IMAGE[0], {"size": 3, "mode": "bicubic"}, ValueError, "input must be 4-D"),
    (IMAGE[0, 0], {"size": 3}, ValueError, "input must be 3-D .* or 4-D .* or 5-D"),
    (IMAGE[..., None, None], {"size": 3}, ValueError, "input must be 3-D"),
    (
        IMAGE,
        {"size": 3, "align_corners": False},
        ValueError,
        "align_corners must be None with mode='nearest'",
    ),
    (IMAGE, {"size": 3, "mode": "area", "align_corners": True}, ValueError, "align_corners must be None"),
    (
        IMAGE,
        {"size": 3, "mode": "bilinear", "align_corners": 1},
        TypeError,
        "align_corners must be True, False",
    ),
    (IMAGE, {"size": 3, "antialias": True}, ValueError, "antialias must be False except with bilinear"),
    (IMAGE, {"size": 3, "mode": "area", "antialias": True}, ValueError, "antialias must be False"),
    (IMAGE, {"size": 3, "mode": "lanczos"}, ValueError, "antialias must be True with mode='lanczos'"),
    (
        IMAGE,
        {"size": 3, "mode": "lanczos", "antialias": True, "align_corners": True},
        ValueError,
        "align_corners must be None or False with mode='lanczos'",
    ),
    (IMAGE[:, :0], {"size": 3}, ValueError, "input must not be empty on any axis but the batch"),
    (IMAGE[:, :, :0], {"size": 3, "mode": "area"}, ValueError, "input must not be empty"),
    (IMAGE[:, :0, None], {"size": 3, "mode": "area"}, ValueError, "input must not be empty"),
    (IMAGE.long(), {"size": 3}, TypeError, "got int64; convert it to float32 first"),
    (IMAGE.bool(), {"size": 3}, TypeError, "got bool; convert it to float32 first"),
    (IMAGE.to(torch.complex64), {"size": 3}, TypeError, "got complex64"),
    (IMAGE[0].byte(), {"size": 3, "mode": "linear"}, TypeError, "got uint8; convert it to float32 first"),
    (IMAGE.half(), {"size": 3, "mode": "bilinear", "antialias": True}, TypeError, "got float16; convert"),
]


@pytest.mark.parametrize(("tensor", "kwargs", "kind", "sentence"), REFUSED, ids=[str(r[1]) for r in REFUSED])
def test_both_paths_refuse_what_torch_refuses(
    tensor: torch.Tensor, kwargs: dict[str, Any], kind: type[Exception], sentence: str
) -> None:
    with pytest.raises(Exception):  # noqa: B017, PT011 – torch's choice of exception is not our contract
        functional.interpolate(tensor, **kwargs)
    with pytest.raises(kind, match=sentence):
        interpolate(tensor.numpy(), **kwargs)
    call = Call((tensor,), kwargs, str(kwargs))
    assert refusal(interpolate, call) == refusal(interpolate, call.mapped(lambda t: t.numpy()))


@pytest.mark.parametrize(
    ("arguments", "kind", "sentence"),
    [
        ((0, 3), ValueError, "n must be ≥ 1, got 0"),
        ((3, 0), ValueError, "m must be ≥ 1, got 0"),
        ((3, 2.5), TypeError, "m must be an integer, got 2.5"),
        ((3, 3, "cubic"), ValueError, "mode must be one of"),
        ((3, 3, "nearest", True), ValueError, "align_corners must be None with mode='nearest'"),
        ((3, 3, "linear", False, 0), ValueError, "scale must be > 0 and finite, got 0"),
        ((3, 3, "linear", False, None, True), ValueError, "antialias must be False except with bilinear"),
    ],
)
def test_matrices_that_do_not_exist(arguments: Any, kind: type[Exception], sentence: str) -> None:
    with pytest.raises(kind, match=sentence):
        interpolation_matrix(*arguments)


def test_lists_are_refused() -> None:
    with pytest.raises(TypeError, match="input must be a NumPy array or a torch tensor, got list"):
        interpolate([[[1.0, 2.0]]], size=3)


@pytest.mark.parametrize(
    ("kwargs", "shape"),
    [
        ({"size": 3}, (3, 3)),
        ({"size": np.int64(3)}, (3, 3)),
        ({"size": [3, 5]}, (3, 5)),
        ({"size": (np.int64(3), 5)}, (3, 5)),
        ({"size": torch.Size((3, 5))}, (3, 5)),
        ({"scale_factor": (2, 1.5)}, (8, 6)),
        ({"scale_factor": np.float32(1.5)}, (6, 6)),
    ],
)
def test_sizes_and_scales_of_every_accepted_kind(kwargs: dict[str, Any], shape: tuple[int, int]) -> None:
    assert interpolate(IMAGE.numpy(), **kwargs).shape == (1, 2, *shape)
    assert interpolate(IMAGE, **kwargs).shape == (1, 2, *shape)


# ---------------------------------------------------------------- on torch


@EVERY_MODE
def test_gradcheck(mode: str, axes: int) -> None:
    x = torch.from_numpy(random((1, 2) + (3,) * axes)).requires_grad_()
    assert torch.autograd.gradcheck(lambda t: interpolate(t, size=4, **options(mode)), x)


@EVERY_MODE
def test_compile_and_vmap(mode: str, axes: int) -> None:
    x = torch.from_numpy(random((2, 3, 2) + (4,) * axes))

    def resize(t: torch.Tensor) -> torch.Tensor:
        return interpolate(t, size=6, **options(mode))

    expected = functional.interpolate(x.flatten(0, 1), size=6, **options(mode)).reshape(2, 3, 2, *(6,) * axes)
    torch.testing.assert_close(torch.func.vmap(resize)(x), expected)
    torch._dynamo.reset()  # otherwise it counts the other modes as recompilations
    compiled = torch.compile(resize, backend="eager", fullgraph=True)
    torch.testing.assert_close(compiled(x[0]), expected[0])


def test_channels_last_and_bfloat16_are_kept() -> None:
    x = torch.randn(2, 8, 5, 5).to(memory_format=torch.channels_last)
    assert interpolate(x, size=9, mode="bilinear").is_contiguous(memory_format=torch.channels_last)
    assert interpolate(x.bfloat16(), size=9, mode="bilinear").dtype == torch.bfloat16


def test_arrays_are_resized_without_torch() -> None:
    code = (
        "import sys, numpy, upsample_lib\n"
        "y = upsample_lib.interpolate(numpy.eye(3)[None, None], size=5, mode='bicubic')\n"
        "assert y.shape == (1, 1, 5, 5) and 'torch' not in sys.modules"
    )
    subprocess.run([sys.executable, "-c", code], check=True)
