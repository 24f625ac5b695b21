"""Sub-pixel rearrangement: channels become pixels and back, without arithmetic."""

from typing import Any, TypeVar

import numpy as np

from upsample_lib._arguments import integer
from upsample_lib._paths import on_torch
from upsample_lib._windows import blocks

A = TypeVar("A")  # an array or a tensor: what comes in goes out


def pixel_shuffle(input: A, upscale_factor: int) -> A:
    """Turn each group of r² channels into one channel with r × r times the pixels.

    Parameters
    ----------
    input : array or tensor, (…, C·r², H, W)
        Any dtype; any axes before the channels, or none.
    upscale_factor : int
        r, at least 1.

    Returns
    -------
    array or tensor, (…, C, H·r, W·r)

    Convention: output pixel (r·y + a, r·x + b) of channel c is pixel (y, x) of input channel c·r² + a·r + b,
    the order that ONNX calls CRD. TensorFlow orders the channels otherwise: see `depth_to_space`.

    Raises
    ------
    ValueError
        If there are fewer than three axes, the factor is below 1, or r² does not divide the channels.
    TypeError
        If the factor is not an integer.

    References
    ----------
    W. Shi et al., Real-Time Single Image and Video Super-Resolution Using an Efficient Sub-Pixel
    Convolutional Neural Network, 2016, https://arxiv.org/abs/1609.05158

    Examples
    --------
    >>> pixel_shuffle(np.array([[[1]], [[2]], [[3]], [[4]]]), 2)
    array([[[1, 2],
            [3, 4]]])
    """
    return _to_space(input, "upscale_factor", upscale_factor, "CRD")


def pixel_unshuffle(input: A, downscale_factor: int) -> A:
    """Turn each r × r cell of pixels into r² channels: the inverse of `pixel_shuffle`.

    Parameters
    ----------
    input : array or tensor, (…, C, H·r, W·r)
        Any dtype; any axes before the channels, or none.
    downscale_factor : int
        r, at least 1.

    Returns
    -------
    array or tensor, (…, C·r², H, W)

    Convention: the order of `pixel_shuffle`.

    Raises
    ------
    ValueError
        If there are fewer than three axes, the factor is below 1, or it does not divide height and width.
    TypeError
        If the factor is not an integer.

    References
    ----------
    https://docs.pytorch.org/docs/stable/generated/torch.nn.functional.pixel_unshuffle.html

    Examples
    --------
    >>> pixel_unshuffle(np.array([[[1, 2], [3, 4]]]), 2).ravel()
    array([1, 2, 3, 4])
    """
    return _to_depth(input, "downscale_factor", downscale_factor, "CRD")


def depth_to_space(input: A, block_size: int, mode: str = "DCR") -> A:
    """Move channels into r × r cells of pixels, in either of the two orders that frameworks use.

    Parameters
    ----------
    input : array or tensor, (…, C·r², H, W)
        Any dtype; any axes before the channels, or none.
    block_size : int
        r, at least 1.
    mode : "DCR" or "CRD"
        Which channel holds pixel (a, b) of the cell of output channel c. "DCR" (depth, column, row:
        TensorFlow, the default of ONNX): (a·r + b)·C + c. "CRD" (column, row, depth: PyTorch):
        c·r² + a·r + b.

    Returns
    -------
    array or tensor, (…, C, H·r, W·r)

    Convention: channels come before pixels (NCHW). "CRD" is `pixel_shuffle`; for C = 1 the two are the same.

    Raises
    ------
    ValueError
        As `pixel_shuffle`, and if `mode` is another word.
    TypeError
        If the block size is not an integer.

    References
    ----------
    https://onnx.ai/onnx/operators/onnx__DepthToSpace.html

    Examples
    --------
    >>> x = np.arange(8).reshape(8, 1, 1)
    >>> depth_to_space(x, 2)[0]
    array([[0, 2],
           [4, 6]])
    >>> depth_to_space(x, 2, mode="CRD")[0]
    array([[0, 1],
           [2, 3]])
    """
    return _to_space(input, "block_size", block_size, mode)


def space_to_depth(input: A, block_size: int, mode: str = "DCR") -> A:
    """Move r × r cells of pixels into channels: the inverse of `depth_to_space` in the same mode.

    Parameters
    ----------
    input : array or tensor, (…, C, H·r, W·r)
        Any dtype; any axes before the channels, or none.
    block_size : int
        r, at least 1.
    mode : "DCR" or "CRD"
        The order of the channels, as in `depth_to_space`. ONNX and TensorFlow have "DCR" only.

    Returns
    -------
    array or tensor, (…, C·r², H, W)

    Convention: channels come before pixels (NCHW). "CRD" is `pixel_unshuffle`.

    Raises
    ------
    ValueError
        As `pixel_unshuffle`, and if `mode` is another word.
    TypeError
        If the block size is not an integer.

    References
    ----------
    https://onnx.ai/onnx/operators/onnx__SpaceToDepth.html

    Examples
    --------
    >>> x = np.arange(8).reshape(2, 2, 2)
    >>> space_to_depth(x, 2).ravel()
    array([0, 4, 1, 5, 2, 6, 3, 7])
    >>> space_to_depth(x, 2, mode="CRD").ravel()
    array([0, 1, 2, 3, 4, 5, 6, 7])
    """
    return _to_depth(input, "block_size", block_size, mode)


def _checked(input: Any, name: str, value: int, mode: str) -> tuple[bool, int]:
    tensor = on_torch(input=input)
    if mode not in ("DCR", "CRD"):
        raise ValueError(f'mode must be "DCR" or "CRD", got {mode!r}')
    if input.ndim < 3:
        raise ValueError(f"input must have at least 3 axes, (…, C, H, W), got the shape {tuple(input.shape)}")
    return tensor, integer(name, value, 1)


def _to_space(input: A, name: str, value: int, mode: str) -> A:
    tensor, r = _checked(input, name, value, mode)
    x: Any = input
    channels, height, width = x.shape[-3:]
    if channels % r**2:
        raise ValueError(f"{name} must be a number whose square divides the {channels} channels, got {r}")
    output: Any
    if tensor:
        from upsample_lib.torch_path import subpixel

        output = subpixel.to_space(x, r, mode)
        return output  # type: ignore[no-any-return]

    depth = channels // r**2
    output = np.empty((*x.shape[:-3], depth, height * r, width * r), x.dtype)
    if output.size:
        # (…, c, a, b, y, x) is read and (…, c, y, a, x, b) written: r² interleaving copies, in blocks
        lead = output.size // (channels * height * width)
        if mode == "CRD":
            cells = x.reshape(lead, depth, r, r, height, width)
        else:
            cells = x.reshape(lead, r, r, depth, height, width).transpose(0, 3, 1, 2, 4, 5)
        pixels = output.reshape(lead, depth, height, r, width, r)
        for block in blocks(depth, pixels[:1, :1].nbytes * lead):
            for a in range(r):
                for b in range(r):
                    pixels[:, block, :, a, :, b] = cells[:, block, a, b]
    return output  # type: ignore[no-any-return]


def _to_depth(input: A, name: str, value: int, mode: str) -> A:
    tensor, r = _checked(input, name, value, mode)
    x: Any = input
    depth, height, width = x.shape[-3:]
    if height % r or width % r:
        raise ValueError(f"{name} must divide the height {height} and the width {width}, got {r}")
    output: Any
    if tensor:
        from upsample_lib.torch_path import subpixel

        output = subpixel.to_depth(x, r, mode)
        return output  # type: ignore[no-any-return]

    output = np.empty((*x.shape[:-3], depth * r**2, height // r, width // r), x.dtype)
    if output.size:
        pixels = x.reshape(-1, depth, height // r, r, width // r, r)
        if mode == "CRD":
            cells = output.reshape(-1, depth, r, r, height // r, width // r)
        else:
            cells = output.reshape(-1, r, r, depth, height // r, width // r).transpose(0, 3, 1, 2, 4, 5)
        for block in blocks(depth, pixels[:, :1].nbytes):
            for a in range(r):
                for b in range(r):
                    cells[:, block, a, b] = pixels[:, block, :, a, :, b]
    return output  # type: ignore[no-any-return]
