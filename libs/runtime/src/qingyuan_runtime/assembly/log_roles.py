"""What every service with a log has: the roles relay and auditor, and the commands audit and restored."""

import asyncio
import json
import sys
from dataclasses import asdict, dataclass
from typing import Final

from qingyuan_runtime.bus.kafka_publisher import KafkaPublisher
from qingyuan_runtime.bus.kafka_reader import KafkaReader
from qingyuan_runtime.bus.port import Unreachable
from qingyuan_runtime.database import migrating
from qingyuan_runtime.following.verifying import keys_of
from qingyuan_runtime.log import store_schema
from qingyuan_runtime.log.rows import PostgresRows
from qingyuan_runtime.process.clock import now
from qingyuan_runtime.process.settings import LogSettings
from qingyuan_runtime.publishing.auditing import Auditor
from qingyuan_runtime.publishing.epochs import published_epoch
from qingyuan_runtime.publishing.relay import Relay, Source
from qingyuan_runtime.publishing.restoring import raise_epoch, record_table

FAULTS_SHOWN: Final = 20


@dataclass(frozen=True)
class Log:
    """The log of one service: the name of its package, its topic, and its settings."""

    package: str
    topic: str
    settings: LogSettings

    async def relay(self) -> None:
        settings = self.settings
        assert settings.log_keys_dir, "LOG_KEYS_DIR is not set: nothing is published unsigned"
        keys = keys_of(settings.log_keys_dir, self.package)
        source = Source(
            settings.database_url,
            self.package,
            settings.relay_shard,
            settings.relay_shards,
            keys,
            horizon_alarm=settings.relay_horizon_alarm_seconds,
        )
        running = Relay(
            source,
            lambda: KafkaPublisher.open(settings.bus, self.topic),
            lambda: KafkaReader.open(settings.bus, self.topic),
        )
        await running.run()

    async def auditor(self) -> None:
        await self._auditor(patient=True).run()

    def audit(self) -> int:
        """Read the whole topic once and print what it holds, as one JSON line. 1 where it holds a fault."""
        findings = asyncio.run(self._auditor(patient=False).read_to_end())
        report: dict[str, object] = {
            "topic": self.topic,
            "read": findings.read,
            "streams": findings.streams,
            "repeats": findings.repeats,
            "withdrawn": findings.withdrawn,
            "holes": findings.gaps,
            "inversions": findings.inversions,
            "unreadable": findings.unreadable,
            "forged": findings.forged,
            "faults": [asdict(fault) for fault in findings.faults[:FAULTS_SHOWN]],
        }
        sys.stdout.write(json.dumps(report, ensure_ascii=False) + "\n")
        return 1 if any(findings.figures.values()) else 0

    def _auditor(self, *, patient: bool) -> Auditor:
        settings = self.settings
        return Auditor(
            lambda: KafkaReader.open(settings.bus, self.topic, patient=patient),
            PostgresRows(settings.database_url),
            keys_of(settings.log_keys_dir, self.package),
        )

    def restored(self, followed: int = 0) -> None:
        """Confirm that the log was restored from a dump, and begin a new epoch. Prints its number.

        `followed` is the greatest epoch that followers of the topic have seen.
        """
        try:
            epoch = asyncio.run(self._raise_epoch(followed))
        except Unreachable as error:
            sys.exit(f"连接不上 Kafka，无法得知用过哪些纪元；请先恢复 Kafka，再重新运行：{error}")
        sys.stdout.write(json.dumps({"service": self.package, "epoch": epoch}) + "\n")

    async def _raise_epoch(self, followed: int) -> int:
        settings = self.settings
        keys = keys_of(settings.log_keys_dir, self.package)
        published = (
            await published_epoch(lambda: KafkaReader.open(settings.bus, self.topic), keys) if keys else 0
        )
        return await raise_epoch(settings.migration_database_url, now(), above=max(published, followed))

    def migrate(self) -> None:
        """Bring the tables to this version, and grant the rights on them."""
        settings = self.settings
        migrating.upgrade(
            self.package, owner_url=settings.migration_database_url, app_url=settings.database_url
        )
        rights = store_schema.grant_script(migrating.role_of(settings.database_url))
        migrating.run_once(
            settings.migration_database_url, rights + store_schema.reader_script(f"{self.package}_reader")
        )
        asyncio.run(record_table(settings.migration_database_url))
