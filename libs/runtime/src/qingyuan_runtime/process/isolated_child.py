"""The child process of `isolated.call`: runs one function, writes its result, and ends. Imports as little as possible."""

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
    out = reserve_output()
    sys.path[:], function, args = pickle.load(sys.stdin.buffer)  # noqa: S301 - written by our parent process
    output = run(function, args)
    with open(out, "wb") as pipe:  # noqa: PTH123
        pipe.write(output)


def die_with(parent: int) -> None:
    """Let the Linux kernel kill this process with its parent. On other systems the timer ends it later."""
    if sys.platform == "linux":
        prctl = ctypes.CDLL(None).prctl
        prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
        prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)
    if os.getppid() != parent:
        sys.exit(1)


def limit(seconds: float, megabytes: int) -> None:
    """Set limits that the kernel enforces by signals, since a hanging decoder does not handle exceptions."""
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


def reserve_output() -> int:
    """Move the pipe to the parent to another file number, so that prints of libraries do not get into the output."""
    pipe = os.dup(1)
    os.dup2(2, 1)
    return pipe


def run(function: str, args: tuple[object, ...]) -> bytes:
    """The output: `B` and bytes, `V` and a value as JSON, or `E` and an error as JSON."""
    try:
        module, _, name = function.partition(":")
        result = getattr(import_module(module), name)(*args)
        return b"B" + result if isinstance(result, bytes) else b"V" + json.dumps(result).encode()
    except Exception as error:
        return b"E" + error_report(error)


def error_report(error: Exception) -> bytes:
    """The arguments may contain content. The parent uses them only for the exceptions that its caller has listed."""
    kind = type(error)
    report = {
        "type": f"{kind.__module__}:{kind.__qualname__}",
        "at": line_of(error),
        "args": list(error.args),
    }
    try:
        return json.dumps(report).encode()
    except (TypeError, ValueError):
        return json.dumps(report | {"args": []}).encode()


def line_of(error: Exception) -> str:
    trace = error.__traceback__
    while trace and trace.tb_next:
        trace = trace.tb_next
    return f"{trace.tb_frame.f_code.co_filename}:{trace.tb_lineno}" if trace else ""


if __name__ == "__main__":
    main(int(sys.argv[1]), float(sys.argv[2]), int(sys.argv[3]))
