"""Enterprises: each function checks who may, loads what the command needs, and carries it out."""

from dataclasses import replace
from datetime import date
from uuid import UUID

from qingyuan_events.registry import EnterpriseParticulars
from qingyuan_runtime.domain.decider import Problem
from qingyuan_runtime.edge.http import new_id
from qingyuan_runtime.log.handling import CommandContext, VersionMismatch, handle
from qingyuan_runtime.log.store import Receipt

from registry.domain.enterprises.commands import (
    CloseEnterprise,
    CorrectEnterprise,
    DecideChange,
    EnterpriseCommand,
    EraseContact,
    RegisterEnterprise,
    WithdrawChange,
)
from registry.domain.enterprises.decider import ENTERPRISE
from registry.domain.enterprises.identity import requested_fields
from registry.domain.enterprises.state import EnterpriseState
from registry.domain.shared.normalising import normalise
from registry.enterprises.bodies import Contact
from registry.enterprises.contacts import with_contact
from registry.shared import policy
from registry.shared.policy import POLICY
from registry.shared.repository import Repository


async def register(
    repository: Repository,
    context: CommandContext,
    *,
    particulars: EnterpriseParticulars,
    contact: Contact | None,
    valid_from: date,
) -> tuple[Receipt, tuple[Problem, ...]]:
    """The receipt, and a note for each field that was normalised."""
    POLICY.require("register-enterprise", context.meta.actor)
    if receipt := await repository.store.receipt(context.meta.command_id, context.fingerprint):
        return receipt, ()
    normalised, notes = normalise(particulars)
    without_contact = RegisterEnterprise(
        enterprise_id=new_id(context.meta.command_id, ENTERPRISE.noun),
        particulars=normalised,
        contact=None,
        valid_from=valid_from,
        today=repository.today(),
    )
    command = await with_contact(
        repository, without_contact, (0, ENTERPRISE.initial), contact, context.meta.command_id
    )
    stream = ENTERPRISE.stream(command.enterprise_id)
    return await handle(repository.store, ENTERPRISE, stream, command, context, begins=True), notes


async def correct(
    repository: Repository,
    context: CommandContext,
    enterprise_id: UUID,
    *,
    particulars: EnterpriseParticulars,
    contact: Contact | None,
    valid_from: date,
    reason: str,
) -> tuple[Receipt, tuple[Problem, ...]]:
    """The receipt, and a note for each field that was normalised or whose change waits for a confirmation."""
    POLICY.require("correct-enterprise", context.meta.actor)
    version, state = await repository.enterprise(enterprise_id, context.meta.actor)
    if receipt := await repository.store.receipt(context.meta.command_id, context.fingerprint):
        return receipt, ()
    if context.expected not in (None, version):
        raise VersionMismatch(ENTERPRISE.stream(enterprise_id), version)
    normalised, notes = normalise(particulars)
    without_contact = CorrectEnterprise(
        enterprise_id=enterprise_id,
        particulars=normalised,
        contact=None,
        valid_from=valid_from,
        reason=reason,
        today=repository.today(),
        request_id=_request_id(context),
    )
    command = await with_contact(
        repository, without_contact, (version, state), contact, context.meta.command_id
    )
    # A contact is encrypted for one version of the stream, so the command must be appended at that version or not at all.
    exact = replace(context, expected=version)
    receipt = await handle(repository.store, ENTERPRISE, ENTERPRISE.stream(enterprise_id), command, exact)
    return receipt, (*notes, *_waiting_fields(command, state))


def _request_id(context: CommandContext) -> UUID | None:
    """The id under which a change of identity is requested; None where it takes effect at once."""
    if policy.changes_identity_directly(context.meta.actor):
        return None
    return new_id(context.meta.command_id, "change")


def _waiting_fields(command: CorrectEnterprise, state: EnterpriseState) -> tuple[Problem, ...]:
    if command.request_id is None or state.lifetime.particulars is None:
        return ()
    return tuple(requested_fields(state.lifetime.particulars, command.particulars))


async def close(
    repository: Repository, context: CommandContext, enterprise_id: UUID, *, valid_to: date, reason: str
) -> Receipt:
    POLICY.require("close-enterprise", context.meta.actor)
    await repository.enterprise(enterprise_id, context.meta.actor)
    command = CloseEnterprise(
        enterprise_id=enterprise_id, valid_to=valid_to, reason=reason, today=repository.today()
    )
    return await _carry_out(repository, context, enterprise_id, command)


async def erase_contact(
    repository: Repository, context: CommandContext, enterprise_id: UUID, *, reason: str
) -> Receipt:
    """Records the erasure, which hides the contact at once; `Erasures` then destroys the key."""
    POLICY.require("erase-contact", context.meta.actor)
    await repository.enterprise(enterprise_id, context.meta.actor)
    command = EraseContact(enterprise_id=enterprise_id, reason=reason)
    return await _carry_out(repository, context, enterprise_id, command)


async def decide_change(
    repository: Repository,
    context: CommandContext,
    enterprise_id: UUID,
    *,
    request_id: UUID,
    confirmed: bool,
    reason: str,
) -> Receipt:
    """The correction takes effect with the confirmation. Only the city or an administrator confirms a move."""
    POLICY.require("decide-change", context.meta.actor)
    _, state = await repository.enterprise(enterprise_id, context.meta.actor)
    if confirmed and _moves_to_another_district(state, request_id):
        policy.require_whole_city(context.meta.actor)
    command = DecideChange(
        enterprise_id=enterprise_id,
        request_id=request_id,
        confirmed=confirmed,
        reason=reason,
        today=repository.today(),
    )
    return await _carry_out(repository, context, enterprise_id, command)


async def withdraw_change(
    repository: Repository, context: CommandContext, enterprise_id: UUID, *, request_id: UUID, reason: str
) -> Receipt:
    """The enterprise takes its own request back while nobody has answered it."""
    POLICY.require("withdraw-change", context.meta.actor)
    await repository.enterprise(enterprise_id, context.meta.actor)
    command = WithdrawChange(enterprise_id=enterprise_id, request_id=request_id, reason=reason)
    return await _carry_out(repository, context, enterprise_id, command)


def _moves_to_another_district(state: EnterpriseState, request_id: UUID) -> bool:
    pending, particulars = state.pending, state.lifetime.particulars
    if pending is None or particulars is None or pending.request.request_id != request_id:
        return False
    return pending.moves(particulars)


async def _carry_out(
    repository: Repository, context: CommandContext, enterprise_id: UUID, command: EnterpriseCommand
) -> Receipt:
    stream = ENTERPRISE.stream(enterprise_id)
    return await handle(repository.store, ENTERPRISE, stream, command, context)
