"""Log-ins with argon2id through the gateway: 20 a second, and what else is asked meanwhile must not wait for them."""

import asyncio
import time
from collections import Counter
from collections.abc import Awaitable, Callable
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, field

import aiohttp
from qingyuan_local.testing import Stack, start_stack

from bench.http_command import log_in
from bench.servers import Servers, percentiles, say

RATE = 20
SECONDS = 30
ASKED_EVERY = 0.05
REFUSALS = (429, 503, 504)
Work = Callable[[], Awaitable[None]]


async def run(servers: Servers) -> None:
    stack = await asyncio.to_thread(start_stack, servers.folder / "log-in", TRACE_RATIO="0.05")
    try:
        async with aiohttp.ClientSession(stack.url, headers={"Origin": stack.url}) as http:
            await log_in(
                http, stack, "demo-technician"
            )  # not the account whose log-ins end its older sessions
            quiet = await asked(http)
            logged_in, busy = await asyncio.gather(logged_in_at_rate(stack), asked(http))
    finally:
        await asyncio.to_thread(stack.cli, "down")
    report(logged_in, quiet, busy)


@dataclass
class Answers:
    """How long those took that were answered, and how many were refused: too many at once, or too slow."""

    seconds: list[float] = field(default_factory=list)
    refused: Counter[int] = field(default_factory=Counter)

    async def take(self, asking: AbstractAsyncContextManager[aiohttp.ClientResponse]) -> None:
        began = time.perf_counter()
        async with asking as answer:
            body = await answer.text()
        if answer.status in REFUSALS:
            self.refused[answer.status] += 1
            return
        assert answer.status == 200, body
        self.seconds.append(time.perf_counter() - began)

    def figures(self) -> dict[str, object]:
        return {"n": len(self.seconds), "refused": dict(self.refused), **percentiles(self.seconds)}


def report(logged_in: Answers, quiet: Answers, busy: Answers) -> None:
    p95 = percentiles(quiet.seconds)["p95_ms"], percentiles(busy.seconds)["p95_ms"]
    say("log-in", f"gateway, argon2id, {RATE}/s", **logged_in.figures())
    say("session", "nobody logs in", **quiet.figures())
    say("session", f"{RATE} log-ins/s", **busy.figures(), ratio=round(p95[1] / p95[0], 2))


async def logged_in_at_rate(stack: Stack) -> Answers:
    """Begun at their times whether the earlier ones are answered or not, as people do."""
    answers = Answers()
    async with aiohttp.ClientSession(stack.url, headers={"Origin": stack.url}) as http:

        async def ask() -> None:
            body = {"account": "demo-enterprise", "password": stack.password}
            await answers.take(http.post("/api/session", json=body))

        await at_rate(ask, 1 / RATE)
    return answers


async def asked(http: aiohttp.ClientSession) -> Answers:
    """How long a question of somebody who is logged in takes."""
    answers = Answers()

    async def ask() -> None:
        await answers.take(http.get("/api/sessions"))

    await at_rate(ask, ASKED_EVERY)
    return answers


async def at_rate(work: Work, every: float) -> None:
    began, tasks = time.perf_counter(), []
    for number in range(int(SECONDS / every)):
        await asyncio.sleep(max(0.0, began + number * every - time.perf_counter()))
        tasks.append(asyncio.ensure_future(work()))
    await asyncio.gather(*tasks)
