"""Visits over HTTP, on the fakes that pass the contract suites: who may send them, what is refused, and repeats."""

from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

import httpx
import pytest
from fastapi import FastAPI
from qingyuan_runtime.log.store import Write
from visit_calls import (
    COMMANDS,
    OPENING,
    OTHER_CONTRACT,
    OTHER_OPERATOR,
    SHEET_BODY,
    SIGN_IN,
    SIGN_OUT,
    Phone,
    actor,
    event_types,
)
from visit_samples import (
    OPERATOR,
    VISIT,
    plan,
    recorded,
)


async def test_a_visit_from_sign_in_to_completion(app: FastAPI, phone: Phone) -> None:
    for what, version in (("sign-in", 2), ("sheets", 3), ("photos", 4), ("sign-out", 6)):
        answer = await phone.send(what)
        assert (answer.status_code, answer.json()) == (202, {"stream": f"visit-{VISIT}", "version": version})
    assert await event_types(app) == [
        "visit.opened",
        "visit.signed_in",
        "visit.sheet_recorded",
        "visit.photo_added",
        "visit.signed_out",
        "visit.completed",
    ]


@pytest.mark.parametrize("what", COMMANDS)
async def test_a_repeat_under_any_key_adds_nothing(app: FastAPI, phone: Phone, what: str) -> None:
    first = await phone.send(what, key="the-first-key")
    assert first.status_code == 202, first.text
    for key in ("the-first-key", "another-key"):
        again = await phone.send(what, key=key)
        assert (again.status_code, again.json()) == (202, first.json())
    assert len(await event_types(app)) == 2


@pytest.mark.parametrize("what", COMMANDS)
async def test_only_the_operator_of_a_visit_writes_it(
    http: httpx.AsyncClient, phone: Phone, what: str
) -> None:
    assert (await phone.send("sign-in")).status_code == 202
    for somebody, status in (
        (None, 401),
        (actor("enterprise", UUID(int=1)), 403),
        (actor("regulator", None), 403),
        (actor("administrator", None), 403),
        (actor("operator", None), 403),
        (actor("operator", OTHER_OPERATOR), 404),
    ):
        assert (await Phone(http, somebody).send(what)).status_code == status
    own = OPENING | {"contract_id": str(OTHER_CONTRACT)}
    answer = await Phone(http, actor("operator", OTHER_OPERATOR)).send(what, opening=own)
    assert (answer.status_code, answer.json()["code"]) == (404, "visit.missing")


async def test_a_point_or_contract_that_nobody_knows_is_missing(phone: Phone) -> None:
    for changes, code in (
        ({"point_id": str(UUID(int=99))}, "point.missing"),
        ({"contract_id": str(UUID(int=99))}, "contract.missing"),
    ):
        answer = await phone.send("sign-in", opening=OPENING | changes)
        assert (answer.status_code, answer.json()["code"]) == (404, code)
    answer = await phone.send("sign-in", opening=OPENING | {"contract_id": None})
    assert (answer.status_code, answer.json()["code"]) == (409, "point.not-contracted")


async def test_the_windows_of_another_operators_plan_are_refused(app: FastAPI, phone: Phone) -> None:
    own, theirs = UUID(int=81), UUID(int=82)
    for plan_id, operator_id in ((own, OPERATOR), (theirs, OTHER_OPERATOR)):
        published = plan.model_copy(update={"plan_id": plan_id, "operator_id": operator_id})
        meta = recorded("any", [published])[0].meta
        await app.state.repository.store.append([Write(f"plan-{plan_id}", 0, (published,))], meta, "f")
    cycles = [{"plan_id": str(plan_id), "item": 0, "number": 1} for plan_id in (own, theirs)]
    answer = await phone.send("sign-in", opening=OPENING | {"cycles": cycles})
    assert [error["field"] for error in answer.json()["errors"]] == ["opening.cycles.1"]
    assert (await phone.send("sign-in", opening=OPENING | {"cycles": cycles[:1]})).status_code == 202


CLOCKS = {
    "2018-01-01T09:00:00+08:00": datetime(2018, 1, 1, 1, tzinfo=UTC),
    "2027-11-24T09:00:00+08:00": datetime(2027, 11, 24, 1, tzinfo=UTC),
    "1970-01-01T00:00:00Z": datetime(1970, 1, 1, tzinfo=UTC),
    "0001-01-01T00:00:00+08:00": datetime(1, 1, 2, tzinfo=UTC),
    "9999-12-31T23:59:59-08:00": datetime(9999, 12, 30, tzinfo=UTC),
    "+275760-09-13T00:00:00.000Z": datetime(9999, 12, 30, tzinfo=UTC),
    "-271821-04-20T00:00:00.000Z": datetime(1, 1, 2, tzinfo=UTC),
}


@pytest.mark.parametrize("said", CLOCKS)
async def test_a_phones_clock_is_never_a_reason_to_refuse_and_never_the_day(
    phone: Phone, app: FastAPI, said: str
) -> None:
    """The phone's clock is wrong, and so is every time that it sends: all are kept as sent, and marked."""
    opening = OPENING | {"claimed_at": said}
    fix = SIGN_IN["fix"] | {"fixed_at": said}  # type: ignore[operator]
    bodies: dict[str, dict[str, Any]] = {
        "sign-in": {"sign_in": SIGN_IN | {"claimed_at": said, "fix": fix}},
        "sheets": {"sheet": SHEET_BODY | {"claimed_at": said}},
        "photos": {"photo": COMMANDS["photos"]["photo"] | {"taken_at": said}},
        "backfill": COMMANDS["backfill"] | {"claimed_at": said},
        "sign-out": {"sign_out": SIGN_OUT | {"claimed_at": said, "fix": fix}},
    }
    for what, body in bodies.items():
        answer = await phone.send(what, opening=opening, **body)
        assert answer.status_code == 202, answer.text
    facts = {
        recorded_fact.fact.type: recorded_fact.fact
        for recorded_fact in await app.state.repository.store.read(f"visit-{VISIT}")
    }
    completed, signed_in = facts["visit.completed.v1"], facts["visit.signed_in.v1"]
    assert completed.day == date(2026, 11, 24)
    assert signed_in.sign_in.claimed_at == CLOCKS[said]
    assert signed_in.sign_in.judged.marks == ("clock_skew",)


@pytest.mark.parametrize(
    ("what", "changes", "field"),
    [
        ("photos", {"photo": COMMANDS["photos"]["photo"] | {"of": "nothing"}}, "photo"),
        ("sign-in", {"sign_in": SIGN_IN | {"fix": SIGN_IN["fix"] | {"accuracy_m": "1E+9"}}}, "sign_in.fix"),  # type: ignore[operator]
        ("backfill", {"reason_class": "lazy"}, "reason_class"),
        ("abort", {"reason": "  "}, "reason"),
        ("abort", {"reason": "a\x07b"}, "reason"),
    ],
)
async def test_malformed_fields_are_refused(
    phone: Phone, what: str, changes: dict[str, Any], field: str
) -> None:
    answer = await phone.send(what, **changes)
    assert (answer.status_code, answer.json()["code"]) == (422, "request.malformed"), answer.text
    assert [error["field"] for error in answer.json()["errors"]] == [field]


async def test_times_are_kept_in_utc(app: FastAPI, phone: Phone) -> None:
    await phone.send("sign-in")
    opened, signed_in = (
        recorded_fact.fact for recorded_fact in await app.state.repository.store.read(f"visit-{VISIT}")
    )
    assert '"claimed_at":"2026-11-24T01:00:00Z"' in opened.model_dump_json()
    assert '"claimed_at":"2026-11-24T01:00:00Z"' in signed_in.model_dump_json()
    assert opened.received_at - opened.claimed_at == timedelta(minutes=1)
