"""The city's filings are what the filing service would have recorded: its own rules fold them, and its submissions have no gap."""

import base64
import json
from collections import Counter
from collections.abc import Iterator
from datetime import date
from functools import cache
from itertools import islice
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from uuid import UUID

import asyncpg
import pytest
from filing.domain.filings import basics
from filing.domain.filings.decider import FILING
from filing.domain.filings.state import FilingState
from filing.domain.resources import papers, particulars
from filing.domain.resources.decider import RESOURCE
from filing.domain.resources.state import ResourceState
from filing.resources import handlers
from filing.shared.contracts import MemoryContracts
from filing.shared.imports import MemoryImports
from filing.shared.repository import Repository
from qingyuan_cli.seeding.city import filings as city
from qingyuan_cli.seeding.city import names, seed, year
from qingyuan_cli.seeding.city.loading import StreamFacts, load
from qingyuan_cli.seeding.city.operator_filing import COUNTS, SCAN
from qingyuan_events import Actor, Meta, decode
from qingyuan_events import filing as facts
from qingyuan_local.testing import DatabaseServer
from qingyuan_runtime.database.connections import open_pool
from qingyuan_runtime.log import privacy
from qingyuan_runtime.log.privacy import CiphertextPosition, MemoryKeys, PostgresKeys, open_
from qingyuan_runtime.log.store import ClaimTaken, Write
from qingyuan_runtime.log.store_postgres import PostgresStore
from qingyuan_runtime.log.store_schema import create_script
from qingyuan_runtime.process.clock import now
from qingyuan_runtime.tokens.issuers import EveryIssuer
from qingyuan_standards.dated import setting
from qingyuan_standards.uscc import is_uscc

TODAY = date(2026, 11, 30)
SMALL: dict[facts.ResourceKind, int] = {"person": 12, "device": 15, "vehicle": 2}


@pytest.fixture(autouse=True)
def few(monkeypatch: pytest.MonkeyPatch) -> None:
    for kind, number in SMALL.items():
        monkeypatch.setitem(COUNTS, kind, number)


@cache
def keys() -> names.Keys:
    return names.new_keys(city.subjects(year.OPERATORS))


@cache
def streams() -> list[StreamFacts]:
    return list(city.filings(year.OPERATORS, year.OPERATORS + 7, TODAY, keys()))


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
        assert list(basics.missing_for_submission(filing.basics, filing.people)) == []
        assert is_uscc(filing.basics.uscc)
        assert filing.undertaking == setting("filing_undertaking", TODAY).value["version"]
        for state in resources.values():
            assert state.particulars
            assert (state.person is not None) == (state.particulars.kind == "person")
            stored = frozenset({SCAN.sha256})
            assert list(particulars.problems(state.particulars, TODAY)) == []
            assert list(papers.problems(state.particulars, stored, ())) == []
            assert list(papers.missing_for_submission(state.particulars, filing.basics.name)) == []


def test_each_stream_has_claimed_what_its_facts_claim_and_nobody_else_has_it() -> None:
    for stream in streams():
        decider: Any = RESOURCE if stream.parent else FILING
        claims = {(claim.kind, claim.value) for fact in told(stream) for claim in decider.claims(fact)}
        assert set(stream.claims) == claims
    taken = Counter(claim for stream in streams() for claim in stream.claims)
    assert taken
    assert [claim for claim, times in taken.items() if times > 1] == []


async def test_every_person_has_a_name_that_the_keys_open() -> None:
    stored = KnownKeys(keys())
    found: dict[UUID, dict[str, str]] = {}
    for stream in streams():
        for version, fact in enumerate(told(stream), start=1):
            for field in ("person", "legal_representative", "contact"):
                if personal := getattr(fact, field, None):
                    position = CiphertextPosition(stream.stream, version, field)
                    found[personal.subject] = await open_(stored, personal, position)
    assert set(found) == set(keys()) == set(city.subjects(year.OPERATORS))
    assert len(found) == year.OPERATORS * (SMALL["person"] + 2)
    assert all(1 < len(plain["name"]) < 5 for plain in found.values())


class KnownKeys(MemoryKeys):
    def __init__(self, known: names.Keys) -> None:
        super().__init__()
        self._keys = dict(known)


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
    operators = city.operators_of(4)
    made = city.filings(operators, 4, TODAY, keys())
    assert sum(stream.parent is None for stream in made) == operators == 4
    assert city.operators_of(9_999) == year.OPERATORS


@pytest.mark.servers
async def test_they_are_loaded_parents_first_and_a_certificate_is_not_registered_twice(
    postgres_server: DatabaseServer,
) -> None:
    dsn = await postgres_server.fresh("city_filings")
    connection = await asyncpg.connect(dsn)
    await connection.execute(create_script())
    made = list(city.filings(30, 30, TODAY, keys()))
    assert await load(dsn, made, lambda _: None) == sum(len(stream.facts) for stream in made)
    children = await connection.fetchval("select count(*) from streams where parent = $1", made[0].stream)
    assert children == sum(SMALL.values())
    await connection.close()
    pool = await open_pool(dsn)
    added = told(made[1])[0]
    again = added.model_copy(update={"resource_id": UUID(int=1)})
    actor = Actor(account=UUID(int=2), kind="operator")
    meta = Meta(actor=actor, command_id=UUID(int=3), correlation=UUID(int=3))
    write = Write("resource-again", 0, (again,), parent=made[0].stream, claims=RESOURCE.claims(again)[:1])
    with pytest.raises(ClaimTaken):
        await PostgresStore(pool).append([write], meta, "again")
    await pool.close()


@pytest.mark.servers
async def test_their_keys_are_stored_as_the_service_stores_them(postgres_server: DatabaseServer) -> None:
    dsn = await postgres_server.fresh("city_keys")
    connection = await asyncpg.connect(dsn)
    await connection.execute(privacy.create_script())
    await connection.close()
    few = dict(islice(keys().items(), names.BATCH + 5))
    await names.store(dsn, bytes(32), few)
    await names.store(dsn, bytes(32), names.new_keys(few))
    pool = await open_pool(dsn)
    stored = PostgresKeys(pool, bytes(32))
    for subject in (next(iter(few)), next(reversed(few))):
        assert await stored.existing_key(subject) == few[subject]
    await pool.close()


@pytest.mark.servers
async def test_the_seed_gives_the_service_names_that_it_can_read(
    postgres_server: DatabaseServer, tmp_path: Path
) -> None:
    log, of_keys = await postgres_server.fresh("city_log"), await postgres_server.fresh("city_names")
    for dsn, script in ((log, create_script()), (of_keys, privacy.create_script())):
        connection = await asyncpg.connect(dsn)
        await connection.execute(script)
        await connection.close()
    kek = tmp_path / "kek"
    kek.write_text(base64.b64encode(bytes(32)).decode())
    env = {"KEYS_DATABASE_URL": of_keys, "KEY_ENCRYPTION_KEY_FILE": str(kek)}
    databases = SimpleNamespace(owner=lambda _: log)
    plan: Any = SimpleNamespace(databases=databases, env=lambda _: env)
    await seed._load_filings(plan, lambda _: None, 2)
    log_pool, keys_pool = await open_pool(log), await open_pool(of_keys)
    stored = PostgresKeys(keys_pool, bytes(32))
    repository = Repository(
        PostgresStore(log_pool), stored, now, EveryIssuer(), MemoryContracts(), MemoryImports()
    )
    city_office = Actor(account=UUID(int=1), kind="regulator", district="310000")
    opened = await handlers.names(repository, city_office, year.operator(1))
    assert len(opened) == SMALL["person"]
    assert {len(person) for person in opened} == {2}
    await log_pool.close()
    await keys_pool.close()
