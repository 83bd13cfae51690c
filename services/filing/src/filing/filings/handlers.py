"""Filings: each function checks the actor's rights, loads what the command needs, and carries it out."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from uuid import UUID

from qingyuan_events import Actor
from qingyuan_events.filing import FilingBasics, Remark
from qingyuan_events.parts import Signature
from qingyuan_runtime.domain.decider import Problem
from qingyuan_runtime.domain.text import with_chinese_brackets
from qingyuan_runtime.log.handling import CommandContext, VersionMismatch, handle
from qingyuan_runtime.log.store import Receipt
from qingyuan_standards.dated import setting

from filing.domain.filings.commands import (
    AskReactivation,
    BeginFiling,
    CancelFiling,
    ChangeBasics,
    FilingCommand,
    GiveUndertaking,
    LockFiling,
    OpenReview,
    Reactivate,
    Review,
    SubmitFiling,
    WithdrawFiling,
)
from filing.domain.filings.decider import FILING
from filing.domain.filings.state import Stage
from filing.domain.resources.leases import RunningContract
from filing.filings.people import Plain, read_people, with_people
from filing.shared import policy
from filing.shared.policy import POLICY
from filing.shared.repository import Repository


async def begin(repository: Repository, context: CommandContext, name: str | None) -> Receipt:
    operator_id = policy.operator_of(context.meta.actor)
    command = BeginFiling(operator_id=operator_id, name=policy.require_name(name))
    return await _carry_out(repository, context, operator_id, command)


async def change_basics(
    repository: Repository,
    context: CommandContext,
    *,
    basics: FilingBasics,
    people: Mapping[str, Plain],
    changed_on: date,
    evidence: str | None,
) -> tuple[Receipt, tuple[Problem, ...]]:
    """The receipt, and a note where the brackets of the name were changed."""
    actor = context.meta.actor
    operator_id = policy.operator_of(actor)
    version, state = await repository.filing(operator_id, actor)
    if receipt := await repository.answered(context):
        return receipt, ()
    stream = FILING.stream(operator_id)
    if context.expected not in (None, version):
        raise VersionMismatch(stream, version)
    normalised, notes = _normalised(basics)
    without_people = ChangeBasics(
        basics=normalised,
        legal_representative=None,
        contact=None,
        changed_on=changed_on,
        stored=repository.stored_files(evidence, actor),
        today=repository.today(),
    )
    loaded = (stream, version, state)
    command = await with_people(repository, without_people, loaded, people, context.meta.command_id)
    # People are encrypted for one version of the stream, so the command must be appended at that version or not at all.
    exact = replace(context, expected=version)
    return await handle(repository.store, FILING, stream, command, exact), notes


def _normalised(basics: FilingBasics) -> tuple[FilingBasics, tuple[Problem, ...]]:
    name, uscc = with_chinese_brackets(basics.name), basics.uscc.upper()
    note = Problem("basics.name", "chinese-brackets", "单位名称中的括号已改为中文括号（）。")
    notes = (note,) if name != basics.name else ()
    return basics.model_copy(update={"name": name, "uscc": uscc}), notes


async def give_undertaking(
    repository: Repository,
    context: CommandContext,
    *,
    version: str,
    signature: Signature,
    second_factor: str,
    evidence: str,
) -> Receipt:
    """A repeated request gets the first receipt, also when its tokens have expired since."""
    actor = context.meta.actor
    operator_id = policy.operator_of(actor)
    if receipt := await repository.answered(context):
        return receipt
    text, attested = repository.undertaking(), repository.evidence(evidence, actor)
    given = repository.second_factor(second_factor, actor, text.sha256)
    command = GiveUndertaking(
        version=text.version,
        text=text.text,
        shown_version=version,
        signature=signature,
        stored=attested.stored,
        blank=attested.blank,
        by=actor.account,
        not_before=given.given_at,
        now=repository.clock(),
        second_factor=given.factor,
        certificate=given.certificate,
    )
    return await _carry_out(repository, context, operator_id, command)


async def submit(repository: Repository, context: CommandContext) -> Receipt:
    actor = context.meta.actor
    operator_id = policy.operator_of(actor)
    await repository.filing(operator_id, actor)
    today = repository.today()
    command = SubmitFiling(
        resources=await repository.resources(operator_id),
        term_months=int(setting("filing_change_months", today).value),
        today=today,
        contracts=await _contracts(repository, operator_id, today),
    )
    return await _carry_out(repository, context, operator_id, command)


async def _contracts(repository: Repository, operator_id: UUID, today: date) -> tuple[RunningContract, ...]:
    """Those that a lease must cover before it is handed in; none where the rule only warns."""
    refuses = setting("lease_covers_contracts", today).value == "refuse"
    return await repository.contracts_to_cover(operator_id) if refuses else ()


async def withdraw(repository: Repository, context: CommandContext) -> Receipt:
    operator_id = policy.operator_of(context.meta.actor)
    return await _carry_out(repository, context, operator_id, WithdrawFiling())


async def open_review(
    repository: Repository, context: CommandContext, operator_id: UUID, *, number: int
) -> Receipt:
    await _require_reviewer(repository, context, operator_id)
    command = OpenReview(number=number, by=context.meta.actor.account)
    return await _carry_out(repository, context, operator_id, command)


async def review(
    repository: Repository,
    context: CommandContext,
    operator_id: UUID,
    stage: Stage,
    *,
    number: int,
    passed: bool,
    remarks: tuple[Remark, ...],
    among_others: bool = False,
) -> Receipt:
    await _require_reviewer(repository, context, operator_id)
    today = repository.today()
    reasons = setting("filing_return_reasons", today).value
    command = Review(
        stage=stage,
        number=number,
        by=context.meta.actor.account,
        passed=passed,
        remarks=remarks,
        reasons=frozenset(reason["code"] for reason in reasons),
        today=today,
        among_others=among_others,
    )
    return await _carry_out(repository, context, operator_id, command)


async def ask_reactivation(repository: Repository, context: CommandContext, *, reason: str) -> Receipt:
    operator_id = policy.operator_of(context.meta.actor)
    return await _carry_out(repository, context, operator_id, AskReactivation(reason=reason))


async def give_up(repository: Repository, context: CommandContext, *, reason: str) -> Receipt:
    """The operator cancels its own filing."""
    operator_id = policy.operator_of(context.meta.actor)
    command = CancelFiling(revoked=False, reason=reason)
    return await _carry_out(repository, context, operator_id, command)


async def decide_standing(
    repository: Repository,
    context: CommandContext,
    operator_id: UUID,
    command: LockFiling | Reactivate | CancelFiling,
) -> Receipt:
    """A regulator locks, reactivates or revokes a filing."""
    await _require_reviewer(repository, context, operator_id)
    return await _carry_out(repository, context, operator_id, command)


async def people(
    repository: Repository, actor: Actor, operator_id: UUID
) -> Mapping[str, Mapping[str, object]]:
    POLICY.require("read-names", actor)
    await repository.filing(operator_id, actor)
    history = await repository.store.read(FILING.stream(operator_id))
    return await read_people(repository, list(history))


async def _require_reviewer(repository: Repository, context: CommandContext, operator_id: UUID) -> None:
    policy.require_reviewer(context.meta.actor, operator_id, repository.today())
    await repository.filing(operator_id, context.meta.actor)


async def _carry_out(
    repository: Repository, context: CommandContext, operator_id: UUID, command: FilingCommand
) -> Receipt:
    return await handle(repository.store, FILING, FILING.stream(operator_id), command, context)
