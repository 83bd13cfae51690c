"""Monitoring points: each function checks who may, loads what the command needs, and carries it out."""

from datetime import date
from uuid import UUID

from qingyuan_events.registry import PointParticulars
from qingyuan_runtime.domain.decider import Problem
from qingyuan_runtime.edge.http import new_id
from qingyuan_runtime.log.handling import CommandContext, handle
from qingyuan_runtime.log.store import Receipt

from registry.domain.monitoring_points.commands import AddPoint, ClosePoint, CorrectPoint, VoidPoint
from registry.domain.monitoring_points.decider import POINT
from registry.domain.shared.normalising import normalise
from registry.shared.policy import POLICY
from registry.shared.repository import Repository


async def add(
    repository: Repository,
    context: CommandContext,
    *,
    outlet_id: UUID,
    particulars: PointParticulars,
    valid_from: date,
) -> tuple[Receipt, tuple[Problem, ...]]:
    """The receipt, and a note for each field that was normalised."""
    POLICY.require("write-register", context.meta.actor)
    outlet = await repository.outlet_of_point(outlet_id, context.meta.actor)
    normalised, notes = normalise(particulars)
    command = AddPoint(
        point_id=new_id(context.meta.command_id, POINT.noun),
        outlet=outlet,
        particulars=normalised,
        valid_from=valid_from,
        today=repository.today(),
    )
    stream = POINT.stream(command.point_id)
    return await handle(repository.store, POINT, stream, command, context, begins=True), notes


async def correct(
    repository: Repository,
    context: CommandContext,
    point_id: UUID,
    *,
    particulars: PointParticulars,
    valid_from: date,
    reason: str,
) -> tuple[Receipt, tuple[Problem, ...]]:
    """The receipt, and a note for each field that was normalised."""
    POLICY.require("write-register", context.meta.actor)
    point = await repository.point(point_id, context.meta.actor)
    outlet = await repository.outlet_of_point(point.outlet_id, context.meta.actor)
    normalised, notes = normalise(particulars)
    command = CorrectPoint(
        point_id=point_id,
        outlet=outlet,
        particulars=normalised,
        valid_from=valid_from,
        reason=reason,
        today=repository.today(),
    )
    return await handle(repository.store, POINT, POINT.stream(point_id), command, context), notes


async def close(
    repository: Repository, context: CommandContext, point_id: UUID, *, valid_to: date, reason: str
) -> Receipt:
    POLICY.require("write-register", context.meta.actor)
    await repository.point(point_id, context.meta.actor)
    command = ClosePoint(point_id=point_id, valid_to=valid_to, reason=reason, today=repository.today())
    return await handle(repository.store, POINT, POINT.stream(point_id), command, context)


async def void(repository: Repository, context: CommandContext, point_id: UUID, *, reason: str) -> Receipt:
    """It was registered by mistake. A regulator may say so too, in its district."""
    POLICY.require("void-entry", context.meta.actor)
    point = await repository.point(point_id, context.meta.actor)
    await repository.require_in_district(POINT.noun, point.enterprise_id, context.meta.actor)
    command = VoidPoint(point_id=point_id, reason=reason)
    return await handle(repository.store, POINT, POINT.stream(point_id), command, context)
