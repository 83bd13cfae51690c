"""Confirmations: signatures and disputes."""

from typing import Final

from qingyuan_events import ActorKind

from gateway.route import ENTERPRISES, EVERYBODY, OPERATORS, UPLOADERS, Body, Route


def _signoff(method: str, path: str, who: frozenset[ActorKind], body: Body = "json") -> Route:
    return Route(method, f"/api/signoff{path}", "signoff", path, who, body)


ROUTES: Final[tuple[Route, ...]] = (
    _signoff("GET", "/statement", EVERYBODY, "none"),
    _signoff("POST", "/confirmations/{confirmation_id}/opening", ENTERPRISES),
    _signoff("POST", "/confirmations/{confirmation_id}/originals", UPLOADERS),
    _signoff("POST", "/confirmations/{confirmation_id}/signature", ENTERPRISES),
    _signoff("POST", "/confirmations/{confirmation_id}/dispute", ENTERPRISES),
    _signoff("POST", "/confirmations/{confirmation_id}/answer", OPERATORS),
    _signoff("POST", "/confirmations/{confirmation_id}/escalation", ENTERPRISES),
)
