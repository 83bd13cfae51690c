"""A small town's story as facts, and a read model on real PostgreSQL that was told it. For the tests of this service."""

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from uuid import UUID, uuid4

import asyncpg
from qingyuan_events import Actor, Fact, Meta, Recorded
from qingyuan_events.registry import (
    EnterpriseParticulars,
    EnterpriseRegistered,
    InstrumentCorrected,
    InstrumentOperatorChanged,
    InstrumentRegistered,
    InstrumentReplaced,
    MonitoringPointAdded,
    OutletAdded,
    OutletParticulars,
    PointParticulars,
    WastewaterAnalyser,
)
from qingyuan_local.testing import DatabaseServer
from qingyuan_runtime.database.connections import Pool, open_pool
from qingyuan_runtime.following.rebuilding import ensure_live, session_of
from views.models import MODELS
from views.register import answers
from views.register.projection import Register
from views.register.queries import RegisterQueries
from views.register.statements import Filter, When
from views.shared.scope import Scope

ENTERPRISE, OTHER, OUTLET, POINT, OLD, NEW = (UUID(int=n) for n in range(1, 7))
START = datetime(2026, 1, 1, 8, 0, tzinfo=UTC)
SINCE = date(2024, 3, 1)
NOW = datetime(2026, 11, 24, 4, 0, tzinfo=UTC)
ALL = Scope("all", "")
ACTOR = Actor(account=UUID(int=9), kind="enterprise", organisation=ENTERPRISE)
TRACE = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"


def enterprise(name: str, district: str) -> EnterpriseParticulars:
    return EnterpriseParticulars(
        name=name, uscc=f"U{name}", district=district, address="路 1 号", industry="化工", permit_number="无"
    )


analyser = WastewaterAnalyser(
    factor="w01018", model="CODmax", brand="源测", method="重铬酸钾法", construction="built",
    om_operator="甲公司", om_operator_previous="无", serial_number="=1+1",
    permit_point_name="无", permit_point_code="无", integrator="集成", installer="安装",
)  # fmt: skip
IDS = {"instrument_id": OLD, "point_id": POINT, "enterprise_id": ENTERPRISE}


class Story:
    """Facts as they were recorded, a day apart unless said otherwise."""

    def __init__(self) -> None:
        self.recorded: list[Recorded[Fact]] = []
        self._versions: dict[str, int] = {}
        self._at = START

    def tell(self, stream: str, fact: Fact, at: datetime | None = None) -> None:
        self._versions[stream] = self._versions.get(stream, 0) + 1
        self._at = at or self._at + timedelta(days=1)
        meta = Meta(actor=ACTOR, command_id=uuid4(), correlation=uuid4(), traceparent=TRACE)
        self.recorded.append(
            Recorded(
                stream=stream, version=self._versions[stream], recorded_at=self._at, meta=meta, fact=fact
            )
        )


def town() -> Story:
    story = Story()
    for key, name, district in ((ENTERPRISE, "清泉化工", "310118"), (OTHER, "申宝热电", "310113")):
        story.tell(
            f"enterprise-{key}",
            EnterpriseRegistered(enterprise_id=key, particulars=enterprise(name, district), valid_from=SINCE),
        )
    outlet = OutletParticulars(code="DW001", name="总排口", medium="wastewater")
    point = PointParticulars(code="DW001", name="总测点", medium="wastewater", factors=("w01018",))
    story.tell(
        f"outlet-{OUTLET}",
        OutletAdded(outlet_id=OUTLET, enterprise_id=ENTERPRISE, particulars=outlet, valid_from=SINCE),
    )
    story.tell(
        f"monitoring_point-{POINT}",
        MonitoringPointAdded(
            point_id=POINT, outlet_id=OUTLET, enterprise_id=ENTERPRISE, particulars=point, valid_from=SINCE
        ),
    )
    story.tell(f"instrument-{OLD}", InstrumentRegistered(**IDS, particulars=analyser, valid_from=SINCE))
    story.tell(
        f"instrument-{OLD}",
        InstrumentOperatorChanged(
            **IDS, om_operator="乙公司", om_operator_previous="甲公司", valid_from=date(2025, 1, 1)
        ),
    )
    corrected = analyser.model_copy(
        update={"om_operator": "乙公司", "om_operator_previous": "甲公司", "brand": "改正"}
    )
    story.tell(
        f"instrument-{OLD}",
        InstrumentCorrected(**IDS, particulars=corrected, valid_from=SINCE, reason="录错"),
        datetime(2026, 6, 1, tzinfo=UTC),
    )
    newer = analyser.model_copy(update={"model": "CODmax 2"})
    story.tell(
        f"instrument-{NEW}",
        InstrumentRegistered(
            **IDS | {"instrument_id": NEW}, particulars=newer, valid_from=date(2026, 7, 1), replaces=OLD
        ),
    )
    story.tell(
        f"instrument-{OLD}",
        InstrumentReplaced(**IDS, replaced_by=NEW, valid_to=date(2026, 7, 1), reason="故障"),
    )
    return story


class Model:
    """All read models on one database; each fact goes to the model of its topic."""

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
        """What the runner does beside `apply`: remember how far a stream has come."""
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
    """Empty builds, written by their owner and read by a role that only may read."""
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
