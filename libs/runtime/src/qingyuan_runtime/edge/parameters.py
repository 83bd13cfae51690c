"""Query parameters that a route does not have are refused: a mistyped filter would otherwise answer with everything.

Here for all services, because a model of parameters sees its own only: a route may take several, and most take none.
"""

from collections.abc import Iterator, Sequence
from typing import Final
from urllib.parse import parse_qsl

from fastapi.dependencies.models import Dependant
from fastapi.routing import APIRoute, RouteContext, iter_route_contexts
from pydantic import BaseModel
from starlette.responses import Response
from starlette.routing import BaseRoute, Match
from starlette.types import ASGIApp, Receive, Scope, Send

from qingyuan_runtime.domain.decider import Problem
from qingyuan_runtime.edge.problems import problem

CODE: Final = "query.unknown"
READS: Final = frozenset({"GET", "HEAD"})
SHOWN_MAX: Final = 10
NAME_MAX: Final = 60


class KnownParameters:
    """ASGI middleware: refuses a question with query parameters that its route does not document."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        asks = scope["type"] == "http" and scope["method"] in READS and scope["query_string"]
        found = unknown(scope) if asks else []
        await (refusal(found) if found else self._app)(scope, receive, send)


def unknown(scope: Scope) -> list[str]:
    """The names in the query that the route of this request does not have, each once."""
    route = route_of(scope["app"].routes, scope)
    if route is None:
        return []
    asked = parse_qsl(scope["query_string"].decode("latin-1"), keep_blank_values=True)
    known = parameters_of(route)
    return list(dict.fromkeys(name for name, _ in asked if name not in known))


def route_of(routes: Sequence[BaseRoute], scope: Scope) -> RouteContext | None:
    """The documented route that will take this request. Health and metrics are none: who watches may add what they like."""
    found = next((it for it in iter_route_contexts(routes) if it.matches(scope)[0] is Match.FULL), None)
    return found if found and isinstance(found.original_route, APIRoute) and found.include_in_schema else None


def parameters_of(route: RouteContext) -> frozenset[str]:
    """The names of the query parameters of a route, as its OpenAPI document has them."""
    added = (route.openapi_extra or {}).get("parameters", ())
    return frozenset(_taken(route.dependant)) | {it["name"] for it in added if it["in"] == "query"}


def _taken(dependant: Dependant) -> Iterator[str]:
    """A model of parameters stands for all its fields."""
    for field in dependant.query_params:
        model = field.field_info.annotation
        if isinstance(model, type) and issubclass(model, BaseModel):
            yield from (its.alias or name for name, its in model.model_fields.items())
        else:
            yield field.alias
    for below in dependant.dependencies:
        yield from _taken(below)


def refusal(names: Sequence[str]) -> Response:
    shown = [name[:NAME_MAX] for name in names[:SHOWN_MAX]]
    errors = [Problem(name, CODE, f"没有名为“{name}”的查询参数。") for name in shown]
    return problem(422, CODE, f"没有这样的查询参数：{'、'.join(shown)}。请检查是否写错。", errors=errors)
