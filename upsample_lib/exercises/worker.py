"""One persistent process that runs learners' functions, so that no mistake in them can take the kernel along.

It is a fresh interpreter, never a fork: torch deadlocks in forked children, and Windows has none. It is
started at the first check, replaced after anything that ended or spoiled it, and ends by itself when idle.
"""

import atexit
import contextlib
import dis
import json
import os
import pickle
import queue
import signal
import struct
import subprocess
import sys
import sysconfig
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from types import CodeType, ModuleType
from typing import Any

from upsample_lib.exercises import worker_main

Outcome = dict[str, Any]
_THREADS = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")  # eighty learners share a hub
VARIABLE = "UPSAMPLE_SECONDS"
_OVER = {"timeout", "died", "memory", "exit", "unloadable", "unsendable"}


class Worker:
    """Calls a function on several cases, each within a time limit.

    Parameters
    ----------
    limit
        Seconds for one call, by default what the environment's UPSAMPLE_SECONDS says, else 2; imports come
        before its clock starts.
    total
        Seconds for all calls of one check, by default five times as many.
    idle
        Seconds without a check after which the process ends.
    memory
        Bytes that the learner's code may add to the process, where the system enforces it.
    """

    def __init__(
        self,
        limit: float | None = None,
        total: float | None = None,
        idle: float = 600.0,
        memory: int = 1 << 30,
    ) -> None:
        self.limit = _seconds() if limit is None else limit
        self.total = 5 * self.limit if total is None else total
        self.idle, self.memory = idle, memory
        self.starting = 60.0  # imports of torch on a busy machine take their time
        self._process: subprocess.Popen[bytes] | None = None
        self._answers: queue.Queue[Outcome | None] = queue.Queue()
        self._lock = threading.RLock()
        self._owner = os.getpid()
        atexit.register(self.stop)

    @property
    def pid(self) -> int | None:
        """The process's number, None while there is none."""
        return self._process.pid if self._process is not None and self._process.poll() is None else None

    def run(
        self,
        function: Callable[..., Any],
        cases: Iterable[list[Any]],
        forbidden: Iterable[str] = (),
        as_tensors: bool = False,
    ) -> list[Outcome]:
        """One outcome a case; the list ends early with the outcome that ended the run."""
        with self._lock:
            try:
                return self._run(function, list(cases), list(forbidden), as_tensors)
            except BaseException:  # also an interrupt from the keyboard: the conversation is broken off
                self.stop()
                raise

    def _run(
        self, function: Callable[..., Any], cases: list[list[Any]], forbidden: list[str], as_tensors: bool
    ) -> list[Outcome]:
        try:
            packed = _packed(function)
        except Exception as error:  # whatever a learner's object does when it is packed
            return [{"state": "unsendable", "type": type(error).__name__, "message": str(error)[:500]}]
        modules = list(_imported_by(function)) + ["torch"] * as_tensors
        loading = {
            "do": "load",
            "function": packed,
            "path": sys.path,
            "modules": modules + list(_modules_loaded(forbidden)),
            "forbidden": forbidden,
            "memory": self.memory,
        }
        answer = self._ask(loading, self.starting)
        if answer.get("code") == worker_main.IDLE_EXIT:  # it had just gone to sleep
            answer = self._ask(loading, self.starting)
        if answer["state"] != "loaded":
            return [answer]
        outcomes: list[Outcome] = []
        started = time.monotonic()
        for case in cases:
            call = {"do": "call", "arguments": pickle.dumps(case), "as_tensors": as_tensors}
            outcome = self._ask(call, self.limit)
            outcomes.append(outcome)
            if outcome["state"] in _OVER:
                break
            if time.monotonic() - started > self.total:
                outcomes.append({"state": "timeout"})
                break
        if any(outcome["state"] in _OVER or outcome.get("untidy") for outcome in outcomes):
            self.stop()
        return outcomes

    def _ask(self, message: dict[str, Any], limit: float) -> Outcome:
        process = self._running()
        body = pickle.dumps(message)
        try:
            assert process.stdin is not None
            process.stdin.write(struct.pack("<Q", len(body)) + body)
            process.stdin.flush()
        except OSError:
            return self._ended(process)
        try:
            answer = self._answers.get(timeout=limit)
        except queue.Empty:
            self.stop()
            return {"state": "timeout"}
        return self._ended(process) if answer is None else answer

    def _ended(self, process: "subprocess.Popen[bytes]") -> Outcome:
        try:
            code: int | None = process.wait(1)
        except subprocess.TimeoutExpired:  # it closed its pipe and lives on
            code = None
        self.stop()
        return {"state": "died", "code": code}

    def _running(self) -> "subprocess.Popen[bytes]":
        if self._owner != os.getpid():  # a forked copy of the kernel must not speak for the original
            self._process, self._owner = None, os.getpid()
        if self._process is None or self._process.poll() is not None:
            self.stop()
            self._process = self._start()
        return self._process

    def _start(self) -> "subprocess.Popen[bytes]":
        environment = os.environ | dict.fromkeys(_THREADS, "1")
        options: dict[str, Any] = {"start_new_session": True}  # interrupting the kernel does not reach it
        if sys.platform == "win32":
            options = {"creationflags": subprocess.CREATE_NO_WINDOW | subprocess.CREATE_NEW_PROCESS_GROUP}
        process = subprocess.Popen(
            [sys.executable, "-P", str(Path(worker_main.__file__)), str(self.idle)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=environment,
            **options,
        )
        answers: queue.Queue[Outcome | None] = queue.Queue()
        threading.Thread(target=_receive, args=(process, answers), daemon=True).start()
        self._answers = answers
        try:
            ready = answers.get(timeout=self.starting)
        except queue.Empty:
            ready = None
        if ready is None:
            _kill(process)
            raise RuntimeError(f"the process that runs exercises did not start within {self.starting:g} s")
        return process

    def stop(self) -> None:
        """End the process, if there is one; the next check starts another."""
        process, self._process = self._process, None
        if process is not None and self._owner == os.getpid():
            _kill(process)


def _seconds() -> float:
    """A call's limit; a crowded machine may need a longer one than a learner should have to wait for."""
    said = os.environ.get(VARIABLE) or "2"
    try:
        seconds = float(said)
    except ValueError:
        seconds = 0.0
    if not 0 < seconds < float("inf"):
        raise ValueError(f"{VARIABLE} must be a positive number of seconds, got {said!r}")
    return seconds


def _receive(process: "subprocess.Popen[bytes]", answers: "queue.Queue[Outcome | None]") -> None:
    assert process.stdout is not None
    with contextlib.suppress(OSError, ValueError):
        while (body := worker_main.read(process.stdout)) is not None:  # type: ignore[arg-type]
            answers.put(json.loads(body))
    answers.put(None)


def _kill(process: "subprocess.Popen[bytes]") -> None:
    """The process and whatever it has started."""
    with contextlib.suppress(OSError):
        if sys.platform == "win32":
            process.kill()
        else:
            os.killpg(process.pid, signal.SIGKILL)
    with contextlib.suppress(subprocess.TimeoutExpired):
        process.wait(5)
    with contextlib.suppress(OSError):
        if process.stdin is not None:
            process.stdin.close()


def _packed(function: Callable[..., Any]) -> bytes:
    """The function with the globals, helpers and closures that it uses; the learner's go by value."""
    try:
        import cloudpickle
    except ImportError as error:
        raise ModuleNotFoundError(
            'exercises need the package cloudpickle: pip install "upsample_lib[exercises]"'
        ) from error
    own = [module for module in list(sys.modules.values()) if _is_learners(module)]
    for module in own:
        cloudpickle.register_pickle_by_value(module)
    try:
        packed: bytes = cloudpickle.dumps(function)
        return packed
    finally:
        for module in own:
            cloudpickle.unregister_pickle_by_value(module)


def _is_learners(module: ModuleType) -> bool:
    """A file of the learner's own: the worker would keep its old version after an edit."""
    name, file = getattr(module, "__name__", ""), getattr(module, "__file__", None)
    if not isinstance(file, str) or name == "__main__" or name.partition(".")[0] == "upsample_lib":
        return False
    return sys.modules.get(name) is module and not file.startswith(INSTALLED)


INSTALLED = tuple(
    {*sysconfig.get_paths().values(), sys.prefix, sys.base_prefix, os.path.dirname(os.__file__)}
)


def code_of(function: Any) -> CodeType | None:
    """The code of a function, a method, a module of torch or any other callable object."""
    kind = type(function)
    for candidate in (function, getattr(kind, "forward", None), getattr(kind, "__call__", None)):  # noqa: B004
        code = getattr(candidate, "__code__", None)
        if isinstance(code, CodeType):
            return code
    return None


def codes_within(code: CodeType) -> Iterator[CodeType]:
    """`code` and the functions, lambdas and comprehensions written inside it."""
    yield code
    for constant in code.co_consts:
        if isinstance(constant, CodeType):
            yield from codes_within(constant)


def _imported_by(function: Any) -> Iterator[str]:
    code = code_of(function)
    for inner in codes_within(code) if code is not None else ():
        yield from (step.argval for step in dis.get_instructions(inner) if step.opname == "IMPORT_NAME")


def _modules_loaded(names: Iterable[str]) -> Iterator[str]:
    """Their modules that the kernel has loaded: only then can the learner's code hold the functions already.

    Torch is left out: it is watched in another way, and is heavy where the learner's code does not need it.
    """
    modules = {name.rpartition(".")[0] for name in names if not name.startswith("torch.")}
    return (module for module in sorted(modules) if module in sys.modules)
