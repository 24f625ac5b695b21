"""Whatever a learner's function does, the kernel lives, the check answers, and the next check is right."""

import ctypes
import itertools
import os
import signal
import sys
import threading
import time
import warnings
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from upsample_lib.exercises import ch05
from upsample_lib.exercises.exercise import WORKER
from upsample_lib.exercises.worker import Worker


def right(x, w, s=1, p=0):  # type: ignore[no-untyped-def]
    y = np.zeros((len(x) - 1) * s + len(w))
    for i in range(len(x)):
        y[i * s : i * s + len(w)] += x[i] * w
    return y[p : len(y) - p]


def endless_loop(x, w, s=1, p=0):  # type: ignore[no-untyped-def]
    while True:
        pass


def bare_except(x, w, s=1, p=0):  # type: ignore[no-untyped-def]
    while True:
        try:
            while True:
                pass
        except:  # noqa: E722
            pass


def endless_c_loop(x, w, s=1, p=0):  # type: ignore[no-untyped-def]
    return sum(itertools.count())


def huge_number(x, w, s=1, p=0):  # type: ignore[no-untyped-def]
    return 3 ** (10**9)


def sleep(x, w, s=1, p=0):  # type: ignore[no-untyped-def]
    time.sleep(3600)


def os_exit(x, w, s=1, p=0):  # type: ignore[no-untyped-def]
    os._exit(0)


def sys_exit(x, w, s=1, p=0):  # type: ignore[no-untyped-def]
    sys.exit()


def segfault(x, w, s=1, p=0):  # type: ignore[no-untyped-def]
    ctypes.string_at(0)


def killed(x, w, s=1, p=0):  # type: ignore[no-untyped-def]
    os.kill(os.getpid(), 9)


def deaf_to_signals(x, w, s=1, p=0):  # type: ignore[no-untyped-def]
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, signal.SIG_IGN)
    while True:
        pass


def endless_memory(x, w, s=1, p=0):  # type: ignore[no-untyped-def]
    kept = []
    while True:
        kept.append(np.ones(10**7))


def closes_every_file(x, w, s=1, p=0):  # type: ignore[no-untyped-def]
    os.closerange(0, 100)
    return right(x, w, s, p)


def recursion(x, w, s=1, p=0):  # type: ignore[no-untyped-def]
    return recursion(x, w, s, p)


def asks(x, w, s=1, p=0):  # type: ignore[no-untyped-def]
    return right(x, w, int(input("stride? ")), p)


def leaves_a_thread(x, w, s=1, p=0):  # type: ignore[no-untyped-def]
    if threading.active_count() < 3:
        threading.Thread(target=time.sleep, args=(3600,), daemon=True).start()
    return right(x, w, s, p)


ENDINGS: list[tuple[Callable[..., Any], set[str]]] = [
    (endless_loop, {"timeout"}),
    (bare_except, {"timeout"}),
    (endless_c_loop, {"timeout"}),
    (huge_number, {"timeout"}),
    (sleep, {"timeout"}),
    (os_exit, {"died"}),
    (sys_exit, {"exit"}),
    (segfault, {"died"}),
    (killed, {"died"}),
    (deaf_to_signals, {"timeout"}),
    # where the system enforces no limit, the clock does
    (endless_memory, {"memory"} if sys.platform == "linux" else {"memory", "timeout", "died"}),
    (closes_every_file, {"died", "timeout"}),
]


@pytest.mark.parametrize(("function", "states"), ENDINGS, ids=[function.__name__ for function, _ in ENDINGS])
def test_the_worker_is_replaced(
    function: Callable[..., Any], states: set[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(WORKER, "memory", 1 << 28)
    assert ch05.scatter.check(right).passed
    before = WORKER.pid
    with monkeypatch.context() as patch:
        # what ends by the clock need not be waited for; what does not gets time on a busy machine
        patch.setattr(WORKER, "limit", 0.5 if "timeout" in states else 20.0)
        report = ch05.scatter.check(function)
    assert report.verdict == "failed"
    assert set(report.diagnosis) <= states
    assert report.in_text("ru") != report.in_text("en")
    assert WORKER.pid is None
    assert ch05.scatter.check(right).passed
    assert WORKER.pid not in (before, None)


def replaces_a_function(x, w, s=1, p=0):  # type: ignore[no-untyped-def]
    answer = right(x, w, s, p)
    np.zeros = np.ones
    return answer


@pytest.mark.parametrize("function", [leaves_a_thread, replaces_a_function])
def test_what_is_left_behind_spoils_the_worker(function: Callable[..., Any]) -> None:
    assert ch05.scatter.check(right).passed
    before = WORKER.pid
    ch05.scatter.check(function)
    assert WORKER.pid != before
    assert ch05.scatter.check(right).passed


def forks(x, w, s=1, p=0):  # type: ignore[no-untyped-def]
    os.fork()
    return right(x, w, s, p)


@pytest.mark.skipif(not hasattr(os, "fork"), reason="the system cannot fork")
@pytest.mark.filterwarnings("ignore:This process")
def test_a_forked_copy_does_not_answer_too() -> None:
    for function in (forks, right, forks, right):
        assert ch05.scatter.check(function).passed


class NoWords(Exception):
    def __str__(self) -> str:
        raise RuntimeError


def raises_without_words(x, w, s=1, p=0):  # type: ignore[no-untyped-def]
    raise NoWords


def test_an_exception_that_cannot_be_written_down() -> None:
    assert ch05.scatter.check(raises_without_words).diagnosis == ("raised NoWords",)


def test_recursion_without_end() -> None:
    report = ch05.scatter.check(recursion)
    assert report.diagnosis in (("raised RecursionError",), ("died",))
    assert ch05.scatter.check(right).passed


def asks_and_swallows(x, w, s=1, p=0):  # type: ignore[no-untyped-def]
    try:
        return right(x, w, int(input()), p)
    except Exception:
        return x


@pytest.mark.parametrize("function", [asks, asks_and_swallows])
def test_waiting_for_the_keyboard(function: Callable[..., Any]) -> None:
    report = ch05.scatter.check(function)
    assert report.diagnosis == ("input",)
    assert "keyboard" in repr(report)
    assert ch05.scatter.check(right).passed


def closes_output(x, w, s=1, p=0):  # type: ignore[no-untyped-def]
    sys.stdout.close()
    os.close(1)
    return right(x, w, s, p)


def prints_much(x, w, s=1, p=0):  # type: ignore[no-untyped-def]
    print("x" * 10_000_000)
    sys.__stdout__.write("y" * 10_000_000)  # type: ignore[union-attr]
    os.write(2, b"z" * 1_000_000)
    return right(x, w, s, p)


def warns(x, w, s=1, p=0):  # type: ignore[no-untyped-def]
    warnings.warn("look out", stacklevel=1)
    np.ones(1) / np.zeros(1)
    return right(x, w, s, p)


@pytest.mark.parametrize("function", [closes_output, prints_much, warns])
def test_noise_does_no_harm(function: Callable[..., Any], capfd: pytest.CaptureFixture[str]) -> None:
    assert ch05.scatter.check(function).passed
    assert ch05.scatter.check(right).passed
    assert capfd.readouterr() == ("", "")


def test_an_interrupt_leaves_no_worker_behind(monkeypatch: pytest.MonkeyPatch) -> None:
    assert ch05.scatter.check(right).passed

    def interrupted(*args: object, **options: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(WORKER._answers, "get", interrupted)
        with pytest.raises(KeyboardInterrupt):
            ch05.scatter.check(right)
    assert WORKER.pid is None
    assert ch05.scatter.check(right).passed


def test_the_environment_may_give_a_call_more_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("UPSAMPLE_SECONDS", raising=False)
    usual = Worker()
    assert (usual.limit, usual.total) == (2, 10)
    monkeypatch.setenv("UPSAMPLE_SECONDS", "7.5")
    longer = Worker()
    assert (longer.limit, longer.total) == (7.5, 37.5)
    for wrong in ("soon", "0", "-1", "inf", "nan"):
        monkeypatch.setenv("UPSAMPLE_SECONDS", wrong)
        with pytest.raises(ValueError, match="UPSAMPLE_SECONDS must be a positive number of seconds, got"):
            Worker()
