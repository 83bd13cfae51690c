"""The city's filings are what the filing service would have recorded: its own rules fold them, and its submissions have no gap."""

import json
from collections import Counter
from collections.abc import Iterator
from datetime import date
from functools import cache
from typing import Any
from uuid import UUID

import asyncpg
import pytest
from filing.domain.filings.decider import FILING
from filing.domain.filings.state import FilingState
from filing.domain.resources import papers, particulars
from filing.domain.resources.decider import RESOURCE
from filing.domain.resources.state import ResourceState
from qingyuan_cli.seeding.city import filings as city
from qingyuan_cli.seeding.city import year
from qingyuan_cli.seeding.city.loading import StreamFacts, load
from qingyuan_events import decode
from qingyuan_events import filing as facts
from qingyuan_local.testing import DatabaseServer
from qingyuan_runtime.log.store_schema import create_script
from qingyuan_standards.dated import setting
from qingyuan_standards.uscc import is_uscc

TODAY = date(2026, 11, 30)
SMALL: dict[facts.ResourceKind, int] = {"person": 12, "device": 15, "vehicle": 2}


@pytest.fixture(autouse=True)
def few(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(city, "COUNTS", SMALL)


@cache
def streams() -> list[StreamFacts]:
    return list(city.filings(year.OPERATORS + 7, TODAY))


def told(stream: StreamFacts) -> list[Any]:
    return [decode(type_, data) for type_, data, _ in stream.facts]


def states() -> Iterator[tuple[FilingState, dict[UUID, ResourceState]]]:
    """Each filing with its resources."""
    found: dict[str, dict[UUID, ResourceState]] = {}
    filings = {}
    for stream in streams():
        if stream.parent is None:
            filings[stream.stream] = FILING.fold(told(stream))
        else:
            state = RESOURCE.fold(told(stream))
            found.setdefault(stream.parent, {})[state.resource_id] = state
    for name, filing in filings.items():
        yield filing, found[name]


def test_every_operator_has_its_filing_and_forty_wait() -> None:
    waiting = Counter(filing.submission.stage for filing, _ in states() if filing.submission)
    assert waiting == {"first": 20, "second": 20}
    assert sum(1 for _ in states()) == year.OPERATORS
    assert sum(filing.is_filed for filing, _ in states()) == year.OPERATORS - 20
    operators = {filing.begun.operator_id for filing, _ in states() if filing.begun}
    assert operators == {year.operator(number) for number in range(year.OPERATORS)}


def test_what_is_filed_is_all_that_it_has() -> None:
    for filing, resources in states():
        kinds = Counter(state.particulars.kind for state in resources.values() if state.particulars)
        assert kinds == SMALL
        if filing.is_filed:
            assert dict.fromkeys(resources, 1) == {
                key: version.version for key, version in filing.filed_resources.items()
            }
        if filing.submission:
            for version in filing.submission.resources:
                assert resources[version.resource_id].version == version.version


def test_nothing_is_open_or_wrong_in_what_was_handed_in() -> None:
    for filing, resources in states():
        assert filing.basics
        assert is_uscc(filing.basics.uscc)
        assert filing.undertaking == setting("filing_undertaking", TODAY).value["version"]
        for state in resources.values():
            assert state.particulars
            stored = frozenset({city.SCAN.sha256})
            assert list(particulars.problems(state.particulars, TODAY)) == []
            assert list(papers.problems(state.particulars, stored, ())) == []
            assert list(papers.missing_for_submission(state.particulars, filing.basics.name)) == []


def test_no_identifier_is_given_twice() -> None:
    claimed = [
        claim
        for stream in streams()
        for fact in told(stream)
        for claim in (RESOURCE if stream.parent else FILING).claims(fact)
        if claim.kind != "certificate-number" or not isinstance(fact, facts.ResourcePaperRenewed)
    ]
    assert len(set(claimed)) == len(claimed)
    ids = [paper.paper_id for _, all_of in states() for state in all_of.values() if state.particulars for paper in state.particulars.papers]  # fmt: skip
    assert len(set(ids)) == len(ids)


def test_some_papers_have_ended_and_some_end_soon() -> None:
    left = [
        (paper.valid_to - TODAY).days
        for _, resources in states()
        for state in resources.values()
        if state.particulars
        for paper in state.particulars.papers
        if paper.valid_to
    ]
    ended, soon = sum(days < 0 for days in left), sum(0 <= days <= 60 for days in left)
    assert 0.01 < ended / len(left) < 0.15
    assert 0.03 < soon / len(left) < 0.3


def test_technicians_of_the_visits_are_people_of_their_operator() -> None:
    crew = {person for number in range(year.OPERATORS) for person in year.people(number, year.crew_size(177))}
    filed = {
        state.particulars.account_id
        for _, resources in states()
        for state in resources.values()
        if isinstance(state.particulars, facts.PersonParticulars)
    }
    assert filed - {None} == crew


def test_nothing_of_a_template_is_left() -> None:
    for stream in streams()[:200]:
        text = json.dumps([data for _, data, _ in stream.facts])
        assert "NUMBER0" not in text
        assert "feed0000" not in text
        assert "1901-01" not in text


def test_a_small_city_has_few_operators() -> None:
    assert sum(stream.parent is None for stream in city.filings(4, TODAY)) == 4


@pytest.mark.servers
async def test_they_are_loaded_parents_first(postgres_server: DatabaseServer) -> None:
    dsn = await postgres_server.fresh("city_filings")
    connection = await asyncpg.connect(dsn)
    try:
        await connection.execute(create_script())
        made = list(city.filings(30, TODAY))
        assert await load(dsn, made, lambda _: None) == sum(len(stream.facts) for stream in made)
        children = await connection.fetchval("select count(*) from streams where parent = $1", made[0].stream)
        assert children == sum(SMALL.values())
    finally:
        await connection.close()
