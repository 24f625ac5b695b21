"""Sizes along one axis: what comes out of a layer, what could have gone in, which layers take n to m.

Symbols: n input size, m output size, k kernel_size, s stride, p padding, d dilation, a output_padding. A
kernel with dilation d spans d(k−1) + 1 pixels. A layer with several axes follows the same rule on each.
"""

from typing import NamedTuple

from upsample_lib._arguments import integer

__all__ = [
    "TransposedSetting",
    "conv_input_sizes",
    "conv_output_size",
    "conv_transpose_output_size",
    "output_padding_for",
    "pool_output_size",
    "transposed_settings",
]


def check_layer(
    n: int, kernel_size: int, stride: int, padding: int, dilation: int, n_name: str = "n"
) -> None:
    integer(n_name, n, 1)
    integer("kernel_size", kernel_size, 1)
    integer("stride", stride, 1)
    integer("padding", padding, 0)
    integer("dilation", dilation, 1)


def conv_output_size(n: int, kernel_size: int, stride: int = 1, padding: int = 0, dilation: int = 1) -> int:
    """Output size of a convolution: ⌊(n + 2p − d(k−1) − 1) / s⌋ + 1.

    Parameters
    ----------
    n : int
        Input size.
    kernel_size, stride, padding, dilation : int
        The layer, along this axis; `padding` pixels are added on both sides.

    Returns
    -------
    int
        Number of kernel positions that fit.

    Raises
    ------
    ValueError
        If the kernel does not fit into the padded input.

    References
    ----------
    V. Dumoulin, F. Visin, *A guide to convolution arithmetic for deep learning*,
    https://arxiv.org/abs/1603.07285

    Examples
    --------
    >>> [conv_output_size(n, 5, stride=3, padding=2) for n in (15, 16, 17, 18, 19)]
    [5, 6, 6, 6, 7]
    """
    check_layer(n, kernel_size, stride, padding, dilation)
    room = n + 2 * padding - dilation * (kernel_size - 1) - 1
    if room < 0:
        raise ValueError(
            f"kernel_size must span at most the padded input: {n} + 2·{padding} pixels, "
            f"got {kernel_size} with dilation {dilation}, which spans {dilation * (kernel_size - 1) + 1}"
        )
    return room // stride + 1


def pool_output_size(
    n: int,
    kernel_size: int,
    stride: int | None = None,
    padding: int = 0,
    dilation: int = 1,
    ceil_mode: bool = False,
) -> int:
    """Output size of a pooling layer: the convolution's, or with `ceil_mode` the last, incomplete window too.

    Parameters
    ----------
    n : int
        Input size.
    kernel_size : int
        The window, along this axis.
    stride : int, optional
        Step between windows, by default `kernel_size`.
    padding, dilation : int
        As in the pooling functions, along this axis.
    ceil_mode : bool
        Round up instead of down.

    Returns
    -------
    int
        Number of windows.

    Convention: with `ceil_mode` a window may hang over the right edge, but it must start inside the input or
    the left padding; one that would start in the right padding is dropped, as PyTorch does.

    Raises
    ------
    ValueError
        If no window fits, or `padding` is more than half of `kernel_size`.

    References
    ----------
    https://docs.pytorch.org/docs/stable/generated/torch.nn.MaxPool2d.html

    Examples
    --------
    >>> pool_output_size(5, 2), pool_output_size(5, 2, ceil_mode=True)
    (2, 3)
    """
    stride = kernel_size if stride is None else stride
    check_layer(n, kernel_size, stride, padding, dilation)
    span = dilation * (kernel_size - 1) + 1
    if padding > kernel_size // 2:
        raise ValueError(f"padding must be ≤ half of kernel_size {kernel_size}, got {padding}")
    room = n + 2 * padding - span
    m = (-(-room // stride) if ceil_mode else room // stride) + 1
    if ceil_mode and (m - 1) * stride >= n + padding:
        m -= 1
    if m < 1:
        raise ValueError(
            f"kernel_size must span at most the padded input: {n} + 2·{padding} pixels, "
            f"got {kernel_size} with dilation {dilation}, which spans {span}"
        )
    return m


def conv_transpose_output_size(
    n: int, kernel_size: int, stride: int = 1, padding: int = 0, output_padding: int = 0, dilation: int = 1
) -> int:
    """Output size of a transposed convolution: (n−1)s − 2p + d(k−1) + a + 1.

    Parameters
    ----------
    n : int
        Input size.
    kernel_size, stride, padding, output_padding, dilation : int
        The layer, along this axis. `padding` crops the output; `output_padding` crops less at its end.

    Returns
    -------
    int
        Output size.

    Raises
    ------
    ValueError
        If `output_padding` is not smaller than stride or dilation, or nothing is left after the crop.

    References
    ----------
    https://docs.pytorch.org/docs/stable/generated/torch.nn.ConvTranspose2d.html

    Examples
    --------
    >>> conv_transpose_output_size(16, 4, stride=2, padding=1)
    32
    >>> conv_transpose_output_size(16, 3, stride=2, padding=1, output_padding=1)
    32
    """
    check_layer(n, kernel_size, stride, padding, dilation)
    integer("output_padding", output_padding, 0)
    if output_padding >= max(stride, dilation):
        raise ValueError(
            f"output_padding must be smaller than stride {stride} or dilation {dilation}, "
            f"got {output_padding}"
        )
    m = (n - 1) * stride - 2 * padding + dilation * (kernel_size - 1) + output_padding + 1
    if m < 1:
        raise ValueError(f"padding must leave an output of at least 1 pixel, got {padding}, which leaves {m}")
    return m


def conv_input_sizes(m: int, kernel_size: int, stride: int = 1, padding: int = 0, dilation: int = 1) -> range:
    """All input sizes that one convolution takes to the same output size m.

    The floor in `conv_output_size` makes s neighbouring sizes collide: the output does not tell which of them
    it came from. The `output_padding` of a transposed convolution that goes back says which one is meant.

    Parameters
    ----------
    m : int
        Output size of the convolution.
    kernel_size, stride, padding, dilation : int
        The convolution, along this axis.

    Returns
    -------
    range
        The input sizes, smallest first: `stride` of them, fewer where the smallest would be below 1.

    Raises
    ------
    ValueError
        If no input gives this output.

    Examples
    --------
    >>> list(conv_input_sizes(6, 5, stride=3, padding=2))
    [16, 17, 18]
    """
    check_layer(m, kernel_size, stride, padding, dilation, n_name="m")
    smallest = (m - 1) * stride - 2 * padding + dilation * (kernel_size - 1) + 1
    sizes = range(max(smallest, 1), smallest + stride)
    if not sizes:
        raise ValueError(
            f"m must be reachable from an input of at least 1 pixel, got {m}: "
            f"the padding of {padding} alone gives more outputs than that"
        )
    return sizes


def output_padding_for(
    n: int, m: int, kernel_size: int, stride: int = 1, padding: int = 0, dilation: int = 1
) -> int:
    """The `output_padding` with which a transposed convolution takes n to the wanted size m.

    Parameters
    ----------
    n, m : int
        Input size and wanted output size.
    kernel_size, stride, padding, dilation : int
        The transposed convolution, along this axis.

    Returns
    -------
    int
        The `output_padding`.

    Raises
    ------
    ValueError
        If no allowed `output_padding` gives m; the sentence says which sizes can be had.

    Examples
    --------
    >>> [output_padding_for(6, m, 5, stride=3, padding=2) for m in (16, 17, 18)]
    [0, 1, 2]
    """
    check_layer(n, kernel_size, stride, padding, dilation)
    integer("m", m, 1)
    smallest = (n - 1) * stride - 2 * padding + dilation * (kernel_size - 1) + 1
    largest = smallest + max(stride, dilation) - 1
    if not smallest <= m <= largest:
        raise ValueError(
            f"m must be between {max(smallest, 1)} and {largest} for n = {n} and this layer, got {m}"
            if largest >= 1
            else f"padding must leave an output of at least 1 pixel, got {padding}"
        )
    return m - smallest


class TransposedSetting(NamedTuple):
    """One setting of a transposed convolution along one axis."""

    kernel_size: int
    stride: int
    padding: int
    output_padding: int
    dilation: int

    def output_size(self, n: int) -> int:
        """Output size for input size n."""
        return conv_transpose_output_size(n, *self)

    @property
    def even_overlap(self) -> bool:
        """Whether all output pixels away from the border get equally many taps (else: a checkerboard)."""
        taps = [0] * self.stride
        for i in range(self.kernel_size):
            taps[self.dilation * i % self.stride] += 1
        return len(set(taps)) == 1


def transposed_settings(
    n: int,
    m: int,
    max_kernel: int,
    *,
    max_stride: int | None = None,
    max_dilation: int = 1,
    crop: bool = False,
) -> list[TransposedSetting]:
    """All settings of a transposed convolution that take size n to size m.

    Parameters
    ----------
    n, m : int
        Input and output size.
    max_kernel : int
        Largest `kernel_size` to try.
    max_stride : int, optional
        Largest stride to try, by default `max_kernel`: a larger stride leaves outputs that no kernel reaches.
    max_dilation : int
        Largest dilation to try. A kernel of size 1 has nothing to dilate and is listed with dilation 1 only.
    crop : bool
        Also list settings with p > d(k−1), which throw away outputs that depend on the input.

    Returns
    -------
    list of TransposedSetting
        In order of kernel_size, stride, dilation, padding; empty when there are none.

    Convention: seen as zero insertion followed by a convolution, the layer pads the spread-out input by
    d(k−1) − p; without `crop` that number is not negative. output_padding < max(s, d), as PyTorch demands.

    Raises
    ------
    ValueError
        If a size or bound is smaller than 1.

    Examples
    --------
    >>> for setting in transposed_settings(16, 32, max_kernel=4):
    ...     print(*setting, setting.even_overlap)
    1 2 0 1 1 False
    2 2 0 0 1 True
    3 2 1 1 1 False
    4 2 1 0 1 True
    """
    integer("n", n, 1)
    integer("m", m, 1)
    integer("max_kernel", max_kernel, 1)
    integer("max_dilation", max_dilation, 1)
    max_stride = max_kernel if max_stride is None else integer("max_stride", max_stride, 1)
    found = []
    for k in range(1, max_kernel + 1):
        for s in range(1, max_stride + 1):
            for d in range(1, (max_dilation if k > 1 else 1) + 1):
                reach = d * (k - 1)
                for a in range(max(s, d)):
                    twice_p = (n - 1) * s + reach + a + 1 - m
                    if twice_p >= 0 and twice_p % 2 == 0 and (crop or twice_p <= 2 * reach):
                        found.append(TransposedSetting(k, s, twice_p // 2, a, d))
    return found
