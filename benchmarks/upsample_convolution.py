"""`upsample_conv2d` against nearest upsampling and a convolution in PyTorch, on the CPU.

    python -m benchmarks.upsample_convolution    both layouts, one thread and two; the results are stored

Prepared: the layer in evaluation, with a kernel that it has kept. Each call: the function, which has the
weight alone. Forward and backward: as in training, gradients of input, weight and bias. A speed-up is the
pair's time over ours.
"""

from benchmarks import interleaved

# the environment must be right before numpy is imported
if __name__ == "__main__":
    interleaved.fair_process(libraries=1)

import statistics
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from typing import Any

import torch
from torch import nn

import upsample_lib
from benchmarks import ceilings, forms, results_file
from benchmarks.allocated_memory import peak_bytes
from benchmarks.layers import LAYERS, Layer
from upsample_lib.nn import UpsampleConv2d
from upsample_lib.torch_path.upsample_convolution import fastest_form

TASKS = ("prepared", "each call", "forward and backward")
BARS = {"prepared": 1.6, "each call": None, "forward and backward": 1.4}
NEVER_BELOW, MEMORY = 0.95, 0.6
BATCHES = (1, 8)  # for memory: with one image the weights' gradients are much of it
ROUNDS = 7

Call = Callable[[], Any]


@dataclass(frozen=True)
class Candidates:
    """The same layer, in the forms that are compared."""

    layer: Layer
    channels_last: bool
    batch: int = 1

    def form(self, made: bool) -> str:
        """Which form the library chooses; `made`: it has a kernel."""
        x, weight, _ = self.layer.tensors(channels_last=self.channels_last, batch=self.batch)
        return fastest_form(x, weight, (self.layer.scale, self.layer.scale), 1, made)

    def forward(self) -> dict[str, Call]:
        x, weight, bias = self.layer.tensors(channels_last=self.channels_last, batch=self.batch)
        scale = self.layer.scale
        conv = nn.Conv2d(self.layer.c_in, self.layer.c_out, self.layer.k, padding=self.layer.k // 2)
        conv.load_state_dict({"weight": weight, "bias": bias})
        prepared = UpsampleConv2d.from_conv(conv, scale).eval()
        calls: dict[str, Call] = {
            "pair": lambda: forms.pair(x, weight, bias, scale),
            "prepared": lambda: prepared(x),
            "each call": lambda: upsample_lib.upsample_conv2d(x, weight, bias, scale),
        }
        return {name: torch.no_grad()(call) for name, call in calls.items()}

    def with_gradients(self) -> dict[str, Call]:
        leaves = [
            t.requires_grad_() for t in self.layer.tensors(channels_last=self.channels_last, batch=self.batch)
        ]
        scale = self.layer.scale
        side = scale * self.layer.size
        layout = torch.channels_last if self.channels_last else torch.contiguous_format
        slope = torch.rand(self.batch, self.layer.c_out, side, side).contiguous(memory_format=layout)
        return {
            "pair": lambda: torch.autograd.grad(forms.pair(*leaves, scale), leaves, slope),
            "forward and backward": lambda: torch.autograd.grad(
                upsample_lib.upsample_conv2d(*leaves, scale), leaves, slope
            ),
        }


def check(layer: Layer, channels_last: bool) -> None:
    """Numbers first, then times."""
    candidates = Candidates(layer, channels_last)
    results = {name: call() for name, call in candidates.forward().items()}
    expected = results.pop("pair")
    for y in results.values():
        torch.testing.assert_close(y, expected, rtol=1e-4, atol=1e-4 * float(expected.abs().max()))
    expected, slopes = (call() for call in candidates.with_gradients().values())
    for given, right in zip(slopes, expected):
        torch.testing.assert_close(given, right, rtol=1e-3, atol=1e-4 * float(right.abs().max()))


def measure(layer: Layer, channels_last: bool, rounds: int = ROUNDS) -> Iterator[dict[str, Any]]:
    """One row for each task."""
    check(layer, channels_last)
    candidates = Candidates(layer, channels_last)
    for calls in (candidates.forward(), candidates.with_gradients()):
        for task in calls:
            if task == "pair":
                continue
            two = {"pair": calls["pair"], task: calls[task]}
            form = candidates.form(made=task == "prepared")
            timings = interleaved.interleave(two, task, rounds=rounds)
            pair, own = timings["pair"], timings[task]
            yield {
                "layer": layer.name,
                "network": layer.network,
                "layout": "channels last" if channels_last else "NCHW",
                "task": task,
                "form": form,
                "seconds": own.seconds,
                "pair_seconds": pair.seconds,
                "speedup": pair.ratio,
                "lower": pair.lower,
                "upper": pair.upper,
                "rounds": rounds,
            }


def memory(layer: Layer, channels_last: bool, batch: int) -> dict[str, Any]:
    """Peak of forward and backward, beside what the leaves and the outer gradient hold anyway."""
    calls = Candidates(layer, channels_last, batch).with_gradients()
    own, pair = peak_bytes(calls["forward and backward"]), peak_bytes(calls["pair"])
    layout = "channels last" if channels_last else "NCHW"
    named = {"layer": layer.name, "layout": layout, "batch": batch}
    return {**named, "peak": own, "pair_peak": pair, "ratio": own / pair}


def rates() -> dict[str, float]:
    """What the machine does at best, a second."""
    found = {}
    for ceiling in (ceilings.copy(), ceilings.product(n=1024)):
        ceiling.call()
        found[ceiling.name] = ceiling.amount / interleaved.fastest(ceiling.call, 20)
    return found


def summary(rows: list[dict[str, Any]], peaks: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Median and worst of the layer table, with the bars; one thread decides."""
    found = []
    for threads in sorted({row["threads"] for row in rows}):
        for task in TASKS:
            speedups = [r["speedup"] for r in rows if (r["threads"], r["task"]) == (threads, task)]
            median, worst = statistics.median(speedups), min(speedups)
            bar = BARS[task]
            met = bar is None or (median >= bar and (task != "prepared" or worst >= NEVER_BELOW))
            line = {"threads": threads, "task": task, "median": median, "worst": worst, "bar": bar}
            found.append({**line, "met": met})
    for batch in BATCHES:
        ratio = statistics.median(row["ratio"] for row in peaks if row["batch"] == batch)
        line = {"task": "peak memory", "batch": batch, "median": ratio, "bar": MEMORY}
        found.append({**line, "met": ratio <= MEMORY})
    return found


def _print_row(row: dict[str, Any]) -> None:
    print(
        f"  {row['network']:18} {row['layer']:16} {row['layout']:13} {row['task']:21}{row['form']:5}"
        f"{row['pair_seconds'] * 1e3:9.2f} → {row['seconds'] * 1e3:8.2f} ms  "
        f"{row['speedup']:5.2f} × [{row['lower']:.2f}–{row['upper']:.2f}]",
        flush=True,
    )


def _print_summary(found: list[dict[str, Any]]) -> None:
    print("\nmedians over the layer table")
    for line in found:
        if line["task"] == "peak memory":
            print(f"  peak memory of forward and backward, batch of {line['batch']}: ", end="")
            print(f"{line['median']:.2f} of the pair's", end="")
        else:
            print(f"  {line['threads']} thread(s), {line['task']:21}{line['median']:6.2f} ×", end="")
            print(f", worst {line['worst']:.2f} ×", end="")
        verdict = "" if line["bar"] is None else f", bar {line['bar']} {'met' if line['met'] else 'MISSED'}"
        print(verdict)


def main() -> None:
    results = interleaved.circumstances("numpy", "torch")
    results["layers"] = [
        asdict(layer)
        | {"name": layer.name, "multiplications": layer.multiplications(), "moved": layer.moved()}
        for layer in LAYERS
    ]
    rows: list[dict[str, Any]] = []
    results |= {"ceilings": {}, "rows": rows}
    print(f"{results['machine']['processor']}, {results['machine']['cores']} cores: the pair's time → ours")
    for threads in (1, 2):
        interleaved.use_threads(threads)
        results["ceilings"][str(threads)] = rates()
        print(f"\n{threads} thread{'s' * (threads > 1)}: speed-up (median, quartiles)")
        for layer in LAYERS:
            for channels_last in (False, True):
                for row in measure(layer, channels_last):
                    rows.append({"threads": threads, **row})
                    _print_row(row)
    interleaved.use_threads(1)  # their number has a say in which form is chosen
    results["memory"] = [
        memory(layer, channels_last, batch)
        for batch in BATCHES
        for layer in LAYERS
        for channels_last in (False, True)
    ]
    results["summary"] = summary(rows, results["memory"])
    _print_summary(results["summary"])
    target = results_file.path("upsample_convolution")
    results_file.write(target, results)
    print(f"\nwritten to {results_file.shown(target)}")


if __name__ == "__main__":
    main()
