"""Decoding what a person uploaded, in a process of its own: it may crash, hang or take all memory, and only it ends.

A fresh interpreter for each call: nothing is left over from the file before, and nothing of ours (environment, open
connections, keys in memory) is in reach of a decoder that a file has taken over. For the same reason it answers by
JSON or plain bytes, never by pickle. Linux holds every limit; macOS only those of time, of output and of files.
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
KEPT: Final = ("LD_LIBRARY_PATH", "SYSTEMROOT", "TMPDIR")
"""All that the child sees of our environment, which holds passwords."""

LIMITS: Final = {-signal.SIGXCPU, -signal.SIGALRM}


class Unfinished(Exception):
    """The function gave no answer. The message names no content, so it may be logged."""


class TooMuch(Unfinished):
    """It wanted more time, memory or output than it was given."""


class Died(Unfinished):
    """It crashed, was killed, or raised what it was not allowed to raise."""


async def call(
    function: str,
    *args: Any,
    seconds: float,
    megabytes: int,
    raises: tuple[type[Exception], ...] = (),
) -> Any:
    """What `package.module:function` returns for these arguments: JSON values, or bytes.

    `raises` are its own exceptions that come through, made again from their `args`. Raises `TooMuch` and `Died`.
    Ends with the caller: by cancellation, and when this process dies. How many run at once is for the caller to bound.
    """
    process = await _start(seconds, megabytes)
    try:
        async with asyncio.timeout(seconds):
            answer = await _talk(process, pickle.dumps((sys.path, function, args)))
            status = await process.wait()
    except TimeoutError:
        raise TooMuch(f"{function}: {seconds} seconds") from None
    finally:
        await _end(process)
    return _opened(function, answer, status, {_name(error): error for error in raises})


async def _start(seconds: float, megabytes: int) -> Process:
    told = [str(os.getpid()), str(seconds), str(megabytes)]
    return await asyncio.create_subprocess_exec(
        sys.executable, "-I", "-B", "-m", "qingyuan_runtime.process.isolated_child", *told,
        stdin=PIPE, stdout=PIPE, stderr=DEVNULL, cwd="/", env=_environment(), start_new_session=True,
    )  # fmt: skip


def _environment() -> dict[str, str]:
    """One arena: the allocator would claim address space for each thread, and that is what is limited."""
    kept = {name: os.environ[name] for name in KEPT if name in os.environ}
    return kept | {"LANG": "C.UTF-8", "MALLOC_ARENA_MAX": "1", "RAYON_NUM_THREADS": "1"}


async def _talk(process: Process, request: bytes) -> bytes:
    asking = asyncio.ensure_future(_ask(process, request))
    try:
        return await _answer(process)
    finally:
        asking.cancel()
        await asyncio.gather(asking, return_exceptions=True)


async def _ask(process: Process, request: bytes) -> None:
    assert process.stdin
    process.stdin.write(request)
    await process.stdin.drain()
    process.stdin.close()


async def _answer(process: Process) -> bytes:
    assert process.stdout
    answer = bytearray()
    while chunk := await process.stdout.read(1024 * 1024):
        answer += chunk
        if len(answer) > OUTPUT_MAX:
            raise TooMuch("output")
    return bytes(answer)


async def _end(process: Process) -> None:
    """Its children too: they are in its process group unless they left it."""
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(process.pid, signal.SIGKILL)
    await asyncio.shield(asyncio.ensure_future(process.wait()))


def _opened(function: str, answer: bytes, status: int, errors: Mapping[str, Callable[..., Exception]]) -> Any:
    if status in LIMITS:
        raise TooMuch(f"{function}: time")
    if status != 0 or not answer:
        raise Died(f"{function}: ended with {status}")
    kind, body = answer[:1], answer[1:]
    if kind == b"B":
        return body
    try:
        value = json.loads(body)
    except (ValueError, RecursionError):
        raise Died(f"{function}: no answer") from None
    if kind == b"V":
        return value
    raise _error(function, value, errors)


def _error(function: str, told: Any, errors: Mapping[str, Callable[..., Exception]]) -> Exception:
    match told:
        case {"type": str(name), "args": [*args], "at": _} if name in errors:
            return errors[name](*args)
        case {"type": "builtins:MemoryError"}:
            return TooMuch(f"{function}: memory")
        case {"type": str(name), "at": str(place)}:
            return Died(f"{function}: {name} at {place}")
    return Died(f"{function}: no answer")


def _name(error: type[Exception]) -> str:
    return f"{error.__module__}:{error.__qualname__}"
