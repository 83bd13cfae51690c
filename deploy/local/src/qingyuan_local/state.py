"""What a checkout remembers of its running system: ports, secrets, and who is running."""

import base64
import json
import os
import secrets
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from qingyuan_local.children import free_port, is_open

GATEWAY_PORTS = range(8080, 8100)


class PortTaken(Exception):
    """A remembered port is used by somebody else."""


@dataclass
class State:
    """The state folder of one checkout; everything in it may be deleted by `make reset`."""

    folder: Path
    ports: dict[str, int] = field(default_factory=dict)

    @classmethod
    def open(cls, folder: Path) -> "State":
        folder.mkdir(parents=True, exist_ok=True)
        stored = folder / "ports.json"
        return cls(folder, json.loads(stored.read_text()) if stored.exists() else {})

    def port(self, name: str) -> int:
        """The port of a process, chosen at the first start and kept."""
        if name not in self.ports:
            self.ports[name] = self._choose(name)
            (self.folder / "ports.json").write_text(json.dumps(self.ports, indent=1))
        return self.ports[name]

    def _choose(self, name: str) -> int:
        if name != "gateway":
            return free_port()
        wanted = os.environ.get("PORT")
        if wanted:
            return int(wanted)
        return next((port for port in GATEWAY_PORTS if not is_open(port)), None) or free_port()

    def require_free(self, *names: str) -> None:
        """Raise `PortTaken` with one clear sentence when somebody else sits on a port of ours."""
        for name in names:
            if is_open(self.port(name)):
                raise PortTaken(
                    f"端口 {self.port(name)}（{name}）已被其他程序占用；请释放该端口，"
                    f"或删除 {self.folder / 'ports.json'} 后重新启动。"
                )

    def secret(self, name: str) -> str:
        """A random secret in a file only its owner reads, made at first use."""
        path = self.secret_file(name)
        return path.read_text()

    def secret_file(self, name: str) -> Path:
        path = self.folder / "secrets" / name
        if not path.exists():
            path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            path.touch(0o600)
            path.write_text(base64.b64encode(secrets.token_bytes(32)).decode())
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
    path = folder / "run.json"
    fresh = path.with_suffix(".new")
    fresh.write_text(json.dumps({"supervisor": supervisor, "processes": [asdict(one) for one in processes]}))
    fresh.replace(path)


def read_running(folder: Path) -> tuple[int, list[Running]] | None:
    """The supervisor's pid and its processes; None when nothing was started or it is gone."""
    path = folder / "run.json"
    if not path.exists():
        return None
    stored: dict[str, Any] = json.loads(path.read_text())
    if not is_supervisor(stored["supervisor"]):
        return None
    return stored["supervisor"], [Running(**one) for one in stored["processes"]]


def is_supervisor(pid: int) -> bool:
    """Whether this pid is a supervisor of ours and not a newcomer with its number."""
    try:
        return b"qingyuan" in Path(f"/proc/{pid}/cmdline").read_bytes()
    except OSError:
        return False
