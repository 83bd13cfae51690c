"""Outlets: each function checks who may, loads what the command needs, and carries it out."""

from datetime import date
from uuid import UUID

from qingyuan_events.registry import OutletParticulars
from qingyuan_runtime.domain.decider import Problem
from qingyuan_runtime.edge.http import new_id
from qingyuan_runtime.log.handling import CommandContext, handle
from qingyuan_runtime.log.store import Receipt

from registry.domain.outlets.commands import AddOutlet, CloseOutlet, CorrectOutlet, VoidOutlet
from registry.domain.outlets.decider import OUTLET
from registry.domain.shared.normalising import normalise
from registry.shared.policy import POLICY
from registry.shared.repository import Repository


async def add(
    repository: Repository,
    context: CommandContext,
    *,
    enterprise_id: UUID,
    particulars: OutletParticulars,
    valid_from: date,
) -> tuple[Receipt, tuple[Problem, ...]]:
    """The receipt, and a note for each field that was normalised."""
    POLICY.require("write-register", context.meta.actor)
    _, enterprise = await repository.enterprise(enterprise_id, context.meta.actor)
    normalised, notes = normalise(particulars)
    command = AddOutlet(
        outlet_id=new_id(context.meta.command_id, OUTLET.noun),
        enterprise_id=enterprise_id,
        enterprise_from=enterprise.lifetime.valid_from,
        particulars=normalised,
        valid_from=valid_from,
        today=repository.today(),
    )
    stream = OUTLET.stream(command.outlet_id)
    return await handle(repository.store, OUTLET, stream, command, context, begins=True), notes


async def correct(
    repository: Repository,
    context: CommandContext,
    outlet_id: UUID,
    *,
    particulars: OutletParticulars,
    valid_from: date,
    reason: str,
) -> tuple[Receipt, tuple[Problem, ...]]:
    """The receipt, and a note for each field that was normalised."""
    POLICY.require("write-register", context.meta.actor)
    await repository.outlet(outlet_id, context.meta.actor)
    normalised, notes = normalise(particulars)
    command = CorrectOutlet(
        outlet_id=outlet_id,
        particulars=normalised,
        valid_from=valid_from,
        reason=reason,
        today=repository.today(),
    )
    return await handle(repository.store, OUTLET, OUTLET.stream(outlet_id), command, context), notes


async def close(
    repository: Repository, context: CommandContext, outlet_id: UUID, *, valid_to: date, reason: str
) -> Receipt:
    POLICY.require("write-register", context.meta.actor)
    await repository.outlet(outlet_id, context.meta.actor)
    command = CloseOutlet(outlet_id=outlet_id, valid_to=valid_to, reason=reason, today=repository.today())
    return await handle(repository.store, OUTLET, OUTLET.stream(outlet_id), command, context)


async def void(repository: Repository, context: CommandContext, outlet_id: UUID, *, reason: str) -> Receipt:
    """It was registered by mistake. A regulator may say so too, in its district."""
    POLICY.require("void-entry", context.meta.actor)
    outlet = await repository.outlet(outlet_id, context.meta.actor)
    await repository.require_in_district(OUTLET.noun, outlet.enterprise_id, context.meta.actor)
    command = VoidOutlet(outlet_id=outlet_id, reason=reason)
    return await handle(repository.store, OUTLET, OUTLET.stream(outlet_id), command, context)
