"""Log-ins with argon2id through the gateway: 20 a second, and what else is asked meanwhile must not wait for them."""

import asyncio
import time
from collections.abc import Awaitable, Callable

import aiohttp
from qingyuan_local.testing import Stack, start_stack

from bench.http_command import log_in
from bench.servers import Servers, percentiles, say

RATE = 20
SECONDS = 30
ASKED_EVERY = 0.05
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
    p95 = percentiles(quiet)["p95_ms"], percentiles(busy)["p95_ms"]
    say("log-in", f"gateway, argon2id, {RATE}/s", n=len(logged_in), **percentiles(logged_in))
    say("session", "nobody logs in", n=len(quiet), **percentiles(quiet))
    say("session", f"{RATE} log-ins/s", n=len(busy), **percentiles(busy), ratio=round(p95[1] / p95[0], 2))


async def logged_in_at_rate(stack: Stack) -> list[float]:
    """Begun at their times whether the earlier ones are answered or not, as people do."""
    seconds: list[float] = []
    async with aiohttp.ClientSession(stack.url, headers={"Origin": stack.url}) as http:

        async def ask() -> None:
            body = {"account": "demo-enterprise", "password": stack.password}
            began = time.perf_counter()
            async with http.post("/api/session", json=body) as answer:
                assert answer.status == 200, await answer.text()
            seconds.append(time.perf_counter() - began)

        await at_rate(ask, 1 / RATE)
    return seconds


async def asked(http: aiohttp.ClientSession) -> list[float]:
    """How long a question of somebody who is logged in takes."""
    seconds: list[float] = []

    async def ask() -> None:
        began = time.perf_counter()
        async with http.get("/api/sessions") as answer:
            assert answer.status == 200, await answer.text()
        seconds.append(time.perf_counter() - began)

    await at_rate(ask, ASKED_EVERY)
    return seconds


async def at_rate(work: Work, every: float) -> None:
    began, tasks = time.perf_counter(), []
    for number in range(int(SECONDS / every)):
        await asyncio.sleep(max(0.0, began + number * every - time.perf_counter()))
        tasks.append(asyncio.ensure_future(work()))
    await asyncio.gather(*tasks)
