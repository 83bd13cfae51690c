"""The reaction: one verdict for each submission whatever comes twice, and what a restore of the log leaves it to do."""

from collections.abc import Sequence
from uuid import UUID, uuid5

from qingyuan_events import Fact, Recorded
from qingyuan_events.envelope import Meta
from qingyuan_runtime.log.causes import Withdrawn
from qingyuan_runtime.log.store import EventStore, Write
from qingyuan_runtime.log.store_memory import MemoryStore
from qingyuan_runtime.reacting.testing import own_facts_after
from report_calls import PEOPLE, Person, ServiceUnderTest
from report_samples import NOON, READY, REPORTED, drafted, submitted
from reports.archive.memory import MemoryArchive
from reports.checks import NAME, reaction, withdrawal
from reports.domain.reports.decider import REPORT
from reports.installed.memory import MemoryInstalled
from reports.shared.repository import Knowledge

STREAM = REPORT.stream(REPORTED)
META = Meta(actor=PEOPLE["operator"], command_id=UUID(int=1), correlation=UUID(int=2))


async def log_with(*facts: Fact) -> tuple[MemoryStore, Sequence[Recorded[Fact]]]:
    store = MemoryStore()
    await store.append([Write(STREAM, 0, facts)], META, "f")
    return store, await store.read(STREAM)


async def knowledge_of(store: EventStore) -> Knowledge:
    return Knowledge(store, MemoryInstalled(), MemoryArchive(store))


async def test_a_submission_is_checked_once_and_the_cause_is_named() -> None:
    store, facts = await log_with(*READY, submitted)
    (checked,) = await own_facts_after(reaction(knowledge_of)(store, lambda: NOON), store, facts)
    assert checked.fact.type == "report.checked.v1"
    assert checked.meta.command_id == uuid5(facts[-1].id, NAME)
    assert (checked.meta.causation, checked.meta.correlation) == (facts[-1].id, META.correlation)
    assert checked.meta.actor.kind == "system"


async def test_nothing_else_leads_to_a_check() -> None:
    store, facts = await log_with(*READY)
    assert await own_facts_after(reaction(knowledge_of)(store, lambda: NOON), store, facts) == []


async def test_what_was_taken_back_meanwhile_is_not_checked(service: ServiceUnderTest, wang: Person) -> None:
    report = await wang.drafts()
    await wang.does(f"/reports/{report}/submission")
    await wang.does(f"/reports/{report}/withdrawal", {"reason": "选错点位"})
    await service.works()
    assert service.types(report)[-2:] == ["submitted", "withdrawn"]


async def test_a_late_repeat_of_the_first_submission_does_not_answer_the_second(
    service: ServiceUnderTest, wang: Person, lin: Person
) -> None:
    report = await wang.hands_in()
    await lin.does(f"/reports/{report}/return", {"round": 1, "reasons": [{"text": "请补充签名"}]})
    await wang.does(f"/reports/{report}/resubmission", {"answer": "已补充"})
    first = next(
        one
        for one in service.store.everything()
        if one.stream == f"report-{report}" and one.fact.type == "report.submitted.v1"
    )
    await reaction(knowledge_of)(service.store, lambda: NOON)(first)
    assert service.types(report)[-1] == "resubmitted"
    for _ in range(2):
        service.reacted = 0
        await service.works()
    assert service.types(report)[-1] == "checked"
    assert service.types(report).count("checked") == 2


async def test_a_verdict_that_a_restore_has_lost_is_made_again() -> None:
    """The restored log has the submission and no verdict; the reaction is not told of the submission a second time."""
    store, facts = await log_with(*READY, submitted)
    lost = Withdrawn(STREAM, len(facts) + 1, len(facts), 7, tuple(facts))
    for _ in range(2):
        await withdrawal(knowledge_of)(store, lambda: NOON)(lost)
    types = [one.fact.type for one in await store.read(STREAM)]
    assert types[-2:] == ["report.submitted.v1", "report.checked.v1"]


async def test_a_lost_submission_leads_to_nothing() -> None:
    store, facts = await log_with(drafted)
    await withdrawal(knowledge_of)(store, lambda: NOON)(Withdrawn(STREAM, 5, 1, 7, tuple(facts)))
    assert len(await store.read(STREAM)) == 1
