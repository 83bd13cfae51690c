"""The archive in memory, for tests: it reads the facts of a store in memory."""

from collections.abc import Collection, Mapping
from itertools import takewhile
from uuid import UUID

from qingyuan_events.reports import EarlierPairs, ExemptionGranted, ReportResubmitted, ReportSubmitted
from qingyuan_runtime.log.store import EventStore
from qingyuan_runtime.log.store_memory import MemoryStore


class MemoryArchive:
    def __init__(self, store: EventStore) -> None:
        assert isinstance(store, MemoryStore)
        self._store = store

    async def earlier(
        self, stream: str, version: int, hashes: Collection[str]
    ) -> Mapping[str, tuple[EarlierPairs, ...]]:
        before = takewhile(
            lambda recorded: (recorded.stream, recorded.version) != (stream, version),
            self._store.everything(),
        )
        found: dict[str, dict[EarlierPairs, None]] = {}
        for fact in (recorded.fact for recorded in before if recorded.stream != stream):
            if isinstance(fact, ReportSubmitted | ReportResubmitted):
                for same in (one for one in fact.prints if one.sha256 in hashes):
                    place = EarlierPairs(report_id=fact.report_id, at=same.at)
                    found.setdefault(same.sha256, {})[place] = None
        return {sha256: tuple(places) for sha256, places in found.items()}

    async def exemptions(self, enterprise_id: UUID) -> Collection[UUID]:
        granted = (recorded.fact for recorded in self._store.everything())
        return {
            fact.exemption_id
            for fact in granted
            if isinstance(fact, ExemptionGranted) and fact.enterprise_id == enterprise_id
        }
