"""What is measured of upsample_conv2d: counts by hand, forms that are equal, rows, verdicts, what is said."""

import json
from collections.abc import Iterator

import pytest
import torch

from benchmarks import allocated_memory, ceilings, device_timer, forms, gpu, gpu_candidates, results_file
from benchmarks import upsample_convolution as on_cpu
from benchmarks.gpu_candidates import Setting
from benchmarks.layers import LAYERS, Layer
from upsample_lib.timings import RESULTS, stored

SMALL = Layer("test", 16, 8, 8)


@pytest.fixture(autouse=True)
def flags_may_be_set() -> Iterator[None]:
    """PyTorch's own test helpers, once imported by other tests, forbid what the benchmarks set."""
    with torch.backends.__allow_nonbracketed_mutation():
        yield


def test_counts_by_hand() -> None:
    layer = Layer("", 3, 5, 4)
    # every output of 8 × 8 has 9 taps; every input of 4 × 4 meets all 16 taps of the tied kernel, or its 9
    assert layer.multiplications() == {"pair": 3 * 5 * 64 * 9, "tied": 3 * 5 * 16 * 16, "box": 3 * 5 * 16 * 9}
    assert layer.multiplications(2)["tied"] == 2 * 3 * 5 * 16 * 16
    ends = 3 * 16 + 5 * 64
    assert layer.moved(4) == {
        "pair": 4 * (ends + 15 * 9 + 2 * 3 * 64),
        "tied": 4 * (ends + 15 * 16),
        "box": 4 * (ends + 15 * 9 + 2 * 5 * 9 * 9),  # 4 pixels, 2 apart, with 3 taps each: 9 places
    }
    pair, tied, box = LAYERS[0].multiplications().values()
    assert (pair / tied, pair / box) == (2.25, 4)
    assert len({layer.name for layer in LAYERS}) == 9


@pytest.mark.parametrize(("k", "scale"), [(3, 2), (5, 2), (3, 3), (7, 4), (1, 2)])
@pytest.mark.parametrize("channels_last", [False, True])
def test_all_forms_are_equal(k: int, scale: int, channels_last: bool) -> None:
    layer = Layer("", 6, 4, 5, k, scale)
    x, weight, bias = layer.tensors("cpu", torch.float64, channels_last, batch=2)
    expected = forms.pair(x, weight, bias, scale)
    kernel = forms.tied(weight, scale)
    for y in (
        forms.by_transposed(x, kernel, bias, scale),
        forms.by_box(x, weight, bias, scale),
        forms.by_subpixel(x, forms.phase_kernels(kernel, scale), bias, scale, k),
    ):
        torch.testing.assert_close(y, expected, rtol=1e-11, atol=1e-11)
        layout = torch.channels_last if channels_last else torch.contiguous_format
        assert y.is_contiguous(memory_format=layout)


def test_a_phase_kernel_by_hand() -> None:
    # taps 1 2 3 4 along both axes, s = 2: phase 0 has 1 and 3, phase 1 has 2 and 4, both read backwards
    taps = torch.tensor([1.0, 2, 3, 4])
    found = forms.phase_kernels(torch.outer(taps, taps)[None, None], 2)
    assert found[0, 0].tolist() == [[9, 3], [3, 1]]
    assert found[1, 0].tolist() == [[12, 6], [4, 2]]
    assert found[3, 0].tolist() == [[16, 8], [8, 4]]


def test_peak_bytes_counts_what_lives_at_once() -> None:
    def twice_in_turn() -> None:
        for _ in range(3):
            torch.empty(1 << 18)

    assert allocated_memory.peak_bytes(twice_in_turn) == 1 << 20
    together = allocated_memory.peak_bytes(lambda: [torch.empty(1 << 18) for _ in range(3)])
    assert together == 3 << 20


def test_rows_and_memory_of_a_small_layer() -> None:
    rows = list(on_cpu.measure(SMALL, True, rounds=2))
    assert [row["task"] for row in rows] == list(on_cpu.TASKS)
    assert [row["form"] for row in rows] == ["tied", "pair", "pair"]
    for row in rows:
        assert row["layout"] == "channels last"
        assert 0 < row["lower"] <= row["speedup"] <= row["upper"]
    found = on_cpu.memory(SMALL, False, 2)
    output = 2 * 8 * 16 * 16 * 4
    assert found["pair_peak"] >= output + 2 * 16 * 16 * 16 * 4  # the output and the enlarged map
    assert found["ratio"] == found["peak"] / found["pair_peak"]


@pytest.mark.parametrize("batch", on_cpu.BATCHES)
def test_training_takes_six_tenths_of_the_pairs_memory_at_most(batch: int) -> None:
    found = on_cpu.memory(LAYERS[1], channels_last=False, batch=batch)
    assert 0.3 < found["ratio"] <= 0.6


def test_verdicts() -> None:
    def row(task: str, speedup: float) -> dict[str, object]:
        return {"threads": 1, "task": task, "speedup": speedup}

    rows = [row("prepared", 1.7), row("prepared", 0.9), row("prepared", 2.0)]
    rows += [row("each call", 1.0), row("forward and backward", 1.3)]
    peaks = [{"batch": batch, "ratio": ratio} for batch, ratio in ((1, 0.9), (8, 0.4), (8, 0.5))]
    found = {(line["task"], line.get("batch")): line for line in on_cpu.summary(rows, peaks)}
    assert found["prepared", None]["median"] == 1.7
    assert not found["prepared", None]["met"]  # the worst is below 0.95
    assert found["each call", None]["met"]
    assert not found["forward and backward", None]["met"]
    assert not found["peak memory", 1]["met"]
    assert found["peak memory", 8] == {
        "task": "peak memory",
        "batch": 8,
        "median": 0.45,
        "bar": 0.6,
        "met": True,
    }


def test_a_wrong_form_is_refused_before_it_is_timed(monkeypatch: pytest.MonkeyPatch) -> None:
    check = on_cpu.check
    check(SMALL, False)
    monkeypatch.setattr("upsample_lib.upsample_conv2d", lambda x, w, b, s: forms.pair(x, 1.01 * w, b, s))
    with pytest.raises(AssertionError, match="not close"):
        check(SMALL, False)


@pytest.mark.parametrize("precision", ["fp32", "bf16"])
@pytest.mark.parametrize("channels_last", [False, True])
def test_gpu_candidates_are_right_on_the_cpu(precision: str, channels_last: bool) -> None:
    setting = gpu_candidates.on_cpu(Setting(LAYERS[3], precision, channels_last))
    assert (setting.device, setting.layer.c_in, setting.layer.size) == ("cpu", 32, 8)
    found = gpu_candidates.check(setting, lambda f: torch.compile(f, backend="eager", dynamic=False))
    assert {name for name in found if name.startswith("forward: ")} == {
        "forward: pair",
        "forward: pair, compiled",
        "forward: transposed, prepared",
        "forward: transposed, prepared, compiled",
        "forward: sub-pixel, prepared",
        "forward: box",
        "forward: box, compiled",
        "forward: each call",
    }
    assert max(found.values()) <= 3


def test_a_gpu_candidate_with_too_large_an_error_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    right = forms.by_subpixel
    monkeypatch.setattr(forms, "by_subpixel", lambda *a: right(*a) * (1 + 1e-4))
    setting = gpu_candidates.on_cpu(Setting(LAYERS[0], "fp32", False))
    with pytest.raises(AssertionError, match=r"forward, sub-pixel, prepared, .* times the pair's error"):
        gpu_candidates.check(setting)


def test_gpu_rows_with_a_clock_of_our_own() -> None:
    """The pair takes 3, the others 2, 1.5 and so on: speed-ups and the fastest follow."""
    setting = gpu_candidates.on_cpu(Setting(LAYERS[0], "fp32", False))
    times: dict[int, float] = {}

    def timer(call: object) -> float:
        return times.setdefault(id(call), 3 / (len(times) + 1))

    rows = gpu.measure(setting, None, timer, rounds=2)
    assert [row["task"] for row in rows] == ["forward"] * 5 + ["forward and backward"] * 4
    for group in gpu.GROUPS:
        own = [row for row in rows if row["task"] == group]
        assert sum(row["fastest"] for row in own) == 1
        (pair,) = [row for row in own if row["candidate"] == "pair"]
        assert pair["speedup"] == pair["lower"] == pair["upper"] == 1
        for row in own:
            assert row["speedup"] == pytest.approx(pair["seconds"] / row["seconds"])
    found = gpu.summary(rows)
    assert {line["of"] for line in found} == {1}
    assert sum(line["fastest"] for line in found) == 2


def test_turns_take_ratios_within_the_round() -> None:
    drift = iter(range(1, 100))
    found = device_timer.in_turns(
        {"slow": lambda: 4.0, "quick": lambda: 1.0}, "slow", lambda call: call() * next(drift) ** 0, 3
    )
    assert (found["quick"].speedup, found["slow"].speedup) == (4, 1)
    assert found["quick"].seconds == 1


def test_without_a_gpu_it_says_what_was_not_run(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(torch.cuda, "is_available", lambda: False)
    monkeypatch.setattr(results_file, "write", lambda *_: pytest.fail("nothing may be stored"))
    monkeypatch.setattr(gpu, "LAYERS", LAYERS[:1])
    assert gpu.main(["bf16"]) == 0
    said = capsys.readouterr().out
    assert "checked on the CPU, on smaller layers: 18 results" in said
    assert "NOT RUN, because PyTorch sees no GPU" in said
    with pytest.raises(SystemExit):
        gpu.main(["fp8"])


def test_stored_rows_of_other_precisions_are_kept_only_on_the_same_machine(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    rows = [{"precision": "fp32", "n": 1}, {"precision": "bf16", "n": 2}]
    before = {"machine": {"gpu": "A"}, "batch": 8, "ceilings": {"fp32": {}}, "rows": rows}
    monkeypatch.setattr(gpu, "stored", lambda _: before)
    assert gpu.kept({"machine": {"gpu": "A"}, "batch": 8}, ("bf16",))["rows"] == rows[:1]
    assert gpu.kept({"machine": {"gpu": "B"}, "batch": 8}, ("bf16",))["rows"] == []
    assert gpu.kept({"machine": {"gpu": "A"}, "batch": 1}, ("bf16",))["rows"] == []


def test_ceilings_count_what_they_do() -> None:
    copied = ceilings.copy(size=1 << 10)
    assert (copied.name, copied.amount) == ("bytes", 2048)
    assert torch.as_tensor(copied.call()).sum() == 256
    product = ceilings.product(n=3)
    assert (product.name, product.amount) == ("operations", 54)
    assert product.call().shape == (3, 3)  # type: ignore[attr-defined]


def test_what_is_stored_names_its_machine() -> None:
    """Figures without machine, versions and date are worth nothing."""
    for name in ("operations", "upsample_convolution", "gpu"):
        found = stored(name)
        if found is None:
            assert name == "gpu"
            assert not (RESULTS / "gpu.json").is_file()
            continue
        assert found["machine"]
        assert found["versions"]["torch"]
        assert found["date"].startswith("20")
        json.dumps(found)
