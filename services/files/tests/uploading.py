"""The files service as a process of its own on real PostgreSQL, people who ask it, and things to upload."""

import base64
import hashlib
import os
import subprocess
import sys
import time
from io import BytesIO
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import httpx
from files.main import SERVICE
from files.settings import FilesSettings
from PIL import Image
from qingyuan_events import Actor
from qingyuan_local.children import free_port
from qingyuan_local.keys import log_keys, signing_keys, trusted_keys
from qingyuan_local.state import State
from qingyuan_runtime.tokens.actors import issue
from qingyuan_runtime.tokens.issuers import Signer, Signs

OPERATOR = UUID(int=1)
ENTERPRISE = UUID(int=2)
TECHNICIAN = Actor(account=UUID(int=11), kind="operator", organisation=OPERATOR)
COLLEAGUE = Actor(account=UUID(int=12), kind="operator", organisation=OPERATOR)
OTHER_OPERATOR = Actor(account=UUID(int=13), kind="operator", organisation=UUID(int=3))
OWNER = Actor(account=UUID(int=21), kind="enterprise", organisation=ENTERPRISE)
OTHER_ENTERPRISE = Actor(account=UUID(int=22), kind="enterprise", organisation=UUID(int=4))
DISTRICT = Actor(account=UUID(int=31), kind="regulator", district="310118")
OTHER_DISTRICT = Actor(account=UUID(int=32), kind="regulator", district="310113")
CITY = Actor(account=UUID(int=33), kind="regulator", district="310000")
OFFICE = Actor(account=UUID(int=41), kind="administrator")
EVERYBODY = (
    TECHNICIAN, COLLEAGUE, OTHER_OPERATOR, OWNER, OTHER_ENTERPRISE, DISTRICT, OTHER_DISTRICT, CITY, OFFICE,
)  # fmt: skip
TUS = {"Tus-Resumable": "1.0.0"}
CHUNK = {"Content-Type": "application/offset+octet-stream"}


def photo(*, width: int = 640, height: int = 480, **saved: Any) -> bytes:
    """A JPEG that compresses badly, so that it has some length; no two are the same."""
    out = BytesIO()
    Image.frombytes("RGB", (width, height), os.urandom(width * height * 3)).save(out, "JPEG", **saved)
    return out.getvalue()


def sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def metadata(content: bytes, filetype: str = "image/jpeg", **other: str) -> str:
    said = {"filename": "现场 1.jpg", "filetype": filetype, "sha256": sha256(content)} | other
    return ",".join(f"{key} {base64.b64encode(value.encode()).decode()}" for key, value in said.items())


class Person:
    """One account's browser, asking the service as the gateway would."""

    def __init__(self, base: str, key: Signs, actor: Actor) -> None:
        self._base, self._key, self._actor = base, key, actor

    def token(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {issue(self._actor, self._key, now=time.time())}"}

    def ask(self, method: str, path: str, **more: Any) -> httpx.Response:
        headers = self.token() | more.pop("headers", {})
        with httpx.Client(base_url=self._base, trust_env=False, timeout=30) as http:
            return http.request(method, path, headers=headers, **more)

    def get(self, path: str) -> httpx.Response:
        return self.ask("GET", path)

    def announce(self, content: bytes, filetype: str = "image/jpeg", **other: str) -> httpx.Response:
        headers = TUS | {
            "Upload-Length": str(len(content)),
            "Upload-Metadata": metadata(content, filetype, **other),
        }
        return self.ask("POST", "/uploads", headers=headers)

    def begin(self, content: bytes, filetype: str = "image/jpeg", **other: str) -> str:
        """The path of a new upload."""
        answer = self.announce(content, filetype, **other)
        assert answer.status_code == 201, answer.text
        location: str = answer.headers["location"]
        return location.removeprefix("/api/files")

    def send(self, path: str, content: bytes, offset: int = 0) -> httpx.Response:
        headers = TUS | CHUNK | {"Upload-Offset": str(offset)}
        return self.ask("PATCH", path, headers=headers, content=content)

    def offset(self, path: str) -> int:
        return int(self.ask("HEAD", path, headers=TUS).headers["upload-offset"])

    def upload(self, content: bytes, filetype: str = "image/jpeg", **other: str) -> dict[str, Any]:
        """Announce and send a file; returns the state after its check."""
        path = self.begin(content, filetype, **other)
        answer = self.send(path, content)
        assert answer.status_code == 204, answer.text
        return self.settled(path)

    def settled(self, path: str) -> dict[str, Any]:
        """Ask how the upload stands until it is neither receiving nor checking."""
        end = time.monotonic() + 60
        while time.monotonic() < end:
            state: dict[str, Any] = self.get(path).json()
            if state["state"] in ("stored", "refused"):
                return state
            time.sleep(0.02)
        raise AssertionError(f"not settled: {state}")


class Service:
    """`python -m files <role>`, to be killed and started again on what it left behind."""

    def __init__(self, folder: Path, database_url: str, *, role: str = "api", **extra: str) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.folder = folder
        state = State.open(folder / "keys")
        self.log_keys = log_keys(state)
        self.key = Signer("gateway", signing_keys(state, "gateway"))
        self.port = free_port()
        self.role = role
        self.env = {
            **os.environ,
            "DATABASE_URL": database_url,
            "FILES_STORE_URL": (folder / "store").resolve().as_uri(),
            "FILES_UPLOADS": str(folder / "uploads"),
            "SIGNING_KEYS_DIR": str(signing_keys(state, "files")),
            "TRUSTED_KEYS_DIR": str(trusted_keys(state)),
            "LOG_KEYS_DIR": str(self.log_keys),
            "HTTP_PORT": str(self.port),
            "TRACE_RATIO": "0",
            **extra,
        }
        settings = FilesSettings(database_url=database_url, migration_database_url=database_url)
        SERVICE.migrate(settings)

    def start(self) -> None:
        command = [sys.executable, "-m", "files", *self.role.split()]
        with (self.folder / "log").open("ab") as log:
            self.process = subprocess.Popen(command, env=self.env, stdout=log, stderr=log)
        end = time.monotonic() + 300
        while time.monotonic() < end:
            if self.process.poll() is not None:
                raise AssertionError((self.folder / "log").read_text())
            try:
                if httpx.get(f"{self.base}/readyz", trust_env=False).status_code == 200:
                    return
            except httpx.TransportError:
                time.sleep(0.05)
        raise AssertionError("the service does not become ready")

    def kill(self) -> None:
        self.process.kill()
        self.process.wait()

    @property
    def base(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def as_(self, actor: Actor) -> Person:
        return Person(self.base, self.key, actor)

    def log(self) -> str:
        return (self.folder / "log").read_text()


def new_folder(scratch: Path) -> Path:
    return scratch / f"files-{uuid4().hex[:8]}"
