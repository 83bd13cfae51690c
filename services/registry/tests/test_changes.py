"""Name, credit code and district: an enterprise requests a change, and an authority answers."""

from dataclasses import replace
from datetime import date
from typing import Any
from uuid import UUID

import httpx
import pytest
from qingyuan_events import Actor
from qingyuan_events.registry import (
    EnterpriseChangeConfirmed,
    EnterpriseChangeRefused,
    EnterpriseChangeRequested,
    EnterpriseChangeWithdrawn,
    EnterpriseClosed,
    EnterpriseCorrected,
    EnterpriseIdentity,
    EnterpriseParticulars,
)
from qingyuan_runtime.domain.testing import given
from registry.domain.enterprises.commands import CorrectEnterprise, DecideChange, WithdrawChange
from registry.domain.enterprises.decider import ENTERPRISE as ENTERPRISES
from registry_calls import OFFICE, Person, plain, town
from samples import ENTERPRISE, NEW, OLD, SINCE, TODAY, enterprise, enterprise_registered

LATER = date(2026, 6, 1)
RENAMED = enterprise.model_copy(update={"name": "上海新泉化工有限公司"})
MOVED = enterprise.model_copy(update={"district": "310113"})
REASON = "换发营业执照"


def request(wanted: EnterpriseParticulars, request_id: UUID = NEW) -> EnterpriseChangeRequested:
    known = EnterpriseIdentity(name=wanted.name, uscc=wanted.uscc, district=wanted.district)
    return EnterpriseChangeRequested(
        enterprise_id=ENTERPRISE, request_id=request_id, wanted=known, valid_from=LATER, reason=REASON
    )


def correct(wanted: EnterpriseParticulars, request_id: UUID | None = NEW) -> CorrectEnterprise:
    return CorrectEnterprise(
        enterprise_id=ENTERPRISE,
        particulars=wanted,
        contact=None,
        valid_from=LATER,
        reason=REASON,
        today=TODAY,
        request_id=request_id,
    )


def corrected(particulars: EnterpriseParticulars) -> EnterpriseCorrected:
    return EnterpriseCorrected(
        enterprise_id=ENTERPRISE, particulars=particulars, valid_from=LATER, reason=REASON
    )


def answer(confirmed: bool, request_id: UUID = NEW, reason: str = "已核对") -> DecideChange:
    return DecideChange(
        enterprise_id=ENTERPRISE, request_id=request_id, confirmed=confirmed, reason=reason, today=TODAY
    )


def test_an_enterprise_requests_what_others_know_it_by_and_corrects_the_rest() -> None:
    given(ENTERPRISES, enterprise_registered).when(correct(RENAMED)).then(request(RENAMED))
    both = RENAMED.model_copy(update={"address": "新址"})
    only_address = enterprise.model_copy(update={"address": "新址"})
    given(ENTERPRISES, enterprise_registered).when(correct(both)).then(corrected(only_address), request(both))
    given(ENTERPRISES, enterprise_registered).when(correct(only_address)).then(corrected(only_address))


def test_an_administrator_s_correction_takes_effect_at_once() -> None:
    given(ENTERPRISES, enterprise_registered).when(correct(RENAMED, None)).then(corrected(RENAMED))


def test_what_is_requested_must_be_right_by_itself() -> None:
    wrong = enterprise.model_copy(update={"uscc": "1", "district": "110000"})
    given(ENTERPRISES, enterprise_registered).when(correct(wrong)).refused(
        "command.invalid", "particulars.uscc", "particulars.district"
    )


def test_a_confirmed_change_is_a_correction_and_a_refused_one_is_none() -> None:
    confirmed = EnterpriseChangeConfirmed(enterprise_id=ENTERPRISE, request_id=NEW, reason="已核对")
    refused = EnterpriseChangeRefused(enterprise_id=ENTERPRISE, request_id=NEW, reason="已核对")
    asked = (enterprise_registered, request(RENAMED))
    given(ENTERPRISES, *asked).when(answer(True)).then(confirmed, corrected(RENAMED))
    given(ENTERPRISES, *asked).when(answer(False)).then(refused)
    given(ENTERPRISES, *asked).when(answer(True, reason="")).refused("command.invalid", "reason")
    given(ENTERPRISES, *asked, refused).when(answer(True)).refused("change.decided")


def test_what_changed_meanwhile_is_kept_by_the_confirmation() -> None:
    address = enterprise.model_copy(update={"address": "新址"})
    both = RENAMED.model_copy(update={"address": "新址"})
    confirmed = EnterpriseChangeConfirmed(enterprise_id=ENTERPRISE, request_id=NEW, reason="已核对")
    given(ENTERPRISES, enterprise_registered, request(RENAMED), corrected(address)).when(answer(True)).then(
        confirmed, corrected(both)
    )


FIXED = {"uscc": "91310115MA1H7XQT0Q", "district": "310115", "name": "上海清泉化工集团有限公司"}


@pytest.mark.parametrize("asked", ["name", "uscc", "district"])
@pytest.mark.parametrize("fixed", ["name", "uscc", "district"])
def test_a_confirmation_changes_what_was_asked_for_and_nothing_beside(asked: str, fixed: str) -> None:
    """A correction by an administrator while a request waits is not undone by its confirmation."""
    ask = {"name": RENAMED.name, "uscc": "913100006072021647", "district": MOVED.district}[asked]
    wanted = enterprise.model_copy(update={asked: ask})
    right = enterprise.model_copy(update={fixed: FIXED[fixed]})
    state = ENTERPRISES.fold((enterprise_registered, request(wanted), corrected(right)))
    last = ENTERPRISES.decide(answer(True), state)[-1]
    assert last == corrected(enterprise.model_copy(update={fixed: FIXED[fixed], asked: ask}))


def test_the_same_asked_for_again_is_one_request_unless_its_day_or_reason_is_another() -> None:
    asked = (enterprise_registered, request(RENAMED))
    sooner = correct(RENAMED, OLD)
    others: tuple[dict[str, Any], ...] = ({"valid_from": SINCE}, {"reason": "更名登记"})
    for other in others:
        again = request(RENAMED, OLD).model_copy(update=other)
        given(ENTERPRISES, *asked).when(replace(sooner, **other)).then(again)
    both = RENAMED.model_copy(update={"address": "新址"})
    only_address = enterprise.model_copy(update={"address": "新址"})
    day: dict[str, Any] = {"valid_from": date(2026, 7, 1)}
    given(ENTERPRISES, *asked).when(replace(correct(both, OLD), **day)).then(
        corrected(only_address).model_copy(update=day), request(both, OLD).model_copy(update=day)
    )


def test_what_was_corrected_meanwhile_is_asked_for_only_by_who_names_it() -> None:
    """The same change requested again is the same request; one that undoes the administrator's correction is a new one."""
    right = enterprise.model_copy(update={"district": FIXED["district"]})
    meanwhile = (enterprise_registered, request(RENAMED), corrected(right))
    beside = RENAMED.model_copy(update={"district": FIXED["district"]})
    given(ENTERPRISES, *meanwhile).when(correct(beside, OLD)).refused("correction.empty")
    given(ENTERPRISES, *meanwhile).when(correct(RENAMED, OLD)).then(request(RENAMED, OLD))


def test_a_newer_request_takes_the_place_of_one_that_waits() -> None:
    given(ENTERPRISES, enterprise_registered, request(RENAMED)).when(correct(RENAMED, OLD)).refused(
        "correction.empty"
    )
    given(ENTERPRISES, enterprise_registered, request(RENAMED)).when(correct(MOVED, OLD)).then(
        request(MOVED, OLD)
    )
    given(ENTERPRISES, enterprise_registered, request(RENAMED), request(MOVED, OLD)).when(
        answer(True)
    ).refused("change.decided")


def test_a_closed_enterprise_has_nothing_to_decide() -> None:
    closed = EnterpriseClosed(enterprise_id=ENTERPRISE, valid_to=LATER, reason="关停")
    given(ENTERPRISES, enterprise_registered, request(RENAMED), closed).when(answer(True)).refused(
        "enterprise.ended"
    )


def test_an_enterprise_takes_back_what_nobody_has_answered_and_may_ask_again() -> None:
    withdraw = WithdrawChange(enterprise_id=ENTERPRISE, request_id=NEW, reason="尚未办妥")
    withdrawn = EnterpriseChangeWithdrawn(enterprise_id=ENTERPRISE, request_id=NEW, reason="尚未办妥")
    asked = (enterprise_registered, request(RENAMED))
    given(ENTERPRISES, *asked).when(withdraw).then(withdrawn)
    given(ENTERPRISES, *asked).when(
        WithdrawChange(enterprise_id=ENTERPRISE, request_id=NEW, reason="")
    ).refused("command.invalid", "reason")
    for confirmed in (True, False):
        given(ENTERPRISES, *asked, withdrawn).when(answer(confirmed)).refused("change.decided")
    given(ENTERPRISES, *asked, withdrawn).when(withdraw).refused("change.decided")
    given(ENTERPRISES, *asked, withdrawn).when(correct(RENAMED, OLD)).then(request(RENAMED, OLD))


def test_what_has_been_answered_or_replaced_is_not_taken_back() -> None:
    body = {"enterprise_id": ENTERPRISE, "request_id": NEW, "reason": "已核对"}
    asked, withdraw = (
        (enterprise_registered, request(RENAMED)),
        WithdrawChange(enterprise_id=ENTERPRISE, request_id=NEW, reason="尚未办妥"),
    )
    answered = (EnterpriseChangeConfirmed.model_validate(body), corrected(RENAMED))
    refused = EnterpriseChangeRefused.model_validate(body)
    for facts in (answered, (refused,), (request(MOVED, OLD),)):
        given(ENTERPRISES, *asked, *facts).when(withdraw).refused("change.decided")
    closed = EnterpriseClosed(enterprise_id=ENTERPRISE, valid_to=LATER, reason="关停")
    given(ENTERPRISES, *asked, closed).when(withdraw).refused("enterprise.ended")
    given(ENTERPRISES, enterprise_registered).when(withdraw).refused("change.decided")


@pytest.fixture
async def enterprise_id(office: Person) -> str:
    return (await town(office))[0]


def regulator(http: httpx.AsyncClient, district: str) -> Person:
    return Person(http, Actor(account=UUID(int=3), kind="regulator", district=district))


async def requested(http: httpx.AsyncClient, enterprise_id: str, wanted: EnterpriseParticulars) -> str:
    owner = Person(http, Actor(account=UUID(int=2), kind="enterprise", organisation=UUID(enterprise_id)))
    body = plain(wanted) | {"valid_from": str(SINCE), "reason": REASON}
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
async def test_who_may_confirm_a_name(
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


async def test_a_move_is_confirmed_by_neither_district(
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


async def test_a_withdrawal_is_repeated_without_harm_and_comes_too_late_after_an_answer(
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
