"""What is done to the system, as data. `short` scenarios run in `make test`, all of them by `make chaos`."""

import os
import signal
from dataclasses import dataclass

from qingyuan_local.postgres import SETTINGS
from qingyuan_runtime.topology import NAMES, WITH_LOG

from chaos.breaking import (
    Away,
    Blow,
    FillDisk,
    Freeze,
    IdleConnections,
    Kill,
    LongTransaction,
    MoveClock,
    Poison,
    PowerCut,
    RecreateTopic,
)

SECONDS = float(os.environ.get("OUTAGE_SECONDS", "60"))
SHORT_SECONDS = float(os.environ.get("OUTAGE_SECONDS", "6"))


@dataclass(frozen=True)
class Scenario:
    """`same_processes`: no service may have been started again. `complete_topics`: every fact is in the broker after it."""

    name: str
    sentence: str
    blows: tuple[Blow, ...]
    short: bool = False
    same_processes: bool = True
    complete_topics: bool = True
    arguments: tuple[str, ...] = ()
    small_disk: bool = False
    moved_clock: bool = False

    @property
    def stack(self) -> tuple[tuple[str, ...], bool, bool]:
        """Scenarios of the same kind of system share one."""
        return self.arguments, self.small_disk, self.moved_clock


SCENARIOS = (
    Scenario("kill", "每个服务依次被强制结束", (Kill(NAMES),), same_processes=False),
    Scenario("kafka-stopped", "Kafka 停止一段时间", (Away("kafka-1", signal.SIGTERM, SECONDS),)),
    Scenario("kafka-killed", "Kafka 被强制结束", (Away("kafka-1", signal.SIGKILL, SECONDS),)),
    Scenario("kafka-frozen", "Kafka 停住不动", (Freeze("kafka-1", SECONDS),)),
    Scenario("postgres-stopped", "PostgreSQL 停止一段时间", (Away("postgres", signal.SIGINT, SECONDS),)),
    Scenario("postgres-killed", "PostgreSQL 被强制结束", (Away("postgres", signal.SIGKILL, SECONDS),)),
    Scenario("postgres-frozen", "PostgreSQL 停住不动", (Freeze("postgres", SECONDS),)),
    Scenario("poison", "主题里出现伪造、残缺、重复、乱序、更新类型和错误世代的消息", (Poison(),), short=True),
    Scenario("long-transaction", "有人的写事务长时间不结束", (LongTransaction(20),)),
    Scenario("idle-connections", "数据库连接几乎被占满", (IdleConnections(int(SETTINGS["max_connections"]) - 10, 15),)),
    Scenario("power-cut", "整机断电后重新启动", (PowerCut(),), same_processes=False),
    # The last of its system: what was in the topics does not come back.
    Scenario("topic-recreated", "主题被删除后重建", tuple(RecreateTopic(f"qingyuan.{name}") for name in WITH_LOG),
             short=True, complete_topics=False),
    Scenario("disk-full", "磁盘写满一段时间", (FillDisk(20),), same_processes=False, small_disk=True),
    Scenario("clock", "服务的时钟跳到一天之后，再跳回来", (MoveClock(86_400, 10), MoveClock(0, 10)), moved_clock=True),
    Scenario("one-of-three-brokers", "三个 Kafka 节点中的一个被强制结束", (Away("kafka-2", signal.SIGKILL, SECONDS),), arguments=("--brokers", "3")),
)  # fmt: skip
