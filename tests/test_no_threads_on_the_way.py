"""A plain function as a FastAPI dependency runs in a thread, which costs more than the work that it does for a command."""

from collections.abc import Callable, Iterator
from inspect import iscoroutinefunction
from typing import Any

import pytest
from fastapi import Depends, FastAPI
from fastapi.dependencies.models import Dependant
from fastapi.routing import APIRoute, iter_route_contexts
from qingyuan_cli.services import all_services

APPS = {name: service.documented for name, service in all_services().items()}


def calls(app: FastAPI) -> Iterator[Callable[..., Any]]:
    """Every endpoint and every dependency, at any depth."""
    for context in iter_route_contexts(app.routes):
        if isinstance(context.original_route, APIRoute):
            yield from _calls_of(context.original_route.dependant)


def _calls_of(dependant: Dependant) -> Iterator[Callable[..., Any]]:
    if dependant.call:
        yield dependant.call
    for below in dependant.dependencies:
        yield from _calls_of(below)


def in_a_thread(app: FastAPI) -> set[str]:
    return {call.__qualname__ for call in calls(app) if not iscoroutinefunction(call)}


@pytest.mark.parametrize("service", APPS)
def test_nothing_on_the_way_of_a_request_runs_in_a_thread(service: str) -> None:
    assert in_a_thread(APPS[service]()) == set()


def test_a_plain_dependency_would_be_found() -> None:
    app = FastAPI()

    def plain() -> int:
        return 1

    @app.get("/")
    async def route(_one: int = Depends(plain)) -> None:
        return None

    assert {name.rpartition(".")[2] for name in in_a_thread(app)} == {"plain"}
