"""Stored timings: what `make bench` and `make bench-gpu` measured, with machine, versions and date."""

import json
from importlib import resources
from typing import Any

__all__ = ["RESULTS", "stored"]

RESULTS = resources.files("upsample_lib.timings") / "results"


def stored(name: str) -> dict[str, Any] | None:
    """Read one of the stored measurements.

    Parameters
    ----------
    name : str
        "operations" (the NumPy path against others), "upsample_convolution" (`upsample_conv2d` against the
        pair that it equals, on a CPU) or "gpu" (the same on a GPU).

    Returns
    -------
    dict or None
        None where nobody has stored a measurement of that name yet.

    Examples
    --------
    >>> sorted(stored("operations")["versions"])[:3]
    ['numpy', 'opencv-python-headless', 'python']
    >>> stored("of a machine that nobody has") is None
    True
    """
    file = RESULTS / f"{name}.json"
    if not file.is_file():
        return None
    found: dict[str, Any] = json.loads(file.read_text(encoding="utf-8"))
    return found
