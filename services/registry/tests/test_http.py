"""The registry over HTTP, on the fakes that pass the contract suites: retries, versions, answers."""

import time
from typing import Any

import httpx
import pytest
from qingyuan_runtime.tokens.actors import issue
from qingyuan_runtime.tokens.issuers import EveryIssuer
from registry_calls import KEY, OFFICE, Person, enterprise_with_point, plain
from samples import SINCE, enterprise, outlet, point, sampler, water


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
    _, outlet_id, _ = await enterprise_with_point(office)
    named = plain(outlet.model_copy(update={"name": "新名"})) | {"valid_from": str(SINCE), "reason": "改名"}
    answer = await office.post(f"/outlets/{outlet_id}/correction", named, match=7)
    assert (answer.status_code, answer.json()["version"]) == (412, 1)
    answer = await office.post(f"/outlets/{outlet_id}/correction", named, match=1)
    assert (answer.status_code, answer.json()["version"]) == (202, 2)


async def test_shape_and_domain_name_the_field_in_the_same_way(office: Person) -> None:
    _, _, point_id = await enterprise_with_point(office)
    body = plain(water) | {"point_id": point_id, "valid_from": str(SINCE)}
    without = body | {"particulars": {k: v for k, v in body["particulars"].items() if k != "model"}}
    blank = body | {"particulars": body["particulars"] | {"model": " "}}
    for wrong in (without, blank):
        answer = await office.post("/instruments", wrong)
        assert answer.status_code == 422
        assert [error["field"] for error in answer.json()["errors"]] == ["particulars.model"]
        assert answer.headers["content-type"] == "application/problem+json"


async def test_a_code_is_never_used_twice_even_after_its_end(office: Person) -> None:
    enterprise_id, outlet_id, point_id = await enterprise_with_point(office)
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
    _, _, point_id = await enterprise_with_point(office)
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
    _, _, point_id = await enterprise_with_point(office)
    body = plain(water.model_copy(update={"installer": "安装(上海)公司"})) | {"point_id": point_id}
    answer = await office.post("/instruments", body | {"valid_from": str(SINCE)})
    assert [note["field"] for note in answer.json()["notes"]] == ["installer"]


async def test_no_token_or_a_forged_one_is_nobody(http: httpx.AsyncClient) -> None:
    forged = issue(OFFICE, EveryIssuer(), now=time.time())
    expired = issue(OFFICE, KEY, now=time.time() - 3600)
    for headers in ({}, {"Authorization": f"Bearer {forged}"}, {"Authorization": f"Bearer {expired}"}):
        assert (await http.get("/options", headers=headers)).status_code == 401


async def test_the_same_device_twice_at_a_point_warns_and_can_be_gone_on_with(office: Person) -> None:
    _, _, point_id = await enterprise_with_point(office)
    body = plain(water.model_copy(update={"serial_number": "SN-7"})) | {"point_id": point_id}
    first = await office.makes("/instruments", body)
    again = plain(water.model_copy(update={"serial_number": "sn-7", "brand": "另一品牌"}))
    again |= {"point_id": point_id, "valid_from": str(SINCE)}
    refused = await office.post("/instruments", again)
    assert (refused.status_code, refused.json()["code"]) == (409, "instrument.duplicate")
    assert refused.json()["instrument_id"] == first
    assert (await office.post("/instruments", again | {"despite_duplicate": True})).status_code == 202


async def test_another_factor_or_serial_number_or_none_is_no_duplicate(office: Person) -> None:
    _, _, point_id = await enterprise_with_point(office)
    for changed in ({"serial_number": "SN-7"}, {"serial_number": "SN-8"}, {"serial_number": None}, {}):
        await office.makes("/instruments", plain(water.model_copy(update=changed)) | {"point_id": point_id})


async def two_at_a_point(office: Person) -> tuple[str, str]:
    """Their serial numbers are SN-1 and SN-2."""
    _, _, point_id = await enterprise_with_point(office)
    made = [
        await office.makes("/instruments", plain(device) | {"point_id": point_id})
        for device in (water.model_copy(update={"serial_number": number}) for number in ("SN-1", "SN-2"))
    ]
    return made[0], made[1]


def numbered(serial_number: str, **more: str) -> dict[str, Any]:
    body = plain(water.model_copy(update={"serial_number": serial_number, **more}))
    return body | {"valid_from": "2026-06-01", "reason": "核对铭牌"}


@pytest.mark.parametrize("what", ["correction", "replacement"])
async def test_a_correction_or_replacement_into_another_one_asks_as_a_registration_does(
    office: Person, what: str
) -> None:
    first, second = await two_at_a_point(office)
    refused = await office.post(f"/instruments/{second}/{what}", numbered("sn-1"), match=1)
    assert (refused.status_code, refused.json()["code"]) == (409, "instrument.duplicate")
    assert refused.json()["instrument_id"] == first
    body = numbered("sn-1") | {"despite_duplicate": True}
    taken, again = [
        await office.post(f"/instruments/{second}/{what}", body, key="go on with it", match=1)
        for _ in range(2)
    ]
    assert (taken.status_code, again.json()) == (202, taken.json())


async def test_a_correction_that_leaves_the_identity_or_takes_a_free_one_asks_nothing(office: Person) -> None:
    first, second = await two_at_a_point(office)
    path = f"/instruments/{second}/correction"
    assert (await office.post(path, numbered("SN-3"), match=1)).status_code == 202
    body = numbered("SN-1") | {"despite_duplicate": True}
    assert (await office.post(path, body, match=2)).status_code == 202
    other_field = numbered("SN-1", brand="另一品牌")
    assert (await office.post(path, other_field, match=3)).status_code == 202, (
        "it has been asked about before"
    )
    own = numbered("SN-1", brand="又一品牌")
    assert (await office.post(f"/instruments/{first}/replacement", own, match=1)).status_code == 409
    ended = await office.post(
        f"/instruments/{second}/retirement", {"valid_to": "2026-07-01", "reason": "拆除"}
    )
    assert ended.status_code == 202
    assert (await office.post(f"/instruments/{first}/replacement", own, match=1)).status_code == 202


async def test_a_retry_is_no_duplicate_of_its_first_try(office: Person) -> None:
    _, _, point_id = await enterprise_with_point(office)
    body = plain(water.model_copy(update={"serial_number": "SN-7"}))
    body |= {"point_id": point_id, "valid_from": str(SINCE)}
    first, second = [await office.post("/instruments", body, key="the same") for _ in range(2)]
    assert (first.status_code, second.json()) == (202, first.json())
