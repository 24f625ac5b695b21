"""`upsample_conv2d` on a GPU: correct first, then timed, beside what this very card can do at best.

    python -m benchmarks.gpu                      everything; the results are stored after each precision
    python -m benchmarks.gpu bf16 --no-compile    one precision; those stored on the same card are kept

It needs this folder, PyTorch and a GPU, nothing else. Without a GPU it checks on the CPU what can be checked
there, says what was not run, and stores nothing.
"""

import argparse
import platform
import statistics
import sys
from dataclasses import asdict
from datetime import UTC, datetime
from typing import Any

import torch

from benchmarks import ceilings, results_file
from benchmarks.device_timer import Timer, best_timer, in_turns
from benchmarks.gpu_candidates import (
    PRECISIONS,
    REFERENCE,
    Compile,
    Setting,
    check,
    forward,
    on_cpu,
    use,
    with_gradients,
)
from benchmarks.layers import LAYERS, Layer
from upsample_lib.timings import stored

GROUPS = {"forward": forward, "forward and backward": with_gradients}


def settings(precisions: tuple[str, ...], batch: int) -> list[Setting]:
    """Every layer in every precision and layout."""
    return [
        Setting(layer, precision, last, batch)
        for precision in precisions
        for layer in LAYERS
        for last in (False, True)
    ]


def measure(setting: Setting, compiler: Compile | None, timer: Timer, rounds: int) -> list[dict[str, Any]]:
    """A row for each candidate; speed-ups are the eager pair's time over the candidate's."""
    rows = []
    for group, candidates in GROUPS.items():
        timings = in_turns(candidates(setting, compiler), REFERENCE, timer, rounds)
        fastest = min(timings, key=lambda name: timings[name].seconds)
        rows += [
            {
                "precision": setting.precision,
                "layer": setting.layer.name,
                "network": setting.layer.network,
                "layout": "channels last" if setting.channels_last else "NCHW",
                "task": group,
                "candidate": name,
                "fastest": name == fastest,
                **asdict(timing),
            }
            for name, timing in timings.items()
        ]
    return rows


def rates(precision: str, timer: Timer) -> dict[str, float]:
    """This card's own ceilings, a second."""
    dtype = use(precision)
    found = {}
    for ceiling in (ceilings.copy("cuda", 1 << 30), ceilings.product("cuda", dtype, 8192)):
        found[ceiling.name] = ceiling.amount / timer(ceiling.call)
    return found


def circumstances(timer: str, batch: int, compiled: bool) -> dict[str, Any]:
    """Card, versions and settings; results with other ones are not mixed with these."""
    card = torch.cuda.get_device_properties(0)
    machine = {"gpu": card.name, "memory": card.total_memory, "multiprocessors": card.multi_processor_count}
    versions = {
        "python": platform.python_version(),
        "torch": torch.__version__,
        "cuda": torch.version.cuda,
        "cudnn": torch.backends.cudnn.version(),
    }
    return {"machine": machine, "versions": versions, "timer": timer, "batch": batch, "compiled": compiled}


def counted(layer: Layer, batch: int) -> dict[str, Any]:
    """The layer with what its forms must compute and move."""
    bytes_of = {str(size): layer.moved(size, batch) for size in (2, 4)}
    return asdict(layer) | {
        "name": layer.name,
        "multiplications": layer.multiplications(batch),
        "moved": bytes_of,
    }


def summary(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """For each precision and task: the candidates' median speed-up, and how often each is the fastest."""
    found = []
    for key in sorted({(r["precision"], r["task"], r["candidate"]) for r in rows}):
        own = [r for r in rows if (r["precision"], r["task"], r["candidate"]) == key]
        median = statistics.median(r["speedup"] for r in own)
        line = dict(zip(("precision", "task", "candidate"), key))
        found.append({**line, "median": median, "fastest": sum(r["fastest"] for r in own), "of": len(own)})
    return found


def kept(now: dict[str, Any], precisions: tuple[str, ...]) -> dict[str, Any]:
    """What is stored already of other precisions, if it was measured under the same circumstances."""
    before = stored("gpu")
    if before is None or any(before.get(key) != value for key, value in now.items()):
        return {"ceilings": {}, "rows": []}
    rows = [row for row in before["rows"] if row["precision"] not in precisions]
    return {"ceilings": before["ceilings"], "rows": rows}


def without_a_gpu(precisions: tuple[str, ...], batch: int) -> None:
    """Check the candidates on the CPU, in small, and say what is missing."""
    checks = 0
    for setting in settings(tuple(p for p in precisions if p != "tf32"), batch):
        checks += len(check(on_cpu(setting)))
    print(f"checked on the CPU, on smaller layers: {checks} results, none with over 3 times the pair's error")
    print(
        "NOT RUN, because PyTorch sees no GPU: the same checks on a GPU, every timing "
        f"({', '.join(precisions)}; NCHW and channels last; prepared, each call, forward and backward; eager "
        "and torch.compile), and the card's copy bandwidth and matrix product. Nothing was stored. On a "
        "machine with a GPU and a CUDA build of PyTorch: make bench-gpu"
    )


def _print_row(row: dict[str, Any]) -> None:
    print(
        f"  {row['precision']} {row['layer']:16} {row['layout']:13} {row['task']:21}{row['candidate']:31}"
        f"{row['seconds'] * 1e3:9.3f} ms {row['speedup']:5.2f} × "
        f"[{row['lower']:.2f}–{row['upper']:.2f}]{'  fastest' if row['fastest'] else ''}",
        flush=True,
    )


def _print_summary(found: list[dict[str, Any]]) -> None:
    print("\nmedians over the layer table, both layouts")
    for line in found:
        times = f"{line['median']:5.2f} ×, fastest in {line['fastest']} of {line['of']}"
        print(f"  {line['precision']} {line['task']:21}{line['candidate']:31}{times}")


def run(precisions: tuple[str, ...], batch: int, compiled: bool, rounds: int) -> None:
    """Check and measure everything on the GPU."""
    name, timer = best_timer()
    torch.backends.cudnn.benchmark = True  # for all candidates: cuDNN may choose by trying
    compiler: Compile | None = None
    if compiled:
        compiler = lambda function: torch.compile(function, dynamic=False)  # noqa: E731
    now = circumstances(name, batch, compiled)
    results = now | {"layers": [counted(layer, batch) for layer in LAYERS]} | kept(now, precisions)
    target = results_file.path("gpu")
    print(f"{now['machine']['gpu']}, PyTorch {now['versions']['torch']}, by {name}")
    for precision in precisions:
        results["ceilings"][precision] = rates(precision, timer)
        for setting in settings((precision,), batch):
            torch.compiler.reset()
            check(setting, compiler)
            rows = measure(setting, compiler, timer, rounds)
            results["rows"] += rows
            for row in rows:
                _print_row(row)
        results["date"] = datetime.now(UTC).isoformat(timespec="seconds")
        results["summary"] = summary(results["rows"])
        results_file.write(target, results)  # an interrupted run keeps what is done
    _print_summary(results["summary"])
    print(f"\nwritten to {results_file.shown(target)}")


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description="Measure upsample_conv2d on a GPU.")
    parser.add_argument("precision", nargs="*", help=f"of {', '.join(PRECISIONS)}; all by default")
    parser.add_argument("--batch", type=int, default=8, help="images at a time (default: 8)")
    parser.add_argument("--rounds", type=int, default=3, help="turns of each candidate (default: 3)")
    parser.add_argument("--no-compile", action="store_true", help="leave torch.compile out: much quicker")
    options = parser.parse_args(arguments)
    unknown = [p for p in options.precision if p not in PRECISIONS]
    if unknown:
        parser.error(f"precision must be among {', '.join(PRECISIONS)}, got {unknown[0]}")
    precisions = tuple(options.precision) or PRECISIONS
    if torch.cuda.is_available():
        run(precisions, options.batch, not options.no_compile, options.rounds)
    else:
        without_a_gpu(precisions, options.batch)
    return 0


if __name__ == "__main__":
    sys.exit(main())
