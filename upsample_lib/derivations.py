"""Transposed convolution four ways, each as short as the maths.

These functions are for reading: chapter 5 of the course shows them in full and proves that they are one
operation. For work, use `upsample_lib.conv_transpose2d`.

Symbols: `x` input, `w` kernel, `s` stride, `p` padding, `a` output padding, `d` dilation; n, k and m are the
sizes of input, kernel and output. In one dimension there is a single channel. In two dimensions `x` is
(C_in, n, n) and `w` is (C_in, C_out, k, k); height and width may differ. Along each axis
m = (n − 1)s − 2p + d(k − 1) + a + 1. Results are in float64.

Source: V. Dumoulin and F. Visin, A guide to convolution arithmetic for deep learning,
https://arxiv.org/abs/1603.07285
"""

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[np.float64]
Indices = npt.NDArray[np.int64]


def output_size(n: int, k: int, s: int = 1, p: int = 0, a: int = 0, d: int = 1) -> int:
    """Size of the output along one axis."""
    return (n - 1) * s - 2 * p + d * (k - 1) + a + 1


def correlate1d(x: Array, w: Array, s: int = 1, p: int = 0, d: int = 1) -> Array:
    """Convolution as neural networks mean it: the kernel is not flipped."""
    x = np.pad(x, p)
    span = d * (len(w) - 1) + 1
    starts = range(0, len(x) - span + 1, s)
    return np.array([x[i : i + span : d] @ w for i in starts])


def correlate2d(x: Array, w: Array, s: int = 1, p: int = 0, d: int = 1) -> Array:
    """Convolution of (C_in, n, n) with a kernel (C_out, C_in, k, k)."""
    x = np.pad(x, ((0, 0), (p, p), (p, p)))
    span = tuple(d * (k - 1) + 1 for k in w.shape[2:])
    windows = np.lib.stride_tricks.sliding_window_view(x, span, axis=(1, 2))[:, ::s, ::s, ::d, ::d]
    y: Array = np.einsum("cijuv,ocuv->oij", windows, w)
    return y


def scatter1d(x: Array, w: Array, s: int = 1, p: int = 0, a: int = 0, d: int = 1) -> Array:
    """Way 1, stamp and add: each input value leaves a scaled copy of the kernel."""
    span = d * (len(w) - 1) + 1
    y = np.zeros((len(x) - 1) * s + span + a)
    for i in range(len(x)):
        y[i * s : i * s + span : d] += x[i] * w
    return y[p : len(y) - p]


def scatter2d(x: Array, w: Array, s: int = 1, p: int = 0, a: int = 0, d: int = 1) -> Array:
    """Way 1 in two dimensions: each input pixel stamps its kernel into every output channel."""
    _, height, width = x.shape
    rows, columns = (d * (k - 1) + 1 for k in w.shape[2:])
    sizes = (height - 1) * s + rows + a, (width - 1) * s + columns + a
    y = np.zeros((w.shape[1], *sizes))
    for i, j in np.ndindex(height, width):
        stamp = np.tensordot(x[:, i, j], w, axes=1)
        down, right = i * s, j * s
        y[:, down : down + rows : d, right : right + columns : d] += stamp
    return y[:, p : y.shape[1] - p, p : y.shape[2] - p]


def zeros_between(x: Array, s: int) -> Array:
    """Insert s − 1 zeros between neighbours along the last axis."""
    y = np.zeros((*x.shape[:-1], (x.shape[-1] - 1) * s + 1))
    y[..., ::s] = x
    return y


def pad_or_crop(x: Array, before: int, after: int) -> Array:
    """Pad the last axis with zeros; a negative number crops instead."""
    sides = max(before, 0), max(after, 0)
    x = np.pad(x, [(0, 0)] * (x.ndim - 1) + [sides])
    return x[..., max(-before, 0) : x.shape[-1] - max(-after, 0)]


def recipe1d(x: Array, w: Array, s: int = 1, p: int = 0, a: int = 0, d: int = 1) -> Array:
    """Way 2, the recipe: insert s − 1 zeros, pad by d(k − 1) − p, flip the kernel, slide it with stride 1."""
    q = d * (len(w) - 1) - p
    z = pad_or_crop(zeros_between(x, s), q, q + a)
    return correlate1d(z, w[::-1], d=d)


def recipe2d(x: Array, w: Array, s: int = 1, p: int = 0, a: int = 0, d: int = 1) -> Array:
    """Way 2 in two dimensions: flip both axes of the kernel and swap its two channel axes."""
    z = x
    for k in w.shape[2:]:  # one axis, then the other: transposing brings each to the end
        q = d * (k - 1) - p
        z = pad_or_crop(zeros_between(z.transpose(0, 2, 1), s), q, q + a)
    return correlate2d(z, w.swapaxes(0, 1)[:, :, ::-1, ::-1], d=d)


def wires(n: int, k: int, s: int = 1, p: int = 0, a: int = 0, d: int = 1) -> Array:
    """Return the 0/1 table T[i, u, q]: tap u joins input position i to output position q."""
    m = output_size(n, k, s, p, a, d)
    i, u, q = np.ogrid[:n, :k, :m]
    return np.where(q == i * s + u * d - p, 1.0, 0.0)


def conv_matrix1d(n: int, w: Array, s: int = 1, p: int = 0, a: int = 0, d: int = 1) -> Array:
    """Return the n × m matrix C of the convolution that takes m values to n."""
    return w @ wires(n, len(w), s, p, a, d)


def matrix1d(x: Array, w: Array, s: int = 1, p: int = 0, a: int = 0, d: int = 1) -> Array:
    """Way 3, the matrix: Cᵀx."""
    return conv_matrix1d(len(x), w, s, p, a, d).T @ x


def matrix2d(x: Array, w: Array, s: int = 1, p: int = 0, a: int = 0, d: int = 1) -> Array:
    """Way 3 in two dimensions: the same matrix, with (channel, row, column) as its row and column number."""
    rows, columns = (wires(n, k, s, p, a, d) for n, k in zip(x.shape[1:], w.shape[2:]))
    matrix = np.einsum("iuq,jvr,couv->cijoqr", rows, columns, w).reshape(x.size, -1)
    y: Array = matrix.T @ x.ravel()
    return y.reshape(-1, rows.shape[2], columns.shape[2])


def gradient1d(x: Array, w: Array, s: int = 1, p: int = 0, a: int = 0, d: int = 1) -> Array:
    """Way 4, the gradient of convolution: `x` is ∂L/∂y, the result ∂L/∂(input) by the chain rule."""
    y = np.zeros(output_size(len(x), len(w), s, p, a, d))
    for u in range(len(w)):
        i, rest = np.divmod(np.arange(len(y)) + p - u * d, s)
        fed = (rest == 0) & (i >= 0) & (i < len(x))
        y[fed] += x[i[fed]] * w[u]
    return y


def gradient2d(x: Array, w: Array, s: int = 1, p: int = 0, a: int = 0, d: int = 1) -> Array:
    """Way 4 in two dimensions: the chain rule along rows and along columns, summed over channels."""
    sizes = tuple(output_size(n, k, s, p, a, d) for n, k in zip(x.shape[1:], w.shape[2:]))
    y = np.zeros((w.shape[1], *sizes))
    for u, v in np.ndindex(w.shape[2:]):
        (i, fed_i), (j, fed_j) = (_fed(m, n, t, s, p, d) for m, n, t in zip(sizes, x.shape[1:], (u, v)))
        y[np.ix_(np.arange(len(y)), fed_i, fed_j)] += np.einsum(
            "cij,co->oij", x[:, i][:, :, j], w[:, :, u, v]
        )
    return y


def _fed(m: int, n: int, u: int, s: int, p: int, d: int) -> tuple[Indices, Indices]:
    """Return where tap u reads (positions among n) and which of the m outputs it feeds."""
    i, rest = np.divmod(np.arange(m) + p - u * d, s)
    fed = (rest == 0) & (i >= 0) & (i < n)
    return i[fed], np.flatnonzero(fed)
