"""Where a model enlarges by nearest neighbour and convolves next, read from its forward methods by torch.fx.

A forward that torch.fx cannot follow (it branches on values or sizes) is an *opaque* one: what it calls is
followed on its own, what happens between these calls stays unknown.
"""

import inspect
import linecache
import sys
from collections import Counter
from collections.abc import Iterator, Set
from dataclasses import dataclass, field
from typing import Any

import torch.nn.functional as F
from torch import fx, nn

from upsample_lib.nn.blocks import NearestConv
from upsample_lib.nn.upsample_conv import UpsampleConv2d, why_not

Scale = tuple[int, int]


@dataclass(frozen=True)
class Enlargement:
    """One nearest enlargement in a forward: a module, or the `order`-th call of interpolate by `owner`."""

    name: str  # of the module, or of the owner
    module: nn.Module | None = None
    order: int = 0

    def __str__(self) -> str:
        return self.name if self.module is not None else f"interpolate in {self.name or '(model)'}"


@dataclass(frozen=True)
class Pair:
    """An enlargement, the convolution that reads it, and the factor; `reason` says why it must stay."""

    enlargement: Enlargement
    conv: str
    scale: Scale | None
    reason: str | None
    in_block: bool = False  # both belong to a NearestConv, which calls them together only


@dataclass
class Search:
    """What was found in all forwards of a model, each pair as often as it is run."""

    pairs: list[Pair] = field(default_factory=list)
    opaque: dict[str, str] = field(default_factory=dict)  # name of the module: why its forward is not read
    calls: Counter[int] = field(default_factory=Counter)  # of each module, by identity
    interpolations: Counter[Enlargement] = field(default_factory=Counter)


class _Tracer(fx.Tracer):
    """Follows a forward down to PyTorch's own layers and to the given leaves."""

    def __init__(self, leaves: Set[int] = frozenset()) -> None:  # fx makes one without when it unpickles
        super().__init__()
        self.leaves = leaves

    def is_leaf_module(self, m: nn.Module, module_qualified_name: str) -> bool:
        own = isinstance(m, (UpsampleConv2d, NearestConv)) or id(m) in self.leaves
        return own or super().is_leaf_module(m, module_qualified_name)

    def to_bool(self, obj: fx.Proxy) -> bool:
        # what an assertion demands of the input is taken to hold
        frame = sys._getframe(1)
        while frame.f_back is not None and frame.f_globals.get("__name__", "").startswith("torch."):
            frame = frame.f_back
        if linecache.getline(frame.f_code.co_filename, frame.f_lineno).lstrip().startswith("assert"):
            return True
        return super().to_bool(obj)


def trace(module: nn.Module, leaves: set[int] | None = None) -> fx.Graph:
    """The graph of one forward, arguments with defaults left at them; leaves default to all children."""
    if leaves is None:
        leaves = {id(part) for part in module.modules() if part is not module}
    parameters = inspect.signature(module.forward).parameters.values()
    defaults = {p.name: p.default for p in parameters if p.default is not p.empty}
    return _Tracer(leaves).trace(module, concrete_args=defaults)


def is_interpolate(node: fx.Node) -> bool:
    """Whether a node is a call of torch.nn.functional.interpolate."""
    return node.op == "call_function" and node.target is F.interpolate


def depends_on_mode(module: nn.Module) -> bool:
    """Whether the graph of a forward is another one in training than in evaluation."""
    graphs, mode = [], module.training
    try:
        for training in (False, True):
            module.training = training
            graphs.append(str(trace(module)))
    finally:
        module.training = mode
    return graphs[0] != graphs[1]


def search(model: nn.Module) -> Search:
    """Read every forward that can be read, as often as it is called from what can be read."""
    found = Search()
    opaque: set[int] = set()
    for name, module in model.named_modules():
        if _is_read(module) and not isinstance(module, NearestConv):
            try:
                trace(module)
            except Exception as error:
                opaque.add(id(module))
                found.opaque[name] = _first_line(error)
    waiting = list(_topmost(model, "", opaque))
    while waiting:
        name, root = waiting.pop(0)
        if isinstance(root, NearestConv):
            found.pairs.append(_of_block(root, name))
            continue
        try:
            graph = trace(root, opaque)
        except Exception as error:
            opaque.add(id(root))
            found.opaque[name] = _first_line(error)
            waiting.extend(_topmost(root, name, opaque))
        else:
            _read(graph, root, name, found)
    return found


def _is_read(module: nn.Module) -> bool:
    """Whether a forward is one to read: not PyTorch's own, which holds no pair, and not ours."""
    own = type(module).__module__.startswith("torch.nn") and not isinstance(module, nn.Sequential)
    return not own and not isinstance(module, UpsampleConv2d)


def _topmost(
    module: nn.Module, name: str, opaque: set[int], inside: bool = False
) -> Iterator[tuple[str, nn.Module]]:
    """The modules that are read on their own, since nothing around them can be."""
    readable = _is_read(module) and id(module) not in opaque
    if readable and not inside:
        yield name, module
    for child_name, child in module.named_children():
        around = readable or (inside and id(module) not in opaque)
        yield from _topmost(child, _joined(name, child_name), opaque, around)


def _first_line(error: Exception) -> str:
    return (str(error).strip() or type(error).__name__).splitlines()[0]


def _read(graph: fx.Graph, root: nn.Module, prefix: str, found: Search) -> None:
    calls: dict[str, Counter[int]] = {}
    for node in graph.nodes:
        module = root.get_submodule(node.target) if node.op == "call_module" else None
        if module is not None:
            found.calls[id(module)] += 1
        name = _joined(prefix, str(node.target))
        if isinstance(module, NearestConv):
            found.pairs.append(_of_block(module, name))
        elif isinstance(module, nn.Upsample):
            options: dict[str, Any] = {"scale_factor": module.scale_factor, "mode": module.mode}
            _add(node, Enlargement(name, module), options, root, prefix, found)
        elif is_interpolate(node):
            stack = list(node.meta.get("nn_module_stack", {}).values())
            inner = stack[-1][0] if stack else ""
            seen = calls.setdefault(inner, Counter())
            in_one_run = sum(map(is_interpolate, trace(root.get_submodule(inner)).nodes))
            place = Enlargement(_joined(prefix, inner), order=seen.total() % in_one_run)
            seen[place.order] += 1
            found.interpolations[place] += 1
            arguments = ("input", "size", "scale_factor", "mode")
            options = {"mode": "nearest", **dict(zip(arguments, node.args)), **node.kwargs}
            _add(node, place, options, root, prefix, found)


def _joined(prefix: str, name: str) -> str:
    return ".".join(part for part in (prefix, name) if part)


def _of_block(block: NearestConv, name: str) -> Pair:
    # its forward reshapes inputs without a batch, which fx cannot follow
    scale = whole_scale(block.resize.scale_factor)
    reason = _hooked(block.resize) or why_not_this(block.conv)
    return Pair(
        Enlargement(_joined(name, "resize"), block.resize), _joined(name, "conv"), scale, reason, True
    )


def _add(
    node: fx.Node, place: Enlargement, options: dict[str, Any], root: nn.Module, prefix: str, found: Search
) -> None:
    """Note the pair that begins at this node, if one does."""
    if options["mode"] not in ("nearest", "nearest-exact"):
        return
    convs = [(reader, conv) for reader in node.users if (conv := _conv_behind(reader, root)) is not None]
    if not convs:
        return
    reader, conv = convs[0]
    scale = whole_scale(options.get("scale_factor"))
    reason = why_not_this(conv)
    if scale is None:
        reason = "it does not enlarge by a whole number that is known beforehand"
    elif len(node.users) > 1:
        reason = f"the enlarged map has {len(node.users)} readers"
    elif place.module is not None:
        reason = _hooked(place.module) or reason
    elif depends_on_mode(root.get_submodule(place.name[len(prefix) :].lstrip("."))):
        reason = "the forward around it depends on the mode, training or evaluation"
    found.pairs.append(Pair(place, _joined(prefix, str(reader.target)), scale, reason))


def _conv_behind(node: fx.Node, root: nn.Module) -> nn.Module | None:
    module = root.get_submodule(str(node.target)) if node.op == "call_module" else None
    return module if isinstance(module, nn.Conv2d) else None


def why_not_this(conv: nn.Module) -> str | None:
    """Why a convolution cannot be taken over, with what fx does not see: subclasses and hooks."""
    if type(conv) is not nn.Conv2d:
        return f"its convolution is a {type(conv).__name__}, not a plain Conv2d"
    reason = why_not(conv)
    return f"its convolution cannot be fused: {reason}" if reason else _hooked(conv)


def _hooked(module: nn.Module) -> str | None:
    hooks = ("_forward_hooks", "_forward_pre_hooks", "_backward_hooks", "_backward_pre_hooks")
    if any(getattr(module, name) for name in hooks):
        return f"hooks are registered on its {type(module).__name__}"
    return None


def whole_scale(factor: Any) -> Scale | None:
    """The factors of both axes where they are whole numbers ≥ 1."""
    factors = factor if isinstance(factor, (tuple, list)) else (factor, factor)
    whole = all(isinstance(f, (int, float)) and f >= 1 and f == int(f) for f in factors)
    return (int(factors[0]), int(factors[1])) if whole and len(factors) == 2 else None
