"""Resources: each function checks the actor's rights, loads what the command needs, and carries it out."""

import asyncio
from dataclasses import replace
from datetime import date
from typing import Any
from uuid import UUID

from qingyuan_events import Actor
from qingyuan_events.filing import Paper, ResourceParticulars, VehicleParticulars
from qingyuan_runtime.domain.decider import Missing, Problem
from qingyuan_runtime.domain.problems import under
from qingyuan_runtime.edge.http import new_id
from qingyuan_runtime.log.handling import CommandContext, VersionMismatch, handle
from qingyuan_runtime.log.store import Receipt

from filing.domain.filings.decider import FILING
from filing.domain.resources import leases
from filing.domain.resources.commands import (
    AddResource,
    CorrectResource,
    EndResource,
    RenewPaper,
    ResourceCommand,
    RevokePaper,
)
from filing.domain.resources.decider import RESOURCE
from filing.resources.names import FIELD, with_name
from filing.shared import personal, policy
from filing.shared.policy import POLICY
from filing.shared.repository import Repository


async def add(
    repository: Repository,
    context: CommandContext,
    *,
    particulars: ResourceParticulars,
    name: str | None,
    changed_on: date,
    evidence: str | None,
) -> Receipt:
    actor = context.meta.actor
    operator_id = policy.operator_of(actor)
    _, state = await repository.filing(operator_id, actor)

    async def carry_out(stored: frozenset[str]) -> Receipt:
        state.existing()
        without_name = AddResource(
            operator_id=operator_id,
            resource_id=new_id(context.meta.command_id, RESOURCE.noun),
            particulars=particulars,
            person=None,
            changed_on=changed_on,
            stored=stored,
            today=repository.today(),
        )
        stream = RESOURCE.stream(without_name.resource_id)
        loaded = (stream, 0, RESOURCE.initial)
        command = await with_name(repository, without_name, loaded, name, context.meta.command_id)
        return await handle(repository.store, RESOURCE, stream, command, context, begins=True)

    return await repository.once(context, evidence, carry_out)


async def correct(
    repository: Repository,
    context: CommandContext,
    resource_id: UUID,
    *,
    particulars: ResourceParticulars,
    name: str | None,
    changed_on: date,
    reason: str,
    evidence: str | None,
) -> Receipt:
    actor = context.meta.actor
    policy.operator_of(actor)
    version, state = await repository.resource(resource_id, actor)
    stream = RESOURCE.stream(resource_id)

    async def carry_out(stored: frozenset[str]) -> Receipt:
        if context.expected not in (None, version):
            raise VersionMismatch(stream, version)
        without_name = CorrectResource(
            particulars=particulars,
            person=None,
            changed_on=changed_on,
            reason=reason,
            stored=stored,
            today=repository.today(),
        )
        loaded = (stream, version, state)
        command = await with_name(repository, without_name, loaded, name, context.meta.command_id)
        # A name is encrypted for one version of the stream: the command is appended at that version or not at all.
        exact = replace(context, expected=version)
        return await handle(repository.store, RESOURCE, stream, command, exact)

    return await repository.once(context, evidence, carry_out)


async def renew(
    repository: Repository,
    context: CommandContext,
    resource_id: UUID,
    *,
    paper: Paper,
    replaces: UUID | None,
    changed_on: date,
    evidence: str | None,
) -> Receipt:
    actor = context.meta.actor
    policy.operator_of(actor)
    await repository.resource(resource_id, actor)

    async def carry_out(stored: frozenset[str]) -> Receipt:
        command = RenewPaper(
            paper=paper, replaces=replaces, changed_on=changed_on, stored=stored, today=repository.today()
        )
        return await _carry_out(repository, context, resource_id, command)

    return await repository.once(context, evidence, carry_out)


async def revoke(
    repository: Repository,
    context: CommandContext,
    resource_id: UUID,
    paper_id: UUID,
    *,
    first_day: date,
    reason: str,
) -> Receipt:
    actor = context.meta.actor
    POLICY.require("review", actor)
    _, state = await repository.resource(resource_id, actor)
    policy.require_reviewer(actor, state.operator_id, repository.today())
    command = RevokePaper(paper_id=paper_id, first_day=first_day, reason=reason, today=repository.today())
    return await _carry_out(repository, context, resource_id, command)


async def end(
    repository: Repository, context: CommandContext, resource_id: UUID, *, last_day: date, reason: str
) -> Receipt:
    policy.operator_of(context.meta.actor)
    await repository.resource(resource_id, context.meta.actor)
    command = EndResource(last_day=last_day, reason=reason, today=repository.today())
    return await _carry_out(repository, context, resource_id, command)


async def lease_notes(
    repository: Repository, actor: Actor, resource_id: UUID, *, renewed: bool = False
) -> tuple[Problem, ...]:
    """A sentence for each running contract that the lease of this vehicle does not cover, as it stands now.

    A draft may hold such a lease; a submission may not. Where a paper was `renewed`, its field is named as the request names it.
    """
    _, state = await repository.resource(resource_id, actor)
    if not isinstance(state.particulars, VehicleParticulars):
        return ()
    contracts = await repository.contracts_to_cover(state.operator_id)
    problems = leases.problems(state.particulars, state.revoked, contracts)
    if renewed:
        return tuple(replace(problem, field="paper.valid_to") for problem in problems)
    return tuple(under("particulars", problems))


async def names(repository: Repository, actor: Actor, operator_id: UUID) -> list[dict[str, Any]]:
    """The names of all people of an operator, those who left included. Of one's own before it has filed: none, and no refusal."""
    POLICY.require("read-names", actor)
    try:
        await repository.filing(operator_id, actor)
    except Missing:
        if actor.organisation == operator_id:
            return []
        raise
    streams = await repository.store.open_children(FILING.stream(operator_id))
    histories = await asyncio.gather(*map(repository.store.read, streams))
    opened = await asyncio.gather(*(personal.opened(repository, facts, FIELD) for facts in histories))
    ids = (stream.removeprefix(f"{RESOURCE.noun}-") for stream in streams)
    return [{"id": key, **name} for key, name in zip(ids, opened, strict=True) if name]


async def _carry_out(
    repository: Repository, context: CommandContext, resource_id: UUID, command: ResourceCommand
) -> Receipt:
    return await handle(repository.store, RESOURCE, RESOURCE.stream(resource_id), command, context)
