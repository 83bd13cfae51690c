"""The signoff service's HTTP edge: request → command → handle → 202."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, FastAPI, Request
from fastapi.responses import JSONResponse
from qingyuan_events import Actor
from qingyuan_runtime.edge.http import Accepted, Ready, accepted, command_context, create_app, current_actor
from qingyuan_runtime.log.handling import CommandContext
from qingyuan_runtime.tokens.issuers import Trusts

from signoff import policy
from signoff.bodies import AnswerBody, DisputeBody, EscalationBody, OpeningBody, OriginalsBody, SignatureBody
from signoff.desk import Desk
from signoff.domain.commands import AnswerDispute, CompleteOriginals, Dispute, Escalate, Open, Sign
from signoff.response_models import Statement

router = APIRouter(tags=["企业确认"])
ByActor = Annotated[Actor, Depends(current_actor)]
ByAsked = Annotated[CommandContext, Depends(command_context)]


async def desk(request: Request) -> Desk:
    found: Desk = request.app.state.desk
    return found


AtDesk = Annotated[Desk, Depends(desk)]


def build_app(at: Desk, *, trusted: Trusts, ready: Ready) -> FastAPI:
    app = create_app("signoff", trusted=trusted, ready=ready)
    app.state.desk = at
    app.include_router(router)
    return app


@router.get("/statement", response_model=Statement)
async def read_statement(at: AtDesk, actor: ByActor) -> JSONResponse:
    """What a signature given today declares; its version goes with the signature."""
    policy.require("read-statement", actor)
    found = at.statement()
    return JSONResponse({"version": found.version, "text": found.text})


@router.post("/confirmations/{confirmation_id}/opening", status_code=202, response_model=Accepted)
async def open_confirmation(
    confirmation_id: UUID, _body: OpeningBody, at: AtDesk, by: ByAsked
) -> JSONResponse:
    """Somebody looked at it. Only the first time is recorded; every other time is answered all the same."""
    actor = by.meta.actor
    policy.require("open", actor)
    await at.confirmation(confirmation_id, actor)
    return accepted(await at.carry_out(confirmation_id, lambda: Open(actor.account, at.clock()), by))


@router.post("/confirmations/{confirmation_id}/originals", status_code=202, response_model=Accepted)
async def complete_originals(
    confirmation_id: UUID, body: OriginalsBody, at: AtDesk, by: ByAsked
) -> JSONResponse:
    """Either side brings the word of files that every original is here, and since when."""
    actor = by.meta.actor
    policy.require("tell-originals", actor)
    await at.confirmation(confirmation_id, actor)

    def command() -> CompleteOriginals:
        seen, content = at.evidence(body.evidence, actor), body.content_sha256
        return CompleteOriginals(content, seen.missing.get(content), seen.since.get(content))

    return accepted(await at.carry_out(confirmation_id, command, by))


@router.post("/confirmations/{confirmation_id}/signature", status_code=202, response_model=Accepted)
async def sign_confirmation(
    confirmation_id: UUID, body: SignatureBody, at: AtDesk, by: ByAsked
) -> JSONResponse:
    """Needs a second factor over this content, and the word of files that all of it can be shown."""
    actor = by.meta.actor
    policy.require("sign", actor)
    await at.confirmation(confirmation_id, actor)
    return accepted(await at.carry_out(confirmation_id, lambda: _signing(body, at, actor), by))


def _signing(body: SignatureBody, at: Desk, actor: Actor) -> Sign:
    not_before = at.proven(body.second_factor, actor, body.content_sha256)
    seen = at.evidence(body.evidence, actor)
    return Sign(
        body.content_sha256,
        body.statement_version,
        at.statement(),
        body.signature,
        seen.missing.get(body.content_sha256),
        seen.since.get(body.content_sha256),
        seen.stored,
        actor.account,
        not_before,
        at.clock(),
        seen.blank,
    )


@router.post("/confirmations/{confirmation_id}/dispute", status_code=202, response_model=Accepted)
async def dispute_confirmation(
    confirmation_id: UUID, body: DisputeBody, at: AtDesk, by: ByAsked
) -> JSONResponse:
    actor = by.meta.actor
    policy.require("dispute", actor)
    await at.confirmation(confirmation_id, actor)

    def command() -> Dispute:
        stored = at.evidence(body.evidence, actor).stored
        return Dispute(body.reason, body.photos, stored, actor.account, at.clock())

    return accepted(await at.carry_out(confirmation_id, command, by))


@router.post("/confirmations/{confirmation_id}/answer", status_code=202, response_model=Accepted)
async def answer_dispute(confirmation_id: UUID, body: AnswerBody, at: AtDesk, by: ByAsked) -> JSONResponse:
    actor = by.meta.actor
    policy.require("answer-dispute", actor)
    await at.confirmation(confirmation_id, actor)

    def command() -> AnswerDispute:
        stored = at.evidence(body.evidence, actor).stored
        return AnswerDispute(body.text, body.photos, stored, actor.account, at.clock())

    return accepted(await at.carry_out(confirmation_id, command, by))


@router.post("/confirmations/{confirmation_id}/escalation", status_code=202, response_model=Accepted)
async def escalate_dispute(
    confirmation_id: UUID, body: EscalationBody, at: AtDesk, by: ByAsked
) -> JSONResponse:
    actor = by.meta.actor
    policy.require("escalate", actor)
    await at.confirmation(confirmation_id, actor)
    return accepted(
        await at.carry_out(confirmation_id, lambda: Escalate(body.reason, actor.account, at.clock()), by)
    )
