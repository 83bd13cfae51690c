"""Compares two builds of a read model, stream by stream: by version, and by a hash of the rows where versions agree.

The live build keeps applying facts during the comparison, and that must not count as a difference. So a stream that is
at a later version in the live build is checked against the owner's log, and one whose hash differs is read again.
"""

from collections.abc import AsyncIterator, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from typing import Final, Literal, Protocol

import asyncpg

from qingyuan_runtime.database.connections import Connection, Pool
from qingyuan_runtime.following.dead_letters import all_parked
from qingyuan_runtime.following.owners_log import OwnersLog

BATCH: Final = 2_000
NAMED_MAX: Final = 1_000
"""How many differing streams are listed by name; further ones are only counted."""

DifferenceKind = Literal["content", "missing", "behind", "set aside", "only live", "ahead of the log"]


class Digests(Protocol):
    async def digests(self, connection: Connection, streams: Sequence[str]) -> dict[str, str]: ...


@dataclass(frozen=True, slots=True)
class Difference:
    """One stream that the two builds show differently. A version is 0 where a build does not have the stream.

    content: same version, different rows. missing, behind: the live build lacks facts that the log holds. set aside: the
    new build could not apply facts that the live one has. only live, ahead of the log: the live build has facts that the
    log does not hold.
    """

    stream: str
    kind: DifferenceKind
    live: int
    built: int


@dataclass
class Comparison:
    """`compared` counts streams that were at the same version in both builds, whose rows were compared by hash.

    `moved_on` counts streams that the live build changed during the comparison.
    """

    live: int = 0
    built: int = 0
    compared: int = 0
    moved_on: int = 0
    counts: dict[str, int] = field(default_factory=dict)
    differences: list[Difference] = field(default_factory=list)

    def add(self, difference: Difference) -> None:
        self.counts[difference.kind] = self.counts.get(difference.kind, 0) + 1
        if len(self.differences) < NAMED_MAX:
            self.differences.append(difference)

    @property
    def differs(self) -> bool:
        return bool(self.counts)


@dataclass(frozen=True, slots=True)
class VersionRule:
    """Says whether different versions of a stream in the two builds are a difference, and of which kind."""

    caught_up: bool
    parked: AbstractSet[str]

    def kind_of(self, row: asyncpg.Record, *, beyond: bool) -> DifferenceKind | None:
        """None where the live build has only read further by now, or not yet as far.

        `beyond`: the live build's version is later than the last one in the log.
        """
        live, built = row["live"], row["built"]
        if live > built and beyond:
            return "ahead of the log" if built else "only live"
        if live > built:
            return "set aside" if row["stream_id"] in self.parked else None
        if not self.caught_up:
            return None
        return "behind" if live else "missing"


async def compare(
    projection: Digests, live: Pool, built: Pool, owner: OwnersLog, *, caught_up: bool
) -> Comparison:
    """`caught_up`: the live build has read as far as the new one, so a fact that it lacks is lost and not still to come."""
    comparison = Comparison()
    async with built.acquire() as connection:
        rule = VersionRule(caught_up, await all_parked(connection))
    async for rows in _pairs(live, built):
        comparison.live += sum(row["live"] > 0 for row in rows)
        comparison.built += sum(row["built"] > 0 for row in rows)
        await _compare_content(
            comparison, projection, live, built, [row for row in rows if row["live"] == row["built"]]
        )
        unequal = [row for row in rows if row["live"] != row["built"]]
        await _compare_versions(comparison, owner, unequal, rule)
    return comparison


async def _pairs(live: Pool, built: Pool) -> AsyncIterator[list[asyncpg.Record]]:
    """Every stream of either build with its version in both, in batches, ordered by name."""
    after = ""
    schemas = [await pool.fetchval("select current_schema()") for pool in (live, built)]
    query = _PAIRS.format(live=schemas[0], built=schemas[1])
    while rows := await live.fetch(query, after, BATCH):
        yield rows
        after = rows[-1]["stream_id"]


async def _compare_content(
    comparison: Comparison, projection: Digests, live: Pool, built: Pool, rows: Sequence[asyncpg.Record]
) -> None:
    names = [row["stream_id"] for row in rows]
    for _ in range(3):  # again, since the live build may have changed a stream between the two reads
        names = await _different(projection, live, built, names)
    comparison.compared += len(rows)
    live_versions = await _versions(live, names)
    for row in rows:
        if row["stream_id"] in names:
            if live_versions.get(row["stream_id"]) == row["live"]:
                comparison.add(Difference(row["stream_id"], "content", row["live"], row["built"]))
            else:
                comparison.moved_on += 1


async def _different(projection: Digests, live: Pool, built: Pool, names: Sequence[str]) -> list[str]:
    if not names:
        return []
    async with live.acquire() as live_connection, built.acquire() as built_connection:
        live_digests = await projection.digests(live_connection, names)
        built_digests = await projection.digests(built_connection, names)
    return [name for name in names if live_digests.get(name) != built_digests.get(name)]


async def _versions(pool: Pool, names: Sequence[str]) -> dict[str, int]:
    rows = await pool.fetch(
        "select stream_id, version from projection_stream where stream_id = any($1)", names
    )
    return {row["stream_id"]: row["version"] for row in rows}


async def _compare_versions(
    comparison: Comparison, owner: OwnersLog, rows: Sequence[asyncpg.Record], rule: VersionRule
) -> None:
    further = {row["stream_id"]: row["live"] for row in rows if row["live"] > row["built"]}
    beyond = await owner.shorter(further, 2**31 - 1) if further else {}
    for row in rows:
        if kind := rule.kind_of(row, beyond=row["stream_id"] in beyond):
            comparison.add(Difference(row["stream_id"], kind, row["live"], row["built"]))
        else:
            comparison.moved_on += 1


_PAIRS = """
    select stream_id, coalesce(l.version, 0) as live, coalesce(b.version, 0) as built
      from (select * from "{live}".projection_stream where stream_id > $1 order by stream_id limit $2) l
      full join (select * from "{built}".projection_stream where stream_id > $1 order by stream_id limit $2) b
        using (stream_id)
     order by stream_id limit $2
"""
