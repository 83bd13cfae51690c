"""The past of a filing, folded from facts: what later facts may change of it, and what they may not."""

from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

from filing_facts import CERTIFICATE, PERSON, FilingFacts, person
from filing_stories import BEGINNING, Deed, deeds, told
from hypothesis import given
from hypothesis import strategies as st
from qingyuan_events import Fact, Recorded
from qingyuan_events import filing as facts
from qingyuan_standards.days import local_day
from sample_facts import SampleFacts
from views.filings.past import OF_RESOURCE, PastResource, folded, past
from views.filings.timeline import timeline

days = st.integers(-10, 60).map(lambda number: local_day(BEGINNING) + timedelta(days=number))
Facts = list[Recorded[Fact]]


def recorded_to(recorded: Facts, day: date) -> Facts:
    return [each for each in recorded if local_day(each.recorded_at) <= day]


@given(deeds, days)
def test_no_later_fact_changes_what_a_review_said_by_a_day(sequence: list[Deed], day: date) -> None:
    story = told(sequence).sample.recorded
    then, now = past(recorded_to(story, day), day), past(story, day)
    assert now.verdicts == then.verdicts
    if then.filing is None:
        assert now.filing is None
        return
    assert now.filing is not None
    for name in ("state", "standing", "number", "returned", "filed_on", "filed_basics"):
        assert getattr(now.filing, name) == getattr(then.filing, name)


@given(deeds, days)
def test_what_is_filed_on_a_day_is_the_version_that_was_named_but_for_what_its_papers_say(
    sequence: list[Deed], day: date
) -> None:
    story = told(sequence).sample.recorded
    held = past(story, day)
    for resource in held.resources:
        version = held.verdicts.filed_now(resource.stated.id)
        assert (resource.filed is None) == (version is None)
        if version is not None:
            assert _without_dates(resource.filed) == _without_dates(_named(story, resource, version.version))


def _named(story: Facts, resource: PastResource, version: int) -> facts.ResourceParticulars:
    stream = f"resource-{resource.stated.id}"
    return folded([each for each in story if each.stream == stream and each.version <= version]).particulars


def _without_dates(particulars: facts.ResourceParticulars | None) -> tuple[Any, list[UUID]]:
    assert particulars is not None
    rest = particulars.model_dump(exclude={"papers"})
    return rest, [paper.paper_id for paper in particulars.papers]


@given(deeds, days)
def test_a_revocation_shows_from_its_day_on_and_not_before(sequence: list[Deed], day: date) -> None:
    story = told(sequence).sample.recorded
    for resource in past(story, day).resources:
        shown = {revocation.first_day for revocation in resource.stated.detail.revoked.values()}
        assert all(first_day <= day for first_day in shown)


@given(deeds)
def test_every_fact_of_a_resource_stands_in_its_timeline_once(sequence: list[Deed]) -> None:
    story = told(sequence)
    known = story.sample.recorded
    for resource_id in story.stated:
        own = [each for each in known if each.stream == f"resource-{resource_id}"]
        of_filing = [each for each in known if not isinstance(each.fact, OF_RESOURCE)]
        lines = timeline([*of_filing, *own], resource_id, story.today)
        words = {each.fact.type.split(".")[1] for each in own}
        assert [line.at for line in lines if line.what in words] == [each.recorded_at for each in own]
        assert [line.at for line in lines] == sorted(line.at for line in lines)


def test_what_says_nothing_of_it_is_not_in_its_timeline() -> None:
    sample = SampleFacts()
    filing, other, at = FilingFacts(sample, UUID(int=1)), UUID(int=2), datetime(2026, 3, 1, tzinfo=UTC)
    filing.say(facts.ResourceAdded, at, resource_id=PERSON, particulars=person, changed_on=date(2026, 3, 1))
    named = facts.ResourceVersion(resource_id=other, kind="person", version=1)
    filing.say(facts.FilingSubmitted, at, number=1, basics_version=2, resources=(named,), late=False)
    filing.say(facts.FilingFirstReviewReturned, at, number=1, by=other, remarks=())
    filing.say(facts.FilingChangeOverdue, at, version=2, changed_on=at.date(), last_day=at.date())
    filing.say(facts.FilingCancelled, at, revoked=False, reason="不再从事运维")
    assert [line.what for line in timeline(sample.recorded, PERSON, at.date())] == ["added"]


def test_a_line_names_the_paper_as_it_was_stated_last() -> None:
    sample = SampleFacts()
    filing, at = FilingFacts(sample, UUID(int=1)), datetime(2026, 3, 1, tzinfo=UTC)
    filing.say(facts.ResourceAdded, at, resource_id=PERSON, particulars=person, changed_on=date(2026, 3, 1))
    gone = {"paper_id": CERTIFICATE, "first_day": date(2026, 2, 1), "reason": "弄虚作假"}
    filing.say(facts.ResourcePaperRevoked, at, resource_id=PERSON, **gone)
    line = timeline(sample.recorded, PERSON, date(2026, 3, 1))[1]
    assert line.paper is not None
    assert (line.what, line.paper.number, line.day, line.text) == (
        *("paper_revoked", "YW-1"),
        *(date(2026, 2, 1), "弄虚作假"),
    )
