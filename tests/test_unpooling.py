"""Unpooling: numbers by hand, then PyTorch as the oracle, then adjoints."""

import itertools

import numpy as np
import pytest
import torch
import torch.nn.functional as F
from hypothesis import given, settings
from hypothesis import strategies as st

import upsample_lib
from upsample_lib import (
    avg_unpool,
    bed_of_nails,
    max_pool1d,
    max_pool2d,
    max_unpool1d,
    max_unpool2d,
    zero_insert,
)


def normal(*shape, seed=0, dtype=np.float64):
    return np.random.default_rng(seed).standard_normal(shape).astype(dtype)


class TestMaxUnpoolByHand:
    def test_values_return_to_their_switches(self):
        y = max_unpool2d(np.array([[[4.0, 5.0]]]), np.array([[[4, 3]]]), 2)
        np.testing.assert_array_equal(y, [[[0, 0, 0, 5], [4, 0, 0, 0]]])

    def test_overlapping_windows_assign_and_do_not_add(self):
        y, i = max_pool1d(np.array([[1.0, 9.0, 2.0]]), 2, 1, return_indices=True)
        np.testing.assert_array_equal(max_unpool1d(y, i, 2, 1), [[0, 9, 0]])  # not 18

    def test_the_last_of_repeated_indices_stays(self):
        y = max_unpool1d(np.array([[1.0, 2.0, 3.0]]), np.array([[4, 0, 4]]), 2)
        np.testing.assert_array_equal(y, [[2, 0, 0, 0, 3, 0]])

    def test_odd_inputs_need_output_size(self):
        x = np.array([[5.0, 1.0, 2.0, 3.0, 0.0]])
        y, i = max_pool1d(x, 2, return_indices=True)
        assert max_unpool1d(y, i, 2).shape == (1, 4)
        np.testing.assert_array_equal(max_unpool1d(y, i, 2, output_size=x.shape[1:]), [[5, 0, 0, 3, 0]])
        # for images the size moves every row: the flat positions are of the odd width
        x = np.arange(25.0).reshape(1, 5, 5)
        y, i = max_pool2d(x, 2, return_indices=True)
        z = max_unpool2d(y, i, 2, output_size=(5, 5))
        np.testing.assert_array_equal(z[0, 1::2, 1::2], x[0, 1::2, 1::2])
        assert z.sum() == y.sum()

    def test_output_size_may_be_a_whole_shape(self):
        y, i = np.ones((2, 3, 1, 1)), np.zeros((2, 3, 1, 1), int)
        assert max_unpool2d(y, i, 2, output_size=(2, 3, 3, 2)).shape == (2, 3, 3, 2)


class TestOthersByHand:
    def test_bed_of_nails(self):
        y = bed_of_nails(np.array([[[[1, 2], [3, 4]]]]), 2)
        np.testing.assert_array_equal(y, [[[[1, 0, 2, 0], [0, 0, 0, 0], [3, 0, 4, 0], [0, 0, 0, 0]]]])

    def test_zero_insert(self):
        y = zero_insert(np.array([[[[1, 2], [3, 4]]]]), (3, 2))
        np.testing.assert_array_equal(y, [[[[1, 0, 2], [0, 0, 0], [0, 0, 0], [3, 0, 4]]]])

    def test_average_is_shared_out(self):
        y = avg_unpool(np.array([[[[4.0, 8.0]]]]), 2)
        np.testing.assert_array_equal(y, [[[[1, 1, 2, 2], [1, 1, 2, 2]]]])

    def test_shares_of_overlapping_windows_add_up(self):
        y = avg_unpool(np.array([[[2.0, 4.0, 6.0]]]), 2, 1)
        np.testing.assert_array_equal(y, [[[1, 3, 5, 3]]])

    def test_pixels_between_windows_get_nothing(self):
        np.testing.assert_array_equal(avg_unpool(np.array([[[2.0, 4.0]]]), 1, 2), [[[2, 0, 4]]])

    def test_the_border_keeps_its_share_when_it_counts(self):
        x = np.array([[[2.0, 4.0]]])
        np.testing.assert_array_equal(avg_unpool(x, 2, padding=1), [[[1, 2]]])
        np.testing.assert_array_equal(avg_unpool(x, 2, padding=1, count_include_pad=False), [[[2, 4]]])


@st.composite
def unpoolings(draw):
    axes = draw(st.integers(1, 3))

    def per_axis(values):
        one = st.sampled_from(values)
        return draw(one | st.tuples(*[one] * axes))

    shape = draw(st.sampled_from([(2,), (1, 2), (2, 1), (0, 1)]))
    shape += tuple(draw(st.integers(1, 4)) for _ in range(axes))
    arguments = {
        "kernel_size": per_axis([1, 2, 3, 4]),
        "stride": draw(st.none()) if draw(st.booleans()) else per_axis([1, 2, 3]),
        "padding": per_axis([0, 0, 0, 1, 2]),
    }
    if draw(st.booleans()):
        entries = draw(st.sampled_from([axes, axes, axes + 1, axes + 2]))
        arguments["output_size"] = tuple(draw(st.integers(0, 9)) for _ in range(entries))
    seed = draw(st.integers(0, 2**16))
    indices = np.random.default_rng(seed).integers(0, draw(st.sampled_from([2, 9, 40])), shape)
    return f"max_unpool{axes}d", normal(*shape, seed=seed), indices, arguments


def outcome(function, *arrays, **arguments):
    try:
        return function(*arrays, **arguments)
    except (ValueError, TypeError, RuntimeError) as error:
        return error


@pytest.fixture
def one_thread():
    # with more, torch's CPU leaves any one of the values that repeated indices name
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(threads)


def test_max_unpool_agrees_with_torch_or_refuses_with_it(one_thread):
    @settings(max_examples=150, deadline=None)
    @given(unpoolings())
    def check(call):
        name, x, i, arguments = call
        tensors = torch.from_numpy(x), torch.from_numpy(i)
        expected = outcome(getattr(F, name), *tensors, **arguments)
        actual = outcome(getattr(upsample_lib, name), x, i, **arguments)
        on_torch = outcome(getattr(upsample_lib, name), *tensors, **arguments)
        if isinstance(expected, Exception):
            assert isinstance(actual, ValueError)
            assert (type(actual), str(actual)) == (type(on_torch), str(on_torch))
            return
        np.testing.assert_array_equal(actual, expected.numpy())
        np.testing.assert_array_equal(on_torch.numpy(), expected.numpy())

    check()


@settings(max_examples=40, deadline=None)
@given(st.integers(1, 4), st.integers(1, 3), st.integers(0, 1), st.integers(4, 9), st.integers(4, 9))
def test_unpooling_a_pooling_restores_its_maxima(k, s, p, height, width):
    p = min(p, k // 2)
    x = np.abs(normal(2, 3, height, width, seed=height * width))
    y, i = max_pool2d(x, k, s, p, return_indices=True)
    default = (y.shape[2] - 1) * s + k - 2 * p, (y.shape[3] - 1) * s + k - 2 * p
    if not all(d - s < n < d + s for d, n in zip(default, (height, width))):
        return
    z = max_unpool2d(y, i, k, s, p, output_size=(height, width))
    np.testing.assert_array_equal(z[z != 0], x[z != 0])
    np.testing.assert_array_equal(max_pool2d(z, k, s, p), y)  # y ≥ 0: overlap is harmless


def test_with_distinct_indices_max_unpool_is_the_adjoint_of_gathering():
    rng = np.random.default_rng(0)
    indices = np.stack([rng.permutation(36)[:9] for _ in range(6)]).reshape(2, 3, 3, 3)
    y, x = normal(2, 3, 3, 3, seed=1), normal(2, 3, 6, 6, seed=2)
    gathered = np.take_along_axis(x.reshape(2, 3, 36), indices.reshape(2, 3, 9), 2).reshape(y.shape)
    np.testing.assert_allclose((max_unpool2d(y, indices, 2) * x).sum(), (y * gathered).sum(), rtol=1e-13)


AVERAGES = [
    (n, k, s, p, ceil_mode, include, override)
    for n, k, s, p, ceil_mode, include, override in itertools.product(
        (1, 2, 5, 6), (1, 2, 3, 4), (1, 2, 3, 5), (0, 1, 2), (False, True), (False, True), (None, -3)
    )
    if p <= k // 2 and n + 2 * p - k > (-s if ceil_mode else -1)
]


@pytest.mark.parametrize("axes", [1, 2, 3])
def test_avg_unpool_is_the_adjoint_of_avg_pool_in_all_settings(axes):
    seen = 0
    for n, k, s, p, ceil_mode, include, override in AVERAGES:
        sizes = (n, 6, 4)[:axes]
        arguments = {"padding": (p, 0, 0)[:axes], "ceil_mode": ceil_mode, "count_include_pad": include}
        if axes > 1:
            arguments["divisor_override"] = override
        elif override is not None:
            continue
        kernel, stride = (k, 3, 2)[:axes], (s, 2, 2)[:axes]
        x = normal(1, 2, *sizes, seed=n)
        if axes == 3 and n < k:
            continue  # torch refuses these in three dimensions
        pooled = getattr(upsample_lib, f"avg_pool{axes}d")(x, kernel, stride, **arguments)
        y = normal(*pooled.shape, seed=k)
        spread = avg_unpool(y, kernel, stride, output_size=sizes, **arguments)
        assert spread.shape == x.shape
        np.testing.assert_allclose((spread * x).sum(), (y * pooled).sum(), rtol=1e-10, atol=1e-12)
        on_torch = avg_unpool(torch.from_numpy(y), kernel, stride, output_size=sizes, **arguments)
        np.testing.assert_allclose(on_torch.numpy(), spread, rtol=1e-12, atol=1e-15)
        seen += 1
    assert seen == {1: 444, 2: 888, 3: 640}[axes]


def test_avg_unpool_of_whole_windows_is_nearest_divided_by_their_size():
    y = normal(2, 3, 4, 5)
    np.testing.assert_allclose(avg_unpool(y, 3), y.repeat(3, 2).repeat(3, 3) / 9, rtol=1e-15)
    assert avg_unpool(y[0, 0], (3, 3)).shape == (12, 15)
    assert avg_unpool(y[:0], 2).shape == (0, 3, 8, 10)


@settings(max_examples=50, deadline=None)
@given(st.data())
def test_bed_of_nails_is_the_adjoint_of_taking_every_pixel(data):
    axes = data.draw(st.integers(1, 3))
    cells = tuple(data.draw(st.integers(1, 4)) for _ in range(axes))
    strides = tuple(data.draw(st.integers(1, 4)) for _ in range(axes))
    sizes = tuple(data.draw(st.integers((n - 1) * s + 1, n * s)) for n, s in zip(cells, strides))
    y, x = normal(2, 2, *cells), normal(2, 2, *sizes, seed=1)
    nails = bed_of_nails(y, strides, sizes)
    kept = x[(..., *(slice(None, None, s) for s in strides))]
    np.testing.assert_allclose((nails * x).sum(), (y * kept).sum(), rtol=1e-12)
    np.testing.assert_array_equal(bed_of_nails(torch.from_numpy(y), strides, sizes).numpy(), nails)
    inserted = zero_insert(y, strides)
    assert inserted.shape[2:] == tuple((n - 1) * s + 1 for n, s in zip(cells, strides))
    np.testing.assert_array_equal(bed_of_nails(y, strides, inserted.shape), inserted)
    np.testing.assert_array_equal(zero_insert(torch.from_numpy(y), strides).numpy(), inserted)


@pytest.mark.parametrize("dtype", ["bool", "uint8", "int64", "float16", "float32", "complex128"])
def test_nails_keep_every_dtype(dtype):
    x = np.ones((0, 1, 2, 1), dtype)
    for array in (x, torch.from_numpy(x)):
        for function in (bed_of_nails, zero_insert):
            assert function(array, 2).dtype == array.dtype
    assert bed_of_nails(x, 2).shape == (0, 1, 4, 2)
    assert zero_insert(x, 2).shape == (0, 1, 3, 1)
    assert zero_insert(np.ones((1, 1, 0)), 2).shape == (1, 1, 0)


@pytest.mark.parametrize("dtype", ["float16", "float32", "float64"])
def test_unpooling_keeps_floats(dtype):
    x = normal(1, 2, 3, 3).astype(dtype)
    i = np.zeros(x.shape, int)
    for y in (max_unpool2d(x, i, 2), avg_unpool(x, 2), avg_unpool(x, 3, 2)):
        assert y.dtype == x.dtype
    for y in (max_unpool2d(torch.from_numpy(x), torch.from_numpy(i), 2), avg_unpool(torch.from_numpy(x), 2)):
        assert y.dtype == getattr(torch, dtype)


def test_many_planes_are_worked_on_in_blocks():
    x = normal(4, 60, 40, 42, dtype=np.float32)
    y, i = max_pool2d(x, 3, 2, return_indices=True)
    z = max_unpool2d(y, i, 3, 2, output_size=(40, 42))
    expected = F.max_unpool2d(torch.from_numpy(y), torch.from_numpy(i), 3, 2, output_size=(40, 42))
    np.testing.assert_array_equal(z, expected.numpy())
    nearest = y.repeat(2, 2).repeat(2, 3) / np.float32(4)
    np.testing.assert_allclose(avg_unpool(y, 2), nearest, rtol=1e-6)


def test_huge_strides_that_insert_nothing():
    x = np.ones((1, 2, 1))
    for array in (x, torch.from_numpy(x)):
        np.testing.assert_array_equal(zero_insert(array, 2**70), x)
        np.testing.assert_array_equal(avg_unpool(array, 1, 2**70), x)


def test_strided_and_read_only_inputs_are_left_alone():
    x = normal(4, 3, 2, 2)[::-2].transpose(0, 3, 2, 1)
    i = np.arange(x.size).reshape(x.shape[::-1]).transpose(3, 2, 1, 0) % 20
    for array in (x, i):
        array.flags.writeable = False
    before, kept = x.copy(), i.copy()
    np.testing.assert_array_equal(max_unpool2d(x, i, 2), max_unpool2d(before, kept, 2))
    np.testing.assert_array_equal(avg_unpool(x, 2), avg_unpool(before, 2))
    np.testing.assert_array_equal(bed_of_nails(x, 2), bed_of_nails(before, 2))
    np.testing.assert_array_equal(x, before)
    np.testing.assert_array_equal(i, kept)


ONES, ZEROS = np.ones((1, 1, 2, 2)), np.zeros((1, 1, 2, 2), np.int64)

REFUSED = [
    (
        max_unpool2d,
        (ONES, ZEROS[..., :1], 2),
        {},
        ValueError,
        r"indices must have the input's shape \(1, 1, 2, 2\)",
    ),
    (max_unpool2d, (ONES, ZEROS.astype(np.int32), 2), {}, TypeError, "indices must be of dtype int64, got"),
    (
        max_unpool2d,
        (ONES.astype(int), ZEROS, 2),
        {},
        TypeError,
        "input of max_unpool2d must be .* got int64; convert",
    ),
    (
        max_unpool2d,
        (ONES[0, 0], ZEROS[0, 0], 2),
        {},
        ValueError,
        r"input must have 3 or 4 axes.* got the shape \(2, 2\)",
    ),
    (max_unpool2d, (ONES[:, :0], ZEROS[:, :0], 2), {}, ValueError, "none of them empty but the first"),
    (max_unpool2d, (ONES, ZEROS + 16, 2), {}, ValueError, r"from 0 to 15 for an output of \(4, 4\), got 16"),
    (max_unpool2d, (ONES, ZEROS - 1, 2), {}, ValueError, r"from 0 to 15 for an output of \(4, 4\), got -1"),
    (
        max_unpool2d,
        (ONES, ZEROS, 2),
        {"output_size": (6, 4)},
        ValueError,
        r"\(3, 3\) and \(5, 5\), got \(6, 4\)",
    ),
    (
        max_unpool2d,
        (ONES, ZEROS, 2),
        {"output_size": (4, 4, 4)},
        ValueError,
        "output_size must have 2 or 4 entries",
    ),
    (
        max_unpool2d,
        (ONES, ZEROS, 2),
        {"output_size": 4},
        TypeError,
        "output_size must be a sequence of 2 integers, got 4",
    ),
    (
        max_unpool2d,
        (ONES, ZEROS, 2),
        {"padding": 3},
        ValueError,
        "padding must leave an output of size ≥ 0, got 3",
    ),
    (max_unpool2d, (ONES, ZEROS, 2), {"stride": 0}, ValueError, "stride must be ≥ 1, got 0"),
    (
        avg_unpool,
        (ONES, 2),
        {"output_size": (6, 4)},
        ValueError,
        r"takes to the input's \(2, 2\), got \(6, 4\)",
    ),
    (avg_unpool, (ONES, 2), {"padding": 2}, ValueError, "padding must leave an output of size ≥ 1, got 2"),
    (avg_unpool, (ONES, 2), {"divisor_override": 0}, ValueError, "divisor_override must not be 0"),
    (
        avg_unpool,
        (ONES.astype(int), 2),
        {},
        TypeError,
        "input of avg_unpool must be of dtype .* got int64; convert",
    ),
    (bed_of_nails, (ONES, 0), {}, ValueError, "stride must be ≥ 1, got 0"),
    (
        bed_of_nails,
        (ONES, 2),
        {"output_size": (2, 4)},
        ValueError,
        r"from \(3, 3\) to \(4, 4\), got \(2, 4\)",
    ),
    (bed_of_nails, (ONES[0, 0], 2), {}, ValueError, r"for other shapes give stride one entry for each"),
    (
        bed_of_nails,
        (ONES, (2, 2, 2, 2)),
        {},
        ValueError,
        "stride must have one entry for each of the last 1 to 3",
    ),
    (zero_insert, (ONES, 1.5), {}, TypeError, "stride must be an integer, got 1.5"),
]


@pytest.mark.parametrize(("function", "args", "arguments", "error", "sentence"), REFUSED)
def test_both_paths_refuse_in_the_same_words(function, args, arguments, error, sentence):
    tensors = [torch.from_numpy(a.copy()) if isinstance(a, np.ndarray) else a for a in args]
    with pytest.raises(error, match=sentence) as on_numpy:
        function(*args, **arguments)
    with pytest.raises(error) as on_torch:
        function(*tensors, **arguments)
    assert str(on_numpy.value).replace("torch.", "") == str(on_torch.value).replace("torch.", "")


def test_arrays_and_tensors_do_not_mix():
    with pytest.raises(TypeError, match="input is a NumPy array but indices is a torch tensor"):
        max_unpool2d(ONES, torch.from_numpy(ZEROS), 2)


class TestTorchPath:
    def test_gradients(self):
        x = torch.randn(1, 2, 3, 4, dtype=torch.float64, requires_grad=True)
        indices = torch.stack([torch.randperm(48)[:12] for _ in range(2)]).reshape(1, 2, 3, 4)
        assert torch.autograd.gradcheck(lambda t: max_unpool2d(t, indices, 2), x)
        assert torch.autograd.gradcheck(lambda t: avg_unpool(t, 3, 2, 1), x)
        assert torch.autograd.gradcheck(lambda t: avg_unpool(t, (3,), (2,)), x)
        assert torch.autograd.gradcheck(lambda t: bed_of_nails(t, 2), x)
        assert torch.autograd.gradgradcheck(lambda t: avg_unpool(t, 3, 2, 1), x)

    @pytest.mark.filterwarnings("ignore:.*batching rule")  # torch has none for max_unpool yet, and loops
    @pytest.mark.parametrize(
        "function",
        [
            lambda t: max_unpool2d(t, torch.arange(9).mul(4).reshape(1, 3, 3).expand(t.shape), 2),
            lambda t: avg_unpool(t, (3, 3), (2, 2)),
            lambda t: bed_of_nails(t, (2, 2)),
            lambda t: zero_insert(t, (2, 2)),
        ],
        ids=["max_unpool", "avg_unpool", "bed_of_nails", "zero_insert"],
    )
    def test_compile_and_vmap(self, function):
        x = torch.randn(2, 3, 3, 3)
        expected = function(x)
        torch.testing.assert_close(torch.compile(function, backend="eager", fullgraph=True)(x), expected)
        torch.testing.assert_close(torch.func.vmap(function)(x), expected)

    def test_channels_last_is_kept(self):
        x = torch.randn(2, 3, 4, 5).to(memory_format=torch.channels_last)
        indices = torch.arange(20).reshape(4, 5).expand(2, 3, 4, 5)
        for function in (
            lambda t: max_unpool2d(t, indices, 2),
            lambda t: bed_of_nails(t, 2),
            lambda t: zero_insert(t, 3),
        ):
            y = function(x)
            assert y.is_contiguous(memory_format=torch.channels_last)
            torch.testing.assert_close(y, function(x.contiguous()))
