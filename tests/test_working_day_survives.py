"""The working day with death at every step: before each one a service is killed, and the phone simply asks again.

Nothing may be lost and nothing may happen twice: one visit, one completion, one request, one signature.
"""

import os
import signal
import time
import uuid
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import cycle
from typing import Any

import httpx
import pytest
from people import client
from qingyuan_cli.seeding.uploading import upload
from qingyuan_local.testing import Stack
from qingyuan_runtime.topology import NAMES
from qingyuan_standards.days import SHANGHAI
from visiting import drawn_strokes, opening_of, patrol_sheet, picture_of

pytestmark = [pytest.mark.servers, pytest.mark.long, pytest.mark.timeout(600)]

Json = dict[str, Any]
PATIENCE_SECONDS = 90
VICTIMS = cycle(NAMES)


@dataclass
class Killer:
    """Kills one service after the other, hard. The supervisor starts it again."""

    stack: Stack
    killed: list[str] = field(default_factory=list)

    def strike(self) -> None:
        victim = next(VICTIMS)
        os.kill(self.stack.processes()[victim], signal.SIGKILL)
        self.killed.append(victim)


def patiently(http: httpx.Client, method: str, path: str, **more: Any) -> httpx.Response:
    """As a phone does: the same request again until somebody answers who is alive."""
    end = time.monotonic() + PATIENCE_SECONDS
    while True:
        try:
            answer = http.request(method, path, **more)
            if answer.status_code not in (500, 502, 503, 504):
                return answer
        except httpx.TransportError:
            pass
        assert time.monotonic() < end, f"nobody answers {method} {path}"
        time.sleep(0.25)


@dataclass
class Person:
    http: httpx.Client
    killer: Killer

    def do(self, path: str, body: Json) -> None:
        """One command, sent again as a whole after a death, and once more for good measure."""
        self.killer.strike()
        headers = {"Idempotency-Key": str(uuid.uuid4())}
        first = patiently(self.http, "POST", f"/api{path}", json=body, headers=headers)
        assert first.status_code == 202, first.text
        again = patiently(self.http, "POST", f"/api{path}", json=body, headers=headers)
        assert (again.status_code, again.json()) == (202, first.json())

    def get(self, path: str, **parameters: str) -> Json:
        answer = patiently(self.http, "GET", f"/api{path}", params=parameters)
        assert answer.status_code == 200, answer.text
        found: Json = answer.json()
        return found

    def until(self, path: str, key: str, value: object) -> Json:
        """What the views say once they have caught up."""
        end = time.monotonic() + PATIENCE_SECONDS
        while True:
            answer = patiently(self.http, "GET", f"/api{path}")
            if answer.status_code == 200 and answer.json()[key] == value:
                found: Json = answer.json()
                return found
            assert time.monotonic() < end, answer.text
            time.sleep(0.25)

    def upload(self, content: bytes, media_type: str) -> Json:
        """With a death before the bytes and one before the question whether they are stored."""
        return upload(
            self.http,
            content,
            media_type,
            "file",
            patience=2 * PATIENCE_SECONDS,
            before_each=self.killer.strike,
        )

    def evidence(self, content: str, *files: Json) -> str:
        """Asked for until files has heard of the content, and of all that it names."""
        end = time.monotonic() + PATIENCE_SECONDS
        body = {"contents": [content], "files": [file["sha256"] for file in files]}
        while True:
            given = patiently(self.http, "POST", "/api/files/evidence", json=body).json()
            if given["contents"].get(content, {}).get("missing") == [] and not given["missing"]:
                return str(given["token"])
            assert time.monotonic() < end, given


@pytest.fixture
def day(running_stack: Stack) -> Iterator[tuple[Person, Person, Person, Stack]]:
    killer = Killer(running_stack)
    people = [
        Person(client(running_stack, who), killer)
        for who in ("technician", "enterprise", "regulator of the district")
    ]
    yield people[0], people[1], people[2], running_stack
    for person in people:
        person.http.close()


def test_death_before_every_step_loses_and_doubles_nothing(day: tuple[Person, Person, Person, Stack]) -> None:
    technician, enterprise, regulator, stack = day
    today = datetime.now(UTC).astimezone(SHANGHAI).date().isoformat()
    asked = {"from": today, "to": today, "by": "enterprise"}
    before = regulator.get("/views/board", **asked)["totals"]
    visit = str(uuid.uuid4())
    revisions = work(technician, visit)
    shown = technician.until(f"/views/visits/{visit}", "state", "complete")
    assert [sheet["heads"][0]["revision_id"] for sheet in shown["sheets"]] == revisions
    assert shown["content"]["sha256"] == shown["completed"]["content_sha256"]
    confirmation = str(uuid.uuid5(uuid.UUID(visit), "confirmation"))
    enterprise.until(f"/views/confirmations/{confirmation}", "state", "requested")
    sign(enterprise, stack, confirmation, shown["content"]["sha256"])
    signed = regulator.until(f"/views/confirmations/{confirmation}", "state", "signed")
    assert signed["signed_content_sha256"] == shown["content"]["sha256"]
    assert [step["what"] for step in signed["steps"]].count("signed") == 1
    assert [step["what"] for step in signed["steps"]].count("requested") == 1
    after = regulator.get("/views/board", **asked)["totals"]
    assert after["visits"] == before["visits"] + 1
    assert after["unsigned"] == before["unsigned"]
    assert set(technician.killer.killed) == set(NAMES), "every service has died"


def work(technician: Person, visit: str) -> list[str]:
    """A visit as a phone sends it; ids of the revisions."""
    bundle = technician.get("/views/tasks/today")["points"][0]
    now = datetime.now(UTC)
    opening = opening_of(bundle, now)
    path = f"/tasks/visits/{visit}"
    picture = technician.upload(picture_of(), "image/jpeg")
    sign_in: Json = {"claimed_at": now.isoformat(), "companions": [], "fix": None}
    technician.do(f"{path}/sign-in", {"opening": opening, "sign_in": sign_in})
    photo = {"photo_id": str(uuid.uuid4()), "of": "sign_in", "original": picture, "taken_at": now.isoformat()}
    technician.do(f"{path}/photos", {"opening": opening, "photo": photo})
    sheet = patrol_sheet(technician.get("/tasks/forms")["forms"], bundle, now)
    technician.do(f"{path}/sheets", {"opening": opening, "sheet": sheet})
    drawing = technician.upload(picture_of("PNG"), "image/png")
    strokes = technician.upload(drawn_strokes(), "application/json")
    sign_out = {
        "claimed_at": (now + timedelta(seconds=1)).isoformat(), "fix": None,
        "sheets": [sheet["revision_id"]], "photos": [photo["photo_id"]], "signature": {"image": drawing, "strokes": strokes},
    }  # fmt: skip
    technician.do(f"{path}/sign-out", {"opening": opening, "sign_out": sign_out})
    return [sheet["revision_id"]]


def sign(enterprise: Person, stack: Stack, confirmation: str, sha256: str) -> None:
    statement = enterprise.get("/signoff/statement")["version"]
    factor = patiently(
        enterprise.http, "POST", "/api/second-factor", json={"password": stack.password, "over": [sha256]}
    )
    drawing = enterprise.upload(picture_of("PNG"), "image/png")
    strokes = enterprise.upload(drawn_strokes(), "application/json")
    body = {
        "content_sha256": sha256, "statement_version": statement,
        "signature": {"image": drawing, "strokes": strokes}, "second_factor": factor.json()["token"],
        "evidence": enterprise.evidence(sha256, drawing, strokes),
    }  # fmt: skip
    enterprise.do(f"/signoff/confirmations/{confirmation}/signature", body)
