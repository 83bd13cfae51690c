"""Requests about instruments."""

from uuid import UUID

from fastapi import APIRouter
from fastapi.responses import JSONResponse
from qingyuan_runtime.edge.http import Accepted, accepted

from registry.instruments import handlers
from registry.instruments.bodies import (
    ChangeOperatorBody,
    CorrectInstrumentBody,
    RegisterInstrumentBody,
    ReplaceInstrumentBody,
)
from registry.shared.bodies import EndBody, ReasonBody
from registry.shared.dependencies import ContextDep, RepositoryDep

router = APIRouter(prefix="/instruments", tags=["登记 · 仪器"])


@router.post("", status_code=202, response_model=Accepted)
async def register_instrument(
    body: RegisterInstrumentBody, repository: RepositoryDep, context: ContextDep
) -> JSONResponse:
    """409 `instrument.duplicate` names an instrument in use that is probably the same, in `instrument_id`."""
    receipt, notes = await handlers.register(
        repository,
        context,
        point_id=body.point_id,
        particulars=body.particulars,
        valid_from=body.valid_from,
        despite_duplicate=body.despite_duplicate,
    )
    return accepted(receipt, notes)


@router.post("/{instrument_id}/correction", status_code=202, response_model=Accepted)
async def correct_instrument(
    instrument_id: UUID, body: CorrectInstrumentBody, repository: RepositoryDep, context: ContextDep
) -> JSONResponse:
    """409 `instrument.duplicate` as for a new one, where it would have the identity of another one in use."""
    receipt, notes = await handlers.correct(
        repository,
        context,
        instrument_id,
        particulars=body.particulars,
        valid_from=body.valid_from,
        reason=body.reason,
        despite_duplicate=body.despite_duplicate,
    )
    return accepted(receipt, notes)


@router.post("/{instrument_id}/replacement", status_code=202, response_model=Accepted)
async def replace_instrument(
    instrument_id: UUID, body: ReplaceInstrumentBody, repository: RepositoryDep, context: ContextDep
) -> JSONResponse:
    """Ends the old instrument and registers the new one, both or neither; answers with the new one.

    409 `instrument.duplicate` as for any new one.
    """
    receipt, notes = await handlers.replace(
        repository,
        context,
        instrument_id,
        particulars=body.particulars,
        valid_from=body.valid_from,
        reason=body.reason,
        despite_duplicate=body.despite_duplicate,
    )
    return accepted(receipt, notes)


@router.post("/{instrument_id}/retirement", status_code=202, response_model=Accepted)
async def retire_instrument(
    instrument_id: UUID, body: EndBody, repository: RepositoryDep, context: ContextDep
) -> JSONResponse:
    return accepted(
        await handlers.retire(repository, context, instrument_id, valid_to=body.valid_to, reason=body.reason)
    )


@router.post("/{instrument_id}/voiding", status_code=202, response_model=Accepted)
async def void_instrument(
    instrument_id: UUID, body: ReasonBody, repository: RepositoryDep, context: ContextDep
) -> JSONResponse:
    """It was registered by mistake: it holds on no day, and stays in the history."""
    return accepted(await handlers.void(repository, context, instrument_id, reason=body.reason))


@router.post("/{instrument_id}/om-operator", status_code=202, response_model=Accepted)
async def change_operator(
    instrument_id: UUID, body: ChangeOperatorBody, repository: RepositoryDep, context: ContextDep
) -> JSONResponse:
    """Another operator takes over. The former 本次运维商 is recorded as 上次运维商."""
    receipt = await handlers.change_operator(
        repository, context, instrument_id, om_operator=body.om_operator, valid_from=body.valid_from
    )
    return accepted(receipt)
