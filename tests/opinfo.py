"""PyTorch's own sample inputs (its OpInfo tables) as the test of both paths of an operation.

A test file names its operations and gets three checks for each of them:

    from tests import opinfo

    @pytest.mark.parametrize(("name", "variant"), opinfo.cases("conv1d", "conv2d", "conv3d"))
    def test_numpy_agrees_with_torch(name, variant):
        opinfo.check_numpy(name, variant)

and likewise `check_torch` (values and gradients) and `check_errors` (for `opinfo.error_cases(…)`: the calls
that torch refuses). How many samples an operation has is written down in `SAMPLES` and `ERRORS` and asserted:
a sample that is skipped, or a new one that a newer torch brings, is a failure. Importing torch's tables needs
`expecttest`.
"""

from collections.abc import Callable, Iterator
from functools import cache
from typing import Any, NamedTuple

import numpy as np
import pytest
import torch
from torch.testing._internal.common_methods_invocations import op_db

import upsample_lib

# (operation, variant): sample inputs of torch 2.13 in float64 on the CPU
SAMPLES = {
    ("conv1d", ""): 10,
    ("conv2d", ""): 30,
    ("conv3d", ""): 20,
    ("conv_transpose1d", ""): 10,
    ("conv_transpose2d", ""): 12,
    ("conv_transpose3d", ""): 10,
    ("max_pool1d", ""): 864,
    ("max_pool2d", ""): 1440,
    ("max_pool3d", ""): 576,
    ("avg_pool1d", ""): 9,
    ("avg_pool2d", ""): 7,
    ("avg_pool3d", ""): 8,
    ("max_unpool1d", ""): 144,
    ("max_unpool1d", "grad"): 18,
    ("max_unpool2d", ""): 288,
    ("max_unpool2d", "grad"): 35,
    ("max_unpool3d", ""): 96,
    ("max_unpool3d", "grad"): 9,
    ("interpolate", "nearest"): 23,
    ("interpolate", "nearest-exact"): 23,
    ("interpolate", "linear"): 18,
    ("interpolate", "bilinear"): 24,
    ("interpolate", "bicubic"): 24,
    ("interpolate", "trilinear"): 24,
    ("interpolate", "area"): 22,
    ("upsample_bilinear", ""): 4,
    ("upsample_nearest", ""): 12,
    ("pixel_shuffle", ""): 5,
    ("pixel_unshuffle", ""): 5,
}

# calls that torch refuses; operations that are not named here have no such list in torch
ERRORS = {
    ("conv1d", ""): 10,
    ("conv2d", ""): 10,
    ("conv3d", ""): 10,
    ("max_pool1d", ""): 24,
    ("max_pool2d", ""): 7,
    ("max_pool3d", ""): 7,
    ("avg_pool1d", ""): 2,
    ("avg_pool2d", ""): 5,
    ("avg_pool3d", ""): 6,
    ("max_unpool1d", ""): 1,
    ("max_unpool2d", ""): 1,
    ("max_unpool3d", ""): 1,
}


def _upsample_bilinear(input: Any, size: Any = None, scale_factor: Any = None) -> Any:
    return upsample_lib.interpolate(input, size, scale_factor, mode="bilinear", align_corners=True)


def _upsample_nearest(input: Any, size: Any = None, scale_factor: Any = None) -> Any:
    return upsample_lib.interpolate(input, size, scale_factor, mode="nearest")


# names that torch deprecates and this library leaves to interpolate
_DEPRECATED = {"upsample_bilinear": _upsample_bilinear, "upsample_nearest": _upsample_nearest}


class Call(NamedTuple):
    """One call: the operation's arguments as tensors, and a description for messages."""

    args: tuple[Any, ...]
    kwargs: dict[str, Any]
    summary: str

    def mapped(self, change: Callable[[torch.Tensor], Any]) -> "Call":
        return Call(_mapped(self.args, change), _mapped(self.kwargs, change), self.summary)

    def tensors(self) -> list[torch.Tensor]:
        found: list[torch.Tensor] = []
        self.mapped(found.append)
        return found


def _mapped(value: Any, change: Callable[[torch.Tensor], Any]) -> Any:
    if isinstance(value, torch.Tensor):
        return change(value)
    if isinstance(value, dict):
        return {key: _mapped(v, change) for key, v in value.items()}
    if type(value) in (tuple, list):
        return type(value)(_mapped(v, change) for v in value)
    return value


def ours(name: str) -> Callable[..., Any]:
    """The function of this library that the samples of torch's operation `name` are given to."""
    return _DEPRECATED.get(name) or getattr(upsample_lib, name)


@cache
def _info(name: str, variant: str) -> Any:
    (info,) = [o for o in op_db if o.name == f"nn.functional.{name}" and o.variant_test_name == variant]
    return info


def _cases(table: dict[tuple[str, str], int], names: tuple[str, ...]) -> list[Any]:
    if unknown := set(names) - {name for name, _ in SAMPLES}:
        raise LookupError(f"no samples are listed for {sorted(unknown)}")
    return [
        pytest.param(name, variant, id=f"{name}-{variant}".rstrip("-"))
        for name, variant in table
        if name in names
    ]


def cases(*names: str) -> list[Any]:
    """pytest parameters (name, variant) for every variant of the named operations."""
    return _cases(SAMPLES, names)


def error_cases(*names: str) -> list[Any]:
    """The same for the operations among `names` for which torch lists calls that it refuses."""
    return _cases(ERRORS, names)


def _call(sample: Any) -> Call:
    return Call((sample.input, *sample.args), dict(sample.kwargs), sample.summary())


def samples(name: str, variant: str = "", requires_grad: bool = False) -> Iterator[Call]:
    """Torch's sample inputs of one operation; the same numbers in every run."""
    torch.manual_seed(0)
    yield from map(_call, _info(name, variant).sample_inputs("cpu", torch.float64, requires_grad))


def error_samples(name: str, variant: str = "") -> Iterator[Call]:
    """The calls of one operation that torch's own tests expect to be refused."""
    torch.manual_seed(0)
    for error in _info(name, variant).error_inputs("cpu"):
        yield _call(error.sample_input)


def _outputs(result: Any) -> tuple[Any, ...]:
    return tuple(result) if isinstance(result, tuple | list) else (result,)


def _assert_equal(actual: Any, expected: torch.Tensor | None, message: str, rtol: float = 1e-9) -> None:
    """Same shape, same dtype, integers equal, floats to rtol (or a thousandth of it of the largest)."""
    if expected is None:
        assert actual is None, message
        return
    want = expected.detach().numpy()
    assert actual.shape == want.shape, f"{message}: shape {actual.shape}, expected {want.shape}"
    assert actual.dtype == want.dtype, f"{message}: dtype {actual.dtype}, expected {want.dtype}"
    if want.dtype.kind not in "fc":
        np.testing.assert_array_equal(actual, want, err_msg=message)
        return
    finite = np.abs(want[np.isfinite(want)])
    atol = 1e-3 * rtol * max(1.0, float(finite.max(initial=0)))
    np.testing.assert_allclose(actual, want, rtol=rtol, atol=atol, err_msg=message)


def _read_only(tensor: torch.Tensor) -> np.ndarray[Any, Any]:
    """The tensor's values as an array with the same strides that refuses to be written to."""
    array = tensor.detach().numpy()
    array.flags.writeable = False
    return array


def _count(what: str, name: str, variant: str, seen: int, listed: int) -> None:
    label = f"{name} ({variant})" if variant else name
    print(f"{label}: {seen} {what}")
    assert seen == listed, f"{label}: {seen} {what} were compared, torch 2.13 has {listed}"


def check_numpy(name: str, variant: str = "", rtol: float = 1e-9) -> None:
    """Every sample through the NumPy path gives torch's result in float64, and leaves its input alone."""
    function, reference = ours(name), _info(name, variant).op
    seen = 0
    for call in samples(name, variant):
        arrays = call.mapped(_read_only)
        before = [t.clone() for t in call.tensors()]
        expected = _outputs(reference(*call.args, **call.kwargs))
        actual = _outputs(function(*arrays.args, **arrays.kwargs))
        assert len(actual) == len(expected), call.summary
        for a, e in zip(actual, expected):
            assert isinstance(a, np.ndarray), call.summary
            _assert_equal(a, e, call.summary, rtol)
        assert all(torch.equal(t, b) for t, b in zip(call.tensors(), before)), f"modified: {call.summary}"
        seen += 1
    _count("samples on NumPy", name, variant, seen, SAMPLES[name, variant])


def _gradients(outputs: tuple[torch.Tensor, ...], inputs: list[torch.Tensor]) -> list[torch.Tensor | None]:
    """Vector-Jacobian products with a fixed random cotangent; none when no output depends on an input."""
    generator = torch.Generator().manual_seed(1)
    differentiable = [o for o in outputs if o.requires_grad]
    if not differentiable or not inputs:
        return []
    cotangents = [torch.randn(o.shape, generator=generator, dtype=o.dtype) for o in differentiable]
    return list(torch.autograd.grad(differentiable, inputs, cotangents, allow_unused=True))


def check_torch(name: str, variant: str = "", rtol: float = 1e-9) -> None:
    """Every sample through the torch path gives torch's result and torch's gradients."""
    function, reference = ours(name), _info(name, variant).op
    seen = differentiated = 0
    for call in samples(name, variant, requires_grad=True):
        inputs = [t for t in call.tensors() if t.requires_grad]
        expected = _outputs(reference(*call.args, **call.kwargs))
        actual = _outputs(function(*call.args, **call.kwargs))
        assert len(actual) == len(expected), call.summary
        for a, e in zip(actual, expected):
            assert isinstance(a, torch.Tensor), call.summary
            _assert_equal(a.detach().numpy(), e, call.summary, rtol)
        wanted, got = _gradients(expected, inputs), _gradients(actual, inputs)
        assert len(got) == len(wanted), f"not differentiable: {call.summary}"
        for g, w in zip(got, wanted):
            _assert_equal(None if g is None else g.numpy(), w, f"gradient: {call.summary}", rtol)
        seen += 1
        differentiated += bool(wanted)
    _count("samples on torch", name, variant, seen, SAMPLES[name, variant])
    _count("samples differentiated", name, variant, differentiated, SAMPLES[name, variant])


def refusal(function: Callable[..., Any], call: Call) -> tuple[type[Exception], str]:
    """The exception with which a call is refused: only ValueError and TypeError count."""
    try:
        function(*call.args, **call.kwargs)
    except (ValueError, TypeError) as error:
        return type(error), str(error)
    raise AssertionError(f"accepted: {call.summary}")


def check_errors(name: str, variant: str = "") -> None:
    """Every call that torch's tests expect to be refused is refused by both paths in the same words."""
    function, reference = ours(name), _info(name, variant).op
    seen = 0
    for call in error_samples(name, variant):
        with pytest.raises(Exception):  # noqa: B017, PT011 – torch's choice of exception is not our contract
            reference(*call.args, **call.kwargs)
        on_numpy = refusal(function, call.mapped(_read_only))
        on_torch = refusal(function, call)
        assert on_numpy == on_torch, call.summary
        seen += 1
    _count("refused calls", name, variant, seen, ERRORS[name, variant])
