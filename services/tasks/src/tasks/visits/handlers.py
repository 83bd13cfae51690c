"""What the commands of a visit have in common: the actor's rights, what is loaded for them, and carrying them out."""

from datetime import datetime
from uuid import UUID

from qingyuan_events.tasks import CycleRef
from qingyuan_runtime.log.handling import CommandContext, handle
from qingyuan_runtime.log.store import Receipt
from qingyuan_standards.forms import Form, UnknownForm, form

from tasks.domain.visits.commands import Opening, VisitCommand
from tasks.domain.visits.decider import VISIT
from tasks.shared import policy
from tasks.shared.repository import Repository


async def opening_of(
    repository: Repository,
    context: CommandContext,
    visit_id: UUID,
    *,
    point_id: UUID,
    contract_id: UUID | None,
    cycles: tuple[CycleRef, ...],
    claimed_at: datetime,
) -> Opening:
    """What the phone sent about the whole visit, with the point, the contract and the plans it names.

    Raises `Missing` where there is no such point or contract, or the contract is another operator's.
    """
    operator_id = policy.operator_of("visit", context.meta.actor)
    contract = await repository.contract(contract_id, context.meta.actor) if contract_id else None
    return Opening(
        visit_id=visit_id,
        operator_id=operator_id,
        point=await repository.point(point_id),
        contract_id=contract_id,
        contract=contract,
        cycles=cycles,
        plans=await repository.plans(cycle.plan_id for cycle in cycles),
        claimed_at=claimed_at,
        by=context.meta.actor.account,
        received_at=repository.clock(),
    )


async def carry_out(repository: Repository, context: CommandContext, command: VisitCommand) -> Receipt:
    stream = VISIT.stream(command.opening.visit_id)
    return await handle(repository.store, VISIT, stream, command, context)


def form_of(name: str, version: int) -> Form | None:
    """The form of a sheet; None where there is no such form or version."""
    try:
        return form(name, version)
    except UnknownForm:
        return None
