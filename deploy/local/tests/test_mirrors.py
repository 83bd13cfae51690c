"""Behind a mirror: whatever the lock files name by hash comes from where the person says, and a dead mirror is said so.
Of two installations in one folder the second waits.

The real setup script runs in a small project of the same shape whose lock names an index that does not exist.
"""

import base64
import fcntl
import hashlib
import os
import shutil
import subprocess
import sys
import threading
import zipfile
from collections.abc import Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from qingyuan_local import kafka, setup
from qingyuan_local.mirrors import maven_mirror

pytestmark = pytest.mark.slow

WHEEL = "leaf-1.0-py3-none-any.whl"
NOBODY = "http://127.0.0.1:9/simple"
INSTALLS = "安装 Python 组件"
WAITS = "本目录正在由另一个命令安装，等它完成"

ROOT = """
[tool.uv]
package = false
[tool.uv.workspace]
members = ["libs/*", "services/*", "deploy/local", "cli"]
[dependency-groups]
dev = ["leaf"]
"""
MEMBER = """
[project]
name = "member-{name}"
version = "0"
requires-python = ">=3.11"
[build-system]
requires = []
build-backend = "backend"
backend-path = ["."]
"""
# The smallest backend that can make an editable wheel: no build tool has to be fetched for it.
BACKEND = """
import zipfile
from pathlib import Path
def build_editable(folder, config_settings=None, metadata_directory=None):
    name = f"member_{Path.cwd().name}"
    with zipfile.ZipFile(Path(folder) / f"{name}-0-py3-none-any.whl", "w") as wheel:
        wheel.writestr(f"{name}.py", "")
        wheel.writestr(f"{name}-0.dist-info/METADATA", f"Metadata-Version: 2.1\\nName: {name}\\nVersion: 0\\n")
        wheel.writestr(f"{name}-0.dist-info/WHEEL", "Wheel-Version: 1.0\\nRoot-Is-Purelib: true\\nTag: py3-none-any\\n")
        wheel.writestr(f"{name}-0.dist-info/RECORD", "")
    return f"{name}-0-py3-none-any.whl"
"""


class Quiet(SimpleHTTPRequestHandler):
    def log_message(self, format: str, *_: object) -> None:
        return None


def serve(folder: Path) -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=str(folder)))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_address[1]}"
    server.shutdown()
    server.server_close()


@pytest.fixture
def index(tmp_path: Path) -> Iterator[str]:
    """A package index with one package in it."""
    files = tmp_path / "index" / "simple" / "leaf"
    files.mkdir(parents=True)
    code = b"HERE = True\n"
    digest = base64.urlsafe_b64encode(hashlib.sha256(code).digest()).decode().rstrip("=")
    with zipfile.ZipFile(files / WHEEL, "w") as wheel:
        wheel.writestr("leaf.py", code)
        wheel.writestr("leaf-1.0.dist-info/METADATA", "Metadata-Version: 2.1\nName: leaf\nVersion: 1.0\n")
        wheel.writestr(
            "leaf-1.0.dist-info/WHEEL", "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n"
        )
        wheel.writestr("leaf-1.0.dist-info/RECORD", f"leaf.py,sha256={digest},{len(code)}\n")
    whole = hashlib.sha256((files / WHEEL).read_bytes()).hexdigest()
    (files / "index.html").write_text(f'<a href="{WHEEL}#sha256={whole}">{WHEEL}</a>')
    for address in serve(tmp_path / "index"):
        yield f"{address}/simple"


@pytest.fixture
def project(tmp_path: Path, index: str) -> Path:
    """Locked against the index, and then as if it had been locked against one that nobody reaches."""
    folder = tmp_path / "project"
    for name in ("libs/a", "services/b", "deploy/local", "cli"):
        (folder / name).mkdir(parents=True)
        (folder / name / "pyproject.toml").write_text(MEMBER.format(name=Path(name).name))
        (folder / name / "backend.py").write_text(BACKEND)
    (folder / "pyproject.toml").write_text(ROOT)
    shutil.copy(setup.checkout() / "deploy/local/setup.sh", folder / "deploy/local/setup.sh")
    (folder / ".tools/bin").mkdir(parents=True)
    (folder / ".tools/bin/uv").symlink_to(setup.checkout() / ".tools/bin/uv")
    (folder / ".tools/bin/pip").write_text("#!/bin/sh\nexit 1\n")
    (folder / ".tools/bin/pip").chmod(0o700)
    locking = [".tools/bin/uv", "lock", "--quiet", "--default-index", index]
    subprocess.run(locking, cwd=folder, env=environment(tmp_path), check=True)
    lock = folder / "uv.lock"
    lock.write_text(lock.read_text().replace(index, NOBODY))
    shutil.rmtree(tmp_path / "cache")
    return folder


def environment(tmp_path: Path, **more: str) -> dict[str, str]:
    """As on a machine where nothing was ever fetched, and `python3` is the one that runs the tests."""
    programs = tmp_path / "programs"
    programs.mkdir(exist_ok=True)
    if not (programs / "python3.11").exists():
        (programs / "python3.11").symlink_to(Path(sys.base_prefix) / "bin" / "python3")
    names = {"PATH": f"{programs}:{os.environ['PATH']}", "HOME": str(tmp_path), "UV_NO_CONFIG": "1"}
    return names | {"UV_CACHE_DIR": str(tmp_path / "cache"), "UV_HTTP_RETRIES": "0"} | more


def set_up(project: Path, **more: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        ["sh", "deploy/local/setup.sh"], cwd=project, env=environment(project.parent, **more),
        capture_output=True, text=True, check=False,
    )  # fmt: skip


@pytest.mark.parametrize("variable", ["UV_DEFAULT_INDEX", "PIP_INDEX_URL"])
def test_everything_comes_from_the_mirror_that_is_named(project: Path, index: str, variable: str) -> None:
    done = set_up(project, **{variable: index})
    assert done.returncode == 0, done.stdout + done.stderr
    code = "import leaf, member_a, member_b, member_local, member_cli; print(leaf.HERE)"
    assert subprocess.check_output([project / ".venv/bin/python", "-c", code], text=True) == "True\n"


def test_a_dead_mirror_is_said_so_and_nothing_is_half_installed(project: Path, index: str) -> None:
    done = set_up(project, UV_DEFAULT_INDEX=NOBODY)
    assert done.returncode == 1
    assert (
        "✗ 无法安装 Python 组件：请检查网络连接、软件源设置（PIP_INDEX_URL 或 UV_DEFAULT_INDEX）"
        in done.stderr
    )
    assert not (project / ".venv").exists()
    assert set_up(project, UV_DEFAULT_INDEX=index).returncode == 0


def test_what_the_mirror_changed_is_not_installed(project: Path, index: str) -> None:
    wheel = project.parent / "index" / "simple" / "leaf" / WHEEL
    with zipfile.ZipFile(wheel, "a") as changed:
        changed.writestr("more.py", "")
    wheel.with_name("index.html").write_text(f'<a href="{WHEEL}">{WHEEL}</a>')
    done = set_up(project, UV_DEFAULT_INDEX=index)
    assert done.returncode == 1
    assert "hash" in done.stderr.lower()
    assert not (project / ".venv").exists()


def started(project: Path, index: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        ["sh", "deploy/local/setup.sh"],
        cwd=project,
        env=environment(project.parent, UV_DEFAULT_INDEX=index),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


def test_of_two_installations_one_waits_and_finds_everything_there(project: Path, index: str) -> None:
    both = [started(project, index), started(project, index)]
    said = [script.communicate()[0] for script in both]
    assert [script.returncode for script in both] == [0, 0], said
    assert "".join(said).count(INSTALLS) == 1, said
    code = "import leaf, member_a; print(leaf.HERE)"
    assert subprocess.check_output([project / ".venv/bin/python", "-c", code], text=True) == "True\n"


def test_nothing_is_installed_while_another_installs(project: Path, index: str) -> None:
    with (project / ".setup.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        script = started(project, index)
        assert script.stdout
        assert script.stdout.readline().strip() == WAITS
        assert not (project / ".venv").exists()
    rest, _ = script.communicate()
    assert (script.returncode, INSTALLS in rest) == (0, True)


@pytest.mark.servers
def test_kafka_comes_from_the_maven_mirror(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The local Maven folder of this checkout has the layout of a repository, so it can be one."""
    kafka.fetch_jars(setup.jars_folder())
    monkeypatch.setenv("HTTPS_PROXY", "http://127.0.0.1:9")
    for address in serve(setup.jars_folder() / "m2"):
        monkeypatch.setenv("MAVEN_MIRROR_URL", address)
        kafka.fetch_jars(tmp_path / "kafka")
    assert kafka.has_jars(tmp_path / "kafka")


def test_a_dead_maven_mirror_is_said_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MAVEN_MIRROR_URL", "http://127.0.0.1:9")
    with pytest.raises(kafka.NotFetched, match="MAVEN_MIRROR_URL"):
        kafka.fetch_jars(tmp_path / "kafka")
    assert not kafka.has_jars(tmp_path / "kafka")


@pytest.mark.parametrize(
    ("mirror_of", "taken"),
    [("central", True), ("*", True), ("external:*,!central", False), ("corporate", False)],
)
def test_the_mirror_of_mavens_own_settings_is_taken(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, mirror_of: str, taken: bool
) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.delenv("MAVEN_MIRROR_URL", raising=False)
    (tmp_path / ".m2").mkdir()
    (tmp_path / ".m2" / "settings.xml").write_text(
        '<settings xmlns="http://maven.apache.org/SETTINGS/1.2.0"><mirrors><mirror><id>m</id>'
        f"<mirrorOf>{mirror_of}</mirrorOf><url>https://mirror.example/maven/</url></mirror></mirrors></settings>"
    )
    assert maven_mirror() == ("https://mirror.example/maven" if taken else None)
