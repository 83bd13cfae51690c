"""The load of a working day: an enterprise keeps its register, technicians carry out visits, the enterprise signs them.

Every kind of person goes on until told to stop; what each was told yes to is in the record.
"""

import asyncio
import time
import uuid
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime

from qingyuan_local.testing import Stack
from visiting import drawn_strokes, opening_of, patrol_sheet, picture_of

from chaos.acknowledged import Record
from chaos.client import PATIENCE_SECONDS, Json, NobodyAnswers, Person

CLERKS, PHONES = 3, 3
REST_SECONDS = 0.3
KINDS = ("clerk", "phone", "signature")


@dataclass
class Load:
    record: Record
    stopping: asyncio.Event

    async def told_yes_since(self, moment: float, patience: float) -> dict[str, float]:
        """Seconds from `moment` until each kind of person was told yes again; infinite where nobody was."""
        end = asyncio.get_running_loop().time() + patience
        while asyncio.get_running_loop().time() < end:
            waits = {kind: self.record.last.get(kind, 0.0) - moment for kind in KINDS}
            if all(wait > 0 for wait in waits.values()):
                break
            await asyncio.sleep(0.05)
        return {kind: self.record.last.get(kind, 0.0) - moment for kind in KINDS}


@asynccontextmanager
async def running_load(stack: Stack, *, sessions_may_end: bool = False) -> AsyncIterator[Load]:
    """People at work. At the end they finish what they began; what any of them waited for in vain is a surprise."""
    record = Record(sessions_may_end=sessions_may_end)
    load = Load(record, asyncio.Event())
    enterprise = await Person.log_in(stack, "clerk", "demo-enterprise", record)
    technician = await Person.log_in(stack, "phone", "demo-technician", record)
    signer = await Person.log_in(stack, "signature", "demo-enterprise", record)
    done: asyncio.Queue[str] = asyncio.Queue()
    point, day = await _point_of(enterprise), await _day_of(technician)
    drawing = await _drawn(technician), await _drawn(signer)
    work = [_again(load, lambda: _correct(enterprise, point)) for _ in range(CLERKS)]
    work += [_again(load, lambda: _visit(technician, day, drawing[0], done)) for _ in range(PHONES)]
    work += [_again(load, lambda: _sign(signer, stack, drawing[1], done))]
    tasks = [asyncio.ensure_future(part) for part in work]
    try:
        yield load
    finally:
        load.stopping.set()
        outcomes = await asyncio.gather(*tasks, return_exceptions=True)
        for person in (enterprise, technician, signer):
            await person.close()
    for outcome in outcomes:
        if isinstance(outcome, NobodyAnswers):
            record.surprises.append(str(outcome))
        elif isinstance(outcome, BaseException):
            raise outcome


async def _again(load: Load, do: Callable[[], Awaitable[None]]) -> None:
    while not load.stopping.is_set():
        await do()
        await asyncio.sleep(REST_SECONDS)


async def _point_of(enterprise: Person) -> str:
    found = await enterprise.ask("GET", "/views/enterprises")
    outlets = await enterprise.ask("GET", f"/views/enterprises/{found['items'][0]['id']}/points")
    outlet = next(o for o in outlets["outlets"] if o["particulars"]["medium"] == "wastewater")
    return str(outlet["points"][0]["id"])


async def _day_of(technician: Person) -> tuple[Json, Json]:
    """The point that is visited, and the form that is filled there."""
    bundle: Json = (await technician.ask("GET", "/views/tasks/today"))["points"][0]
    return bundle, await technician.ask("GET", "/tasks/forms")


async def _drawn(person: Person) -> Json:
    image = await person.upload(picture_of("PNG"), "image/png")
    return {"image": image, "strokes": await person.upload(drawn_strokes(), "application/json")}


SAMPLER = {
    "kind": "sampler", "name": "采样器", "model": "B", "construction": "built", "manufacturer": "厂", "outlet_kind": "总排口",
}  # fmt: skip


async def _correct(enterprise: Person, point: str) -> None:
    """A sampler is registered, and then corrected on the version that was answered."""
    body = {"point_id": point, "particulars": SAMPLER, "valid_from": "2025-01-01"}
    given = await enterprise.command("/registry/instruments", body)
    id_ = given["stream"].removeprefix("instrument-")
    changed = {
        "particulars": SAMPLER | {"model": "C"}, "valid_from": "2025-01-01", "reason": "型号登记有误",
    }  # fmt: skip
    await enterprise.command(
        f"/registry/instruments/{id_}/correction", changed, **{"If-Match": f'"{given["version"]}"'}
    )


async def _visit(
    technician: Person, day: tuple[Json, Json], signature: Json, done: asyncio.Queue[str]
) -> None:
    bundle, forms = day
    now = datetime.now(UTC)
    visit, at, opening = str(uuid.uuid4()), now.isoformat(), opening_of(bundle, now)
    path = f"/tasks/visits/{visit}"
    await technician.command(f"{path}/sign-in", {"opening": opening, "sign_in": {"claimed_at": at}})
    original = await technician.upload(picture_of(), "image/jpeg")
    photo = {"photo_id": str(uuid.uuid4()), "of": "sign_in", "original": original, "taken_at": at}
    await technician.command(f"{path}/photos", {"opening": opening, "photo": photo})
    sheet = patrol_sheet(forms["forms"], bundle, now)
    await technician.command(f"{path}/sheets", {"opening": opening, "sheet": sheet})
    sign_out = {
        "claimed_at": at, "sheets": [sheet["revision_id"]], "photos": [photo["photo_id"]], "signature": signature,
    }  # fmt: skip
    await technician.command(f"{path}/sign-out", {"opening": opening, "sign_out": sign_out})
    await done.put(visit)


async def _sign(signer: Person, stack: Stack, drawing: Json, done: asyncio.Queue[str]) -> None:
    """One completed visit, as soon as the enterprise is asked about it and files knows its content."""
    try:
        visit = await asyncio.wait_for(done.get(), 0.5)
    except TimeoutError:
        return
    confirmation = str(uuid.uuid5(uuid.UUID(visit), "confirmation"))
    asked = await _asked_about(signer, confirmation)
    sha256 = asked["content_sha256"]
    factor = await signer.ask("POST", "/second-factor", json={"password": stack.password, "over": [sha256]})
    body = {
        "content_sha256": sha256, "signature": drawing, "second_factor": factor["token"],
        "statement_version": (await signer.ask("GET", "/signoff/statement"))["version"],
        "evidence": await _evidence(signer, sha256, drawing),
    }  # fmt: skip
    await signer.command(f"/signoff/confirmations/{confirmation}/signature", body)


async def _asked_about(signer: Person, confirmation: str) -> Json:
    """What is on its way is not there yet."""
    end = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < end:
        asked = await signer.ask("GET", f"/views/confirmations/{confirmation}", absent={})
        if asked:
            return asked
        await asyncio.sleep(0.2)
    raise NobodyAnswers(f"{confirmation} is not asked for")


async def _evidence(signer: Person, sha256: str, drawing: Json) -> str:
    body = {"contents": [sha256], "files": [file["sha256"] for file in drawing.values()]}
    end = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < end:
        given = await signer.ask("POST", "/files/evidence", json=body)
        if given["contents"].get(sha256, {}).get("missing") == [] and not given["missing"]:
            return str(given["token"])
        await asyncio.sleep(0.2)
    raise NobodyAnswers(f"files does not know the content {sha256}")
