"""The worker's side: takes a learner's function and calls it on what the parent sends. Run as a script.

The parent's messages are pickles; the answers are JSON, so that the parent never unpickles what a learner's
code could have written. Both are preceded by their length, eight bytes. The pipes are moved away from
standard input and output, which the learner's code may read, fill and close.
"""

import contextlib
import importlib
import io
import json
import os
import pickle
import queue
import struct
import sys
import threading
import traceback
from collections.abc import Iterator
from typing import Any, BinaryIO

import numpy as np

IDLE_EXIT = 77
KEPT_CHARACTERS = 2_000
KEPT_NUMBERS = 20_000
KEPT_PARTS = 8
FUNCTIONAL = "torch.nn.functional"
PROCESS = os.getpid()
CPU_SECONDS = 60  # a call that outlives its parent and never lets go of the interpreter ends by itself


class Kept(io.TextIOBase):
    """What was printed: its beginning; the rest is let go."""

    def __init__(self) -> None:
        self.text = ""

    def writable(self) -> bool:
        return True

    def write(self, text: str) -> int:
        self.text += text[: max(0, KEPT_CHARACTERS - len(self.text))]
        return len(text)


class NoKeyboard(io.TextIOBase):
    """Standard input with nobody at the keyboard; remembers that it was asked."""

    asked = False

    def readline(self, size: int | None = -1, /) -> str:  # type: ignore[override]
        self.asked = True
        return ""

    def read(self, size: int | None = -1, /) -> str:
        return self.readline()


class Watch:
    """Notices calls of functions that the learner is to write; in place before the learner's code arrives."""

    def __init__(self, forbidden: list[str]) -> None:
        self.called: str | None = None
        self.replaced: list[tuple[Any, str, Any]] = []
        self.torch_names = {name.rpartition(".")[2] for name in forbidden if name.startswith("torch.")}
        for name in forbidden:
            module, _, own = name.rpartition(".")
            function = getattr(sys.modules.get(module), own, None)
            if callable(function) and not name.startswith("torch."):
                self._replace(name, function)

    def _replace(self, name: str, function: Any) -> None:
        def noticed(*args: Any, **kwargs: Any) -> Any:
            self.called = self.called or name
            return function(*args, **kwargs)

        root = name.partition(".")[0]
        for path, module in list(sys.modules.items()):
            if path == root or path.startswith(root + "."):
                for own in [own for own, value in list(vars(module).items()) if value is function]:
                    setattr(module, own, noticed)
                    self.replaced.append((module, own, function))

    @contextlib.contextmanager
    def on_torch(self) -> Iterator[None]:
        """Torch has one door that all its functions go through, whatever name they were imported under."""
        if not self.torch_names or "torch" not in sys.modules:
            yield
            return
        from torch.overrides import TorchFunctionMode

        watch = self

        class Noticing(TorchFunctionMode):
            def __torch_function__(self, func: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
                name = getattr(func, "__name__", "")
                if name in watch.torch_names:
                    watch.called = watch.called or name
                return func(*args, **(kwargs or {}))

        with Noticing():
            yield

    def undo(self) -> None:
        for module, own, function in self.replaced:
            setattr(module, own, function)


def described(value: Any) -> dict[str, Any]:
    """What a function returned, as plain data; a short list or tuple part by part as well."""
    found = _described(value)
    if isinstance(value, (list, tuple)) and len(value) <= KEPT_PARTS:
        found["parts"] = [_described(part) for part in value]
    return found


def _described(value: Any) -> dict[str, Any]:
    if value is None:
        return {"kind": "none"}
    torch = sys.modules.get("torch")
    if torch is not None and isinstance(value, torch.Tensor):
        dtype, value = str(value.dtype).removeprefix("torch."), value.detach().cpu()
        array = (value.float() if dtype == "bfloat16" else value).numpy()
        return {"kind": "tensor", **_numbers(array), "dtype": dtype}
    if isinstance(value, np.ndarray):
        return {"kind": "array", **_numbers(value)}
    if isinstance(value, (bool, int, float, np.generic)):
        return {"kind": "number", "type": type(value).__name__, **_numbers(np.asarray(value))}
    if isinstance(value, (list, tuple)):
        try:
            return {"kind": type(value).__name__, **_numbers(np.asarray(value, dtype=float))}
        except (TypeError, ValueError, RuntimeError):
            pass
    return {"kind": "other", "type": type(value).__name__}


def _numbers(array: Any) -> dict[str, Any]:
    found = {"dtype": str(array.dtype), "shape": list(array.shape)}
    if array.dtype.kind in "biuf" and array.size <= KEPT_NUMBERS:
        found["values"] = array.astype(float).ravel().tolist()
    return found


def same(now: Any, before: Any) -> bool:
    if not isinstance(before, np.ndarray):
        return True
    now = now.detach().cpu().numpy() if hasattr(now, "detach") else now
    return bool(now.dtype == before.dtype and np.array_equal(now, before, equal_nan=True))


def failure(error: BaseException, keyboard: NoKeyboard) -> dict[str, Any]:
    frames = traceback.extract_tb(error.__traceback__)[1:]
    try:
        text = str(error)[:KEPT_CHARACTERS]
    except Exception:  # the learner's own exception class may fail at this
        text = ""
    if keyboard.asked:
        state = "input"
    elif isinstance(error, MemoryError) or "can't allocate memory" in text:
        state = "memory"
    elif isinstance(error, SystemExit):
        state = "exit"
    else:
        state = "raised"
    return {
        "state": state,
        "type": type(error).__name__,
        "message": text,
        "frames": [[frame.filename, frame.lineno] for frame in frames],
    }


def namespaces() -> dict[str, dict[str, Any]]:
    """What the modules that learners use offer under which name; an assignment may spoil it for the next."""
    loaded = [name for name in ("builtins", "math", "numpy", "torch", FUNCTIONAL) if name in sys.modules]
    return {name: dict(vars(sys.modules[name])) for name in loaded}


def spoiled(before: dict[str, dict[str, Any]]) -> bool:
    return any(
        vars(sys.modules[module]).get(name) is not value
        for module, names in before.items()
        for name, value in names.items()
        if callable(value)
    )


def call(function: Any, packed: bytes, as_tensors: bool, watch: Watch) -> dict[str, Any]:
    given, untouched = pickle.loads(packed), pickle.loads(packed)
    if as_tensors:
        import torch

        given = [torch.from_numpy(value) if isinstance(value, np.ndarray) else value for value in given]
    threads, offered = threading.active_count(), namespaces()
    out, keyboard = Kept(), NoKeyboard()
    sys.stdout, sys.stderr, sys.stdin = out, Kept(), keyboard
    try:
        with watch.on_torch():
            value = function(*given)
        answer = {"state": "returned", **described(value)}
        if keyboard.asked:  # a bare `except` swallowed it
            answer = {"state": "input"}
    except BaseException as error:
        answer = failure(error, keyboard)
    if os.getpid() != PROCESS:  # a copy that the learner's code has forked must not answer too
        os._exit(0)
    answer["printed"] = out.text
    answer["called"] = watch.called
    answer["changed"] = [i for i, pair in enumerate(zip(given, untouched)) if not same(*pair)]
    answer["untidy"] = threading.active_count() > threads or spoiled(offered)
    return answer


def load(message: dict[str, Any]) -> tuple[Any, Watch]:
    """Import what the function will import, before its clock starts; then the function itself."""
    if sys.path != message["path"]:
        sys.path[:] = message["path"]
    for name in message["modules"]:
        with contextlib.suppress(Exception):
            importlib.import_module(name)
    watch = Watch(message["forbidden"])
    try:
        return pickle.loads(message["function"]), watch
    except BaseException:
        watch.undo()
        raise


def limit_memory(headroom: int | None) -> None:
    """Let the process grow by `headroom` bytes from here; None lifts the limit. Only Linux enforces it."""
    with contextlib.suppress(ImportError, OSError, ValueError):
        import resource

        hard = resource.getrlimit(resource.RLIMIT_AS)[1]
        soft = hard
        if headroom is not None:
            with open("/proc/self/statm", encoding="ascii") as file:
                soft = int(file.read().split()[0]) * resource.getpagesize() + headroom
        resource.setrlimit(resource.RLIMIT_AS, (soft, hard))


def limit_cpu() -> None:
    with contextlib.suppress(ImportError, OSError, ValueError):
        import resource

        used = resource.getrusage(resource.RUSAGE_SELF)
        hard = resource.getrlimit(resource.RLIMIT_CPU)[1]
        resource.setrlimit(resource.RLIMIT_CPU, (int(used.ru_utime + used.ru_stime) + CPU_SECONDS, hard))


def no_crash_reports() -> None:
    """A segfault is an answer here: no core file, no dialogue window."""
    with contextlib.suppress(ImportError, OSError, ValueError):
        import resource

        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    if sys.platform == "win32":
        import ctypes

        ctypes.windll.kernel32.SetErrorMode(0x8007)


def silence_standard_streams() -> None:
    nowhere = os.open(os.devnull, os.O_RDWR)
    for standard in (0, 1, 2):
        if standard != nowhere:
            os.dup2(nowhere, standard)
    if nowhere > 2:
        os.close(nowhere)


def read(pipe: BinaryIO) -> bytes | None:
    header = pipe.read(8)
    if len(header) < 8:
        return None
    (size,) = struct.unpack("<Q", header)
    body = pipe.read(size)
    return body if len(body) == size else None


def listen(pipe: BinaryIO, inbox: "queue.Queue[dict[str, Any]]") -> None:
    while (body := read(pipe)) is not None:
        inbox.put(pickle.loads(body))
    os._exit(0)  # the parent is gone, whatever the learner's code is doing


def main() -> None:
    idle = float(sys.argv[1])
    requests, replies = os.fdopen(os.dup(0), "rb"), os.fdopen(os.dup(1), "wb")
    silence_standard_streams()
    no_crash_reports()

    def answer(content: dict[str, Any]) -> None:
        body = json.dumps(content).encode()
        replies.write(struct.pack("<Q", len(body)) + body)
        replies.flush()

    inbox: queue.Queue[dict[str, Any]] = queue.Queue()
    threading.Thread(target=listen, args=(requests, inbox), daemon=True).start()
    function: Any = None
    watch = Watch([])
    answer({"state": "ready"})
    while True:
        try:
            message = inbox.get(timeout=idle)
        except queue.Empty:
            os._exit(IDLE_EXIT)
        silence_standard_streams()
        limit_cpu()
        if message["do"] == "load":
            limit_memory(None)
            watch.undo()
            try:
                function, watch = load(message)
                answer({"state": "loaded"})
            except BaseException as error:
                answer({"state": "unloadable", "type": type(error).__name__, "message": str(error)[:500]})
            limit_memory(message["memory"])
        else:
            answer(call(function, message["arguments"], message["as_tensors"], watch))


if __name__ == "__main__":
    main()
