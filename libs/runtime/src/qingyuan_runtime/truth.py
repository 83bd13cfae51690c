"""Which messages the owner's log no longer stands by: after a restore the topic still tells what was lost."""

from collections.abc import Iterable, Sequence

from qingyuan_runtime.broker import Delivered
from qingyuan_runtime.database import Pool
from qingyuan_runtime.owners_log import OwnersLog
from qingyuan_runtime.sifting import FORGED

BATCH = 5_000
Told = tuple[str, int, int]
"""Stream, version, epoch."""


def told_by(record: Delivered) -> Told | None:
    """Where a message says that its fact stands in the log. None: it does not say so properly."""
    headers = record.headers
    try:
        stream, version = headers["ce_subject"].decode(), int(headers["ce_streamversion"])
        epoch = int(headers.get("ce_epoch", b"1"))
    except (KeyError, ValueError):
        return None
    return (stream, version, epoch) if 0 < version < 2**63 and 0 < epoch < 2**31 else None


def of_another_epoch(records: Iterable[Delivered], epoch: int) -> dict[Told, Delivered]:
    """Messages that do not speak of this epoch, and so may speak of nothing that is there."""
    found = {}
    usual = str(epoch).encode()
    for record in records:
        if record.headers.get("ce_epoch", b"1") != usual and (told := told_by(record)):
            found[told] = record
    return found


async def beyond(pool: Pool, owner: OwnersLog, epoch: int) -> dict[str, tuple[int, int]]:
    """Streams that were followed further than the log kept of epochs up to this one: how far, and how far it kept them."""
    found: dict[str, tuple[int, int]] = {}
    async with pool.acquire() as connection, connection.transaction(readonly=True):
        cursor = await connection.cursor("select stream_id, version from projection_stream")
        while rows := await cursor.fetch(BATCH):
            seen = {row["stream_id"]: row["version"] for row in rows}
            kept = await owner.kept(seen, epoch)
            found |= {stream: (seen[stream], version) for stream, version in kept.items()}
    return found


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
