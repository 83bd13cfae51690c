"""What a technician's phone is told of the technician's own certificate."""

from collections.abc import AsyncIterator
from datetime import date

import pytest
from filing_facts import PERSON, FilingFacts
from qingyuan_events import Actor
from qingyuan_events import filing as facts
from qingyuan_local.testing import DatabaseServer
from reliance_facts import revoke, work_and_filing
from test_filing_marks import asked
from test_working_day_http import COLLEAGUE, Browser
from views.work.own_certificate import Paper, Span, span_about
from working_day_facts import OPERATOR, TECHNICIAN

TODAY = date(2026, 11, 20)
MINE = Actor(account=TECHNICIAN, kind="operator", organisation=OPERATOR, role="technician")


def paper(first_day: date, last_day: date, revoked_from: date | None = None, number: str = "YW-1") -> Paper:
    return Paper(number=number, first_day=first_day, last_day=last_day, revoked_from=revoked_from)


held = paper(date(2025, 1, 1), date(2026, 12, 31))
renewed = paper(date(2027, 1, 1), date(2029, 12, 31), number="YW-2")
ended = paper(date(2024, 1, 1), date(2026, 11, 1))
late = paper(date(2026, 12, 1), date.max, number="YW-3")
void = paper(date(2026, 5, 1), date(2026, 4, 30), revoked_from=date(2026, 5, 1))


@pytest.mark.parametrize(
    ("papers", "span"),
    [
        ([], None),
        ([void], None),
        ([held], Span(first_day=held.first_day, last=held)),
        ([renewed, held], Span(first_day=held.first_day, last=renewed)),
        ([ended], Span(first_day=ended.first_day, last=ended)),
        ([late, ended], Span(first_day=ended.first_day, last=ended)),
        ([late], Span(first_day=late.first_day, last=late)),
        ([held, paper(date.min, date.max)], Span(first_day=date.min, last=paper(date.min, date.max))),
    ],
)
def test_a_certificate_that_follows_without_a_gap_is_counted_with_the_one_before(
    papers: list[Paper], span: Span | None
) -> None:
    assert span_about(papers, TODAY) == span


@pytest.fixture(scope="module")
async def revoked(postgres_server: DatabaseServer) -> AsyncIterator[Browser]:
    sample, filing = work_and_filing()
    revoke(filing)
    async with asked(postgres_server, sample) as browser:
        yield browser


@pytest.mark.servers
async def test_the_phone_is_told_of_a_revocation_and_nobody_of_somebody_elses(revoked: Browser) -> None:
    assert (await revoked.get("/tasks/today", MINE)).json()["certificate"] == {
        "number": "YW-1",
        "first_day": "2024-01-01",
        "last_day": "2026-11-11",
        "revoked": True,
    }
    assert (await revoked.get("/tasks/today", COLLEAGUE)).json()["certificate"] is None


@pytest.mark.servers
async def test_who_has_left_has_no_certificate_to_look_after(postgres_server: DatabaseServer) -> None:
    sample, filing = work_and_filing()
    leaves(filing)
    async with asked(postgres_server, sample) as browser:
        assert (await browser.get("/tasks/today", MINE)).json()["certificate"] is None


def leaves(filing: FilingFacts) -> None:
    filing.say(facts.ResourceEnded, resource_id=PERSON, last_day=date(2026, 11, 17), reason="离职")
