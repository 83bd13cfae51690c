"""Decodes uploaded files in a process of its own: the decoder may crash, hang or use up memory, and only it ends.

Each call starts a new interpreter, so nothing remains from the file before, and a decoder that a malicious file has
taken over reaches nothing of ours (environment, open connections, keys in memory). For the same reason it returns JSON or
bytes, never a pickle. Linux enforces every limit; macOS only those of time, output and files.
"""

import asyncio
import json
import os
import pickle
import signal
import sys
from asyncio.subprocess import DEVNULL, PIPE, Process
from collections.abc import Callable, Mapping
from contextlib import suppress
from typing import Any, Final

OUTPUT_MAX: Final = 64 * 1024 * 1024
INHERITED: Final = ("LD_LIBRARY_PATH", "SYSTEMROOT", "TMPDIR")
"""The only environment variables that the child gets, since others hold passwords."""

LIMITS: Final = {-signal.SIGXCPU, -signal.SIGALRM}


class Unfinished(Exception):
    """The function has not returned. The message contains no content, so it may be logged."""


class TooMuch(Unfinished):
    """The function needed more time, memory or output than its limits allow."""


class Died(Unfinished):
    """The function crashed, was killed, or raised an exception that is not in `raises`."""


async def call(
    function: str,
    *args: Any,
    seconds: float,
    megabytes: int,
    raises: tuple[type[Exception], ...] = (),
) -> Any:
    """The result of `package.module:function` for these arguments: JSON values, or bytes.

    Exceptions listed in `raises` are raised here, too, created again from their `args`. Raises `TooMuch` and `Died`.
    The child ends when the caller is cancelled or its process dies. The caller must limit how many run at once.
    """
    process = await _start(seconds, megabytes)
    try:
        async with asyncio.timeout(seconds):
            output = await _exchange(process, pickle.dumps((sys.path, function, args)))
            status = await process.wait()
    except TimeoutError:
        raise TooMuch(f"{function}: {seconds} seconds") from None
    finally:
        await _end(process)
    return _result(function, output, status, {_name(error): error for error in raises})


async def _start(seconds: float, megabytes: int) -> Process:
    arguments = [str(os.getpid()), str(seconds), str(megabytes)]
    return await asyncio.create_subprocess_exec(
        sys.executable, "-I", "-B", "-m", "qingyuan_runtime.process.isolated_child", *arguments,
        stdin=PIPE, stdout=PIPE, stderr=DEVNULL, cwd="/", env=_environment(), start_new_session=True,
    )  # fmt: skip


def _environment() -> dict[str, str]:
    """One malloc arena, since each thread's arena would take up address space, which is what the memory limit counts."""
    inherited = {name: os.environ[name] for name in INHERITED if name in os.environ}
    return inherited | {"LANG": "C.UTF-8", "MALLOC_ARENA_MAX": "1", "RAYON_NUM_THREADS": "1"}


async def _exchange(process: Process, request: bytes) -> bytes:
    """Write the request and read the output at the same time, so that neither side waits for a full pipe."""
    sending = asyncio.ensure_future(_send(process, request))
    try:
        return await _output(process)
    finally:
        sending.cancel()
        await asyncio.gather(sending, return_exceptions=True)


async def _send(process: Process, request: bytes) -> None:
    assert process.stdin
    process.stdin.write(request)
    await process.stdin.drain()
    process.stdin.close()


async def _output(process: Process) -> bytes:
    assert process.stdout
    output = bytearray()
    while chunk := await process.stdout.read(1024 * 1024):
        output += chunk
        if len(output) > OUTPUT_MAX:
            raise TooMuch("output")
    return bytes(output)


async def _end(process: Process) -> None:
    """Kill it with its children, which are in its process group."""
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(process.pid, signal.SIGKILL)
    await asyncio.shield(asyncio.ensure_future(process.wait()))


def _result(function: str, output: bytes, status: int, errors: Mapping[str, Callable[..., Exception]]) -> Any:
    if status in LIMITS:
        raise TooMuch(f"{function}: time")
    if status != 0 or not output:
        raise Died(f"{function}: ended with {status}")
    kind, body = output[:1], output[1:]
    if kind == b"B":
        return body
    try:
        value = json.loads(body)
    except (ValueError, RecursionError):
        raise Died(f"{function}: no answer") from None
    if kind == b"V":
        return value
    raise _error(function, value, errors)


def _error(function: str, report: Any, errors: Mapping[str, Callable[..., Exception]]) -> Exception:
    match report:
        case {"type": str(name), "args": [*args], "at": _} if name in errors:
            return errors[name](*args)
        case {"type": "builtins:MemoryError"}:
            return TooMuch(f"{function}: memory")
        case {"type": str(name), "at": str(place)}:
            return Died(f"{function}: {name} at {place}")
    return Died(f"{function}: no answer")


def _name(error: type[Exception]) -> str:
    return f"{error.__module__}:{error.__qualname__}"
