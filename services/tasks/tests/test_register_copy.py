"""The copy of the register: the same answers from PostgreSQL and from memory, and a projection killed in the middle."""

from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from uuid import UUID

import asyncpg
import pytest
from counting import make_topic
from killing import Dying, kill_then_finish
from qingyuan_events import Fact
from qingyuan_events.registry import (
    EnterpriseCorrected,
    InstrumentCorrected,
    InstrumentReplaced,
    InstrumentVoided,
    MonitoringPointClosed,
    MonitoringPointCorrected,
    MonitoringPointVoided,
)
from qingyuan_local.testing import DatabaseServer, KafkaServer
from qingyuan_runtime.bus.kafka_reader import KafkaReader
from qingyuan_runtime.database.connections import Pool, open_pool
from qingyuan_runtime.domain.decider import Missing
from qingyuan_runtime.following.rebuilding import Differs, Rebuild, ensure_live, session_of
from qingyuan_runtime.log.store import Write
from qingyuan_runtime.log.store_memory import MemoryStore
from qingyuan_runtime.log.store_postgres import PostgresStore
from qingyuan_runtime.log.store_schema import create_script as store_script
from qingyuan_runtime.publishing.relay import Source
from tasks.domain.register import EnterpriseCopy, InstrumentCopy, MonitoringPointCopy
from tasks.filed_copy.memory import MemoryFiledCopy
from tasks.register_copy.memory import MemoryRegisterCopy
from tasks.register_copy.port import RegisterCopy
from tasks.register_copy.postgres import PostgresRegisterCopy
from tasks.register_copy.projection import MODEL, RegisterCopyProjection, create_script
from tasks.shared.repository import Repository
from visit_samples import (
    ANALYSER,
    ENTERPRISE,
    OUTLET,
    POINT,
    SAMPLER,
    SINCE,
    TOWN,
    analyser,
    analyser_registered,
    enterprise,
    enterprise_registered,
    point,
    point_added,
    recorded,
)

IDS = {"point_id": POINT, "outlet_id": OUTLET, "enterprise_id": ENTERPRISE}
HERE = MonitoringPointCopy(
    point_id=POINT,
    code="DW001",
    name="污水总测点",
    medium="wastewater",
    factors=("w01018", "w21003"),
    location=point.location,
    outlet_id=OUTLET,
    enterprise_id=ENTERPRISE,
    district="310118",
    instruments=(
        InstrumentCopy(
            instrument_id=ANALYSER,
            kind="wastewater_analyser",
            factor="w01018",
            model="CODmax",
            serial_number="A-17",
        ),
        InstrumentCopy(instrument_id=SAMPLER, kind="sampler", factor=None, model="SC", serial_number=None),
    ),
)

Tell = Callable[..., Awaitable[None]]


@pytest.fixture(params=["memory", pytest.param("postgres", marks=pytest.mark.servers)])
async def copy(request: pytest.FixtureRequest) -> AsyncIterator[tuple[RegisterCopy, Tell]]:
    if request.param == "memory":
        twin = MemoryRegisterCopy()

        async def tell_twin(*facts: Fact) -> None:
            twin.apply(*facts)

        yield twin, tell_twin
        return
    pool = await stored_copy(request.getfixturevalue("postgres_server"))

    async def tell_table(*facts: Fact) -> None:
        async with pool.acquire() as connection, connection.transaction():
            await RegisterCopyProjection().apply(connection, recorded("any", facts))

    yield PostgresRegisterCopy(pool), tell_table
    await pool.close()


async def stored_copy(server: DatabaseServer) -> Pool:
    dsn = await server.fresh("places")
    await ensure_live(dsn, MODEL, create_script())
    return await open_pool(dsn, size=3, session=session_of(MODEL))


async def test_a_place_is_what_the_register_said(copy: tuple[RegisterCopy, Tell]) -> None:
    register, tell = copy
    await tell(*TOWN)
    assert await register.point(POINT) == HERE
    whole = EnterpriseCopy(
        enterprise_id=ENTERPRISE,
        name=enterprise.name,
        uscc=enterprise.uscc,
        district="310118",
        points=(HERE,),
    )
    assert await register.enterprise(ENTERPRISE) == whole
    assert await register.enterprise_of(uscc=enterprise.uscc) == whole


async def test_what_was_never_told_is_none(copy: tuple[RegisterCopy, Tell]) -> None:
    register, tell = copy
    await tell(*TOWN)
    assert await register.point(UUID(int=77)) is None
    assert await register.enterprise(UUID(int=77)) is None
    assert await register.enterprise_of(uscc=enterprise.uscc[:-1]) is None


async def test_a_point_shows_when_its_enterprise_has_come_too(copy: tuple[RegisterCopy, Tell]) -> None:
    register, tell = copy
    await tell(analyser_registered, point_added)
    assert await register.point(POINT) is None
    await tell(enterprise_registered)
    found = await register.point(POINT)
    assert found is not None
    assert [instrument.instrument_id for instrument in found.instruments] == [ANALYSER]


async def test_corrections_and_ends_take_hold(copy: tuple[RegisterCopy, Tell]) -> None:
    register, tell = copy
    await tell(*TOWN)
    reason = {"valid_from": SINCE, "reason": "录错"}
    newer, end = analyser.model_copy(update={"model": "CODmax 2"}), date(2026, 6, 1)
    ids = {"instrument_id": ANALYSER, "point_id": POINT, "enterprise_id": ENTERPRISE}
    await tell(
        EnterpriseCorrected(
            enterprise_id=ENTERPRISE,
            particulars=enterprise.model_copy(update={"district": "310113"}),
            **reason,
        ),
        MonitoringPointCorrected(**IDS, particulars=point.model_copy(update={"location": None}), **reason),
        InstrumentCorrected(**ids, particulars=newer, **reason),
        InstrumentReplaced(**ids, replaced_by=UUID(int=8), valid_to=end, reason="故障"),
    )
    await tell(MonitoringPointClosed(**IDS, valid_to=end, reason="拆除"))
    found = await register.point(POINT)
    assert found is not None
    assert (found.district, found.location, found.ends) == ("310113", None, end)
    assert (found.instruments[0].model, found.instruments[0].ends) == ("CODmax 2", end)
    assert (found.is_open(date(2026, 5, 31)), found.is_open(end)) == (True, False)


async def test_an_instrument_registered_by_mistake_was_never_in_use(copy: tuple[RegisterCopy, Tell]) -> None:
    register, tell = copy
    ids = {"instrument_id": ANALYSER, "point_id": POINT, "enterprise_id": ENTERPRISE}
    await tell(*TOWN, InstrumentVoided(**ids, reason="误录"))
    found = await register.point(POINT)
    assert found is not None
    assert found.instruments[0].ends == date.min


async def test_a_point_registered_by_mistake_takes_no_visit_on_any_day(
    copy: tuple[RegisterCopy, Tell],
) -> None:
    register, tell = copy
    await tell(*TOWN, MonitoringPointVoided(**IDS, reason="误录"))
    found = await register.point(POINT)
    assert found is not None
    assert [found.is_open(day) for day in (SINCE, date(2026, 11, 24), date(2100, 1, 1))] == [False] * 3


async def test_points_are_sorted_by_code(copy: tuple[RegisterCopy, Tell]) -> None:
    register, tell = copy
    others = [
        point_added.model_copy(
            update={"point_id": UUID(int=50 - n), "particulars": point.model_copy(update={"code": code})}
        )
        for n, code in enumerate(("DW001-02", "DW001-01", "无"))
    ]
    await tell(*TOWN, *others)
    found = await register.enterprise(ENTERPRISE)
    assert found is not None
    assert [point.code for point in found.points] == ["DW001", "DW001-01", "DW001-02", "无"]


async def test_a_place_that_is_on_its_way_is_waited_for() -> None:
    class Late(MemoryRegisterCopy):
        looks = 0
        patience = timedelta(seconds=1)

        async def point(self, point_id: UUID) -> MonitoringPointCopy | None:
            self.looks += 1
            return await super().point(point_id) if self.looks > 2 else None

    repository = Repository(MemoryStore(), Late(TOWN), MemoryFiledCopy(), lambda: datetime.now(UTC))
    assert await repository.point(POINT) == HERE
    with pytest.raises(Missing):
        await replace(repository, register=MemoryRegisterCopy(TOWN)).point(UUID(int=77))


@pytest.mark.servers
async def test_the_copy_is_made_anew_from_the_registrys_store(
    postgres_server: DatabaseServer, kafka_server: KafkaServer
) -> None:
    """The topic keeps facts for a limited time and is empty here, so the copy must be filled from the store."""
    registry, topic = await postgres_server.fresh("registry"), await make_topic(kafka_server.bootstrap)
    dsn = await postgres_server.fresh("tasks")
    await ensure_live(dsn, MODEL, create_script())
    async with asyncpg.create_pool(registry, min_size=1) as log:
        await log.execute(store_script())
        await record_town(log)
    anew = Rebuild(
        projection=RegisterCopyProjection(),
        own_script=create_script(),
        view_dsn=dsn,
        source_dsn=registry,
        open_reader=lambda: KafkaReader.open(kafka_server.bootstrap, topic),
    )
    assert (await anew.run()).facts == len(TOWN)
    assert (await anew.run()).compared.compared == len(TOWN)
    async with asyncpg.create_pool(dsn, min_size=1) as pool:
        assert await PostgresRegisterCopy(pool).point(POINT) == HERE
        await pool.execute("update places.point set name = 'bent'")
    with pytest.raises(Differs, match="monitoring_point"):
        await anew.run()


async def record_town(log: Pool) -> None:
    """The sample register's facts, each in its stream."""
    for fact in TOWN:
        noun = fact.type.partition(".")[0]
        key = getattr(fact, f"{noun.removeprefix('monitoring_')}_id")
        await PostgresStore(log).append(
            [Write(f"{noun}-{key}", 0, (fact,))], recorded("one", [fact])[0].meta, "f"
        )


@pytest.mark.servers
async def test_a_projector_killed_in_the_middle_loses_and_doubles_nothing(
    postgres_server: DatabaseServer, kafka_server: KafkaServer
) -> None:
    log_dsn, bootstrap = await postgres_server.fresh("log"), kafka_server.bootstrap
    topic, pool = await make_topic(bootstrap), await stored_copy(postgres_server)
    register = PostgresRegisterCopy(pool)
    async with asyncpg.create_pool(log_dsn, min_size=1) as log:
        await log.execute(store_script())
        await record_town(log)

    async def is_empty() -> bool:
        return await register.point(POINT) is None

    async def is_whole() -> bool:
        return await register.point(POINT) == HERE

    dying = Dying(RegisterCopyProjection(), topic, deaths=3)
    source = Source(log_dsn, "registry")
    await kill_then_finish(dying, pool, source, bootstrap, is_empty=is_empty, is_whole=is_whole)
    await pool.close()
