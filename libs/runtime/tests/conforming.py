"""Checks that answers conform to the response models of their routes. For the tests of the services.

Most routes return finished JSON, which FastAPI does not validate. A client on `Conforming` validates every answer that a
test gets anyway, so that neither a model nor an answer changes alone.
"""

import json
from collections.abc import Iterator, Mapping
from typing import Any

import httpx
from fastapi import FastAPI
from fastapi.routing import APIRoute, iter_route_contexts
from pydantic import TypeAdapter


def require_conforming(response_model: Any, content: bytes) -> None:
    """No field more or less, no other type, no other format: what is read and written again is the same JSON."""
    adapter: TypeAdapter[Any] = TypeAdapter(response_model)
    read = adapter.validate_json(content, strict=True, extra="forbid")
    assert _in_one_notation(adapter.dump_json(read, exclude_unset=True)) == _in_one_notation(content)


def _in_one_notation(content: bytes) -> Any:
    """Rows write UTC as `+00:00`, published parts as `Z`."""
    return json.loads(content.replace(b'+00:00"', b'Z"'))


def documented_routes(app: FastAPI) -> Iterator[APIRoute]:
    for context in iter_route_contexts(app.routes):
        route = context.original_route
        if isinstance(route, APIRoute) and route.include_in_schema:
            yield route


class Conforming(httpx.ASGITransport):
    """`without` names for a path the field that only the gateway reads, and that no response model has."""

    def __init__(self, app: FastAPI, without: Mapping[str, str] | None = None, **more: Any) -> None:
        super().__init__(app, **more)
        self._routes = list(documented_routes(app))
        self._without = without or {}

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        answer = await super().handle_async_request(request)
        if answer.is_success and answer.headers.get("content-type") == "application/json":
            content = await answer.aread()
            require_conforming(self._model_of(request), self._documented(request, content))
            return httpx.Response(answer.status_code, headers=answer.headers, content=content)
        return answer

    def _documented(self, request: httpx.Request, content: bytes) -> bytes:
        hidden = self._without.get(request.url.path)
        shown = {name: value for name, value in json.loads(content).items() if name != hidden}
        return json.dumps(shown).encode()

    def _model_of(self, request: httpx.Request) -> Any:
        found = next(
            route
            for route in self._routes
            if request.method in (route.methods or ()) and route.path_regex.match(request.url.path)
        )
        assert found.response_model is not None, f"{found.path} has no response model"
        return found.response_model
