"""Nearest upsampling and a convolution as one layer that trains the convolution's own weights."""

import weakref
from typing import Any

import torch
from torch import Tensor, nn
from torch.optim.optimizer import register_optimizer_step_post_hook

from upsample_lib._arguments import PerAxis, integer, per_axis
from upsample_lib._convolution_checks import check_upsample_conv
from upsample_lib.torch_path import upsample_convolution as torch_path
from upsample_lib.upsample_convolution import upsample_conv2d

__all__ = ["UpsampleConv2d"]

# under which names the pairs that this layer replaces store the convolution
_PAIR_PREFIXES = ("1.", "conv.")


class _Steps:
    """Steps made by all optimisers: a fused one changes parameters without PyTorch's counting the change."""

    def __init__(self) -> None:
        self.made = 0
        self._hook: Any = None

    def count(self) -> None:
        """From now on."""
        if self._hook is None:
            self._hook = register_optimizer_step_post_hook(self._step)

    def _step(self, *_: Any) -> None:
        self.made += 1


_STEPS = _Steps()


class UpsampleConv2d(nn.Module):
    """Nearest upsampling, then a k × k convolution with padding k // 2, without the enlarged map in between.

    Equal, values and gradients, to `nn.Sequential(nn.Upsample(scale_factor=scale), nn.Conv2d(…))`. It holds
    and trains the same weight w. What it computes is decided by shape, as for `upsample_conv2d`.

    In evaluation it also keeps the tied kernel of `tied_kernel`, made from w: with it small maps are fastest,
    and devices other than CPUs compute with it alone. It is made on entering `eval()`, or by `prepare()`, and
    used only where no gradient with respect to w is asked for. `train()`, `load_state_dict()` and `to()` drop
    it, and before each use it is compared with w: another parameter, other memory, an optimiser's step, or
    any in-place change that PyTorch counts (`copy_`, `nn.init`) has it made anew. What PyTorch does not count
    goes unnoticed: values written in place through `weight.data`, a NumPy view or another process's shared
    memory. Call `prepare()` after that. Under `torch.compile` and `torch.export` what is computed is part of
    the graph, and a tied kernel is made at each call.

    Parameters
    ----------
    in_channels, out_channels : int
        C_in and C_out.
    scale : int or sequence of int
        s, the factor of the enlargement.
    kernel_size : int or sequence of int
        k of the convolution, odd.
    bias : bool
        Whether to add a bias.
    groups : int
        Of the convolution.
    device : torch.device or str, optional
    dtype : torch.dtype, optional
        Of the parameters.

    Attributes
    ----------
    weight : (C_out, C_in/groups, kH, kW)
    bias : (C_out,) or None
        The convolution's parameters. A state dict of the pair loads too, whether a Sequential's ("1.weight")
        or a `NearestConv`'s ("conv.weight").

    Raises
    ------
    ValueError
        If kernel_size is even, or groups do not divide the channels.

    Examples
    --------
    >>> pair = nn.Sequential(nn.Upsample(scale_factor=2), nn.Conv2d(8, 4, 3, padding=1))
    >>> layer = UpsampleConv2d(8, 4, scale=2, kernel_size=3)
    >>> layer.load_state_dict(pair.state_dict())
    <All keys matched successfully>
    >>> x = torch.rand(1, 8, 5, 7)
    >>> torch.allclose(layer(x), pair(x), atol=1e-6)
    True
    """

    def __init__(
        self,
        in_channels: int,
        out_channels: int,
        scale: PerAxis = 2,
        kernel_size: PerAxis = 3,
        bias: bool = True,
        groups: int = 1,
        device: torch.device | str | None = None,
        dtype: torch.dtype | None = None,
    ) -> None:
        super().__init__()
        rows, columns = per_axis("kernel_size", kernel_size, 2, 1)
        if rows % 2 == 0 or columns % 2 == 0:
            raise ValueError(f"kernel_size must be odd to keep the size, got {kernel_size}")
        # Conv2d checks the channels and draws the initial values as the pair's convolution would
        conv = nn.Conv2d(
            integer("in_channels", in_channels, 1),
            integer("out_channels", out_channels, 1),
            (rows, columns),
            padding=(rows // 2, columns // 2),
            groups=integer("groups", groups, 1),
            bias=bias,
            device=device,
            dtype=dtype,
        )
        self._take(conv, scale)

    def _take(self, conv: nn.Conv2d, scale: PerAxis) -> None:
        self.in_channels, self.out_channels, self.groups = conv.in_channels, conv.out_channels, conv.groups
        rows, columns = per_axis("scale", scale, 2, 1)
        self.scale = (rows, columns)
        self.kernel_size = (int(conv.weight.shape[2]), int(conv.weight.shape[3]))
        self.weight = conv.weight
        self.bias: nn.Parameter | None
        self.register_parameter("bias", conv.bias)  # type: ignore[arg-type]
        self._kept: tuple[Any, Tensor] | None = None

    @classmethod
    def from_conv(cls, conv: nn.Conv2d, scale: PerAxis = 2) -> "UpsampleConv2d":
        """Take over the parameters of a pair's convolution: the same objects, not copies.

        Parameters
        ----------
        conv : nn.Conv2d
            Stride 1, dilation 1, zero padding of k // 2.
        scale : int or sequence of int
            The factor of the enlargement before it.

        Returns
        -------
        UpsampleConv2d
            In the same mode, training or evaluation.

        Raises
        ------
        ValueError
            If the convolution does not keep the size or pads with something else than zeros.
        """
        reason = why_not(conv)
        if reason is not None:
            raise ValueError(f"conv must keep the size and pad with zeros, but {reason}")
        layer = cls.__new__(cls)
        nn.Module.__init__(layer)
        layer._take(conv, scale)
        return layer.train(conv.training)

    def forward(self, x: Any) -> Any:
        """Upsample and convolve `x`, shape (N, C_in, H, W) or (C_in, H, W)."""
        if isinstance(x, torch.fx.Proxy):
            return upsample_when_run(x, self.weight, self.bias, self.scale, self.groups)
        check_upsample_conv(x, self.weight, self.bias, self.scale, self.groups, True)
        return torch_path.upsample_conv(
            x, self.weight, self.bias, self.scale, self.groups, self._kept_kernel()
        )

    def prepare(self) -> "UpsampleConv2d":
        """Make the kernel from the present weight, for calls that need no gradient of it."""
        self._kept = None
        if self._can_keep():
            _STEPS.count()
            # a kernel made in inference mode could not be used outside of it
            with torch.inference_mode(False), torch.no_grad():
                kernel = torch_path.kept_kernel(self.weight, self.scale, self.groups)
            self._kept = (self._state_of_weight(), kernel)
        return self

    def _kept_kernel(self) -> Tensor | None:
        """The kept kernel if it may be used, made anew if the weight has changed."""
        if torch.compiler.is_compiling() or not self._can_keep():
            return None
        if torch.is_grad_enabled() and self.weight.requires_grad:
            return None
        if self._kept is None or not _same(self._kept[0], self._state_of_weight()):
            if self.training:  # the weight will soon change again
                self._kept = None
                return None
            self.prepare()
        return None if self._kept is None else self._kept[1]

    def _can_keep(self) -> bool:
        """Whether changes of the weight can be seen: not in inference tensors or in stand-ins for one."""
        return type(self.weight) is nn.Parameter and not self.weight.is_inference()

    def _state_of_weight(self) -> Any:
        weight = self.weight
        return (
            weakref.ref(weight),
            _STEPS.made,
            weight._version,
            weight.data_ptr(),
            weight.dtype,
            weight.device,
        )

    def train(self, mode: bool = True) -> "UpsampleConv2d":
        """Set the mode; evaluation makes the kernel, training drops it."""
        super().train(mode)
        self._kept = None
        return self if mode else self.prepare()

    def _apply(self, fn: Any, recurse: bool = True) -> "UpsampleConv2d":
        self._kept = None
        super()._apply(fn, recurse)  # type: ignore[no-untyped-call]
        return self

    def _load_from_state_dict(self, state_dict: dict[str, Any], prefix: str, *others: Any) -> None:
        self._kept = None
        for name in ("weight", "bias"):
            for pair in _PAIR_PREFIXES:
                if prefix + name not in state_dict and prefix + pair + name in state_dict:
                    state_dict[prefix + name] = state_dict.pop(prefix + pair + name)
        super()._load_from_state_dict(state_dict, prefix, *others)

    def __getstate__(self) -> dict[str, Any]:
        """Without the kept kernel: a copy makes its own, and a file need not hold it."""
        return {**self.__dict__, "_kept": None}

    def extra_repr(self) -> str:
        """Numbers as the constructor takes them."""
        text = f"{self.in_channels}, {self.out_channels}, scale={self.scale}, kernel_size={self.kernel_size}"
        return (
            text
            + (f", groups={self.groups}" if self.groups > 1 else "")
            + ("" if self.bias is not None else ", bias=False")
        )


def why_not(conv: nn.Conv2d) -> str | None:
    """The reason why a convolution cannot be this layer's, in a few words; None if it can."""
    k_h, k_w = conv.kernel_size
    if isinstance(conv.weight, nn.UninitializedParameter):
        return "its weight has no shape yet"
    if conv.stride != (1, 1):
        return f"its stride is {conv.stride}"
    if conv.dilation != (1, 1):
        return f"its dilation is {conv.dilation}"
    if k_h % 2 == 0 or k_w % 2 == 0:
        return f"its kernel size {k_h} × {k_w} is even"
    if conv.padding_mode != "zeros":
        return f"its padding_mode is {conv.padding_mode!r}"
    if conv.padding not in ("same", (k_h // 2, k_w // 2)):
        return f"its padding is {conv.padding}, not {(k_h // 2, k_w // 2)}"
    if conv.weight.is_complex():
        return f"its dtype is {conv.weight.dtype}"
    return None


def _same(kept: Any, now: Any) -> bool:
    return kept[0]() is now[0]() and bool(kept[1:] == now[1:])


def upsample_when_run(x: Any, *arguments: Any) -> Any:
    """One node of a graph that torch.fx traces: checks and the choice by shape are made when it runs."""
    if isinstance(x, torch.fx.Proxy):
        return x.tracer.create_proxy("call_function", upsample_when_run, (x, *arguments), {})
    return upsample_conv2d(x, *arguments)
