"""A convolution written out as a sparse matrix, whose transpose is the transposed convolution."""

import math
from typing import Any

import numpy as np
import numpy.typing as npt

from upsample_lib._arguments import PerAxis, integer, per_axis
from upsample_lib._convolution_checks import conv_geometry
from upsample_lib._paths import is_tensor

__all__ = ["conv_matrix"]


def conv_matrix(
    weight: npt.NDArray[Any],
    input_size: PerAxis,
    stride: PerAxis = 1,
    padding: PerAxis | str = 0,
    dilation: PerAxis = 1,
    groups: int = 1,
) -> Any:
    """The matrix C of a convolution: C @ x.ravel() is the convolution of x, flattened.

    C.T @ y.ravel() is the transposed convolution of y with the same weight, stride, padding and dilation.

    Parameters
    ----------
    weight : array, shape (C_out, C_in/groups, k, …)
        The kernels; the number of spatial axes, any number from 1 on, is taken from it.
    input_size : int or sequence of int
        Spatial size n of the input.
    stride, padding, dilation, groups
        As for `conv2d`.

    Returns
    -------
    scipy.sparse.csr_array, shape (C_out · ∏m, C_in · ∏n)
        A row for each output, in the order of y.ravel(), a column for each input. Taps that lie on the
        padding are left out; taps whose weight is 0 are stored.

    Convention: no flip, as in `conv2d`; x is (C_in, n, …) and y is (C_out, m, …), without a batch axis.

    Raises
    ------
    ImportError
        If SciPy is not installed.
    ValueError
        If the shapes do not fit each other or a number is out of range.
    TypeError
        If `weight` is not a NumPy array of numbers.

    References
    ----------
    V. Dumoulin, F. Visin, *A guide to convolution arithmetic for deep learning*, chapter 4.1,
    https://arxiv.org/abs/1603.07285

    Examples
    --------
    >>> conv_matrix(np.array([[[1, 2, 3]]]), 5, stride=2).toarray()
    array([[1, 2, 3, 0, 0],
           [0, 0, 1, 2, 3]])
    """
    try:
        from scipy.sparse import csr_array  # type: ignore[import-untyped, unused-ignore]
    except ImportError as error:
        raise ImportError(
            "conv_matrix needs SciPy; install it with: pip install 'upsample_lib[sparse]'"
        ) from error
    if not isinstance(weight, np.ndarray) or weight.dtype.kind not in "iufc":
        kind = f"dtype {weight.dtype}" if isinstance(weight, np.ndarray) else type(weight).__name__
        hint = "; convert it with weight.detach().numpy()" if is_tensor(weight) else ""
        raise TypeError(f"weight must be a NumPy array of numbers, got {kind}{hint}")
    axes = weight.ndim - 2
    if axes < 1 or 0 in weight.shape:
        raise ValueError(
            f"weight must have the shape (C_out, C_in/groups, k, …) without empty axes, got {weight.shape}"
        )
    groups = integer("groups", groups, 1)
    c_out, per_group, *kernel = weight.shape
    if c_out % groups:
        raise ValueError(f"groups must divide the {c_out} channels of axis 0 of weight, C_out, got {groups}")
    n = per_axis("input_size", input_size, axes, 1)
    layer = conv_geometry(n, tuple(kernel), stride, padding, dilation, groups)

    # along one axis, tap i of output o sees input s·o − p + d·i; (*m, *kernel) for all axes together
    seen = np.zeros((1,) * (2 * axes), np.int64)
    inside = np.ones((1,) * (2 * axes), bool)
    for axis, m in enumerate(layer.out_size):
        one_output = np.arange(m) * layer.stride[axis] - layer.before[axis]
        position = one_output[:, None] + np.arange(kernel[axis]) * layer.dilation[axis]
        shape = [1] * (2 * axes)
        shape[axis], shape[axes + axis] = position.shape
        position = position.reshape(shape)
        seen = seen * n[axis] + position
        inside = inside & (position >= 0) & (position < n[axis])
    outputs, inputs, taps = math.prod(layer.out_size), math.prod(n), math.prod(kernel)
    seen, inside = seen.reshape(outputs, 1, taps), inside.reshape(outputs, 1, taps)

    # one row for each (output channel, output), in it one entry for each (input channel, tap): already sorted
    full = (c_out, outputs, per_group, taps)
    channel = (np.arange(c_out) // (c_out // groups))[:, None] * per_group + np.arange(per_group)
    columns = channel[:, None, :, None] * inputs + seen
    stored = np.broadcast_to(inside, full)
    values = np.broadcast_to(weight.reshape(c_out, 1, per_group, taps), full)
    row_ends = np.cumsum(stored.sum(axis=(2, 3)).ravel())
    return csr_array(
        (values[stored], columns[stored], np.concatenate([[0], row_ends])),
        shape=(c_out * outputs, groups * per_group * inputs),
    )
