"""upsample_conv2d: numbers by hand, then the pair of torch as oracle on both paths, gradients, refusals."""

import numpy as np
import pytest
import torch
import torch.nn.functional as F

import upsample_lib as up
from upsample_lib.torch_path import transposed_box as box
from upsample_lib.torch_path import upsample_convolution as torch_path

SETTINGS = [  # kernel, scale, groups, C_in, C_out, (N,) H, W
    ((3, 3), 2, 1, 16, 6, (1, 12, 11)),
    ((3, 3), 2, 1, 3, 2, (2, 4, 5)),
    ((5, 3), (2, 3), 1, 8, 5, (2, 7, 6)),
    ((1, 1), 2, 1, 3, 4, (1, 5, 4)),
    ((1, 3), (1, 4), 1, 9, 2, (1, 6, 9)),
    ((7, 7), 2, 2, 32, 6, (2, 13, 14)),
    ((3, 3), 4, 4, 8, 12, (1, 5, 7)),
    ((3, 3), 3, 6, 6, 6, (1, 1, 1)),
    ((5, 5), 1, 1, 10, 2, (1, 9, 8)),
    ((3, 3), 2, 1, 12, 2, (9, 8)),
]


def drawn(kernel, groups, c_in, c_out, size, dtype=torch.float64):
    torch.manual_seed(sum(kernel) + c_in)
    x = torch.randn(*size[:-2], c_in, *size[-2:], dtype=dtype)
    weight = torch.randn(c_out, c_in // groups, *kernel, dtype=dtype)
    return x, weight, torch.randn(c_out, dtype=dtype)


def pair(x, weight, bias, scale, groups=1):
    """What is claimed to be equal, written out with torch alone."""
    scale = scale if isinstance(scale, tuple) else (scale, scale)
    large = x.repeat_interleave(scale[0], dim=-2).repeat_interleave(scale[1], dim=-1)
    return F.conv2d(large, weight, bias, padding=[k // 2 for k in weight.shape[2:]], groups=groups)


@pytest.fixture
def threads(monkeypatch):
    """What torch says of its threads may be set here; it computes with those that it has."""

    def use(number):
        monkeypatch.setattr(torch, "get_num_threads", lambda: number)

    use(1)
    return use


@pytest.fixture
def in_pieces(monkeypatch):
    """Small outputs too are made in pieces."""
    monkeypatch.setattr(box, "_MANY_NUMBERS", 0)
    monkeypatch.setattr(box, "_MANY_IN_TRAINING", 0)
    monkeypatch.setattr(box, "_CHANNELS", 2)


def test_one_row_by_hand():
    # 1 1 10 10 under 2 3 5: 0·2+1·3+1·5, 1·2+1·3+10·5, 1·2+10·3+10·5, 10·2+10·3; and 100 of bias
    x, w, b = np.array([[[[1.0, 10]]]]), np.array([[[[2.0, 3, 5]]]]), np.array([100.0])
    expected = [[[[108, 155, 182, 150]]]]
    assert up.upsample_conv2d(x, w, b, scale=(1, 2)).tolist() == expected
    tensors = [torch.from_numpy(a) for a in (x, w, b)]
    assert up.upsample_conv2d(*tensors, scale=(1, 2)).tolist() == expected
    # 5 3 2 and 50 30 20 laid two places apart are 5 3 52 30 20; sums of two: 8, 55, 82, 50
    assert box.transposed_box(*tensors, (1, 2), 1).tolist() == expected


def test_tied_kernel_by_hand():
    # 1 10 100 read backwards and smeared over three places: 100, 110, 111, 11, 1
    w = np.array([[[[1.0, 10, 100]]]])
    assert up.tied_kernel(w, (1, 3)).tolist() == [[[[100, 110, 111, 11, 1]]]]
    assert up.tied_kernel(torch.from_numpy(w), (1, 3)).tolist() == [[[[100, 110, 111, 11, 1]]]]
    # along both axes at once: rows 2, 3, 5 times columns 1, 10, 100
    plane = np.outer([2.0, 3, 5], [1, 10, 100])[None, None]
    assert up.tied_kernel(plane, 2).tolist() == [[np.outer([5, 8, 5, 2], [100, 110, 11, 1]).tolist()]]


@pytest.mark.parametrize(("kernel", "scale", "groups", "c_in", "c_out", "size"), SETTINGS)
def test_both_paths_equal_the_pair(kernel, scale, groups, c_in, c_out, size):
    x, weight, bias = drawn(kernel, groups, c_in, c_out, size)
    expected = pair(x, weight, bias, scale, groups)
    scales = scale if isinstance(scale, tuple) else (scale, scale)
    atol = 1e-11 * float(expected.abs().max())
    computed = {
        "function": up.upsample_conv2d(x, weight, bias, scale, groups),
        "transposed": torch_path.transposed(
            x, torch_path.tied_kernel(weight, scales, groups), bias, scales, groups
        ),
        "box": box.transposed_box(x, weight, bias, scales, groups),
        "pair": torch_path.pair(x, weight, bias, scales, groups),
        "numpy": torch.from_numpy(up.upsample_conv2d(x.numpy(), weight.numpy(), bias.numpy(), scale, groups)),
    }
    for name, y in computed.items():
        torch.testing.assert_close(y, expected, rtol=1e-11, atol=atol, msg=lambda m, n=name: f"{n}: {m}")
    without = up.upsample_conv2d(x, weight, None, scale, groups)
    torch.testing.assert_close(without, expected - bias[:, None, None], rtol=1e-11, atol=2 * atol)
    kernels = up.tied_kernel(weight, scale, groups), up.tied_kernel(weight.numpy(), scale, groups)
    np.testing.assert_allclose(kernels[0].numpy(), kernels[1], rtol=1e-13, atol=1e-13)


@pytest.mark.parametrize(("kernel", "scale", "groups", "c_in", "c_out", "size"), SETTINGS)
@pytest.mark.parametrize("pieces", [False, True])
def test_all_gradients_equal_the_pairs(pieces, request, kernel, scale, groups, c_in, c_out, size):
    if pieces:
        request.getfixturevalue("in_pieces")
    leaves = [t.requires_grad_() for t in drawn(kernel, groups, c_in, c_out, size)]
    expected = pair(*leaves, scale, groups)
    slope = torch.randn_like(expected)
    wanted = torch.autograd.grad(expected, leaves, slope)
    scales = scale if isinstance(scale, tuple) else (scale, scale)
    made = torch_path.tied_kernel(leaves[1], scales, groups)
    for y in (
        up.upsample_conv2d(*leaves, scale, groups),
        torch_path.transposed(leaves[0], made, leaves[2], scales, groups),
        box.transposed_box(*leaves, scales, groups),
    ):
        for given, right in zip(torch.autograd.grad(y, leaves, slope), wanted):
            torch.testing.assert_close(given, right, rtol=1e-11, atol=1e-11 * float(right.abs().max()))


def tied(x, weight, bias, scale, groups):
    return torch_path.transposed(x, torch_path.tied_kernel(weight, scale, groups), bias, scale, groups)


@pytest.mark.parametrize("form", [tied, box.transposed_box])
@pytest.mark.parametrize("groups", [1, 2])
def test_first_and_second_derivatives_forwards_backwards_and_in_batches(form, groups, in_pieces):
    leaves = [t.requires_grad_() for t in drawn((3, 3), groups, 4, 4, (2, 3, 2))]

    def fused(x, weight, bias):
        return form(x, weight, bias, (2, 3), groups)

    assert torch.autograd.gradcheck(fused, leaves, check_forward_ad=True, check_batched_grad=True)
    assert torch.autograd.gradgradcheck(fused, leaves, check_fwd_over_rev=True, check_batched_grad=True)


def test_gradcheck_of_the_function():
    leaves = [t.requires_grad_() for t in drawn((3, 3), 2, 4, 2, (2, 3, 2))]
    assert torch.autograd.gradcheck(lambda *a: up.upsample_conv2d(*a, scale=2, groups=2), leaves)


@pytest.mark.parametrize("form", [tied, box.transposed_box])
def test_gradients_of_single_examples_and_a_hessian(form, in_pieces):
    """torch.func takes the derivative of what it is given, whatever computes it."""
    x, weight, bias = drawn((3, 3), 1, 3, 4, (2, 3, 2))

    def energy(form):
        return lambda weight, image: form(image[None], weight, bias, (2, 2), 1).square().sum()

    for each in (
        lambda f: torch.func.vmap(torch.func.grad(f), (None, 0))(weight, x),
        lambda f: torch.func.hessian(f)(weight, x[0]),
    ):
        torch.testing.assert_close(each(energy(form)), each(energy(pair)), rtol=1e-11, atol=1e-9)


@pytest.mark.parametrize("wanted", [(0,), (1,), (2,), (0, 2)])
def test_only_the_gradients_asked_for_are_made(wanted):
    x, weight, bias = given = drawn((3, 3), 1, 16, 4, (1, 6, 5))
    leaves = [given[i].requires_grad_() for i in wanted]
    y, expected = box.transposed_box(x, weight, bias, (2, 2), 1), pair(x, weight, bias, 2)
    for ours, theirs in zip(
        torch.autograd.grad(y.sum(), leaves), torch.autograd.grad(expected.sum(), leaves)
    ):
        torch.testing.assert_close(ours, theirs, rtol=1e-11, atol=1e-11)


def relative_error(y, exact):
    return float((y.detach().double() - exact.detach()).norm() / exact.detach().norm())


@pytest.mark.parametrize("dtype", [torch.float32, torch.bfloat16, torch.float16])
@pytest.mark.parametrize(("k", "scale", "c_in", "c_out", "n"), [(3, 2, 64, 16, 12), (5, 3, 24, 8, 17)])
@pytest.mark.parametrize("form", [tied, box.transposed_box])
def test_rounding_errors_stay_within_three_times_the_pairs(form, dtype, k, scale, c_in, c_out, n):
    leaves = [t.to(dtype).requires_grad_() for t in drawn((k, k), 1, c_in, c_out, (2, n, n))]
    exact_leaves = [t.detach().double().requires_grad_() for t in leaves]
    exact = pair(*exact_leaves, scale)
    slope = torch.randn_like(exact).to(dtype)
    right = [exact, *torch.autograd.grad(exact, exact_leaves, slope.double())]
    fused = form(*leaves, (scale, scale), 1)
    plain = torch_path.pair(*leaves, (scale, scale), 1)
    ours = [fused, *torch.autograd.grad(fused, leaves, slope)]
    theirs = [plain, *torch.autograd.grad(plain, leaves, slope)]
    for given, other, wanted in zip(ours, theirs, right):
        assert relative_error(given, wanted) <= 3 * relative_error(other, wanted)
        assert given.dtype == dtype


@pytest.mark.parametrize("dtype", [np.float32, np.float16])
def test_numpy_keeps_the_dtype_and_rounds_as_little_as_the_pair(dtype):
    x, weight, bias = (t.numpy().astype(dtype) for t in drawn((3, 3), 1, 32, 8, (2, 9, 10)))
    exact = pair(*(torch.from_numpy(a).double() for a in (x, weight, bias)), 2)
    y = up.upsample_conv2d(x, weight, bias)
    plain = up.conv2d(up.interpolate(x, scale_factor=2), weight, bias, padding=1)
    assert y.dtype == dtype
    errors = [relative_error(torch.from_numpy(a), exact) for a in (y, plain)]
    assert errors[0] <= 3 * errors[1]


def test_the_form_is_chosen_by_what_it_costs(threads):
    """Multiplications counted by hand, in millions; 13, 40 and 2²⁴ were measured on CPUs."""

    def form(shape, weight, groups=1, made=False, scale=(2, 2)):
        return torch_path.fastest_form(torch.empty(shape), torch.empty(weight), scale, groups, made)

    # 128 · 128 · 256 · (36, 16, 9): 151, 67, 38, and 5 of sums and 17 beside the last
    for made in (False, True):
        assert form((1, 128, 16, 16), (128, 128, 3, 3), made=made) == "box"
    # 256 · 128 · 64: 75, 34 and 61 of making, 19 + 1 + 17
    assert form((1, 256, 8, 8), (128, 256, 3, 3)) == "box"
    assert form((1, 256, 8, 8), (128, 256, 3, 3), made=True) == "tied"
    # a quarter of that: 19, 8 and 61, 5 + 17
    assert form((1, 256, 4, 4), (128, 256, 3, 3)) == "pair"
    assert form((4, 256, 4, 4), (128, 256, 3, 3)) == "box"
    # few channels: 38, 17, 9 + 10 + 17; in each of four groups: 151, 67, 38 + 42 + 17
    assert form((1, 16, 64, 64), (16, 16, 3, 3)) == "tied"
    assert form((1, 64, 64, 64), (64, 16, 3, 3), groups=4) == "tied"
    # too few to sum over
    assert form((1, 3, 64, 64), (64, 3, 3, 3), made=True) == "pair"
    assert form((1, 64, 64, 64), (64, 1, 3, 3), groups=64, made=True) == "pair"
    # all the same at scale 1: nothing is saved
    assert form((1, 64, 64, 64), (64, 64, 3, 3), scale=(1, 1), made=True) == "pair"
    # two threads wait twice for a second operation, four four times: 38 + 5 + 2 · 17, 19 + 1 + 4 · 17
    threads(2)
    assert form((1, 128, 16, 16), (128, 128, 3, 3), made=True) == "tied"
    threads(4)
    assert form((1, 256, 8, 8), (128, 256, 3, 3)) == "pair"


def test_large_outputs_are_made_in_pieces_of_their_channels():
    def pieces(shape, weight, groups=1):
        return box._pieces(torch.empty(shape), torch.empty(weight), (2, 2), groups, 1 << 17)

    assert pieces((1, 8, 16, 16), (128, 8, 3, 3)) == 4
    assert pieces((1, 8, 15, 16), (128, 8, 3, 3)) == 1  # 122,880 numbers
    assert pieces((2, 8, 16, 16), (64, 8, 3, 3)) == 2  # of 32 channels
    assert pieces((8, 8, 16, 16), (31, 8, 3, 3)) == 1
    assert pieces((1, 8, 16, 16), (128, 4, 3, 3), groups=2) == 1


def test_pieces_of_unequal_size_give_the_same(in_pieces, monkeypatch):
    monkeypatch.setattr(box, "_PIECES", 3)
    x, weight, bias = drawn((3, 3), 1, 4, 7, (2, 3, 4))
    for b in (bias, None):
        y, expected = box.transposed_box(x, weight, b, (2, 3), 1), pair(x, weight, b, (2, 3))
        torch.testing.assert_close(y, expected, rtol=1e-11, atol=1e-11)


@pytest.mark.parametrize("gradient", [False, True])
def test_channels_last_stays_channels_last(gradient, in_pieces):
    x, weight, bias = drawn((3, 3), 1, 16, 8, (2, 12, 12), torch.float32)
    last = x.to(memory_format=torch.channels_last)
    kept = torch_path.kept_kernel(weight, (2, 2), 1)
    assert kept.is_contiguous(memory_format=torch.channels_last)
    for taps in (weight, weight.to(memory_format=torch.channels_last)):
        taps = taps.detach().requires_grad_(gradient)
        for given, layout in ((x, torch.contiguous_format), (last, torch.channels_last)):
            for y in (
                up.upsample_conv2d(given, taps, bias),
                torch_path.transposed(given, kept, bias, (2, 2), 1),
                box.transposed_box(given, taps, bias, (2, 2), 1),
            ):
                assert y.is_contiguous(memory_format=layout)
                torch.testing.assert_close(y, pair(x, weight, bias, 2), rtol=1e-4, atol=1e-4)


def test_a_kernel_made_in_inference_mode_serves_autograd_later():
    x, weight, bias = drawn((3, 3), 1, 16, 2, (1, 11, 13))
    torch_path._matrices.clear()
    with torch.inference_mode():
        tied(x, weight, bias, (2, 2), 1)
    y = tied(x, weight.requires_grad_(), bias, (2, 2), 1)
    (slope,) = torch.autograd.grad(y.sum(), weight)
    (right,) = torch.autograd.grad(pair(x, weight, bias, 2).sum(), weight)
    torch.testing.assert_close(slope, right)


def test_an_empty_batch():
    x, weight = np.zeros((0, 2, 3, 3)), np.zeros((4, 2, 3, 3))
    assert up.upsample_conv2d(x, weight).shape == (0, 4, 6, 6)
    assert up.upsample_conv2d(torch.from_numpy(x), torch.from_numpy(weight)).shape == (0, 4, 6, 6)


X, W = np.zeros((1, 4, 3, 3)), np.zeros((2, 4, 3, 3))
REFUSED = [
    ((X, np.zeros((2, 4, 2, 3))), {}, ValueError, "weight must have an odd kernel size .* got 2 × 3"),
    ((X, W), {"scale": 0}, ValueError, "scale must be ≥ 1, got 0"),
    ((X, W), {"scale": 1.5}, TypeError, "scale must be an integer, got 1.5"),
    ((X, W), {"scale": (2, 2, 2)}, ValueError, "scale must be an integer or 2 integers"),
    ((X, W), {"groups": 3}, ValueError, "groups must divide the 2 channels"),
    ((X, W[:, :3]), {}, ValueError, "input must have 3 channels"),
    ((X, W, np.zeros(3)), {}, ValueError, r"bias must have the shape \(2,\)"),
    ((X[0, 0], W), {}, ValueError, "input must have 3 axes"),
    ((X, W[0]), {}, ValueError, "weight must have the shape"),
    ((X.astype(int), W.astype(int)), {}, TypeError, "input of upsample_conv2d must be of dtype float16"),
    ((X, W.astype(np.float32)), {}, TypeError, "weight must have the dtype of input"),
]


@pytest.mark.parametrize(("arrays", "options", "error", "message"), REFUSED)
def test_both_paths_refuse_the_same(arrays, options, error, message):
    with pytest.raises(error, match=message):
        up.upsample_conv2d(*arrays, **options)
    with pytest.raises(error, match=message):
        up.upsample_conv2d(*map(torch.from_numpy, arrays), **options)


def test_arrays_and_tensors_do_not_mix():
    with pytest.raises(TypeError, match="input is a NumPy array but weight is a torch tensor"):
        up.upsample_conv2d(X, torch.from_numpy(W))
    with pytest.raises(ValueError, match="groups must divide the 2 output channels of weight, got 4"):
        up.tied_kernel(W, groups=4)
