"""Who may void an instrument that was registered by mistake, over HTTP."""

from uuid import UUID

import httpx
import pytest
from qingyuan_events import Actor
from registry_calls import Person, enterprise_with_point, plain
from samples import SINCE, water

BODY = {"reason": "登记到了别的测点"}


@pytest.fixture
async def ids(office: Person) -> tuple[str, str, str]:
    """Enterprise, point and instrument."""
    enterprise_id, _, point_id = await enterprise_with_point(office)
    instrument = plain(water.model_copy(update={"serial_number": "SN-7"})) | {"point_id": point_id}
    return enterprise_id, point_id, await office.makes("/instruments", instrument)


def regulator(http: httpx.AsyncClient, district: str) -> Person:
    return Person(http, Actor(account=UUID(int=3), kind="regulator", district=district))


async def test_its_enterprise_voids_it_and_may_register_it_again(
    http: httpx.AsyncClient, ids: tuple[str, str, str]
) -> None:
    enterprise_id, point_id, instrument_id = ids
    owner = Person(http, Actor(account=UUID(int=2), kind="enterprise", organisation=UUID(enterprise_id)))
    path = f"/instruments/{instrument_id}/voiding"
    assert (await owner.post(path, BODY)).status_code == 202
    again = await owner.post(path, BODY)
    assert (again.status_code, again.json()["code"]) == (409, "instrument.ended")
    anew = plain(water.model_copy(update={"serial_number": "SN-7"})) | {"point_id": point_id}
    assert (await owner.post("/instruments", anew | {"valid_from": str(SINCE)})).status_code == 202


@pytest.mark.parametrize(("district", "status"), [("310118", 202), ("310000", 202), ("310113", 404)])
async def test_a_regulator_voids_in_its_district(
    http: httpx.AsyncClient, ids: tuple[str, str, str], district: str, status: int
) -> None:
    answer = await regulator(http, district).post(f"/instruments/{ids[2]}/voiding", BODY)
    assert answer.status_code == status


async def test_another_enterprise_and_operators_do_not(
    http: httpx.AsyncClient, ids: tuple[str, str, str]
) -> None:
    for kind, status in (("enterprise", 404), ("operator", 403)):
        other = Person(http, Actor(account=UUID(int=4), kind=kind, organisation=UUID(int=99)))
        assert (await other.post(f"/instruments/{ids[2]}/voiding", BODY)).status_code == status


async def test_a_reason_is_needed(office: Person, ids: tuple[str, str, str]) -> None:
    answer = await office.post(f"/instruments/{ids[2]}/voiding", {"reason": " "})
    assert (answer.status_code, [error["field"] for error in answer.json()["errors"]]) == (422, ["reason"])
