"""Starts the servers and services in the right order, restarts those that die, and stops them all together."""

import asyncio
import json
import os
import shutil
import signal
import sys
import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from qingyuan_runtime.edge.fetching import NoResponse, fetch
from qingyuan_runtime.topology import WITH_DATABASE

from qingyuan_local import kafka, setup
from qingyuan_local.children import DISK_FULL, NeverReady, die_with_parent, is_open, tail
from qingyuan_local.databases import Databases
from qingyuan_local.demo_authority import DemoAuthority
from qingyuan_local.postgres import Postgres
from qingyuan_local.processes import VERSION, Plan, Process
from qingyuan_local.state import Running, State, last_running, locked, write_running
from qingyuan_local.topics import make_topics

Say = Callable[[str], None]
PATIENCE = 180.0
KEPT_LOG_BYTES = 20_000_000
DISK_PAUSE = 1.0
NEEDED_BYTES = 500_000_000


@dataclass
class Child:
    """A process that is restarted when it dies. `ready` returns whether it is ready."""

    name: str
    command: Sequence[str]
    env: Mapping[str, str]
    log: Path
    port: int | None
    ready: Callable[[], bool]
    first_signal: int = signal.SIGTERM
    restarts: int = 0
    process: asyncio.subprocess.Process | None = field(default=None)

    async def start(self) -> None:
        self.log.parent.mkdir(parents=True, exist_ok=True)
        self.rotate_log()
        with self.log.open("ab") as out:
            self.process = await asyncio.create_subprocess_exec(
                *self.command,
                stdin=asyncio.subprocess.DEVNULL,
                stdout=out,
                stderr=out,
                env={**os.environ, **self.env},
                preexec_fn=die_with_parent,
                start_new_session=True,
            )

    async def wait_ready(self) -> None:
        end = time.monotonic() + PATIENCE
        while not await asyncio.to_thread(self.ready):
            if self.process is None or self.process.returncode is not None or time.monotonic() > end:
                raise NeverReady(f"{self.name} 没有启动成功，日志 {self.log} 的结尾：\n{tail(self.log)}")
            await asyncio.sleep(0.1)

    def rotate_log(self, limit: int = KEPT_LOG_BYTES) -> None:
        """Copy the log, then truncate it, since the process keeps the file open and appends to it."""
        if self.log.exists() and self.log.stat().st_size > limit:
            shutil.copyfile(self.log, self.log.with_suffix(".old"))
            os.truncate(self.log, 0)

    async def stop(self) -> None:
        if self.process is None or self.process.returncode is not None:
            return
        with suppress(ProcessLookupError):
            self.process.send_signal(self.first_signal)
        try:
            await asyncio.wait_for(self.process.wait(), 20)
        except TimeoutError:
            self.process.kill()
            await self.process.wait()


@dataclass(frozen=True)
class UpOptions:
    """The options of `up`. URLs name servers that exist already and are not started."""

    brokers: int | None = None  # None: the number of the existing data, else one
    split: bool = False
    database_url: str | None = None
    kafka_bootstrap: str | None = None
    env: Mapping[str, str] = field(default_factory=dict)


class Supervisor:
    def __init__(self, state: State, options: UpOptions, say: Say) -> None:
        self._state = state
        self._options = options
        self._say = say
        self._servers: list[Child] = []
        self._services: list[Child] = []
        self._watchers: list[asyncio.Task[None]] = []

    async def run(self, when_ready: Callable[[Plan], Awaitable[None]]) -> None:
        """Start, call `when_ready`, and keep everything running until cancelled; then stop everything started here."""
        os.umask(0o077)  # files of the servers and services are private, too
        with locked(self._state.folder):
            try:
                plan = await self._start()
                await when_ready(plan)
                await asyncio.gather(*self._watchers)
            finally:
                await self._end()

    async def _end(self) -> None:
        for watcher in self._watchers:
            watcher.cancel()
        await asyncio.gather(*(child.stop() for child in self._services))
        await asyncio.gather(*(child.stop() for child in self._servers))

    async def _start(self) -> Plan:
        if shutil.disk_usage(self._state.folder).free < NEEDED_BYTES:
            raise NeverReady(DISK_FULL)
        await self._wait_for_leftovers()
        brokers = cluster_size(self._state.folder, self._options.brokers)
        self._say("启动 PostgreSQL 和 Kafka")
        (admin_url, bootstrap) = await asyncio.gather(self._postgres(), self._kafka(brokers))
        databases = Databases(admin_url, self._state)
        plan = Plan(self._state, databases, bootstrap, self._options.split, self._options.env)
        self._say("准备数据库和主题")
        await asyncio.gather(databases.make(), make_topics(bootstrap, replicas=brokers))
        await self._migrate([(service, plan.migration(service)) for service in WITH_DATABASE])
        authority = DemoAuthority(self._state)
        await asyncio.to_thread(authority.make)
        self._say("启动服务")
        self._state.require_free(*(port for process in plan.processes() for port in process.listens))
        for process in plan.processes():
            self._services.append(self._service(process))
        await asyncio.gather(*(child.start() for child in self._services))
        self._record()
        await asyncio.gather(*(child.wait_ready() for child in self._services))
        self._watchers = [asyncio.create_task(self._watch(c)) for c in (*self._servers, *self._services)]
        self._watchers.append(asyncio.create_task(self._rotate_logs()))
        self._watchers.append(asyncio.create_task(authority.keep_lists_fresh()))
        return plan

    async def _wait_for_leftovers(self) -> None:
        """After a supervisor was killed, the kernel ends its child processes; wait for that."""
        end = time.monotonic() + PATIENCE
        for process in last_running(self._state.folder):
            while process.port and is_open(process.port) and time.monotonic() < end:
                await asyncio.sleep(0.1)

    async def _rotate_logs(self) -> None:
        while True:
            await asyncio.sleep(30)
            for child in (*self._servers, *self._services):
                with suppress(OSError):
                    await asyncio.to_thread(child.rotate_log)

    async def _postgres(self) -> str:
        if self._options.database_url:
            return self._options.database_url
        self._state.require_free("postgres")
        server = Postgres(self._state.folder / "postgres", self._state.port("postgres"))
        await asyncio.to_thread(server.prepare)
        child = Child(
            "postgres",
            server.command(),
            {},
            self._log("postgres"),
            server.port,
            server.is_ready,
            signal.SIGINT,
        )
        self._servers.append(child)
        await self._start_server(child)
        return server.url()

    async def _kafka(self, number: int) -> str:
        if self._options.kafka_bootstrap:
            return self._options.kafka_bootstrap
        jars = setup.jars_folder()
        if not kafka.has_jars(jars):
            self._say("下载 Kafka（约 44 MB）")
        await asyncio.to_thread(kafka.fetch_jars, jars)
        nodes = [self._node(n) for n in range(1, number + 1)]
        folder = self._state.folder / f"kafka-{len(nodes)}"
        brokers = [kafka.Broker(folder / str(node.number), jars, node, nodes) for node in nodes]
        for broker in brokers:
            await asyncio.to_thread(broker.prepare)
            name = f"kafka-{broker.node.number}"
            child = Child(name, broker.command(), {}, self._log(name), broker.node.port, broker.is_ready)
            self._servers.append(child)
        await asyncio.gather(*(self._start_server(c) for c in self._servers if c.name.startswith("kafka")))
        return brokers[0].bootstrap

    def _node(self, number: int) -> kafka.Node:
        name = f"kafka-{number}"
        self._state.require_free(name, f"{name}-controller")
        return kafka.Node(number, self._state.port(name), self._state.port(f"{name}-controller"))

    async def _start_server(self, child: Child) -> None:
        """Several tries, since after a SIGKILL the first may fail because of a stale lock file."""
        for _ in range(5):
            await child.start()
            self._record()
            with suppress(NeverReady):
                await child.wait_ready()
                return
            await child.stop()
            await asyncio.sleep(1)
        raise NeverReady(f"{child.name} 没有启动成功，日志 {child.log} 的结尾：\n{tail(child.log)}")

    async def _migrate(self, migrations: Sequence[tuple[str, Mapping[str, str]]]) -> None:
        log = self._log("migrate")
        log.parent.mkdir(parents=True, exist_ok=True)
        with log.open("ab") as out:
            process = await asyncio.create_subprocess_exec(
                *(sys.executable, "-m", "qingyuan_local.migrations"),
                stdin=asyncio.subprocess.PIPE,
                stdout=out,
                stderr=out,
                preexec_fn=die_with_parent,
                start_new_session=True,
            )
        await process.communicate(json.dumps(migrations).encode())
        if process.returncode:
            raise NeverReady(f"数据库没有准备好，日志 {log} 的结尾：\n{tail(log)}")

    def _service(self, process: Process) -> Child:
        log = self._log(process.name)
        return Child(process.name, process.command, process.env, log, process.port, is_healthy(process.port))

    async def _watch(self, child: Child) -> None:
        """Restart the process whenever it ends, with growing pauses if it ends soon after its start."""
        pause = 0.5
        while True:
            assert child.process
            began = time.monotonic()
            code = await child.process.wait()
            pause = 0.5 if time.monotonic() - began > 60 else min(pause * 2, 10)
            with suppress(OSError):
                self._say(f"{child.name} 已退出（{code}），{pause:g} 秒后重新启动")
            await asyncio.sleep(pause)
            child.restarts += 1
            await retry_on_full_disk(child.start)
            await retry_on_full_disk(lambda: asyncio.to_thread(self._record))

    def _record(self) -> None:
        running = [
            Running(child.name, child.process.pid, child.port, child.restarts, VERSION)
            for child in (*self._servers, *self._services)
            if child.process
        ]
        write_running(self._state.folder, os.getpid(), running)

    def _log(self, name: str) -> Path:
        return self._state.folder / "log" / f"{name}.log"


async def retry_on_full_disk(do: Callable[[], Awaitable[None]]) -> None:
    """Repeat until it succeeds: to give up on a full disk would stop the processes that still work."""
    while True:
        with suppress(OSError):
            return await do()
        await asyncio.sleep(DISK_PAUSE)


def cluster_size(folder: Path, wanted: int | None) -> int:
    """How many brokers to start. Raises if data of another number exist: these would be a new cluster without the old messages."""
    existing = [int(path.name.removeprefix("kafka-")) for path in folder.glob("kafka-[0-9]")]
    if wanted and existing and wanted not in existing:
        raise NeverReady(
            f"本地数据是用 {existing[0]} 个 Kafka 节点建立的；请用 --brokers {existing[0]}，或先执行 qingyuan reset。"
        )
    return wanted or (existing[0] if existing else 1)


def is_healthy(port: int) -> Callable[[], bool]:
    def ready() -> bool:
        try:
            return fetch(f"http://127.0.0.1:{port}/readyz", seconds=2).status == 200
        except NoResponse:
            return False

    return ready
