"""Requests of an operator about its own filing."""

from uuid import UUID

from fastapi import APIRouter
from fastapi.responses import JSONResponse
from qingyuan_runtime.edge.http import Accepted, accepted

from filing.filings import handlers
from filing.filings.bodies import ChangeBasicsBody, UndertakingBody
from filing.response_models import People
from filing.shared.bodies import ReasonBody
from filing.shared.dependencies import ActorDep, ContextDep, OrganisationNameDep, RepositoryDep

router = APIRouter(tags=["备案"])


@router.post("/filing", status_code=202, response_model=Accepted)
async def begin_filing(
    repository: RepositoryDep, context: ContextDep, organisation: OrganisationNameDep
) -> JSONResponse:
    """The first step of an operator. Its name comes from its account."""
    return accepted(await handlers.begin(repository, context, organisation))


@router.post("/filing/basics", status_code=202, response_model=Accepted)
async def change_basics(
    body: ChangeBasicsBody, repository: RepositoryDep, context: ContextDep
) -> JSONResponse:
    """Fills in the draft; after the filing, a change that is filed once a review has passed it."""
    sent = {"legal_representative": body.legal_representative, "contact": body.contact}
    receipt, notes = await handlers.change_basics(
        repository,
        context,
        basics=body.basics,
        people={field: person.model_dump() for field, person in sent.items() if person},
        changed_on=body.changed_on,
        evidence=body.evidence,
    )
    return accepted(receipt, notes)


@router.post("/filing/undertaking", status_code=202, response_model=Accepted)
async def give_undertaking(
    body: UndertakingBody, repository: RepositoryDep, context: ContextDep
) -> JSONResponse:
    """书面承诺: the text of `/options`, signed by hand and with the password once more."""
    return accepted(await handlers.give_undertaking(repository, context, **dict(body)))


@router.post("/filing/submission", status_code=202, response_model=Accepted)
async def submit_filing(repository: RepositoryDep, context: ContextDep) -> JSONResponse:
    """Hands in all that is new or changed since it last passed. 422 names every field that is still open."""
    return accepted(await handlers.submit(repository, context))


@router.post("/filing/withdrawal", status_code=202, response_model=Accepted)
async def withdraw_filing(repository: RepositoryDep, context: ContextDep) -> JSONResponse:
    return accepted(await handlers.withdraw(repository, context))


@router.post("/filing/reactivation-request", status_code=202, response_model=Accepted)
async def ask_reactivation(body: ReasonBody, repository: RepositoryDep, context: ContextDep) -> JSONResponse:
    """Of a locked filing."""
    return accepted(await handlers.ask_reactivation(repository, context, reason=body.reason))


@router.post("/filing/cancellation", status_code=202, response_model=Accepted)
async def give_up_filing(body: ReasonBody, repository: RepositoryDep, context: ContextDep) -> JSONResponse:
    """By the operator's own wish. It may begin another filing afterwards."""
    return accepted(await handlers.give_up(repository, context, reason=body.reason))


@router.get("/filings/{operator_id}/people", response_model=People)
async def read_people(operator_id: UUID, repository: RepositoryDep, actor: ActorDep) -> JSONResponse:
    """The legal representative and the contact, for the operator itself and for regulators."""
    return JSONResponse(await handlers.people(repository, actor, operator_id))
