"""Sub-pixel rearrangement: numbers by hand, then PyTorch as the oracle, then properties."""

import numpy as np
import pytest
import torch
import torch.nn.functional as F
from hypothesis import given, settings
from hypothesis import strategies as st

from upsample_lib import depth_to_space, pixel_shuffle, pixel_unshuffle, space_to_depth


def counted(*shape, dtype=np.float64):
    return np.arange(np.prod(shape, dtype=int)).reshape(shape).astype(dtype)


class TestByHand:
    def test_four_channels_become_one_cell(self):
        y = pixel_shuffle(np.array([10, 11, 12, 13]).reshape(1, 4, 1, 1), 2)
        np.testing.assert_array_equal(y, [[[[10, 11], [12, 13]]]])

    def test_unshuffle_takes_the_cell_apart(self):
        y = pixel_unshuffle(np.array([[[10, 11], [12, 13]]]), 2)
        np.testing.assert_array_equal(y, [[[10]], [[11]], [[12]], [[13]]])

    def test_the_two_orders_of_channels(self):
        x = counted(8, 1, 1)
        # DCR: channel (a·2 + b)·2 + c; output channel 0 takes the even input channels
        np.testing.assert_array_equal(depth_to_space(x, 2), [[[0, 2], [4, 6]], [[1, 3], [5, 7]]])
        # CRD: channel c·4 + a·2 + b; output channel 0 takes the first four
        np.testing.assert_array_equal(depth_to_space(x, 2, "CRD"), [[[0, 1], [2, 3]], [[4, 5], [6, 7]]])

    def test_onnx_example(self):
        # https://onnx.ai/onnx/operators/onnx__DepthToSpace.html: input (1, 8, 2, 3), default mode DCR
        x = np.concatenate([np.arange(6.0).reshape(1, 1, 2, 3) + 9 * c for c in range(8)], axis=1)
        expected = [
            [
                [0, 18, 1, 19, 2, 20],
                [36, 54, 37, 55, 38, 56],
                [3, 21, 4, 22, 5, 23],
                [39, 57, 40, 58, 41, 59],
            ],
            [
                [9, 27, 10, 28, 11, 29],
                [45, 63, 46, 64, 47, 65],
                [12, 30, 13, 31, 14, 32],
                [48, 66, 49, 67, 50, 68],
            ],
        ]
        np.testing.assert_array_equal(depth_to_space(x, 2)[0], expected)

    def test_with_one_output_channel_the_orders_are_the_same(self):
        x = counted(2, 9, 2, 3)
        np.testing.assert_array_equal(depth_to_space(x, 3, "DCR"), depth_to_space(x, 3, "CRD"))


SHAPES = st.tuples(
    st.lists(st.integers(0, 3), max_size=2), st.integers(0, 3), st.integers(0, 4), st.integers(1, 4)
)


@settings(max_examples=60, deadline=None)
@given(SHAPES, st.integers(1, 4))
def test_shuffles_equal_torch_and_undo_each_other(shape, r):
    lead, channels, height, width = shape
    x = counted(*lead, channels * r * r, height, width)
    y = pixel_shuffle(x, r)
    np.testing.assert_array_equal(y, F.pixel_shuffle(torch.from_numpy(x), r).numpy())
    np.testing.assert_array_equal(y, pixel_shuffle(torch.from_numpy(x), r).numpy())
    np.testing.assert_array_equal(pixel_unshuffle(y, r), x)


@settings(max_examples=60, deadline=None)
@given(SHAPES, st.integers(1, 4), st.sampled_from(["DCR", "CRD"]))
def test_depth_to_space_follows_its_formula(shape, r, mode):
    lead, channels, height, width = shape
    x = counted(*lead, channels * r * r, height, width)
    y = depth_to_space(x, r, mode)
    assert y.shape == (*lead, channels, height * r, width * r)
    for a in range(r):
        for b in range(r):
            c = np.arange(channels)
            source = (a * r + b) * channels + c if mode == "DCR" else c * r * r + a * r + b
            np.testing.assert_array_equal(y[..., a::r, b::r], x[..., source, :, :])
    np.testing.assert_array_equal(space_to_depth(y, r, mode), x)
    tensor = torch.from_numpy(x)
    np.testing.assert_array_equal(depth_to_space(tensor, r, mode).numpy(), y)
    np.testing.assert_array_equal(space_to_depth(torch.from_numpy(y), r, mode).numpy(), x)


def test_an_empty_batch_changes_shape_too():
    # torch's own CPU kernel hands (0, 1, 4, 6) back as it is
    for x in (np.empty((0, 1, 4, 6)), torch.empty(0, 1, 4, 6)):
        assert pixel_unshuffle(x, 2).shape == (0, 4, 2, 3)
        assert space_to_depth(x, 2).shape == (0, 4, 2, 3)
        assert pixel_shuffle(pixel_unshuffle(x, 2), 2).shape == (0, 1, 4, 6)


@pytest.mark.parametrize(
    "dtype", ["bool", "uint8", "int16", "int64", "float16", "float32", "complex64", ">f4"]
)
def test_dtype_is_kept(dtype):
    x = counted(1, 8, 2, 3).astype(dtype)
    for y in (pixel_shuffle(x, 2), depth_to_space(x, 2), pixel_unshuffle(x[:, :, :, :2], 2)):
        assert y.dtype == x.dtype
    np.testing.assert_array_equal(pixel_unshuffle(pixel_shuffle(x, 2), 2), x)


def test_blocks_of_planes_are_put_together():
    x = counted(2, 36, 120, 130, dtype=np.float32)
    np.testing.assert_array_equal(pixel_shuffle(x, 2), F.pixel_shuffle(torch.from_numpy(x), 2).numpy())
    np.testing.assert_array_equal(pixel_unshuffle(x, 2), F.pixel_unshuffle(torch.from_numpy(x), 2).numpy())


def test_strided_and_read_only_inputs_are_left_alone():
    x = counted(2, 6, 8, 8)[:, ::-1].transpose(0, 2, 3, 1)[:, ::2]
    x.flags.writeable = False
    before = x.copy()
    np.testing.assert_array_equal(pixel_shuffle(x, 2), pixel_shuffle(before, 2))
    np.testing.assert_array_equal(space_to_depth(x, 2), space_to_depth(before, 2))
    np.testing.assert_array_equal(x, before)


@pytest.mark.parametrize("mode", ["DCR", "CRD"])
def test_gradients_and_transforms(mode):
    x = torch.randn(2, 8, 2, 3, dtype=torch.float64, requires_grad=True)
    assert torch.autograd.gradcheck(lambda t: depth_to_space(t, 2, mode), x)
    assert torch.autograd.gradcheck(lambda t: space_to_depth(t, 2, mode), x[..., :2])
    expected = depth_to_space(x, 2, mode)
    compiled = torch.compile(lambda t: depth_to_space(t, 2, mode), backend="eager", fullgraph=True)
    torch.testing.assert_close(compiled(x), expected)
    torch.testing.assert_close(torch.func.vmap(lambda t: depth_to_space(t, 2, mode))(x), expected)


def test_channels_last_is_kept():
    x = torch.randn(2, 8, 4, 6).to(memory_format=torch.channels_last)
    for ours, theirs in ((pixel_shuffle, F.pixel_shuffle), (pixel_unshuffle, F.pixel_unshuffle)):
        assert theirs(x, 2).is_contiguous(memory_format=torch.channels_last)
        assert ours(x, 2).is_contiguous(memory_format=torch.channels_last)


REFUSED = [
    (pixel_shuffle, (1, 4, 2, 2), (0,), ValueError, "upscale_factor must be ≥ 1, got 0"),
    (pixel_shuffle, (1, 4, 2, 2), (2.0,), TypeError, "upscale_factor must be an integer, got 2.0"),
    (pixel_shuffle, (1, 4, 2, 2), (3,), ValueError, "square divides the 4 channels, got 3"),
    (pixel_shuffle, (4, 2), (1,), ValueError, r"at least 3 axes.* got the shape \(4, 2\)"),
    (
        pixel_unshuffle,
        (1, 1, 3, 2),
        (2,),
        ValueError,
        "downscale_factor must divide the height 3 and the width 2",
    ),
    (
        pixel_unshuffle,
        (1, 1, 2, 3),
        (2,),
        ValueError,
        "downscale_factor must divide the height 2 and the width 3",
    ),
    (pixel_unshuffle, (1, 1, 2, 2), (-1,), ValueError, "downscale_factor must be ≥ 1, got -1"),
    (depth_to_space, (1, 4, 2, 2), (3,), ValueError, "block_size must be a number whose square"),
    (depth_to_space, (1, 4, 2, 2), (2, "RGB"), ValueError, "mode must be .* got 'RGB'"),
    (space_to_depth, (1, 4, 3, 2), (2,), ValueError, "block_size must divide"),
]


@pytest.mark.parametrize(("function", "shape", "args", "error", "sentence"), REFUSED)
def test_both_paths_refuse_in_the_same_words(function, shape, args, error, sentence):
    with pytest.raises(error, match=sentence) as on_numpy:
        function(np.ones(shape), *args)
    with pytest.raises(error) as on_torch:
        function(torch.ones(shape), *args)
    assert str(on_numpy.value) == str(on_torch.value)


@pytest.mark.parametrize("function", [pixel_shuffle, pixel_unshuffle, depth_to_space, space_to_depth])
def test_other_things_than_arrays_are_refused(function):
    with pytest.raises(TypeError, match="input must be a NumPy array or a torch tensor, got list"):
        function([[[1.0]]], 1)
