"""Who may do what: strangers, other operators, technicians, enterprises and reviewers of districts are refused."""

import time

import httpx
import pytest
from filing_calls import KEY, OTHER_OPERATOR, Person, manager, refusal, reviewer, submitted
from filing_samples import OPERATOR, certificate, device, part
from qingyuan_events import Actor
from qingyuan_runtime.tokens.actors import NAMING, issue

FILING = f"/filings/{OPERATOR}"
REVIEW = {"number": 1, "passed": True}


def others(http: httpx.AsyncClient) -> list[tuple[Person, int]]:
    """Everybody but a manager of the operator, with the status that each gets for its commands."""
    return [
        (Person(http, None), 401),
        (Person(http, "operator", OPERATOR, "technician"), 403),
        (Person(http, "operator", None, "manager"), 403),
        (Person(http, "enterprise", OPERATOR), 403),
        (Person(http, "administrator"), 403),
        (reviewer(http), 403),
        (manager(http, OTHER_OPERATOR), 404),
    ]


async def test_only_its_managers_write_a_filing(operator: Person, http: httpx.AsyncClient) -> None:
    person_id = await submitted(operator)
    for stranger, status in others(http):
        for path, body in (
            ("/filing/basics", stranger.basics()),
            ("/filing/submission", None),
            ("/resources", stranger.resource(part)),
            (f"/resources/{person_id}/correction", stranger.resource(device) | {"reason": "x"}),
            (f"/resources/{person_id}/ending", {"last_day": "2026-11-24", "reason": "x"}),
            (
                f"/resources/{person_id}/papers",
                {"paper": certificate.model_dump(mode="json"), "changed_on": "2026-11-24"},
            ),
        ):
            assert (await stranger.post(path, body)).status_code == status, (stranger, path)


async def test_only_a_reviewer_of_the_city_reviews(operator: Person, http: httpx.AsyncClient) -> None:
    person_id = await submitted(operator)
    revocation = f"/resources/{person_id}/papers/{certificate.paper_id}/revocation"
    strangers = [
        *(stranger for stranger, _ in others(http) if stranger.kind not in ("regulator", None)),
        operator,
        Person(http, "regulator", district="310118"),
        Person(http, "regulator", OPERATOR, district="310000"),
    ]
    for stranger in strangers:
        for path, body in (
            (f"{FILING}/opening", {"number": 1}),
            (f"{FILING}/first-review", REVIEW),
            (f"{FILING}/second-review", REVIEW),
            (revocation, {"first_day": "2026-11-24", "reason": "x"}),
        ):
            assert (await stranger.post(path, body)).status_code == 403, (stranger, path)


@pytest.mark.parametrize("what", ["names", "people"])
async def test_names_are_for_the_operator_and_for_regulators(
    what: str, operator: Person, http: httpx.AsyncClient
) -> None:
    await submitted(operator)
    expected = [
        (Person(http, None), 401),
        (Person(http, "enterprise", OPERATOR), 403),
        (manager(http, OTHER_OPERATOR), 404),
        (operator, 200),
        (Person(http, "operator", OPERATOR, "technician"), 200),
        (Person(http, "regulator", district="310118"), 200),
        (Person(http, "administrator"), 200),
    ]
    for somebody, status in expected:
        assert (await somebody.get(f"{FILING}/{what}")).status_code == status, somebody


async def test_what_is_not_there_is_missing(operator: Person, city: Person) -> None:
    assert refusal(await operator.post("/filing/submission"))[:2] == (404, "filing.missing")
    assert refusal(await operator.post("/resources", operator.resource(part)))[:2] == (404, "filing.missing")
    nobody = f"/filings/{OTHER_OPERATOR}"
    assert refusal(await city.post(f"{nobody}/opening", {"number": 1}))[:2] == (404, "filing.missing")
    assert (await city.get(f"{nobody}/names")).status_code == 404


async def test_who_has_not_filed_yet_has_no_people_and_is_not_refused(operator: Person) -> None:
    answer = await operator.get(f"{FILING}/names")
    assert (answer.status_code, answer.json()) == (200, {"items": []})


async def test_everybody_with_a_session_reads_the_choices(http: httpx.AsyncClient, city: Person) -> None:
    options = (await city.get("/options")).json()
    assert {"code": "310000", "name": "上海市"} in options["provinces"]
    assert options["change_months"] == 1
    assert "unreadable" in {reason["code"] for reason in options["return_reasons"]}
    assert (await Person(http, None).get("/options")).status_code == 401


async def test_a_token_for_names_reads_names_and_nothing_else(
    operator: Person, http: httpx.AsyncClient
) -> None:
    await submitted(operator)
    actor = Actor(account=operator.account, kind="operator", organisation=OPERATOR, role="manager")
    token = issue(actor, KEY, now=time.time(), purpose=NAMING)
    headers = {"Authorization": f"Bearer {token}", "Idempotency-Key": "names-only"}
    assert (await http.get(f"{FILING}/names", headers=headers)).status_code == 200
    assert (await http.get(f"{FILING}/people", headers=headers)).status_code == 401
    assert (await http.post("/filing/withdrawal", headers=headers)).status_code == 401
