"""Queries of the read models."""

from typing import Final

from qingyuan_events import ActorKind

from gateway.route import EVERYBODY, FILING_READERS, OPERATORS, READERS, Route


def _view(path: str, who: frozenset[ActorKind] | None = READERS) -> Route:
    return Route("GET", f"/api/views{path}", "views", path, who)


ROUTES: Final[tuple[Route, ...]] = (
    _view("/enterprises"),
    _view("/enterprises.xlsx"),
    _view("/enterprises/{enterprise_id}"),
    _view("/enterprises/{enterprise_id}/points"),
    _view("/enterprise-changes"),
    _view("/enterprise-changes.xlsx"),
    _view("/points/{point_id}/instruments"),
    _view("/instruments"),
    _view("/instruments.xlsx"),
    _view("/instruments/{instrument_id}"),
    _view("/history/{stream}"),
    _view("/naming/{stream}"),
    _view("/organisations"),
    _view("/tasks/today", OPERATORS),
    _view("/contracts", EVERYBODY),
    _view("/contracts.xlsx", EVERYBODY),
    _view("/contracts/{contract_id}", EVERYBODY),
    _view("/plans", EVERYBODY),
    _view("/plans.xlsx", EVERYBODY),
    _view("/plans/{plan_id}", EVERYBODY),
    _view("/cycles", EVERYBODY),
    _view("/cycles.xlsx", EVERYBODY),
    _view("/visits", EVERYBODY),
    _view("/visits.xlsx", EVERYBODY),
    _view("/visits/{visit_id}.pdf", EVERYBODY),
    _view("/visits/{visit_id}", EVERYBODY),
    _view("/confirmations", EVERYBODY),
    _view("/confirmations.xlsx", EVERYBODY),
    _view("/confirmations/{confirmation_id}", EVERYBODY),
    _view("/reports", EVERYBODY),
    _view("/reports/{report_id}", EVERYBODY),
    _view("/reports/{report_id}/earlier", EVERYBODY),
    _view("/report-results", EVERYBODY),
    _view("/exemptions", EVERYBODY),
    _view("/choices", EVERYBODY),
    _view("/board", EVERYBODY),
    _view("/checks/{confirmation_id}", None),
    _view("/filings", FILING_READERS),
    _view("/filings/{operator_id}", FILING_READERS),
    _view("/filings/{operator_id}/resources.xlsx", FILING_READERS),
    _view("/filings/{operator_id}/resources", FILING_READERS),
    _view("/filings/{operator_id}/review", FILING_READERS),
    _view("/filings/{operator_id}/daily", FILING_READERS),
    _view("/filings/{operator_id}/annual/{year}", FILING_READERS),
    _view("/filings/{operator_id}/impossible", FILING_READERS),
    _view("/filings/{operator_id}/part-uses", FILING_READERS),
    _view("/filings/{operator_id}/part-uses.xlsx", FILING_READERS),
    _view("/filings/{operator_id}/stock", FILING_READERS),
    _view("/resources/{resource_id}", FILING_READERS),
    _view("/resources/{resource_id}/timeline", FILING_READERS),
    _view("/papers", FILING_READERS),
    _view("/papers/{paper_id}/relied-on", EVERYBODY),
    _view("/public/operators", None),
)
