"""Valid bodies of contracts and plans, and a client that sends them over HTTP for somebody."""

import time
import uuid
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import httpx
from plan_samples import ACCOUNT, attachment
from qingyuan_events import Actor
from qingyuan_runtime.tokens.actors import issue
from qingyuan_runtime.tokens.issuers import EveryIssuer
from visit_samples import ENTERPRISE, POINT

KEY = EveryIssuer()
NOON = datetime(2026, 11, 24, 4, 0, tzinfo=UTC)
NOWHERE = str(UUID(int=404))
CONTRACT: dict[str, Any] = {
    "enterprise_id": str(ENTERPRISE),
    "particulars": {
        "number": "LC-2026-018",
        "name": "2026 年度运维合同(二期)",
        "first_day": "2026-01-01",
        "last_day": "2026-12-31",
        "amount": "186000.00",
    },
    "files": [attachment.model_dump(mode="json")],
}
PLAN: dict[str, Any] = {
    "name": "12 月运维计划",
    "points": [str(POINT)],
    "assignees": [{"account": str(ACCOUNT), "certificate_to": "2028-06-30"}],
    "devices": [{"name": "便携式仪", "serial_number": "DX-2201", "calibrated_to": "2027-03-31"}],
    "first_day": "2026-12-01",
    "last_day": "2026-12-15",
    "items": [{"content": "patrol", "rule": "FREQ=WEEKLY", "gap_days_max": 7, "basis": "WF-WEEK"}],
}
WINDOWS = [
    {"number": 1, "opens": "2026-12-01", "closes": "2026-12-07"},
    {"number": 2, "opens": "2026-12-08", "closes": "2026-12-14"},
]


class Person:
    def __init__(
        self,
        http: httpx.AsyncClient,
        kind: str | None,
        organisation: UUID | None = None,
        role: str | None = "manager",
    ) -> None:
        self._http = http
        self._headers: dict[str, str] = {}
        if kind:
            own_role = role if kind in ("operator", "enterprise") else None
            actor = Actor(
                account=uuid.uuid4(), kind=kind, organisation=organisation, district="310118", role=own_role
            )
            token = issue(actor, KEY, now=time.time(), organisation_name="上海绿测环境运维有限公司")
            self._headers = {"Authorization": f"Bearer {token}"}

    async def post(self, path: str, body: dict[str, Any], *, key: str | None = None) -> httpx.Response:
        headers = self._headers | {"Idempotency-Key": key or str(uuid.uuid4())}
        return await self._http.post(path, json=body, headers=headers)

    async def get(self, path: str, **headers: str) -> httpx.Response:
        return await self._http.get(path, headers=self._headers | headers)

    async def makes(self, path: str, body: dict[str, Any]) -> str:
        """The id of the contract or plan that the accepted request was about."""
        answer = await self.post(path, body)
        assert answer.status_code == 202, answer.text
        return str(answer.json()["stream"]).split("-", 1)[1]


def people(http: httpx.AsyncClient, *kinds: str) -> list[Person]:
    organisations: dict[str, UUID | None] = {
        "enterprise": ENTERPRISE,
        "regulator": None,
        "administrator": None,
    }
    return [Person(http, kind, organisations.get(kind)) for kind in kinds]


def refusal(answer: httpx.Response) -> tuple[int, str, list[str]]:
    """Status, code and wrong fields of a refused request."""
    body = answer.json()
    return answer.status_code, body["code"], [error["field"] for error in body.get("errors", [])]
