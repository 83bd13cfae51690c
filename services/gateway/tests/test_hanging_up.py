"""When a client disconnects, its query to a service is cancelled; a command is carried out nevertheless."""

import asyncio
from collections.abc import AsyncIterator

import pytest
from aiohttp import web
from counting import until
from gateway.public import Limits
from serving import Connection, Services, request, running

LIMITS = Limits(head_seconds=20, rest_seconds=20, reading_seconds=20, connections=20)
ID = "00000000-0000-0000-0000-000000000001"
COMMAND = request("POST", f"/api/tasks/visits/{ID}/abort", body=b"{}")
QUERIES = {
    "a record that is printed": f"/api/views/visits/{ID}.pdf",
    "a download": f"/api/files/{'a' * 64}",
}


class Slow(Services):
    """A fake of all services that responds only after `go_on`, and knows which requests are still connected."""

    def __init__(self) -> None:
        super().__init__(respond=self.slowly)
        self.go_on = asyncio.Event()
        self.answered: list[str] = []

    async def slowly(self, asked: web.Request) -> web.Response:
        await self.go_on.wait()
        self.answered.append(asked.method)
        return web.json_response({})

    async def has_received(self, number: int) -> bool:
        return len(self.requests) == number

    def is_connected(self, number: int) -> bool:
        return self.requests[number].transport is not None


@pytest.fixture
def services() -> Slow:
    return Slow()


@pytest.fixture
async def port(services: Slow) -> AsyncIterator[int]:
    async with running(services, LIMITS, timeout=600) as port:
        yield port


async def sent(port: int, services: Slow, data: bytes, number: int) -> Connection:
    async def is_received() -> bool:
        return await services.has_received(number)

    connection = await Connection.to(port)
    connection.send(data)
    await until(is_received)
    return connection


@pytest.mark.parametrize("what", QUERIES)
async def test_a_disconnect_cancels_a_query_but_not_a_command(port: int, services: Slow, what: str) -> None:
    async def query_is_cancelled() -> bool:
        return not services.is_connected(1)

    command = await sent(port, services, COMMAND, 1)
    query = await sent(port, services, request("GET", QUERIES[what]), 2)
    command.writer.close()
    query.writer.close()
    await until(query_is_cancelled)
    assert services.is_connected(0)
    services.go_on.set()
