"""Several filings passed at once: each by itself, only what was opened, and nothing that was returned before."""

from typing import Any
from uuid import UUID

import httpx
from fastapi import FastAPI
from filing.domain.filings.decider import FILING
from filing_calls import Person, manager, refusal, submitted
from filing_histories import (
    DEVICE_1,
    FIRST_PASSED,
    NO_CERTIFICATE,
    NO_SCAN,
    PERSON_1,
    SUBMITTED,
    opened,
    review,
)
from filing_histories import submitted as handed_in
from filing_samples import OPERATOR, REVIEWER, part
from qingyuan_events.filing import (
    FilingFirstReviewPassed,
    FilingFirstReviewReturned,
    FilingSecondReviewReturned,
)
from qingyuan_runtime.domain.testing import given
from qingyuan_runtime.log.store_memory import MemoryStore

SECOND = UUID(int=2_000)
NOBODYS = UUID(int=2_001)
OPENED = 5
"""The version of a filing's stream once it is opened: begun, basics, undertaking and submission come before."""


def test_what_was_returned_before_is_not_passed_among_others() -> None:
    returned = FilingFirstReviewReturned(operator_id=OPERATOR, number=1, by=REVIEWER, remarks=(NO_SCAN,))
    again = (*SUBMITTED, returned, handed_in(2, 2, PERSON_1, DEVICE_1), opened(2))
    given(FILING, *again).when(review("first", 2, among_others=True)).refused("review.by-itself")
    given(FILING, *again).when(review("first", 2)).then(
        FilingFirstReviewPassed(operator_id=OPERATOR, number=2, by=REVIEWER)
    )


def test_only_the_review_at_which_it_was_returned_is_kept_apart() -> None:
    passed = FilingFirstReviewPassed(operator_id=OPERATOR, number=2, by=REVIEWER)
    returned = FilingFirstReviewReturned(operator_id=OPERATOR, number=1, by=REVIEWER, remarks=(NO_SCAN,))
    again = (*SUBMITTED, returned, handed_in(2, 2, PERSON_1, DEVICE_1), opened(2), passed, opened(2))
    assert FILING.decide(review("second", 2, among_others=True), FILING.fold(again))


def test_a_returned_resource_is_kept_apart_and_what_passed_beside_it_is_not() -> None:
    returned = FilingSecondReviewReturned(
        operator_id=OPERATOR, number=1, by=REVIEWER, remarks=(NO_CERTIFICATE,), passed=(DEVICE_1,)
    )
    again = (*FIRST_PASSED, returned, handed_in(2, None, PERSON_1), opened(2))
    given(FILING, *again).when(review("second", 2, among_others=True)).refused("review.by-itself")
    device_2 = DEVICE_1.model_copy(update={"version": 2})
    other = (*FIRST_PASSED, returned, handed_in(2, None, device_2), opened(2))
    assert FILING.decide(review("second", 2, among_others=True), FILING.fold(other))


def first_reviews_passed(app: FastAPI) -> int:
    store = app.state.repository.store
    assert isinstance(store, MemoryStore)
    return sum(isinstance(recorded.fact, FilingFirstReviewPassed) for recorded in store.everything())


async def submitted_by(http: httpx.AsyncClient, organisation: UUID, uscc: str) -> None:
    """The filing of another operator, with a spare part."""
    other = manager(http, organisation)
    await other.does("/filing")
    await other.does("/filing/basics", other.basics(uscc=uscc))
    await other.does("/filing/undertaking", await other.undertaking())
    await other.adds(part)
    await other.does("/filing/submission")


def waiting(operator_id: UUID, *, number: int = 1) -> dict[str, Any]:
    return {"operator_id": str(operator_id), "number": number}


async def passed(person: Person, *filings: dict[str, Any], key: str | None = None) -> list[Any]:
    answer = await person.post("/filings/passing", {"stage": "first", "filings": filings}, key=key)
    assert answer.status_code == 200, answer.text
    items: list[Any] = answer.json()["items"]
    return items


def outcomes(items: list[Any]) -> list[tuple[str, str | None]]:
    return [(item["outcome"], item["code"]) for item in items]


async def opens(person: Person, operator_id: UUID) -> None:
    await person.does(f"/filings/{operator_id}/opening", {"number": 1})


async def test_each_is_decided_by_itself(
    app: FastAPI, operator: Person, city: Person, http: httpx.AsyncClient
) -> None:
    await submitted(operator)
    await submitted_by(http, SECOND, "91310118MA1FL00012")
    await opens(city, OPERATOR)
    items = await passed(city, waiting(NOBODYS), waiting(SECOND), waiting(OPERATOR))
    assert [item["operator_id"] for item in items] == [str(NOBODYS), str(SECOND), str(OPERATOR)]
    assert outcomes(items) == [
        ("refused", "filing.missing"),
        ("refused", "review.unopened"),
        ("passed", None),
    ]
    assert (items[2]["stream"], items[2]["version"]) == (f"filing-{OPERATOR}", OPENED + 1)
    assert first_reviews_passed(app) == 1


async def test_what_another_reviewer_has_opened_is_unopened(
    operator: Person, city: Person, http: httpx.AsyncClient
) -> None:
    await submitted(operator)
    await opens(city, OPERATOR)
    other = Person(http, "regulator", district="310000")
    assert outcomes(await passed(other, waiting(OPERATOR))) == [("refused", "review.unopened")]


async def test_another_submission_than_the_one_that_was_opened_stays(operator: Person, city: Person) -> None:
    await submitted(operator)
    await opens(city, OPERATOR)
    assert outcomes(await passed(city, waiting(OPERATOR, number=2))) == [("refused", "review.superseded")]


async def test_what_does_not_change_the_submission_does_not_keep_it_back(
    operator: Person, city: Person
) -> None:
    """An operator goes on working, and reminders are recorded, while reviewers decide."""
    await submitted(operator)
    await opens(city, OPERATOR)
    await operator.does("/filing/basics", operator.basics(address="乙路 2 号"))
    assert outcomes(await passed(city, waiting(OPERATOR))) == [("passed", None)]


async def test_a_filing_is_named_once(operator: Person, city: Person) -> None:
    await submitted(operator)
    await opens(city, OPERATOR)
    twice = {"stage": "first", "filings": [waiting(OPERATOR), waiting(OPERATOR, number=7)]}
    assert refusal(await city.post("/filings/passing", twice)) == (422, "request.malformed", ["filings"])


async def test_a_repeated_request_gets_the_first_receipts(
    app: FastAPI, operator: Person, city: Person, http: httpx.AsyncClient
) -> None:
    await submitted(operator)
    await submitted_by(http, SECOND, "91310118MA1FL00012")
    for filing in (OPERATOR, SECOND):
        await opens(city, filing)
    both = (waiting(OPERATOR), waiting(SECOND))
    first = await passed(city, *both, key="the same key")
    assert outcomes(first) == [("passed", None), ("passed", None)]
    assert await passed(city, *both, key="the same key") == first
    assert first_reviews_passed(app) == 2


async def test_a_reviewer_passes_what_is_not_its_own(
    operator: Person, city: Person, http: httpx.AsyncClient
) -> None:
    await submitted(operator)
    own = Person(http, "regulator", OPERATOR, district="310000")
    assert outcomes(await passed(own, waiting(OPERATOR))) == [("refused", "review.own")]
    body = {"stage": "first", "filings": [waiting(OPERATOR)]}
    for stranger in (operator, Person(http, "regulator", district="310118"), Person(http, "administrator")):
        assert (await stranger.post("/filings/passing", body)).status_code == 403, stranger
    nothing = await city.post("/filings/passing", {"stage": "first", "filings": []})
    assert refusal(nothing) == (422, "request.malformed", ["filings"])
