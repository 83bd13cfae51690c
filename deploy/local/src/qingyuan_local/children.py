"""Child processes that end with their parent, however it ends."""

import ctypes
import os
import signal
import socket
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

PR_SET_PDEATHSIG = 1
DISK_FULL = "磁盘空间不足，请清理后重新启动。"


class NeverReady(Exception):
    """A server was not ready in time. The message contains the end of its log."""


def die_with_parent() -> None:
    """Called in the child before exec: the kernel will end it with its parent, even if that was killed by SIGKILL."""
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)


def start(
    command: Sequence[str], *, log: Path, env: Mapping[str, str] | None = None
) -> subprocess.Popen[bytes]:
    log.parent.mkdir(parents=True, exist_ok=True)
    with log.open("ab") as out:
        return subprocess.Popen(
            list(command),
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=subprocess.STDOUT,
            env={**os.environ, **env} if env else None,
            preexec_fn=die_with_parent,
            start_new_session=True,
        )


def stop(
    process: subprocess.Popen[bytes], *, first_signal: int = signal.SIGTERM, patience: float = 15
) -> None:
    """End a process started here with `first_signal`, and with SIGKILL if it has not ended after `patience` seconds."""
    if process.poll() is not None:
        return
    process.send_signal(first_signal)
    try:
        process.wait(patience)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def free_port(host: str = "127.0.0.1") -> int:
    with socket.socket() as probe:
        probe.bind((host, 0))
        return int(probe.getsockname()[1])


def is_open(port: int, host: str = "127.0.0.1") -> bool:
    with socket.socket() as probe:
        probe.settimeout(0.5)
        return probe.connect_ex((host, port)) == 0


def can_bind(port: int, host: str = "127.0.0.1") -> bool:
    """Whether a server could use this port now. Unlike `is_open` it also notices outgoing connections from this port."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError:
            return False
    return not is_open(port, host)


def wait_until(
    ready: Callable[[], bool], *, process: subprocess.Popen[bytes], log: Path, patience: float = 60
) -> None:
    """Poll until `ready`. Raises `NeverReady` when the process has ended, or after `patience` seconds."""
    end = time.monotonic() + patience
    while not ready():
        if process.poll() is not None or time.monotonic() > end:
            raise NeverReady(f"{log.name}: {tail(log)}")
        time.sleep(0.05)


def tail(log: Path, lines: int = 12) -> str:
    return "\n".join(log.read_text(errors="replace").splitlines()[-lines:]) if log.exists() else ""
