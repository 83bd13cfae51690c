"""Filings of operators: what they file, and its reviews."""

from typing import Final

from qingyuan_events import ActorKind, ActorRole

from gateway.route import AT_WORK, DECIDING, EVERYBODY, FILING_READERS, OPERATORS, Body, Route

REVIEWERS: Final[frozenset[ActorKind]] = frozenset({"regulator"})


def _filing(
    method: str,
    path: str,
    who: frozenset[ActorKind],
    body: Body = "json",
    roles: frozenset[ActorRole] | None = None,
) -> Route:
    return Route(method, f"/api/filing{path}", "filing", path, who, body, roles=roles)


ROUTES: Final[tuple[Route, ...]] = (
    _filing("POST", "/filing", OPERATORS, "none", roles=AT_WORK),
    _filing("POST", "/filing/basics", OPERATORS, roles=AT_WORK),
    _filing("POST", "/filing/undertaking", OPERATORS, roles=AT_WORK),
    _filing("POST", "/filing/submission", OPERATORS, "none", roles=AT_WORK),
    _filing("POST", "/filing/withdrawal", OPERATORS, "none", roles=AT_WORK),
    _filing("POST", "/filing/reactivation-request", OPERATORS, roles=AT_WORK),
    _filing("POST", "/filing/cancellation", OPERATORS, roles=AT_WORK),
    _filing("POST", "/filings/{operator_id}/lock", REVIEWERS, roles=DECIDING),
    _filing("POST", "/filings/{operator_id}/reactivation", REVIEWERS, roles=DECIDING),
    _filing("POST", "/filings/{operator_id}/revocation", REVIEWERS, roles=DECIDING),
    _filing("GET", "/filings/{operator_id}/people", FILING_READERS, "none"),
    _filing("GET", "/filings/{operator_id}/names", FILING_READERS, "none"),
    _filing("POST", "/filings/passing", REVIEWERS, roles=DECIDING),
    _filing("POST", "/filings/{operator_id}/opening", REVIEWERS, roles=DECIDING),
    _filing("POST", "/filings/{operator_id}/first-review", REVIEWERS, roles=DECIDING),
    _filing("POST", "/filings/{operator_id}/second-review", REVIEWERS, roles=DECIDING),
    _filing("POST", "/resources", OPERATORS, roles=AT_WORK),
    _filing("POST", "/resources/{resource_id}/correction", OPERATORS, roles=AT_WORK),
    _filing("POST", "/resources/{resource_id}/papers", OPERATORS, roles=AT_WORK),
    _filing("POST", "/resources/{resource_id}/papers/{paper_id}/revocation", REVIEWERS, roles=DECIDING),
    _filing("POST", "/resources/{resource_id}/ending", OPERATORS, roles=AT_WORK),
    _filing("GET", "/import-template", OPERATORS, "none"),
    _filing("POST", "/imports/check", OPERATORS, "upload", roles=AT_WORK),
    _filing("POST", "/imports", OPERATORS, "upload", roles=AT_WORK),
    _filing("POST", "/credit/documents", OPERATORS, roles=AT_WORK),
    _filing("POST", "/credit/documents/{document_id}/replacement", OPERATORS, roles=AT_WORK),
    _filing("POST", "/credit/documents/{document_id}/withdrawal", OPERATORS, roles=AT_WORK),
    _filing("POST", "/credit/years/{year}/plan", OPERATORS, roles=AT_WORK),
    _filing("POST", "/credit/years/{year}/entries", OPERATORS, roles=AT_WORK),
    _filing("POST", "/credit/years/{year}/entries/{entry_id}/withdrawal", OPERATORS, roles=AT_WORK),
    _filing("GET", "/options", EVERYBODY, "none"),
)
