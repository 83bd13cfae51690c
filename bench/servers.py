"""A PostgreSQL and a Kafka of the benchmark's own, fsync on, gone afterwards; and how a figure is printed."""

import json
import shutil
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from qingyuan_local import kafka, setup
from qingyuan_local.children import free_port
from qingyuan_local.postgres import Postgres
from qingyuan_local.testing import DatabaseServer


class Servers:
    def __enter__(self) -> "Servers":
        self.folder = Path(tempfile.mkdtemp(prefix="qingyuan-bench-"))
        self._postgres = Postgres(self.folder / "postgres", free_port())
        self._postgres.start()
        jars = setup.jars_folder()
        kafka.fetch_jars(jars)
        node = kafka.Node(1, free_port(), free_port())
        self._broker = kafka.Broker(self.folder / "kafka", jars, node, [node])
        self._broker.start()
        self.databases = DatabaseServer(self._postgres.url(), self._postgres)
        self.bootstrap = self._broker.bootstrap
        return self

    def __exit__(self, *_: object) -> None:
        self._broker.stop()
        self._postgres.stop()
        shutil.rmtree(self.folder, ignore_errors=True)


def percentiles(seconds: Sequence[float]) -> dict[str, float]:
    """In milliseconds."""
    ordered = sorted(seconds)
    pick = lambda share: round(ordered[min(len(ordered) - 1, int(len(ordered) * share))] * 1000, 2)  # noqa: E731
    return {"p50_ms": pick(0.50), "p95_ms": pick(0.95), "p99_ms": pick(0.99)}


def say(what: str, method: str, **figures: Any) -> None:
    sys.stdout.write(json.dumps({"what": what, "method": method, **figures}, ensure_ascii=False) + "\n")
    sys.stdout.flush()
