"""The two peaks of the working day, through the gateway with everything on the box.

A morning: 1,000 technicians sign in, send two photographs and a sheet, and sign out. An evening: the enterprise signs
all of it. Both ask for ten minutes; here they are done as fast as 32 clients can, and nothing may be missing at the end.
"""

import asyncio
import base64
import os
import time
import uuid
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import aiohttp
import httpx
from qingyuan_cli.seeding.sheets import filled
from qingyuan_cli.seeding.uploading import upload
from qingyuan_local.testing import Stack, start_stack
from qingyuan_standards.days import SHANGHAI

from bench.servers import Servers, percentiles, say

TECHNICIANS, CLIENTS, PHOTO_BYTES, MINUTES = 1_000, 32, 180_000, 10
Json = dict[str, Any]
STROKES = b'[{"points":[{"x":40,"y":120},{"x":240,"y":60},{"x":440,"y":90}]}]'


@dataclass
class Person:
    http: aiohttp.ClientSession
    files: httpx.Client
    seconds: list[float] = field(default_factory=list)

    async def ask(self, method: str, path: str, **more: Any) -> Json:
        async with self.http.request(method, f"/api{path}", **more) as answer:
            assert answer.status < 300, (answer.status, path, await answer.text())
            found: Json = await answer.json() if answer.content_length else {}
            return found

    async def command(self, path: str, body: Json) -> None:
        began = time.perf_counter()
        await self.ask("POST", path, json=body, headers={"Idempotency-Key": str(uuid.uuid4())})
        self.seconds.append(time.perf_counter() - began)

    async def upload(self, content: bytes, media_type: str) -> Json:
        """In a thread: the client of the seeds waits for its answers."""
        return await asyncio.to_thread(upload, self.files, content, media_type, "x")

    async def close(self) -> None:
        await self.http.close()
        self.files.close()


async def run(servers: Servers) -> None:
    asyncio.get_running_loop().set_default_executor(ThreadPoolExecutor(CLIENTS))
    stack = await asyncio.to_thread(start_stack, servers.folder / "day", TRACE_RATIO="0.05")
    try:
        technician, enterprise = (
            await person(stack, "demo-technician"),
            await person(stack, "demo-enterprise"),
        )
        visits = await morning(technician)
        await all_asked(enterprise, len(visits))
        await evening(stack, enterprise)
        await technician.close()
        await enterprise.close()
    finally:
        await asyncio.to_thread(stack.cli, "down")


async def person(stack: Stack, account: str) -> Person:
    http = aiohttp.ClientSession(stack.url, headers={"Origin": stack.url})
    answer = await http.post("/api/session", json={"account": account, "password": stack.password})
    cookie = answer.headers["Set-Cookie"].partition(";")[0]
    http.headers["Cookie"] = cookie  # type: ignore[index]
    headers = {"Origin": stack.url, "Cookie": cookie}
    return Person(http, httpx.Client(base_url=stack.url, headers=headers, timeout=30, trust_env=False))


async def morning(technician: Person) -> list[str]:
    bundle = (await technician.ask("GET", "/views/tasks/today"))["points"][0]
    forms = (await technician.ask("GET", "/tasks/forms"))["forms"]
    form = next(
        form for form in forms if form["content"] == "patrol" and form["medium"] == bundle["point"]["medium"]
    )
    drawn = await technician.upload(STROKES, "application/json")
    visits = [str(uuid.uuid4()) for _ in range(TECHNICIANS)]
    began = time.perf_counter()
    await at_once(visits, lambda visit: one_visit(technician, visit, bundle, form, drawn))
    seconds = time.perf_counter() - began
    how = f"{TECHNICIANS} visits by {CLIENTS} clients: sign in, two photographs of {PHOTO_BYTES} bytes by tus, a sheet, sign out"
    say("day.morning", how, n=len(technician.seconds), visits=TECHNICIANS, seconds=round(seconds), needed_seconds=MINUTES * 60,
        visits_per_second=round(TECHNICIANS / seconds, 1), **percentiles(technician.seconds))  # fmt: skip
    return visits


async def one_visit(technician: Person, visit: str, bundle: Json, form: Json, drawn: Json) -> None:
    now = datetime.now(UTC)
    at = now.isoformat()
    opening = {
        "point_id": bundle["point"]["id"],
        "contract_id": bundle["contract_id"],
        "cycles": [],
        "claimed_at": at,
    }
    path = f"/tasks/visits/{visit}"
    await technician.command(f"{path}/sign-in", {"opening": opening, "sign_in": {"claimed_at": at}})
    photos = []
    for _ in range(2):
        original = await technician.upload(photograph(), "image/png")
        photo = {"photo_id": str(uuid.uuid4()), "of": "sign_in", "original": original, "taken_at": at}
        await technician.command(f"{path}/photos", {"opening": opening, "photo": photo})
        photos.append(photo["photo_id"])
    sheet = {
        "sheet_id": str(uuid.uuid4()), "revision_id": str(uuid.uuid4()), "form": form["form"], "form_version": form["version"],
        "content": form["content"], "values": filled(form, now.astimezone(SHANGHAI)), "claimed_at": at,
    }  # fmt: skip
    await technician.command(f"{path}/sheets", {"opening": opening, "sheet": sheet})
    sign_out = {
        "claimed_at": at, "sheets": [sheet["revision_id"]], "photos": photos,
        "signature": {"image": drawn, "strokes": drawn},
    }  # fmt: skip
    await technician.command(f"{path}/sign-out", {"opening": opening, "sign_out": sign_out})


def photograph() -> bytes:
    """A small picture with noise behind its end: every one is another file, as every photograph is."""
    return SMALL + os.urandom(PHOTO_BYTES)


SMALL = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)


async def all_asked(enterprise: Person, visits: int) -> None:
    """Every complete visit must have become a confirmation: nothing lost on the way."""
    end = time.perf_counter() + 300
    while len(await waiting(enterprise)) < visits:
        assert time.perf_counter() < end, "confirmations are missing"
        await asyncio.sleep(0.5)


async def waiting(enterprise: Person) -> list[Json]:
    found: list[Json] = []
    after: str | None = None
    while True:
        query = {"state": "requested", "limit": "200"} | ({"after": after} if after else {})
        page = await enterprise.ask("GET", "/views/confirmations", params=query)
        found += page["items"]
        if not (after := page["next"]):
            return found


async def evening(stack: Stack, enterprise: Person) -> None:
    asked = await waiting(enterprise)
    statement = (await enterprise.ask("GET", "/signoff/statement"))["version"]
    drawn = await enterprise.upload(STROKES, "application/json")
    enterprise.seconds.clear()
    began = time.perf_counter()
    for first in range(0, len(asked), 100):
        some = asked[first : first + 100]
        body = {"password": stack.password, "over": [confirmation["content_sha256"] for confirmation in some]}
        proofs = {
            "second_factor": (await enterprise.ask("POST", "/second-factor", json=body))["token"],
            "evidence": await evidence(enterprise, body["over"], drawn),
        }
        await at_once(
            some, lambda confirmation, p=proofs: signed(enterprise, confirmation, statement, drawn, p)
        )  # type: ignore[misc]
    seconds = time.perf_counter() - began
    how = f"{len(asked)} confirmations signed by {CLIENTS} clients, a second factor and a look at the files for each hundred"
    say("day.evening", how, n=len(asked), seconds=round(seconds), per_second=round(len(asked) / seconds, 1),
        needed_per_second=round(2_000 / MINUTES / 60, 1), **percentiles(enterprise.seconds))  # fmt: skip


async def evidence(enterprise: Person, contents: list[str], drawn: Json) -> str:
    """Every file of these visits must be there, and files must know of all of them."""
    given = await enterprise.ask(
        "POST", "/files/evidence", json={"contents": contents, "files": [drawn["sha256"]]}
    )
    assert len(given["contents"]) == len(contents), "files has not heard of every visit"
    assert not any(content["missing"] for content in given["contents"].values()), "a photograph is missing"
    return str(given["token"])


async def signed(enterprise: Person, confirmation: Json, statement: str, drawn: Json, proofs: Json) -> None:
    body = {
        "content_sha256": confirmation["content_sha256"], "statement_version": statement,
        "signature": {"image": drawn, "strokes": drawn},
    } | proofs  # fmt: skip
    await enterprise.command(f"/signoff/confirmations/{confirmation['id']}/signature", body)


async def at_once(things: list[Any], do: Callable[[Any], Awaitable[None]]) -> None:
    """Do something with each thing, `CLIENTS` at a time."""
    left = iter(things)

    async def worker() -> None:
        for thing in left:
            await do(thing)

    await asyncio.gather(*(worker() for _ in range(CLIENTS)))
