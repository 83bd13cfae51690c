"""All read models of this service on real PostgreSQL, for its tests."""

from collections.abc import Mapping, Sequence
from datetime import date
from uuid import uuid4

import asyncpg
from qingyuan_events import Fact, Recorded
from qingyuan_local.testing import DatabaseServer
from qingyuan_runtime.database.connections import Pool, open_pool
from qingyuan_runtime.following.rebuilding import ensure_live, session_of
from sample_facts import ALL, NOW
from views.models import MODELS
from views.register import answers
from views.register.projection import Register
from views.register.queries import RegisterQueries
from views.register.statements import Filter
from views.shared.when import When


class Model:
    """All read models on one database; each fact is applied to the models of its topic."""

    def __init__(self, dsn: str, writers: Mapping[str, Pool], reader: Pool) -> None:
        self.dsn = dsn
        self.writers = writers
        self.writer = writers["register"]
        self.reader = reader
        self.queries = RegisterQueries(reader)
        self.projections = {model: MODELS[model].projection() for model in MODELS}

    async def close(self) -> None:
        for pool in (*self.writers.values(), self.reader):
            await pool.close()

    async def apply(self, facts: Sequence[Recorded[Fact]]) -> None:
        for model, projection in self.projections.items():
            mine = [fact for fact in facts if fact.fact.topic == projection.topic]
            if mine:
                async with self.writers[model].acquire() as connection, connection.transaction():
                    await projection.apply(connection, mine)

    async def seen(self, fact: Recorded[Fact]) -> None:
        """Store the version of the fact's stream, as the runner does beside `apply`."""
        model = next(
            name for name, projection in self.projections.items() if projection.topic == fact.fact.topic
        )
        await self.writers[model].execute(
            """
            insert into projection_stream values ($1, $2)
            on conflict (stream_id) do update set version = excluded.version
            """,
            fact.stream,
            fact.version,
        )

    async def digests(self) -> dict[str, str]:
        streams = [row["s"] for row in await self.writer.fetch("select noun || '-' || id as s from entry")]
        async with self.writer.acquire() as connection:
            return await Register().digests(connection, streams)

    async def instruments(
        self, as_of: date | None = None, as_known: date | None = None, **wanted: str
    ) -> list[str]:
        page = await self.queries.page(
            ALL, Filter("instrument", **wanted), When.of(as_of, as_known, NOW), 50, None  # type: ignore[arg-type]
        )  # fmt: skip
        shown = [answers.instrument_row(row)["particulars"] for row in page.rows]
        return [
            f"{instrument['model']} {instrument['brand']} {instrument['om_operator']}" for instrument in shown
        ]


async def make_model(server: DatabaseServer) -> Model:
    """Empty builds, written by their owner and read by a role that may only read."""
    dsn = await server.fresh("views")
    reader = f"reader_{uuid4().hex[:8]}"
    connection = await asyncpg.connect(dsn)
    await connection.execute(f"create role {reader} login password 'x'")
    for model, made in MODELS.items():
        await ensure_live(dsn, model, made.script())
        await connection.execute(f"grant usage on schema {model} to {reader}")
        await connection.execute(f"grant select on all tables in schema {model} to {reader}")
    await connection.close()
    place = dsn.split("@")[1]
    return Model(
        dsn,
        {model: await open_pool(dsn, size=2, session=session_of(model)) for model in MODELS},
        await open_pool(f"postgresql://{reader}:x@{place}", size=2, session={"search_path": "register"}),
    )


async def model_after(server: DatabaseServer, facts: Sequence[Recorded[Fact]], size: int = 1000) -> Model:
    model = await make_model(server)
    for start in range(0, len(facts), size):
        await model.apply(facts[start : start + size])
    return model
