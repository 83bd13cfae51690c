"""The other end of `confined.call`: one function, one answer, then the end. Imports as little as it can."""

import contextlib
import ctypes
import json
import math
import os
import pickle
import resource
import signal
import sys
from importlib import import_module

PR_SET_PDEATHSIG = 1
PR_SET_NO_NEW_PRIVS = 38
OPEN_FILES = 64


def main(parent: int, seconds: float, megabytes: int) -> None:
    die_with(parent)
    limit(seconds, megabytes)
    out = keep_output()
    sys.path[:], function, args = pickle.load(sys.stdin.buffer)  # noqa: S301 - from our parent, and from nobody else
    answer = answered(function, args)
    with open(out, "wb") as pipe:  # noqa: PTH123
        pipe.write(answer)


def die_with(parent: int) -> None:
    """By the kernel, on Linux. Elsewhere the timer ends what was left behind."""
    if sys.platform == "linux":
        prctl = ctypes.CDLL(None).prctl
        prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
        prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)
    if os.getppid() != parent:
        sys.exit(1)


def limit(seconds: float, megabytes: int) -> None:
    """The kernel ends what exceeds them: a decoder that hangs hears no exception."""
    signal.signal(signal.SIGALRM, signal.SIG_DFL)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    limits = {
        resource.RLIMIT_AS: megabytes * 1024 * 1024,
        resource.RLIMIT_CPU: math.ceil(seconds),
        resource.RLIMIT_FSIZE: 0,
        resource.RLIMIT_CORE: 0,
        resource.RLIMIT_NOFILE: OPEN_FILES,
    }
    for kind, most in limits.items():
        with contextlib.suppress(ValueError, OSError):  # a platform that does not know this limit
            resource.setrlimit(kind, (most, most))


def keep_output() -> int:
    """The pipe to our parent under a number that no library prints to."""
    kept = os.dup(1)
    os.dup2(2, 1)
    return kept


def answered(function: str, args: tuple[object, ...]) -> bytes:
    try:
        module, _, name = function.partition(":")
        found = getattr(import_module(module), name)(*args)
        return b"B" + found if isinstance(found, bytes) else b"V" + json.dumps(found).encode()
    except Exception as error:
        return b"E" + told(error)


def told(error: Exception) -> bytes:
    """The arguments may hold content: only an exception that is allowed to come through is made from them again."""
    kind = type(error)
    said = {"type": f"{kind.__module__}:{kind.__qualname__}", "at": place(error), "args": list(error.args)}
    try:
        return json.dumps(said).encode()
    except (TypeError, ValueError):
        return json.dumps(said | {"args": []}).encode()


def place(error: Exception) -> str:
    trace = error.__traceback__
    while trace and trace.tb_next:
        trace = trace.tb_next
    return f"{trace.tb_frame.f_code.co_filename}:{trace.tb_lineno}" if trace else ""


if __name__ == "__main__":
    main(int(sys.argv[1]), float(sys.argv[2]), int(sys.argv[3]))
