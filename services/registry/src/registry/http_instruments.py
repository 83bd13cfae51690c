"""Requests about instruments."""

from uuid import UUID

from fastapi import APIRouter
from fastapi.responses import JSONResponse
from qingyuan_runtime.domain.text import with_chinese_brackets
from qingyuan_runtime.edge.http import Accepted, accepted, new_id
from qingyuan_runtime.log.handling import Busy, CommandContext, VersionMismatch, append, handle, write_of
from qingyuan_runtime.log.store import Conflict, Receipt

from registry import policy
from registry.bodies import (
    ChangeOperatorBody,
    CorrectInstrumentBody,
    EndBody,
    RegisterInstrumentBody,
    ReplaceInstrumentBody,
)
from registry.desk import Desk
from registry.domain.instrument import (
    INSTRUMENT,
    ChangeOperator,
    CorrectInstrument,
    RegisterInstrument,
    ReplaceInstrument,
    RetireInstrument,
)
from registry.domain.tidying import tidy
from registry.http_enterprises import AtDesk, ByAsked

router = APIRouter(prefix="/instruments", tags=["登记 · 仪器"])


@router.post("", status_code=202, response_model=Accepted)
async def register_instrument(body: RegisterInstrumentBody, at: AtDesk, by: ByAsked) -> JSONResponse:
    policy.require("write-register", by.meta.actor)
    point = await at.point_of_instrument(body.point_id, by.meta.actor)
    instrument_id = new_id(by.meta.command_id, INSTRUMENT.noun)
    particulars, notes = tidy(body.particulars)
    command = RegisterInstrument(
        instrument_id=instrument_id,
        point=point,
        particulars=particulars,
        valid_from=body.valid_from,
        today=at.today(),
    )
    answer = await handle(at.store, INSTRUMENT, INSTRUMENT.stream(instrument_id), command, by, begins=True)
    return accepted(answer, notes)


@router.post("/{instrument_id}/correction", status_code=202, response_model=Accepted)
async def correct_instrument(
    instrument_id: UUID, body: CorrectInstrumentBody, at: AtDesk, by: ByAsked
) -> JSONResponse:
    policy.require("write-register", by.meta.actor)
    _, state = await at.instrument(instrument_id, by.meta.actor)
    point = await at.point_of_instrument(state.point_id, by.meta.actor)
    particulars, notes = tidy(body.particulars)
    command = CorrectInstrument(
        instrument_id=instrument_id,
        point=point,
        particulars=particulars,
        valid_from=body.valid_from,
        reason=body.reason,
        today=at.today(),
    )
    answer = await handle(at.store, INSTRUMENT, INSTRUMENT.stream(instrument_id), command, by)
    return accepted(answer, notes)


@router.post("/{instrument_id}/replacement", status_code=202, response_model=Accepted)
async def replace_instrument(
    instrument_id: UUID, body: ReplaceInstrumentBody, at: AtDesk, by: ByAsked
) -> JSONResponse:
    """Ends the old instrument and registers the new one, both or neither; answers with the new one."""
    policy.require("write-register", by.meta.actor)
    if earlier := await at.store.receipt(by.meta.command_id, by.fingerprint):
        return accepted(earlier)
    particulars, notes = tidy(body.particulars)
    answer = await _replaced(at, instrument_id, body.model_copy(update={"particulars": particulars}), by)
    return accepted(answer, notes)


async def _replaced(at: Desk, old_id: UUID, body: ReplaceInstrumentBody, by: CommandContext) -> Receipt:
    version, state = await at.instrument(old_id, by.meta.actor)
    if by.expected is not None and by.expected != version:
        raise VersionMismatch(INSTRUMENT.stream(old_id), version)
    point = await at.point_of_instrument(state.point_id, by.meta.actor)
    new = new_id(by.meta.command_id, INSTRUMENT.noun)
    end = ReplaceInstrument(
        instrument_id=old_id, replaced_by=new, valid_to=body.valid_from, reason=body.reason, today=at.today()
    )
    begin = RegisterInstrument(
        instrument_id=new,
        point=point,
        particulars=body.particulars,
        valid_from=body.valid_from,
        today=at.today(),
        replaces=old_id,
    )
    ended = INSTRUMENT.decide(end, state)
    begun = INSTRUMENT.decide(begin, INSTRUMENT.initial)
    writes = (
        write_of(INSTRUMENT, INSTRUMENT.stream(new), 0, begun),
        write_of(INSTRUMENT, INSTRUMENT.stream(old_id), version, ended),
    )
    try:
        return await append(at.store, writes, by)
    except Conflict as conflict:
        raise Busy(conflict.stream) from conflict


@router.post("/{instrument_id}/retirement", status_code=202, response_model=Accepted)
async def retire_instrument(instrument_id: UUID, body: EndBody, at: AtDesk, by: ByAsked) -> JSONResponse:
    policy.require("write-register", by.meta.actor)
    await at.instrument(instrument_id, by.meta.actor)
    command = RetireInstrument(
        instrument_id=instrument_id, valid_to=body.valid_to, reason=body.reason, today=at.today()
    )
    return accepted(await handle(at.store, INSTRUMENT, INSTRUMENT.stream(instrument_id), command, by))


@router.post("/{instrument_id}/om-operator", status_code=202, response_model=Accepted)
async def change_operator(
    instrument_id: UUID, body: ChangeOperatorBody, at: AtDesk, by: ByAsked
) -> JSONResponse:
    """Another O&M vendor takes over; the former 本次运维商 becomes 上次运维商 by itself."""
    policy.require("write-register", by.meta.actor)
    await at.instrument(instrument_id, by.meta.actor)
    name = with_chinese_brackets(body.om_operator.strip())
    command = ChangeOperator(
        instrument_id=instrument_id, om_operator=name, valid_from=body.valid_from, today=at.today()
    )
    return accepted(await handle(at.store, INSTRUMENT, INSTRUMENT.stream(instrument_id), command, by))
