"""Contracts, plans and visits."""

from typing import Final

from qingyuan_events import ActorKind, ActorRole

from gateway.route import AT_WORK, ENTERPRISES, EVERYBODY, MANAGERS, OPERATORS, Body, Route


def _tasks(
    method: str,
    path: str,
    who: frozenset[ActorKind],
    body: Body = "json",
    roles: frozenset[ActorRole] | None = None,
) -> Route:
    return Route(method, f"/api/tasks{path}", "tasks", path, who, body, roles=roles)


LOOKING_UP: Final[frozenset[ActorKind]] = frozenset({"operator", "administrator"})

ROUTES: Final[tuple[Route, ...]] = (
    _tasks("GET", "/forms", EVERYBODY, "none"),
    _tasks("GET", "/places", LOOKING_UP, "none"),
    _tasks("POST", "/contracts", OPERATORS, roles=AT_WORK),
    _tasks("POST", "/contracts/{contract_id}/supplement", OPERATORS, roles=AT_WORK),
    _tasks("POST", "/contracts/{contract_id}/confirmation", ENTERPRISES, roles=MANAGERS),
    _tasks("POST", "/contracts/{contract_id}/refusal", ENTERPRISES, roles=MANAGERS),
    _tasks("POST", "/contracts/{contract_id}/ending", ENTERPRISES, roles=MANAGERS),
    _tasks("POST", "/plans/preview", OPERATORS, roles=AT_WORK),
    _tasks("POST", "/plans", OPERATORS, roles=AT_WORK),
    _tasks("POST", "/plans/{plan_id}/crew", OPERATORS, roles=AT_WORK),
    _tasks("POST", "/plans/{plan_id}/stopping", OPERATORS, roles=AT_WORK),
    _tasks("POST", "/visits/{visit_id}/sign-in", OPERATORS, roles=AT_WORK),
    _tasks("POST", "/visits/{visit_id}/sheets", OPERATORS, roles=AT_WORK),
    _tasks("POST", "/visits/{visit_id}/photos", OPERATORS, roles=AT_WORK),
    _tasks("POST", "/visits/{visit_id}/sign-out", OPERATORS, roles=AT_WORK),
    _tasks("POST", "/visits/{visit_id}/backfill", OPERATORS, roles=AT_WORK),
    _tasks("POST", "/visits/{visit_id}/obstruction", OPERATORS, roles=AT_WORK),
    _tasks("POST", "/visits/{visit_id}/abort", OPERATORS, roles=AT_WORK),
)
