"""The running system as somebody sees it who wants to hurt it: its processes, its servers and its stores."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import asyncpg
import psutil
from qingyuan_local.children import is_open
from qingyuan_local.postgres import Postgres
from qingyuan_local.state import State, last_running, supervisor_of
from qingyuan_local.testing import Stack

Way = Literal["stopped", "killed", "frozen"]
SERVERS = ("postgres", "kafka")


@dataclass(frozen=True)
class System:
    stack: Stack

    @property
    def moved_clock(self) -> Path:
        """The file that says how far the services' clock is ahead (`tests/moved_clock`)."""
        return self.stack.folder / "moved-clock"

    def pids(self) -> dict[str, int]:
        return self.stack.processes()

    def services(self) -> dict[str, int]:
        return {name: pid for name, pid in self.pids().items() if not name.startswith(SERVERS)}

    def kill(self, name: str) -> None:
        """SIGKILL: the process hears nothing of it."""
        os.kill(self.pids()[name], signal.SIGKILL)

    @contextmanager
    def frozen(self, name: str) -> Iterator[None]:
        """The process and its children stand still with their connections open, as in a stuck virtual machine."""
        family = self._family(name)
        for process in family:
            process.suspend()
        try:
            yield
        finally:
            for process in family:
                if process.is_running():  # a child of the server may have ended by itself
                    process.resume()

    @contextmanager
    def down(self, name: str, how: signal.Signals) -> Iterator[None]:
        """A server is ended and stays away: who would start it again stands still meanwhile."""
        supervisor = supervisor_of(self.stack.folder)
        assert supervisor
        os.kill(supervisor, signal.SIGSTOP)
        try:
            os.kill(self.pids()[name], how)
            yield
        finally:
            os.kill(supervisor, signal.SIGCONT)

    def away(self, server: str, way: Way) -> AbstractContextManager[None]:
        """Stopped as a person stops it, killed, or frozen."""
        if way == "frozen":
            return self.frozen(server)
        gently = signal.SIGINT if server == "postgres" else signal.SIGTERM
        return self.down(server, signal.SIGKILL if way == "killed" else gently)

    def wait_back(self, name: str, patience: float = 60) -> None:
        """Until a server that was ended takes connections again: how long it needs to start is not our recovery."""
        port = State.open(self.stack.folder).port(name)
        database = Postgres(self.stack.folder / "postgres", port)
        until_true(
            database.is_ready if name == "postgres" else lambda: is_open(port), patience, f"{name} is away"
        )

    def power_cut(self) -> None:
        """Everything at once, without a word; then the system is started as after a black-out."""
        processes = [psutil.Process(process.pid) for process in last_running(self.stack.folder)]
        families = [
            relative for process in processes for relative in (process, *process.children(recursive=True))
        ]
        supervisor = supervisor_of(self.stack.folder)
        assert supervisor
        for pid in (supervisor, *(process.pid for process in families)):
            try:
                os.kill(pid, signal.SIGKILL)
            except ProcessLookupError:
                continue
        psutil.wait_procs(families, timeout=20)
        self.stack.cli("up", "--detach")

    def url(self, database: str) -> str:
        """As the server's superuser: a checker looks past every right."""
        state = State.open(self.stack.folder)
        return Postgres(self.stack.folder / "postgres", state.port("postgres")).url(database)

    async def connect(self, service: str) -> asyncpg.Connection:
        return await asyncpg.connect(self.url(f"qingyuan_{service}"), timeout=10)

    @property
    def bootstrap(self) -> str:
        state = State.open(self.stack.folder)
        return ",".join(f"127.0.0.1:{port}" for name, port in state.ports.items() if _is_broker(name))

    def audit(self) -> list[dict[str, object]]:
        """What `qingyuan audit` finds, a row a log. It ends with 1 where it finds a fault."""
        env = {**os.environ, "QINGYUAN_STATE": str(self.stack.folder)}
        done = subprocess.run(
            [sys.executable, "-m", "qingyuan_cli", "audit"],
            env=env,
            capture_output=True,
            text=True,
            check=False,
        )
        return [json.loads(line) for line in done.stdout.splitlines() if line.startswith("{")]

    def _family(self, name: str) -> list[psutil.Process]:
        process = psutil.Process(self.pids()[name])
        return [process, *process.children(recursive=True)]


def _is_broker(name: str) -> bool:
    return name.startswith("kafka-") and not name.endswith("-controller")


def until_true(question: object, patience: float, what: str) -> float:
    """Seconds until `question()` is true. Fails where it does not become so."""
    began = time.monotonic()
    while not question():  # type: ignore[operator]
        assert time.monotonic() - began < patience, what
        time.sleep(0.1)
    return time.monotonic() - began
