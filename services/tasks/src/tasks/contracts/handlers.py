"""Contracts: each function checks the actor's rights, loads what the command needs, and carries it out."""

from datetime import date
from uuid import UUID

from qingyuan_events.parts import FileRef
from qingyuan_runtime.domain.decider import Problem
from qingyuan_runtime.edge.http import new_id
from qingyuan_runtime.log.handling import CommandContext, handle
from qingyuan_runtime.log.store import Receipt

from tasks.contracts.bodies import ContractClaim
from tasks.domain.contracts.commands import (
    ConfirmContract,
    ContractCommand,
    DeclineContract,
    EndContract,
    SubmitContract,
    SupplementContract,
)
from tasks.domain.contracts.decider import CONTRACT
from tasks.domain.contracts.normalising import normalise
from tasks.shared import policy
from tasks.shared.repository import Repository


async def submit(
    repository: Repository,
    context: CommandContext,
    *,
    enterprise_id: UUID,
    operator_name: str | None,
    particulars: ContractClaim,
    files: tuple[FileRef, ...],
) -> tuple[Receipt, tuple[Problem, ...]]:
    """The receipt, and a note for each name whose brackets were changed.

    A number of an operator can be used again only after the enterprise has declined the contract that has it.
    """
    operator_id = policy.operator_of("write-contract", context.meta.actor)
    name = policy.require_name(operator_name)
    contract_id = new_id(context.meta.command_id, CONTRACT.noun)
    enterprise = await repository.enterprise(enterprise_id)
    terms, notes = normalise(particulars.terms(name, enterprise.name))
    command = SubmitContract(
        contract_id=contract_id,
        operator_id=operator_id,
        enterprise=enterprise,
        terms=terms,
        files=files,
        replaces=await repository.declined_before(contract_id, operator_id, terms.number),
    )
    stream = CONTRACT.stream(contract_id)
    return await handle(repository.store, CONTRACT, stream, command, context, begins=True), notes


async def supplement(
    repository: Repository,
    context: CommandContext,
    contract_id: UUID,
    *,
    text: str,
    files: tuple[FileRef, ...],
) -> Receipt:
    policy.operator_of("write-contract", context.meta.actor)
    await repository.contract(contract_id, context.meta.actor)
    command = SupplementContract(contract_id=contract_id, text=text, files=files)
    return await _carry_out(repository, context, contract_id, command)


async def confirm(
    repository: Repository, context: CommandContext, contract_id: UUID, *, points: tuple[UUID, ...]
) -> Receipt:
    """The enterprise agrees, and says at which of its points the operator works."""
    enterprise_id = policy.organisation_of("answer-contract", context.meta.actor)
    await repository.contract(contract_id, context.meta.actor)
    command = ConfirmContract(
        contract_id=contract_id,
        enterprise=await repository.enterprise(enterprise_id),
        points=points,
        today=repository.today(),
        is_replaced=await repository.is_replaced(contract_id),
    )
    return await _carry_out(repository, context, contract_id, command)


async def decline(
    repository: Repository, context: CommandContext, contract_id: UUID, *, reason: str
) -> Receipt:
    policy.organisation_of("answer-contract", context.meta.actor)
    await repository.contract(contract_id, context.meta.actor)
    command = DeclineContract(contract_id=contract_id, reason=reason.strip())
    return await _carry_out(repository, context, contract_id, command)


async def end(
    repository: Repository, context: CommandContext, contract_id: UUID, *, last_day: date, reason: str
) -> Receipt:
    policy.organisation_of("answer-contract", context.meta.actor)
    await repository.contract(contract_id, context.meta.actor)
    command = EndContract(
        contract_id=contract_id, last_day=last_day, reason=reason.strip(), today=repository.today()
    )
    return await _carry_out(repository, context, contract_id, command)


async def _carry_out(
    repository: Repository, context: CommandContext, contract_id: UUID, command: ContractCommand
) -> Receipt:
    return await handle(repository.store, CONTRACT, CONTRACT.stream(contract_id), command, context)
