"""Who hangs up asks nothing of a service any more; a command goes on without them."""

import asyncio
from collections.abc import AsyncIterator

import pytest
from aiohttp import web
from counting import until
from gateway.public import Limits
from serving import Connection, Services, request, running

LIMITS = Limits(head_seconds=20, rest_seconds=20, reading_seconds=20, connections=20)
THING = "00000000-0000-0000-0000-000000000001"
COMMAND = request("POST", f"/api/tasks/visits/{THING}/abort", body=b"{}")
QUESTIONS = {
    "a record that is printed": f"/api/views/visits/{THING}.pdf",
    "a download": f"/api/files/{'a' * 64}",
}


class Slow(Services):
    """Answers nobody until it is told to go on, and knows who still waits for it."""

    def __init__(self) -> None:
        super().__init__(respond=self.slowly)
        self.go_on = asyncio.Event()
        self.answered: list[str] = []

    async def slowly(self, asked: web.Request) -> web.Response:
        await self.go_on.wait()
        self.answered.append(asked.method)
        return web.json_response({})

    async def has_heard(self, number: int) -> bool:
        return len(self.requests) == number

    def waits(self, number: int) -> bool:
        return self.requests[number].transport is not None


@pytest.fixture
def services() -> Slow:
    return Slow()


@pytest.fixture
async def port(services: Slow) -> AsyncIterator[int]:
    async with running(services, LIMITS, timeout=600) as port:
        yield port


async def asked(port: int, services: Slow, said: bytes, number: int) -> Connection:
    async def is_heard() -> bool:
        return await services.has_heard(number)

    connection = await Connection.to(port)
    connection.send(said)
    await until(is_heard)
    return connection


@pytest.mark.parametrize("what", QUESTIONS)
async def test_a_question_ends_with_who_asked_it_and_a_command_does_not(
    port: int, services: Slow, what: str
) -> None:
    async def question_is_over() -> bool:
        return not services.waits(1)

    commanding = await asked(port, services, COMMAND, 1)
    asking = await asked(port, services, request("GET", QUESTIONS[what]), 2)
    commanding.writer.close()
    asking.writer.close()
    await until(question_is_over)
    assert services.waits(0)
    services.go_on.set()
