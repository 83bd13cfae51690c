"""A client of the registry's HTTP edge on its fakes, and a few entries to begin with."""

import time
import uuid
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import httpx
from qingyuan_events import Actor, Meta
from qingyuan_runtime.log.handling import CommandContext
from qingyuan_runtime.tokens.actors import issue
from qingyuan_runtime.tokens.issuers import EveryIssuer
from samples import SINCE, enterprise, outlet, point

KEY = EveryIssuer()
NOON = datetime(2026, 11, 24, 4, 0, tzinfo=UTC)
OFFICE = Actor(account=UUID(int=1), kind="administrator")


class Person:
    def __init__(self, http: httpx.AsyncClient, actor: Actor) -> None:
        self._http = http
        self._token = issue(actor, KEY, now=time.time())

    async def post(
        self, path: str, body: dict[str, Any], *, key: str | None = None, match: int | None = None
    ) -> httpx.Response:
        headers = {"Authorization": f"Bearer {self._token}", "Idempotency-Key": key or str(uuid.uuid4())}
        if match is not None:
            headers["If-Match"] = f'"{match}"'
        return await self._http.post(path, json=body, headers=headers)

    async def get(self, path: str) -> httpx.Response:
        return await self._http.get(path, headers={"Authorization": f"Bearer {self._token}"})

    async def makes(self, path: str, body: dict[str, Any]) -> str:
        answer = await self.post(path, body | {"valid_from": str(SINCE)})
        assert answer.status_code == 202, answer.text
        return str(answer.json()["stream"]).split("-", 1)[1]


def plain(model: Any) -> dict[str, Any]:
    dumped: dict[str, Any] = model.model_dump(mode="json", exclude_none=True)
    return {"particulars": dumped}


async def enterprise_with_point(office: Person) -> tuple[str, str, str]:
    """An enterprise with an outlet and a point; their ids."""
    contact = {"contact": {"name": "周清源", "phone": "021-5555 0101"}}
    enterprise_id = await office.makes("/enterprises", plain(enterprise) | contact)
    outlet_id = await office.makes("/outlets", plain(outlet) | {"enterprise_id": enterprise_id})
    point_id = await office.makes("/points", plain(point) | {"outlet_id": outlet_id})
    return enterprise_id, outlet_id, point_id


def asked_by(actor: Actor) -> CommandContext:
    command_id = uuid.uuid4()
    return CommandContext(Meta(actor=actor, command_id=command_id, correlation=command_id), "fingerprint")
