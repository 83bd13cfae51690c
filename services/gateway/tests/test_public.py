"""The limits of the public port, and that a connection stays usable for the next request on it."""

import asyncio
import json
from collections.abc import AsyncIterator

import pytest
from aiohttp import web
from gateway import upstream
from gateway.headers import SECURITY
from gateway.public import Limits
from serving import Answer, Connection, Services, echo, request, running

VISIT = "/api/tasks/visits/00000000-0000-0000-0000-000000000001/abort"
LIMITS = Limits(head_seconds=0.5, rest_seconds=0.5, reading_seconds=0.5, connections=20)
FILE = f"/api/files/{'a' * 64}"


@pytest.fixture
def services() -> Services:
    return Services()


@pytest.fixture
async def port(services: Services) -> AsyncIterator[int]:
    limits = {"body_seconds": 0.5, "body_bytes_per_second": 1_000_000.0, "json_bytes_max": 1_000}
    async with running(services, LIMITS, **limits) as port:
        yield port


@pytest.fixture
async def connection(port: int) -> AsyncIterator[Connection]:
    connection = await Connection.to(port)
    yield connection
    connection.writer.close()


def is_a_problem(answer: Answer, status: int, code: str) -> bool:
    body = json.loads(answer.body)
    assert (answer.status, body["code"], body["status"]) == (status, code, status)
    assert answer.headers["content-type"] == "application/problem+json"
    return answer.headers.items() >= SECURITY.items()


UNREADABLE = {
    "no HTTP at all": (b"\x16\x03\x01\x02\x00\x01\x00\r\n\r\n", 400, "request.unreadable"),
    "a line without a colon": (b"GET / HTTP/1.1\r\nno header\r\n\r\n", 400, "request.unreadable"),
    "an address that is no text": (b"GET /\xff HTTP/1.1\r\nHost: x\r\n\r\n", 400, "request.unreadable"),
    "an address without end": (b"GET /" + b"a" * 9_000 + b" HTTP/1.1\r\n\r\n", 414, "address.too-long"),
    "a line without end": (b"GET / HTTP/1.1\r\nX: " + b"a" * 40_000, 431, "head.too-large"),
    "lines without end": (b"GET / HTTP/1.1\r\n" + b"X: a\r\n" * 101 + b"\r\n", 431, "head.too-large"),
}


@pytest.mark.parametrize("what", UNREADABLE)
async def test_a_malformed_head_is_refused_as_a_problem(connection: Connection, what: str) -> None:
    sent, status, code = UNREADABLE[what]
    connection.send(sent)
    assert is_a_problem(await connection.answer(), status, code)
    assert await connection.is_closed()


async def test_a_head_that_arrives_too_slowly_is_refused(connection: Connection) -> None:
    connection.send(b"GET / HTTP/1.1\r\n")
    for _ in range(3):
        await asyncio.sleep(0.1)
        connection.send(b"X: a\r\n")
    assert is_a_problem(await connection.answer(), 408, "request.too-slow")
    assert await connection.is_closed()


async def test_a_connection_that_sends_nothing_is_closed(connection: Connection) -> None:
    assert await connection.is_closed()


async def test_a_body_that_arrives_too_slowly_is_refused(connection: Connection, services: Services) -> None:
    connection.send(request("POST", VISIT, length=900))
    for _ in range(3):
        await asyncio.sleep(0.1)
        connection.send(b"x")
    assert is_a_problem(await connection.answer(), 408, "request.too-slow")
    assert await connection.is_closed()
    assert services.requests == []


async def test_more_connections_than_the_limit_are_refused(port: int) -> None:
    held = [await Connection.to(port) for _ in range(LIMITS.connections)]
    for connection in held:
        connection.send(request("GET", "/"))
        assert (await connection.answer()).status == 503  # no pages are built here
    late = await Connection.to(port)
    answer = await late.answer()
    assert is_a_problem(answer, 503, "server.full")
    assert answer.headers["retry-after"]
    for connection in held:
        connection.writer.close()


async def test_after_a_body_that_is_too_large_the_next_request_is_answered(
    connection: Connection,
) -> None:
    """The next request may be that of another user, since a proxy shares connections among all users."""
    connection.send(request("POST", VISIT, length=20_000))
    refused = await connection.answer()
    assert is_a_problem(refused, 413, "body.too-large")
    connection.send(b"x" * 20_000 + request("POST", VISIT, body=b"mine", Idempotency_Key="12345678"))
    answer = await connection.answer()
    assert (answer.status, json.loads(answer.body)) == (200, {"body": "mine"})


async def test_a_body_of_unknown_size_is_refused_when_it_grows_too_large_and_the_next_is_answered(
    connection: Connection,
) -> None:
    chunk = b"190\r\n" + b"x" * 400 + b"\r\n"
    head = request("POST", VISIT, Transfer_Encoding="chunked").replace(b"Content-Length: 0\r\n", b"")
    connection.send(head + 20 * chunk + b"0\r\n\r\n")
    assert is_a_problem(await connection.answer(), 413, "body.too-large")
    connection.send(request("POST", VISIT, body=b"mine"))
    assert json.loads((await connection.answer()).body) == {"body": "mine"}


async def test_the_rest_of_a_refused_body_is_not_waited_for_for_ever(connection: Connection) -> None:
    connection.send(request("POST", VISIT, length=20_000))
    assert (await connection.answer()).status == 413
    assert await connection.is_closed()


async def test_pipelined_requests_are_answered_in_order_even_if_one_fails(
    connection: Connection, services: Services
) -> None:
    async def fails_once(asked: web.Request) -> web.Response:
        if await asked.read() == b"first":
            assert asked.transport
            asked.transport.abort()
        return web.json_response({"body": (await asked.read()).decode()})

    services.respond = fails_once
    connection.send(request("POST", VISIT, body=b"first") + request("POST", VISIT, body=b"second"))
    assert is_a_problem(await connection.answer(), 503, "service.down")
    assert json.loads((await connection.answer()).body) == {"body": "second"}


async def test_a_request_is_answered_although_malformed_data_follows_it(
    connection: Connection, services: Services
) -> None:
    async def slowly(_asked: web.Request) -> web.Response:
        await asyncio.sleep(0.2)
        return web.json_response({"body": "whole"})

    services.respond = slowly
    connection.send(request("POST", VISIT, body=b"mine") + b"nonsense\r\n\r\n")
    answer = await connection.answer()
    assert (answer.status, json.loads(answer.body)) == (200, {"body": "whole"})
    assert await connection.is_closed()


@pytest.mark.slow
async def test_an_idle_connection_is_kept_after_the_rest_of_a_refused_body_came(
    connection: Connection,
) -> None:
    connection.send(request("POST", VISIT, length=5_000))
    assert (await connection.answer()).status == 413
    connection.send(b"x" * 5_000)
    await asyncio.sleep(2 * LIMITS.rest_seconds)
    connection.send(request("POST", VISIT, body=b"later"))
    assert json.loads((await connection.answer()).body) == {"body": "later"}


async def test_a_download_that_the_client_does_not_read_is_ended_at_the_service_too(
    connection: Connection, services: Services
) -> None:
    """Otherwise a client that requests files and never reads them could occupy every connection to the services."""
    ended = asyncio.Event()

    async def endless(asked: web.Request) -> web.StreamResponse:
        answer = web.StreamResponse()
        await answer.prepare(asked)
        try:
            while True:
                await answer.write(b"x" * 100_000)
        finally:
            ended.set()

    services.respond = endless
    connection.send(request("GET", FILE))
    await asyncio.wait_for(ended.wait(), 20)


async def test_slow_downloads_do_not_delay_a_command(
    services: Services, monkeypatch: pytest.MonkeyPatch
) -> None:
    for most in ("REQUESTS_AT_ONCE", "STREAMS_AT_ONCE"):
        monkeypatch.setattr(upstream, most, 2)
    began = asyncio.Semaphore(0)

    async def respond_slowly_to_get(asked: web.Request) -> web.StreamResponse:
        if asked.method == "POST":
            return await echo(asked)
        answer = web.StreamResponse()
        await answer.prepare(asked)
        began.release()
        await asyncio.sleep(3)
        return answer

    services.respond = respond_slowly_to_get
    async with running(services, LIMITS) as port:
        connections = [await Connection.to(port) for _ in range(3)]
        for connection in connections[:2]:
            connection.send(request("GET", FILE))
            await began.acquire()
        connections[2].send(request("POST", VISIT, body=b"mine"))
        assert json.loads((await connections[2].answer()).body) == {"body": "mine"}
        for connection in connections:
            connection.writer.close()
