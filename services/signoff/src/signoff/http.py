"""The signoff service's HTTP edge: request → command → handler → 202."""

from typing import Annotated, Final
from uuid import UUID

from fastapi import APIRouter, Depends, FastAPI
from fastapi.responses import JSONResponse
from qingyuan_runtime.edge.dependencies import ActorDep, ContextDep, from_state
from qingyuan_runtime.edge.http import Accepted, Ready, accepted, add_routes, create_app
from qingyuan_runtime.tokens.issuers import Trusts

from signoff import handlers
from signoff.bodies import AnswerBody, DisputeBody, EscalationBody, OpeningBody, OriginalsBody, SignatureBody
from signoff.policy import POLICY
from signoff.repository import Repository
from signoff.response_models import Statement

REPOSITORY: Final = "repository"
RepositoryDep = Annotated[Repository, Depends(from_state(REPOSITORY))]

router = APIRouter(tags=["企业确认"])


def build_app(repository: Repository, *, trusted: Trusts, ready: Ready) -> FastAPI:
    app = create_app("signoff", trusted=trusted, ready=ready)
    setattr(app.state, REPOSITORY, repository)
    add_routes(app, router)
    return app


@router.get("/statement", response_model=Statement)
async def read_statement(repository: RepositoryDep, actor: ActorDep) -> JSONResponse:
    """What a signature given today declares; its version goes with the signature."""
    POLICY.require("read-statement", actor)
    statement = repository.statement()
    return JSONResponse({"version": statement.version, "text": statement.text})


@router.post("/confirmations/{confirmation_id}/opening", status_code=202, response_model=Accepted)
async def open_confirmation(
    confirmation_id: UUID, _body: OpeningBody, repository: RepositoryDep, context: ContextDep
) -> JSONResponse:
    """Somebody of the enterprise opened it. Recorded once for each request, and only while it is not answered or lapsed."""
    return accepted(await handlers.open_(repository, context, confirmation_id))


@router.post("/confirmations/{confirmation_id}/originals", status_code=202, response_model=Accepted)
async def complete_originals(
    confirmation_id: UUID, body: OriginalsBody, repository: RepositoryDep, context: ContextDep
) -> JSONResponse:
    """The operator or the enterprise passes on what the files service attests: every original is stored, and since when."""
    receipt = await handlers.complete_originals(
        repository,
        context,
        confirmation_id,
        content_sha256=body.content_sha256,
        evidence=body.evidence,
    )
    return accepted(receipt)


@router.post("/confirmations/{confirmation_id}/signature", status_code=202, response_model=Accepted)
async def sign_confirmation(
    confirmation_id: UUID, body: SignatureBody, repository: RepositoryDep, context: ContextDep
) -> JSONResponse:
    """Needs a second factor for this content, and the evidence of the files service that all of it can be shown."""
    receipt = await handlers.sign(
        repository,
        context,
        confirmation_id,
        content_sha256=body.content_sha256,
        statement_version=body.statement_version,
        signature=body.signature,
        second_factor=body.second_factor,
        evidence=body.evidence,
    )
    return accepted(receipt)


@router.post("/confirmations/{confirmation_id}/dispute", status_code=202, response_model=Accepted)
async def dispute_confirmation(
    confirmation_id: UUID, body: DisputeBody, repository: RepositoryDep, context: ContextDep
) -> JSONResponse:
    receipt = await handlers.dispute(
        repository,
        context,
        confirmation_id,
        reason=body.reason,
        photos=body.photos,
        evidence=body.evidence,
    )
    return accepted(receipt)


@router.post("/confirmations/{confirmation_id}/answer", status_code=202, response_model=Accepted)
async def answer_dispute(
    confirmation_id: UUID, body: AnswerBody, repository: RepositoryDep, context: ContextDep
) -> JSONResponse:
    receipt = await handlers.answer(
        repository,
        context,
        confirmation_id,
        text=body.text,
        photos=body.photos,
        evidence=body.evidence,
    )
    return accepted(receipt)


@router.post("/confirmations/{confirmation_id}/escalation", status_code=202, response_model=Accepted)
async def escalate_dispute(
    confirmation_id: UUID, body: EscalationBody, repository: RepositoryDep, context: ContextDep
) -> JSONResponse:
    return accepted(await handlers.escalate(repository, context, confirmation_id, reason=body.reason))
