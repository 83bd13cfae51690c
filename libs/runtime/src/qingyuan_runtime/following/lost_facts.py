"""What the owner's log no longer stands by after a restore, and what it holds that nobody has heard of or will tell."""

from collections.abc import AsyncIterator, Iterable, Sequence
from dataclasses import dataclass

from qingyuan_runtime.bus.port import Delivered
from qingyuan_runtime.database.connections import Pool
from qingyuan_runtime.following.filtering import FORGED
from qingyuan_runtime.following.owners_log import OwnersLog
from qingyuan_runtime.following.position import seen_versions

BATCH = 5_000
Published = tuple[str, int, int]
"""Stream, version, epoch."""


def published_by(record: Delivered) -> Published | None:
    """Where a message says that its fact stands in the log. None: it does not say so properly."""
    headers = record.headers
    try:
        stream, version = headers["ce_subject"].decode(), int(headers["ce_streamversion"])
        epoch = int(headers.get("ce_epoch", b"1"))
    except (KeyError, ValueError):
        return None
    return (stream, version, epoch) if 0 < version < 2**63 and 0 < epoch < 2**31 else None


def of_another_epoch(records: Iterable[Delivered], epoch: int) -> dict[Published, Delivered]:
    """Messages that do not speak of this epoch, and so may speak of nothing that is there."""
    found = {}
    usual = str(epoch).encode()
    for record in records:
        if record.headers.get("ce_epoch", b"1") != usual and (told := published_by(record)):
            found[told] = record
    return found


@dataclass(frozen=True, slots=True)
class Strayed:
    """What was seen last of this stream, at version `seen`, is not in the log; `kept` is how far that goes in elder epochs."""

    stream: str
    seen: int
    kept: int


@dataclass(frozen=True, slots=True)
class Behind:
    """The log holds the versions after `seen` up to `tip` in elder epochs, and nobody may ever bring them again."""

    stream: str
    seen: int
    tip: int


async def strayed(pool: Pool, owner: OwnersLog, place: int, epoch: int) -> list[Strayed]:
    """What was believed in the epoch `place` and is not so in the one that has begun."""
    found: list[Strayed] = []
    async with pool.acquire() as connection, connection.transaction(readonly=True):
        cursor = await connection.cursor("select stream_id, version, epoch from projection_stream")
        while rows := await cursor.fetch(BATCH):
            seen = {row["stream_id"]: row["version"] for row in rows}
            kept = await owner.strayed([tuple(row) for row in rows], place, epoch)
            found += [Strayed(stream, seen[stream], version) for stream, version in kept.items()]
    return found


async def behind(pool: Pool, owner: OwnersLog, epoch: int) -> AsyncIterator[Behind]:
    """Streams that the log holds further than they were seen.

    After a dump that was elder than the right one its relay has told everything long ago, and what followed it has
    forgotten it since: nothing but this comparison would bring it again.
    """
    async for tips in owner.tips(epoch):
        async with pool.acquire() as connection:
            seen = await seen_versions(connection, list(tips))
        for stream, tip in tips.items():
            if (last := seen.get(stream, 0)) < tip:
                yield Behind(stream, last, tip)


async def untrue_letters(pool: Pool, owner: OwnersLog) -> Sequence[int]:
    """Letters whose facts the log does not hold."""
    rows = await pool.fetch(_LETTERS, FORGED)
    told = {row["letter"]: (row["stream_id"], row["version"], row["epoch"]) for row in rows}
    held = await owner.holds(told.values())
    return [letter for letter, place in told.items() if place not in held]


_LETTERS = """
    select letter, stream_id, version, coalesce(headers->>'ce_epoch', '1')::int as epoch
      from dead_letter where version > 0 and coalesce(headers->>'ce_epoch', '1') ~ '^[0-9]{1,9}$'
       and not starts_with(error, $1)
"""
