"""Size arithmetic: hand-computed numbers first, then PyTorch's layers for every setting in a grid."""

import itertools

import pytest
import torch
import torch.nn.functional as F
from hypothesis import given, settings
from hypothesis import strategies as st

from upsample_lib import (
    ConvLayer,
    ReceptiveField,
    TransposedSetting,
    conv_input_sizes,
    conv_output_size,
    conv_transpose_output_size,
    output_padding_for,
    pool_output_size,
    receptive_field,
    transposed_settings,
)

KERNELS, STRIDES, PADDINGS, DILATIONS = range(1, 6), range(1, 5), range(4), range(1, 4)


def signal(n):
    return torch.zeros(1, 1, n)


class TestConvolution:
    def test_by_hand(self):
        assert conv_output_size(5, 3) == 3  # kernel starts at 0, 1, 2
        assert conv_output_size(5, 3, stride=2) == 2  # 0, 2
        assert conv_output_size(6, 3, stride=2) == 2  # 0, 2; the last pixel is not seen
        assert conv_output_size(5, 3, stride=2, padding=1) == (5 + 2 - 3) // 2 + 1 == 3
        assert conv_output_size(9, 3, dilation=3) == 9 - 6 == 3

    def test_three_sizes_collide(self):
        # k5 s3 p2: (16 + 4 − 5) // 3 + 1 = 6, and 17 and 18 round down to the same
        assert [conv_output_size(n, 5, 3, 2) for n in (15, 16, 17, 18, 19)] == [5, 6, 6, 6, 7]
        assert conv_input_sizes(6, 5, 3, 2) == range(16, 19)

    @pytest.mark.parametrize("n", [1, 2, 5, 8, 11])
    def test_as_torch(self, n):
        compared = 0
        for k, s, p, d in itertools.product(KERNELS, STRIDES, PADDINGS, DILATIONS):
            try:
                want = F.conv1d(signal(n), torch.zeros(1, 1, k), None, s, p, d).shape[-1]
            except RuntimeError:
                with pytest.raises(ValueError, match="kernel_size must span at most the padded input"):
                    conv_output_size(n, k, s, p, d)
                continue
            assert conv_output_size(n, k, s, p, d) == want
            compared += 1
        assert compared > 20

    def test_input_sizes_are_all_and_only_those_of_the_output_size(self):
        for k, s, p, d, m in itertools.product(KERNELS, STRIDES, PADDINGS, DILATIONS, (1, 2, 5)):
            found = []
            for n in range(1, 40):
                try:
                    if conv_output_size(n, k, s, p, d) == m:
                        found.append(n)
                except ValueError:
                    continue
            if found:
                assert list(conv_input_sizes(m, k, s, p, d)) == found
            else:
                with pytest.raises(ValueError, match="m must be reachable"):
                    conv_input_sizes(m, k, s, p, d)


class TestPooling:
    def test_by_hand(self):
        assert pool_output_size(4, 2) == 2
        assert pool_output_size(5, 2) == 2
        assert pool_output_size(5, 2, ceil_mode=True) == 3  # windows start at 0, 2, 4
        # k3 s3 p1, n = 3: windows start at −1, 2; a third would start at 5 ≥ 3 + 1
        assert pool_output_size(3, 3, 3, 1, ceil_mode=True) == 2
        # k2 s3 p1, n = 4: ⌈(4 + 2 − 2)/3⌉ + 1 = 3, but the third would start at input 5, behind the padding
        assert pool_output_size(4, 2, 3, 1) == 2
        assert pool_output_size(4, 2, 3, 1, ceil_mode=True) == 2

    def test_as_torch(self):
        compared = 0
        for n, k, s, p, d, ceil in itertools.product(
            (1, 2, 5, 8), KERNELS, STRIDES, PADDINGS, DILATIONS, (False, True)
        ):
            try:
                want = F.max_pool1d(signal(n), k, s, p, d, ceil).shape[-1]
            except RuntimeError:
                with pytest.raises(ValueError, match=r"kernel_size|padding"):
                    pool_output_size(n, k, s, p, d, ceil)
                continue
            assert pool_output_size(n, k, s, p, d, ceil) == want, (n, k, s, p, d, ceil)
            compared += 1
        assert compared > 500


class TestTransposedConvolution:
    def test_by_hand(self):
        assert conv_transpose_output_size(3, 2, 2) == 6  # stamps of 2 pixels at 0, 2, 4
        assert conv_transpose_output_size(3, 3, 2) == 7  # stamps of 3 pixels at 0, 2, 4
        assert conv_transpose_output_size(3, 3, 2, padding=1) == 5
        assert conv_transpose_output_size(3, 3, 2, padding=1, output_padding=1) == 6
        assert conv_transpose_output_size(5, 3, 1, padding=2) == 3  # it need not enlarge

    def test_as_torch(self):
        compared = 0
        for n, k, s, p, a, d in itertools.product((1, 2, 5), KERNELS, STRIDES, PADDINGS, range(4), DILATIONS):
            try:
                y = F.conv_transpose1d(signal(n), torch.zeros(1, 1, k), None, s, p, a, 1, d)
            except RuntimeError:
                with pytest.raises(ValueError, match=r"output_padding must be smaller|padding must leave"):
                    conv_transpose_output_size(n, k, s, p, a, d)
                continue
            assert conv_transpose_output_size(n, k, s, p, a, d) == y.shape[-1]
            compared += 1
        assert compared > 1000

    def test_output_padding_by_hand(self):
        assert [output_padding_for(6, m, 5, 3, 2) for m in (16, 17, 18)] == [0, 1, 2]
        with pytest.raises(ValueError, match=r"m must be between 16 and 18 .*got 19"):
            output_padding_for(6, 19, 5, 3, 2)

    @settings(deadline=None)
    @given(
        n=st.integers(1, 40),
        k=st.integers(1, 7),
        s=st.integers(1, 6),
        p=st.integers(0, 5),
        d=st.integers(1, 3),
    )
    def test_output_padding_restores_every_size_that_collided(self, n, k, s, p, d):
        if n + 2 * p < d * (k - 1) + 1:
            return
        m = conv_output_size(n, k, s, p, d)
        for size in conv_input_sizes(m, k, s, p, d):
            a = output_padding_for(m, size, k, s, p, d)
            assert 0 <= a < s
            assert conv_transpose_output_size(m, k, s, p, a, d) == size


class TestSolver:
    def test_by_hand(self):
        # 16 → 32: 15s − 2p + (k − 1) + a + 1 = 32, p ≤ k − 1, a < s, s ≤ 4
        # s = 2: k + a = 2 + 2p: k1 a1 p0, k2 a0 p0, k3 a1 p1, k4 a0 p1 (and k4 a2 is not < s)
        # s = 3: k + a + 45 = 32 + 2p: 2p ≥ 14 > 2(k − 1)
        want = [(1, 2, 0, 1, 1), (2, 2, 0, 0, 1), (3, 2, 1, 1, 1), (4, 2, 1, 0, 1)]
        assert transposed_settings(16, 32, 4, max_stride=4) == want

    def test_default_stride_bound_is_the_kernel_bound(self):
        assert max(t.stride for t in transposed_settings(1, 1, 3)) == 3

    @pytest.mark.parametrize("crop", [False, True])
    @pytest.mark.parametrize(("n", "m"), [(1, 4), (4, 1), (4, 7), (5, 3), (7, 14), (6, 18), (3, 64)])
    def test_finds_exactly_the_settings_that_torch_maps_to_m(self, n, m, crop):
        x, found = torch.zeros(1, 1, n), []
        for k, s, p, a, d in itertools.product(range(1, 6), range(1, 5), range(20), range(4), range(1, 4)):
            if (k == 1 and d > 1) or (p > d * (k - 1) and not crop):
                continue
            try:
                y = F.conv_transpose1d(x, torch.zeros(1, 1, k), None, s, p, a, 1, d)
            except RuntimeError:
                continue
            if y.shape[-1] == m:
                found.append((k, s, p, a, d))
        solved = transposed_settings(n, m, 5, max_stride=4, max_dilation=3, crop=crop)
        assert sorted(solved) == sorted(found)
        assert all(setting.output_size(n) == m for setting in solved)

    def test_even_overlap(self):
        assert TransposedSetting(4, 2, 1, 0, 1).even_overlap
        assert not TransposedSetting(3, 2, 1, 1, 1).even_overlap  # overlaps 1, 2, 1, 2
        assert not TransposedSetting(1, 2, 0, 1, 1).even_overlap  # 1, 0, 1, 0
        assert not TransposedSetting(2, 2, 0, 0, 2).even_overlap  # taps 0 and 2 meet in the same phase
        assert TransposedSetting(3, 3, 0, 0, 2).even_overlap  # taps 0, 2, 4 reach the phases 0, 2, 1

    @settings(deadline=None)
    @given(k=st.integers(1, 9), s=st.integers(1, 6), d=st.integers(1, 5))
    def test_even_overlap_is_what_ones_show(self, k, s, d):
        if s > k:
            assert not TransposedSetting(k, s, 0, 0, d).even_overlap
            return
        reach = d * (k - 1)
        n = 2 * reach + 3
        y = F.conv_transpose1d(torch.ones(1, 1, n), torch.ones(1, 1, k), stride=s, dilation=d)
        inner = y[0, 0, reach : (n - 1) * s + 1]
        assert TransposedSetting(k, s, 0, 0, d).even_overlap == bool((inner == inner[0]).all())


class TestReceptiveField:
    def test_by_hand(self):
        assert receptive_field([]) == ReceptiveField(1, 1, 0)
        assert receptive_field([(3,)]) == (3, 1, 0)
        assert receptive_field([(3, 1, 1), (3, 1, 1)]) == (5, 1, -2)
        # 3×3, pool 2, 3×3: 3, then 3 + 1·1 = 4 with jump 2, then 4 + 2·2 = 8; it starts at −1 − 1·2
        assert receptive_field([(3, 1, 1), (2, 2), (3, 1, 1)]) == (8, 2, -3)
        assert receptive_field([ConvLayer(3, dilation=4)]).size == 9
        assert list(receptive_field([(3, 2, 1)]).of(2)) == [3, 4, 5]

    @pytest.mark.parametrize(
        "layers",
        [
            [(3, 1, 1), (2, 2), (3, 1, 1), (2, 2), (3, 1, 1)],
            [(7, 2, 3), (3, 2, 1), (3, 1, 2, 2)],
            [(5, 3, 2), (1,), (4, 2, 1)],
        ],
    )
    def test_is_where_the_gradient_is_not_zero(self, layers):
        x = torch.zeros(1, 1, 97, dtype=torch.float64, requires_grad=True)
        y = x
        for k, s, p, d in itertools.starmap(ConvLayer, layers):
            y = F.conv1d(y, torch.ones(1, 1, k, dtype=torch.float64), None, s, p, d)
        for i in range(y.shape[-1]):
            (gradient,) = torch.autograd.grad(y[0, 0, i], x, retain_graph=True)
            seen = gradient[0, 0].nonzero().ravel().tolist()
            field = [j for j in receptive_field(layers).of(i) if 0 <= j < 97]
            assert (seen[0], seen[-1]) == (field[0], field[-1])


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: conv_output_size(0, 3), "n must be ≥ 1, got 0"),
        (lambda: conv_output_size(5, 3, stride=0), "stride must be ≥ 1, got 0"),
        (lambda: conv_output_size(5, 3, padding=-1), "padding must be ≥ 0, got -1"),
        (lambda: pool_output_size(5, 2, padding=2), "padding must be ≤ half of kernel_size 2, got 2"),
        (lambda: conv_transpose_output_size(3, 3, 2, output_padding=2), "output_padding must be smaller"),
        (lambda: conv_transpose_output_size(1, 1, padding=1), "padding must leave"),
        (lambda: output_padding_for(1, 1, 1, 1, 4), "padding must leave"),
        (lambda: transposed_settings(0, 3, 3), "n must be ≥ 1, got 0"),
        (lambda: transposed_settings(3, 3, 3, max_stride=0), "max_stride must be ≥ 1, got 0"),
        (lambda: receptive_field([(0,)]), "kernel_size must be ≥ 1, got 0"),
    ],
)
def test_refusals_name_argument_and_value(call, message):
    with pytest.raises(ValueError, match=message):
        call()


def test_a_fraction_is_not_a_size():
    with pytest.raises(TypeError, match=r"n must be an integer, got 4\.0"):
        conv_output_size(4.0, 2)
