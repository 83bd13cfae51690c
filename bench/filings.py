"""What reviewers, operators and anybody ask about filings, over those of a whole city, under row-level security.

The facts are those of `qingyuan seed --size city` for more operators: 200 with 150 people, 400 devices and 20 vehicles
each, and 40 filings that wait. One operator has 5,040 planned windows. `ratio` is that of the median to the median of an empty question under the same row-level security.
"""

import time
from collections.abc import Awaitable, Callable, Sequence
from datetime import date
from typing import Any, Final
from uuid import UUID

import asyncpg
from counting import meta
from qingyuan_cli.seeding.city.filings import filings, subjects
from qingyuan_cli.seeding.city.loading import StreamFacts
from qingyuan_cli.seeding.city.names import new_keys
from qingyuan_cli.seeding.city.operator_filing import COUNTS, Filing
from qingyuan_cli.seeding.city.year import DAYS, OPERATORS, operator, people
from qingyuan_events import Fact, Recorded, decode
from qingyuan_runtime.database.connections import Connection, open_pool
from qingyuan_runtime.following.rebuilding import ensure_live, session_of
from views.filings import answers, leases
from views.filings.projection import MODEL, Filings
from views.filings.queries import FilingQueries
from views.filings.query_models import FilingQuery, PaperQuery, PublicQuery, ResourceQuery
from views.models import MODELS
from views.reliance import answers as reliance
from views.reliance.queries import RelianceQueries
from views.reliance.query_models import ImpossibleQuery
from views.shared.scope import Scope
from views.shared.scoped import scoped

from bench.servers import Servers, percentiles, say
from bench.windows import plan_windows

TODAY: Final = date(2026, 11, 30)
FILED_OPERATORS: Final = 200
POINTS: Final = COUNTS["person"] * DAYS * OPERATORS
"""So many that all people of an operator are needed for its visits, and have accounts."""
BATCH: Final = 5_000
TIMES: Final = 100
CITY: Final = Scope("all", "")
FIRST: Final = operator(0)
"""Its filing waits for the first review, with all that it has."""
BUSY: Final = operator(1)
"""It is filed, and has the planned windows."""


def recorded_facts() -> list[Recorded[Fact]]:
    about = meta()
    made = filings(FILED_OPERATORS, POINTS, TODAY, new_keys(subjects(FILED_OPERATORS)))
    return [recorded for stream in made for recorded in _of(stream, about)]


def _of(stream: StreamFacts, about: Any) -> Sequence[Recorded[Fact]]:
    return [
        Recorded(stream=stream.stream, version=version, recorded_at=at, meta=about, fact=decode(type_, data))
        for version, (type_, data, at) in enumerate(stream.facts, start=1)
    ]


async def run(servers: Servers) -> None:
    assert Filing(0, FIRST, TODAY, (), {}).waits == "first"
    dsn = await servers.databases.fresh("filings")
    owner = await asyncpg.connect(dsn)
    await owner.execute("create role asker login password 'x'")
    for model, made in MODELS.items():  # a filing is shown with the contracts of another model
        await ensure_live(dsn, model, made.script())
        await owner.execute(f"grant usage on schema {model} to asker")
        await owner.execute(f"grant select on all tables in schema {model} to asker")
    await fill(dsn)
    await owner.execute(f"set search_path = {MODEL}; analyze")
    windows = await plan_windows(owner, BUSY, list(people(1, COUNTS["person"])), TODAY)
    await ask(dsn, await _measured_size(owner))
    await ask_what_becomes_impossible(dsn, windows)
    await owner.close()


async def _measured_size(owner: Connection) -> int:
    rows: int = await owner.fetchval("select count(*) from resource")
    return rows


async def fill(dsn: str) -> None:
    told = recorded_facts()
    writer = await open_pool(dsn, size=1, session=session_of(MODEL))
    began = time.perf_counter()
    for start in range(0, len(told), BATCH):
        async with writer.acquire() as writing, writing.transaction():
            await Filings().apply(writing, told[start : start + BATCH])
    rate = round(len(told) / (time.perf_counter() - began))
    say("filings.fold-and-save", f"batches of {BATCH:,}, no Kafka", n=len(told), events_per_second=rate)
    await writer.close()


async def ask(dsn: str, resources: int) -> None:
    place = dsn.split("@")[1]
    pool = await open_pool(f"postgresql://asker:x@{place}", size=2, session={"search_path": MODEL})

    async def nothing() -> None:
        async with scoped(pool, CITY) as connection:
            await connection.fetchval("select 1")

    floor = await _timed("filings: an empty question", nothing)
    for name, question in questions(FilingQueries(pool)).items():
        await _timed(f"filings: {name}", question, floor, resources=resources)
    await pool.close()


async def ask_what_becomes_impossible(dsn: str, windows: int) -> None:
    """Of an operator with so many planned windows."""
    pool = await open_pool(f"postgresql://asker:x@{dsn.split('@')[1]}", size=2)
    queries, own = RelianceQueries(pool), Scope("operator", str(BUSY))
    for who, scope in (("the operator", own), ("the city", CITY)):

        async def impossible(scope: Scope = scope) -> None:
            found = await queries.impossible(scope, BUSY, ImpossibleQuery(), TODAY)
            assert found
            assert found.totals["windows"] == windows
            assert found.totals["impossible"] + found.totals["at_risk"] > 0
            reliance.impossible(found, TODAY)

        await _timed(f"filings: what becomes impossible, asked by {who}", impossible, windows=windows)
    await pool.close()


def questions(queries: FilingQueries) -> dict[str, Callable[[], Awaitable[Any]]]:
    """Each with its answer made ready to send."""
    own = Scope("operator", str(FIRST))

    async def queue(scope: Scope = CITY) -> Any:
        found, waiting = await queries.filings(scope, FilingQuery(state="waiting", page=1), TODAY)
        return [answers.listed_filing(row, waiting) for row in found.rows]

    async def expiring(scope: Scope = CITY, operator_id: UUID | None = None) -> Any:
        found = await queries.papers(
            scope, PaperQuery(ends_within=60, operator_id=operator_id, page=1), TODAY
        )
        uncovered = leases.by("paper_id", found.uncovered)
        return [answers.expiring(row, TODAY, uncovered) for row in found.page.rows]

    async def devices(**wanted: Any) -> Any:
        query = ResourceQuery.model_validate({"kind": "device", "page": 1, "limit": 100} | wanted)
        found = await queries.resources(own, FIRST, query, TODAY)
        uncovered = leases.by("resource_id", found.uncovered)
        return [answers.resource_row(row, uncovered) for row in found.page.rows]

    async def review() -> Any:
        found = await queries.review(CITY, FIRST, TODAY)
        assert found is not None
        return answers.review(found)

    async def filing() -> Any:
        found = await queries.filing(own, FIRST, TODAY)
        assert found is not None
        return answers.filing(found)

    async def public() -> Any:
        found = await queries.public(PublicQuery(page=1))
        return list(map(answers.public, found.rows))

    async def public_search() -> Any:
        found = await queries.public(PublicQuery(page=1, search="第7", scope="flue_gas"))
        return list(map(answers.public, found.rows))

    return {
        "those that wait for a review, city": queue,
        "papers that end within 60 days, city": expiring,
        "papers that end within 60 days, an operator": lambda: expiring(own, FIRST),
        "an operator's 400 devices, a page of 100": devices,
        "an operator's 400 devices, the last page": lambda: devices(page=4),
        "an operator's devices, by a number": lambda: devices(search="sn-00399"),
        "an operator's devices whose papers end": lambda: devices(ends_within=60),
        "the review of a full filing": review,
        "an operator's filing": filing,
        "the public register": public,
        "the public register, searched": public_search,
    }


async def _timed(
    name: str, ask: Callable[[], Awaitable[Any]], floor: float | None = None, **more: Any
) -> float:
    await ask()
    durations = []
    for _ in range(TIMES):
        began = time.perf_counter()
        await ask()
        durations.append(time.perf_counter() - began)
    figures = percentiles(durations)
    ratio = {"ratio": round(figures["p50_ms"] / floor, 1)} if floor else {}
    say(
        name,
        "one at a time, pages counted, answers made, under row-level security",
        n=TIMES,
        **figures,
        **ratio,
        **more,
    )
    return figures["p50_ms"]
