"""A token of one purpose is worth nothing for another: at every check, and at every door of every service."""

import re
from collections.abc import AsyncIterator, Callable, Mapping
from itertools import product
from typing import Any
from uuid import UUID

import httpx
import pytest
from fastapi import FastAPI
from fastapi.routing import APIRoute, iter_route_contexts
from qingyuan_cli.services import all_services
from qingyuan_events import Actor
from qingyuan_runtime.domain.decider import Refused
from qingyuan_runtime.process.clock import now
from qingyuan_runtime.tokens import actors, evidence, second_factor
from qingyuan_runtime.tokens.actors import ACTING, ADDRESSING, NAMING, SHOWING, Purpose, Untrusted, Verifier
from qingyuan_runtime.tokens.evidence import Evidence
from qingyuan_runtime.tokens.issuers import EveryIssuer

KEY = EveryIssuer()
ZHOU = UUID(int=7)
ACTOR = Actor(account=ZHOU, kind="administrator")
CONTENT = "a" * 64


def for_actor(purpose: Purpose) -> Callable[[], str]:
    return lambda: actors.issue(ACTOR, KEY, now=now().timestamp(), purpose=purpose)


def by_verifier(purpose: Purpose) -> Callable[[str], object]:
    return lambda token: Verifier(KEY, purpose).verify(token, now=now().timestamp())


ISSUED: Mapping[str, Callable[[], str]] = {
    "acting": for_actor(ACTING),
    "showing": for_actor(SHOWING),
    "naming": for_actor(NAMING),
    "addressing": for_actor(ADDRESSING),
    "second factor": lambda: second_factor.issue(ZHOU, [CONTENT], KEY, now()).token,
    "evidence": lambda: evidence.issue(ZHOU, Evidence({}, frozenset()), KEY, now()).token,
}
WANTED: Mapping[str, Callable[[str], object]] = {
    "acting": by_verifier(ACTING),
    "showing": by_verifier(SHOWING),
    "naming": by_verifier(NAMING),
    "addressing": by_verifier(ADDRESSING),
    "second factor": lambda token: second_factor.verify(token, ZHOU, CONTENT, KEY, now()),
    "evidence": lambda token: evidence.verify(token, ZHOU, KEY, now()),
}


def test_every_purpose_that_there_is_stands_in_the_table() -> None:
    purposes = {name.lower() for name, value in vars(actors).items() if isinstance(value, Purpose)}
    assert purposes | {"second factor", "evidence"} == set(ISSUED) == set(WANTED)


@pytest.mark.parametrize(("issued", "wanted"), list(product(ISSUED, WANTED)))
def test_a_token_is_good_for_what_it_was_issued_for_and_for_nothing_else(issued: str, wanted: str) -> None:
    token = ISSUED[issued]()
    if issued == wanted:
        assert WANTED[wanted](token)
        return
    with pytest.raises((Untrusted, Refused)):
        WANTED[wanted](token)


APPS: Mapping[str, Callable[[], FastAPI]] = {
    name: service.documented for name, service in all_services().items()
}
OPEN_TO_VIEWS = {
    "naming": {("accounts", "GET", "/account-labels"), ("filing", "GET", "/filings/{operator_id}/names")},
    "showing": {("files", "GET", "/{sha256}/shown")},
}
"""What a service asks of another for a person who prints or exports. All else is the gateway's."""


def believing(app: FastAPI) -> FastAPI:
    """The same doors, which believe the issuers of this test."""
    for name, value in list(app.state._state.items()):
        if isinstance(value, Verifier):
            setattr(app.state, name, Verifier(KEY, *value._purposes))
    return app


def doors(app: FastAPI) -> list[tuple[str, str]]:
    routes = [context.original_route for context in iter_route_contexts(app.routes)]
    return [
        (method, route.path)
        for route in routes
        if isinstance(route, APIRoute) and route.include_in_schema
        for method in route.methods or ()
    ]


@pytest.fixture(params=APPS)
async def door(request: pytest.FixtureRequest) -> AsyncIterator[tuple[str, FastAPI, httpx.AsyncClient]]:
    app = believing(APPS[request.param]())
    transport = httpx.ASGITransport(app, raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url="http://service") as http:
        yield request.param, app, http


async def knock(http: httpx.AsyncClient, method: str, path: str, token: str | None) -> int:
    address = re.sub(r"\{[^}]*\}", str(ZHOU), path)
    headers: dict[str, Any] = {"Authorization": f"Bearer {token}"} if token else {}
    return (await http.request(method, address, headers=headers)).status_code


async def test_no_door_opens_to_a_token_of_another_purpose(
    door: tuple[str, FastAPI, httpx.AsyncClient],
) -> None:
    service, app, http = door
    guarded = [found for found in doors(app) if await knock(http, *found, None) == 401]
    assert guarded
    for purpose in set(ISSUED) - {"acting"}:
        opened = {
            (service, *found) for found in guarded if await knock(http, *found, ISSUED[purpose]()) != 401
        }
        assert opened == {door for door in OPEN_TO_VIEWS.get(purpose, set()) if door[0] == service}, purpose
