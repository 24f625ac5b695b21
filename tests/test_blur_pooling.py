"""Blur pooling: numbers by hand, then a convolution of PyTorch as the oracle, then properties."""

import numpy as np
import pytest
import torch
import torch.nn.functional as F
from hypothesis import given, settings
from hypothesis import strategies as st

from upsample_lib import avg_pool2d, blur_pool


class TestByHand:
    def test_odd_kernel_is_centred_on_the_kept_pixel(self):
        x = np.array([[[0, 0, 8, 0, 0, 0]]], float)
        np.testing.assert_array_equal(blur_pool(x, 3), [[[0, 4, 0]]])
        np.testing.assert_array_equal(blur_pool(x, 3, stride=1), [[[0, 2, 4, 2, 0, 0]]])

    def test_even_kernel_is_centred_between_pixels(self):
        x = np.array([[[0, 0, 8, 0, 0, 0]]], float)
        np.testing.assert_array_equal(blur_pool(x, 4), [[[1, 3, 0]]])

    def test_border_mirrors_without_its_edge(self):
        # [1, 2, 1]/4 over 5 | 1 5 9 | 5
        np.testing.assert_array_equal(blur_pool(np.array([[[1.0, 5, 9]]]), 3, 1), [[[3, 5, 7]]])

    def test_small_inputs_mirror_as_often_as_needed(self):
        # a 7-tap filter needs three pixels on both sides of two: 1 0 1 | 0 1 | 0 1 0
        x = np.array([[[0.0, 64]]])
        np.testing.assert_array_equal(blur_pool(x, 7, 1), [[[32, 32]]])
        np.testing.assert_array_equal(blur_pool(np.full((1, 1, 1), 3.0), 7), [[[3]]])

    def test_weights_of_seven_taps(self):
        x = np.zeros((1, 1, 13))
        x[..., 6] = 64
        np.testing.assert_array_equal(blur_pool(x, 7, 1)[0, 0, 3:10], [1, 6, 15, 20, 15, 6, 1])


def oracle(x, k, s):
    """The reference implementation's way: reflect padding, then a depthwise convolution."""
    row = {1: [1], 2: [1, 1], 3: [1, 2, 1], 4: [1, 3, 3, 1], 5: [1, 4, 6, 4, 1], 6: [1, 5, 10, 10, 5, 1]}
    row |= {7: [1, 6, 15, 20, 15, 6, 1]}
    filter = torch.tensor(np.outer(row[k], row[k]) / sum(row[k]) ** 2, dtype=x.dtype)
    padded = F.pad(x, ((k - 1) // 2, k // 2) * 2, mode="reflect")
    channels = x.shape[1]
    return F.conv2d(padded, filter.expand(channels, 1, k, k), stride=s, groups=channels)


@settings(max_examples=40, deadline=None)
@given(st.integers(1, 7), st.integers(1, 4), st.integers(4, 9), st.integers(4, 9))
def test_equals_the_convolution(k, s, height, width):
    x = torch.randn(2, 3, height, width, dtype=torch.float64)
    expected = oracle(x, k, s).numpy()
    assert expected.shape[2:] == (-(-height // s), -(-width // s))
    np.testing.assert_allclose(blur_pool(x.numpy(), k, s), expected, rtol=1e-12, atol=1e-14)
    np.testing.assert_allclose(blur_pool(x, k, s).numpy(), expected, rtol=1e-12, atol=1e-14)


def test_constants_stay_and_an_alternating_signal_vanishes():
    np.testing.assert_allclose(blur_pool(np.full((1, 1, 9, 9), 0.3), 5), 0.3, rtol=1e-15)
    x = np.indices((8, 8)).sum(0)[None, None] % 2 * 2.0 - 1
    assert np.abs(x[..., ::2, ::2]).min() == 1  # aliases to a constant
    np.testing.assert_allclose(blur_pool(x, 3), 0, atol=1e-15)


def test_two_taps_average():
    x = np.random.default_rng(0).standard_normal((1, 2, 6, 8))
    np.testing.assert_allclose(blur_pool(x, 2), avg_pool2d(x, 2), rtol=1e-14)


def test_axes_one_to_three_and_bare_planes():
    x = np.random.default_rng(0).standard_normal((2, 3, 4, 5, 6))
    assert blur_pool(x).shape == (2, 3, 2, 3, 3)
    assert blur_pool(x[0, 0]).shape == (4, 5, 3)
    np.testing.assert_array_equal(blur_pool(x[0, 0, 0], (3, 3)), blur_pool(x[:1, :1, 0], 3)[0, 0])
    np.testing.assert_array_equal(blur_pool(x, (3, 1), (2, 1)), blur_pool(x, (1, 3, 1), (1, 2, 1)))
    assert blur_pool(x[:0]).shape == (0, 3, 2, 3, 3)


@pytest.mark.parametrize("dtype", ["float16", "float32", "float64"])
def test_dtype_is_kept(dtype):
    x = np.random.default_rng(0).standard_normal((1, 2, 6, 6)).astype(dtype)
    x.flags.writeable = False
    y = blur_pool(x)
    assert y.dtype == x.dtype
    assert blur_pool(torch.tensor(x)).dtype == getattr(torch, dtype)
    np.testing.assert_allclose(
        y, blur_pool(x.astype(float)), rtol=2e-3 if dtype == "float16" else 1e-5, atol=1e-3
    )


def test_huge_strides_keep_the_first_pixel():
    x = np.arange(4.0).reshape(1, 1, 4)
    for array in (x, torch.from_numpy(x)):
        np.testing.assert_array_equal(blur_pool(array, 1, 2**40), [[[0]]])


def test_gradients_and_transforms():
    x = torch.randn(2, 1, 4, 5, dtype=torch.float64, requires_grad=True)
    assert torch.autograd.gradcheck(blur_pool, x)
    expected = blur_pool(x)
    torch.testing.assert_close(torch.compile(blur_pool, backend="eager", fullgraph=True)(x), expected)
    torch.testing.assert_close(torch.func.vmap(lambda t: blur_pool(t, (4, 4)))(x), expected)


def test_channels_last_is_kept():
    x = torch.randn(2, 3, 6, 8).to(memory_format=torch.channels_last)
    y = blur_pool(x)
    torch.testing.assert_close(y, blur_pool(x.contiguous()))
    assert y.is_contiguous(memory_format=torch.channels_last)


REFUSED = [
    ((1, 1, 4), {"kernel_size": 8}, "float64", ValueError, "kernel_size must be ≤ 7, got 8"),
    ((1, 1, 4), {"kernel_size": 0}, "float64", ValueError, "kernel_size must be ≥ 1, got 0"),
    ((1, 1, 4), {"stride": 0}, "float64", ValueError, "stride must be ≥ 1, got 0"),
    ((1, 1, 0), {}, "float64", ValueError, "input must have no empty spatial axis"),
    ((4, 4), {}, "float64", ValueError, r"input must have the shape .* got \(4, 4\)"),
    ((1, 1, 4), {}, "int64", TypeError, "input of blur_pool must be of dtype .* got int64; convert"),
]


@pytest.mark.parametrize(("shape", "arguments", "dtype", "error", "sentence"), REFUSED)
def test_both_paths_refuse_in_the_same_words(shape, arguments, dtype, error, sentence):
    x = np.ones(shape, dtype)
    with pytest.raises(error, match=sentence) as on_numpy:
        blur_pool(x, **arguments)
    with pytest.raises(error) as on_torch:
        blur_pool(torch.from_numpy(x), **arguments)
    assert str(on_numpy.value) == str(on_torch.value)
