"""What is compared on a GPU: each form of the layer, eager and compiled, forward and with all gradients."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

import torch
from torch import Tensor

import upsample_lib
from benchmarks import forms
from benchmarks.layers import Layer
from upsample_lib.torch_path.upsample_convolution import kept_kernel

PRECISIONS = ("fp32", "tf32", "bf16")
REFERENCE = "pair"

Call = Callable[[], Any]
Compile = Callable[[Callable[..., Any]], Callable[..., Any]]


def use(precision: str) -> torch.dtype:
    """Let tensor cores round products of float32, or not; the dtype of the tensors."""
    torch.backends.cuda.matmul.allow_tf32 = torch.backends.cudnn.allow_tf32 = precision == "tf32"
    return torch.bfloat16 if precision == "bf16" else torch.float32


@dataclass(frozen=True)
class Setting:
    """One layer as it is measured."""

    layer: Layer
    precision: str
    channels_last: bool
    batch: int = 8
    device: str = "cuda"

    def tensors(self) -> tuple[Tensor, Tensor, Tensor]:
        return self.layer.tensors(self.device, use(self.precision), self.channels_last, self.batch)


def _transposed(x: Tensor, weight: Tensor, bias: Tensor, scale: int) -> Tensor:
    return forms.by_transposed(x, forms.tied(weight, scale), bias, scale)


def _subpixel(x: Tensor, weight: Tensor, bias: Tensor, scale: int) -> Tensor:
    phases = forms.phase_kernels(forms.tied(weight, scale), scale)
    return forms.by_subpixel(x, phases, bias, scale, weight.shape[2])


def forward(setting: Setting, compiler: Compile | None) -> dict[str, Call]:
    """Forward calls by name; those whose kernel is made beforehand are called prepared."""
    x, weight, bias = setting.tensors()
    scale, k = setting.layer.scale, setting.layer.k
    pair = partial(forms.pair, scale=scale)
    ours = partial(upsample_lib.upsample_conv2d, scale=scale)
    with torch.no_grad():
        kernel = kept_kernel(weight, (scale, scale), 1)
        phases = forms.phase_kernels(kernel, scale)
        if setting.channels_last:
            phases = phases.contiguous(memory_format=torch.channels_last)
    calls: dict[str, Call] = {
        "pair": lambda: pair(x, weight, bias),
        "transposed, prepared": lambda: forms.by_transposed(x, kernel, bias, scale),
        "sub-pixel, prepared": lambda: forms.by_subpixel(x, phases, bias, scale, k),
        "box": lambda: forms.by_box(x, weight, bias, scale),
        "each call": lambda: ours(x, weight, bias),
    }
    if compiler is not None:
        compiled_pair = compiler(lambda a, w, b: forms.pair(a, w, b, scale))
        compiled = compiler(lambda a, kept, b: forms.by_transposed(a, kept, b, scale))
        compiled_box = compiler(lambda a, w, b: forms.by_box(a, w, b, scale))
        calls["pair, compiled"] = lambda: compiled_pair(x, weight, bias)
        calls["box, compiled"] = lambda: compiled_box(x, weight, bias)
        calls["transposed, prepared, compiled"] = lambda: compiled(x, kernel, bias)
    return {name: torch.no_grad()(call) for name, call in calls.items()}


def with_gradients(setting: Setting, compiler: Compile | None) -> dict[str, Call]:
    """Forward and backward: the gradients of input, weight and bias."""
    leaves = [t.requires_grad_() for t in setting.tensors()]
    scale = setting.layer.scale
    functions: dict[str, Callable[..., Any]] = {
        "pair": partial(forms.pair, scale=scale),
        "transposed": partial(_transposed, scale=scale),
        "box": partial(forms.by_box, scale=scale),
        "sub-pixel": partial(_subpixel, scale=scale),
    }
    if compiler is not None:
        functions["pair, compiled"] = compiler(lambda a, w, b: forms.pair(a, w, b, scale))
        functions["transposed, compiled"] = compiler(lambda a, w, b: _transposed(a, w, b, scale))
        functions["box, compiled"] = compiler(lambda a, w, b: forms.by_box(a, w, b, scale))
    slope = torch.ones_like(functions["pair"](*leaves))

    def call(function: Callable[..., Any]) -> tuple[Tensor, ...]:
        y = function(*leaves)
        return (y.detach(), *torch.autograd.grad(y, leaves, slope))

    return {name: partial(call, function) for name, function in functions.items()}


def check(setting: Setting, compiler: Compile | None = None) -> dict[str, float]:
    """Each candidate's error against float64, in units of the pair's own; more than 3 is refused."""
    exact_leaves = [t.double().requires_grad_() for t in setting.tensors()]
    y = forms.pair(*exact_leaves, setting.layer.scale)
    exact = (y.detach(), *torch.autograd.grad(y, exact_leaves, torch.ones_like(y)))
    found = {}
    for group, calls in (
        ("forward", forward(setting, compiler)),
        ("forward and backward", with_gradients(setting, compiler)),
    ):
        results = {name: call() for name, call in calls.items()}
        parts = {name: r if isinstance(r, tuple) else (r,) for name, r in results.items()}
        own = [_error(a, b) for a, b in zip(parts[REFERENCE], exact)]
        for name, given in parts.items():
            # the pair may happen to be exact: what the precision itself rounds away is no error
            floor = torch.finfo(given[0].dtype).eps / 8
            times = max(_error(a, b) / max(o, floor) for a, b, o in zip(given, exact, own))
            if not times <= 3:
                raise AssertionError(
                    f"{group}, {name}, {_described(setting)}: {times:.1f} times the pair's error"
                )
            found[f"{group}: {name}"] = times
    return found


def on_cpu(setting: Setting) -> Setting:
    """The same small enough to be checked without a GPU."""
    layer = replace(setting.layer, c_in=min(setting.layer.c_in, 32), size=min(setting.layer.size, 8))
    return replace(setting, device="cpu", batch=2, layer=replace(layer, c_out=min(layer.c_out, 16)))


def _error(y: Tensor, exact: Tensor) -> float:
    return float((y.double() - exact).norm() / exact.norm())


def _described(setting: Setting) -> str:
    return f"{setting.layer.name}, {setting.precision}, {'NHWC' if setting.channels_last else 'NCHW'}"
