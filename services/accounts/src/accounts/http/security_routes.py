"""What a security administrator sees and does: locks, sessions of others, the policy, the certificate roots."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Annotated
from uuid import UUID

import asyncpg
from fastapi import Depends, FastAPI, Query
from fastapi.responses import JSONResponse, Response
from pydantic import BaseModel, ConfigDict, Field
from qingyuan_certificates.certificate import Certificate
from qingyuan_certificates.revocation import RevocationList
from qingyuan_events import Actor
from qingyuan_runtime.domain.decider import Missing
from qingyuan_runtime.domain.text import Text
from qingyuan_runtime.edge.dependencies import ActorDep, from_state
from qingyuan_runtime.edge.problems import Forbidden, problem

from accounts.attempts import KINDS
from accounts.certificates.trust import Standing, standing
from accounts.http import security_models
from accounts.http.parts import Service
from accounts.managing.held_certificates import TrustSource
from accounts.security.desk import ACCOUNTS_MOST, GUARDED, GuardedAccount, OwnAccount, SecurityDesk
from accounts.security.policy import rules

Desk = Annotated[SecurityDesk, Depends(from_state("security_desk"))]
TrustDep = Annotated[TrustSource, Depends(from_state("trust"))]


class ReleaseBody(BaseModel):
    model_config = ConfigDict(extra="forbid")
    id: Annotated[str, Field(pattern="^([0-9a-f]{2}){1,70}$")]


async def security_officer(by: ActorDep) -> Actor:
    if by.kind != "administrator" or by.role != "security":
        raise Forbidden
    return by


Officer = Annotated[Actor, Depends(security_officer)]


def add_routes(app: FastAPI) -> None:
    app.add_exception_handler(OwnAccount, _own)
    app.add_exception_handler(GuardedAccount, _guarded)
    _add_locks(app)
    _add_sessions(app)
    _add_lists(app)


def _add_locks(app: FastAPI) -> None:
    @app.get("/security/locks", response_model=security_models.Locks, tags=["安全"])
    async def read_locks(_by: Officer, desk: Desk) -> JSONResponse:
        """Who must wait now after too many wrong passwords or codes: names, accounts, network addresses."""
        return JSONResponse({"items": [_lock(row, desk.until(row)) for row in await desk.locks()]})

    @app.post("/security/locks/release", status_code=204, tags=["安全"])
    async def release_lock(body: ReleaseBody, by: Officer, desk: Desk) -> Response:
        """Forget the failures behind one lock."""
        if not await desk.release(bytes.fromhex(body.id), by.account):
            raise Missing("lock")
        return Response(status_code=204)

    @app.post("/security/accounts/{account_id}/lock", status_code=204, tags=["安全"])
    async def lock_account(account_id: UUID, by: Officer, desk: Desk) -> Response:
        """Ends its sessions, too. Not the own account, and none of an administrator: those are locked on the command line."""
        if not await desk.lock(account_id, locked=True, by=by.account):
            raise Missing("account")
        return Response(status_code=204)

    @app.post("/security/accounts/{account_id}/unlock", status_code=204, tags=["安全"])
    async def unlock_account(account_id: UUID, by: Officer, desk: Desk) -> Response:
        if not await desk.lock(account_id, locked=False, by=by.account):
            raise Missing("account")
        return Response(status_code=204)


def _add_sessions(app: FastAPI) -> None:
    @app.get("/security/sessions", response_model=security_models.WatchedAccounts, tags=["安全"])
    async def read_sessions(
        _by: Officer, desk: Desk, account: Annotated[str, Text(100, least=1), Query()]
    ) -> JSONResponse:
        """The first twenty accounts with this in their name, label or organisation's name, and where they are logged in."""
        rows = await desk.accounts_like(account)
        shown = rows[:ACCOUNTS_MOST]
        sessions = await desk.sessions([row["account_id"] for row in shown])
        return JSONResponse({"items": list(_watched(shown, sessions)), "more": len(rows) > ACCOUNTS_MOST})

    @app.delete("/security/sessions/{session_id}", status_code=204, tags=["安全"])
    async def end_session_of(session_id: UUID, by: Officer, desk: Desk) -> Response:
        if not await desk.end_session(session_id, by.account):
            raise Missing("session")
        return Response(status_code=204)

    @app.delete("/security/accounts/{account_id}/sessions", status_code=204, tags=["安全"])
    async def end_sessions_of(account_id: UUID, by: Officer, desk: Desk) -> Response:
        if not await desk.end_sessions(account_id, by.account):
            raise Missing("account")
        return Response(status_code=204)


def _add_lists(app: FastAPI) -> None:
    @app.get("/security/policy", response_model=security_models.SecurityPolicy, tags=["安全"])
    async def read_policy(_by: Officer, desk: Desk) -> JSONResponse:
        """What holds now, each with its source."""
        return JSONResponse({"items": [asdict(rule) for rule in rules(desk.settings)]})

    @app.get("/security/roots", response_model=security_models.TrustedRoots, tags=["安全"])
    async def read_roots(_by: Officer, trust: TrustDep, service: Service) -> JSONResponse:
        """Whom certificates are believed from, and by which revocation list each authority's are looked up as of now."""
        trusted, now = trust.trust(), service.now()
        found = standing(trusted, now)
        believed = zip([*trusted.roots, *trusted.intermediates], found, strict=True)
        certificates = [_certificate(certificate, state, now) for certificate, state in believed]
        lists = [_list(each, now) for each in trusted.lists]
        return JSONResponse({"at": now.isoformat(), "certificates": certificates, "lists": lists})


def _lock(row: asyncpg.Record, until: datetime) -> dict[str, object]:
    account = row["account_id"]
    named = {"id": str(account), "name": row["name"], "label": row["label"]} if account else None
    return {
        "id": row["id"],
        "of": KINDS[row["of"].encode()],
        "account": named,
        "address": row["address"],
        "until": until.isoformat(),
    }


def _watched(
    rows: Sequence[asyncpg.Record], sessions: Sequence[asyncpg.Record]
) -> Iterator[dict[str, object]]:
    of_account = defaultdict(list)
    for session in sessions:
        of_account[session["account_id"]].append(_session(session))
    for row in rows:
        yield {
            "id": str(row["account_id"]),
            **{name: row[name] for name in ("name", "label", "kind", "role", "organisation_name")},
            "locked": row["disabled"],
            "guarded": row["kind"] == GUARDED,
            "sessions": of_account[row["account_id"]],
        }


def _session(row: asyncpg.Record) -> dict[str, object]:
    return {
        "id": str(row["session_id"]),
        "device": row["device"],
        "address": row["address"],
        "since": row["created"].isoformat(),
        "last_seen": row["last_seen"].isoformat(),
    }


def _certificate(certificate: Certificate, state: Standing, now: datetime) -> dict[str, object]:
    return {
        "part": "root" if state.is_root else "between",
        "subject": certificate.parsed.subject.rfc4514_string(),
        "issuer": certificate.parsed.issuer.rfc4514_string(),
        "serial": certificate.serial,
        "valid_from": certificate.valid_from.isoformat(),
        "valid_to": certificate.valid_to.isoformat(),
        "valid": certificate.valid_from <= now <= certificate.valid_to,
        "list_made_at": state.list_made_at.isoformat() if state.list_made_at else None,
        "list_next_at": state.list_next_at.isoformat() if state.list_next_at else None,
        "list_overdue": state.list_overdue,
    }


def _list(found: RevocationList, now: datetime) -> dict[str, object]:
    return {
        "issuer": found.parsed.issuer.rfc4514_string(),
        "made_at": found.made_at.isoformat(),
        "next_at": found.next_at.isoformat() if found.next_at else None,
        "revoked": len(found.numbers),
        "overdue": found.next_at is None or found.next_at < now,
    }


async def _own(_request: object, _error: Exception) -> JSONResponse:
    return problem(403, "account.own", "不能停用或恢复自己的账户。")


async def _guarded(_request: object, _error: Exception) -> JSONResponse:
    return problem(
        403, "account.guarded", "管理员账户的停用、恢复和登录不在页面上办理，请运行单位在服务器上用命令办理。"
    )
