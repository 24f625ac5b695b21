"""Functions that the chapter and the library offer ready-made: calling one of them is no solution."""

_TORCH = "torch.nn.functional"


def transposed(axes: int) -> tuple[str, ...]:
    """All that computes a transposed convolution along `axes` axes; the notebook's names are plain."""
    derived = tuple(f"{way}{axes}d" for way in ("scatter", "recipe", "matrix", "gradient"))
    layers = tuple(f"conv_transpose{n}d" for n in (1, 2, 3))
    return (
        *derived,
        *(f"upsample_lib.derivations.{name}" for name in derived),
        *(f"upsample_lib.{name}" for name in layers),
        *(f"{_TORCH}.{name}" for name in layers),
        *(f"torch.{name}" for name in layers),
    )
