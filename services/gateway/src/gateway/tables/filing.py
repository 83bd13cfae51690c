"""Filings of operators: what they file, and its reviews."""

from typing import Final

from qingyuan_events import ActorKind

from gateway.route import EVERYBODY, FILING_READERS, OPERATORS, Body, Route

REVIEWERS: Final[frozenset[ActorKind]] = frozenset({"regulator"})


def _filing(method: str, path: str, who: frozenset[ActorKind], body: Body = "json") -> Route:
    return Route(method, f"/api/filing{path}", "filing", path, who, body)


ROUTES: Final[tuple[Route, ...]] = (
    _filing("POST", "/filing", OPERATORS, "none"),
    _filing("POST", "/filing/basics", OPERATORS),
    _filing("POST", "/filing/undertaking", OPERATORS),
    _filing("POST", "/filing/submission", OPERATORS, "none"),
    _filing("POST", "/filing/withdrawal", OPERATORS, "none"),
    _filing("POST", "/filing/reactivation-request", OPERATORS),
    _filing("POST", "/filing/cancellation", OPERATORS),
    _filing("POST", "/filings/{operator_id}/lock", REVIEWERS),
    _filing("POST", "/filings/{operator_id}/reactivation", REVIEWERS),
    _filing("POST", "/filings/{operator_id}/revocation", REVIEWERS),
    _filing("GET", "/filings/{operator_id}/people", FILING_READERS, "none"),
    _filing("GET", "/filings/{operator_id}/names", FILING_READERS, "none"),
    _filing("POST", "/filings/passing", REVIEWERS),
    _filing("POST", "/filings/{operator_id}/opening", REVIEWERS),
    _filing("POST", "/filings/{operator_id}/first-review", REVIEWERS),
    _filing("POST", "/filings/{operator_id}/second-review", REVIEWERS),
    _filing("POST", "/resources", OPERATORS),
    _filing("POST", "/resources/{resource_id}/correction", OPERATORS),
    _filing("POST", "/resources/{resource_id}/papers", OPERATORS),
    _filing("POST", "/resources/{resource_id}/papers/{paper_id}/revocation", REVIEWERS),
    _filing("POST", "/resources/{resource_id}/ending", OPERATORS),
    _filing("GET", "/import-template", OPERATORS, "none"),
    _filing("POST", "/imports/check", OPERATORS, "upload"),
    _filing("POST", "/imports", OPERATORS, "upload"),
    _filing("POST", "/credit/documents", OPERATORS),
    _filing("POST", "/credit/documents/{document_id}/replacement", OPERATORS),
    _filing("POST", "/credit/documents/{document_id}/withdrawal", OPERATORS),
    _filing("POST", "/credit/years/{year}/plan", OPERATORS),
    _filing("POST", "/credit/years/{year}/entries", OPERATORS),
    _filing("POST", "/credit/years/{year}/entries/{entry_id}/withdrawal", OPERATORS),
    _filing("GET", "/options", EVERYBODY, "none"),
)
