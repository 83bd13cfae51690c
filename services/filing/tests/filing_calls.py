"""The filing service over HTTP on its fakes, and those who use it."""

import time
import uuid
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Literal
from uuid import UUID

import httpx
from filing_samples import OPERATOR, STORED, basics, person, signature
from qingyuan_events import Actor
from qingyuan_events.filing import ResourceParticulars
from qingyuan_runtime.tokens import evidence, second_factor
from qingyuan_runtime.tokens.actors import issue
from qingyuan_runtime.tokens.evidence import Evidence
from qingyuan_runtime.tokens.issuers import EveryIssuer

KEY = EveryIssuer()
NOW = datetime(2026, 11, 24, 4, 0, tzinfo=UTC)
OTHER_OPERATOR = UUID(int=50)
NAME = "上海清测运维有限公司"
ZHANG = {"name": "张清源"}
LI = {"name": "李敏", "phone": "021-5555 0101"}

Kind = Literal["enterprise", "operator", "regulator", "administrator"]


@dataclass
class Person:
    """Somebody with an account; `kind` None has no session."""

    http: httpx.AsyncClient
    kind: Kind | None
    organisation: UUID | None = None
    role: Literal["manager", "technician"] | None = None
    district: str | None = None
    account: UUID = field(default_factory=uuid.uuid4)

    @property
    def _headers(self) -> dict[str, str]:
        if self.kind is None:
            return {}
        actor = Actor(
            account=self.account,
            kind=self.kind,
            organisation=self.organisation,
            role=self.role,
            district=self.district,
        )
        token = issue(actor, KEY, now=time.time(), organisation_name=NAME)
        return {"Authorization": f"Bearer {token}"}

    @property
    def evidence(self) -> str:
        """The word of the files service that the files of the samples are stored."""
        return evidence.issue(self.account, Evidence({}, STORED), KEY, NOW).token

    async def post(
        self,
        path: str,
        body: dict[str, Any] | None = None,
        *,
        key: str | None = None,
        match: int | None = None,
    ) -> httpx.Response:
        headers = self._headers | {"Idempotency-Key": key or str(uuid.uuid4())}
        if match is not None:
            headers["If-Match"] = f'"{match}"'
        return await self.http.post(path, json=body, headers=headers)

    async def get(self, path: str) -> httpx.Response:
        return await self.http.get(path, headers=self._headers)

    async def does(self, path: str, body: dict[str, Any] | None = None) -> str:
        """The id of the stream that the accepted request was about."""
        answer = await self.post(path, body)
        assert answer.status_code == 202, answer.text
        return str(answer.json()["stream"]).split("-", 1)[1]

    async def adds(self, particulars: ResourceParticulars, name: str | None = None) -> str:
        return await self.does("/resources", self.resource(particulars, name))

    async def undertaking(self) -> dict[str, Any]:
        """The signature of the text that is shown today."""
        text = (await self.get("/options")).json()["undertaking"]
        factor = second_factor.issue(self.account, [text["sha256"]], KEY, NOW).token
        return {
            "version": text["version"],
            "signature": plain(signature),
            "second_factor": factor,
            "evidence": self.evidence,
        }

    def resource(self, particulars: ResourceParticulars, name: str | None = None) -> dict[str, Any]:
        return {
            "particulars": plain(particulars),
            "name": name,
            "changed_on": "2026-11-24",
            "evidence": self.evidence,
        }

    def basics(self, **changed: Any) -> dict[str, Any]:
        return {
            "basics": plain(basics) | changed,
            "legal_representative": ZHANG,
            "contact": LI,
            "changed_on": "2026-11-24",
            "evidence": self.evidence,
        }


def plain(particulars: Any) -> dict[str, Any]:
    """As JSON that a page sends."""
    made: dict[str, Any] = particulars.model_dump(mode="json")
    return made


def manager(http: httpx.AsyncClient, organisation: UUID = OPERATOR) -> Person:
    return Person(http, "operator", organisation, "manager")


def reviewer(http: httpx.AsyncClient) -> Person:
    return Person(http, "regulator", district="310000")


async def submitted(operator: Person) -> str:
    """A filing with basics and one person, handed in; the person's id."""
    await operator.does("/filing")
    await operator.does("/filing/basics", operator.basics())
    await operator.does("/filing/undertaking", await operator.undertaking())
    resource_id = await operator.adds(person, "王工")
    await operator.does("/filing/submission")
    return resource_id


def refusal(answer: httpx.Response) -> tuple[int, str, list[str]]:
    """Status, code and wrong fields of a refused request."""
    body = answer.json()
    return answer.status_code, body["code"], [error["field"] for error in body.get("errors", [])]
