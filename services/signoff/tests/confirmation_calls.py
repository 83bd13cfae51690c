"""A client of the sign-off service over HTTP, with the tokens of other services that it needs."""

import time
import uuid
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

import httpx
from confirmation_samples import (
    ENTERPRISE,
    NOON,
    OPERATOR,
    SHOWN,
    SIGNATURE,
    STORED,
    VISIT,
    WANG,
    ZHOU,
)
from qingyuan_events import Actor, Meta, Recorded
from qingyuan_events.parts import CertificateProof
from qingyuan_events.tasks import VisitAmended, VisitCompleted
from qingyuan_runtime.log.store_memory import MemoryStore
from qingyuan_runtime.tokens import evidence, second_factor
from qingyuan_runtime.tokens.actors import issue
from qingyuan_runtime.tokens.evidence import Evidence
from qingyuan_runtime.tokens.issuers import EveryIssuer
from signoff.reactions import confirmation_of, reaction

KEY = EveryIssuer()
PATH = f"/confirmations/{confirmation_of(VISIT)}"
IDS = {
    "visit_id": VISIT,
    "operator_id": OPERATOR,
    "enterprise_id": ENTERPRISE,
    "outlet_id": UUID(int=14),
    "point_id": UUID(int=15),
    "district": "310118",
}
BODIES: dict[str, dict[str, Any]] = {
    "opening": {},
    "dispute": {"reason": "未见更换", "photos": []},
    "answer": {"text": "见照片", "photos": []},
    "escalation": {"reason": "照片不符"},
}
CONTENTS = ("patrol",)
PEOPLE = {
    "enterprise": Actor(account=ZHOU, kind="enterprise", organisation=ENTERPRISE),
    "operator": Actor(account=WANG, kind="operator", organisation=OPERATOR),
    "another enterprise": Actor(account=UUID(int=31), kind="enterprise", organisation=OPERATOR),
    "another operator": Actor(account=UUID(int=32), kind="operator", organisation=ENTERPRISE),
    "district": Actor(account=UUID(int=33), kind="regulator", district="310118"),
    "administrator": Actor(account=UUID(int=34), kind="administrator"),
}


@dataclass
class ServiceUnderTest:
    """The service with a clock that tests move, and the visits that it receives."""

    store: MemoryStore = field(default_factory=MemoryStore)
    now: datetime = NOON
    received: int = 0

    async def receive(self, fact: VisitCompleted | VisitAmended) -> None:
        self.received += 1
        meta = Meta(actor=PEOPLE["operator"], command_id=uuid.uuid4(), correlation=uuid.uuid4())
        recorded = Recorded(f"visit-{VISIT}", self.received, self.now, meta, fact)
        await reaction(self.store, lambda: self.now)(recorded)  # type: ignore[arg-type]


@dataclass
class Person:
    http: httpx.AsyncClient
    actor: Actor
    service: ServiceUnderTest

    async def post(self, path: str, body: dict[str, Any], *, key: str | None = None) -> httpx.Response:
        token = issue(self.actor, KEY, now=time.time())
        headers = {"Authorization": f"Bearer {token}", "Idempotency-Key": key or str(uuid.uuid4())}
        return await self.http.post(path, json=body, headers=headers)

    async def get(self, path: str) -> httpx.Response:
        token = issue(self.actor, KEY, now=time.time())
        return await self.http.get(path, headers={"Authorization": f"Bearer {token}"})

    def evidence(self, missing: int = 0, content: str = SHOWN, stored: frozenset[str] = STORED) -> str:
        """A token of the files service for this account; by default, everything is stored."""
        seen = Evidence({content: missing}, stored)
        return evidence.issue(self.actor.account, seen, KEY, self.service.now).token

    async def signature(
        self,
        content: str = SHOWN,
        *,
        over: str | None = None,
        proof: CertificateProof | None = None,
        **seen: Any,
    ) -> dict[str, Any]:
        """The body of a signature, with the statement, a second factor and the evidence of the files service."""
        given = second_factor.issue(
            self.actor.account,
            [over or content],
            KEY,
            self.service.now,
            factor="certificate" if proof else "password",
            certificate=proof,
        )
        statement = (await self.get("/statement")).json()
        return {
            "content_sha256": content,
            "statement_version": statement["version"],
            "signature": SIGNATURE.model_dump(mode="json", exclude_none=True),
            "second_factor": given.token,
            "evidence": self.evidence(content=content, **seen),
        }


async def fact_types(service: ServiceUnderTest) -> list[str]:
    return [
        recorded.fact.type for recorded in await service.store.read(f"confirmation-{confirmation_of(VISIT)}")
    ]
