"""Information for the credit evaluation: each function checks the actor's rights, loads, and carries out."""

from datetime import date
from uuid import UUID

from qingyuan_events.filing import AnnualEntry, CreditDocument, TrainingPlan
from qingyuan_runtime.domain.decider import Missing
from qingyuan_runtime.edge.http import new_id
from qingyuan_runtime.edge.policy import require_own
from qingyuan_runtime.log.handling import CommandContext, handle, load
from qingyuan_runtime.log.store import Receipt
from qingyuan_standards.dated import setting_or_oldest

from filing.domain.credit.annual import (
    ANNUAL,
    AnnualCommand,
    FilePlan,
    RecordEntry,
    WithdrawEntry,
    Year,
    key_of,
)
from filing.domain.credit.documents import (
    DOCUMENT,
    DocumentCommand,
    FileDocument,
    ReplaceDocument,
    WithdrawDocument,
)
from filing.shared import policy
from filing.shared.repository import Repository


async def file_document(
    repository: Repository, context: CommandContext, *, document: CreditDocument, evidence: str | None
) -> Receipt:
    operator_id = policy.operator_of(context.meta.actor)
    document_id = new_id(context.meta.command_id, DOCUMENT.noun)

    async def file(stored: frozenset[str]) -> Receipt:
        command = FileDocument(
            operator_id=operator_id, document_id=document_id, document=document, stored=stored
        )
        stream = DOCUMENT.stream(document_id)
        return await handle(repository.store, DOCUMENT, stream, command, context, begins=True)

    return await repository.once(context, evidence, file)


async def replace_document(
    repository: Repository,
    context: CommandContext,
    document_id: UUID,
    *,
    document: CreditDocument,
    reason: str,
    evidence: str | None,
) -> Receipt:
    await _require_own_document(repository, context, document_id)

    async def replace(stored: frozenset[str]) -> Receipt:
        command = ReplaceDocument(document=document, reason=reason, stored=stored)
        return await _on_document(repository, context, document_id, command)

    return await repository.once(context, evidence, replace)


async def withdraw_document(
    repository: Repository, context: CommandContext, document_id: UUID, *, reason: str
) -> Receipt:
    await _require_own_document(repository, context, document_id)
    return await _on_document(repository, context, document_id, WithdrawDocument(reason=reason))


async def file_plan(
    repository: Repository, context: CommandContext, year: int, *, plan: TrainingPlan, evidence: str | None
) -> Receipt:
    of = _own_year(repository, context, year)

    async def file(stored: frozenset[str]) -> Receipt:
        return await _on_year(repository, context, FilePlan(of=of, plan=plan, stored=stored))

    return await repository.once(context, evidence, file)


async def record_entry(
    repository: Repository, context: CommandContext, year: int, *, entry: AnnualEntry, evidence: str | None
) -> Receipt:
    of = _own_year(repository, context, year)

    async def record(stored: frozenset[str]) -> Receipt:
        return await _on_year(repository, context, RecordEntry(of=of, entry=entry, stored=stored))

    return await repository.once(context, evidence, record)


async def withdraw_entry(
    repository: Repository, context: CommandContext, year: int, entry_id: UUID, *, reason: str
) -> Receipt:
    of = _own_year(repository, context, year)
    return await _on_year(repository, context, WithdrawEntry(of=of, entry_id=entry_id, reason=reason))


def close_of(year: int) -> date:
    """The last day on which information of a year is in time, by the dated setting."""
    close = setting_or_oldest("annual_information_close", date(year, 12, 31))
    month, day = map(int, close.value.split("-"))
    return date(year + 1, month, day)


def _own_year(repository: Repository, context: CommandContext, year: int) -> Year:
    operator_id = policy.operator_of(context.meta.actor)
    return Year(operator_id=operator_id, year=year, last_day=close_of(year), today=repository.today())


async def _require_own_document(repository: Repository, context: CommandContext, document_id: UUID) -> None:
    policy.operator_of(context.meta.actor)
    _, state = await load(repository.store, DOCUMENT, DOCUMENT.stream(document_id))
    if state.document is None:
        raise Missing(DOCUMENT.noun)
    require_own(context.meta.actor, noun=DOCUMENT.noun, operator_id=state.operator_id)


async def _on_document(
    repository: Repository, context: CommandContext, document_id: UUID, command: DocumentCommand
) -> Receipt:
    return await handle(repository.store, DOCUMENT, DOCUMENT.stream(document_id), command, context)


async def _on_year(repository: Repository, context: CommandContext, command: AnnualCommand) -> Receipt:
    stream = ANNUAL.stream(key_of(command.of.operator_id, command.of.year))
    return await handle(repository.store, ANNUAL, stream, command, context)
