"""Functions that tests run by `isolated.call`: decoders that crash, hang or exceed their limits."""

import asyncio
import ctypes
import os
import signal
import sys
import time
from pathlib import Path

from qingyuan_runtime.process import isolated


class Refused(Exception):
    pass


def refuse(*args: str) -> None:
    raise Refused(*args)


def content_in_the_message() -> None:
    raise ValueError("张三的身份证号")


def environment() -> dict[str, str]:
    return dict(os.environ)


def length(content: bytes) -> int:
    return len(content)


def twice(content: bytes) -> bytes:
    return content * 2


def noisy() -> str:
    print("a library says something")
    os.write(1, b"and so does C")
    return "answer"


def fork_and_hang(folder: str) -> None:
    os.fork()
    hang(folder)


def hang(folder: str) -> None:
    """Ignores all signals that can be ignored. Creates a file to show that it is running."""
    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)
    Path(folder, str(os.getpid())).touch()
    while True:
        time.sleep(1)


def spin() -> None:
    while True:
        pass


def take(megabytes: int) -> int:
    return len(bytearray(megabytes * 1024 * 1024))


def abort() -> None:
    os.abort()


def crash() -> None:
    ctypes.string_at(0)


def leave() -> None:
    os._exit(0)


def write(path: str) -> None:
    Path(path).write_bytes(b"x")


if __name__ == "__main__":
    asyncio.run(isolated.call("isolated_functions:hang", sys.argv[1], seconds=60, megabytes=200))
