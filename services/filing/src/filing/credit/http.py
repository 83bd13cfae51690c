"""Requests about information for the credit evaluation: daily documents, and annual information."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Path
from fastapi.responses import JSONResponse
from qingyuan_runtime.edge.http import Accepted, accepted

from filing.credit import handlers
from filing.credit.bodies import EntryBody, FileDocumentBody, PlanBody, ReplaceDocumentBody
from filing.shared.bodies import ReasonBody
from filing.shared.dependencies import ContextDep, RepositoryDep

router = APIRouter(prefix="/credit", tags=["信用评价信息"])
YearPath = Annotated[int, Path(ge=1900, le=2199)]


@router.post("/documents", status_code=202, response_model=Accepted)
async def file_document(
    body: FileDocumentBody, repository: RepositoryDep, context: ContextDep
) -> JSONResponse:
    """日常信息: one document for one or many monitoring points."""
    receipt = await handlers.file_document(
        repository, context, document=body.document, evidence=body.evidence
    )
    return accepted(receipt)


@router.post("/documents/{document_id}/replacement", status_code=202, response_model=Accepted)
async def replace_document(
    document_id: UUID, body: ReplaceDocumentBody, repository: RepositoryDep, context: ContextDep
) -> JSONResponse:
    receipt = await handlers.replace_document(
        repository,
        context,
        document_id,
        document=body.document,
        reason=body.reason,
        evidence=body.evidence,
    )
    return accepted(receipt)


@router.post("/documents/{document_id}/withdrawal", status_code=202, response_model=Accepted)
async def withdraw_document(
    document_id: UUID, body: ReasonBody, repository: RepositoryDep, context: ContextDep
) -> JSONResponse:
    receipt = await handlers.withdraw_document(repository, context, document_id, reason=body.reason)
    return accepted(receipt)


@router.post("/years/{year}/plan", status_code=202, response_model=Accepted)
async def file_plan(
    year: YearPath, body: PlanBody, repository: RepositoryDep, context: ContextDep
) -> JSONResponse:
    """年度信息: the training plan of the year."""
    receipt = await handlers.file_plan(repository, context, year, plan=body.plan, evidence=body.evidence)
    return accepted(receipt)


@router.post("/years/{year}/entries", status_code=202, response_model=Accepted)
async def record_entry(
    year: YearPath, body: EntryBody, repository: RepositoryDep, context: ContextDep
) -> JSONResponse:
    """Education, training or supervision that took place. The same entry id again corrects it."""
    receipt = await handlers.record_entry(repository, context, year, entry=body.entry, evidence=body.evidence)
    return accepted(receipt)


@router.post("/years/{year}/entries/{entry_id}/withdrawal", status_code=202, response_model=Accepted)
async def withdraw_entry(
    year: YearPath, entry_id: UUID, body: ReasonBody, repository: RepositoryDep, context: ContextDep
) -> JSONResponse:
    receipt = await handlers.withdraw_entry(repository, context, year, entry_id, reason=body.reason)
    return accepted(receipt)
