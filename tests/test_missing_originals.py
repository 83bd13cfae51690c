"""A visit whose photograph is still on the way: it is complete, and nobody signs it before the original is here."""

import hashlib
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import UTC, datetime
from typing import Any

import httpx
import pytest
from people import client, key
from qingyuan_cli.seeding.uploading import upload
from qingyuan_local.testing import Stack
from visiting import drawn_strokes, opening_of, patrol_sheet, picture_of

pytestmark = pytest.mark.servers

Json = dict[str, Any]
PATIENCE_SECONDS = 60
NOWHERE = {"sha256": "0" * 64, "size": 1, "media_type": "image/jpeg"}


@pytest.fixture(scope="module")
def technician(running_stack: Stack) -> Iterator[httpx.Client]:
    with closing(client(running_stack, "technician")) as http:
        yield http


@pytest.fixture(scope="module")
def enterprise(running_stack: Stack) -> Iterator[httpx.Client]:
    with closing(client(running_stack, "enterprise")) as http:
        yield http


def until(ask: Callable[[], httpx.Response], there: Callable[[Json], bool]) -> Json:
    end = time.monotonic() + PATIENCE_SECONDS
    while True:
        answer = ask()
        if answer.is_success and there(answer.json()):
            found: Json = answer.json()
            return found
        assert time.monotonic() < end, answer.text
        time.sleep(0.1)


def visit_with(technician: httpx.Client, original: Json) -> str:
    """A whole visit, as a phone sends it whose photograph waits for a better network."""
    bundle = technician.get("/api/views/tasks/today").json()["points"][0]
    now = datetime.now(UTC)
    visit, opening = str(uuid.uuid4()), opening_of(bundle, now)
    sheet = patrol_sheet(technician.get("/api/tasks/forms").json()["forms"], bundle, now)
    photo = {
        "photo_id": str(uuid.uuid4()),
        "of": "sign_in",
        "original": original,
        "taken_at": now.isoformat(),
    }
    sign_out = {
        "claimed_at": now.isoformat(), "sheets": [sheet["revision_id"]], "photos": [photo["photo_id"]],
        "signature": drawn(technician),
    }  # fmt: skip
    parts: dict[str, Json] = {
        "sign-in": {"sign_in": {"claimed_at": now.isoformat()}},
        "photos": {"photo": photo},
        "sheets": {"sheet": sheet},
        "sign-out": {"sign_out": sign_out},
    }
    for what, part in parts.items():
        answer = technician.post(
            f"/api/tasks/visits/{visit}/{what}", json={"opening": opening} | part, headers=key()
        )
        assert answer.status_code == 202, answer.text
    return visit


def drawn(http: httpx.Client) -> Json:
    return {
        "image": upload(http, picture_of("PNG"), "image/png", "签名.png"),
        "strokes": upload(http, drawn_strokes(), "application/json", "签名笔迹.json"),
    }


def sign(enterprise: httpx.Client, stack: Stack, visit: Json, signature: Json) -> httpx.Response:
    content = visit["content"]["sha256"]
    factor = enterprise.post("/api/second-factor", json={"password": stack.password, "over": [content]})
    files = {"contents": [content], "files": [original["sha256"] for original in signature.values()]}
    given = until(
        lambda: enterprise.post("/api/files/evidence", json=files), lambda said: content in said["contents"]
    )
    body = {
        "content_sha256": content,
        "statement_version": enterprise.get("/api/signoff/statement").json()["version"],
        "signature": signature,
        "second_factor": factor.json()["token"],
        "evidence": given["token"],
    }
    return enterprise.post(f"{confirmation(visit)}/signature", json=body, headers=key())


def confirmation(visit: Json) -> str:
    return f"/api/signoff/confirmations/{uuid.uuid5(uuid.UUID(visit['id']), 'confirmation')}"


def test_nobody_signs_before_the_original_is_here_and_nothing_that_is_not_stored_is_named(
    running_stack: Stack, technician: httpx.Client, enterprise: httpx.Client
) -> None:
    content = picture_of()
    sha256 = hashlib.sha256(content).hexdigest()
    original = {"sha256": sha256, "size": len(content), "media_type": "image/jpeg", "name": "站房.jpg"}
    id_ = visit_with(technician, original)
    visit = until(
        lambda: enterprise.get(f"/api/views/visits/{id_}"),
        lambda seen: None not in (seen["confirmation"], seen["content"]),
    )

    missing = until(
        lambda: enterprise.get(f"/api/files/visits/{id_}/missing"), lambda seen: seen["files"] == 3
    )
    assert missing["missing"] == [sha256]
    with closing(client(running_stack, "another enterprise")) as stranger:
        assert stranger.get(f"/api/files/visits/{id_}/missing").status_code == 404

    hand = drawn(enterprise)
    refused = sign(enterprise, running_stack, visit, hand)
    assert (refused.status_code, refused.json()["code"]) == (409, "evidence.incomplete"), refused.text
    assert "1 个文件的原件尚未上传" in refused.json()["title"]
    assert refused.headers["content-type"] == "application/problem+json"

    dispute = {"reason": "照片看不到", "photos": [NOWHERE]}
    for more in ({}, {"evidence": evidence_over_nothing(enterprise)}):
        answer = enterprise.post(f"{confirmation(visit)}/dispute", json=dispute | more, headers=key())
        assert (answer.status_code, answer.json()["errors"][0]["field"]) == (422, "photos.0"), answer.text

    upload(technician, content, "image/jpeg", "站房.jpg")
    assert enterprise.get(f"/api/files/visits/{id_}/missing").json() == {"files": 3, "missing": []}
    assert enterprise.get(f"/api/files/{sha256}").content == content
    unstored = sign(enterprise, running_stack, visit, hand | {"strokes": NOWHERE})
    assert (unstored.status_code, [error["field"] for error in unstored.json()["errors"]]) == (
        422,
        ["signature.strokes"],
    )
    signed = sign(enterprise, running_stack, visit, hand)
    assert signed.status_code == 202, signed.text


def evidence_over_nothing(enterprise: httpx.Client) -> str:
    given = enterprise.post("/api/files/evidence", json={"files": [NOWHERE["sha256"]]}).json()
    assert given["missing"] == [NOWHERE["sha256"]]
    return str(given["token"])
