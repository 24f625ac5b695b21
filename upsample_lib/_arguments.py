"""Checks that several operations share: one clear sentence with argument, value and what is allowed."""

import operator
from collections.abc import Collection, Sequence
from typing import Any, SupportsIndex

PerAxis = int | Sequence[int]


def integer(name: str, value: SupportsIndex, at_least: int) -> int:
    """`value` as an int, refused when it is not a whole number or is smaller than `at_least`."""
    try:
        if isinstance(value, bool):  # True would pass for 1; torch refuses it too
            raise TypeError
        number = operator.index(value)
    except TypeError:
        raise TypeError(f"{name} must be an integer, got {value!r}") from None
    if number < at_least:
        raise ValueError(f"{name} must be ≥ {at_least}, got {number}")
    return number


def per_axis(name: str, value: PerAxis, axes: int, at_least: int) -> tuple[int, ...]:
    """One integer for each spatial axis: an int is repeated, a sequence has one entry or one per axis."""
    if not isinstance(value, Sequence):
        return (integer(name, value, at_least),) * axes
    if len(value) not in (1, axes):
        raise ValueError(f"{name} must be an integer or {axes} integers, got {tuple(value)}")
    numbers = tuple(integer(name, v, at_least) for v in value)
    return numbers * axes if len(numbers) == 1 else numbers


def batched(name: str, shape: Sequence[int], axes: int) -> None:
    """Refuse a shape that is neither (C, *sizes) nor (N, C, *sizes) with `axes` sizes; only N may be 0."""
    sizes = ", ".join(("D", "H", "W")[3 - axes :] if axes > 1 else "L")
    if len(shape) not in (axes + 1, axes + 2):
        raise ValueError(f"{name} must have the shape (C, {sizes}) or (N, C, {sizes}), got {tuple(shape)}")
    if 0 in shape[len(shape) - axes - 1 :]:
        raise ValueError(f"{name} must have no empty axis except the batch, got the shape {tuple(shape)}")


def trailing_axes(shape: Sequence[int], **arguments: PerAxis | None) -> int:
    """How many of the last axes are spatial: one for each entry of an argument, or all after (N, C, …)."""
    for name, value in arguments.items():
        if isinstance(value, Sequence):
            if not 1 <= len(value) <= min(3, len(shape)):
                raise ValueError(
                    f"{name} must have one entry for each of the last 1 to 3 axes of the shape "
                    f"{tuple(shape)}, got {tuple(value)}"
                )
            return len(value)
    if not 3 <= len(shape) <= 5:
        name = next(iter(arguments))
        raise ValueError(
            f"input must have the shape (N, C, …) with 1 to 3 spatial axes, got {tuple(shape)}; "
            f"for other shapes give {name} one entry for each spatial axis, such as (2, 2)"
        )
    return len(shape) - 2


def dtype_among(name: str, array: Any, allowed: Collection[str], operation: str) -> None:
    """Refuse a dtype that torch does not compute; what an accelerator computes is left to torch."""
    dtype = getattr(array.dtype, "name", None) or str(array.dtype).removeprefix("torch.")
    if dtype in allowed or getattr(array.device, "type", "cpu") != "cpu":
        return
    raise TypeError(
        f"{name} of {operation} must be of dtype {', '.join(allowed)}, got {dtype}; "
        f"convert it with {name}.astype(numpy.float32) or {name}.to(torch.float32)"
    )
