"""Contracts, plans and visits."""

from typing import Final

from qingyuan_events import ActorKind

from gateway.route import ENTERPRISES, EVERYBODY, OPERATORS, Body, Route


def _tasks(method: str, path: str, who: frozenset[ActorKind], body: Body = "json") -> Route:
    return Route(method, f"/api/tasks{path}", "tasks", path, who, body)


LOOKING_UP: Final[frozenset[ActorKind]] = frozenset({"operator", "administrator"})

ROUTES: Final[tuple[Route, ...]] = (
    _tasks("GET", "/forms", EVERYBODY, "none"),
    _tasks("GET", "/places", LOOKING_UP, "none"),
    _tasks("POST", "/contracts", OPERATORS),
    _tasks("POST", "/contracts/{contract_id}/supplement", OPERATORS),
    _tasks("POST", "/contracts/{contract_id}/confirmation", ENTERPRISES),
    _tasks("POST", "/contracts/{contract_id}/refusal", ENTERPRISES),
    _tasks("POST", "/contracts/{contract_id}/ending", ENTERPRISES),
    _tasks("POST", "/plans/preview", OPERATORS),
    _tasks("POST", "/plans", OPERATORS),
    _tasks("POST", "/plans/{plan_id}/crew", OPERATORS),
    _tasks("POST", "/plans/{plan_id}/stopping", OPERATORS),
    _tasks("POST", "/visits/{visit_id}/sign-in", OPERATORS),
    _tasks("POST", "/visits/{visit_id}/sheets", OPERATORS),
    _tasks("POST", "/visits/{visit_id}/photos", OPERATORS),
    _tasks("POST", "/visits/{visit_id}/sign-out", OPERATORS),
    _tasks("POST", "/visits/{visit_id}/backfill", OPERATORS),
    _tasks("POST", "/visits/{visit_id}/obstruction", OPERATORS),
    _tasks("POST", "/visits/{visit_id}/abort", OPERATORS),
)
