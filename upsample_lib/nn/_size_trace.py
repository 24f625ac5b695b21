"""What happens to sizes when a model runs: every up- and downsampling call, and in which module."""

import re
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from math import prod
from typing import Any

import torch
from torch import Tensor, nn
from torch.overrides import TorchFunctionMode

Size = tuple[int, ...]

_ARGUMENTS = {
    "conv": ("input", "weight", "bias", "stride", "padding", "dilation", "groups"),
    "conv_transpose": (
        "input",
        "weight",
        "bias",
        "stride",
        "padding",
        "output_padding",
        "groups",
        "dilation",
    ),
    "max_pool": ("input", "kernel_size", "stride", "padding", "dilation", "ceil_mode", "return_indices"),
    "avg_pool": ("input", "kernel_size", "stride", "padding"),
    "max_unpool": ("input", "indices", "kernel_size", "stride", "padding", "output_size"),
    "interpolate": ("input", "size", "scale_factor", "mode", "align_corners"),
    "pixel_shuffle": ("input", "upscale_factor"),
}
_FUNCTIONS = {
    **{f"{family}{n}d": family for family in list(_ARGUMENTS)[:5] for n in (1, 2, 3)},
    **{f"max_pool{n}d_with_indices": "max_pool" for n in (1, 2, 3)},
    **{f"_max_pool{n}d": "max_pool" for n in (1, 2, 3)},
    "interpolate": "interpolate",
    "pixel_shuffle": "pixel_shuffle",
}


@dataclass(frozen=True)
class Call:
    """One call of a function that changes sizes."""

    module: str  # qualified name of the innermost module it ran in
    layer: str  # that module's class, if it is the function's own; else the function's name
    family: str  # a key of the argument table
    arguments: dict[str, Any]
    before: Size
    after: Size | None  # None: the call failed
    source: Any = (
        None  # for an unpooling: the size its indices come from; for a shuffle: the convolution's weight
    )

    def per_axis(self, name: str, default: int) -> Size:
        """An integer argument, one entry an axis."""
        value = self.arguments.get(name)
        if value is None or (isinstance(value, Sequence) and not value):
            return (default,) * len(self.before)
        if isinstance(value, int):
            return (value,) * len(self.before)
        return tuple(value) if len(value) == len(self.before) else tuple(value) * len(self.before)

    @property
    def stride(self) -> Size:
        """Of a pooling it defaults to the kernel size."""
        if "pool" in self.family and not self.arguments.get("stride"):
            return self.per_axis("kernel_size", 1)
        return self.per_axis("stride", 1)

    @property
    def goes_down(self) -> bool:
        """Whether it keeps only every s-th position."""
        return self.family in ("conv", "max_pool", "avg_pool") and max(self.stride) > 1

    @property
    def goes_up(self) -> bool:
        """Whether it is an upsampling that enlarged the map."""
        up = self.family in ("conv_transpose", "interpolate", "pixel_shuffle", "max_unpool")
        return up and self.after is not None and prod(self.after) > prod(self.before)


@dataclass
class Run:
    """The calls of one forward pass, the spatial size that came out, and the error that ended it."""

    calls: list[Call] = field(default_factory=list)
    output: Size | None = None
    error: Exception | None = None
    failed_in: str = ""


class _Recorder(TorchFunctionMode):
    def __init__(self, calls: list[Call], names: list[tuple[str, nn.Module]]) -> None:
        super().__init__()
        self.calls, self.names = calls, names
        # tensors by identity; they are kept alive so that no identity is given twice
        self.pooled: dict[int, tuple[Tensor, Size]] = {}
        self.convolved: dict[int, tuple[Tensor, Tensor]] = {}

    def __torch_function__(
        self, func: Callable[..., Any], types: Any, args: Any = (), kwargs: dict[str, Any] | None = None
    ) -> Any:
        kwargs = kwargs or {}
        name = getattr(func, "__name__", "")
        family = _FUNCTIONS.get(name)
        if family is None:
            return func(*args, **kwargs)
        arguments = {**dict(zip(_ARGUMENTS[family], args)), **kwargs}
        x = arguments["input"]
        numbered = re.search(r"(\d)d", name)
        axes = int(numbered[1]) if numbered else 2 if family == "pixel_shuffle" else x.ndim - 2
        before = tuple(x.shape[x.ndim - axes :])
        source: Any = None
        if family == "max_unpool":
            source = self.pooled.get(id(arguments["indices"]), (None, None))[1]
        elif family == "pixel_shuffle":
            source = self.convolved.get(id(x), (None, None))[1]
        result, after = None, None
        try:
            result = func(*args, **kwargs)
        finally:
            y = result[0] if isinstance(result, tuple) else result
            if y is not None:
                after = tuple(y.shape[y.ndim - axes :])
            module_name, module = self.names[-1]
            own = type(module).__name__
            layer = (
                own
                if not list(module.children()) and type(module).__module__.startswith("torch.nn")
                else name
            )
            self.calls.append(Call(module_name, layer, family, arguments, before, after, source))
        if isinstance(result, tuple):
            self.pooled[id(result[1])] = (result[1], before)
        if family == "conv":
            self.convolved[id(result)] = (result, arguments["weight"])
        return result


@contextmanager
def current_module(model: nn.Module) -> Iterator[list[tuple[str, nn.Module]]]:
    """The stack of modules whose forward is running; after an exception the one that raised is on top."""
    stack: list[tuple[str, nn.Module]] = [("", model)]
    hooks = []
    for name, module in model.named_modules():
        hooks.append(
            module.register_forward_pre_hook(lambda m, _, name=name: stack.append((name, m)), prepend=True)
        )
        hooks.append(module.register_forward_hook(lambda *_: stack.pop() and None))
    try:
        yield stack
    finally:
        for hook in hooks:
            hook.remove()


def run(model: nn.Module, input_size: Sequence[int]) -> Run:
    """Send zeros of shape `input_size` through the model, in evaluation mode and without gradients."""
    like = next(iter(model.parameters()), torch.zeros(()))
    x = torch.zeros(tuple(input_size), device=like.device, dtype=like.dtype)
    training = {module: module.training for module in model.modules()}
    result = Run()
    model.eval()
    try:
        with torch.no_grad(), current_module(model) as names, _Recorder(result.calls, names):
            try:
                result.output = _spatial_size(model(x), x.ndim)
            except (RuntimeError, ValueError, IndexError) as error:
                result.error, result.failed_in = error, names[-1][0]
    finally:
        for module, mode in training.items():
            module.training = mode
    return result


def _spatial_size(output: Any, ndim: int) -> Size | None:
    """Of the first tensor in `output` with as many axes as the input."""
    if isinstance(output, Tensor):
        return tuple(output.shape[2:]) if output.ndim == ndim > 2 else None
    parts = (
        output.values() if isinstance(output, dict) else output if isinstance(output, (tuple, list)) else ()
    )
    return next((size for size in (_spatial_size(part, ndim) for part in parts) if size is not None), None)
