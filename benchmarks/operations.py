"""Every fast operation on NumPy against torch on the CPU, and against what one would otherwise find.

    python -m benchmarks.operations              everything, and stored
    python -m benchmarks.operations interpolate  only the operations whose name starts so, only printed

One thread decides whether a bar is met; two threads are reported. Contiguous NCHW in and out, float32.
"""

from benchmarks import interleaved

# the environment must be right before numpy is imported
if __name__ == "__main__":
    interleaved.fair_process()

import argparse
import importlib.util
import tracemalloc
from collections.abc import Callable
from dataclasses import asdict, dataclass
from functools import partial
from typing import Any

import numpy as np
import torch
from torch.nn import functional

import upsample_lib
from benchmarks import plain_loops, results_file

PACKAGES = ("numpy", "torch", "scipy", "scikit-image", "opencv-python-headless", "threadpoolctl")


@dataclass(frozen=True)
class Case:
    """One operation on one layer; `arguments` are the arrays that come first, then the options."""

    operation: str
    layer: str
    bar: float
    shapes: tuple[tuple[int, ...], ...]
    options: dict[str, Any]

    def arrays(self) -> list[np.ndarray[Any, Any]]:
        generator = np.random.default_rng(0)
        return [generator.standard_normal(shape, np.float32) for shape in self.shapes]

    def candidates(self) -> dict[str, Callable[[], Any]]:
        arrays = self.arrays()
        tensors = [torch.from_numpy(a) for a in arrays]
        ours = getattr(upsample_lib, self.operation)
        theirs = getattr(functional, self.operation)
        return {
            "upsample_lib": lambda: ours(*arrays, **self.options),
            "torch": lambda: theirs(*tensors, **self.options),
        }


def _transposed(
    channels: int, out: int, size: int, k: int, bar: float, s: int = 2, p: int = 0, a: int = 0
) -> Case:
    return Case(
        "conv_transpose2d",
        f"{channels}→{out} at {size}², k{k} s{s} p{p}" + (f" a{a}" if a else ""),
        bar,
        ((1, channels, size, size), (channels, out, k, k)),
        {"stride": s, "padding": p, "output_padding": a},
    )


def _conv(channels: int, out: int, size: int, k: int, s: int = 1, p: int = 1) -> Case:
    return Case(
        "conv2d",
        f"{channels}→{out} at {size}², k{k} s{s} p{p}",
        2.0,
        ((1, channels, size, size), (out, channels, k, k)),
        {"stride": s, "padding": p},
    )


def _pool(batch: int, channels: int, size: int, k: int, s: int, p: int) -> Case:
    return Case(
        "max_pool2d",
        f"{batch}×{channels} at {size}², k{k} s{s} p{p}, indices",
        1.0,
        ((batch, channels, size, size),),
        {"kernel_size": k, "stride": s, "padding": p, "return_indices": True},
    )


def _resize(mode: str, bar: float, batch: int, channels: int, size: int, to: int) -> Case:
    return Case(
        "interpolate",
        f"{mode} {batch}×{channels}, {size}² → {to}²",
        bar,
        ((batch, channels, size, size),),
        {"size": (to, to), "mode": mode},
    )


def _shuffle(batch: int, channels: int, size: int, r: int) -> Case:
    return Case(
        "pixel_shuffle",
        f"{batch}×{channels} at {size}², r{r}",
        1.0,
        ((batch, channels, size, size),),
        {"upscale_factor": r},
    )


RESIZED = [
    (1, 64, 32, 64),
    (1, 64, 64, 128),
    (4, 16, 64, 128),
    (1, 16, 128, 256),
    (1, 3, 256, 512),
    (1, 3, 200, 333),
]

CASES = [
    _transposed(64, 32, 32, 2, 1.5),
    _transposed(64, 32, 32, 4, 1.5, p=1),
    _transposed(256, 128, 16, 4, 1.5, p=1),
    _transposed(64, 32, 64, 4, 1.5, p=1),
    _transposed(64, 32, 32, 3, 2.0, p=1, a=1),
    _transposed(64, 32, 32, 5, 2.0, p=2, a=1),
    _transposed(64, 32, 32, 3, 2.0, s=1, p=1),
    _transposed(64, 32, 32, 4, 2.0, s=3),
    _conv(3, 64, 128, 3),
    _conv(64, 64, 64, 3),
    _conv(64, 128, 32, 3),
    _conv(256, 256, 16, 3),
    _conv(64, 128, 32, 4, 2),
    _conv(128, 64, 32, 1, 1, 0),
    _pool(1, 64, 64, 2, 2, 0),
    _pool(4, 32, 64, 2, 2, 0),
    _pool(1, 64, 64, 3, 2, 1),
    *(_resize("bilinear", 2.0, *layer) for layer in RESIZED),
    *(_resize("bicubic", 1.3, *layer) for layer in RESIZED),
    *(_resize("nearest", 1.7, *layer) for layer in RESIZED),
    _shuffle(1, 128, 32, 2),
    _shuffle(4, 64, 64, 2),
    _shuffle(1, 27, 128, 3),
]


def _leaves(result: Any) -> list[np.ndarray[Any, Any]]:
    return [np.asarray(r) for r in (result if isinstance(result, tuple) else (result,))]


def measure(case: Case) -> dict[str, Any]:
    """Ratio to torch on one layer, after checking that both compute the same."""
    candidates = case.candidates()
    for actual, expected in zip(_leaves(candidates["upsample_lib"]()), _leaves(candidates["torch"]())):
        np.testing.assert_allclose(actual, expected, rtol=1e-4, atol=1e-4 * float(np.abs(expected).max()))
        if not actual.flags.c_contiguous:
            raise AssertionError(f"{case.operation} {case.layer}: the output is not contiguous")
    timings = interleaved.interleave(candidates, "torch")
    own, other = timings["upsample_lib"], timings["torch"]
    return {
        "operation": case.operation,
        "layer": case.layer,
        "bar": case.bar,
        "met": own.ratio <= case.bar,
        **asdict(own),
        "torch_seconds": other.seconds,
    }


def peak_memory(case: Case) -> dict[str, Any]:
    """Peak of what is allocated during one call, the output included, relative to input + weight + output."""
    arrays = case.arrays()
    function = getattr(upsample_lib, case.operation)
    output = function(*arrays, **case.options)
    data = sum(a.nbytes for a in arrays) + output.nbytes
    del output
    tracemalloc.start()
    function(*arrays, **case.options)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    ratio = peak / data
    return {
        "operation": case.operation,
        "layer": case.layer,
        "bar": 4.0,
        "met": ratio <= 4,
        "peak": peak,
        "ratio": ratio,
    }


def _resizers(mode: str, order: int, x: np.ndarray[Any, Any]) -> dict[str, Callable[[], Any]]:
    """The same enlargement by two in other packages, each in the layout that the package wants."""
    from scipy import ndimage  # type: ignore[import-untyped]
    from skimage import transform

    height, width = x.shape[2:]
    last = np.ascontiguousarray(x[0].transpose(1, 2, 0))
    resize: Any = transform.resize
    found: dict[str, Callable[[], Any]] = {
        # plane by plane: over all four axes it would also interpolate between channels
        "scipy.ndimage.zoom": lambda: np.stack(
            [ndimage.zoom(plane, 2, order=order, mode="nearest", grid_mode=True) for plane in x[0]]
        )[None],
        "skimage.transform.resize": lambda: resize(
            last, (2 * height, 2 * width), order=order, mode="edge", anti_aliasing=False
        ),
    }
    if importlib.util.find_spec("cv2"):
        import cv2

        flag = {"nearest": cv2.INTER_NEAREST, "bilinear": cv2.INTER_LINEAR, "bicubic": cv2.INTER_CUBIC}[mode]
        cv2.setNumThreads(1)
        found["cv2.resize"] = lambda: cv2.resize(last, (2 * width, 2 * height), interpolation=flag)
    return found


def compare_with_others() -> list[dict[str, Any]]:
    """How many times longer others take than the library, one thread."""
    rows = []

    def add(task: str, candidates: dict[str, Callable[[], Any]], missing: tuple[str, ...] = ()) -> None:
        timings = interleaved.interleave(candidates, "upsample_lib", rounds=7)
        for name, timing in timings.items():
            if name != "upsample_lib":
                rows.append({"task": task, "candidate": name, "installed": True, **asdict(timing)})
        rows.extend({"task": task, "candidate": name, "installed": False} for name in missing)

    x = np.random.default_rng(0).random((1, 3, 256, 256), np.float32)
    for mode, order in (("nearest", 0), ("bilinear", 1), ("bicubic", 3)):
        resizers = _resizers(mode, order, x)
        ours = partial(upsample_lib.interpolate, x, scale_factor=2, mode=mode)
        expected = ours()
        for name, resizer in resizers.items():
            result = resizer()
            result = result if result.ndim == 4 else result.transpose(2, 0, 1)[None]
            # order 3 of SciPy and scikit-image is a spline through the pixels, not the cubic convolution
            if mode != "bicubic" or name == "cv2.resize":
                np.testing.assert_allclose(result, expected, atol=1e-4, err_msg=f"{name} {mode}")
        missing = () if "cv2.resize" in resizers else ("cv2.resize",)
        add(f"{mode} 1×3, 256² → 512²", {"upsample_lib": ours, **resizers}, missing)

    small = x[:, :, :32, :32].copy()
    add(
        "bilinear 1×3, 32² → 64²",
        {
            "upsample_lib": lambda: upsample_lib.interpolate(small, scale_factor=2, mode="bilinear"),
            "plain loops": lambda: plain_loops.bilinear_doubling(small),
        },
    )
    generator = np.random.default_rng(0)
    y = generator.standard_normal((1, 8, 8, 8), np.float32)
    weight = generator.standard_normal((8, 4, 4, 4), np.float32)
    add(
        "conv_transpose2d 8→4 at 8², k4 s2 p1",
        {
            "upsample_lib": lambda: upsample_lib.conv_transpose2d(y, weight, stride=2, padding=1),
            "plain loops": lambda: plain_loops.conv_transpose2d(y, weight, 2, 1),
        },
    )
    add(
        "max_pool2d 1×3 at 64², k2, indices",
        {
            "upsample_lib": lambda: upsample_lib.max_pool2d(x[..., :64, :64], 2, return_indices=True),
            "plain loops": lambda: plain_loops.max_pool2d(x[..., :64, :64], 2),
        },
    )
    return rows


def _print_ratios(threads: int, rows: list[dict[str, Any]]) -> None:
    print(f"\n{threads} thread{'s' * (threads > 1)}: time relative to torch (median, quartiles)")
    for r in rows:
        verdict = ("met" if r["met"] else "MISSED") if threads == 1 else ""
        print(
            f"  {r['operation']:17} {r['layer']:32} {r['seconds'] * 1e3:8.3f} ms  {r['ratio']:5.2f} "
            f"[{r['lower']:.2f}–{r['upper']:.2f}]  bar {r['bar']:.1f} {verdict}"
        )


def main() -> None:
    parser = argparse.ArgumentParser(description="Measure the operations.")
    parser.add_argument(
        "operation", nargs="*", help="only operations whose name starts so; nothing is stored"
    )
    chosen = tuple(parser.parse_args().operation)
    cases = [case for case in CASES if not chosen or case.operation.startswith(chosen)]
    results: dict[str, Any] = interleaved.circumstances(*PACKAGES) | {"against_torch": {}}
    blas = results["blas"]
    print(
        f"{results['machine']['processor']}, {blas['internal_api']} {blas['version']}, {blas['architecture']}"
    )
    for threads in (1, 2):
        interleaved.use_threads(threads)
        rows = [measure(case) for case in cases]
        results["against_torch"][str(threads)] = rows
        _print_ratios(threads, rows)
    interleaved.use_threads(1)
    results["memory"] = [peak_memory(case) for case in cases if case.operation == "conv_transpose2d"]
    if results["memory"]:
        print("\npeak memory of a call relative to input + weight + output")
    for row in results["memory"]:
        verdict = "met" if row["met"] else "MISSED"
        print(
            f"  {row['operation']:17} {row['layer']:32} {row['ratio']:5.2f}  bar {row['bar']:.1f} {verdict}"
        )
    if chosen:
        return
    results["against_others"] = compare_with_others()
    print("\n1 thread: time of others relative to the library (median, quartiles)")
    for row in results["against_others"]:
        measured = (
            f"{row['ratio']:8.1f} [{row['lower']:.1f}–{row['upper']:.1f}]"
            if row["installed"]
            else "not installed"
        )
        print(f"  {row['task']:38} {row['candidate']:26} {measured}")
    target = results_file.path("operations")
    results_file.write(target, results)
    print(f"\nwritten to {results_file.shown(target)}")


if __name__ == "__main__":
    main()
