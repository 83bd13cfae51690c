"""The first operator of the demo town was filed before it began to work, so that its work is judged by what it had filed."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any
from uuid import UUID

import pytest
from filing import deadlines
from filing.domain.filings.decider import FILING
from filing.domain.filings.state import FilingState
from filing.filings.people import read_people
from filing.shared.contracts import MemoryContracts
from filing.shared.imports import MemoryImports
from filing.shared.repository import Repository
from qingyuan_cli.seeding.history import filing_contents as contents
from qingyuan_cli.seeding.history import planning
from qingyuan_cli.seeding.history.due import Timers
from qingyuan_cli.seeding.history.playing import Played, facts_of
from qingyuan_cli.seeding.identities import id_of
from qingyuan_events import filing as facts
from qingyuan_events import tasks
from qingyuan_runtime.tokens.issuers import EveryIssuer
from qingyuan_standards.days import local_day
from test_demo_history import DAYS, MONDAY, PEOPLE, played

pytestmark = pytest.mark.slow
MANAGER = "demo-operator"
FIRST = PEOPLE[MANAGER].actor.organisation


def told(town: Played) -> list[Any]:
    return list(facts_of(town.filing.journal))


def state_of(town: Played) -> FilingState:
    return FILING.fold([fact for fact in told(town) if isinstance(fact, FILING_FACTS)])


FILING_FACTS = (
    facts.FilingBegun,
    facts.FilingBasicsChanged,
    facts.FilingUndertakingGivenV2,
    facts.FilingSubmitted,
    facts.FilingReviewOpened,
    facts.FilingFirstReviewPassed,
    facts.FilingSecondReviewPassed,
    facts.Filed,
)


def certificates(town: Played) -> dict[UUID, list[facts.Paper]]:
    """All that were ever stated, by accounts."""
    accounts: dict[UUID, UUID] = {}
    found: dict[UUID, list[facts.Paper]] = {}
    for fact in told(town):
        if isinstance(fact, facts.ResourceAdded) and isinstance(fact.particulars, facts.PersonParticulars):
            assert fact.particulars.account_id
            accounts[fact.resource_id] = fact.particulars.account_id
            found.setdefault(fact.particulars.account_id, []).extend(fact.particulars.papers)
        elif isinstance(fact, facts.ResourcePaperRenewed):
            found[accounts[fact.resource_id]].append(fact.paper)
    return found


def covers(papers: Sequence[facts.Paper], day: date) -> bool:
    return any(p.valid_from <= day <= p.valid_to for p in papers if p.valid_from and p.valid_to)


@pytest.mark.parametrize("today", DAYS)
async def test_it_was_filed_before_its_first_contract_and_a_change_waits(today: date) -> None:
    town = await played(today)
    filed = [fact for fact in told(town) if isinstance(fact, facts.Filed)]
    assert [fact.number for fact in filed] == [1, 2]
    assert filed[0].filed_on < planning.contract_day(today)
    assert {version.kind for version in filed[0].resources} == {"person", "device", "vehicle", "spare_part"}
    waiting = state_of(town).submission
    assert waiting
    assert (waiting.number, waiting.stage, waiting.opened_by) == (3, "second", frozenset())
    assert {fact.operator_id for fact in told(town)} == {FIRST}


async def test_all_who_stand_in_its_plans_are_filed() -> None:
    town = await played(MONDAY)
    plans = [fact for fact in facts_of(town.tasks.journal) if isinstance(fact, tasks.PlanPublishedV2)]
    own = [plan for plan in plans if plan.operator_id == FIRST]
    assert {person.account for plan in own for person in plan.assignees} == set(certificates(town))
    assert all(person.resource_id for plan in own for person in plan.assignees)
    assert all(device.resource_id for plan in own for device in plan.devices)
    assert all(plan.gaps and plan.gaps_reason for plan in own)
    others = [plan for plan in plans if plan.operator_id != FIRST]
    assert others
    assert not any(person.resource_id for plan in others for person in plan.assignees)


@pytest.mark.parametrize("today", DAYS)
async def test_one_visit_was_made_without_a_valid_certificate(today: date) -> None:
    known = certificates(await played(today))
    lacking = [
        (visit.week, visit.agreement.enterprise, visit.outlet)
        for visit in planning.visits(today)
        if visit.agreement.manager == MANAGER
        and not covers(known[id_of(visit.agreement.technician)], local_day(visit.began))
    ]
    assert lacking == [planning.LAPSED]


@pytest.mark.parametrize("today", DAYS)
async def test_papers_end_soon_and_their_reminders_were_given_then(today: date) -> None:
    town = await played(today)
    left = sorted(
        (paper.valid_to - today).days
        for fact in told(town)
        if isinstance(fact, facts.ResourceAdded)
        for paper in fact.particulars.papers
        if paper.valid_to and paper.kind in ("competence_certificate", "calibration")
    )
    assert sum(0 < days <= 30 for days in left) == 1
    assert sum(30 < days <= 60 for days in left) == 1
    reminded = [
        (appended.at, fact)
        for appended in town.filing.journal
        for write in appended.writes
        for fact in write.facts
        if isinstance(fact, facts.ResourcePaperEnding)
    ]
    assert len(reminded) >= 8
    assert all(
        local_day(at) == fact.valid_to - timedelta(days=fact.days) for at, fact in reminded if fact.days
    )


async def test_the_timers_of_today_find_it_done() -> None:
    """The running service sets the timers of these facts anew, and they are due at once."""
    town = await played(MONDAY)
    before, town._read["filing"] = len(town.filing.journal), 0
    timers = Timers(deadlines.rule, deadlines.when_due(town.filing))
    for recorded in await town._new_facts("filing", town.filing):
        timers.follow(recorded)
    due = timers.before(town.clock.now)
    assert len(due) > 10
    assert [timer for timer in due if not await timers.when_due(timer, town.clock.now)] == []
    assert len(town.filing.journal) == before


async def test_names_can_be_read_with_the_keys_of_the_service() -> None:
    town = await played(MONDAY)
    repository = Repository(
        town.filing, town.keys, town.clock, EveryIssuer(), MemoryContracts(), MemoryImports()
    )
    history = list(await town.filing.read(f"filing-{FIRST}"))
    legal_representative, contact = contents.PEOPLE["greentest"]
    assert await read_people(repository, history) == {
        "legal_representative": legal_representative,
        "contact": contact,
    }
    assert "赵绿测" not in "".join(fact.model_dump_json() for fact in told(town))
