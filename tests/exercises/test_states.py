"""What a check tells apart before and beside the values; and how it words what no named mistake explains."""

import re
import subprocess
import sys
import time
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
import torch
import torch.nn.functional as F

import upsample_lib as up
from upsample_lib.exercises import ch05
from upsample_lib.exercises.report import Report

Function = Callable[..., Any]
WEIGHT = np.array([1.0])


def right(x, w, s=1, p=0):  # type: ignore[no-untyped-def]
    y = np.zeros((len(x) - 1) * s + len(w))
    for i in range(len(x)):
        y[i * s : i * s + len(w)] += x[i] * w
    return y[p : len(y) - p]


def says(report: Report, *words: str) -> None:
    text = report.in_text("en")
    assert all(word in text for word in words), text
    assert re.search("[а-яё]", report.in_text("ru"), re.IGNORECASE)


def ellipsis(x, w, s=1, p=0): ...  # type: ignore[no-untyped-def]


def documented(x, w, s=1, p=0):  # type: ignore[no-untyped-def]
    """Stamp and add."""


def refuses(x, w, s=1, p=0):  # type: ignore[no-untyped-def]
    raise NotImplementedError


@pytest.mark.parametrize("function", [ellipsis, documented, refuses])
def test_not_attempted_is_no_failure(function: Function) -> None:
    report = ch05.scatter.check(function)
    assert report.verdict == "not attempted"
    assert repr(report).startswith("…")


def test_an_attempt_that_returns_a_constant_is_an_attempt() -> None:
    assert ch05.scatter.check(lambda x, w, s=1, p=0: 0).diagnosis == ("type",)


def returns_nothing(x, w, s=1, p=0):  # type: ignore[no-untyped-def]
    right(x, w, s, p)


def prints(x, w, s=1, p=0):  # type: ignore[no-untyped-def]
    print(right(x, w, s, p))


def returns_list(x, w, s=1, p=0):  # type: ignore[no-untyped-def]
    return right(x, w, s, p).tolist()


def returns_tensor(x, w, s=1, p=0):  # type: ignore[no-untyped-def]
    return torch.from_numpy(right(x, w, s, p))


def integers(x, w, s=1, p=0):  # type: ignore[no-untyped-def]
    return right(x, w, s, p).astype(int)


def single_precision(x, w, s=1, p=0):  # type: ignore[no-untyped-def]
    return right(x, w, s, p).astype(np.float32)


def changes(x, w, s=1, p=0):  # type: ignore[no-untyped-def]
    answer = right(x, w, s, p)
    w *= 0
    return answer


def fails(x, w, s=1, p=0):  # type: ignore[no-untyped-def]
    return right(x, w, s, p) + np.zeros(1000)  # the line that fails


def three_arguments(x, w, s=1):  # type: ignore[no-untyped-def]
    return right(x, w, s)


@pytest.mark.parametrize(
    ("function", "diagnosis", "words"),
    [
        (returns_nothing, "none", ["`return`"]),
        (prints, "printed", ["printed its answer"]),
        (returns_list, "type", ["`list`", "`numpy.ndarray`"]),
        (returns_tensor, "type", ["`torch.Tensor`", "`numpy.ndarray`"]),
        (integers, "dtype", ["int64", "fractional"]),
        (single_precision, "dtype", ["float32", "float64"]),
        (changes, "changed", ["argument `w`"]),
        (fails, "raised ValueError", ["could not be broadcast", "# the line that fails"]),
        (three_arguments, "signature", ["(x, w, s, p)", "(x, w, s)"]),
    ],
)
def test_told_apart(function: Function, diagnosis: str, words: list[str]) -> None:
    report = ch05.scatter.check(function)
    assert report.diagnosis == (diagnosis,)
    says(report, *words)


def test_the_result_instead_of_the_function() -> None:
    report = ch05.scatter.check(right(WEIGHT, WEIGHT))
    assert report.diagnosis == ("not a function",)
    says(report, "check(scatter)", "ndarray")


def calls_numpy(x, w, s=1, p=0):  # type: ignore[no-untyped-def]
    return np.convolve(x, w)


def calls_library(x, w, s=1, p=0):  # type: ignore[no-untyped-def]
    return up.conv_transpose1d(x[None, None], w[None, None], stride=s, padding=p)[0, 0]


def through_helper(x, w, s=1, p=0):  # type: ignore[no-untyped-def]
    return calls_library(x, w, s, p)


def hidden_name(x, w, s=1, p=0):  # type: ignore[no-untyped-def]
    return getattr(up, "conv_" + "transpose1d")(x[None, None], w[None, None], stride=s, padding=p)[0, 0]


@pytest.mark.parametrize("function", [calls_numpy, calls_library, through_helper, hidden_name])
def test_calls_what_it_should_implement(function: Function) -> None:
    assert ch05.scatter.check(function).diagnosis == ("forbidden",)
    assert ch05.scatter.check(right).passed
    assert up.conv_transpose1d.__name__ == "conv_transpose1d"


def test_the_notebooks_own_functions_count() -> None:
    scope: dict[str, Any] = {"right": right}
    exec("def scatter1d(x, w, s, p): return right(x, w, s, p)", scope)
    exec("def scatter(x, w, s=1, p=0): return scatter1d(x, w, s, p)", scope)
    assert ch05.scatter.check(scope["scatter"]).diagnosis == ("forbidden",)


TORCH_LAYER = F.conv_transpose2d


def torch_directly(x, w, stride=1, padding=0, output_padding=0):  # type: ignore[no-untyped-def]
    return F.conv_transpose2d(x, w, None, stride, padding, output_padding)


def torch_by_another_name(x, w, stride=1, padding=0, output_padding=0):  # type: ignore[no-untyped-def]
    return TORCH_LAYER(x, w, None, stride, padding, output_padding)


def torch_by_a_hidden_name(x, w, stride=1, padding=0, output_padding=0):  # type: ignore[no-untyped-def]
    return getattr(torch, "conv_" + "transpose2d")(x, w, None, stride, padding, output_padding)


@pytest.mark.parametrize("function", [torch_directly, torch_by_another_name, torch_by_a_hidden_name])
def test_calls_torchs_own_layer(function: Function) -> None:
    report = ch05.conv_transpose.check(function)
    assert report.diagnosis == ("forbidden",)
    says(report, "`conv_transpose2d`")


class Layer(torch.nn.Module):
    def forward(self, x, w, stride=1, padding=0, output_padding=0):  # type: ignore[no-untyped-def]
        return spread(x, w, stride, padding, output_padding)


def spread(x, w, stride, padding, output_padding):  # type: ignore[no-untyped-def]
    rows, columns = w.shape[2:]
    full = x.new_zeros(
        len(x),
        w.shape[1],
        (x.shape[2] - 1) * stride + rows + output_padding,
        (x.shape[3] - 1) * stride + columns + output_padding,
    )
    for u in range(rows):
        for v in range(columns):
            tap = torch.einsum("bcij,co->boij", x, w[:, :, u, v])
            down, right = u + (x.shape[2] - 1) * stride + 1, v + (x.shape[3] - 1) * stride + 1
            full[:, :, u:down:stride, v:right:stride] += tap
    return full[:, :, padding : full.shape[2] - padding, padding : full.shape[3] - padding]


def test_modules_helpers_closures_and_tensors_arrive() -> None:
    assert ch05.conv_transpose.check(Layer()).passed

    zero, nought = torch.zeros((), dtype=torch.float64), np.zeros(1)
    assert ch05.scatter.check(lambda x, w, s=1, p=0: right(x, w, s, p) + nought + zero.numpy()).passed


def test_a_module_is_read_too() -> None:
    class Cheating(torch.nn.Module):
        def forward(self, x, w, stride=1, padding=0, output_padding=0):  # type: ignore[no-untyped-def]
            return torch_directly(x, w, stride, padding, output_padding)

    assert ch05.conv_transpose.check(Cheating()).diagnosis == ("forbidden",)


def test_what_cannot_be_handed_over() -> None:
    with open(__file__, "rb") as file:
        report = ch05.scatter.check(lambda x, w, s=1, p=0: file.read())
    assert report.diagnosis == ("unsendable",)


def own_mistake_in_shape(x, w, s=1, p=0):  # type: ignore[no-untyped-def]
    return np.zeros(len(x))


def shifted(x, w, s=1, p=0):  # type: ignore[no-untyped-def]
    return np.roll(right(x, w, s, p), 1)


def conv_size(x, w, s=1, p=0):  # type: ignore[no-untyped-def]
    return np.zeros(max(0, (len(x) + 2 * p - len(w)) // s + 1))


def doubled_when_strided(x, w, s=1, p=0):  # type: ignore[no-untyped-def]
    return right(x, w, s, p) * (1 if s == 1 else 2)


def squared_border(x, w, s=1, p=0):  # type: ignore[no-untyped-def]
    return right(x, w, s, p) if p else right(x, w, s, p) ** 2


def test_shape_first() -> None:
    says(ch05.scatter.check(own_mistake_in_shape), "(2,), expected (5,)", "input's size")
    says(ch05.scatter.check(conv_size), "(0,), expected (5,)", "convolution's formula")


def huge(x, w, s=1, p=0):  # type: ignore[no-untyped-def]
    return np.zeros((300, 300))


def zero_by_zero(x, w, s=1, p=0):  # type: ignore[no-untyped-def]
    return right(x, w, s, p) * np.nan


def test_a_huge_answer_and_one_of_nan() -> None:
    report = ch05.scatter.check(huge)
    says(report, "(300, 300), expected (5,)")
    assert "nan" not in report.in_html("en")
    says(ch05.scatter.check(zero_by_zero), "`nan`", "zero by zero")


def single_precision_layer(x, w, stride=1, padding=0, output_padding=0):  # type: ignore[no-untyped-def]
    return F.conv2d(torch.zeros(1, x.shape[1], 9, 9), w.transpose(0, 1))


def test_two_precisions_in_one_product() -> None:
    report = ch05.conv_transpose.check(single_precision_layer)
    assert report.diagnosis == ("raised RuntimeError",)
    says(report, "`x.new_zeros(…)`")


def test_impulse_trace() -> None:
    report = ch05.scatter.check(shifted)
    assert report.diagnosis[0] == "impulse"
    says(report, "x[0]·w[0] went to 1, expected 0")


def test_the_parameter_on_which_failure_depends() -> None:
    report = ch05.scatter.check(doubled_when_strided)
    assert report.diagnosis == ("factor", "depends", "s > 1")
    says(report, "factor of 2", "wrong only when s > 1")
    says(ch05.scatter.check(squared_border), "wrong only when p = 0")


def test_the_picture_shows_the_smallest_failing_case() -> None:
    report = ch05.scatter.check(shifted)
    picture = report.in_html("en")
    for word in (">x<", ">w<", ">expected<", ">got<", ">difference<", "203"):
        assert word in picture
    assert 'role="img" aria-label="Expected [  2.,  20., 203.,  30., 300.], got' in picture
    assert "stroke-dasharray" in picture  # not by colour alone
    assert "[300] [2] [20] [203] [30]" in re.sub(" +", " ", report.in_text("en"))


def test_helpers_are_not_stale_after_an_edit() -> None:
    scope: dict[str, Any] = {"np": np}
    exec("def helper(x): return x", scope)
    exec("def scatter(x, w, s=1, p=0): return helper(np.zeros(3))", scope)
    assert not ch05.scatter.check(scope["scatter"]).passed
    scope["right"] = right
    exec("def scatter(x, w, s=1, p=0): return right(x, w, s, p)", scope)
    assert ch05.scatter.check(scope["scatter"]).passed


def test_importing_loads_no_torch_and_a_numpy_check_neither() -> None:
    code = (
        "import sys, upsample_lib.exercises; from upsample_lib.exercises import ch05\n"
        "heavy = {'torch', 'matplotlib', 'IPython', 'anywidget'}; assert not heavy & set(sys.modules)\n"
        "assert ch05.scatter.examine(ch05.scatter.reference).passed; assert 'torch' not in sys.modules\n"
    )
    subprocess.run([sys.executable, "-c", code], check=True)


def test_a_warm_check_measured(capsys: pytest.CaptureFixture[str]) -> None:
    """Reported, not asserted: a clock is no judge on a busy machine."""
    for one, function in ((ch05.scatter, right), (ch05.conv_transpose, spread)):
        one.examine(function)
        times = []
        for _ in range(5):
            start = time.perf_counter()
            assert one.examine(function).passed
            times.append(time.perf_counter() - start)
        with capsys.disabled():
            print(f"\nwarm check, {one.name}: {1000 * sorted(times)[2]:.0f} ms")
