"""Two builds of a read model compared: all their streams, by number, by version, and where versions agree by hash.

The live build goes on while it is compared. What it has applied since is no difference: a stream that is further there
than in the new build must stand so in the owner's log, and one that changes while it is looked at is looked at again.
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
"""So many streams are remembered by name; the rest is only counted."""

How = Literal["content", "missing", "behind", "set aside", "only live", "ahead of the log"]


class Digests(Protocol):
    async def digests(self, connection: Connection, streams: Sequence[str]) -> dict[str, str]: ...


@dataclass(frozen=True, slots=True)
class Difference:
    """One stream that the two builds show differently; versions 0 where a build does not know it.

    content: the same version, other rows. missing, behind: live lacks what the log says. set aside: the new build could
    not apply what live has. only live, ahead of the log: live shows what the log does not hold.
    """

    stream: str
    how: How
    live: int
    built: int


@dataclass
class Comparison:
    """`compared` streams were at the same version in both, and looked at by hash."""

    live: int = 0
    built: int = 0
    compared: int = 0
    moved_on: int = 0
    counts: dict[str, int] = field(default_factory=dict)
    differences: list[Difference] = field(default_factory=list)

    def add(self, difference: Difference) -> None:
        self.counts[difference.how] = self.counts.get(difference.how, 0) + 1
        if len(self.differences) < NAMED_MAX:
            self.differences.append(difference)

    @property
    def differs(self) -> bool:
        return bool(self.counts)


@dataclass(frozen=True, slots=True)
class Why:
    """What explains that two builds know a stream up to different versions."""

    caught_up: bool
    aside: AbstractSet[str]

    def how(self, row: asyncpg.Record, *, beyond: bool) -> How | None:
        """None: live has only read further by now, or not yet as far."""
        live, built = row["live"], row["built"]
        if live > built and beyond:
            return "ahead of the log" if built else "only live"
        if live > built:
            return "set aside" if row["stream_id"] in self.aside else None
        if not self.caught_up:
            return None
        return "behind" if live else "missing"


async def compare(
    projection: Digests, live: Pool, built: Pool, owner: OwnersLog, *, caught_up: bool
) -> Comparison:
    """`caught_up`: the live build has read as far as the new one, so that what it lacks was lost and is not on its way."""
    found = Comparison()
    async with built.acquire() as connection:
        aside = await all_parked(connection)
    async for rows in _pairs(live, built):
        found.live += sum(row["live"] > 0 for row in rows)
        found.built += sum(row["built"] > 0 for row in rows)
        await _compare_content(
            found, projection, live, built, [row for row in rows if row["live"] == row["built"]]
        )
        apart = [row for row in rows if row["live"] != row["built"]]
        await _compare_versions(found, owner, apart, Why(caught_up, aside))
    return found


async def _pairs(live: Pool, built: Pool) -> AsyncIterator[list[asyncpg.Record]]:
    """Every stream of either build with its version in both, some at a time, by name."""
    after = ""
    schema = [await pool.fetchval("select current_schema()") for pool in (live, built)]
    asked = _PAIRS.format(live=schema[0], built=schema[1])
    while rows := await live.fetch(asked, after, BATCH):
        yield rows
        after = rows[-1]["stream_id"]


async def _compare_content(
    found: Comparison, projection: Digests, live: Pool, built: Pool, rows: Sequence[asyncpg.Record]
) -> None:
    names = [row["stream_id"] for row in rows]
    for _ in range(3):  # what live has changed meanwhile may only seem to differ
        names = await _different(projection, live, built, names)
    found.compared += len(rows)
    now = await _versions(live, names)
    for row in rows:
        if row["stream_id"] in names:
            if now.get(row["stream_id"]) == row["live"]:
                found.add(Difference(row["stream_id"], "content", row["live"], row["built"]))
            else:
                found.moved_on += 1


async def _different(projection: Digests, live: Pool, built: Pool, names: Sequence[str]) -> list[str]:
    if not names:
        return []
    async with live.acquire() as mine, built.acquire() as other:
        before = await projection.digests(mine, names)
        after = await projection.digests(other, names)
    return [name for name in names if before.get(name) != after.get(name)]


async def _versions(pool: Pool, names: Sequence[str]) -> dict[str, int]:
    rows = await pool.fetch(
        "select stream_id, version from projection_stream where stream_id = any($1)", names
    )
    return {row["stream_id"]: row["version"] for row in rows}


async def _compare_versions(
    found: Comparison, owner: OwnersLog, rows: Sequence[asyncpg.Record], why: Why
) -> None:
    further = {row["stream_id"]: row["live"] for row in rows if row["live"] > row["built"]}
    beyond = await owner.kept(further, 2**31 - 1) if further else {}
    for row in rows:
        if how := why.how(row, beyond=row["stream_id"] in beyond):
            found.add(Difference(row["stream_id"], how, row["live"], row["built"]))
        else:
            found.moved_on += 1


_PAIRS = """
    select stream_id, coalesce(l.version, 0) as live, coalesce(b.version, 0) as built
      from (select * from "{live}".projection_stream where stream_id > $1 order by stream_id limit $2) l
      full join (select * from "{built}".projection_stream where stream_id > $1 order by stream_id limit $2) b
        using (stream_id)
     order by stream_id limit $2
"""
