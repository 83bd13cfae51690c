"""Requests about exemptions: request → command → handler → 202; and the lists that a form needs."""

from uuid import UUID

from fastapi import APIRouter
from fastapi.responses import JSONResponse
from qingyuan_runtime.edge.http import Accepted, accepted
from qingyuan_standards.rules import catalogue

from reports.exemptions import handlers
from reports.exemptions.bodies import ExemptionEndingBody, GrantBody
from reports.response_models import ReportOptions
from reports.shared.dependencies import ActorDep, ContextDep, RepositoryDep
from reports.shared.policy import POLICY

router = APIRouter(tags=["规则豁免"])


@router.post("/exemptions", status_code=202, response_model=Accepted)
async def grant_exemption(body: GrantBody, repository: RepositoryDep, context: ContextDep) -> JSONResponse:
    return accepted(await handlers.grant(repository, context, body))


@router.post("/exemptions/{exemption_id}/ending", status_code=202, response_model=Accepted)
async def end_exemption(
    exemption_id: UUID, body: ExemptionEndingBody, repository: RepositoryDep, context: ContextDep
) -> JSONResponse:
    receipt = await handlers.end(
        repository, context, exemption_id, last_day=body.last_day, reason=body.reason
    )
    return accepted(receipt)


@router.get("/options", response_model=ReportOptions)
async def read_report_options(repository: RepositoryDep, actor: ActorDep) -> JSONResponse:
    """The rules of the newest catalogue, and the reasons for an exemption."""
    POLICY.require("read-options", actor)
    newest = catalogue()
    rules = [{"rule": rule.id, "title": rule.title, "standard": rule.standard} for rule in newest.rules]
    reasons = handlers.reasons(repository.today())
    said = {"catalogue_version": newest.version, "rules": rules, "exemption_reasons": reasons}
    return JSONResponse(said)
