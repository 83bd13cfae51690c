"""Contracts, plans and visits."""

from typing import Final

from qingyuan_events import ActorKind

from gateway.route import OPERATORS, Body, Route


def _tasks(method: str, path: str, who: frozenset[ActorKind], body: Body = "json") -> Route:
    return Route(method, f"/api/tasks{path}", "tasks", path, who, body)


ROUTES: Final[tuple[Route, ...]] = (
    _tasks("POST", "/visits/{visit_id}/sign-in", OPERATORS),
    _tasks("POST", "/visits/{visit_id}/sheets", OPERATORS),
    _tasks("POST", "/visits/{visit_id}/photos", OPERATORS),
    _tasks("POST", "/visits/{visit_id}/sign-out", OPERATORS),
    _tasks("POST", "/visits/{visit_id}/backfill", OPERATORS),
    _tasks("POST", "/visits/{visit_id}/obstruction", OPERATORS),
    _tasks("POST", "/visits/{visit_id}/abort", OPERATORS),
)
