"""Chapter 7's answers: first by hand, then against the library's counts, solver and spectra."""

import numpy as np

import upsample_lib as up
from upsample_lib.exercises import ch07


def test_hand_computed_answers() -> None:
    assert ch07.balance.expected[0].tolist() == [-21.75, 55.5, 77.25]
    assert ch07.balance.expected[2].tolist() == [1, 3, 3, 1]  # 1 + 3 = 3 + 1 already
    assert [bool(answer) for answer in ch07.even.expected[:4]] == [False, True, False, True]
    assert ch07.phase_share.expected[0] == 1  # a checkerboard is nothing but pattern
    assert ch07.phase_share.expected[1] == 0  # equal blocks have none
    layers = [[tuple(row) for row in answer.tolist()] for answer in ch07.repaired.expected]
    assert layers[0] == [(4, 2, 1, 0)]
    assert layers[4] == [(6, 3, 2, 1)]


def test_even_is_what_counting_finds() -> None:
    for case, answer in zip(ch07.even.cases, ch07.even.expected):
        k, s, d = case["k"], case["s"], case["d"]
        reach = d * (k - 1)
        counts = up.overlap(k, s, reach + 2 * s, dilation=d)
        inside = counts[reach : len(counts) - reach]
        assert (np.ptp(inside) == 0) == bool(answer)


def test_balanced_kernels_are_clean_and_nearest() -> None:
    for case, answer in zip(ch07.balance.cases, ch07.balance.expected):
        w, s = case["w"], case["s"]
        ones = up.conv_transpose1d(np.ones((1, 12)), answer[None, None], stride=s)[0]
        inside = ones[len(w) : -len(w)]
        np.testing.assert_allclose(inside, w.sum() / s, rtol=1e-12)
        # the change is orthogonal to all changes that keep the phase sums
        constraints = np.array([np.arange(len(w)) % s == r for r in range(s)], dtype=float)
        target = np.full(s, w.sum() / s) - constraints @ w
        np.testing.assert_allclose(answer - w, np.linalg.pinv(constraints) @ target, atol=1e-9)


def test_the_share_is_that_of_the_spectrum() -> None:
    for case, answer in zip(ch07.phase_share.cases, ch07.phase_share.expected):
        np.testing.assert_allclose(answer, up.checkerboard_energy(case["y"], case["s"]), atol=1e-12)


def test_repaired_layers_are_even_exact_and_smallest() -> None:
    for case, answer in zip(ch07.repaired.cases, ch07.repaired.expected):
        for (k, s, _, _), row in zip(case["layers"], answer.astype(int).tolist()):
            assert row[0] >= k
            assert row[1] == s
            fitting = [
                setting[:4]
                for setting in up.transposed_settings(7, 7 * s, max_kernel=row[0])
                if setting.stride == s
                and setting.kernel_size >= k
                and setting.even_overlap
                and setting.output_size(8) == 8 * s
            ]
            assert min(fitting, key=lambda found: (found[0], found[3])) == tuple(row)
