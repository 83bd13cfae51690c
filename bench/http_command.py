"""Commands through the gateway with everything on the box: 32 clients for throughput; then click-to-view lag at 200/s."""

import asyncio
import json
import time
import uuid
from typing import Any

import aiohttp
from qingyuan_local.testing import Stack, start_stack

from bench.servers import Servers, percentiles, say

CLIENTS = 32
WARM = 2_000
SECONDS = 15
RATE = 200


async def run(servers: Servers) -> None:
    stack = await asyncio.to_thread(start_stack, servers.folder / "stack", TRACE_RATIO="0.05")
    try:
        async with aiohttp.ClientSession(stack.url, headers={"Origin": stack.url}) as http:
            await log_in(http, stack)
            point = await point_of(http)
            await throughput(http, point)
            await lag(http, point)
    finally:
        await asyncio.to_thread(stack.cli, "down")


async def log_in(http: aiohttp.ClientSession, stack: Stack, account: str = "demo-enterprise") -> None:
    answer = await http.post("/api/session", json={"account": account, "password": stack.password})
    http.headers["Cookie"] = answer.headers["Set-Cookie"].partition(";")[0]  # type: ignore[index]


async def point_of(http: aiohttp.ClientSession) -> str:
    enterprises = await (await http.get("/api/views/enterprises")).json()
    found = await (await http.get(f"/api/views/enterprises/{enterprises['items'][0]['id']}/points")).json()
    outlet = next(outlet for outlet in found["outlets"] if outlet["particulars"]["medium"] == "wastewater")
    return str(outlet["points"][0]["id"])


def sampler(point: str) -> str:
    particulars = {
        "kind": "sampler",
        "name": "采样器",
        "model": "B",
        "construction": "built",
        "manufacturer": "厂",
        "outlet_kind": "总排口",
    }
    return json.dumps({"point_id": point, "particulars": particulars, "valid_from": "2025-01-01"})


async def command(http: aiohttp.ClientSession, body: str) -> dict[str, Any]:
    headers = {"Idempotency-Key": str(uuid.uuid4()), "Content-Type": "application/json"}
    async with http.post("/api/registry/instruments", data=body, headers=headers) as answer:
        found: dict[str, Any] = await answer.json()
        assert answer.status == 202, found
        return found


async def throughput(http: aiohttp.ClientSession, point: str) -> None:
    body, durations = sampler(point), []

    async def warm() -> None:
        for _ in range(WARM // CLIENTS):
            await command(http, body)

    await asyncio.gather(*(warm() for _ in range(CLIENTS)))

    async def client() -> None:
        end = time.perf_counter() + SECONDS
        while time.perf_counter() < end:
            began = time.perf_counter()
            await command(http, body)
            durations.append(time.perf_counter() - began)

    await asyncio.gather(*(client() for _ in range(CLIENTS)))
    how = f"{CLIENTS} clients, register an instrument, relay and projection running, load from the same 2 cores, traces at 5 %, after {WARM} to warm up"
    say(
        "http.command",
        how,
        n=len(durations),
        per_second=round(len(durations) / SECONDS),
        floor_per_second=800,
        floor_p99_ms=100,
        **percentiles(durations),
    )


async def lag(http: aiohttp.ClientSession, point: str) -> None:
    """From the click to the answer of the view that has seen it."""
    body, durations = sampler(point), []

    async def click() -> None:
        began = time.perf_counter()
        done = await command(http, body)
        seen = {"If-Version-At-Least": f"{done['stream']}@{done['version']}"}
        async with http.get(f"/api/views/history/{done['stream']}", headers=seen) as answer:
            if answer.status == 200:
                durations.append(time.perf_counter() - began)

    tasks, began = [], time.perf_counter()
    for number in range(RATE * 10):
        tasks.append(asyncio.ensure_future(click()))
        await asyncio.sleep(max(0, began + (number + 1) / RATE - time.perf_counter()))
    await asyncio.gather(*tasks)
    how = f"{RATE} clicks/s for 10 s; each is a command and a waiting query"
    say(
        "http.click-to-view",
        how,
        n=len(durations),
        late=RATE * 10 - len(durations),
        floor_p99_ms=200,
        **percentiles(durations),
    )
