"""List queries of the register at 3,000 enterprises and 15,000 instruments."""

import time
from datetime import UTC, date, datetime
from uuid import UUID, uuid5

import asyncpg
from counting import meta
from qingyuan_events import Fact, Recorded
from qingyuan_events.registry import (
    EnterpriseParticulars,
    EnterpriseRegistered,
    InstrumentRegistered,
    MonitoringPointAdded,
    PointParticulars,
    WastewaterAnalyser,
)
from qingyuan_runtime.database.connections import open_pool
from qingyuan_runtime.following.rebuilding import ensure_live, session_of
from views.register.projection import Register, create_script
from views.register.queries import RegisterQueries
from views.register.statements import Filter, When
from views.shared.scope import Scope

from bench.servers import Servers, percentiles, say

ENTERPRISES = 3_000
PER_ENTERPRISE = 5
DISTRICTS = ["310101", "310104", "310112", "310113", "310114", "310115", "310117", "310118"]
SPACE = UUID(int=7)
SINCE = date(2024, 3, 1)


def facts() -> list[Recorded[Fact]]:
    now = datetime(2026, 1, 1, tzinfo=UTC)
    recorded: list[Recorded[Fact]] = []

    def tell(stream: str, fact: Fact) -> None:
        recorded.append(Recorded(stream=stream, version=1, recorded_at=now, meta=about, fact=fact))

    about = meta()
    for n in range(ENTERPRISES):
        enterprise, point = uuid5(SPACE, f"e{n}"), uuid5(SPACE, f"p{n}")
        particulars = EnterpriseParticulars(
            name=f"上海第{n:04}化工有限公司",
            uscc=f"9131{n:014}",
            district=DISTRICTS[n % 8],
            address="路",
            industry="化工",
            permit_number="无",
        )
        tell(
            f"enterprise-{enterprise}",
            EnterpriseRegistered(enterprise_id=enterprise, particulars=particulars, valid_from=SINCE),
        )
        at = PointParticulars(code="DW001", name="总测点", medium="wastewater", factors=("w01018",))
        tell(
            f"monitoring_point-{point}",
            MonitoringPointAdded(
                point_id=point, outlet_id=point, enterprise_id=enterprise, particulars=at, valid_from=SINCE
            ),
        )
        for k in range(PER_ENTERPRISE):
            instrument = uuid5(SPACE, f"i{n} {k}")
            what = WastewaterAnalyser(
                factor="w01018", model=f"M{k}", brand="源测", method="法", construction="built", om_operator="甲", om_operator_previous="无",
                serial_number=f"SN{n:05}{k}", permit_point_name="无", permit_point_code="无", integrator="集成", installer="安装",
            )  # fmt: skip
            tell(
                f"instrument-{instrument}",
                InstrumentRegistered(
                    instrument_id=instrument,
                    point_id=point,
                    enterprise_id=enterprise,
                    particulars=what,
                    valid_from=SINCE,
                ),
            )
    return recorded


async def run(servers: Servers) -> None:
    dsn = await servers.databases.fresh("queries")
    connection = await asyncpg.connect(dsn)
    await connection.execute("create role asker login password 'x'")
    await ensure_live(dsn, "register", create_script())
    await connection.execute(
        "grant usage on schema register to asker; grant select on all tables in schema register to asker"
    )
    writer = await open_pool(dsn, size=1, session=session_of("register"))
    told = facts()
    began = time.perf_counter()
    for start in range(0, len(told), 5000):
        async with writer.acquire() as writing, writing.transaction():
            await Register().apply(writing, told[start : start + 5000])
    say(
        "register.fold-and-save",
        "batches of 5,000, no Kafka",
        n=len(told),
        events_per_second=round(len(told) / (time.perf_counter() - began)),
    )
    await connection.execute("set search_path = register; analyze")
    place = dsn.split("@")[1]
    await ask(
        RegisterQueries(
            await open_pool(f"postgresql://asker:x@{place}", size=2, session={"search_path": "register"})
        )
    )
    await connection.close()


async def ask(queries: RegisterQueries) -> None:
    city, district, own = (
        Scope("all", ""),
        Scope("district", "310118"),
        Scope("enterprise", str(uuid5(SPACE, "e7"))),
    )
    cases = {
        "enterprises, first page, city": (city, Filter("enterprise")),
        "enterprises, first page, district": (district, Filter("enterprise")),
        "enterprises, search by name, city": (city, Filter("enterprise", search="第0777")),
        "instruments, first page, city": (city, Filter("instrument")),
        "instruments, search by serial number, district": (district, Filter("instrument", search="SN01007")),
        "instruments, own": (own, Filter("instrument")),
    }
    when = When.of(None, None, datetime.now(UTC))
    for name, (scope, wanted) in cases.items():
        durations = []
        for _ in range(100):
            began = time.perf_counter()
            await queries.page(scope, wanted, when, 50, None)
            durations.append(time.perf_counter() - began)
        say(
            f"query: {name}",
            "one at a time, page of 50, under row-level security",
            n=100,
            **percentiles(durations),
        )
