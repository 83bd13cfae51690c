"""Valid bodies of the commands of a visit, and a phone that sends them over HTTP."""

import json
import time
import uuid
from typing import Any
from uuid import UUID

import httpx
from contract_calls import KEY
from fastapi import FastAPI
from qingyuan_events import Actor
from qingyuan_runtime.tokens.actors import issue
from tasks.shared.repository import Repository
from visit_samples import (
    ANALYSER,
    CONTRACT,
    FIRST,
    MORNING,
    OPERATOR,
    PHOTO,
    POINT,
    SHEET,
    TECHNICIAN,
    VISIT,
    near,
    patrol,
    photo,
    signature,
)

OTHER_OPERATOR, OTHER_CONTRACT = UUID(int=71), UUID(int=72)
OPENING = {
    "point_id": str(POINT),
    "contract_id": str(CONTRACT),
    "cycles": [],
    "claimed_at": "2026-11-24T09:00:00+08:00",
}
SIGN_IN = {"claimed_at": "2026-11-24T09:00:00+08:00", "companions": [], "fix": near().model_dump(mode="json")}
SHEET_BODY: dict[str, Any] = {
    "sheet_id": str(SHEET),
    "revision_id": str(FIRST),
    "supersedes": [],
    "form": "patrol_wastewater",
    "form_version": 1,
    "content": "patrol",
    "instruments": [str(ANALYSER)],
    "values": patrol(room_humidity="120"),
    "used": [{"name": "蠕动泵管", "quantity": "1", "unit": "根", "lot": None, "expires": "2027-05-01"}],
    "claimed_at": MORNING.isoformat(),
    "reason": None,
}
SIGN_OUT = {
    "claimed_at": MORNING.isoformat(),
    "fix": None,
    "sheets": [str(FIRST)],
    "photos": [str(PHOTO)],
    "signature": signature.model_dump(mode="json"),
}
CLAIMED_AT = {"claimed_at": MORNING.isoformat()}
COMMANDS: dict[str, dict[str, Any]] = {
    "sign-in": {"sign_in": SIGN_IN},
    "sheets": {"sheet": SHEET_BODY},
    "photos": {"photo": photo().model_dump(mode="json")},
    "sign-out": {"sign_out": SIGN_OUT},
    "backfill": {"reason_class": "signal", "explanation": "没有信号", **CLAIMED_AT},
    "obstruction": {"what": "不让进入", **CLAIMED_AT},
    "abort": {"reason": "暴雨", **CLAIMED_AT},
}


class Phone:
    """Sends the commands of a visit, each with its opening."""

    def __init__(self, http: httpx.AsyncClient, actor: Actor | None) -> None:
        self._http = http
        self._headers = {"Authorization": f"Bearer {issue(actor, KEY, now=time.time())}"} if actor else {}

    async def send(
        self, what: str, *, key: str | None = None, visit: UUID = VISIT, **changes: Any
    ) -> httpx.Response:
        body = {"opening": OPENING, **COMMANDS[what], **changes}
        headers = {**self._headers, "Idempotency-Key": key or str(uuid.uuid4())}
        headers["Content-Type"] = "application/json"
        return await self._http.post(f"/visits/{visit}/{what}", content=json.dumps(body), headers=headers)

    async def sheet(self, **changes: Any) -> httpx.Response:
        return await self.send("sheets", sheet={**SHEET_BODY, **changes})


def actor(kind: Any = "operator", organisation: UUID | None = OPERATOR) -> Actor:
    return Actor(account=TECHNICIAN, kind=kind, organisation=organisation, district="310118")


async def event_types(app: FastAPI) -> list[str]:
    """Of the visit's facts in the log, without the version."""
    repository: Repository = app.state.repository
    return [
        recorded_fact.fact.type.rpartition(".v")[0]
        for recorded_fact in await repository.store.read(f"visit-{VISIT}")
    ]
