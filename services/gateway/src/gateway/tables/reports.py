"""Comparison and verification reports, and exemptions from rules."""

from typing import Final

from qingyuan_events import ActorKind, ActorRole

from gateway.route import AT_WORK, DECIDING, EVERYBODY, MANAGERS, OPERATORS, Body, Route

REVIEWERS: Final[frozenset[ActorKind]] = frozenset({"regulator"})


def _reports(
    method: str,
    path: str,
    who: frozenset[ActorKind],
    body: Body = "json",
    roles: frozenset[ActorRole] | None = None,
) -> Route:
    return Route(method, f"/api/reports{path}", "reports", path, who, body, roles=roles)


ROUTES: Final[tuple[Route, ...]] = (
    _reports("POST", "/reports", OPERATORS, roles=AT_WORK),
    _reports("GET", "/reports/{report_id}", EVERYBODY, "none"),
    _reports("POST", "/reports/{report_id}/document", OPERATORS, roles=AT_WORK),
    _reports("POST", "/reports/{report_id}/file", OPERATORS, roles=AT_WORK),
    _reports("POST", "/reports/{report_id}/originals", OPERATORS, roles=AT_WORK),
    _reports("POST", "/reports/{report_id}/originals/{original_id}/removal", OPERATORS, roles=AT_WORK),
    _reports("POST", "/reports/{report_id}/submission", OPERATORS, "none", roles=MANAGERS),
    _reports("POST", "/reports/{report_id}/resubmission", OPERATORS, roles=MANAGERS),
    _reports("POST", "/reports/{report_id}/withdrawal", OPERATORS, roles=MANAGERS),
    _reports("POST", "/reports/{report_id}/acceptance", REVIEWERS, roles=DECIDING),
    _reports("POST", "/reports/{report_id}/return", REVIEWERS, roles=DECIDING),
    _reports("POST", "/reports/{report_id}/reevaluation", REVIEWERS, roles=DECIDING),
    _reports("POST", "/exemptions", REVIEWERS, roles=DECIDING),
    _reports("POST", "/exemptions/{exemption_id}/ending", REVIEWERS, roles=DECIDING),
    _reports("GET", "/options", EVERYBODY, "none"),
)
