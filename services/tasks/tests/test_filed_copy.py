"""The copy of filings: the same answers from PostgreSQL and from memory, in whichever order the streams come."""

from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import replace
from datetime import date
from itertools import permutations
from typing import Any
from uuid import UUID

import asyncpg
import pytest
from counting import make_topic
from filed_samples import (
    BOTH,
    CERTIFICATE,
    DEVICE,
    FILING,
    PERSON,
    RENEWED,
    RESOURCES,
    TOLD,
    added,
    begun,
    certificate,
    copied,
    filed,
    filed_device,
    filed_person,
    of_filing,
    of_resource,
    person,
    version,
)
from killing import Dying, kill_then_finish
from plan_samples import ACCOUNT, OPERATOR, OTHER_OPERATOR
from qingyuan_events import Fact, Recorded
from qingyuan_events.filing import (
    FilingCancelled,
    FilingLocked,
    FilingReactivated,
    FilingReactivationAsked,
    ResourceCorrected,
    ResourceEnded,
    ResourcePaperRenewed,
    ResourcePaperRevoked,
    ResourcePersonErased,
    VehicleParticulars,
)
from qingyuan_local.testing import DatabaseServer, KafkaServer
from qingyuan_runtime.bus.kafka_reader import KafkaReader
from qingyuan_runtime.database.connections import Pool, open_pool
from qingyuan_runtime.following.rebuilding import Differs, Rebuild, ensure_live, session_of
from qingyuan_runtime.log.store import Write
from qingyuan_runtime.log.store_postgres import PostgresStore
from qingyuan_runtime.log.store_schema import create_script as store_script
from qingyuan_runtime.publishing.relay import Source
from tasks.domain.filed import FilingCopy
from tasks.filed_copy.memory import MemoryFiledCopy
from tasks.filed_copy.port import FiledCopy
from tasks.filed_copy.postgres import PostgresFiledCopy
from tasks.filed_copy.projection import MODEL, FiledCopyProjection, create_script

Tell = Callable[..., Awaitable[None]]
Told = tuple[FiledCopy, Tell]
OWN = {"operator_id": OPERATOR, "resource_id": PERSON}
renewed = certificate.model_copy(update={"paper_id": RENEWED, "valid_to": date(2031, 2, 28)})
renewal = ResourcePaperRenewed(**OWN, paper=renewed, replaces=CERTIFICATE, changed_on=date(2026, 11, 2))


@pytest.fixture(params=["memory", pytest.param("postgres", marks=pytest.mark.servers)])
async def copy(request: pytest.FixtureRequest) -> AsyncIterator[Told]:
    if request.param == "memory":
        twin = MemoryFiledCopy()

        async def tell_twin(*facts: Recorded[Fact]) -> None:
            twin.apply(*facts)

        yield twin, tell_twin
        return
    pool = await stored_copy(request.getfixturevalue("postgres_server"))

    async def tell_table(*facts: Recorded[Fact]) -> None:
        async with pool.acquire() as connection, connection.transaction():
            await FiledCopyProjection().apply(connection, facts)

    yield PostgresFiledCopy(pool), tell_table
    await pool.close()


async def stored_copy(server: DatabaseServer) -> Pool:
    dsn = await server.fresh("filed")
    await ensure_live(dsn, MODEL, create_script())
    return await open_pool(dsn, size=3, session=session_of(MODEL))


def with_person(**changes: Any) -> FilingCopy:
    return replace(FILING, people=(replace(filed_person, **changes),))


async def test_people_and_devices_are_what_was_filed(copy: Told) -> None:
    filings, tell = copy
    await tell(*TOLD)
    found = await filings.filing(OPERATOR)
    assert found == FILING
    assert (found.person(ACCOUNT), found.device("DX-2201")) == (filed_person, filed_device)
    assert (found.person(UUID(int=99)), found.device("DX-2202")) == (None, None)
    assert await filings.filing(OTHER_OPERATOR) == FilingCopy()


async def test_a_draft_is_not_filed(copy: Told) -> None:
    filings, tell = copy
    await tell(*RESOURCES, *of_filing(begun))
    assert await filings.filing(OPERATOR) == FilingCopy()
    await tell(*of_filing(filed(version(PERSON, 1)), since=2))
    assert await filings.filing(OPERATOR) == replace(FILING, devices=())


@pytest.mark.parametrize("order", list(permutations(range(3))))
async def test_the_streams_come_in_any_order(copy: Told, order: tuple[int, ...]) -> None:
    filings, tell = copy
    streams = (RESOURCES[:1], RESOURCES[1:], of_filing(begun, BOTH))
    for number in order:
        await tell(*streams[number])
    assert await filings.filing(OPERATOR) == FILING


async def test_a_change_counts_when_it_is_filed_and_not_before(copy: Told) -> None:
    filings, tell = copy
    await tell(*TOLD)
    await tell(*of_resource(PERSON, renewal, since=2))
    assert await filings.filing(OPERATOR) == FILING
    await tell(*of_filing(filed(version(PERSON, 2), number=2), since=3))
    assert await filings.filing(OPERATOR) == with_person(papers=(copied(certificate), copied(renewed)))


async def test_what_is_filed_stands_until_the_version_filed_after_it_arrives(copy: Told) -> None:
    filings, tell = copy
    await tell(*TOLD, *of_filing(filed(version(PERSON, 3), number=2), since=3))
    assert await filings.filing(OPERATOR) == FILING
    moved = ResourceCorrected(
        **OWN,
        particulars=person.model_copy(update={"account_id": UUID(int=98), "papers": (renewed,)}),
        changed_on=date(2026, 11, 3),
        reason="换了账户",
    )
    await tell(*of_resource(PERSON, renewal, moved, since=2))
    found = await filings.filing(OPERATOR)
    assert found == with_person(account_id=UUID(int=98), papers=(copied(certificate), copied(renewed)))


async def test_a_paper_that_a_correction_took_out_was_filed_by_mistake(copy: Told) -> None:
    filings, tell = copy
    without = ResourceCorrected(
        **OWN,
        particulars=person.model_copy(update={"papers": (renewed,)}),
        changed_on=date(2026, 11, 3),
        reason="不是本人的证书",
    )
    await tell(*TOLD, *of_resource(PERSON, without, since=2))
    await tell(*of_filing(filed(version(PERSON, 2), number=2), since=3))
    assert await filings.filing(OPERATOR) == with_person(papers=(copied(renewed),))


async def test_what_was_replaced_before_it_was_filed_never_counted(copy: Told) -> None:
    filings, tell = copy
    await tell(*RESOURCES, *of_filing(begun), *of_resource(PERSON, renewal, since=2))
    await tell(*of_filing(filed(version(PERSON, 2), version(DEVICE, 1, "device")), since=2))
    assert await filings.filing(OPERATOR) == with_person(papers=(copied(renewed),))


async def test_a_corrected_paper_counts_as_it_was_filed_last(copy: Told) -> None:
    filings, tell = copy
    shorter = certificate.model_copy(update={"valid_to": date(2027, 2, 28)})
    corrected = ResourceCorrected(
        **OWN,
        particulars=person.model_copy(update={"papers": (shorter,)}),
        changed_on=date(2026, 11, 3),
        reason="有效期填错",
    )
    await tell(*TOLD, *of_resource(PERSON, corrected, since=2))
    await tell(*of_filing(filed(version(PERSON, 2), number=2), since=3))
    assert await filings.filing(OPERATOR) == with_person(papers=(copied(shorter),))


async def test_a_revocation_counts_at_once_and_also_for_versions_filed_later(copy: Told) -> None:
    filings, tell = copy
    day = date(2026, 12, 1)
    revoked = ResourcePaperRevoked(**OWN, paper_id=CERTIFICATE, first_day=day, reason="挂证")
    await tell(*TOLD, *of_resource(PERSON, revoked, since=2))
    void = with_person(papers=(copied(certificate, revoked_from=day),))
    assert await filings.filing(OPERATOR) == void
    await tell(*of_filing(filed(version(PERSON, 2), number=2), since=3))
    assert await filings.filing(OPERATOR) == void


async def test_who_has_left_ends_on_their_last_day_filed_or_not(copy: Told) -> None:
    filings, tell = copy
    ended = ResourceEnded(**OWN, last_day=date(2026, 12, 5), reason="离职")
    await tell(*TOLD, *of_resource(PERSON, ended, since=2))
    assert await filings.filing(OPERATOR) == with_person(last_day=date(2026, 12, 5))


async def test_after_the_erasure_of_a_name_the_person_is_the_same_also_where_that_version_is_filed(
    copy: Told,
) -> None:
    filings, tell = copy
    ended = ResourceEnded(**OWN, last_day=date(2026, 12, 5), reason="离职")
    erased = ResourcePersonErased(**OWN, subject=UUID(int=0x60), reason="期满")
    await tell(*TOLD, *of_resource(PERSON, ended, erased, since=2))
    assert await filings.filing(OPERATOR) == with_person(last_day=date(2026, 12, 5))
    await tell(*of_filing(filed(version(PERSON, 3), number=2), since=3))
    assert await filings.filing(OPERATOR) == with_person(last_day=date(2026, 12, 5))


async def test_somebody_who_came_back_is_the_person_who_is_there(copy: Told) -> None:
    filings, tell = copy
    ended = ResourceEnded(**OWN, last_day=date(2026, 5, 5), reason="离职")
    again = UUID(int=0x50)
    anew = added(person.model_copy(update={"papers": (renewed,)}), again)
    await tell(*TOLD, *of_resource(PERSON, ended, since=2), *of_resource(again, anew))
    await tell(*of_filing(filed(version(again, 1), number=2), since=3))
    found = (await filings.filing(OPERATOR)).person(ACCOUNT)
    assert found is not None
    assert (found.resource_id, found.last_day) == (again, None)
    assert found.papers == (copied(certificate), copied(renewed))


async def test_a_locked_filing_says_so_until_it_is_reactivated(copy: Told) -> None:
    filings, tell = copy
    await tell(*TOLD)
    locked = FilingLocked(operator_id=OPERATOR, reason="六个月没有业务")
    asked = FilingReactivationAsked(operator_id=OPERATOR, reason="已有合同")
    await tell(*of_filing(locked, asked, since=3))
    assert await filings.filing(OPERATOR) == replace(FILING, state="locked")
    await tell(*of_filing(FilingReactivated(operator_id=OPERATOR, reason="同意"), since=5))
    assert await filings.filing(OPERATOR) == FILING


async def test_of_a_cancelled_filing_nothing_is_filed_and_a_new_one_files_anew(copy: Told) -> None:
    filings, tell = copy
    await tell(*TOLD)
    cancelled = FilingCancelled(operator_id=OPERATOR, revoked=False, reason="不再从业")
    await tell(*of_filing(cancelled, since=3))
    assert await filings.filing(OPERATOR) == FilingCopy(state="cancelled")
    await tell(*of_filing(begun, since=4))
    assert await filings.filing(OPERATOR) == FilingCopy()
    await tell(*of_filing(filed(version(DEVICE, 1, "device"), number=2), since=5))
    assert await filings.filing(OPERATOR) == replace(FILING, people=())


async def test_vehicles_are_not_kept(copy: Told) -> None:
    filings, tell = copy
    car = UUID(int=0x59)
    of_car = of_resource(car, added(VehicleParticulars(plate="沪AD12345", ownership="owned"), car))
    ended = ResourceEnded(operator_id=OPERATOR, resource_id=car, last_day=date(2026, 12, 1), reason="报废")
    await tell(*TOLD, *of_car, *of_resource(car, ended, since=2))
    await tell(*of_filing(filed(version(car, 1, "vehicle"), number=2), since=3))
    assert await filings.filing(OPERATOR) == FILING


@pytest.mark.servers
async def test_the_copy_is_made_anew_from_the_log_of_filings(
    postgres_server: DatabaseServer, kafka_server: KafkaServer
) -> None:
    """The topic keeps facts for a limited time and is empty here, so the copy must be filled from the store."""
    owner, topic = await postgres_server.fresh("filing"), await make_topic(kafka_server.bootstrap)
    dsn = await postgres_server.fresh("tasks")
    await ensure_live(dsn, MODEL, create_script())
    async with asyncpg.create_pool(owner, min_size=1) as log:
        await log.execute(store_script())
        await record_filing(log)
    anew = Rebuild(
        projection=FiledCopyProjection(),
        own_script=create_script(),
        view_dsn=dsn,
        source_dsn=owner,
        open_reader=lambda: KafkaReader.open(kafka_server.bootstrap, topic),
    )
    assert (await anew.run()).facts == len(TOLD)
    assert (await anew.run()).compared.compared == len({told.stream for told in TOLD})
    async with asyncpg.create_pool(dsn, min_size=1) as pool:
        assert await PostgresFiledCopy(pool).filing(OPERATOR) == FILING
        await pool.execute("update filed.resource_version set serial_number = 'bent'")
    with pytest.raises(Differs, match="resource"):
        await anew.run()


async def record_filing(log: Pool) -> None:
    """The sample's facts, each stream at once."""
    for stream in dict.fromkeys(told.stream for told in TOLD):
        facts = tuple(told.fact for told in TOLD if told.stream == stream)
        meta = of_filing(begun)[0].meta
        await PostgresStore(log).append([Write(stream, 0, facts)], meta, "f")


@pytest.mark.servers
async def test_a_projector_killed_in_the_middle_loses_and_doubles_nothing(
    postgres_server: DatabaseServer, kafka_server: KafkaServer
) -> None:
    log_dsn, bootstrap = await postgres_server.fresh("log"), kafka_server.bootstrap
    topic, pool = await make_topic(bootstrap), await stored_copy(postgres_server)
    filings = PostgresFiledCopy(pool)
    async with asyncpg.create_pool(log_dsn, min_size=1) as log:
        await log.execute(store_script())
        await record_filing(log)

    async def is_empty() -> bool:
        return (await filings.filing(OPERATOR)).people == ()

    async def is_whole() -> bool:
        return await filings.filing(OPERATOR) == FILING

    dying = Dying(FiledCopyProjection(), topic, deaths=3)
    source = Source(log_dsn, "filing")
    await kill_then_finish(dying, pool, source, bootstrap, is_empty=is_empty, is_whole=is_whole)
    await pool.close()
