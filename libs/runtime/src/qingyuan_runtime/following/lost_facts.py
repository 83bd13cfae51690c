"""Compares what a follower has seen with the owner's log after a restore: facts that are lost, and facts never received."""

from collections.abc import AsyncIterator, Iterable, Sequence
from dataclasses import dataclass

from qingyuan_runtime.bus.port import Delivered
from qingyuan_runtime.database.connections import Pool
from qingyuan_runtime.following.filtering import FORGED
from qingyuan_runtime.following.owners_log import OwnersLog
from qingyuan_runtime.following.position import seen_versions

BATCH = 5_000
FactKey = tuple[str, int, int]
"""Stream, version, epoch: one fact of a log."""


def fact_key(record: Delivered) -> FactKey | None:
    """Which fact a message claims to be. None where its headers are missing or malformed."""
    headers = record.headers
    try:
        stream, version = headers["ce_subject"].decode(), int(headers["ce_streamversion"])
        epoch = int(headers.get("ce_epoch", b"1"))
    except (KeyError, ValueError):
        return None
    return (stream, version, epoch) if 0 < version < 2**63 and 0 < epoch < 2**31 else None


def of_another_epoch(records: Iterable[Delivered], epoch: int) -> dict[FactKey, Delivered]:
    """Messages of another epoch than this one. Their facts may have been lost in a restore."""
    others = {}
    current = str(epoch).encode()
    for record in records:
        if record.headers.get("ce_epoch", b"1") != current and (key := fact_key(record)):
            others[key] = record
    return others


@dataclass(frozen=True, slots=True)
class LostFacts:
    """A stream whose last seen fact, at version `seen`, is not in the log.

    `held` is the last version that the log holds from epochs before the restore.
    """

    stream: str
    seen: int
    held: int


@dataclass(frozen=True, slots=True)
class UnseenFacts:
    """A stream of which the log holds versions after `seen` up to `held`, from epochs before the restore."""

    stream: str
    seen: int
    held: int


async def lost_facts(pool: Pool, owner: OwnersLog, seen_epoch: int, epoch: int) -> list[LostFacts]:
    """Streams with facts that were seen in `seen_epoch` and that the log no longer holds in the new `epoch`."""
    lost: list[LostFacts] = []
    async with pool.acquire() as connection, connection.transaction(readonly=True):
        cursor = await connection.cursor("select stream_id, version, epoch from projection_stream")
        while rows := await cursor.fetch(BATCH):
            seen = {row["stream_id"]: row["version"] for row in rows}
            held = await owner.lost([tuple(row) for row in rows], seen_epoch, epoch)
            lost += [LostFacts(stream, seen[stream], version) for stream, version in held.items()]
    return lost


async def unseen_facts(pool: Pool, owner: OwnersLog, epoch: int) -> AsyncIterator[UnseenFacts]:
    """Streams that the log holds further than they were seen.

    This happens after two restores: first of a dump that was too old, then of the right one. The relay had published
    these facts before, so it does not publish them again, and the follower has withdrawn them in between.
    """
    async for held in owner.last_versions(epoch):
        async with pool.acquire() as connection:
            seen = await seen_versions(connection, list(held))
        for stream, last_held in held.items():
            if (last_seen := seen.get(stream, 0)) < last_held:
                yield UnseenFacts(stream, last_seen, last_held)


async def lost_dead_letters(pool: Pool, owner: OwnersLog) -> Sequence[int]:
    """The ids of dead letters whose facts the log does not hold."""
    rows = await pool.fetch(_DEAD_LETTERS, FORGED)
    keys = {row["letter"]: (row["stream_id"], row["version"], row["epoch"]) for row in rows}
    held = await owner.holds(keys.values())
    return [dead_letter for dead_letter, key in keys.items() if key not in held]


_DEAD_LETTERS = """
    select letter, stream_id, version, coalesce(headers->>'ce_epoch', '1')::int as epoch
      from dead_letter where version > 0 and coalesce(headers->>'ce_epoch', '1') ~ '^[0-9]{1,9}$'
       and not starts_with(error, $1)
"""
