"""What every service with a log of its own runs beside its own work: the relay, the auditor, and what is done by hand."""

import asyncio
import json
import sys
from dataclasses import dataclass

from qingyuan_runtime import migrating
from qingyuan_runtime.auditing import Auditor
from qingyuan_runtime.broker_kafka import KafkaPublisher, KafkaReader
from qingyuan_runtime.database import Pool, open_pool
from qingyuan_runtime.relay import Relay, Source
from qingyuan_runtime.restoring import raise_epoch, require_home
from qingyuan_runtime.settings import LogSettings


@dataclass(frozen=True)
class Log:
    """The log of one service: its package's name, its topic, and where its servers are."""

    package: str
    topic: str
    settings: LogSettings

    async def pool(self, size: int = 10) -> Pool:
        """Connections of the application role, refused where the store is away from home."""
        return await open_pool(self.settings.database_url, size=size, first=require_home)

    async def relay(self) -> None:
        source = Source(
            self.settings.database_url, self.package, self.settings.relay_shard, self.settings.relay_shards
        )
        running = Relay(source, lambda: KafkaPublisher.open(self.settings.kafka_bootstrap, self.topic))
        await running.run()

    async def auditor(self) -> None:
        bootstrap = self.settings.kafka_bootstrap
        running = Auditor(lambda: KafkaReader.open(bootstrap, self.topic, patient=True))
        await running.run()

    def audit(self) -> None:
        """Read the whole topic once and print what it holds, as one JSON line."""
        auditor = Auditor(lambda: KafkaReader.open(self.settings.kafka_bootstrap, self.topic))
        found = asyncio.run(auditor.read_to_end())
        figures = {
            "topic": self.topic,
            "read": found.read,
            "streams": found.streams,
            "repeats": found.repeats,
        }
        faults = {"holes": found.holes, "inversions": found.inversions, "faults": found.faults[:20]}
        sys.stdout.write(json.dumps(figures | faults, ensure_ascii=False) + "\n")

    def restored(self) -> None:
        """Say that a dump of the store is in place: it is at home here from now on. Prints the new epoch."""
        epoch = asyncio.run(raise_epoch(self.settings.migration_database_url))
        sys.stdout.write(json.dumps({"service": self.package, "epoch": epoch}) + "\n")

    def migrate(self) -> None:
        settings = self.settings
        migrating.upgrade(
            self.package, owner_url=settings.migration_database_url, app_url=settings.database_url
        )
