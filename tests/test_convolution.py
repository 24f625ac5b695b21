"""Convolution and transposed convolution: numbers by hand, then PyTorch as the oracle, then properties."""

import itertools

import numpy as np
import pytest
import torch
import torch.nn.functional as F
from hypothesis import assume, given, settings
from hypothesis import strategies as st

import upsample_lib
from upsample_lib import (
    _convolution_numpy,
    _transposed_convolution_numpy,
    conv1d,
    conv2d,
    conv3d,
    conv_matrix,
    conv_transpose1d,
    conv_transpose2d,
    conv_transpose3d,
)

CONV = {1: conv1d, 2: conv2d, 3: conv3d}
CONV_TRANSPOSE = {1: conv_transpose1d, 2: conv_transpose2d, 3: conv_transpose3d}


def array(*values):
    return np.array(values, dtype=np.float64)


def normal(*shape, seed=0, dtype=np.float64):
    rng = np.random.default_rng(seed)
    numbers = rng.standard_normal(shape)
    if np.issubdtype(dtype, np.complexfloating):
        numbers = numbers + 1j * rng.standard_normal(shape)
    return numbers.astype(dtype)


def as_torch(name, input, weight, bias=None, **settings):
    tensors = [
        None if a is None else torch.from_numpy(np.ascontiguousarray(a)) for a in (input, weight, bias)
    ]
    return getattr(F, name)(*tensors, **settings).numpy()


class TestByHand:
    def test_kernel_is_not_flipped(self):
        # 1·1 + 2·10, 2·1 + 4·10, 4·1 + 8·10
        y = conv1d(array([1, 2, 4, 8]), array([[1, 10]]))
        np.testing.assert_array_equal(y, [[21, 42, 84]])

    def test_padding_and_stride(self):
        # windows (0, 1), (2, 4), (8, 0)
        y = conv1d(array([1, 2, 4, 8]), array([[1, 10]]), stride=2, padding=1)
        np.testing.assert_array_equal(y, [[10, 42, 8]])

    def test_dilation(self):
        # 1·1 + 4·10, 2·1 + 8·10
        y = conv1d(array([1, 2, 4, 8]), array([[1, 10]]), dilation=2)
        np.testing.assert_array_equal(y, [[41, 82]])

    def test_same_puts_the_odd_zero_at_the_end(self):
        # windows (1, 2), (2, 4), (4, 0)
        y = conv1d(array([1, 2, 4]), array([[1, 10]]), padding="same")
        np.testing.assert_array_equal(y, [[21, 42, 4]])

    def test_valid_is_no_padding(self):
        y = conv1d(array([1, 2, 4]), array([[1, 10]]), padding="valid")
        np.testing.assert_array_equal(y, [[21, 42]])

    def test_channels_are_summed_and_bias_is_added(self):
        # 1·2 + 10·3 + 100, 5·2 + 20·3 + 100
        y = conv1d(array([1, 5], [10, 20]), array([[2], [3]]), array(100))
        np.testing.assert_array_equal(y, [[132, 170]])

    def test_groups_do_not_mix_channels(self):
        y = conv1d(array([1, 2], [10, 20]), array([[3]], [[5]]), groups=2)
        np.testing.assert_array_equal(y, [[3, 6], [50, 100]])

    def test_two_axes(self):
        x = np.arange(9.0).reshape(1, 3, 3)
        # top left: 0·1 + 1·2 + 3·10 + 4·20
        y = conv2d(x, array([[[1, 2], [10, 20]]]))
        np.testing.assert_array_equal(y, [[[112, 145], [211, 244]]])

    def test_transposed_stamps_add_where_they_overlap(self):
        # stamps 1·(1, 10, 100) at 0, 2·(1, 10, 100) at 2, 4·(1, 10, 100) at 4
        y = conv_transpose1d(array([1, 2, 4]), array([[1, 10, 100]]), stride=2)
        np.testing.assert_array_equal(y, [[1, 10, 100 + 2, 20, 200 + 4, 40, 400]])

    def test_transposed_padding_crops(self):
        y = conv_transpose1d(array([1, 2, 4]), array([[1, 10, 100]]), stride=2, padding=1)
        np.testing.assert_array_equal(y, [[10, 102, 20, 204, 40]])

    def test_output_padding_crops_less_at_the_end(self):
        y = conv_transpose1d(array([1, 2, 4]), array([[1, 10, 100]]), stride=2, padding=1, output_padding=1)
        np.testing.assert_array_equal(y, [[10, 102, 20, 204, 40, 400]])

    def test_output_padding_beyond_the_stamps_is_bias_only(self):
        y = conv_transpose1d(array([1, 2]), array([[1, 10]]), array(7), stride=2, output_padding=1)
        np.testing.assert_array_equal(y, [[8, 17, 9, 27, 7]])

    def test_transposed_stride_beyond_the_kernel_leaves_gaps(self):
        y = conv_transpose1d(array([1, 2]), array([[1, 10]]), stride=4)
        np.testing.assert_array_equal(y, [[1, 10, 0, 0, 2, 20]])

    def test_transposed_dilation(self):
        # stamps (1, 0, 10) at 0 and 2·(1, 0, 10) at 1
        y = conv_transpose1d(array([1, 2]), array([[1, 10]]), dilation=2)
        np.testing.assert_array_equal(y, [[1, 2, 10, 20]])

    def test_transposed_weight_has_input_channels_first(self):
        # one input channel, two output channels; then two input channels, one output channel
        np.testing.assert_array_equal(conv_transpose1d(array([2]), array([[3], [5]])), [[6], [10]])
        np.testing.assert_array_equal(conv_transpose1d(array([2], [7]), array([[3]], [[5]])), [[41]])

    def test_transposed_two_axes(self):
        x, w = array([[1, 2], [3, 4]]), array([[[1, 10], [100, 1000]]])
        y = conv_transpose2d(x, w)
        want = [[1, 10 + 2, 20], [100 + 3, 1000 + 200 + 30 + 4, 2000 + 40], [300, 3000 + 400, 4000]]
        np.testing.assert_array_equal(y, [want])

    def test_transposed_does_not_undo(self):
        x, w = array([1, 2, 4]), array([[1, 1]])
        # (1, 2, 4) → (3, 6) → (3, 3 + 6, 6)
        np.testing.assert_array_equal(conv_transpose1d(conv1d(x, w), w), [[3, 9, 6]])

    def test_three_axes(self):
        x = np.arange(8.0).reshape(1, 2, 2, 2)
        np.testing.assert_array_equal(conv3d(x, np.ones((1, 1, 2, 2, 2))), [[[[28]]]])
        y = conv_transpose3d(x, np.ones((1, 1, 2, 2, 2)), stride=2)
        np.testing.assert_array_equal(y, x.repeat(2, 1).repeat(2, 2).repeat(2, 3))


@st.composite
def layers(draw, transposed):
    """Arrays and settings of a layer that PyTorch accepts or refuses for its sizes only."""
    axes = draw(st.integers(1, 3))

    def sizes(low, high):
        return tuple(draw(st.integers(low, high)) for _ in range(axes))

    groups, c_in, c_out = draw(st.integers(1, 3)), draw(st.integers(1, 3)), draw(st.integers(1, 3))
    kernel, n = sizes(1, 5), sizes(1, 7)
    if transposed and draw(st.booleans()):  # the case with a fast path of its own: s divides k
        stride = tuple(draw(st.sampled_from([s for s in range(1, k + 1) if k % s == 0])) for k in kernel)
        dilation = (1,) * axes
    else:
        stride, dilation = sizes(1, 4), sizes(1, 3)
    batch = draw(st.sampled_from([(), (0,), (1,), (3,), (20,)]))
    seed = draw(st.integers(0, 99))
    settings = {"stride": stride, "padding": sizes(0, 4), "dilation": dilation, "groups": groups}
    x = normal(*batch, groups * c_in, *n, seed=seed)
    if transposed:
        weight = normal(groups * c_in, c_out, *kernel, seed=seed + 1)
        settings["output_padding"] = tuple(
            draw(st.integers(0, max(s, d) - 1)) for s, d in zip(stride, dilation)
        )
    else:
        weight = normal(groups * c_out, c_in, *kernel, seed=seed + 1)
    bias = normal(groups * c_out, seed=seed + 2) if draw(st.booleans()) else None
    return axes, x, weight, bias, settings


@pytest.fixture(params=["whole", "blocks"], scope="class")
def block_size(request):
    """Once as it is, once with blocks so small that rows, samples and channels are all cut up."""
    patch = pytest.MonkeyPatch()
    if request.param == "blocks":
        patch.setattr(_convolution_numpy, "WINDOW_BYTES", 2048)
        patch.setattr(_convolution_numpy, "ENOUGH_COLUMNS", 40)
        patch.setattr(_transposed_convolution_numpy, "PRODUCT_BYTES", 2048)
        patch.setattr(_transposed_convolution_numpy, "ENOUGH_COLUMNS", 40)
        patch.setattr(_transposed_convolution_numpy, "ENOUGH_ROWS", 1)
    yield
    patch.undo()


@pytest.mark.usefixtures("block_size")
class TestAgainstTorch:
    @settings(max_examples=120, deadline=None)
    @given(layers(transposed=False))
    def test_conv(self, layer):
        axes, x, weight, bias, arguments = layer
        try:
            want = as_torch(f"conv{axes}d", x, weight, bias, **arguments)
        except RuntimeError:
            with pytest.raises(ValueError, match="weight must fit into the padded input"):
                CONV[axes](x, weight, bias, **arguments)
            return
        np.testing.assert_allclose(CONV[axes](x, weight, bias, **arguments), want, rtol=1e-9, atol=1e-11)

    @settings(max_examples=150, deadline=None)
    @given(layers(transposed=True))
    def test_conv_transpose(self, layer):
        axes, x, weight, bias, arguments = layer
        try:
            want = as_torch(f"conv_transpose{axes}d", x, weight, bias, **arguments)
        except RuntimeError:
            with pytest.raises(ValueError, match="padding must leave an output"):
                CONV_TRANSPOSE[axes](x, weight, bias, **arguments)
            return
        got = CONV_TRANSPOSE[axes](x, weight, bias, **arguments)
        np.testing.assert_allclose(got, want, rtol=1e-9, atol=1e-11)

    @pytest.mark.parametrize(
        ("c_in", "c_out", "n", "k", "s", "p", "a"),
        [
            (8, 5, 37, 2, 2, 0, 0),
            (8, 5, 33, 4, 2, 1, 0),
            (5, 8, 41, 3, 2, 1, 1),
            (6, 4, 35, 5, 3, 2, 1),
            (3, 4, 30, 7, 2, 3, 1),
        ],
    )
    def test_images_of_several_blocks(self, c_in, c_out, n, k, s, p, a):
        x, weight = normal(2, c_in, n, n + 3), normal(c_in, c_out, k, k, seed=1)
        arguments = {"stride": s, "padding": p, "output_padding": a}
        want = as_torch("conv_transpose2d", x, weight, **arguments)
        np.testing.assert_allclose(conv_transpose2d(x, weight, **arguments), want, rtol=1e-9, atol=1e-11)
        want = as_torch("conv2d", x, weight.swapaxes(0, 1), stride=s, padding=p)
        got = conv2d(x, weight.swapaxes(0, 1), stride=s, padding=p)
        np.testing.assert_allclose(got, want, rtol=1e-9, atol=1e-11)


@pytest.mark.filterwarnings("ignore:Using padding='same' with even kernel lengths")
@pytest.mark.parametrize(("kernel", "dilation"), list(itertools.product([(1, 4), (2, 3), (5, 2)], [1, 2, 3])))
def test_same_padding_as_torch(kernel, dilation):
    x, weight = normal(2, 3, 5, 6), normal(4, 3, *kernel, seed=1)
    y = conv2d(x, weight, padding="same", dilation=dilation)
    want = as_torch("conv2d", x, weight, padding="same", dilation=dilation)
    assert y.shape == (2, 4, 5, 6)
    np.testing.assert_allclose(y, want, rtol=1e-9, atol=1e-12)
    tensors = conv2d(torch.from_numpy(x), torch.from_numpy(weight), padding="same", dilation=dilation)
    np.testing.assert_allclose(tensors, want, rtol=1e-9, atol=1e-12)


class TestAdjoint:
    @settings(max_examples=80, deadline=None)
    @given(layers(transposed=False))
    def test_inner_products_agree(self, layer):
        """⟨C x, y⟩ = ⟨x, Cᵀ y⟩, with the output_padding that brings back the size of x."""
        axes, x, weight, _, arguments = layer
        try:
            cx = CONV[axes](x, weight, **arguments)
        except ValueError:
            assume(False)
        y = normal(*cx.shape, seed=7)
        s, p, d = arguments["stride"], arguments["padding"], arguments["dilation"]
        extra = tuple(
            upsample_lib.output_padding_for(m, n, k, sj, pj, dj)
            for m, n, k, sj, pj, dj in zip(cx.shape[-axes:], x.shape[-axes:], weight.shape[2:], s, p, d)
        )
        back = CONV_TRANSPOSE[axes](y, weight, output_padding=extra, **arguments)
        assert back.shape == x.shape
        np.testing.assert_allclose(np.vdot(cx, y), np.vdot(x, back), rtol=1e-9, atol=1e-9)

    @settings(max_examples=60, deadline=None)
    @given(layers(transposed=False))
    def test_matrix(self, layer):
        axes, x, weight, _, arguments = layer
        x = x.reshape(-1, *x.shape[-axes - 1 :])
        assume(len(x) > 0)
        try:
            y = CONV[axes](x[0], weight, **arguments)
        except ValueError:
            with pytest.raises(ValueError, match="weight must fit into the padded input"):
                conv_matrix(weight, x.shape[2:], **arguments)
            return
        matrix = conv_matrix(weight, x.shape[2:], **arguments)
        assert matrix.shape == (y.size, x[0].size)
        np.testing.assert_allclose(matrix @ x[0].ravel(), y.ravel(), rtol=1e-9, atol=1e-11)

    def test_transposed_matrix_is_transposed_convolution(self):
        weight, y = normal(4, 3, 3, 2), normal(4, 3, 4, seed=1)
        matrix = conv_matrix(weight, (6, 8), stride=2, padding=(1, 0))
        want = conv_transpose2d(y, weight, stride=2, padding=(1, 0), output_padding=(1, 0))
        np.testing.assert_allclose((matrix.T @ y.ravel()).reshape(3, 6, 8), want, rtol=1e-9, atol=1e-11)


class TestMatrix:
    def test_by_hand(self):
        # 3 × 3 input, 2 × 2 kernel: rows are the four windows
        matrix = conv_matrix(np.array([[[[1, 2], [3, 4]]]]), 3).toarray()
        want = [
            [1, 2, 0, 3, 4, 0, 0, 0, 0],
            [0, 1, 2, 0, 3, 4, 0, 0, 0],
            [0, 0, 0, 1, 2, 0, 3, 4, 0],
            [0, 0, 0, 0, 1, 2, 0, 3, 4],
        ]
        np.testing.assert_array_equal(matrix, want)

    def test_padding_and_stride_by_hand(self):
        matrix = conv_matrix(np.array([[[1, 2, 3]]]), 4, stride=2, padding=1).toarray()
        np.testing.assert_array_equal(matrix, [[2, 3, 0, 0], [0, 1, 2, 3]])

    def test_groups_by_hand(self):
        matrix = conv_matrix(np.array([[[3]], [[5]]]), 2, groups=2).toarray()
        np.testing.assert_array_equal(matrix, np.diag([3, 3, 5, 5]))

    def test_is_sorted_csr_of_the_weights_dtype(self):
        matrix = conv_matrix(normal(2, 3, 3, 3, dtype=np.float32), 5, padding=1)
        assert matrix.format == "csr"
        assert matrix.dtype == np.float32
        assert matrix.has_sorted_indices
        assert matrix.has_canonical_format
        # the 25 outputs see 9 pixels each, less those beyond the border: (3·5 − 2)² = 169
        assert matrix.nnz == 2 * 3 * 169

    def test_without_scipy(self, monkeypatch):
        monkeypatch.setitem(__import__("sys").modules, "scipy.sparse", None)
        with pytest.raises(ImportError, match="conv_matrix needs SciPy; install it with"):
            conv_matrix(np.ones((1, 1, 2)), 3)

    @pytest.mark.parametrize(
        ("weight", "size", "arguments", "error", "message"),
        [
            (torch.ones(1, 1, 2), 3, {}, TypeError, r"weight must be a NumPy array .* weight\.detach"),
            (
                np.ones((1, 1, 2), bool),
                3,
                {},
                TypeError,
                "weight must be a NumPy array of numbers, got dtype bool",
            ),
            (np.ones((1, 2)), 3, {}, ValueError, "weight must have the shape"),
            (np.ones((1, 1, 2)), 0, {}, ValueError, "input_size must be ≥ 1, got 0"),
            (np.ones((1, 1, 2)), 1, {}, ValueError, "weight must fit into the padded input of 1 pixels"),
            (np.ones((3, 1, 2)), 3, {"groups": 2}, ValueError, "groups must divide the 3 channels"),
        ],
    )
    def test_refusals(self, weight, size, arguments, error, message):
        with pytest.raises(error, match=message):
            conv_matrix(weight, size, **arguments)


class TestDtypes:
    @pytest.mark.parametrize("dtype", [np.float32, np.float64, np.complex64, np.complex128])
    def test_dtype_stays(self, dtype):
        x, weight, bias = (
            normal(2, 4, 5, 6, dtype=dtype),
            normal(4, 4, 3, 2, dtype=dtype),
            normal(4, dtype=dtype),
        )
        rtol = 1e-4 if np.finfo(dtype).bits == 32 else 1e-10
        for name in ("conv2d", "conv_transpose2d"):
            y = getattr(upsample_lib, name)(x, weight, bias, stride=2)
            assert y.dtype == dtype
            np.testing.assert_allclose(y, as_torch(name, x, weight, bias, stride=2), rtol=rtol, atol=rtol)

    @pytest.mark.parametrize("name", ["conv2d", "conv_transpose2d"])
    def test_float16_is_rounded_once(self, name):
        x, weight = normal(1, 16, 6, 6, dtype=np.float16), normal(16, 16, 3, 3, dtype=np.float16)
        y = getattr(upsample_lib, name)(x, weight)
        assert y.dtype == np.float16
        exact = getattr(upsample_lib, name)(x.astype(np.float64), weight.astype(np.float64))
        # half a unit in the last of 11 bits, and a little for the float32 sums
        np.testing.assert_allclose(y, exact, rtol=2**-11 * 1.001, atol=1e-4)

    @pytest.mark.parametrize("dtype", [np.int64, np.int32, np.int16, np.int8, np.uint8])
    def test_integers_wrap_as_in_torch(self, dtype):
        x = np.arange(50).astype(dtype).reshape(1, 2, 5, 5)
        weight = np.arange(36).astype(dtype).reshape(2, 2, 3, 3)
        np.testing.assert_array_equal(conv2d(x, weight), as_torch("conv2d", x, weight))

    def test_transposed_integers(self):
        x, weight = np.arange(18).reshape(1, 2, 3, 3), np.arange(32).reshape(2, 1, 4, 4)
        y = conv_transpose2d(x, weight, stride=2, padding=1)
        np.testing.assert_array_equal(y, as_torch("conv_transpose2d", x, weight, stride=2, padding=1))

    @pytest.mark.parametrize("convert", [np.asarray, torch.from_numpy], ids=["numpy", "torch"])
    @pytest.mark.parametrize(
        ("name", "dtype"),
        [("conv1d", bool), ("conv_transpose1d", bool), ("conv_transpose1d", np.int32)],
    )
    def test_other_dtypes_are_refused_with_a_conversion(self, name, dtype, convert):
        x, weight = convert(np.ones((1, 1, 3), dtype)), convert(np.ones((1, 1, 2), dtype))
        with pytest.raises(TypeError, match=rf"input of {name} must be of dtype .*convert it with"):
            getattr(upsample_lib, name)(x, weight)


@pytest.mark.parametrize("name", ["conv2d", "conv_transpose2d"])
class TestArrays:
    def test_inputs_may_be_read_only_and_are_not_modified(self, name):
        arrays = [normal(2, 3, 4, 4), normal(3, 3, 2, 2), normal(3)]
        copies = [a.copy() for a in arrays]
        for a in arrays:
            a.flags.writeable = False
        getattr(upsample_lib, name)(*arrays)
        for a, copy in zip(arrays, copies):
            np.testing.assert_array_equal(a, copy)

    def test_result_is_contiguous_and_owns_its_memory(self, name):
        x, weight = normal(1, 3, 4, 4), normal(3, 3, 1, 1)
        y = getattr(upsample_lib, name)(x, weight)
        assert y.flags.c_contiguous
        assert y.flags.writeable
        assert not np.shares_memory(y, x)
        assert not np.shares_memory(y, weight)

    def test_not_contiguous(self, name):
        x, weight = normal(9, 8, 3, 2)[::2, ::-2].transpose(3, 2, 0, 1), normal(3, 3, 2, 6)[..., ::-3]
        assert not x.flags.c_contiguous
        want = as_torch(name, x, weight, stride=(2, 1))
        np.testing.assert_allclose(
            getattr(upsample_lib, name)(x, weight, stride=(2, 1)), want, rtol=1e-9, atol=1e-12
        )

    def test_empty_batch(self, name):
        y = getattr(upsample_lib, name)(normal(0, 3, 5, 6), normal(3, 3, 2, 2), stride=2)
        assert y.shape == {"conv2d": (0, 3, 2, 3), "conv_transpose2d": (0, 3, 10, 12)}[name]

    @pytest.mark.parametrize("n", [(1, 1), (1, 7), (7, 1)])
    @pytest.mark.parametrize("kernel", [(1, 1), (1, 3), (3, 1), (3, 3)])
    def test_axes_of_size_one(self, name, n, kernel):
        x, weight = normal(2, 1, *n), normal(1, 1, *kernel, seed=1)
        want = (
            as_torch(name, x, weight, stride=2, padding=1) if name == "conv2d" else as_torch(name, x, weight)
        )
        got = getattr(upsample_lib, name)(
            x, weight, **({"stride": 2, "padding": 1} if name == "conv2d" else {})
        )
        np.testing.assert_allclose(got, want, rtol=1e-9, atol=1e-12)

    def test_huge_stride(self, name):
        x, weight = normal(1, 2, 1, 1), normal(2, 2, 3, 3)
        padding = 1 if name == "conv2d" else 0
        y = getattr(upsample_lib, name)(x, weight, stride=10**15, padding=padding)
        np.testing.assert_allclose(
            y, as_torch(name, x, weight, stride=1, padding=padding), rtol=1e-9, atol=1e-12
        )

    def test_unbatched(self, name):
        x, weight = normal(3, 5, 4), normal(3, 3, 2, 2)
        batched = getattr(upsample_lib, name)(x[None], weight)
        np.testing.assert_array_equal(getattr(upsample_lib, name)(x, weight), batched[0])

    def test_depthwise(self, name):
        x, weight = normal(2, 24, 9, 8), normal(24, 1, 4, 4)
        got = getattr(upsample_lib, name)(x, weight, stride=2, padding=1, groups=24)
        want = as_torch(name, x, weight, stride=2, padding=1, groups=24)
        np.testing.assert_allclose(got, want, rtol=1e-9, atol=1e-12)


def test_no_input_channels_give_no_output_channels_as_in_torch():
    y = conv2d(np.zeros((2, 0, 5, 5)), np.zeros((4, 0, 3, 3)), np.ones(4))
    assert y.shape == F.conv2d(torch.zeros(2, 0, 5, 5), torch.zeros(4, 0, 3, 3), torch.ones(4)).shape


def test_scratch_memory_of_transposed_convolution_is_bounded():
    import tracemalloc

    for c_in, c_out, n, k, s in [
        (64, 32, 32, 2, 2),
        (64, 32, 32, 4, 2),
        (128, 64, 16, 4, 2),
        (8, 8, 40, 16, 1),
    ]:
        x, weight = normal(1, c_in, n, n, dtype=np.float32), normal(c_in, c_out, k, k, dtype=np.float32)
        conv_transpose2d(x, weight, stride=s)
        tracemalloc.start()
        y = conv_transpose2d(x, weight, stride=s)
        _, peak = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        assert peak - y.nbytes <= 4 * (x.nbytes + weight.nbytes + y.nbytes), (c_in, c_out, n, k, s)


def tensor(*shape, seed=0, **kwargs):
    return torch.from_numpy(normal(*shape, seed=seed)).requires_grad_(**kwargs)


class TestTorchPath:
    @pytest.mark.parametrize("axes", [1, 2, 3])
    def test_gradients(self, axes):
        n, k = (3, 4, 2)[:axes], (2, 1, 2)[:axes]
        x, bias = tensor(2, 4, *n), tensor(2, seed=2)
        assert torch.autograd.gradcheck(
            lambda x, w, b: CONV[axes](x, w, b, padding=1, stride=2, groups=2),
            (x, tensor(2, 2, *k, seed=1), bias),
        )
        assert torch.autograd.gradcheck(
            lambda x, w, b: CONV_TRANSPOSE[axes](x, w, b, stride=2, output_padding=1, groups=2),
            (x, tensor(4, 1, *k, seed=1), bias),
        )

    @pytest.mark.parametrize("name", ["conv2d", "conv_transpose2d"])
    @pytest.mark.parametrize("dtype", [torch.float16, torch.bfloat16, torch.float32, torch.complex64])
    def test_dtype_stays(self, name, dtype):
        x, weight = torch.ones(1, 2, 4, 4, dtype=dtype), torch.ones(2, 2, 2, 2, dtype=dtype)
        y = getattr(upsample_lib, name)(x, weight)
        assert y.dtype == dtype
        torch.testing.assert_close(y, getattr(F, name)(x, weight))

    def test_channels_last_is_kept(self):
        x = torch.randn(2, 4, 6, 6).to(memory_format=torch.channels_last)
        weight = torch.randn(4, 4, 4, 4).to(memory_format=torch.channels_last)
        for name in ("conv2d", "conv_transpose2d"):
            y, want = (getattr(f, name)(x, weight, stride=2, padding=1) for f in (upsample_lib, F))
            assert y.stride() == want.stride()
            torch.testing.assert_close(y, want)

    def test_autocast_brings_dtypes_together(self):
        x, weight = torch.randn(1, 2, 4, 4, dtype=torch.bfloat16), torch.randn(2, 2, 2, 2)
        with torch.autocast("cpu", dtype=torch.bfloat16):
            torch.testing.assert_close(conv2d(x, weight), F.conv2d(x, weight))
            torch.testing.assert_close(conv_transpose2d(x, weight), F.conv_transpose2d(x, weight))

    def test_meta_tensors_have_the_right_shape(self):
        x, weight = torch.empty(2, 4, 9, 9, device="meta"), torch.empty(4, 4, 4, 4, device="meta")
        assert conv2d(x, weight, stride=2, padding=1).shape == (2, 4, 4, 4)
        assert conv_transpose2d(x, weight, stride=2, padding=1).shape == (2, 4, 18, 18)
        with pytest.raises(TypeError, match="weight must have the dtype of input"):
            conv2d(x, weight.double())

    def test_compile(self):
        @torch.compile(backend="eager", fullgraph=True)
        def pair(x, weight):
            down = conv2d(x, weight, stride=2, padding=1)
            return conv_transpose2d(down, weight, stride=2, padding=1)

        weight = tensor(4, 3, 4, 4, seed=1)
        for n in (8, 10):  # the second size makes torch compile for any size
            x = tensor(2, 3, n, n)
            want = F.conv_transpose2d(F.conv2d(x, weight, None, 2, 1), weight, None, 2, 1)
            torch.testing.assert_close(pair(x, weight), want)

    def test_vmap(self):
        x, weights = tensor(3, 2, 4, 5, 5), tensor(3, 6, 4, 3, 3, seed=1)
        got = torch.func.vmap(lambda x, w: conv2d(x, w, padding="same"))(x, weights)
        want = torch.stack([F.conv2d(a, w, padding=1) for a, w in zip(x, weights)])
        torch.testing.assert_close(got, want)
        got = torch.func.vmap(lambda x, w: conv_transpose2d(x, w, stride=2))(x, weights.transpose(1, 2))
        want = torch.stack([F.conv_transpose2d(a, w.transpose(0, 1), stride=2) for a, w in zip(x, weights)])
        torch.testing.assert_close(got, want)


def refusal(function, *args, **kwargs):
    with pytest.raises((ValueError, TypeError)) as caught:
        function(*args, **kwargs)
    return caught.type, str(caught.value)


X, W, B = (2, 4, 5, 6), (4, 4, 3, 3), (4,)
REFUSED = [
    # operation, shapes of input, weight, bias, settings, exception, sentence (torch refuses all of them)
    ("conv2d", (5, 6), W, None, {}, ValueError, r"input must have 3 axes .* got the shape \(5, 6\)"),
    ("conv2d", (1, *X), W, None, {}, ValueError, r"input must have 3 axes"),
    (
        "conv2d",
        X,
        (4, 4, 3),
        None,
        {},
        ValueError,
        r"weight must have the shape \(C_out, C_in/groups, kH, kW\)",
    ),
    ("conv2d", (2, 3, 5, 6), W, None, {}, ValueError, r"input must have 4 channels .* got 3"),
    ("conv2d", X, W, (3,), {}, ValueError, r"bias must have the shape \(4,\), got \(3,\)"),
    ("conv2d", X, W, (4, 1), {}, ValueError, r"bias must have the shape \(4,\), got \(4, 1\)"),
    ("conv2d", X, W, None, {"stride": 0}, ValueError, r"stride must be ≥ 1, got 0"),
    ("conv2d", X, W, None, {"stride": (1, -1)}, ValueError, r"stride must be ≥ 1, got -1"),
    ("conv2d", X, W, None, {"stride": (1, 1, 1)}, ValueError, r"stride must be an integer or 2 integers"),
    ("conv2d", X, W, None, {"stride": 1.5}, TypeError, r"stride must be an integer, got 1.5"),
    ("conv2d", X, W, None, {"stride": True}, TypeError, r"stride must be an integer, got True"),
    ("conv2d", X, W, None, {"groups": True}, TypeError, r"groups must be an integer, got True"),
    ("conv2d", X, W, None, {"padding": -1}, ValueError, r"padding must be ≥ 0, got -1"),
    ("conv2d", X, W, None, {"padding": "full"}, ValueError, r"padding must be .* got 'full'"),
    (
        "conv2d",
        X,
        W,
        None,
        {"padding": "same", "stride": 2},
        ValueError,
        r"padding='same' must come with stride 1",
    ),
    ("conv2d", X, W, None, {"dilation": 0}, ValueError, r"dilation must be ≥ 1, got 0"),
    ("conv2d", X, W, None, {"dilation": 3}, ValueError, r"weight must fit .* spans 7 × 7"),
    ("conv2d", X, W, None, {"groups": 0}, ValueError, r"groups must be ≥ 1, got 0"),
    ("conv2d", X, W, None, {"groups": 3}, ValueError, r"groups must divide the 4 channels of axis 0"),
    (
        "conv2d",
        X,
        (4, 4, 6, 6),
        None,
        {},
        ValueError,
        r"weight must fit into the padded input of 5 × 6 pixels",
    ),
    ("conv2d", X, (4, 4, 0, 3), None, {}, ValueError, r"weight must have no empty axis"),
    ("conv2d", (2, 4, 0, 6), W, None, {"padding": 2}, ValueError, r"input must have at least 1 pixel"),
    ("conv2d", X, (0, 4, 3, 3), None, {}, ValueError, r"groups must divide the 0 channels"),
    (
        "conv_transpose2d",
        X,
        W,
        None,
        {"padding": "same"},
        TypeError,
        r"padding must be an integer or 2 integers",
    ),
    ("conv_transpose2d", X, W, None, {"output_padding": 1}, ValueError, r"output_padding must be smaller"),
    (
        "conv_transpose2d",
        X,
        W,
        None,
        {"output_padding": -1},
        ValueError,
        r"output_padding must be ≥ 0, got -1",
    ),
    (
        "conv_transpose2d",
        X,
        W,
        None,
        {"stride": (3, 1), "output_padding": (0, 2)},
        ValueError,
        r"on each axis",
    ),
    (
        "conv_transpose2d",
        X,
        W,
        None,
        {"padding": 4},
        ValueError,
        r"padding must leave an output .* \(-1, 0\)",
    ),
    ("conv_transpose2d", (2, 3, 5, 6), W, None, {}, ValueError, r"input must have 4 channels"),
    ("conv_transpose2d", X, W, (5,), {}, ValueError, r"bias must have the shape \(4,\)"),
    ("conv_transpose2d", X, (4, 0, 3, 3), None, {}, ValueError, r"weight must have no empty axis"),
    ("conv_transpose2d", (2, 4, 0, 6), W, None, {}, ValueError, r"input must have at least 1 pixel"),
    ("conv_transpose2d", X, W, None, {"stride": 0}, ValueError, r"stride must be ≥ 1, got 0"),
    ("conv_transpose2d", X, W, None, {"dilation": 0}, ValueError, r"dilation must be ≥ 1, got 0"),
    ("conv_transpose2d", X, W, None, {"groups": 3}, ValueError, r"groups must divide the 4 channels"),
    (
        "conv_transpose2d",
        X,
        (4, 4, 3),
        None,
        {},
        ValueError,
        r"weight must have the shape \(C_in, C_out/groups",
    ),
    ("conv1d", (2, 4, 5, 6), (4, 4, 3), None, {}, ValueError, r"input must have 2 axes"),
    ("conv3d", (4, 5, 5), (4, 4, 3, 3, 3), None, {}, ValueError, r"input must have 4 axes"),
]


class TestRefusals:
    @pytest.mark.parametrize(("name", "x", "weight", "bias", "arguments", "error", "message"), REFUSED)
    def test_both_paths_refuse_what_torch_refuses(self, name, x, weight, bias, arguments, error, message):
        arrays = [None if shape is None else np.ones(shape) for shape in (x, weight, bias)]
        tensors = [None if a is None else torch.from_numpy(a) for a in arrays]
        with pytest.raises((RuntimeError, TypeError)):
            getattr(F, name)(*tensors, **arguments)
        function = getattr(upsample_lib, name)
        with pytest.raises(error, match=message):
            function(*arrays, **arguments)
        assert refusal(function, *arrays, **arguments) == refusal(function, *tensors, **arguments)

    def test_arrays_and_tensors_do_not_mix(self):
        with pytest.raises(TypeError, match="input is a NumPy array but weight is a torch tensor"):
            conv2d(np.ones(X), torch.ones(W))
        with pytest.raises(TypeError, match="bias is a NumPy array but input is a torch tensor"):
            conv_transpose2d(torch.ones(X), torch.ones(W), np.ones(B))
        with pytest.raises(TypeError, match="input must be a NumPy array or a torch tensor, got list"):
            conv1d([[1.0, 2.0]], np.ones((1, 1, 2)))

    @pytest.mark.parametrize("convert", [np.asarray, torch.from_numpy], ids=["numpy", "torch"])
    @pytest.mark.parametrize("name", ["conv2d", "conv_transpose2d"])
    def test_dtypes_do_not_mix(self, name, convert):
        x, weight, bias = np.ones(X, np.float32), np.ones(W), np.ones(B)
        function = getattr(upsample_lib, name)
        with pytest.raises(TypeError, match="weight must have the dtype of input, float32, got float64"):
            function(convert(x), convert(weight))
        with pytest.raises(TypeError, match="bias must have the dtype of input, float32, got float64"):
            function(convert(x), convert(weight.astype(np.float32)), convert(bias))
