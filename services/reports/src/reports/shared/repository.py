"""What a request loads before its command can be decided: reports, exemptions, and the copies of register and contracts."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final, TypeVar
from uuid import UUID

from qingyuan_events import Actor
from qingyuan_runtime.domain.decider import Missing
from qingyuan_runtime.edge.policy import require_district, require_own
from qingyuan_runtime.log.handling import CommandContext, load
from qingyuan_runtime.log.store import EventStore, Receipt
from qingyuan_runtime.tokens import evidence
from qingyuan_runtime.tokens.issuers import Trusts
from qingyuan_standards.days import local_day

from reports.archive.port import Archive
from reports.contracted.port import Contracted
from reports.domain.exemptions.decider import EXEMPTION, ExemptionState
from reports.domain.places import PointCopy
from reports.domain.reports.decider import REPORT
from reports.domain.reports.state import ReportState
from reports.installed.port import Installed

RETRY_SECONDS: Final = 0.05

T = TypeVar("T")


@dataclass(frozen=True)
class Knowledge:
    """What a check looks up: the service's own log, and the copy of the register."""

    store: EventStore
    installed: Installed
    archive: Archive


@dataclass(frozen=True)
class Repository:
    """What checks look up, the copy of contracts, the clock, and the keys by which tokens of files are verified."""

    knowledge: Knowledge
    contracted: Contracted
    clock: Callable[[], datetime]
    trusted: Trusts

    @property
    def store(self) -> EventStore:
        return self.knowledge.store

    def today(self) -> date:
        """The legal day: Asia/Shanghai."""
        return local_day(self.clock())

    async def report(self, report_id: UUID, actor: Actor) -> ReportState:
        """Raises `Missing` when there is none, or this actor may not know that it exists.

        What was never handed in is its operator's own affair.
        """
        _, state = await load(self.store, REPORT, REPORT.stream(report_id))
        about = state.existing()
        own = {"enterprise_id": about.enterprise_id, "operator_id": about.operator_id}
        require_own(actor, noun=REPORT.noun, **own)
        require_district(actor, noun=REPORT.noun, district=about.district)
        if actor.kind != "operator" and state.submission is None:
            raise Missing(REPORT.noun)
        return state

    async def exemption(self, exemption_id: UUID, actor: Actor) -> ExemptionState:
        """Raises `Missing` when there is none, or it is of another district."""
        _, state = await load(self.store, EXEMPTION, EXEMPTION.stream(exemption_id))
        require_district(actor, noun=EXEMPTION.noun, district=state.existing().district)
        return state

    async def point(self, point_id: UUID) -> PointCopy:
        """Raises `Missing` when there is no such point."""
        return await self._soon("point", lambda: self.knowledge.installed.point(point_id))

    async def point_of(self, point_id: UUID, operator_id: UUID, day: date | None) -> PointCopy:
        """Raises `Missing` when there is no such point, or the operator has no contract for it on this day, or on any day."""
        point = await self.point(point_id)

        async def covered() -> bool | None:
            return await self.contracted.covers(operator_id, point_id, day) or None

        await self._soon("point", covered)
        return point

    async def district(self, enterprise_id: UUID) -> str:
        """Raises `Missing` when there is no such enterprise."""
        return await self._soon("enterprise", lambda: self.knowledge.installed.district(enterprise_id))

    async def answered(self, context: CommandContext) -> Receipt | None:
        """The receipt of an earlier request with this command id; None for a new one."""
        return await self.store.receipt(context.meta.command_id, context.fingerprint)

    def stored_files(self, token: str, actor: Actor) -> frozenset[str]:
        """Which of the files that a command names are stored. Raises `Refused`."""
        return evidence.verify(token, actor.account, self.trusted, self.clock()).stored

    async def _soon(self, noun: str, find: Callable[[], Awaitable[T | None]]) -> T:
        """What another service recorded a moment ago may not have reached the copy yet, so it is looked for again."""
        patience: timedelta = self.knowledge.installed.patience
        for seconds in (RETRY_SECONDS,) * int(patience.total_seconds() / RETRY_SECONDS):
            if (found := await find()) is not None:
                return found
            await asyncio.sleep(seconds)
        if (found := await find()) is not None:
            return found
        raise Missing(noun)
