"""Max and average pooling: numbers by hand, then PyTorch as the oracle, then properties."""

import subprocess
import sys

import numpy as np
import pytest
import torch
import torch.nn.functional as F
from hypothesis import given, settings
from hypothesis import strategies as st

import upsample_lib
from upsample_lib import avg_pool1d, avg_pool2d, max_pool1d, max_pool2d, max_pool3d

NAN, INF = np.nan, np.inf


def plane(*rows):
    return np.array([rows], dtype=np.float64)


def normal(*shape, seed=0, dtype=np.float64):
    return np.random.default_rng(seed).standard_normal(shape).astype(dtype)


class TestMaxByHand:
    def test_two_by_two(self):
        y, i = max_pool2d(plane([1, 2, 0, 0], [4, 3, 0, 5]), 2, return_indices=True)
        np.testing.assert_array_equal(y, [[[4, 5]]])
        np.testing.assert_array_equal(i, [[[4, 7]]])  # row 1: 1·4 + 0, 1·4 + 3

    def test_overlapping_windows_share_their_maximum(self):
        y, i = max_pool1d(plane([1, 9, 2])[0], 2, stride=1, return_indices=True)
        np.testing.assert_array_equal(y, [[9, 9]])
        np.testing.assert_array_equal(i, [[1, 1]])

    def test_dilation_skips(self):
        # windows (1, 2, 3) and (9, 8, 7)
        np.testing.assert_array_equal(max_pool1d(plane([1, 9, 2, 8, 3, 7])[0], 3, 1, dilation=2), [[3, 9]])

    def test_padding_never_wins(self):
        y, i = max_pool1d(plane([-5, -7])[0], 2, 2, padding=1, return_indices=True)
        np.testing.assert_array_equal(y, [[-5, -7]])
        np.testing.assert_array_equal(i, [[0, 1]])

    def test_ceil_mode_keeps_the_last_window(self):
        x = plane([1, 2, 3])[0]
        np.testing.assert_array_equal(max_pool1d(x, 2), [[2]])
        np.testing.assert_array_equal(max_pool1d(x, 2, ceil_mode=True), [[2, 3]])

    def test_a_window_that_would_start_in_the_right_padding_is_dropped(self):
        # 2 + 2·1 − 2 = 2; ⌈2/3⌉ + 1 = 2 windows, and the second would start at 1·3 − 1 = 2, outside
        np.testing.assert_array_equal(max_pool1d(plane([1, 2])[0], 2, 3, 1, ceil_mode=True), [[1]])

    def test_the_first_of_equal_maxima_in_row_major_order_wins(self):
        _, i = max_pool2d(plane([0, 7, 0], [7, 0, 7], [7, 7, 7]), 3, return_indices=True)
        assert i.item() == 1
        _, i = max_pool2d(plane([0, 0, 7], [7, 0, 0], [0, 0, 0]), 3, return_indices=True)
        assert i.item() == 2  # the first row, though its column is further right
        _, i = max_pool3d(np.zeros((1, 2, 2, 2)), 2, return_indices=True)
        assert i.item() == 0

    def test_the_last_nan_wins(self):
        y, i = max_pool2d(plane([NAN, 1, 9], [2, NAN, 9], [9, 9, 9]), 2, 1, return_indices=True)
        np.testing.assert_array_equal(y, [[[NAN, NAN], [NAN, NAN]]])
        np.testing.assert_array_equal(i, [[[4, 4], [4, 4]]])

    def test_nothing_above_minus_infinity_names_the_first_input_of_the_window(self):
        y, i = max_pool1d(np.full((1, 4), -INF), 3, 2, 1, return_indices=True)
        np.testing.assert_array_equal(y, [[-INF, -INF]])
        np.testing.assert_array_equal(i, [[0, 1]])

    def test_smallest_integers(self):
        y, i = max_pool2d(np.full((1, 2, 2), -128, np.int8), 2, 1, 1, return_indices=True)
        assert y.dtype == np.int8
        np.testing.assert_array_equal(y, np.full((1, 3, 3), -128))
        np.testing.assert_array_equal(i, [[[0, 0, 1], [0, 0, 1], [2, 2, 3]]])


class TestAverageByHand:
    def test_two_by_two(self):
        np.testing.assert_array_equal(avg_pool2d(plane([1, 3, 5, 7], [1, 3, 9, 7]), 2), [[[2, 7]]])

    def test_zeros_of_the_border_count_unless_told_otherwise(self):
        x = plane([6, 8])[0]
        np.testing.assert_array_equal(avg_pool1d(x, 2, padding=1), [[3, 4]])  # (0 + 6)/2, (8 + 0)/2
        np.testing.assert_array_equal(avg_pool1d(x, 2, padding=1, count_include_pad=False), [[6, 8]])

    def test_what_hangs_over_in_ceil_mode_never_counts(self):
        np.testing.assert_array_equal(avg_pool1d(plane([2, 4, 9])[0], 2, ceil_mode=True), [[3, 9]])

    def test_divisor_override(self):
        np.testing.assert_array_equal(avg_pool2d(plane([1, 2], [3, 4]), 2, divisor_override=-5), [[[-2]]])

    def test_integers_are_cut_towards_zero(self):
        y = avg_pool1d(np.array([[-3, 0, 5, 2]]), 2)
        assert y.dtype == np.int64
        np.testing.assert_array_equal(y, [[-1, 3]])


@st.composite
def calls(draw, kind):
    """An input of 1 to 3 axes and arguments that both paths and torch should judge alike."""
    axes = draw(st.integers(1, 3))

    def per_axis(values):
        one = st.sampled_from(values)
        return draw(one | st.tuples(*[one] * axes))

    lead = draw(st.sampled_from([(2,), (1, 2), (2, 1), (0, 1)]))
    shape = lead + tuple(draw(st.integers(1, 7)) for _ in range(axes))
    settings = {
        "kernel_size": per_axis([1, 2, 3, 4]),
        "stride": draw(st.none()) if draw(st.booleans()) else per_axis([1, 2, 3, 5]),
        "padding": per_axis([0, 0, 1, 2]),
        "ceil_mode": draw(st.booleans()),
    }
    seed = draw(st.integers(0, 2**16))
    if kind == "max":
        settings |= {"dilation": per_axis([1, 1, 2, 3]), "return_indices": True}
        few = np.array([-INF, -1, 0, 0, 2, 2, NAN if draw(st.booleans()) else 1])
        x = np.random.default_rng(seed).choice(few, shape)
    else:
        settings["count_include_pad"] = draw(st.booleans())
        if axes > 1:
            settings["divisor_override"] = draw(st.sampled_from([None, 1, 3, -2]))
        x = normal(*shape, seed=seed)
    return f"{kind}_pool{axes}d", x, settings


def outcome(function, x, settings):
    try:
        return function(x, **settings)
    except (ValueError, TypeError, RuntimeError) as error:
        return error


@pytest.mark.parametrize("kind", ["max", "avg"])
def test_agrees_with_torch_or_refuses_with_it(kind):
    @settings(max_examples=150, deadline=None)
    @given(calls(kind))
    def check(call):
        name, x, arguments = call
        tensor = torch.from_numpy(x)
        expected = outcome(getattr(F, name), tensor, arguments)
        actual = outcome(getattr(upsample_lib, name), x, arguments)
        on_torch = outcome(getattr(upsample_lib, name), tensor, arguments)
        if isinstance(expected, Exception):
            assert isinstance(actual, ValueError)
            assert (type(actual), str(actual)) == (type(on_torch), str(on_torch))
            return
        if kind == "avg":
            expected, actual, on_torch = (expected,), (actual,), (on_torch,)
        for e, a, t in zip(expected, actual, on_torch):
            assert a.dtype == e.numpy().dtype
            np.testing.assert_allclose(a, e.numpy(), rtol=1e-12, atol=1e-14)
            np.testing.assert_array_equal(t.numpy(), e.numpy())

    check()


def test_many_planes_are_worked_on_in_blocks():
    x = normal(3, 50, 40, 42, dtype=np.float32)
    tensor = torch.from_numpy(x)
    for k, s, p in ((2, 2, 0), (3, 2, 1), (5, 3, 2), (3, 1, 1)):
        y, i = max_pool2d(x, k, s, p, return_indices=True)
        ty, ti = F.max_pool2d(tensor, k, s, p, return_indices=True)
        np.testing.assert_array_equal(y, ty.numpy())
        np.testing.assert_array_equal(i, ti.numpy())
        np.testing.assert_array_equal(max_pool2d(x, k, s, p), ty.numpy())
        np.testing.assert_allclose(avg_pool2d(x, k, s, p), F.avg_pool2d(tensor, k, s, p).numpy(), atol=1e-6)


@pytest.mark.parametrize("width", [5, 200, 40_000])
def test_positions_of_narrow_and_wide_planes(width):
    # the winner's offset in its window takes one byte, two or four
    x = normal(1, 4, width)
    np.testing.assert_array_equal(
        max_pool2d(x, 3, 1, 1, return_indices=True)[1],
        F.max_pool2d(torch.from_numpy(x), 3, 1, 1, return_indices=True)[1].numpy(),
    )


FLOATS = ("float16", "float32", "float64")
INTEGERS = ("uint8", "int8", "int16", "int32", "int64")


@pytest.mark.parametrize("axes", [1, 2, 3])
@pytest.mark.parametrize("dtype", [*FLOATS, *INTEGERS, "bool", "uint16", "complex64"])
def test_dtypes_are_those_of_torch(axes, dtype):
    x = np.arange(3**axes).reshape((1,) + (3,) * axes).astype(dtype)
    for name, settings_ in (
        (f"max_pool{axes}d", {}),
        (f"max_pool{axes}d", {"return_indices": True}),
        (f"avg_pool{axes}d", {}),
    ):
        try:
            expected = getattr(F, name)(torch.from_numpy(x), 2, **settings_)
        except NotImplementedError:
            for array in (x, torch.from_numpy(x)):
                with pytest.raises(
                    TypeError, match=rf"input of {name} must be of dtype .*, got {dtype}; convert"
                ):
                    getattr(upsample_lib, name)(array, 2, **settings_)
            continue
        actual = getattr(upsample_lib, name)(x, 2, **settings_)
        if not settings_:
            expected, actual = (expected,), (actual,)
        for e, a in zip(expected, actual):
            assert a.dtype == e.numpy().dtype
            np.testing.assert_allclose(a, e.numpy(), rtol=1e-3)


def test_very_large_strides_leave_one_window():
    x = plane([1, 2, 8], [4, 3, 9])
    for stride in (10, 2**31, 2**40):
        for array in (x, torch.from_numpy(x)):
            for ceil_mode in (False, True):
                np.testing.assert_array_equal(max_pool2d(array, 2, stride, ceil_mode=ceil_mode), [[[4]]])
                np.testing.assert_array_equal(avg_pool2d(array, 2, stride, ceil_mode=ceil_mode), [[[2.5]]])


def test_strided_and_read_only_inputs_are_left_alone():
    x = normal(2, 9, 8, 3)[:, ::-1, ::2].transpose(0, 3, 1, 2)
    x.flags.writeable = False
    before = x.copy()
    np.testing.assert_array_equal(max_pool2d(x, 2, 1, 1), max_pool2d(before, 2, 1, 1))
    np.testing.assert_array_equal(avg_pool2d(x, 2, 1, 1), avg_pool2d(before, 2, 1, 1))
    y = max_pool2d(x, 1)
    assert not np.shares_memory(x, y)
    np.testing.assert_array_equal(x, before)


REFUSED = [
    ("max_pool2d", (1, 4, 4), {"kernel_size": 0}, ValueError, "kernel_size must be ≥ 1, got 0"),
    ("max_pool2d", (1, 4, 4), {"kernel_size": 2.0}, TypeError, "kernel_size must be an integer, got 2.0"),
    (
        "max_pool2d",
        (1, 4, 4),
        {"kernel_size": (2, 2, 2)},
        ValueError,
        "kernel_size must be an integer or 2 integers",
    ),
    ("max_pool2d", (1, 4, 4), {"kernel_size": 2, "stride": 0}, ValueError, "stride must be ≥ 1, got 0"),
    ("max_pool2d", (1, 4, 4), {"kernel_size": 2, "padding": -1}, ValueError, "padding must be ≥ 0, got -1"),
    (
        "max_pool2d",
        (1, 4, 4),
        {"kernel_size": 2, "padding": 2},
        ValueError,
        "padding must be ≤ half .* got 2",
    ),
    ("max_pool2d", (1, 4, 4), {"kernel_size": 2, "dilation": 0}, ValueError, "dilation must be ≥ 1, got 0"),
    ("max_pool2d", (1, 4, 4), {"kernel_size": 5}, ValueError, "kernel_size must span at most .* got 5"),
    ("max_pool2d", (4, 4), {"kernel_size": 2}, ValueError, r"input must have the shape .* got \(4, 4\)"),
    (
        "max_pool2d",
        (2, 0, 4, 4),
        {"kernel_size": 2},
        ValueError,
        "input must have no empty axis except the batch",
    ),
    (
        "max_pool1d",
        (4,),
        {"kernel_size": 2},
        ValueError,
        r"input must have the shape \(C, L\) or \(N, C, L\)",
    ),
    (
        "avg_pool2d",
        (1, 4, 4),
        {"kernel_size": 2, "divisor_override": 0},
        ValueError,
        "divisor_override must not be 0",
    ),
    (
        "avg_pool2d",
        (1, 4, 4),
        {"kernel_size": 2, "divisor_override": 1.5},
        TypeError,
        "divisor_override must be an int",
    ),
    (
        "avg_pool2d",
        (1, 4, 4),
        {"kernel_size": 3, "padding": 2},
        ValueError,
        "padding must be ≤ half .* got 2",
    ),
    (
        "avg_pool3d",
        (1, 1, 4, 4),
        {"kernel_size": 2, "padding": 1},
        ValueError,
        "kernel_size must be ≤ the input's size",
    ),
]


@pytest.mark.parametrize(("name", "shape", "arguments", "error", "sentence"), REFUSED)
def test_both_paths_refuse_in_the_same_words(name, shape, arguments, error, sentence):
    with pytest.raises((ValueError, TypeError, RuntimeError, IndexError)):
        getattr(F, name)(torch.ones(shape), **arguments)
    with pytest.raises(error, match=sentence) as on_numpy:
        getattr(upsample_lib, name)(np.ones(shape), **arguments)
    with pytest.raises(error) as on_torch:
        getattr(upsample_lib, name)(torch.ones(shape), **arguments)
    assert str(on_numpy.value) == str(on_torch.value)


def test_lists_are_refused():
    with pytest.raises(TypeError, match="input must be a NumPy array or a torch tensor, got list"):
        max_pool1d([[1.0, 2.0]], 2)


class TestTorchPath:
    def test_gradients(self):
        x = torch.randn(1, 2, 5, 6, dtype=torch.float64, requires_grad=True)
        assert torch.autograd.gradcheck(lambda t: max_pool2d(t, 3, 2, 1, ceil_mode=True), x)
        assert torch.autograd.gradcheck(lambda t: avg_pool2d(t, 3, 2, 1, count_include_pad=False), x)

    def test_gradient_of_a_maximum_goes_to_its_switch(self):
        x = torch.tensor([[1.0, 9.0, 2.0]], requires_grad=True)
        max_pool1d(x, 2, 1).sum().backward()
        np.testing.assert_array_equal(x.grad.numpy(), [[0, 2, 0]])

    @pytest.mark.parametrize("function", [max_pool2d, avg_pool2d])
    def test_compile_and_vmap(self, function):
        x = torch.randn(2, 3, 6, 6)
        expected = getattr(F, function.__name__)(x, 2)
        compiled = torch.compile(lambda t: function(t, 2), backend="eager", fullgraph=True)
        torch.testing.assert_close(compiled(x), expected)
        torch.testing.assert_close(torch.func.vmap(lambda t: function(t, 2))(x), expected)

    @pytest.mark.parametrize("function", [max_pool2d, avg_pool2d])
    def test_channels_last_is_kept(self, function):
        x = torch.randn(2, 3, 6, 6).to(memory_format=torch.channels_last)
        y = function(x, 2)
        torch.testing.assert_close(y, function(x.contiguous(), 2))
        assert y.is_contiguous(memory_format=torch.channels_last)

    def test_bfloat16(self):
        x = torch.randn(1, 3, 6, 6, dtype=torch.bfloat16)
        assert torch.equal(max_pool2d(x, 2), F.max_pool2d(x, 2))
        assert torch.equal(avg_pool2d(x, 2), F.avg_pool2d(x, 2))


def test_arrays_are_pooled_without_torch():
    code = (
        "import sys, numpy, upsample_lib as u; x = numpy.ones((1, 1, 4, 4));"
        "u.max_pool2d(x, 2, return_indices=True); u.blur_pool(x);"
        "u.avg_unpool(u.avg_pool2d(x, 2), 2); u.pixel_unshuffle(x, 2); assert 'torch' not in sys.modules"
    )
    subprocess.run([sys.executable, "-c", code], check=True)
