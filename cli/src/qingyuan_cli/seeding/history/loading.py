"""Puts what was played into the logs of a new local system, with the times of then.

Each service's facts come in one transaction, so either all of its history is there or none. They are ordinary facts of
the log's first epoch: the relay publishes them, and followers, auditor and rebuilds treat them like any other.
"""

import asyncio
import tempfile
from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Final

import asyncpg
from files.checking.inspecting import inspect_file
from files.checking.unfit import Limits
from files.store import FileStore
from qingyuan_events import encode

from qingyuan_cli.seeding.history.playing import Appended, Upload

_STREAMS: Final = """
    insert into streams (stream_id, version, epoch, last_xid, parent, closed, voided)
    select s, n, 1, pg_current_xact_id(), p, c, v
      from unnest($1::text[], $2::bigint[], $3::text[], $4::boolean[], $5::boolean[]) as new (s, n, p, c, v)
"""
_EVENTS: Final = """
    insert into events (stream_id, version, type, data, meta, recorded_at, epoch)
    select s, v, t, d::json, m::jsonb, r, 1
      from unnest($1::text[], $2::bigint[], $3::text[], $4::text[], $5::text[], $6::timestamptz[])
           with ordinality as new (s, v, t, d, m, r, n)
     order by n
"""
_COMMANDS: Final = (
    "insert into commands (command_id, fingerprint, stream_id, version) values ($1, $2, $3, $4)"
)
_CLAIMS: Final = "insert into claims (kind, value, stream_id) values ($1, $2, $3) on conflict do nothing"
_FILE: Final = """
    insert into file (sha256, organisation, account, size, media_type, name, blank, stored_at)
    values ($1, $2, $3, $4, $5, $6, $7, $8) on conflict do nothing
"""


class NotOfTheDemo(Exception):
    """A log holds something that this history did not put there, so the history is not put there either."""


async def load(owner_dsn: str, journal: Sequence[Appended]) -> None:
    """Append the journal to an empty log, unless it is there already. Raises `NotOfTheDemo` for any other log."""
    connection = await asyncpg.connect(owner_dsn)
    try:
        async with connection.transaction():
            await connection.execute("lock table streams in share row exclusive mode")
            if not await _is_there(connection, journal):
                await _append(connection, journal)
    finally:
        await connection.close()


async def holds(owner_dsn: str, stream: str) -> bool:
    connection = await asyncpg.connect(owner_dsn)
    try:
        found: bool = await connection.fetchval(
            "select exists (select from streams where stream_id = $1)", stream
        )
        return found
    finally:
        await connection.close()


async def require_unused(owner_dsn: str, since: datetime) -> None:
    """Raises `NotOfTheDemo` for a log that was restored, or that has facts recorded since then."""
    connection = await asyncpg.connect(owner_dsn)
    try:
        epoch = await connection.fetchval("select epoch from store_epoch")
        recorded = "select exists (select from events where recorded_at >= $1)"
        if epoch != 1 or await connection.fetchval(recorded, since):
            raise NotOfTheDemo
    finally:
        await connection.close()


async def require_loadable(owner_dsn: str, journal: Sequence[Appended]) -> None:
    """Raises `NotOfTheDemo` where `load` would."""
    connection = await asyncpg.connect(owner_dsn)
    try:
        await _is_there(connection, journal)
    finally:
        await connection.close()


async def _is_there(connection: asyncpg.Connection, journal: Sequence[Appended]) -> bool:
    ids = [appended.meta.command_id for appended in journal]
    known = await connection.fetchval("select count(*) from commands where command_id = any($1)", ids)
    if known == len(ids):
        return True
    epoch = await connection.fetchval("select epoch from store_epoch")
    if epoch != 1 or await connection.fetchval("select exists (select from events)"):
        raise NotOfTheDemo
    return False


async def _append(connection: asyncpg.Connection, journal: Sequence[Appended]) -> None:
    await connection.executemany(_COMMANDS, [_command(appended) for appended in journal])
    await connection.execute(_STREAMS, *zip(*_streams(journal), strict=True))
    await connection.execute(_EVENTS, *zip(*_events(journal), strict=True))
    await connection.executemany(_CLAIMS, _claims(journal))


def _command(appended: Appended) -> tuple[object, ...]:
    receipt = appended.receipt
    return appended.meta.command_id, appended.fingerprint, receipt.stream, receipt.version


def _claims(journal: Sequence[Appended]) -> list[tuple[str, str, str]]:
    """Who holds what at the end of the journal: what a write releases, and all of a voided stream, was given back."""
    held: dict[tuple[str, str], str] = {}
    for write in (write for appended in journal for write in appended.writes):
        if write.releases:
            held = _without(held, write.stream)
        for claim in write.claims:
            held.setdefault((claim.kind, claim.value), write.stream)
        if write.voids:
            held = _without(held, write.stream)
    return [(kind, value, holder) for (kind, value), holder in held.items()]


def _without(held: Mapping[tuple[str, str], str], stream: str) -> dict[tuple[str, str], str]:
    return {what: holder for what, holder in held.items() if holder != stream}


def _streams(journal: Sequence[Appended]) -> list[tuple[object, ...]]:
    streams: dict[str, tuple[object, ...]] = {}
    for write in (write for appended in journal for write in appended.writes):
        _, _, parent, closed, voided = streams.get(write.stream, (None, None, write.parent, False, False))
        version = write.expected + len(write.facts)
        streams[write.stream] = (
            write.stream,
            version,
            parent,
            closed or write.closes,
            voided or write.voids,
        )
    return list(streams.values())


def _events(journal: Sequence[Appended]) -> list[tuple[object, ...]]:
    return [
        (
            write.stream,
            write.expected + number,
            fact.type,
            encode(fact).decode(),
            appended.meta.model_dump_json(exclude_none=True),
            appended.at,
        )
        for appended in journal
        for write in appended.writes
        for number, fact in enumerate(write.facts, start=1)
    ]


async def store_files(dsn: str, store_url: str, uploads: Sequence[Upload], limits: Limits) -> None:
    """Check the drawings as the files service checks uploads, and store them as of the time of their upload."""
    store = FileStore.open(store_url)
    connection = await asyncpg.connect(dsn)
    try:
        with tempfile.TemporaryDirectory() as folder:
            for upload in uploads:
                await _store(connection, store, upload, Path(folder) / "drawing", limits)
    finally:
        await connection.close()


async def _store(
    connection: asyncpg.Connection, store: FileStore, upload: Upload, path: Path, limits: Limits
) -> None:
    ref, actor = upload.drawing.ref, upload.person.actor
    await asyncio.to_thread(path.write_bytes, upload.drawing.content)
    inspected = inspect_file(str(path), ref["media_type"], limits)
    await store.put_original(ref["sha256"], path)
    await connection.execute(
        _FILE, ref["sha256"], actor.organisation, actor.account, ref["size"], inspected["media_type"],
        ref["name"], inspected["blank"], upload.at,
    )  # fmt: skip
