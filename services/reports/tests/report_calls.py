"""A client of the reports service over HTTP, with the tokens of other services that it needs, and its worker on fakes."""

import time
import uuid
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

import httpx
from qingyuan_events import Actor
from qingyuan_events.parts import FileRef
from qingyuan_runtime.log.store import EventStore
from qingyuan_runtime.log.store_memory import MemoryStore
from qingyuan_runtime.tokens import evidence
from qingyuan_runtime.tokens.actors import issue
from qingyuan_runtime.tokens.evidence import Evidence
from qingyuan_runtime.tokens.issuers import EveryIssuer
from report_samples import (
    DISTRICT,
    DOCUMENT,
    ENTERPRISE,
    LIN,
    NOON,
    OPERATOR,
    OTHER_ENTERPRISE,
    OTHER_OPERATOR,
    PDF,
    SCAN,
    STORED,
    WANG,
)
from reports import checks
from reports.shared.repository import Knowledge, Repository

KEY = EveryIssuer()
CITY = "310000"
PEOPLE = {
    "operator": Actor(account=WANG, kind="operator", organisation=OPERATOR, role="manager"),
    "technician": Actor(account=UUID(int=41), kind="operator", organisation=OPERATOR, role="technician"),
    "quality officer": Actor(
        account=UUID(int=42), kind="operator", organisation=OPERATOR, role="quality_officer"
    ),
    "another operator": Actor(
        account=UUID(int=43), kind="operator", organisation=OTHER_OPERATOR, role="manager"
    ),
    "enterprise": Actor(account=UUID(int=44), kind="enterprise", organisation=ENTERPRISE, role="manager"),
    "another enterprise": Actor(
        account=UUID(int=45), kind="enterprise", organisation=OTHER_ENTERPRISE, role="manager"
    ),
    "district": Actor(account=LIN, kind="regulator", district=DISTRICT, role="reviewer"),
    "reader": Actor(account=UUID(int=46), kind="regulator", district=DISTRICT, role="reader"),
    "another district": Actor(account=UUID(int=47), kind="regulator", district="310115", role="reviewer"),
    "city": Actor(account=UUID(int=48), kind="regulator", district=CITY, role="reviewer"),
    "administrator": Actor(account=UUID(int=49), kind="administrator", role="system"),
    "security": Actor(account=UUID(int=50), kind="administrator", role="security"),
}


@dataclass
class ServiceUnderTest:
    """The service with a clock that tests move, and its reaction, which tests let run."""

    repository: Repository
    store: MemoryStore
    now: datetime = NOON
    reacted: int = field(default=0)

    async def works(self) -> None:
        """The reaction is told everything that it has not seen."""

        async def knowledge_of(_: EventStore) -> Knowledge:
            return self.repository.knowledge

        react = checks.reaction(knowledge_of)(self.store, lambda: self.now)
        while self.reacted < len(self.store.everything()):
            self.reacted += 1
            await react(self.store.everything()[self.reacted - 1])

    def types(self, report: str) -> list[str]:
        facts = [one for one in self.store.everything() if one.stream == f"report-{report}"]
        return [one.fact.type.removesuffix(".v1").partition(".")[2] for one in facts]


@dataclass
class Person:
    http: httpx.AsyncClient
    actor: Actor
    service: ServiceUnderTest

    async def post(
        self, path: str, body: dict[str, Any] | None = None, *, key: str | None = None, **headers: str
    ) -> httpx.Response:
        token = issue(self.actor, KEY, now=time.time())
        sent = {"Authorization": f"Bearer {token}", "Idempotency-Key": key or str(uuid.uuid4())}
        return await self.http.post(path, json=body, headers=sent | headers)

    async def get(self, path: str) -> httpx.Response:
        token = issue(self.actor, KEY, now=time.time())
        return await self.http.get(path, headers={"Authorization": f"Bearer {token}"})

    async def does(self, path: str, body: dict[str, Any] | None = None) -> dict[str, Any]:
        """The receipt of a command that is accepted."""
        answer = await self.post(path, body)
        assert answer.status_code == 202, answer.text
        found: dict[str, Any] = answer.json()
        return found

    async def makes(self, path: str, body: dict[str, Any]) -> str:
        """The id of what a command creates."""
        return str((await self.does(path, body))["stream"].partition("-")[2])

    def evidence(self, stored: frozenset[str] = STORED) -> str:
        """A token of the files service for this account."""
        return evidence.issue(self.actor.account, Evidence({}, stored), KEY, self.service.now).token

    def file(self, file: FileRef, **more: Any) -> dict[str, Any]:
        return {"file": file.model_dump(mode="json"), "evidence": self.evidence(), **more}

    async def drafts(self, document: dict[str, Any] = DOCUMENT, **more: Any) -> str:
        """A report with its file and an original record, ready to be handed in."""
        report = await self.makes("/reports", {"document": document, **more})
        await self.does(f"/reports/{report}/file", self.file(PDF))
        await self.does(f"/reports/{report}/originals", self.file(SCAN, title="实验室分析原始记录"))
        return report

    async def hands_in(self, document: dict[str, Any] = DOCUMENT, **more: Any) -> str:
        """A report that is handed in and checked."""
        report = await self.drafts(document, **more)
        await self.does(f"/reports/{report}/submission")
        await self.service.works()
        return report


def code_of(answer: httpx.Response) -> tuple[int, str]:
    return answer.status_code, answer.json()["code"]


def fields_of(answer: httpx.Response) -> set[tuple[str, str]]:
    """Field and rule of each problem."""
    return {(error["field"], error["rule"]) for error in answer.json()["errors"]}
