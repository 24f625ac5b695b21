"""Run a model and watch: its outputs, and the nearest enlargements that a convolution still reads."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import torch
from torch import Tensor, nn
from torch.overrides import TorchFunctionMode

from upsample_lib.nn._size_trace import current_module


@contextmanager
def _evaluating(model: nn.Module) -> Iterator[None]:
    """Evaluation mode, without gradients; every module's own mode comes back afterwards."""
    modes = {module: module.training for module in model.modules()}
    model.eval()
    try:
        with torch.no_grad():
            yield
    finally:
        for module, mode in modes.items():
            module.training = mode


def outputs(model: nn.Module, arguments: tuple[Any, ...]) -> list[Tensor]:
    """All tensors of a model's output, in order; the same random numbers and fresh arguments at each call."""
    with _evaluating(model), torch.random.fork_rng(devices=[]):
        torch.manual_seed(0)
        return list(_tensors(model(*_copies(arguments))))


def _copies(arguments: tuple[Any, ...]) -> Iterator[Any]:
    """A model may write into its arguments."""
    return (value.clone() if isinstance(value, Tensor) else value for value in arguments)


def _tensors(value: Any) -> Iterator[Tensor]:
    if isinstance(value, Tensor):
        yield value.detach().clone()
    elif isinstance(value, dict):
        for part in value.values():
            yield from _tensors(part)
    elif isinstance(value, (tuple, list)):
        for part in value:
            yield from _tensors(part)


class _Watch(TorchFunctionMode):
    """Notes in which module a convolution is given the very tensor that a nearest enlargement returned."""

    def __init__(self, stack: list[tuple[str, nn.Module]]) -> None:
        super().__init__()
        self.stack, self.found = stack, list[str]()
        # kept alive, so that no identity is given twice
        self.enlarged: dict[int, Tensor] = {}

    def __torch_function__(
        self, func: Callable[..., Any], types: Any, args: Any = (), kwargs: dict[str, Any] | None = None
    ) -> Any:
        kwargs = kwargs or {}
        name = getattr(func, "__name__", "")
        result = func(*args, **kwargs)
        if name == "interpolate":
            mode = kwargs.get("mode", args[3] if len(args) > 3 else "nearest")
            if mode in ("nearest", "nearest-exact"):
                self.enlarged[id(result)] = result
        elif name == "conv2d" and id(args[0] if args else kwargs["input"]) in self.enlarged:
            self.found.append(self.stack[-1][0])
        return result


def remaining_pairs(model: nn.Module, arguments: tuple[Any, ...], opaque: dict[str, str]) -> dict[str, str]:
    """Convolutions that still read an enlarged map inside a forward that could not be read, and why."""
    with _evaluating(model), current_module(model) as stack, _Watch(stack) as watch:
        model(*_copies(arguments))
    found = {}
    for name in watch.found:
        around = [o for o in opaque if o in ("", name) or name.startswith(o + ".")]
        if around:
            nearest = max(around, key=len)
            found[name] = f"the forward of {nearest or '(model)'} could not be read: {opaque[nearest]}"
    return found
