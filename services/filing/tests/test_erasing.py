"""Names of people who left, and of former legal representatives and contacts: kept for the years of the rule, then erased for good."""

from collections.abc import AsyncIterator
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from importlib import import_module
from typing import Any
from uuid import UUID, uuid4

import pytest
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from fastapi import FastAPI
from filing.domain.filings.commands import ErasePeople
from filing.domain.filings.decider import FILING
from filing.domain.resources.commands import ErasePerson
from filing.domain.resources.decider import RESOURCE
from filing.domain.shared.changes import months_later
from filing.erasing import Retention
from filing.filings.people import read_people
from filing.resources.names import FIELD
from filing.shared.contracts import MemoryContracts
from filing.shared.imports import MemoryImports
from filing.shared.personal import ERASED_SUBJECTS, opened
from filing.shared.repository import Repository
from filing_calls import KEY, LI, Person, submitted
from filing_samples import (
    NAME,
    OPERATOR,
    PERSON,
    SUBJECT,
    added,
    basics_given,
    begun,
    device,
    person,
)
from qingyuan_events import Actor, Meta, Personal
from qingyuan_events.filing import (
    FilingBegun,
    FilingCancelled,
    FilingPersonErased,
    ResourceEnded,
    ResourcePersonErased,
)
from qingyuan_local.testing import DatabaseServer
from qingyuan_runtime.database.connections import Pool, open_pool
from qingyuan_runtime.domain.testing import given
from qingyuan_runtime.log.erasures import Erasures
from qingyuan_runtime.log.handling import CommandContext, append, write_of
from qingyuan_runtime.log.privacy import CiphertextPosition, PostgresKeys, seal
from qingyuan_runtime.log.privacy import create_script as keys_script
from qingyuan_runtime.log.store_postgres import PostgresStore
from qingyuan_runtime.log.store_schema import create_script
from qingyuan_runtime.process.clock import now
from qingyuan_standards.dated import setting
from qingyuan_standards.days import local_day

LEFT = date(2020, 2, 29)
LAST_DAY_KEPT = date(2025, 2, 28)
AFTER = date(2025, 3, 1)
LATER = Personal(subject=UUID(int=78), nonce="AAAAAAAAAAAAAAAA", ciphertext="AAAA")
left = ResourceEnded(operator_id=OPERATOR, resource_id=PERSON, last_day=LEFT, reason="离职")
name_erased = ResourcePersonErased(operator_id=OPERATOR, resource_id=PERSON, subject=SUBJECT, reason="期满")


def erase_person(today: date) -> ErasePerson:
    return ErasePerson(years=5, reason="期满", today=today)


def erase_people(today: date) -> ErasePeople:
    return ErasePeople(subjects=frozenset({FIRST.subject}), years=5, reason="期满", today=today)


def test_the_name_of_a_person_is_erased_once_the_years_after_leaving_are_over() -> None:
    known = given(RESOURCE, added(person, PERSON), left)
    known.when(erase_person(LAST_DAY_KEPT)).then()
    known.when(erase_person(AFTER)).then(name_erased)
    given(RESOURCE, added(person, PERSON), left, name_erased).when(erase_person(AFTER)).then()


def test_neither_who_is_still_there_nor_what_has_no_name_is_erased() -> None:
    given(RESOURCE, added(person, PERSON)).when(erase_person(AFTER)).then()
    given(RESOURCE, added(device, PERSON), left).when(erase_person(AFTER)).then()
    given(RESOURCE).when(erase_person(AFTER)).then()


def renamed(day: date, **people: Personal) -> Any:
    nobody = {"legal_representative": None, "contact": None}
    return basics_given.model_copy(update={**nobody, **people, "changed_on": day})


def erased(subject: UUID) -> FilingPersonErased:
    return FilingPersonErased(operator_id=OPERATOR, subject=subject, reason="期满")


FIRST = Personal(subject=UUID(int=70), nonce="AAAAAAAAAAAAAAAA", ciphertext="AAAA")
REPLACED = (
    begun,
    renamed(date(2019, 1, 1), legal_representative=FIRST),
    renamed(LEFT, legal_representative=LATER),
)


def test_a_former_legal_representative_is_erased_and_never_the_present_one() -> None:
    given(FILING, *REPLACED).when(erase_people(LAST_DAY_KEPT)).then()
    given(FILING, *REPLACED).when(erase_people(AFTER)).then(erased(FIRST.subject))
    given(FILING, *REPLACED, erased(FIRST.subject)).when(erase_people(AFTER)).then()
    given(FILING).when(erase_people(AFTER)).then()
    others = replace(erase_people(AFTER), subjects=frozenset({LATER.subject}))
    given(FILING, *REPLACED).when(others).then()


def test_whoever_shares_the_key_of_the_present_one_stays_readable() -> None:
    again = (*REPLACED[:2], renamed(LEFT, legal_representative=FIRST))
    given(FILING, *again).when(erase_people(AFTER)).then()


def test_a_former_contact_is_erased_after_the_filing_was_cancelled_and_begun_again_too() -> None:
    history = (begun, renamed(date(2019, 1, 1), contact=FIRST), renamed(LEFT, contact=LATER))
    ended = FilingCancelled(operator_id=OPERATOR, revoked=False, reason="x")
    given(FILING, *history, ended).when(erase_people(AFTER)).then(erased(FIRST.subject))
    anew = (*history, ended, FilingBegun(operator_id=OPERATOR, name=NAME))
    given(FILING, *anew).when(erase_people(AFTER)).then(erased(FIRST.subject))
    given(FILING, *anew[:4], erased(FIRST.subject), anew[4]).when(erase_people(AFTER)).then()


async def test_a_new_legal_representative_has_a_key_of_their_own(app: FastAPI, operator: Person) -> None:
    await submitted(operator)
    body = operator.basics(address="另一处") | {"legal_representative": {"name": "吴淞"}, "contact": None}
    await operator.does("/filing/basics", body)
    history = await app.state.repository.store.read(FILING.stream(OPERATOR))
    state = FILING.fold(recorded.fact for recorded in history)
    (former,) = state.former_people
    await app.state.repository.keys.erase(former)
    answer = (await operator.get(f"/filings/{OPERATOR}/people")).json()
    assert answer == {"legal_representative": {"name": "吴淞"}, "contact": LI}


def context() -> CommandContext:
    command_id = uuid4()
    actor = Actor(account=UUID(int=1), kind="system")
    return CommandContext(Meta(actor=actor, command_id=command_id, correlation=command_id), "f")


@dataclass
class Bench:
    """A filing with a former and a present legal representative, and a person who has left, on real databases."""

    pool: Pool
    keys_pool: Pool
    keys: PostgresKeys
    today: date = field(default_factory=lambda: local_day(now()))
    claimed: list[str] = field(default_factory=list)

    @property
    def repository(self) -> Repository:
        return Repository(
            PostgresStore(self.pool), self.keys, self.now, KEY, MemoryContracts(), MemoryImports()
        )

    @property
    def retention(self) -> Retention:
        return Retention(self.pool, PostgresStore(self.pool), self.now)

    @property
    def erasures(self) -> Erasures:
        return Erasures(self.pool, self.keys, ERASED_SUBJECTS)

    def now(self) -> datetime:
        return datetime(self.today.year, self.today.month, self.today.day, 4, tzinfo=UTC)

    async def sealed(self, stream: str, version: int, field_name: str, name: str) -> Personal:
        position = CiphertextPosition(stream, version, field_name)
        return await seal(self.keys, uuid4(), position, {"name": name})

    async def files(self) -> None:
        store, stream = self.repository.store, FILING.stream(OPERATOR)
        first = await self.sealed(stream, 2, "legal_representative", "张清源")
        later = await self.sealed(stream, 3, "legal_representative", "吴淞")
        before, after = date(2019, 1, 1), LEFT
        facts = (
            begun,
            renamed(before, legal_representative=first),
            renamed(after, legal_representative=later),
        )
        await append(store, [write_of(FILING, stream, 0, facts)], context())
        stream = RESOURCE.stream(PERSON)
        name = await self.sealed(stream, 1, FIELD, "王工")
        named = added(person, PERSON).model_copy(update={"person": name})
        await append(store, [write_of(RESOURCE, stream, 0, (named,))], context())
        self.claimed = await self.claims()
        await append(store, [write_of(RESOURCE, stream, 1, (left,))], context())

    async def read(self) -> list[Any]:
        """Who is read: the present legal representative, and the person who has left."""
        filing = await self.repository.store.read(FILING.stream(OPERATOR))
        history = await self.repository.store.read(RESOURCE.stream(PERSON))
        people = await read_people(self.repository, list(filing))
        return [people["legal_representative"], await opened(self.repository, history, FIELD)]

    async def key_rows(self) -> list[tuple[UUID, bytes]]:
        return [tuple(row) for row in await self.keys_pool.fetch("select subject, wrapped from subject_key")]

    async def claims(self) -> list[str]:
        return [
            row["value"]
            for row in await self.pool.fetch("select value from claims where kind = 'certificate-number'")
        ]

    async def restore_keys(self, rows: list[tuple[UUID, bytes]]) -> None:
        """Puts the key database back to an older dump."""
        await self.keys_pool.execute("truncate erased_subject, subject_key")
        await self.keys_pool.executemany("insert into subject_key values ($1, $2)", rows)


@pytest.fixture
async def bench(postgres_server: DatabaseServer) -> AsyncIterator[Bench]:
    pool = await open_pool(await postgres_server.fresh("people"), size=3)
    keys_pool = await open_pool(await postgres_server.fresh("people_keys"), size=3)
    await pool.execute(create_script())
    await pool.execute(import_module("filing.migrations.versions.0003_erasures").INDEX)
    await keys_pool.execute(keys_script())
    made = Bench(pool, keys_pool, PostgresKeys(keys_pool, AESGCM.generate_key(256)))
    await made.files()
    yield made
    await pool.close()
    await keys_pool.close()


WU: dict[str, object] = {"name": "吴淞"}


@pytest.mark.servers
async def test_a_process_killed_after_the_fact_leaves_the_erasure_to_the_next(bench: Bench) -> None:
    assert await bench.retention.sweep() == 0, "that they left long ago was recorded today"
    assert await bench.read() == [WU, {"name": "王工"}]
    bench.today = months_later(bench.today, 5 * 12)
    assert await bench.retention.sweep() == 0
    bench.today += timedelta(days=1)
    assert await bench.retention.sweep() == 2
    assert len(await bench.key_rows()) == 3, "the process is killed here"
    assert await bench.read() == [WU, {"erased": True}]
    assert await bench.erasures.sweep() == 2
    assert len(await bench.key_rows()) == 1
    assert await bench.read() == [WU, {"erased": True}]
    assert (await bench.retention.sweep(), await bench.erasures.sweep()) == (0, 0)


@pytest.mark.servers
async def test_who_is_erased_stays_erased_when_the_keys_come_back(bench: Bench) -> None:
    before = await bench.key_rows()
    bench.today = months_later(bench.today, 6 * 12)
    await bench.retention.sweep()
    await bench.erasures.sweep()
    await bench.restore_keys(before)
    assert await bench.read() == [WU, {"erased": True}]
    assert await bench.erasures.sweep() == 2
    assert len(await bench.key_rows()) == 1


@pytest.mark.servers
async def test_no_claim_holds_the_number_of_a_certificate_of_who_has_left(bench: Bench) -> None:
    assert (bench.claimed, await bench.claims()) == (["YW-2025-0001"], [])


def test_the_years_are_those_of_the_dated_setting() -> None:
    assert setting("person_retention_years", AFTER).value == "5"
