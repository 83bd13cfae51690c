"""The working day's projectors on real Kafka and PostgreSQL: killed in the middle of their transactions, and made anew."""

import asyncio
import sys
from collections.abc import AsyncIterator, Sequence
from pathlib import Path
from uuid import uuid4

import asyncpg
import pytest
from aiokafka.admin import AIOKafkaAdminClient, NewTopic
from qingyuan_events import Fact, Recorded, encode
from qingyuan_local.testing import DatabaseServer, KafkaServer
from qingyuan_runtime.bus.kafka_publisher import KafkaPublisher
from qingyuan_runtime.bus.kafka_reader import KafkaReader
from qingyuan_runtime.following.rebuilding import Differs, Rebuild
from qingyuan_runtime.following.testing import message_of
from qingyuan_runtime.log.store_schema import create_script as store_script
from read_models import Model, make_model, model_after
from test_work import rows_of, shuffled
from views.models import MODELS
from working_day import working_day

pytestmark = pytest.mark.servers

WORKING_DAY = ("work", "confirmations")
ROLE = Path(__file__).with_name("project_role.py")
FACTS = working_day().recorded


def of(model: str, facts: Sequence[Recorded[Fact]] = FACTS) -> list[Recorded[Fact]]:
    topic = MODELS[model].projection().topic
    return [fact for fact in facts if fact.fact.topic == topic]


async def publish(bootstrap: str, facts: Sequence[Recorded[Fact]]) -> str:
    """A topic of the test's own with these facts in this order, keyed by stream."""
    topic = f"test.{uuid4().hex[:12]}"
    admin = AIOKafkaAdminClient(bootstrap_servers=bootstrap)
    await admin.start()
    await admin.create_topics([NewTopic(topic, 3, 1)])
    await admin.close()
    publisher = await KafkaPublisher.open(bootstrap, topic)
    await publisher.publish([message_of(fact) for fact in facts])
    await publisher.close()
    return topic


@pytest.fixture(scope="module")
async def topics(kafka_server: KafkaServer) -> dict[str, str]:
    mixed = shuffled(FACTS, 7)
    return {model: await publish(kafka_server.bootstrap, of(model, mixed)) for model in WORKING_DAY}


@pytest.fixture
async def model(postgres_server: DatabaseServer) -> AsyncIterator[Model]:
    made = await make_model(postgres_server)
    yield made
    await made.close()


async def start(which: str, model: Model, bootstrap: str, topic: str, statement: int) -> asyncio.subprocess.Process:  # fmt: skip
    return await asyncio.create_subprocess_exec(
        sys.executable, str(ROLE), which, model.dsn, bootstrap, topic, str(statement)
    )


async def until_all_is_read(which: str, model: Model) -> None:
    streams = {fact.stream for fact in of(which)}
    async with asyncio.timeout(120):
        while True:
            rows = await model.writers[which].fetch("select stream_id, version from projection_stream")
            seen = {row["stream_id"]: row["version"] for row in rows}
            if all(seen.get(fact.stream, 0) >= fact.version for fact in of(which)) and len(seen) == len(
                streams
            ):
                return
            await asyncio.sleep(0.05)


@pytest.mark.long
@pytest.mark.parametrize(("which", "statements"), [("work", (2, 17, 40)), ("confirmations", (5,))])
async def test_killed_in_the_middle_nothing_is_lost_or_doubled(
    which: str,
    statements: tuple[int, ...],
    model: Model,
    topics: dict[str, str],
    kafka_server: KafkaServer,
    postgres_server: DatabaseServer,
) -> None:
    for statement in statements:
        process = await start(which, model, kafka_server.bootstrap, topics[which], statement)
        assert await asyncio.wait_for(process.wait(), 120) == -9
    process = await start(which, model, kafka_server.bootstrap, topics[which], 0)
    await until_all_is_read(which, model)
    process.terminate()
    await process.wait()
    expected = await model_after(postgres_server, of(which))
    assert await rows_of(model) == await rows_of(expected)
    await expected.close()


async def a_store(server: DatabaseServer, facts: Sequence[Recorded[Fact]]) -> str:
    """An event store that recorded these facts in this order."""
    dsn = await server.fresh("log")
    connection = await asyncpg.connect(dsn)
    await connection.execute(store_script())
    rows = [
        (fact.stream, fact.version, fact.fact.type, encode(fact.fact).decode(), fact.meta.model_dump_json(), fact.recorded_at)
        for fact in facts
    ]  # fmt: skip
    await connection.executemany(
        "insert into events (stream_id, version, type, data, meta, recorded_at, epoch)"
        " values ($1, $2, $3, $4, $5, $6, 1)",
        rows,
    )
    await connection.close()
    return dsn


@pytest.mark.parametrize("which", WORKING_DAY)
async def test_made_anew_it_equals_what_grew_live_and_a_difference_is_seen(
    which: str,
    model: Model,
    topics: dict[str, str],
    kafka_server: KafkaServer,
    postgres_server: DatabaseServer,
) -> None:
    for fact in of(which):
        await model.apply([fact])
        await model.seen(fact)
    before = await rows_of(model)
    rebuild = Rebuild(
        projection=MODELS[which].projection(),
        own_script=MODELS[which].script(),
        view_dsn=model.dsn,
        source_dsn=await a_store(postgres_server, shuffled(of(which), 11)),
        open_reader=lambda: KafkaReader.open(kafka_server.bootstrap, topics[which]),
    )
    made = await rebuild.run()
    assert (made.facts, made.compared.compared) == (len(of(which)), len({fact.stream for fact in of(which)}))
    assert await rows_of(model) == before
    table = {"work": "cycle set done_on = done_on + 1 where done_on is not null", "confirmations": "confirmation set late = not late"}  # fmt: skip
    await model.writers[which].execute(f"update {table[which]}")
    with pytest.raises(Differs):
        await rebuild.run()
