"""The registry over HTTP, on the fakes that pass the contract suites: retries, versions, answers, the contact."""

import time
import uuid
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import httpx
import pytest
from joserfc.jwk import OctKey
from qingyuan_events import Actor
from qingyuan_runtime.actors import issue
from registry.main import build_for_tests
from samples import SINCE, enterprise, outlet, point, sampler, water

KEY = OctKey.generate_key(256)
NOON = datetime(2026, 11, 24, 4, 0, tzinfo=UTC)
OFFICE = Actor(account=UUID(int=1), kind="administrator")


class Person:
    def __init__(self, http: httpx.AsyncClient, actor: Actor) -> None:
        self._http = http
        self._token = issue(actor, KEY, now=time.time())

    async def post(
        self, path: str, body: dict[str, Any], *, key: str | None = None, match: int | None = None
    ) -> httpx.Response:
        headers = {"Authorization": f"Bearer {self._token}", "Idempotency-Key": key or str(uuid.uuid4())}
        if match is not None:
            headers["If-Match"] = f'"{match}"'
        return await self._http.post(path, json=body, headers=headers)

    async def get(self, path: str) -> httpx.Response:
        return await self._http.get(path, headers={"Authorization": f"Bearer {self._token}"})

    async def makes(self, path: str, body: dict[str, Any]) -> str:
        answer = await self.post(path, body | {"valid_from": str(SINCE)})
        assert answer.status_code == 202, answer.text
        return str(answer.json()["stream"]).split("-", 1)[1]


@pytest.fixture
async def http() -> AsyncIterator[httpx.AsyncClient]:
    transport = httpx.ASGITransport(build_for_tests(NOON, KEY))
    async with httpx.AsyncClient(transport=transport, base_url="http://registry") as client:
        yield client


@pytest.fixture
def office(http: httpx.AsyncClient) -> Person:
    return Person(http, OFFICE)


def plain(model: Any) -> dict[str, Any]:
    dumped: dict[str, Any] = model.model_dump(mode="json", exclude_none=True)
    return {"particulars": dumped}


async def town(office: Person) -> tuple[str, str, str]:
    """An enterprise with an outlet and a point; their ids."""
    contact = {"contact": {"name": "周清源", "phone": "021-5555 0101"}}
    enterprise_id = await office.makes("/enterprises", plain(enterprise) | contact)
    outlet_id = await office.makes("/outlets", plain(outlet) | {"enterprise_id": enterprise_id})
    point_id = await office.makes("/points", plain(point) | {"outlet_id": outlet_id})
    return enterprise_id, outlet_id, point_id


async def test_a_retry_gets_the_same_answer_and_other_content_is_refused(office: Person) -> None:
    body = plain(enterprise) | {"valid_from": str(SINCE)}
    first = await office.post("/enterprises", body, key="a-key-of-mine")
    again = await office.post("/enterprises", body, key="a-key-of-mine")
    assert (first.status_code, first.json(), first.headers["etag"]) == (202, again.json(), '"1"')
    other = await office.post("/enterprises", body | {"valid_from": "2025-01-01"}, key="a-key-of-mine")
    assert (other.status_code, other.json()["code"]) == (422, "idempotency-key.reused")


async def test_a_command_without_a_key_is_refused(office: Person) -> None:
    answer = await office.post("/enterprises", plain(enterprise) | {"valid_from": str(SINCE)}, key="short")
    assert (answer.status_code, answer.json()["code"]) == (400, "idempotency-key.missing")


async def test_an_older_version_is_told_the_present_one(office: Person) -> None:
    _, outlet_id, _ = await town(office)
    named = plain(outlet.model_copy(update={"name": "新名"})) | {"valid_from": str(SINCE), "reason": "改名"}
    answer = await office.post(f"/outlets/{outlet_id}/correction", named, match=7)
    assert (answer.status_code, answer.json()["version"]) == (412, 1)
    answer = await office.post(f"/outlets/{outlet_id}/correction", named, match=1)
    assert (answer.status_code, answer.json()["version"]) == (202, 2)


async def test_shape_and_domain_name_the_field_in_the_same_way(office: Person) -> None:
    _, _, point_id = await town(office)
    body = plain(water) | {"point_id": point_id, "valid_from": str(SINCE)}
    without = body | {"particulars": {k: v for k, v in body["particulars"].items() if k != "model"}}
    blank = body | {"particulars": body["particulars"] | {"model": " "}}
    for wrong in (without, blank):
        answer = await office.post("/instruments", wrong)
        assert answer.status_code == 422
        assert [error["field"] for error in answer.json()["errors"]] == ["particulars.model"]
        assert answer.headers["content-type"] == "application/problem+json"


async def test_a_code_is_never_used_twice_even_after_its_end(office: Person) -> None:
    enterprise_id, outlet_id, point_id = await town(office)
    end = {"valid_to": "2026-01-01", "reason": "拆除"}
    assert (await office.post(f"/outlets/{outlet_id}/closing", end)).json()["code"] == "children.open"
    assert (await office.post(f"/points/{point_id}/closing", end)).status_code == 202
    assert (await office.post(f"/outlets/{outlet_id}/closing", end)).status_code == 202
    late = plain(point) | {"outlet_id": outlet_id, "valid_from": str(SINCE)}
    assert (await office.post("/points", late)).json()["code"] == "parent.closed"
    again = plain(outlet) | {"enterprise_id": enterprise_id, "valid_from": str(SINCE)}
    answer = await office.post("/outlets", again)
    assert (answer.status_code, answer.json()["code"]) == (409, "outlet-code.taken")


async def test_a_replacement_ends_one_and_begins_the_other(office: Person) -> None:
    _, _, point_id = await town(office)
    old = await office.makes("/instruments", plain(sampler) | {"point_id": point_id})
    body = plain(sampler.model_copy(update={"model": "SC-2"})) | {
        "valid_from": "2026-06-01",
        "reason": "故障",
    }
    answer = await office.post(f"/instruments/{old}/replacement", body, key="replace-it", match=1)
    assert answer.status_code == 202
    assert answer.json()["stream"] != f"instrument-{old}"
    again = await office.post(f"/instruments/{old}/replacement", body, key="replace-it", match=1)
    assert again.json() == answer.json()
    late = await office.post(f"/instruments/{old}/retirement", {"valid_to": "2026-07-01", "reason": "拆除"})
    assert late.json()["code"] == "instrument.ended"


async def test_what_was_tidied_is_told(office: Person) -> None:
    _, _, point_id = await town(office)
    body = plain(water.model_copy(update={"installer": "安装(上海)公司"})) | {"point_id": point_id}
    answer = await office.post("/instruments", body | {"valid_from": str(SINCE)})
    assert [note["field"] for note in answer.json()["notes"]] == ["installer"]


async def test_the_contact_is_read_erased_and_never_written_again(
    http: httpx.AsyncClient, office: Person
) -> None:
    enterprise_id, _, _ = await town(office)
    path = f"/enterprises/{enterprise_id}"
    assert (await office.get(f"{path}/contact")).json() == {"name": "周清源", "phone": "021-5555 0101"}
    district = Person(http, Actor(account=UUID(int=2), kind="regulator", district="310113"))
    assert (await district.get(f"{path}/contact")).status_code == 404
    assert (await office.post(f"{path}/contact-erasure", {"reason": "本人要求"})).status_code == 202
    assert (await office.get(f"{path}/contact")).json() == {"erased": True}
    body = plain(enterprise) | {
        "valid_from": str(SINCE),
        "reason": "更新",
        "contact": {"name": "新人", "phone": "12345"},
    }
    assert (await office.post(f"{path}/correction", body)).json()["code"] == "contact.erased"


async def test_no_token_or_a_forged_one_is_nobody(http: httpx.AsyncClient) -> None:
    forged = issue(OFFICE, OctKey.generate_key(256), now=time.time())
    expired = issue(OFFICE, KEY, now=time.time() - 3600)
    for headers in ({}, {"Authorization": f"Bearer {forged}"}, {"Authorization": f"Bearer {expired}"}):
        assert (await http.get("/options", headers=headers)).status_code == 401
