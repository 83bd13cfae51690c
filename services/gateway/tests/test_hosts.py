"""A challenge names the host that the browser asked, so it is made for the hosts of this platform alone."""

import json

import pytest
from gateway.public import Limits
from gateway.request_parts import hosts
from gateway.routes import ROUTES
from serving import Connection, Services, request, running

CHALLENGES = [
    "/api/session/challenges",
    "/api/certificates/challenges",
    "/api/second-factor/challenges",
    "/api/factors/webauthn/challenges",
    "/api/factors/identity/challenges",
]
OURS = {"public_url": "https://Qingyuan.example", "allowed_hosts": "localhost:8080, 127.0.0.1:8080"}


async def sent(services: Services, message: bytes, **settings: str) -> tuple[int, str | None]:
    async with running(services, Limits(), **settings) as port:
        connection = await Connection.to(port)
        connection.send(message)
        answer = await connection.answer()
        connection.writer.close()
        return answer.status, json.loads(answer.body).get("code")


@pytest.mark.parametrize("path", CHALLENGES)
@pytest.mark.parametrize("host", ["evil.example", "qingyuan.example.evil.example", "localhost", ""])
async def test_no_challenge_is_made_for_another_host(path: str, host: str) -> None:
    services = Services()
    message = request("POST", path, body=b"{}", Host=host, Origin=f"https://{host}")
    assert await sent(services, message, **OURS) == (403, "host.other")
    assert services.requests == []


@pytest.mark.parametrize("host", ["qingyuan.example", "QINGYUAN.example", "localhost:8080", "127.0.0.1:8080"])
async def test_one_of_our_own_hosts_gets_its_challenge(host: str) -> None:
    message = request("POST", "/api/session/challenges", body=b"{}", Host=host)
    assert await sent(Services(), message, **OURS) == (200, None)


async def test_where_no_host_is_set_any_is_answered() -> None:
    assert await sent(Services(), request("POST", "/api/session/challenges", body=b"{}")) == (200, None)
    assert hosts("", " , ") == frozenset()


def test_these_are_all_routes_that_make_a_challenge() -> None:
    assert {route.path for route in ROUTES if "challenge" in route.path} == set(CHALLENGES)
