"""Reports: each function checks the actor's rights, loads what the command needs, and carries it out."""

import asyncio
from uuid import UUID

from qingyuan_events import Actor
from qingyuan_events.parts import FileRef
from qingyuan_events.reports import OriginalRecord, ReturnReason
from qingyuan_runtime.domain.decider import Problem
from qingyuan_runtime.domain.problems import refuse
from qingyuan_runtime.edge.http import new_id
from qingyuan_runtime.log.handling import CommandContext, handle
from qingyuan_runtime.log.store import Receipt

from reports.domain import documents
from reports.domain.documents import Document
from reports.domain.places import PointCopy
from reports.domain.reports.commands import (
    Accept,
    AttachFile,
    AttachOriginal,
    Change,
    Draft,
    Reevaluate,
    RemoveOriginal,
    ReportCommand,
    Return,
    Submit,
    Withdraw,
)
from reports.domain.reports.decider import REPORT
from reports.domain.reports.state import ReportState
from reports.judging import judgement_of, verdict_size
from reports.shared.policy import POLICY, operator_of
from reports.shared.repository import Repository

Noted = tuple[Receipt, tuple[Problem, ...]]
"""A receipt, and the mistakes of the draft that keep it from being handed in."""


async def draft(
    repository: Repository, context: CommandContext, *, document: Document, replaces: UUID | None
) -> Noted:
    operator_id = operator_of("write-report", context.meta.actor)
    if receipt := await repository.answered(context):
        return receipt, _notes(document)
    refuse(documents.unfit(document))
    report_id = new_id(context.meta.command_id, REPORT.noun)
    command = Draft(
        report_id=report_id,
        operator_id=operator_id,
        document=document,
        points=await _points(repository, operator_id, document),
        replaced=await repository.report(replaces, context.meta.actor) if replaces else None,
        by=context.meta.actor.account,
    )
    stream = REPORT.stream(report_id)
    receipt = await handle(repository.store, REPORT, stream, command, context, begins=True)
    return receipt, _notes(document)


async def change(
    repository: Repository, context: CommandContext, report_id: UUID, *, document: Document
) -> Noted:
    operator_id = operator_of("write-report", context.meta.actor)
    await repository.report(report_id, context.meta.actor)
    if receipt := await repository.answered(context):
        return receipt, _notes(document)
    refuse(documents.unfit(document))
    points = await _points(repository, operator_id, document)
    command = Change(document=document, points=points, by=context.meta.actor.account)
    return await _carry_out(repository, context, report_id, command), _notes(document)


def _notes(document: Document) -> tuple[Problem, ...]:
    return tuple(documents.mistakes(document))


async def _points(repository: Repository, operator_id: UUID, document: Document) -> tuple[PointCopy, ...]:
    """Raises `Missing` for a point at which this operator never had a contract."""
    ids = documents.points_of(document)
    found = await asyncio.gather(*(repository.point_of(one, operator_id, None) for one in ids))
    return tuple(found)


async def attach_file(
    repository: Repository, context: CommandContext, report_id: UUID, *, file: FileRef, evidence: str
) -> Receipt:
    """A repeated request gets the first receipt, also when its token has expired since."""
    actor = await _require_own(repository, context, report_id, "write-report")
    if receipt := await repository.answered(context):
        return receipt
    stored = repository.stored_files(evidence, actor)
    command = AttachFile(file=file, stored=stored, by=actor.account)
    return await _carry_out(repository, context, report_id, command)


async def attach_original(
    repository: Repository,
    context: CommandContext,
    report_id: UUID,
    *,
    title: str,
    file: FileRef,
    evidence: str,
) -> Receipt:
    """A repeated request gets the first receipt, also when its token has expired since."""
    actor = await _require_own(repository, context, report_id, "write-report")
    if receipt := await repository.answered(context):
        return receipt
    original_id = new_id(context.meta.command_id, "original")
    command = AttachOriginal(
        original=OriginalRecord(original_id=original_id, title=title, file=file),
        stored=repository.stored_files(evidence, actor),
        by=actor.account,
    )
    return await _carry_out(repository, context, report_id, command)


async def remove_original(
    repository: Repository, context: CommandContext, report_id: UUID, original_id: UUID, *, reason: str
) -> Receipt:
    actor = await _require_own(repository, context, report_id, "write-report")
    command = RemoveOriginal(original_id=original_id, reason=reason, by=actor.account)
    return await _carry_out(repository, context, report_id, command)


async def submit(
    repository: Repository, context: CommandContext, report_id: UUID, *, answer: str | None = None
) -> Receipt:
    """`answer`: to the reasons of a return. The check follows by itself (`checks`)."""
    operator_id = operator_of("submit-report", context.meta.actor)
    state = await repository.report(report_id, context.meta.actor)
    if receipt := await repository.answered(context):
        return receipt
    command = Submit(
        uncontracted=await _uncontracted(repository, operator_id, state),
        verdict_bytes=verdict_size(state.content.document),
        by=context.meta.actor.account,
        now=repository.clock(),
        answer=answer,
    )
    return await _carry_out(repository, context, report_id, command)


async def _uncontracted(repository: Repository, operator_id: UUID, state: ReportState) -> frozenset[UUID]:
    """The points for which the operator had no contract when the work began."""
    day = documents.first_day(state.content.document)
    covered = {
        point_id: await repository.contracted.covers(operator_id, point_id, day)
        for point_id in state.content.points
    }
    return frozenset(point_id for point_id, is_covered in covered.items() if not is_covered)


async def withdraw(
    repository: Repository, context: CommandContext, report_id: UUID, *, reason: str
) -> Receipt:
    actor = await _require_own(repository, context, report_id, "submit-report")
    command = Withdraw(reason=reason, by=actor.account, now=repository.clock())
    return await _carry_out(repository, context, report_id, command)


async def accept(
    repository: Repository, context: CommandContext, report_id: UUID, *, round_: int, remark: str | None
) -> Receipt:
    actor = context.meta.actor
    state = await _require_reviewer(repository, context, report_id)
    command = Accept(
        round=round_,
        remark=remark,
        replaced=await repository.report(state.replaces, actor) if state.replaces else None,
        by=actor.account,
        now=repository.clock(),
    )
    return await _carry_out(repository, context, report_id, command)


async def return_(
    repository: Repository,
    context: CommandContext,
    report_id: UUID,
    *,
    round_: int,
    reasons: tuple[ReturnReason, ...],
) -> Receipt:
    await _require_reviewer(repository, context, report_id)
    command = Return(round=round_, reasons=reasons, by=context.meta.actor.account, now=repository.clock())
    return await _carry_out(repository, context, report_id, command)


async def reevaluate(
    repository: Repository, context: CommandContext, report_id: UUID, *, reason: str
) -> Receipt:
    """By the newest catalogue, with the exemptions and the register as they are known now."""
    state = await _require_reviewer(repository, context, report_id)
    if receipt := await repository.answered(context):
        return receipt
    state.verdict_to_review()
    command = Reevaluate(
        judgement=await judgement_of(repository.knowledge, state),
        reason=reason,
        by=context.meta.actor.account,
        now=repository.clock(),
    )
    return await _carry_out(repository, context, report_id, command)


async def read(repository: Repository, actor: Actor, report_id: UUID) -> ReportState:
    POLICY.require("read-report", actor)
    return await repository.report(report_id, actor)


async def _require_own(
    repository: Repository, context: CommandContext, report_id: UUID, action: str
) -> Actor:
    """The actor, whose own report it is."""
    operator_of(action, context.meta.actor)
    await repository.report(report_id, context.meta.actor)
    return context.meta.actor


async def _require_reviewer(repository: Repository, context: CommandContext, report_id: UUID) -> ReportState:
    POLICY.require("review-report", context.meta.actor)
    return await repository.report(report_id, context.meta.actor)


async def _carry_out(
    repository: Repository, context: CommandContext, report_id: UUID, command: ReportCommand
) -> Receipt:
    return await handle(repository.store, REPORT, REPORT.stream(report_id), command, context)
