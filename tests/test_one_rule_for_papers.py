"""The preview of a plan and the list of impossible windows judge by one rule: the same facts give both the same days."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

import pytest
from filing_facts import CERTIFICATE, PERSON, FilingFacts, person, version
from qingyuan_events import filing as facts
from qingyuan_events.filing import FilingFact
from qingyuan_events.tasks import AssigneeV2
from qingyuan_local.testing import DatabaseServer
from reliance_facts import certificate, files
from sample_facts import POINT, SampleFacts, registry_facts
from tasks.domain.plans.gaps import gaps_of
from tasks.domain.plans.staffing import Crew
from tasks.filed_copy.memory import MemoryFiledCopy
from test_filing_marks import IMPOSSIBLE, asked
from working_day import contract, plan, week
from working_day_facts import CONTRACT, OPERATOR, OWN, PLAN, TECHNICIAN

pytestmark = pytest.mark.servers
FILED_ON, RENEWED_ON = date(2026, 11, 1), date(2026, 11, 2)
NOW = datetime(2026, 11, 3, 4, tzinfo=UTC)
RENEWED, AGAIN = UUID(int=402), UUID(int=403)
WEEKS = tuple(week(date(2026, 11, day)) for day in (2, 9, 16, 23))
EIGHTH, FIFTEENTH, TWENTY_SECOND, TWENTY_NINTH = (closes for _, closes in WEEKS)
OLD = certificate(valid_from=date(2024, 1, 1), valid_to=date(2026, 11, 16))


def renews(filing: FilingFacts, **days: Any) -> None:
    """In place of the paper that was filed, and filed at once."""
    filing.say(
        facts.ResourcePaperRenewed,
        resource_id=PERSON,
        paper=certificate(RENEWED, **days),
        replaces=CERTIFICATE,
        changed_on=RENEWED_ON,
    )
    files(filing, 2, None, version(PERSON, "person", 2), on=RENEWED_ON)


def revokes(filing: FilingFacts, paper_id: UUID, first_day: date) -> None:
    filing.say(
        facts.ResourcePaperRevoked,
        resource_id=PERSON,
        paper_id=paper_id,
        first_day=first_day,
        reason="弄虚作假",
    )


def nothing_more(filing: FilingFacts) -> None:
    """The paper ends on its own day."""


def renewed_early(filing: FilingFacts) -> None:
    renews(filing, valid_from=date(2026, 11, 17), valid_to=date(2029, 11, 16))


def renewed_with_a_hole(filing: FilingFacts) -> None:
    renews(filing, valid_from=date(2026, 11, 23), valid_to=date(2029, 11, 22))


def renewed_and_revoked(filing: FilingFacts) -> None:
    renewed_early(filing)
    revokes(filing, RENEWED, date(2026, 11, 20))


def replaced_and_revoked(filing: FilingFacts) -> None:
    renewed_with_a_hole(filing)
    revokes(filing, CERTIFICATE, date(2026, 11, 10))


def leaves_unfiled(filing: FilingFacts) -> None:
    filing.say(facts.ResourceEnded, resource_id=PERSON, last_day=date(2026, 11, 9), reason="离职")


def has_left(filing: FilingFacts) -> None:
    leaves_unfiled(filing)
    files(filing, 2, None, version(PERSON, "person", 2), on=RENEWED_ON)


def came_back(filing: FilingFacts) -> None:
    """Filed anew with the next certificate, while the first still holds for its days."""
    has_left(filing)
    next_paper = certificate(AGAIN, valid_from=date(2026, 11, 23), valid_to=date(2029, 11, 22))
    filing.adds(AGAIN, person.model_copy(update={"papers": (next_paper,)}))
    files(filing, 3, None, version(AGAIN, "person"), on=RENEWED_ON)


def corrects(filing: FilingFacts, *papers: facts.Paper, number: int) -> None:
    """The papers that are right; filed at once."""
    filing.say(
        facts.ResourceCorrected,
        resource_id=PERSON,
        particulars=person.model_copy(update={"papers": papers}),
        changed_on=RENEWED_ON,
        reason="有效期填错",
    )
    files(filing, number, None, version(PERSON, "person", number), on=RENEWED_ON)


LATER = certificate(RENEWED, valid_from=date(2026, 11, 23), valid_to=date(2029, 11, 22))


def taken_out(filing: FilingFacts) -> None:
    corrects(filing, LATER, number=2)


def replaced_and_corrected(filing: FilingFacts) -> None:
    """The correction says nothing of the paper that was replaced before."""
    renewed_with_a_hole(filing)
    corrects(filing, LATER, number=3)


def replaced_restated_and_taken_out(filing: FilingFacts) -> None:
    renewed_with_a_hole(filing)
    corrects(filing, OLD, LATER, number=3)
    corrects(filing, LATER, number=4)


def not_yet_filed(filing: FilingFacts) -> None:
    filing.say(
        facts.ResourcePaperRenewed,
        resource_id=PERSON,
        paper=certificate(RENEWED, valid_from=date(2026, 11, 17), valid_to=date(2029, 11, 16)),
        replaces=CERTIFICATE,
        changed_on=RENEWED_ON,
    )


@pytest.mark.parametrize(
    ("happens", "lacking"),
    [
        (nothing_more, {TWENTY_SECOND, TWENTY_NINTH}),
        (renewed_early, set()),
        (renewed_with_a_hole, {TWENTY_SECOND}),
        (renewed_and_revoked, {TWENTY_SECOND, TWENTY_NINTH}),
        (replaced_and_revoked, {FIFTEENTH, TWENTY_SECOND}),
        (leaves_unfiled, {FIFTEENTH, TWENTY_SECOND, TWENTY_NINTH}),
        (has_left, {FIFTEENTH, TWENTY_SECOND, TWENTY_NINTH}),
        (came_back, {TWENTY_SECOND}),
        (taken_out, {EIGHTH, FIFTEENTH, TWENTY_SECOND}),
        (replaced_and_corrected, {TWENTY_SECOND}),
        (replaced_restated_and_taken_out, {EIGHTH, FIFTEENTH, TWENTY_SECOND}),
        (not_yet_filed, {TWENTY_SECOND, TWENTY_NINTH}),
    ],
)
async def test_both_name_the_same_days(
    postgres_server: DatabaseServer, happens: Callable[[FilingFacts], None], lacking: set[date]
) -> None:
    sample = registry_facts()
    contract(sample, CONTRACT, OWN, POINT, "上海绿测环境运维有限公司")
    plan(sample, PLAN, OWN, POINT, WEEKS)
    filing = FilingFacts(sample, OPERATOR)
    filing.begins()
    filing.adds(PERSON, person.model_copy(update={"papers": (OLD,)}))
    files(filing, 1, 2, version(PERSON, "person"), on=FILED_ON)
    happens(filing)
    assert await days_of_the_preview(sample) == lacking
    async with asked(postgres_server, sample, NOW) as browser:
        answer = (await browser.get(f"{IMPOSSIBLE}?within=30")).json()
    assert {date.fromisoformat(row["closes"]) for row in answer["items"]} == lacking


async def days_of_the_preview(sample: SampleFacts) -> set[date]:
    of_filings = [recorded for recorded in sample.recorded if isinstance(recorded.fact, FilingFact)]
    filed = await MemoryFiledCopy(of_filings).filing(OPERATOR)
    crew = Crew(assignees=(AssigneeV2(account=TECHNICIAN),), devices=())
    return {closes for _, closes in WEEKS if list(gaps_of(crew, filed, [closes]))}
