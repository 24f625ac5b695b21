"""Read a model and list the layers that will leave a checkerboard, lose a size or move the pixel grid."""

from collections.abc import Iterator, Sequence
from math import prod
from typing import Any

from torch import Tensor, nn

from upsample_lib.nn._artifact_rules import (
    Numbers,
    moved_grid,
    phase_difference,
    shuffle_phase_difference,
    uneven_overlap,
    uneven_repetition,
)
from upsample_lib.nn._finding import Finding, Kind
from upsample_lib.nn._size_rules import shown, size_findings
from upsample_lib.nn._size_trace import Call, Run, run

__all__ = ["Finding", "audit"]

_TRANSPOSED = (nn.ConvTranspose1d, nn.ConvTranspose2d, nn.ConvTranspose3d)


def audit(
    model: nn.Module, input_size: Sequence[int] | None = None, *, weights: bool = False
) -> list[Finding]:
    """List the layers of a model that will leave a checkerboard or lose a size, with a clean setting.

    From the modules alone:

    - transposed convolutions whose overlap is uneven in the interior (see `overlap_is_even`) and whose weight
      does not make up for that: "checkerboard";
    - nearest upsampling by a factor that is no whole number: "checkerboard";
    - interpolation with align_corners=True: "alignment".

    With `input_size` the model is run on zeros, in evaluation mode; its parameters, buffers and modes stay as
    they are. The calls of `torch.nn.functional` in its forward methods are then judged by the same rules, and

    - max-unpooling into another size than its indices come from: "size";
    - if the model fails, or upsamples and does not give back its input's size (or a multiple of it): the
      strided layers on sizes that their stride does not divide, paired with the upsampling that should undo
      them, and the transposed convolutions that miss the size of their level: "size". A model that pads,
      crops or resizes its maps to fit, and one whose output stays smaller than its input, is left in peace.

    A clean report is no promise. Borders always differ; an even overlap can still leave a checkerboard, since
    the weights of the phases are free; with `weights=True` layers whose *present* weights do so are listed
    too. That is usual for freshly initialised and for trained layers, and says how strong the pattern is, not
    that it hurts. Strided convolutions whose kernel size is no multiple of the stride put the same pattern
    into gradients with respect to their input; they are so common that they are not listed.

    Parameters
    ----------
    model : nn.Module
    input_size : sequence of int, optional
        Shape of one batch, such as (1, 3, 64, 64), as the model's only argument.
    weights : bool
        Also measure how unequally the phases of transposed convolutions, and with `input_size` those of
        convolutions before a pixel shuffle, answer a constant input.

    Returns
    -------
    list of Finding
        In the order of the modules, then of the calls; empty for a clean model. Each prints as one line.

    Raises
    ------
    TypeError
        If model is not a module.
    Exception
        What the model itself raises on this input size, when no finding explains it.

    References
    ----------
    Odena, Dumoulin, Olah, "Deconvolution and Checkerboard Artifacts",
    https://distill.pub/2016/deconv-checkerboard

    Examples
    --------
    >>> up = nn.ConvTranspose2d(3, 3, kernel_size=3, stride=2, padding=1, output_padding=1)
    >>> for finding in audit(nn.Sequential(nn.MaxPool2d(2), up), input_size=(1, 3, 33, 32)):
    ...     print(finding.name, finding.kind)
    ...     print("   ", finding.suggestion)
    1 checkerboard
        use kernel_size=4, padding=1, output_padding=0 for the same output size
    0 size
        make this size a multiple of 2, such as 34; on 34 × 32 the model loses none
    """
    if not isinstance(model, nn.Module):
        raise TypeError(f"model must be a torch.nn.Module, got {type(model).__name__}")
    findings = list(_from_modules(model, weights))
    if input_size is not None:
        seen = {(finding.name, finding.kind) for finding in findings}
        trace = run(model, input_size)
        called = [
            f for call in trace.calls for f in _from_call(call, weights) if (f.name, f.kind) not in seen
        ]
        sizes = size_findings(trace, tuple(input_size[2:]))
        if trace.error is not None and not sizes:
            raise trace.error
        findings += called + _with_a_size_that_works(model, tuple(input_size), trace, sizes)
    return list(dict.fromkeys(findings))


def _from_modules(model: nn.Module, weights: bool) -> Iterator[Finding]:
    for name, module in model.named_modules():
        layer = type(module).__name__
        if isinstance(module, _TRANSPOSED) and not isinstance(module.weight, nn.UninitializedParameter):
            numbers: Any = (module.stride, module.padding, module.output_padding, module.dilation)
            yield from _transposed(name, layer, module.weight, numbers, weights)
        elif isinstance(module, nn.Upsample):
            factor = module.scale_factor
            factors = factor if isinstance(factor, tuple) else () if factor is None else (factor,)
            yield from _interpolation(name, layer, module.mode, module.align_corners, factors)


def _from_call(call: Call, weights: bool) -> Iterator[Finding]:
    if call.family == "conv_transpose":
        numbers = (
            call.stride,
            call.per_axis("padding", 0),
            call.per_axis("output_padding", 0),
            call.per_axis("dilation", 1),
        )
        yield from _transposed(call.module, call.layer, call.arguments["weight"], numbers, weights)
    elif call.family == "interpolate" and call.after is not None:
        mode, factor = call.arguments.get("mode", "nearest"), call.arguments.get("scale_factor")
        if factor is None:
            factors = tuple(_factor(m, n) for m, n in zip(call.after, call.before))
        else:
            factors = tuple(factor) if isinstance(factor, Sequence) else (factor,)
        yield from _interpolation(call.module, call.layer, mode, call.arguments.get("align_corners"), factors)
    elif call.family == "pixel_shuffle" and weights and call.source is not None:
        difference = shuffle_phase_difference(call.source, call.arguments["upscale_factor"])
        if difference:
            yield Finding(call.module, call.layer, "checkerboard", *_unequal_phases(difference, "icnr_"))


def _factor(m: int, n: int) -> float:
    """m/n; a whole number where m is a whole multiple of n cut to fit an odd size."""
    whole = max(1, -(-m // n))
    return whole if 0 <= whole * n - m < whole else m / n


def _transposed(
    name: str,
    layer: str,
    weight: Tensor,
    numbers: tuple[Numbers, Numbers, Numbers, Numbers],
    weights: bool,
) -> Iterator[Finding]:
    kind: Kind = "checkerboard"
    stride, dilation = numbers[0], numbers[-1]
    found = uneven_overlap(weight, *numbers)
    if found is not None:
        yield Finding(name, layer, kind, *found)
    elif weights and max(stride) > 1 and (difference := phase_difference(weight, stride, dilation)):
        yield Finding(name, layer, kind, *_unequal_phases(difference, "bilinear_"))


def _unequal_phases(difference: float, initializer: str) -> tuple[str, str]:
    return (
        f"with its present weights the phases answer a constant input {difference:.0%} differently",
        f"initialise it with {initializer}, or blur after it",
    )


def _interpolation(
    name: str, layer: str, mode: str, align_corners: bool | None, factors: tuple[float, ...]
) -> Iterator[Finding]:
    if found := moved_grid(mode, align_corners):
        yield Finding(name, layer, "alignment", *found)
    if found := uneven_repetition(mode, factors):
        yield Finding(name, layer, "checkerboard", *found)


def _with_a_size_that_works(
    model: nn.Module, input_size: tuple[int, ...], trace: Run, findings: list[Finding]
) -> list[Finding]:
    """Add the next larger input size to the findings, if a run on it shows that it is clean."""
    depth = prod({(c.before, c.after): max(c.stride) for c in trace.calls if c.goes_down}.values())
    larger = tuple(n + -n % depth for n in input_size[2:])
    if not findings or larger == input_size[2:]:
        return findings
    second = run(model, (*input_size[:2], *larger))
    if second.error is not None or size_findings(second, larger):
        return findings
    hint = f"; on {shown(larger)} the model loses none"
    return [Finding(f.name, f.layer, f.kind, f.reason, f.suggestion + hint) for f in findings]
