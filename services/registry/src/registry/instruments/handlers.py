"""Instruments: each function checks who may, loads what the command needs, and carries it out.

An import registers its instruments by `registration` and `append_all`, as a replacement does.
"""

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from qingyuan_events.registry import InstrumentParticulars
from qingyuan_runtime.domain.decider import Problem
from qingyuan_runtime.domain.text import with_chinese_brackets
from qingyuan_runtime.edge.http import new_id
from qingyuan_runtime.log.handling import Busy, CommandContext, VersionMismatch, append, handle, write_of
from qingyuan_runtime.log.store import Conflict, Receipt, Write

from registry.domain.instruments.commands import (
    ChangeOperator,
    CorrectInstrument,
    InstrumentCommand,
    PointOfInstrument,
    RegisterInstrument,
    ReplaceInstrument,
    RetireInstrument,
    VoidInstrument,
)
from registry.domain.instruments.decider import INSTRUMENT
from registry.domain.shared.normalising import normalise
from registry.instruments.duplicates import identity, same_in_use
from registry.shared.policy import POLICY
from registry.shared.repository import Repository


async def register(
    repository: Repository,
    context: CommandContext,
    *,
    point_id: UUID,
    particulars: InstrumentParticulars,
    valid_from: date,
    despite_duplicate: bool = False,
) -> tuple[Receipt, tuple[Problem, ...]]:
    """The receipt, and a note for each field that was normalised."""
    POLICY.require("write-register", context.meta.actor)
    point = await repository.point_of_instrument(point_id, context.meta.actor)
    normalised, notes = normalise(particulars)
    instrument_id = new_id(context.meta.command_id, INSTRUMENT.noun)
    stream = INSTRUMENT.stream(instrument_id)
    command = RegisterInstrument(
        instrument_id=instrument_id,
        point=point,
        particulars=normalised,
        valid_from=valid_from,
        today=repository.today(),
        duplicate_of=None
        if despite_duplicate
        else await same_in_use(repository, point_id, normalised, stream),
    )
    return await handle(repository.store, INSTRUMENT, stream, command, context, begins=True), notes


async def correct(
    repository: Repository,
    context: CommandContext,
    instrument_id: UUID,
    *,
    particulars: InstrumentParticulars,
    valid_from: date,
    reason: str,
    despite_duplicate: bool = False,
) -> tuple[Receipt, tuple[Problem, ...]]:
    """The receipt, and a note for each field that was normalised."""
    POLICY.require("write-register", context.meta.actor)
    _, state = await repository.instrument(instrument_id, context.meta.actor)
    point = await repository.point_of_instrument(state.point_id, context.meta.actor)
    normalised, notes = normalise(particulars)
    command = CorrectInstrument(
        instrument_id=instrument_id,
        point=point,
        particulars=normalised,
        valid_from=valid_from,
        reason=reason,
        today=repository.today(),
        duplicate_of=None
        if despite_duplicate
        else await _becomes(repository, instrument_id, state.lifetime.particulars, normalised, point),
    )
    return await _carry_out(repository, context, instrument_id, command), notes


async def _becomes(
    repository: Repository,
    instrument_id: UUID,
    was: InstrumentParticulars | None,
    particulars: InstrumentParticulars,
    point: PointOfInstrument,
) -> UUID | None:
    """The instrument whose identity a correction takes on. One that had it already has been asked about before."""
    if was is not None and identity(was) == identity(particulars):
        return None
    return await same_in_use(repository, point.point_id, particulars, INSTRUMENT.stream(instrument_id))


async def replace(
    repository: Repository,
    context: CommandContext,
    instrument_id: UUID,
    *,
    particulars: InstrumentParticulars,
    valid_from: date,
    reason: str,
    despite_duplicate: bool = False,
) -> tuple[Receipt, tuple[Problem, ...]]:
    """Ends this instrument and registers the new one in one append; the receipt names the new one's stream."""
    POLICY.require("write-register", context.meta.actor)
    if receipt := await repository.store.receipt(context.meta.command_id, context.fingerprint):
        return receipt, ()
    normalised, notes = normalise(particulars)
    version, state = await repository.instrument(instrument_id, context.meta.actor)
    if context.expected is not None and context.expected != version:
        raise VersionMismatch(INSTRUMENT.stream(instrument_id), version)
    new = new_id(context.meta.command_id, INSTRUMENT.noun)
    streams = INSTRUMENT.stream(new), INSTRUMENT.stream(instrument_id)
    new_instrument = RegisterInstrument(
        instrument_id=new,
        point=await repository.point_of_instrument(state.point_id, context.meta.actor),
        particulars=normalised,
        valid_from=valid_from,
        today=repository.today(),
        replaces=instrument_id,
        duplicate_of=None
        if despite_duplicate
        else await same_in_use(repository, state.point_id, normalised, *streams),
    )
    end = ReplaceInstrument(
        instrument_id=instrument_id,
        replaced_by=new_instrument.instrument_id,
        valid_to=valid_from,
        reason=reason,
        today=repository.today(),
    )
    ended = write_of(INSTRUMENT, INSTRUMENT.stream(instrument_id), version, INSTRUMENT.decide(end, state))
    return await append_all(repository, context, (registration(new_instrument), ended)), notes


def registration(command: RegisterInstrument) -> Write:
    """What is to be appended for a new instrument. Raises `Refused`."""
    facts = INSTRUMENT.decide(command, INSTRUMENT.initial)
    return write_of(INSTRUMENT, INSTRUMENT.stream(command.instrument_id), 0, facts)


async def append_all(repository: Repository, context: CommandContext, writes: Sequence[Write]) -> Receipt:
    """All of it or nothing. Raises `Busy` when one of the streams was written to since it was read."""
    try:
        return await append(repository.store, writes, context)
    except Conflict as conflict:
        raise Busy(conflict.stream) from conflict


async def retire(
    repository: Repository, context: CommandContext, instrument_id: UUID, *, valid_to: date, reason: str
) -> Receipt:
    POLICY.require("write-register", context.meta.actor)
    await repository.instrument(instrument_id, context.meta.actor)
    command = RetireInstrument(
        instrument_id=instrument_id, valid_to=valid_to, reason=reason, today=repository.today()
    )
    return await _carry_out(repository, context, instrument_id, command)


async def void(
    repository: Repository, context: CommandContext, instrument_id: UUID, *, reason: str
) -> Receipt:
    """It was registered by mistake. A regulator may say so too, in its district."""
    POLICY.require("void-entry", context.meta.actor)
    _, instrument = await repository.instrument(instrument_id, context.meta.actor)
    await repository.require_in_district(INSTRUMENT.noun, instrument.enterprise_id, context.meta.actor)
    command = VoidInstrument(instrument_id=instrument_id, reason=reason)
    return await _carry_out(repository, context, instrument_id, command)


async def change_operator(
    repository: Repository,
    context: CommandContext,
    instrument_id: UUID,
    *,
    om_operator: str,
    valid_from: date,
) -> Receipt:
    """Another operator takes over. The former 本次运维商 is recorded as 上次运维商."""
    POLICY.require("write-register", context.meta.actor)
    await repository.instrument(instrument_id, context.meta.actor)
    command = ChangeOperator(
        instrument_id=instrument_id,
        om_operator=with_chinese_brackets(om_operator.strip()),
        valid_from=valid_from,
        today=repository.today(),
    )
    return await _carry_out(repository, context, instrument_id, command)


async def _carry_out(
    repository: Repository, context: CommandContext, instrument_id: UUID, command: InstrumentCommand
) -> Receipt:
    stream = INSTRUMENT.stream(instrument_id)
    return await handle(repository.store, INSTRUMENT, stream, command, context)
