"""Confirmations: signatures and disputes."""

from typing import Final

from qingyuan_events import ActorKind, ActorRole

from gateway.route import AT_WORK, ENTERPRISES, EVERYBODY, OPERATORS, UPLOADERS, Body, Route


def _signoff(
    method: str,
    path: str,
    who: frozenset[ActorKind],
    body: Body = "json",
    roles: frozenset[ActorRole] | None = None,
) -> Route:
    return Route(method, f"/api/signoff{path}", "signoff", path, who, body, roles=roles)


ROUTES: Final[tuple[Route, ...]] = (
    _signoff("GET", "/statement", EVERYBODY, "none"),
    _signoff("POST", "/confirmations/{confirmation_id}/opening", ENTERPRISES),
    _signoff("POST", "/confirmations/{confirmation_id}/originals", UPLOADERS, roles=AT_WORK),
    _signoff("POST", "/confirmations/{confirmation_id}/signature", ENTERPRISES),
    _signoff("POST", "/confirmations/{confirmation_id}/dispute", ENTERPRISES),
    _signoff("POST", "/confirmations/{confirmation_id}/answer", OPERATORS, roles=AT_WORK),
    _signoff("POST", "/confirmations/{confirmation_id}/escalation", ENTERPRISES),
)
