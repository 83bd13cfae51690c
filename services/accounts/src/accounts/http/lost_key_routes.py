"""The routes of a lost key and of the certificate that an organisation demands of its managers."""

import json
from collections.abc import Awaitable, Callable
from dataclasses import asdict
from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

import asyncpg
from fastapi import Depends, FastAPI, Query, Request
from fastapi.encoders import jsonable_encoder
from fastapi.responses import JSONResponse, Response
from pydantic import BaseModel, ConfigDict
from qingyuan_events import Actor
from qingyuan_runtime.domain.decider import Invalid, Problem
from qingyuan_runtime.domain.text import AsItIs, Text
from qingyuan_runtime.edge.dependencies import ActorDep, from_state
from qingyuan_runtime.edge.http import current_actor
from qingyuan_runtime.edge.problems import Forbidden, problem
from qingyuan_standards.uscc import is_uscc

from accounts.certificates import lost_keys
from accounts.certificates.lost_keys import CodeWrong, LostKeys, TooManyRequests, TooManyWrongCodes
from accounts.http import certificate_models
from accounts.http.identity_routes import AgainBody, Identity, show_again
from accounts.http.parts import From, Hashed, Service
from accounts.managing.certificate_demand import CertificateDemanded

Lost = Annotated[LostKeys, Depends(from_state("lost_keys"))]
State = Literal["asked", "reviewed", "refused", "approved", "used"]


class LostKeyBody(BaseModel):
    """`id` is chosen by the page, so that a repeated request is the same one."""

    model_config = ConfigDict(extra="forbid")
    id: UUID
    uscc: Annotated[str, Text(18, least=1, code=True)]
    name: Annotated[str, Text(100, least=1)]
    contact: Annotated[str, Text(100, least=1)]
    reason: Annotated[str, Text(300, least=1, breaks=True)]


class ReviewBody(BaseModel):
    """`account` is the manager's account whose password may be set anew; without it the request is refused."""

    model_config = ConfigDict(extra="forbid")
    account: UUID | None = None
    note: Annotated[str, Text(300, least=1, breaks=True)]


class DecisionBody(BaseModel):
    model_config = ConfigDict(extra="forbid")
    approved: bool
    note: Annotated[str, Text(300, least=1, breaks=True)]


class CodeBody(BaseModel):
    model_config = ConfigDict(extra="forbid")
    code: Annotated[str, Text(60, least=1, code=True)]
    password: Annotated[str, AsItIs(200, least=1)]


class DemandBody(AgainBody):
    """To begin the demand, one of the ways of `AgainBody`; a session opened by certificate ends it without."""

    demanded: bool


class DemandOfAnotherBody(AgainBody):
    """To end the demand, the `password` of who asks, or a `code` of the authenticator app."""

    demanded: bool


def administrator(*roles: str) -> Callable[[Request], Awaitable[Actor]]:
    """A dependency: the actor, an administrator of one of these roles. So it is asked before the body is looked at."""

    async def actor(request: Request) -> Actor:
        by = await current_actor(request)
        if by.kind != "administrator" or (by.role or "system") not in roles:
            raise Forbidden
        return by

    return actor


async def manager(request: Request) -> Actor:
    """The actor, a manager of an organisation."""
    by = await current_actor(request)
    if by.organisation is None or (by.role or "manager") != "manager":
        raise Forbidden
    return by


Reads = Annotated[Actor, Depends(administrator("system", "security"))]
Reviews = Annotated[Actor, Depends(administrator("system"))]
Decides = Annotated[Actor, Depends(administrator("security"))]
Manages = Annotated[Actor, Depends(manager)]


def add_routes(app: FastAPI) -> None:
    app.add_exception_handler(TooManyRequests, _too_many)
    app.add_exception_handler(CodeWrong, _wrong)
    app.add_exception_handler(TooManyWrongCodes, _too_many_codes)
    app.add_exception_handler(CertificateDemanded, _demanded)
    _add_asking(app)
    _add_deciding(app)
    _add_demand(app)
    _add_demands_of_others(app)


def _add_asking(app: FastAPI) -> None:
    @app.post(
        "/session/lost-key", status_code=201, response_model=certificate_models.LostKeyAsked, tags=["账户"]
    )
    async def ask(body: LostKeyBody, _by: ActorDep, lost: Lost, origin: From) -> JSONResponse:
        """Ask for a second way in. The answer is the same whether the organisation is known here or not."""
        uscc = body.uscc.upper()
        if not is_uscc(uscc):
            raise Invalid((Problem("uscc", "check-character", "统一社会信用代码不正确，请核对。"),))
        request = lost_keys.Request(body.id, uscc, body.name, body.contact, body.reason)
        await lost.ask(request, origin.address)
        return JSONResponse({"id": str(body.id)}, status_code=201)

    @app.post("/session/lost-key/password", response_model=certificate_models.LostKeyAccount, tags=["账户"])
    async def set_password(body: CodeBody, _by: ActorDep, lost: Lost, origin: From) -> JSONResponse:
        """Set a password with the code of an approved request. The answer names the account to log in with."""
        return JSONResponse({"account": await lost.set_password(body.code, body.password, origin.address)})


def _add_deciding(app: FastAPI) -> None:
    @app.get("/admin/lost-keys", response_model=certificate_models.LostKeys, tags=["账户"])
    async def requests(
        _by: Reads, lost: Lost, state: Annotated[State | None, Query()] = None
    ) -> JSONResponse:
        """The newest 200 requests, each with the manager accounts of the organisation that has the credit code."""
        return JSONResponse(
            jsonable_encoder({"items": [_shown(row, lost.again_until(row)) for row in await lost.all(state)]})
        )

    @app.get(
        "/admin/lost-keys/{request_id}/contact",
        response_model=certificate_models.LostKeyContact,
        tags=["账户"],
    )
    async def contact(request_id: UUID, _by: Reads, lost: Lost) -> JSONResponse:
        """Whom to call back: what is registered here, and not the number in the request. Each reading is in the security log."""
        found = await lost.contact(request_id)
        shown = dict(found) | {"managers": json.loads(found["managers"])}
        return JSONResponse(jsonable_encoder(shown))

    @app.post("/admin/lost-keys/{request_id}/review", status_code=204, tags=["账户"])
    async def review(request_id: UUID, body: ReviewBody, by: Reviews, lost: Lost) -> Response:
        """First step, by a system administrator: who asks is who they say, or is refused."""
        await lost.review(request_id, by, body.account, body.note)
        return Response(status_code=204)

    @app.post(
        "/admin/lost-keys/{request_id}/decision",
        response_model=certificate_models.LostKeyDecision,
        tags=["账户"],
    )
    async def decide(request_id: UUID, body: DecisionBody, by: Decides, lost: Lost) -> JSONResponse:
        """Second step, by a security administrator who is somebody else. `code` is shown this once."""
        if not body.approved:
            await lost.refuse(request_id, by, body.note)
            return JSONResponse({"code": None, "expires_at": None})
        approval = await lost.approve(request_id, by, body.note)
        return JSONResponse({"code": approval.code, "expires_at": approval.expires.isoformat()})


def _add_demand(app: FastAPI) -> None:
    @app.get(
        "/organisation/certificate-demand", response_model=certificate_models.CertificateDemand, tags=["账户"]
    )
    async def own_demand(by: Manages, service: Service) -> JSONResponse:
        """Whether the own organisation demands the certificate of its managers."""
        assert by.organisation
        return JSONResponse(jsonable_encoder(asdict(await service.demands.of(by.organisation))))

    @app.post("/organisation/certificate-demand", status_code=204, tags=["账户"])
    async def demand_it(
        body: DemandBody, by: Manages, service: Service, identity: Identity, hashed: Hashed
    ) -> Response:
        """Demand it or no longer. Managers then log in with a certificate only; only a session opened by one ends the demand.

        To begin it shuts out whoever has no certificate at hand, so a session left open is not enough.
        """
        assert by.organisation
        if body.demanded:
            await show_again(body, by, service, identity)
            await service.demands.begin_own(by.organisation, by.account, hashed)
        else:
            await service.demands.end_own(by.organisation, by.account, hashed)
        return Response(status_code=204)


def _add_demands_of_others(app: FastAPI) -> None:
    @app.get(
        "/security/certificate-demands",
        response_model=certificate_models.DemandingOrganisations,
        tags=["安全"],
    )
    async def demands(_by: Decides, service: Service) -> JSONResponse:
        """The organisations that demand the certificate of their managers."""
        return JSONResponse(jsonable_encoder({"items": await service.demands.all()}))

    @app.post("/admin/organisations/{organisation_id}/certificate-demand", status_code=204, tags=["账户"])
    async def demand_of_another(
        organisation_id: UUID,
        body: DemandOfAnotherBody,
        by: Decides,
        service: Service,
        identity: Identity,
    ) -> Response:
        """The same by a security administrator, for any organisation.

        To end it takes down what keeps a stolen password out, so it asks for the password or a code of the app: a session
        left open is not enough.
        """
        if body.demanded:
            await service.demands.begin(organisation_id, by.account)
        else:
            await show_again(body, by, service, identity)
            await service.demands.end(organisation_id, by.account)
        return Response(status_code=204)


def _shown(row: asyncpg.Record, again_until: datetime | None) -> dict[str, object]:
    fields = ("uscc", "name", "contact", "reason", "asked", "state", "organisation_name")
    steps = (
        "reviewer_label",
        "reviewed",
        "review_note",
        "approver_label",
        "decided",
        "decision_note",
        "used",
    )
    shown = {field: row[field] for field in (*fields, *steps, "account_name")}
    listed = {field: json.loads(row[field]) for field in ("managers", "codes_again")}
    return shown | listed | {"id": row["request_id"], "again_until": again_until}


async def _too_many(_request: Request, _error: Exception) -> JSONResponse:
    title = "来自此网络的申请过多，请一小时后再试。"
    return problem(429, "lost-key.too-often", title, headers={"Retry-After": "3600"})


async def _too_many_codes(_request: Request, _error: Exception) -> JSONResponse:
    title = "来自此网络的错误授权码过多，请 15 分钟后再试。"
    return problem(429, "lost-key.code-too-often", title, headers={"Retry-After": "900"})


async def _wrong(_request: Request, _error: Exception) -> JSONResponse:
    title = "授权码不正确、已使用或已过期。请核对后重新输入，或请批准人重新给出。"
    return problem(401, "lost-key.code-wrong", title)


async def _demanded(_request: Request, _error: Exception) -> JSONResponse:
    title = "本单位要求管理员用法人一证通登录。证书丢失的，请在登录页申请找回。"
    return problem(403, "log-in.certificate-demanded", title)
