"""The stored state of a checkout's system: ports, secrets, and running processes."""

import base64
import fcntl
import json
import os
import secrets
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from qingyuan_local.children import can_bind, free_port

GATEWAY_PORTS = range(8080, 8100)
# Below the range that the kernel uses for outgoing connections, so that a stored port stays free.
INNER_PORTS = range(20_000, 32_000)


class PortTaken(Exception):
    """A stored port is used by another program."""


class AlreadyUp(Exception):
    """Another supervisor uses this state folder."""


@dataclass
class State:
    """The state folder of one checkout; everything in it may be deleted by `make reset`."""

    folder: Path
    ports: dict[str, int] = field(default_factory=dict)

    @classmethod
    def open(cls, folder: Path) -> "State":
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        for private in (folder, *(child for child in folder.iterdir() if child.is_dir())):
            private.chmod(0o700)
        stored = folder / "ports.json"
        return cls(folder, json.loads(stored.read_text()) if stored.exists() else {})

    def port(self, name: str) -> int:
        """The port of a process, chosen at the first start and stored. `PORT` changes the gateway's."""
        wanted = os.environ.get("PORT") if name == "gateway" else None
        if name not in self.ports or (wanted and self.ports[name] != int(wanted)):
            self.ports[name] = int(wanted) if wanted else self._choose(name)
            _replace(self.folder / "ports.json", json.dumps(self.ports, indent=1))
        return self.ports[name]

    def _choose(self, name: str) -> int:
        order = GATEWAY_PORTS if name == "gateway" else secrets.SystemRandom().sample(INNER_PORTS, 100)
        taken = set(self.ports.values())
        return next((port for port in order if port not in taken and can_bind(port)), None) or free_port()

    def require_free(self, *names: str) -> None:
        """Raise `PortTaken` with a sentence for the user where another program uses one of these ports."""
        for name in names:
            if not can_bind(self.port(name)):
                way_out = "用 PORT=<其他端口> 启动" if name == "gateway" else "执行 qingyuan reset"
                raise PortTaken(
                    f"端口 {self.port(name)}（{name}）已被其他程序占用；请释放该端口，或{way_out}。"
                )

    def secret(self, name: str) -> str:
        """A random secret in a file that only its owner can read, created at the first use."""
        return self.secret_file(name).read_text()

    def secret_file(self, name: str) -> Path:
        path = self.folder / "secrets" / name
        if not path.exists():
            write_private(path, base64.b64encode(secrets.token_bytes(32)).decode())
        return path

    def password(self, role: str) -> str:
        """A database role's password, of characters that need no escaping in a URL."""
        return self.secret(f"database-{role}").translate(str.maketrans("+/=", "xyz"))

    @property
    def seeded(self) -> bool:
        return (self.folder / "seeded").exists()

    @property
    def demo_password(self) -> str:
        return f"Demo-{self.password('demo')[:10]}"


@dataclass(frozen=True)
class Running:
    """One process of the running system, as written to run.json."""

    name: str
    pid: int
    port: int | None
    restarts: int
    version: str


def write_running(folder: Path, supervisor: int, processes: list[Running]) -> None:
    stored = {"supervisor": supervisor, "processes": [asdict(process) for process in processes]}
    _replace(folder / "run.json", json.dumps(stored))


def read_running(folder: Path) -> tuple[int, list[Running]] | None:
    """The supervisor's pid and the processes it has started; None if no supervisor is running here."""
    supervisor = supervisor_of(folder)
    return None if supervisor is None else (supervisor, last_running(folder))


def last_running(folder: Path) -> list[Running]:
    """The processes recorded last. If the supervisor was killed, they may have ended already."""
    path = folder / "run.json"
    if not path.exists():
        return []
    stored: dict[str, Any] = json.loads(path.read_text())
    return [Running(**process) for process in stored["processes"]]


@contextmanager
def locked(folder: Path) -> Iterator[None]:
    """Lock the folder for this supervisor. The kernel releases the lock however the process ends."""
    with (folder / "supervisor").open("a+") as lock:
        _lock(lock.fileno())
        lock.truncate(0)
        lock.write(str(os.getpid()))
        lock.flush()
        try:
            yield
        finally:
            (folder / "run.json").unlink(missing_ok=True)


def _lock(lock: int) -> None:
    for _ in range(20):  # `supervisor_of` in another process locks it for an instant
        try:
            return fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            time.sleep(0.02)
    raise AlreadyUp("系统已在运行或正在启动；qingyuan down 可停止。")


def supervisor_of(folder: Path) -> int | None:
    """The pid of the supervisor that has locked this folder, so never that of another process with a reused pid."""
    path = folder / "supervisor"
    if not path.exists():
        return None
    with path.open() as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except BlockingIOError:
            return int(lock.read() or 0) or None
    return None


def write_private(path: Path, text: str) -> None:
    """Write a file that only its owner can read, in folders that only its owner can enter."""
    _make_private(path.parent)
    _replace(path, text, mode=0o600)


def _make_private(folder: Path) -> None:
    """Folder by folder, since `mkdir(parents=True)` applies the mode to the last one only."""
    if not folder.exists():
        _make_private(folder.parent)
        folder.mkdir(mode=0o700, exist_ok=True)


def _replace(path: Path, text: str, mode: int = 0o644) -> None:
    """Write atomically, so that a crash never leaves an incomplete file."""
    new = path.with_name(f"{path.name}.{os.getpid()}.new")
    with open(new, "w", opener=lambda name, flags: os.open(name, flags, mode)) as out:
        out.write(text)
    new.replace(path)
