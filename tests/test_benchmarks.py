"""The measuring itself: a fair process, a row for every candidate, loops that agree with the library."""

import json
import os
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest

import upsample_lib
from benchmarks import interleaved, operations, plain_loops, results_file


@pytest.mark.parametrize("libraries", [1, 2])
def test_a_fair_process_drops_overrides_of_the_blas_and_keeps_the_rest(libraries: int) -> None:
    code = (
        "import json, os, sys\n"
        "from benchmarks import interleaved\n"
        f"interleaved.fair_process({libraries})\n"
        "assert 'numpy' not in sys.modules\n"
        "print(json.dumps(dict(os.environ)))"
    )
    overrides = {
        "OPENBLAS_CORETYPE": "Haswell",
        "OPENBLAS_L2_SIZE": "512",
        "OMP_NUM_THREADS": "1",
        "OMP_WAIT_POLICY": "ACTIVE",
        "KEPT": "yes",
    }
    done = subprocess.run(
        [sys.executable, "-c", code], env=os.environ | overrides, check=True, capture_output=True, text=True
    )
    environment = json.loads(done.stdout)
    waits = {name: environment.get(name) for name in ("OMP_WAIT_POLICY", "OPENBLAS_THREAD_TIMEOUT")}
    assert list(waits.values()) == ([None, None] if libraries == 1 else ["PASSIVE", "4"])
    assert environment["KEPT"] == "yes"
    assert not {"OPENBLAS_CORETYPE", "OPENBLAS_L2_SIZE", "OMP_NUM_THREADS"} & environment.keys()


def test_too_late_for_a_fair_process(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in interleaved._UNFAIR:
        monkeypatch.delenv(name, raising=False)
    for name, value in interleaved._ASLEEP.items():
        monkeypatch.setenv(name, value)
    with pytest.raises(RuntimeError, match="before numpy is imported"):
        interleaved.fair_process()


def test_interleave_reports_every_candidate_relative_to_the_reference() -> None:
    timings = interleaved.interleave(
        {"slow": lambda: time.sleep(0.004), "quick": lambda: time.sleep(0.001)}, "quick", rounds=3, span=0.01
    )
    assert set(timings) == {"slow", "quick"}
    assert (timings["quick"].ratio, timings["quick"].lower, timings["quick"].upper) == (1, 1, 1)
    assert timings["slow"].lower <= timings["slow"].ratio <= timings["slow"].upper
    assert timings["slow"].seconds >= 0.004  # sleep never wakes early


def test_the_loops_compute_what_the_library_computes() -> None:
    generator = np.random.default_rng(0)
    x = generator.standard_normal((2, 3, 5, 4), np.float32)
    weight = generator.standard_normal((3, 2, 4, 4), np.float32)
    np.testing.assert_allclose(
        plain_loops.conv_transpose2d(x, weight, 2, 1),
        upsample_lib.conv_transpose2d(x, weight, stride=2, padding=1),
        rtol=1e-4,
        atol=1e-5,
    )
    np.testing.assert_allclose(
        plain_loops.bilinear_doubling(x),
        upsample_lib.interpolate(x, scale_factor=2, mode="bilinear"),
        rtol=1e-5,
        atol=1e-6,
    )
    values, indices = upsample_lib.max_pool2d(x, 2, return_indices=True)
    by_loops = plain_loops.max_pool2d(x, 2)
    np.testing.assert_array_equal(by_loops[0], values)
    np.testing.assert_array_equal(by_loops[1], indices)


def test_results_are_replaced_as_a_whole(tmp_path: Path) -> None:
    path = tmp_path / "results" / "operations.json"
    results_file.write(path, {"old": 1})
    results_file.write(path, {"new": 2})
    assert json.loads(path.read_text()) == {"new": 2}
    assert list(path.parent.iterdir()) == [path]


def test_memory_counts_the_output() -> None:
    case = operations.Case("interpolate", "", 1.0, ((1, 4, 32, 32),), {"size": (256, 256), "mode": "nearest"})
    row = operations.peak_memory(case)
    assert row["ratio"] >= 64 / 65
