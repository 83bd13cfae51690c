"""Who may request, confirm, refuse and withdraw a change of name, credit code or district."""

from uuid import UUID

import httpx
import pytest
from qingyuan_events import Actor
from qingyuan_events.registry import (
    EnterpriseParticulars,
)
from registry_calls import OFFICE, Person, enterprise_with_point, plain
from samples import CHANGE_REASON, MOVED, RENAMED, SINCE


@pytest.fixture
async def enterprise_id(office: Person) -> str:
    return (await enterprise_with_point(office))[0]


def regulator(http: httpx.AsyncClient, district: str) -> Person:
    return Person(http, Actor(account=UUID(int=3), kind="regulator", district=district))


async def requested(http: httpx.AsyncClient, enterprise_id: str, wanted: EnterpriseParticulars) -> str:
    owner = Person(http, Actor(account=UUID(int=2), kind="enterprise", organisation=UUID(enterprise_id)))
    body = plain(wanted) | {"valid_from": str(SINCE), "reason": CHANGE_REASON}
    answered = await owner.post(f"/enterprises/{enterprise_id}/correction", body)
    assert answered.status_code == 202
    assert {note["rule"] for note in answered.json()["notes"]} == {"change-requested"}
    # The response does not contain the id of the request, so it is read from the log.
    return answered.json()["stream"]


async def request_id(app: object, stream: str) -> str:
    facts = await app.state.repository.store.read(stream)  # type: ignore[attr-defined]
    return str(facts[-1].fact.request_id)


@pytest.mark.parametrize(
    ("kind", "district", "status"),
    [
        ("regulator", "310118", 202),
        ("regulator", "310000", 202),
        ("administrator", None, 202),
        ("regulator", "310113", 404),
        ("enterprise", None, 403),
        ("operator", None, 403),
    ],
)
async def test_who_may_confirm_or_refuse_a_change_of_name(
    app: object, http: httpx.AsyncClient, enterprise_id: str, kind: str, district: str | None, status: int
) -> None:
    change = await request_id(app, await requested(http, enterprise_id, RENAMED))
    who = {
        "kind": kind,
        "district": district,
        "organisation": enterprise_id if kind == "enterprise" else None,
    }
    person = Person(http, Actor.model_validate({"account": UUID(int=4)} | who))
    for what in ("confirmation", "refusal"):
        answered = await person.post(
            f"/enterprises/{enterprise_id}/changes/{change}/{what}", {"reason": "已核对"}
        )
        assert answered.status_code == (status if what == "confirmation" or status != 202 else 409)


async def test_a_move_to_another_district_is_confirmed_by_the_city_and_by_neither_district(
    app: object, http: httpx.AsyncClient, office: Person, enterprise_id: str
) -> None:
    change = await request_id(app, await requested(http, enterprise_id, MOVED))
    path = f"/enterprises/{enterprise_id}/changes/{change}"
    body = {"reason": "已核对"}
    assert (await regulator(http, "310118").post(f"{path}/confirmation", body)).json()[
        "code"
    ] == "change.moves-district"
    assert (await regulator(http, "310113").post(f"{path}/confirmation", body)).status_code == 404
    assert (await regulator(http, "310000").post(f"{path}/confirmation", body)).status_code == 202
    contact = f"/enterprises/{enterprise_id}/contact"
    assert (await regulator(http, "310113").get(contact)).status_code == 200
    assert (await regulator(http, "310118").get(contact)).status_code == 404


async def test_the_present_district_may_refuse_a_move(
    app: object, http: httpx.AsyncClient, enterprise_id: str
) -> None:
    change = await request_id(app, await requested(http, enterprise_id, MOVED))
    path = f"/enterprises/{enterprise_id}/changes/{change}/refusal"
    assert (await regulator(http, "310118").post(path, {"reason": "不同意"})).status_code == 202
    assert OFFICE.kind == "administrator"


async def test_a_name_is_confirmed_by_the_district_to_which_the_enterprise_was_moved_meanwhile(
    app: object, http: httpx.AsyncClient, office: Person, enterprise_id: str
) -> None:
    """The request changes the name only. That the district was corrected since does not make it a move."""
    change = await request_id(app, await requested(http, enterprise_id, RENAMED))
    moved = plain(MOVED) | {"valid_from": str(SINCE), "reason": "区划有误"}
    assert (await office.post(f"/enterprises/{enterprise_id}/correction", moved)).status_code == 202
    path = f"/enterprises/{enterprise_id}/changes/{change}/confirmation"
    assert (await regulator(http, "310113").post(path, {"reason": "已核对"})).status_code == 202
    contact = f"/enterprises/{enterprise_id}/contact"
    assert (await regulator(http, "310113").get(contact)).status_code == 200


@pytest.mark.parametrize(
    ("kind", "district", "own", "status"),
    [
        ("enterprise", None, True, 202),
        ("enterprise", None, False, 404),
        ("operator", None, False, 403),
        ("regulator", "310118", False, 403),
        ("regulator", "310000", False, 403),
        ("administrator", None, False, 403),
    ],
)
async def test_who_may_withdraw_a_request(
    app: object,
    http: httpx.AsyncClient,
    enterprise_id: str,
    kind: str,
    district: str | None,
    own: bool,
    status: int,
) -> None:
    stream = await requested(http, enterprise_id, RENAMED)
    path = f"/enterprises/{enterprise_id}/changes/{await request_id(app, stream)}"
    organisation = {"operator": UUID(int=9), "enterprise": UUID(enterprise_id) if own else UUID(int=9)}
    who = {"kind": kind, "district": district, "organisation": organisation.get(kind)}
    person = Person(http, Actor.model_validate({"account": UUID(int=4)} | who))
    assert (await person.post(f"{path}/withdrawal", {"reason": "尚未办妥"})).status_code == status
    confirmed = await regulator(http, "310118").post(f"{path}/confirmation", {"reason": "已核对"})
    assert confirmed.status_code == (409 if status == 202 else 202)


async def test_a_repeated_withdrawal_has_the_same_answer_and_one_after_a_decision_is_refused(
    app: object, http: httpx.AsyncClient, enterprise_id: str
) -> None:
    owner = Person(http, Actor(account=UUID(int=2), kind="enterprise", organisation=UUID(enterprise_id)))
    stream = await requested(http, enterprise_id, RENAMED)
    path = f"/enterprises/{enterprise_id}/changes/{await request_id(app, stream)}"
    answers = [
        await owner.post(f"{path}/withdrawal", {"reason": "尚未办妥"}, key="one-of-mine") for _ in range(2)
    ]
    assert [answer.status_code for answer in answers] == [202, 202]
    assert answers[0].json() == answers[1].json()
    assert await requested(http, enterprise_id, RENAMED) == stream  # it may ask again
    again = f"/enterprises/{enterprise_id}/changes/{await request_id(app, stream)}"
    assert (await regulator(http, "310118").post(f"{again}/refusal", {"reason": "不符"})).status_code == 202
    late = await owner.post(f"{again}/withdrawal", {"reason": "尚未办妥"})
    assert (late.status_code, late.json()["code"]) == (409, "change.decided")
