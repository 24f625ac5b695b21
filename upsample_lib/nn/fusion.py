"""Rewrite every "nearest upsampling, then convolution" of a model as one layer, and prove it on an input."""

import inspect
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor, fx, nn

from upsample_lib.nn._pair_search import Enlargement, Pair, Search, is_interpolate, search, trace
from upsample_lib.nn._remaining_pairs import outputs, remaining_pairs
from upsample_lib.nn.upsample_conv import UpsampleConv2d

__all__ = ["Fusion", "fuse_upsample_conv"]


@dataclass(frozen=True)
class Fusion:
    """What `fuse_upsample_conv` did.

    Parameters
    ----------
    model : nn.Module
        The model, rewritten: the same object, unless its own forward had to be.
    fused : tuple of str
        Qualified names of the convolutions that are now an `UpsampleConv2d`.
    kept : dict of str to str
        What was left alone although it is such a pair, or could not be read, and why.
    rewritten : tuple of str
        Modules whose forward calls interpolate itself, now an `fx.GraphModule` without this call.
    error : float or None
        Largest difference of the outputs on the given input, relative to the largest output.
    """

    model: nn.Module
    fused: tuple[str, ...]
    kept: dict[str, str]
    rewritten: tuple[str, ...]
    error: float | None

    def __str__(self) -> str:
        lines = [f"fused: {name}" for name in self.fused] or ["nothing fused"]
        lines += [f"forward rewritten: {name or '(model)'}" for name in self.rewritten]
        lines += [f"kept: {name or '(model)'}: {reason}" for name, reason in self.kept.items()]
        verified = "not verified: no input given" if self.error is None else f"verified to {self.error:.1e}"
        return "\n".join([*lines, verified])


def fuse_upsample_conv(model: nn.Module, input: Any = None) -> Fusion:
    """Rewrite a model's pairs of nearest upsampling and convolution as `UpsampleConv2d`, in place.

    Found are pairs inside and across `nn.Sequential`, in `NearestConv` blocks, and in every forward method
    that torch.fx can follow, whether it calls an `nn.Upsample` or `torch.nn.functional.interpolate`. The
    convolution's parameters stay the same objects under the same names: optimisers go on, and state dicts fit
    in both directions. All else is left alone. An `nn.Upsample` becomes an `nn.Identity`; a module that calls
    `interpolate` itself becomes an `fx.GraphModule` with its class's name and without that call, its optional
    arguments fixed at their defaults.

    Parameters
    ----------
    model : nn.Module
        Changed in place; pass `copy.deepcopy(model)` to keep it.
    input : tensor or tuple of arguments, optional
        On it the outputs before and after are compared, in evaluation mode. Rounding apart they must agree;
        if not, or if the rewritten model fails, all changes are taken back.

    Returns
    -------
    Fusion
        Model and report. Use its `model`: it is another object if the model's own forward was rewritten.

    Raises
    ------
    TypeError
        If model is not a module.
    RuntimeError
        If the outputs differ. The model is then as it was.

    Examples
    --------
    >>> model = nn.Sequential(nn.Upsample(scale_factor=2), nn.Conv2d(8, 4, 3, padding=1), nn.ReLU())
    >>> report = fuse_upsample_conv(model, torch.rand(1, 8, 6, 6))
    >>> report.fused, report.kept, report.error < 1e-5
    (('1',), {}, True)
    >>> model
    Sequential(
      (0): Identity()
      (1): UpsampleConv2d(8, 4, scale=(2, 2), kernel_size=(3, 3))
      (2): ReLU()
    )
    """
    if not isinstance(model, nn.Module):
        raise TypeError(f"model must be a torch.nn.Module, got {type(model).__name__}")
    arguments = input if isinstance(input, tuple) else (input,)
    before = None if input is None else outputs(model, arguments)
    found = search(model)
    pairs, kept = _sorted_out(model, found)
    changes = _Changes(model)
    error = None
    try:
        for pair in pairs:
            changes.fuse(pair)
        rewritten = changes.without_calls([pair.enlargement for pair in pairs])
        if before is not None:
            error = _difference(before, outputs(changes.model, arguments))
    except Exception:
        changes.take_back()
        raise
    if error is not None and not error <= (allowed := _tolerance(before)):
        changes.take_back()
        raise RuntimeError(
            f"the rewritten model's outputs differ by {error:.1e} of the largest, rounding explains "
            f"{allowed:.0e}; nothing was changed"
        )
    if before is not None:
        shown = {name.rpartition(" → ")[2] for name in kept}
        left = remaining_pairs(changes.model, arguments, found.opaque)
        kept |= {name: why for name, why in left.items() if name not in shown}
    else:
        kept |= _perhaps(model, found)
    return Fusion(changes.model, tuple(dict.fromkeys(p.conv for p in pairs)), kept, rewritten, error)


def _perhaps(model: nn.Module, found: Search) -> dict[str, str]:
    """Without a run one cannot say whether a forward that could not be read holds a pair."""
    return {
        name: f"its forward could not be read: {why}"
        for name, why in found.opaque.items()
        if any(isinstance(child, (nn.Conv2d, nn.Upsample)) for child in model.get_submodule(name).children())
    }


def _sorted_out(model: nn.Module, found: Search) -> tuple[list[Pair], dict[str, str]]:
    """The pairs that can be fused, and the reasons for the rest."""
    reasons = {pair: pair.reason for pair in found.pairs}
    runs = Counter(part for pair in found.pairs for part in _parts(model, pair))
    # what pairs share they share for better or worse: one that must stay keeps the others
    settled = False
    while not settled:
        settled = True
        for pair, reason in reasons.items():
            if reason is None and (why := _sharing(model, pair, reasons, runs, found)):
                reasons[pair], settled = why, False
    kept = {f"{pair.enlargement} → {pair.conv}": reason for pair, reason in reasons.items() if reason}
    return [pair for pair, reason in reasons.items() if reason is None], kept


def _parts(model: nn.Module, pair: Pair) -> list[nn.Module | Enlargement]:
    return [model.get_submodule(pair.conv), pair.enlargement.module or pair.enlargement]


def _sharing(
    model: nn.Module,
    pair: Pair,
    reasons: dict[Pair, str | None],
    runs: Counter[nn.Module | Enlargement],
    found: Search,
) -> str | None:
    """Why a part of a pair that is run more than once keeps the pair as it is."""
    if pair.in_block:
        return None
    for part in _parts(model, pair):
        name = type(part).__name__ if isinstance(part, nn.Module) else "call of interpolate"
        in_all = found.calls[id(part)] if isinstance(part, nn.Module) else found.interpolations[part]
        if in_all > runs[part]:
            return f"its {name} also runs elsewhere"
        together = [other for other in reasons if part in _parts(model, other)]
        if any(reasons[other] is not None for other in together):
            return f"its {name} is shared with a pair that must stay"
        if len({other.scale for other in together}) > 1:
            return f"its {name} is shared by enlargements of different factors"
    return None


class _Changes:
    """Changes to a model that can be taken back."""

    def __init__(self, model: nn.Module) -> None:
        self.model = model
        self._undo: list[Callable[[], None]] = []
        self._done: dict[int, nn.Module] = {}

    def fuse(self, pair: Pair) -> None:
        conv = self.model.get_submodule(pair.conv)
        if isinstance(conv, nn.Conv2d) and pair.scale is not None:
            self._replace(conv, UpsampleConv2d.from_conv(conv, pair.scale))
        resize = pair.enlargement.module
        if resize is not None and id(resize) not in self._done:
            self._replace(resize, nn.Identity().train(resize.training))

    def _replace(self, old: nn.Module, new: nn.Module) -> None:
        """Under every name that the old module has."""
        self._done[id(old)] = new
        if old is self.model:
            self.model = new
            self._undo.append(lambda: setattr(self, "model", old))
            return
        for parent in list(self.model.modules()):
            for name, child in list(parent._modules.items()):
                if child is old:
                    parent._modules[name] = new
                    self._undo.append(lambda p=parent, n=name: p._modules.__setitem__(n, old))  # type: ignore[misc]

    def without_calls(self, enlargements: list[Enlargement]) -> tuple[str, ...]:
        """Take the calls of interpolate out of the forwards that make them; the names of these modules."""
        orders: dict[str, set[int]] = {}
        for place in enlargements:
            if place.module is None:
                orders.setdefault(place.name, set()).add(place.order)
        owners = {name: self.model.get_submodule(name) for name in orders}
        for name, owner in owners.items():
            self._replace(owner, _without_calls(owner, orders[name]))
        return tuple(owners)

    def take_back(self) -> None:
        for undo in reversed(self._undo):
            undo()


def _without_calls(owner: nn.Module, orders: set[int]) -> fx.GraphModule:
    graph = trace(owner)
    calls = [node for node in graph.nodes if is_interpolate(node)]
    for order in orders:
        node = calls[order]
        enlarged = node.args[0] if node.args else node.kwargs["input"]
        node.replace_all_uses_with(enlarged)
        graph.erase_node(node)
    _guard_defaults(graph, owner)
    module = fx.GraphModule(owner, graph, type(owner).__name__)
    # fx takes over only what the graph uses: give back all parts, hooks and attributes as they were
    of_graph = fx.GraphModule(nn.Module(), fx.Graph()).__dict__.keys() - nn.Module().__dict__.keys()
    module.__dict__.update({name: value for name, value in owner.__dict__.items() if name not in of_graph})
    return module


def _guard_defaults(graph: fx.Graph, owner: nn.Module) -> None:
    """Let arguments that tracing has fixed at their defaults keep their names and refuse other values."""
    parameters = inspect.signature(owner.forward).parameters.values()
    placeholders = [node for node in graph.nodes if node.op == "placeholder"]
    for node, parameter in zip(placeholders, parameters):
        if parameter.default is parameter.empty:
            continue
        # fx's own checks break later tracing once a graph with them has been pickled
        checks = [user for reader in node.users for user in (*reader.users, reader)]
        for check in checks:
            graph.erase_node(check)
        node.target = parameter.name  # fx has put a number behind it
        with graph.inserting_after(placeholders[-1]):
            graph.call_function(refuse_all_but_default, (node, parameter.default, parameter.name))


def refuse_all_but_default(value: Any, default: Any, name: str) -> None:
    """Part of rewritten forwards: they hold for the default of an argument only."""
    if isinstance(value, fx.Proxy):  # the rewritten forward is traced once more
        value.tracer.create_proxy("call_function", refuse_all_but_default, (value, default, name), {})
    elif not (value is default or value == default):
        raise ValueError(f"{name} must be left at {default!r} in a forward that was rewritten, got {value!r}")


def _difference(before: list[Tensor], after: list[Tensor]) -> float:
    """Largest difference relative to the largest output; infinite where shapes or kinds differ."""
    if [t.shape for t in before] != [t.shape for t in after]:
        return float("inf")
    largest = max((float(t.double().abs().max()) for t in before if t.numel()), default=0.0)
    if largest == 0:
        largest = 1.0
    differences = [(a.double() - b.double()).abs().max() for a, b in zip(before, after) if a.numel()]
    return max((float(d) for d in differences), default=0.0) / largest


def _tolerance(tensors: list[Tensor] | None) -> float:
    """Rounding grows from layer to layer; a wrong rewriting is wrong by about the outputs' own size."""
    eps = max((torch.finfo(t.dtype).eps for t in tensors or [] if t.is_floating_point()), default=0.0)
    return 1e4 * eps if eps < 1e-4 else 10 * eps
