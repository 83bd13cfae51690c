"""Who may void what was registered by mistake, an instrument, a point or an outlet, and in which order, over HTTP."""

from uuid import UUID

import httpx
import pytest
from qingyuan_events import Actor
from registry_calls import Person, enterprise_with_point, plain
from samples import SINCE, outlet, point, water

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


def paths(whose: tuple[str, str, str]) -> tuple[str, str]:
    """Where its outlet and its point are voided."""
    _, outlet_id, point_id = whose
    return f"/outlets/{outlet_id}/voiding", f"/points/{point_id}/voiding"


async def codes_of(office: Person, *asked: str) -> list[tuple[int, str]]:
    answers = [await office.post(path, BODY) for path in asked]
    return [(answer.status_code, answer.json().get("code", "")) for answer in answers]


async def test_an_outlet_is_voided_after_its_point_and_a_point_after_its_instruments(office: Person) -> None:
    whose = await enterprise_with_point(office)
    instrument_id = await office.makes("/instruments", plain(water) | {"point_id": whose[2]})
    of_outlet, of_point = paths(whose)
    first = await codes_of(office, of_outlet, of_point)
    assert first == [(409, "children.not-voided"), (409, "children.not-voided")]
    in_order = (f"/instruments/{instrument_id}/voiding", of_point, of_outlet)
    assert await codes_of(office, *in_order) == [(202, "")] * 3
    assert await codes_of(office, of_point, of_outlet) == [
        (409, "monitoring_point.ended"),
        (409, "outlet.ended"),
    ]


async def test_a_point_whose_instrument_was_in_use_is_closed_and_not_voided(office: Person) -> None:
    whose = await enterprise_with_point(office)
    instrument_id = await office.makes("/instruments", plain(water) | {"point_id": whose[2]})
    end = {"valid_to": str(SINCE), "reason": "拆除"}
    assert (await office.post(f"/instruments/{instrument_id}/retirement", end)).status_code == 202
    assert await codes_of(office, paths(whose)[1]) == [(409, "children.not-voided")]


async def test_code_and_mn_number_of_a_voided_point_are_given_to_another(office: Person) -> None:
    _, outlet_id, _ = await enterprise_with_point(office)
    logged = point.model_copy(update={"code": "DW001-02", "mn": "A" * 24})
    mistaken = await office.makes("/points", plain(logged) | {"outlet_id": outlet_id})
    again = plain(logged) | {"outlet_id": outlet_id, "valid_from": str(SINCE)}
    assert (await office.post("/points", again)).json()["code"] == "point-code.taken"
    assert await codes_of(office, f"/points/{mistaken}/voiding") == [(202, "")]
    assert (await office.post("/points", again)).status_code == 202


async def test_nothing_is_added_under_what_was_voided(office: Person) -> None:
    _, outlet_id, point_id = whose = await enterprise_with_point(office)
    of_outlet, of_point = paths(whose)
    assert await codes_of(office, of_point) == [(202, "")]
    late = plain(water) | {"point_id": point_id, "valid_from": str(SINCE)}
    assert (await office.post("/instruments", late)).json()["code"] == "parent.closed"
    assert await codes_of(office, of_outlet) == [(202, "")]
    point_late = plain(point) | {"outlet_id": outlet_id, "valid_from": str(SINCE)}
    assert (await office.post("/points", point_late)).json()["code"] == "parent.closed"


@pytest.mark.parametrize(("district", "status"), [("310118", 202), ("310000", 202), ("310113", 404)])
async def test_a_regulator_voids_points_and_outlets_in_its_district(
    http: httpx.AsyncClient, office: Person, district: str, status: int
) -> None:
    of_outlet, of_point = paths(await enterprise_with_point(office))
    for path in (of_point, of_outlet):
        assert (await regulator(http, district).post(path, BODY)).status_code == status


async def test_another_enterprise_and_operators_void_no_points_and_outlets(
    http: httpx.AsyncClient, office: Person
) -> None:
    whose = await enterprise_with_point(office)
    for kind, status in (("enterprise", 404), ("operator", 403)):
        other = Person(http, Actor(account=UUID(int=4), kind=kind, organisation=UUID(int=99)))
        assert [(await other.post(path, BODY)).status_code for path in paths(whose)] == [status] * 2


async def test_the_outlets_code_is_free_after_its_voiding_and_not_for_what_is_closed(office: Person) -> None:
    enterprise_id, _, _ = whose = await enterprise_with_point(office)
    of_outlet, of_point = paths(whose)
    assert await codes_of(office, of_point, of_outlet) == [(202, "")] * 2
    anew = plain(outlet) | {"enterprise_id": enterprise_id}
    outlet_id = await office.makes("/outlets", anew)
    end = {"valid_to": str(SINCE), "reason": "封堵"}
    assert (await office.post(f"/outlets/{outlet_id}/closing", end)).status_code == 202
    answer = await office.post("/outlets", anew | {"valid_from": str(SINCE)})
    assert answer.json()["code"] == "outlet-code.taken"
