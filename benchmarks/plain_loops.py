"""The operations as one first writes them down: a loop for every index. What the library is compared with."""

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]


def conv_transpose2d(x: Floats, weight: Floats, stride: int, padding: int) -> Floats:
    n_samples, channels, height, width = x.shape
    _, out_channels, k, _ = weight.shape
    full = np.zeros(
        (n_samples, out_channels, (height - 1) * stride + k, (width - 1) * stride + k), dtype=x.dtype
    )
    for n in range(n_samples):
        for c in range(channels):
            for o in range(out_channels):
                for i in range(height):
                    for j in range(width):
                        for u in range(k):
                            for v in range(k):
                                full[n, o, i * stride + u, j * stride + v] += (
                                    x[n, c, i, j] * weight[c, o, u, v]
                                )
    return full[:, :, padding : full.shape[2] - padding, padding : full.shape[3] - padding]


def max_pool2d(x: Floats, k: int) -> tuple[Floats, NDArray[np.int64]]:
    n_samples, channels, height, width = x.shape
    values = np.empty((n_samples, channels, height // k, width // k), x.dtype)
    indices = np.empty(values.shape, np.int64)
    for n, c, i, j in np.ndindex(values.shape):
        window = x[n, c, i * k : i * k + k, j * k : j * k + k]
        u, v = divmod(int(window.argmax()), k)
        values[n, c, i, j] = window[u, v]
        indices[n, c, i, j] = (i * k + u) * width + j * k + v
    return values, indices


def bilinear_doubling(x: Floats) -> Floats:
    n_samples, channels, height, width = x.shape
    out = np.empty((n_samples, channels, 2 * height, 2 * width), x.dtype)
    for n, c, i, j in np.ndindex(out.shape):
        u, v = max(i / 2 - 0.25, 0), max(j / 2 - 0.25, 0)
        top, left = int(u), int(v)
        bottom, right = min(top + 1, height - 1), min(left + 1, width - 1)
        a, b = u - top, v - left
        upper = (1 - b) * x[n, c, top, left] + b * x[n, c, top, right]
        lower = (1 - b) * x[n, c, bottom, left] + b * x[n, c, bottom, right]
        out[n, c, i, j] = (1 - a) * upper + a * lower
    return out
