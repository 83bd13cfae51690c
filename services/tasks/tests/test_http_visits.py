"""Visits over HTTP, on the fakes that pass the contract suites: who may, what is refused, and repeats."""

import json
import time
import uuid
from collections.abc import AsyncIterator
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

import httpx
import pytest
from conforming import Conforming
from fastapi import FastAPI
from qingyuan_events import Actor
from qingyuan_runtime.domain import text
from qingyuan_runtime.log.store import Write
from qingyuan_runtime.tokens.actors import issue
from qingyuan_runtime.tokens.issuers import EveryIssuer
from tasks.main import SERVICE
from tasks.shared.repository import Repository
from visit_samples import (
    ANALYSER,
    CONTRACT,
    FIRST,
    MORNING,
    OPERATOR,
    OTHER_SHEET,
    PHOTO,
    POINT,
    RECEIVED,
    SECOND,
    SHEET,
    TECHNICIAN,
    TOWN,
    VISIT,
    confirmed,
    near,
    patrol,
    photo,
    plan,
    recorded,
    signature,
    submitted,
)

KEY = EveryIssuer()
OTHER_OPERATOR, OTHER_CONTRACT = UUID(int=71), UUID(int=72)
OPENING = {
    "point_id": str(POINT),
    "contract_id": str(CONTRACT),
    "cycles": [],
    "claimed_at": "2026-11-24T09:00:00+08:00",
}
SIGN_IN = {"claimed_at": "2026-11-24T09:00:00+08:00", "companions": [], "fix": near().model_dump(mode="json")}
SHEET_BODY: dict[str, Any] = {
    "sheet_id": str(SHEET),
    "revision_id": str(FIRST),
    "supersedes": [],
    "form": "patrol_wastewater",
    "form_version": 1,
    "content": "patrol",
    "instruments": [str(ANALYSER)],
    "values": patrol(room_humidity="120"),
    "used": [{"name": "蠕动泵管", "quantity": "1", "unit": "根", "lot": None, "expires": "2027-05-01"}],
    "claimed_at": MORNING.isoformat(),
    "reason": None,
}
SIGN_OUT = {
    "claimed_at": MORNING.isoformat(),
    "fix": None,
    "sheets": [str(FIRST)],
    "photos": [str(PHOTO)],
    "signature": signature.model_dump(mode="json"),
}
CLAIM = {"claimed_at": MORNING.isoformat()}
COMMANDS: dict[str, dict[str, Any]] = {
    "sign-in": {"sign_in": SIGN_IN},
    "sheets": {"sheet": SHEET_BODY},
    "photos": {"photo": photo().model_dump(mode="json")},
    "sign-out": {"sign_out": SIGN_OUT},
    "backfill": {"reason_class": "signal", "explanation": "没有信号", **CLAIM},
    "obstruction": {"what": "不让进入", **CLAIM},
    "abort": {"reason": "暴雨", **CLAIM},
}


class Phone:
    def __init__(self, http: httpx.AsyncClient, actor: Actor | None) -> None:
        self._http = http
        self._headers = {"Authorization": f"Bearer {issue(actor, KEY, now=time.time())}"} if actor else {}

    async def say(
        self, what: str, *, key: str | None = None, visit: UUID = VISIT, **changes: Any
    ) -> httpx.Response:
        body = {"opening": OPENING, **COMMANDS[what], **changes}
        headers = {**self._headers, "Idempotency-Key": key or str(uuid.uuid4())}
        headers["Content-Type"] = "application/json"
        return await self._http.post(f"/visits/{visit}/{what}", content=json.dumps(body), headers=headers)

    async def sheet(self, **changes: Any) -> httpx.Response:
        return await self.say("sheets", sheet={**SHEET_BODY, **changes})


def actor(kind: Any = "operator", organisation: UUID | None = OPERATOR) -> Actor:
    return Actor(account=TECHNICIAN, kind=kind, organisation=organisation, district="310118")


@pytest.fixture
async def app() -> FastAPI:
    """The service with the town's register and two operators, each with a contract for the point."""
    app = SERVICE.twin(lambda: RECEIVED, KEY)
    repository: Repository = app.state.repository
    repository.register.apply(*TOWN)  # type: ignore[attr-defined]
    own = {"contract_id": CONTRACT, "operator_id": OPERATOR}
    theirs = {"contract_id": OTHER_CONTRACT, "operator_id": OTHER_OPERATOR}
    for whose in (own, theirs):
        facts = tuple(fact.model_copy(update=whose) for fact in (submitted, confirmed))
        meta = recorded("any", facts)[0].meta
        await repository.store.append([Write(f"contract-{whose['contract_id']}", 0, facts)], meta, "f")
    return app


@pytest.fixture
async def http(app: FastAPI) -> AsyncIterator[httpx.AsyncClient]:
    async with httpx.AsyncClient(transport=Conforming(app), base_url="http://tasks") as client:
        yield client


@pytest.fixture
def phone(http: httpx.AsyncClient) -> Phone:
    return Phone(http, actor())


async def types(app: FastAPI) -> list[str]:
    repository: Repository = app.state.repository
    return [
        recorded_fact.fact.type.removesuffix(".v1")
        for recorded_fact in await repository.store.read(f"visit-{VISIT}")
    ]


async def test_a_visit_from_sign_in_to_completion(app: FastAPI, phone: Phone) -> None:
    for what, version in (("sign-in", 2), ("sheets", 3), ("photos", 4), ("sign-out", 6)):
        answer = await phone.say(what)
        assert (answer.status_code, answer.json()) == (202, {"stream": f"visit-{VISIT}", "version": version})
    assert await types(app) == [
        "visit.opened",
        "visit.signed_in",
        "visit.sheet_recorded",
        "visit.photo_added",
        "visit.signed_out",
        "visit.completed",
    ]


async def test_what_the_rules_say_of_a_sheet_is_recorded_with_it(app: FastAPI, phone: Phone) -> None:
    await phone.say("sheets")
    fact: Any = (await app.state.repository.store.read(f"visit-{VISIT}"))[1].fact
    assert [(finding.field, finding.level) for finding in fact.sheet.findings] == [
        ("room_humidity", "warning")
    ]


@pytest.mark.parametrize("what", COMMANDS)
async def test_a_repeat_under_any_key_adds_nothing(app: FastAPI, phone: Phone, what: str) -> None:
    first = await phone.say(what, key="the-first-key")
    assert first.status_code == 202, first.text
    for key in ("the-first-key", "another-key"):
        again = await phone.say(what, key=key)
        assert (again.status_code, again.json()) == (202, first.json())
    assert len(await types(app)) == 2


@pytest.mark.parametrize("what", COMMANDS)
async def test_who_may(http: httpx.AsyncClient, phone: Phone, what: str) -> None:
    assert (await phone.say("sign-in")).status_code == 202
    for somebody, status in (
        (None, 401),
        (actor("enterprise", UUID(int=1)), 403),
        (actor("regulator", None), 403),
        (actor("administrator", None), 403),
        (actor("operator", None), 403),
        (actor("operator", OTHER_OPERATOR), 404),
    ):
        assert (await Phone(http, somebody).say(what)).status_code == status
    own = OPENING | {"contract_id": str(OTHER_CONTRACT)}
    answer = await Phone(http, actor("operator", OTHER_OPERATOR)).say(what, opening=own)
    assert (answer.status_code, answer.json()["code"]) == (404, "visit.missing")


async def test_a_point_or_contract_that_nobody_knows_is_missing(phone: Phone) -> None:
    for changes, code in (
        ({"point_id": str(UUID(int=99))}, "point.missing"),
        ({"contract_id": str(UUID(int=99))}, "contract.missing"),
    ):
        answer = await phone.say("sign-in", opening=OPENING | changes)
        assert (answer.status_code, answer.json()["code"]) == (404, code)
    answer = await phone.say("sign-in", opening=OPENING | {"contract_id": None})
    assert (answer.status_code, answer.json()["code"]) == (409, "point.not-contracted")


async def test_the_windows_of_another_operators_plan_are_not_there(app: FastAPI, phone: Phone) -> None:
    own, theirs = UUID(int=81), UUID(int=82)
    for plan_id, operator_id in ((own, OPERATOR), (theirs, OTHER_OPERATOR)):
        published = plan.model_copy(update={"plan_id": plan_id, "operator_id": operator_id})
        meta = recorded("any", [published])[0].meta
        await app.state.repository.store.append([Write(f"plan-{plan_id}", 0, (published,))], meta, "f")
    cycles = [{"plan_id": str(plan_id), "item": 0, "number": 1} for plan_id in (own, theirs)]
    answer = await phone.say("sign-in", opening=OPENING | {"cycles": cycles})
    assert [error["field"] for error in answer.json()["errors"]] == ["opening.cycles.1"]
    assert (await phone.say("sign-in", opening=OPENING | {"cycles": cycles[:1]})).status_code == 202


async def test_a_sheet_names_every_wrong_field(phone: Phone) -> None:
    wrong = patrol(pump_draws="也许", flow_total="abc")
    answer = await phone.sheet(values=wrong)
    assert (answer.status_code, answer.json()["code"]) == (422, "sheet.invalid")
    fields = [error["field"] for error in answer.json()["errors"]]
    assert fields == ["sheet.values.flow_total", "sheet.values.pump_draws"]


@pytest.mark.parametrize(
    ("changes", "code", "field"),
    [
        ({"form_version": 99}, "form.unknown", "sheet.form"),
        ({"form": "nothing"}, "form.unknown", "sheet.form"),
        ({"content": "nothing"}, "sheet.invalid", "sheet.content"),
        ({"content": "repair"}, "sheet.invalid", "sheet.content"),
        ({"instruments": [str(UUID(int=99))]}, "sheet.invalid", "sheet.instruments"),
        ({"supersedes": [str(FIRST)]}, "sheet.invalid", "sheet.supersedes"),
        ({"values": patrol(flow_total=1.5)}, "sheet.invalid", "sheet.values.flow_total"),
        ({"values": patrol(flow_total=2**53)}, "sheet.invalid", "sheet.values.flow_total"),
        ({"values": patrol(model="a\x00")}, "sheet.invalid", "sheet.values.model"),
        ({"values": patrol(model="\ud800")}, "sheet.invalid", "sheet.values.model"),
        ({"values": patrol() | {"\ud800": "x"}}, "sheet.invalid", "sheet.values"),
        ({"values": patrol(model=float("nan"))}, "sheet.invalid", "sheet.values.model"),
        ({"values": patrol(model="长" * 30_000)}, "sheet.invalid", "sheet.values"),
        ({"values": patrol() | {"不": "x"}}, "sheet.invalid", "sheet.values.不"),
        ({"claimed_at": "2026-11-24T09:00:00"}, "request.malformed", "sheet.claimed_at"),
        ({"supersedes": [str(UUID(int=n)) for n in range(101)]}, "request.malformed", "sheet.supersedes"),
        ({"reason": "字" * 1_001}, "request.malformed", "sheet.reason"),
        ({"computed": {"zero": "1"}}, "request.malformed", "sheet.computed"),
    ],
)
async def test_what_a_sheet_may_not_say(
    app: FastAPI, phone: Phone, changes: dict[str, Any], code: str, field: str
) -> None:
    answer = await phone.sheet(**changes)
    assert (answer.status_code, answer.json()["code"]) == (422, code), answer.text
    assert [error["field"] for error in answer.json()["errors"]] == [field]
    assert await types(app) == []


@pytest.mark.parametrize(
    ("values", "sentence"),
    [
        ({"model": "a\x00"}, text.SENTENCES["control_character"]),
        ({"model": "e" + "\u0301" * 40}, text.SENTENCES["stacked_marks"]),
        ({"a\x00": "x", "b\x00": "y"}, f"栏目名称：{text.SENTENCES['control_character']}"),
    ],
)
async def test_what_cannot_be_read_is_told_in_the_words_of_all_texts(
    phone: Phone, values: dict[str, str], sentence: str
) -> None:
    answer = await phone.sheet(values=patrol() | values)
    assert [error["sentence"] for error in answer.json()["errors"]] == [sentence]


async def test_revisions_of_two_sheets_never_replace_each_other(phone: Phone) -> None:
    await phone.sheet()
    answer = await phone.sheet(sheet_id=str(OTHER_SHEET), revision_id=str(SECOND), supersedes=[str(FIRST)])
    assert [error["field"] for error in answer.json()["errors"]] == ["sheet.supersedes"]


async def test_revisions_never_replace_each_other_in_a_circle(phone: Phone) -> None:
    await phone.sheet(supersedes=[str(SECOND)])
    answer = await phone.sheet(revision_id=str(SECOND), supersedes=[str(FIRST)])
    assert [error["field"] for error in answer.json()["errors"]] == ["sheet.supersedes"]


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
        answer = await phone.say(what, opening=opening, **body)
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
async def test_shapes_and_sizes_are_bounded(
    phone: Phone, what: str, changes: dict[str, Any], field: str
) -> None:
    answer = await phone.say(what, **changes)
    assert (answer.status_code, answer.json()["code"]) == (422, "request.malformed"), answer.text
    assert [error["field"] for error in answer.json()["errors"]] == [field]


async def test_times_are_kept_in_utc(app: FastAPI, phone: Phone) -> None:
    await phone.say("sign-in")
    opened, signed_in = (
        recorded_fact.fact for recorded_fact in await app.state.repository.store.read(f"visit-{VISIT}")
    )
    assert '"claimed_at":"2026-11-24T01:00:00Z"' in opened.model_dump_json()
    assert '"claimed_at":"2026-11-24T01:00:00Z"' in signed_in.model_dump_json()
    assert opened.received_at - opened.claimed_at == timedelta(minutes=1)
