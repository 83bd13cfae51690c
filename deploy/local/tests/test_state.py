"""What a checkout remembers: ports, secrets, one supervisor at a time, the size of its cluster."""

import json
import os
import signal
import socket
import subprocess
import sys
from pathlib import Path

import pytest
from qingyuan_local.children import NeverReady
from qingyuan_local.keys import fresh_issuer_key, fresh_log_key, log_keys, signing_keys, trusted_keys
from qingyuan_local.state import AlreadyUp, PortTaken, Running, State, locked, read_running, write_running
from qingyuan_local.supervisor import Child, cluster_size
from qingyuan_runtime.topology import ISSUERS

HOLDER = """
import sys
from pathlib import Path
from qingyuan_runtime.topology import ISSUERS
from qingyuan_local.state import locked
with locked(Path(sys.argv[1])):
    print("held", flush=True)
    sys.stdin.read()
"""


def hold(folder: Path) -> "subprocess.Popen[str]":
    holder = subprocess.Popen(
        [sys.executable, "-c", HOLDER, str(folder)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert holder.stdout
    assert holder.stdout.readline() == "held\n"
    return holder


def test_a_port_taken_by_somebody_else_is_said_in_one_sentence(tmp_path: Path) -> None:
    state = State.open(tmp_path)
    port = state.port("registry")
    with socket.socket() as other:
        other.bind(("127.0.0.1", port))
        other.listen()
        with pytest.raises(PortTaken, match=f"端口 {port}（registry）已被其他程序占用"):
            state.require_free("registry")
    state.require_free("registry")


def test_ports_and_secrets_are_remembered_and_secrets_are_private(tmp_path: Path) -> None:
    first = State.open(tmp_path)
    port = first.port("registry")
    second = State.open(tmp_path)
    assert second.port("registry") == port
    assert first.secret("demo") == second.secret("demo") != first.secret("another")
    assert (tmp_path / "secrets" / "demo").stat().st_mode & 0o077 == 0


def test_inner_ports_lie_below_those_the_kernel_lends(tmp_path: Path) -> None:
    state = State.open(tmp_path)
    ports = {state.port(name) for name in ("postgres", "kafka-1", "registry", "views")}
    assert len(ports) == 4
    assert max(ports) < 32_000


def test_the_address_moves_when_asked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    State.open(tmp_path).port("gateway")
    monkeypatch.setenv("PORT", "28123")
    assert State.open(tmp_path).port("gateway") == 28123
    monkeypatch.delenv("PORT")
    assert State.open(tmp_path).port("gateway") == 28123


def test_a_folder_has_one_supervisor_until_it_dies_however_it_dies(tmp_path: Path) -> None:
    running = [Running("registry", 1, 2, 0, "0")]
    assert read_running(tmp_path) is None
    holder = hold(tmp_path)
    write_running(tmp_path, holder.pid, running)
    assert read_running(tmp_path) == (holder.pid, running)
    with pytest.raises(AlreadyUp, match="已在运行"), locked(tmp_path):
        pass
    holder.send_signal(signal.SIGKILL)
    holder.wait()
    assert read_running(tmp_path) is None
    with locked(tmp_path):
        assert json.loads((tmp_path / "supervisor").read_text()) == os.getpid()


def test_a_cluster_keeps_its_size(tmp_path: Path) -> None:
    assert cluster_size(tmp_path, None) == 1
    (tmp_path / "kafka-3").mkdir()
    assert cluster_size(tmp_path, None) == cluster_size(tmp_path, 3) == 3
    with pytest.raises(NeverReady, match="用 3 个 Kafka 节点建立"):
        cluster_size(tmp_path, 1)


def test_a_log_that_grew_is_set_aside_and_the_writer_goes_on(tmp_path: Path) -> None:
    log = tmp_path / "registry.log"
    child = Child("registry", (), {}, log, None, lambda: True)
    with log.open("ab", buffering=0) as writer:
        writer.write(b"x" * 100)
        child.rotate_log(limit=99)
        writer.write(b"y")
    assert log.read_bytes() == b"y"
    assert log.with_suffix(".old").read_bytes() == b"x" * 100


def test_what_a_checkout_keeps_is_nobody_elses(tmp_path: Path) -> None:
    """Also in a folder that was made before this was seen to."""
    folder = tmp_path / "local"
    (folder / "files").mkdir(parents=True)
    (folder / "files").chmod(0o755)
    folder.chmod(0o755)
    state = State.open(folder)
    for made in (log_keys(state), trusted_keys(state)):
        assert any(made.iterdir())
    found = {
        path: path.stat().st_mode & 0o777
        for path in (folder, folder / "files", *folder.rglob("secrets/**/*"))
    }
    assert len(found) > 20
    assert {mode for path, mode in found.items() if path.is_dir()} == {0o700}
    assert {mode for path, mode in found.items() if path.is_file()} == {0o600}


def test_keys_are_made_where_they_are_missing_and_a_new_one_leaves_the_old(tmp_path: Path) -> None:
    state = State.open(tmp_path)
    folder = trusted_keys(state)
    assert sorted(path.name for path in folder.iterdir()) == sorted(ISSUERS)
    before = sorted(path.name for path in (folder / "gateway").iterdir())
    assert sorted(path.name for path in signing_keys(state, "gateway").iterdir()) == before
    assert trusted_keys(State.open(tmp_path)) == folder
    name = fresh_issuer_key(state, "gateway")
    assert sorted(path.name for path in (folder / "gateway").iterdir()) == [*before, f"{name}.json"]
    private, public = (
        json.loads((at / f"{name}.json").read_text())
        for at in (signing_keys(state, "gateway"), folder / "gateway")
    )
    assert "d" in private
    assert "d" not in public
    old = sorted(path.name for path in (log_keys(state) / "tasks").iterdir())
    assert sorted(path.name for path in (log_keys(state) / "tasks").iterdir()) == old
    assert fresh_log_key(state, "tasks").name > old[-1]
