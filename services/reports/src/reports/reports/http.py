"""Requests about reports: request → command → handler → 202."""

from typing import Any
from uuid import UUID

from fastapi import APIRouter
from fastapi.responses import JSONResponse
from qingyuan_runtime.edge.http import Accepted, accepted

from reports.domain.reports.state import Content, ReportState
from reports.reports import handlers
from reports.reports.bodies import (
    AcceptanceBody,
    DocumentBody,
    DraftBody,
    FileBody,
    OriginalBody,
    ResubmissionBody,
    ReturnBody,
)
from reports.response_models import Report
from reports.shared.bodies import LongReasonBody, ReasonBody
from reports.shared.dependencies import ActorDep, ContextDep, RepositoryDep

router = APIRouter(prefix="/reports", tags=["比对与校验报告"])


@router.post("", status_code=202, response_model=Accepted)
async def draft_report(body: DraftBody, repository: RepositoryDep, context: ContextDep) -> JSONResponse:
    """A draft may be incomplete; the notes say what keeps it from being handed in."""
    receipt, notes = await handlers.draft(repository, context, document=body.document, replaces=body.replaces)
    return accepted(receipt, notes)


@router.get("/{report_id}", response_model=Report)
async def read_report(report_id: UUID, repository: RepositoryDep, actor: ActorDep) -> JSONResponse:
    """As the log has it at this moment, with all verdicts and reviews. Only its operator sees what has not been handed in yet."""
    state = await handlers.read(repository, actor, report_id)
    content = state.content if actor.kind == "operator" else state.handed_in
    assert content, "others see only what was handed in"
    return JSONResponse(_shown(state, content))


@router.post("/{report_id}/document", status_code=202, response_model=Accepted)
async def change_report(
    report_id: UUID, body: DocumentBody, repository: RepositoryDep, context: ContextDep
) -> JSONResponse:
    receipt, notes = await handlers.change(repository, context, report_id, document=body.document)
    return accepted(receipt, notes)


@router.post("/{report_id}/file", status_code=202, response_model=Accepted)
async def attach_file(
    report_id: UUID, body: FileBody, repository: RepositoryDep, context: ContextDep
) -> JSONResponse:
    """The report as a PDF, in place of one that was attached before."""
    receipt = await handlers.attach_file(
        repository, context, report_id, file=body.file, evidence=body.evidence
    )
    return accepted(receipt)


@router.post("/{report_id}/originals", status_code=202, response_model=Accepted)
async def attach_original(
    report_id: UUID, body: OriginalBody, repository: RepositoryDep, context: ContextDep
) -> JSONResponse:
    """相关原始记录, one by one. A report without any can be a draft only."""
    receipt = await handlers.attach_original(
        repository, context, report_id, title=body.title, file=body.file, evidence=body.evidence
    )
    return accepted(receipt)


@router.post("/{report_id}/originals/{original_id}/removal", status_code=202, response_model=Accepted)
async def remove_original(
    report_id: UUID, original_id: UUID, body: ReasonBody, repository: RepositoryDep, context: ContextDep
) -> JSONResponse:
    receipt = await handlers.remove_original(repository, context, report_id, original_id, reason=body.reason)
    return accepted(receipt)


@router.post("/{report_id}/submission", status_code=202, response_model=Accepted)
async def submit_report(report_id: UUID, repository: RepositoryDep, context: ContextDep) -> JSONResponse:
    """The check follows by itself, usually within a second."""
    return accepted(await handlers.submit(repository, context, report_id))


@router.post("/{report_id}/resubmission", status_code=202, response_model=Accepted)
async def resubmit_report(
    report_id: UUID, body: ResubmissionBody, repository: RepositoryDep, context: ContextDep
) -> JSONResponse:
    return accepted(await handlers.submit(repository, context, report_id, answer=body.answer))


@router.post("/{report_id}/withdrawal", status_code=202, response_model=Accepted)
async def withdraw_report(
    report_id: UUID, body: ReasonBody, repository: RepositoryDep, context: ContextDep
) -> JSONResponse:
    return accepted(await handlers.withdraw(repository, context, report_id, reason=body.reason))


@router.post("/{report_id}/acceptance", status_code=202, response_model=Accepted)
async def accept_report(
    report_id: UUID, body: AcceptanceBody, repository: RepositoryDep, context: ContextDep
) -> JSONResponse:
    """Refused where the last verdict blocks it."""
    receipt = await handlers.accept(repository, context, report_id, round_=body.round, remark=body.remark)
    return accepted(receipt)


@router.post("/{report_id}/return", status_code=202, response_model=Accepted)
async def return_report(
    report_id: UUID, body: ReturnBody, repository: RepositoryDep, context: ContextDep
) -> JSONResponse:
    """With a reason for each rule or finding of the verdict that is to be answered, or for the whole."""
    receipt = await handlers.return_(repository, context, report_id, round_=body.round, reasons=body.reasons)
    return accepted(receipt)


@router.post("/{report_id}/reevaluation", status_code=202, response_model=Accepted)
async def reevaluate_report(
    report_id: UUID, body: LongReasonBody, repository: RepositoryDep, context: ContextDep
) -> JSONResponse:
    """By the newest catalogue; the verdict stands beside the first."""
    return accepted(await handlers.reevaluate(repository, context, report_id, reason=body.reason))


def _shown(state: ReportState, content: Content) -> dict[str, Any]:
    about = state.existing()
    return {
        **{name: str(value) for name, value in about.header().items()},
        "version": state.version,
        "status": state.status,
        "round": state.round,
        "replaces": _text(state.replaces),
        "superseded_by": _text(state.superseded_by),
        "document": dict(content.document),
        "file": content.file and content.file.model_dump(mode="json"),
        "originals": [original.model_dump(mode="json") for original in content.originals],
        "submission": state.submission and state.submission.model_dump(mode="json"),
        "verdicts": [verdict.model_dump(mode="json") for verdict in state.verdicts],
        "reviews": [review.model_dump(mode="json") for review in state.reviews],
    }


def _text(value: UUID | None) -> str | None:
    return str(value) if value else None
