"""What a checkout remembers of its running system: ports, secrets, and who is running."""

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
# Below the range from which the kernel takes ports for outgoing connections: a remembered one stays ours.
INNER_PORTS = range(20_000, 32_000)


class PortTaken(Exception):
    """A remembered port is used by somebody else."""


class AlreadyUp(Exception):
    """Another supervisor holds this state folder."""


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
        """The port of a process, chosen at the first start and kept; `PORT` moves the gateway."""
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
        """Raise `PortTaken` with one clear sentence when somebody else sits on a port of ours."""
        for name in names:
            if not can_bind(self.port(name)):
                way_out = "用 PORT=<其他端口> 启动" if name == "gateway" else "执行 qingyuan reset"
                raise PortTaken(
                    f"端口 {self.port(name)}（{name}）已被其他程序占用；请释放该端口，或{way_out}。"
                )

    def secret(self, name: str) -> str:
        """A random secret in a file only its owner reads, made at first use."""
        return self.secret_file(name).read_text()

    def secret_file(self, name: str) -> Path:
        path = self.folder / "secrets" / name
        if not path.exists():
            write_private(path, base64.b64encode(secrets.token_bytes(32)).decode())
        return path

    def password(self, role: str) -> str:
        """A database role's password: of characters that need no quoting in an URL."""
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
    stored = {"supervisor": supervisor, "processes": [asdict(one) for one in processes]}
    _replace(folder / "run.json", json.dumps(stored))


def read_running(folder: Path) -> tuple[int, list[Running]] | None:
    """The supervisor's pid and its processes so far; None when no supervisor runs here."""
    supervisor = supervisor_of(folder)
    return None if supervisor is None else (supervisor, last_running(folder))


def last_running(folder: Path) -> list[Running]:
    """The processes that were last written down; after a hard death they may be gone already."""
    path = folder / "run.json"
    if not path.exists():
        return []
    stored: dict[str, Any] = json.loads(path.read_text())
    return [Running(**one) for one in stored["processes"]]


@contextmanager
def held(folder: Path) -> Iterator[None]:
    """Be the one supervisor of this folder. The kernel lets go of the lock however the process ends."""
    with (folder / "supervisor").open("a+") as lock:
        _take(lock.fileno())
        lock.truncate(0)
        lock.write(str(os.getpid()))
        lock.flush()
        try:
            yield
        finally:
            (folder / "run.json").unlink(missing_ok=True)


def _take(lock: int) -> None:
    for _ in range(20):  # a look by `status` holds it for an instant
        try:
            return fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            time.sleep(0.02)
    raise AlreadyUp("系统已在运行或正在启动；qingyuan down 可停止。")


def supervisor_of(folder: Path) -> int | None:
    """The pid of the supervisor that holds this folder: never a newcomer with an old number."""
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
    """A file that only its owner reads, in a folder that only its owner enters."""
    _make_private(path.parent)
    _replace(path, text, mode=0o600)


def _make_private(folder: Path) -> None:
    """`mkdir` gives its mode to the last folder alone."""
    if not folder.exists():
        _make_private(folder.parent)
        folder.mkdir(mode=0o700, exist_ok=True)


def _replace(path: Path, text: str, mode: int = 0o644) -> None:
    """Write whole or not at all: a crash never leaves half a file."""
    fresh = path.with_name(f"{path.name}.{os.getpid()}.new")
    with open(fresh, "w", opener=lambda name, flags: os.open(name, flags, mode)) as out:
        out.write(text)
    fresh.replace(path)
