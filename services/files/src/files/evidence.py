"""Which of the files that facts refer to are stored: shown to those who may see them, and attested by a signed token.

A file counts as stored if it could be shown to the parties, by the same condition as in `file_repository.py`.
"""

import asyncio
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Final, Literal
from uuid import UUID

import asyncpg
from qingyuan_events import Actor
from qingyuan_runtime.database.connections import Pool
from qingyuan_runtime.tokens import evidence
from qingyuan_runtime.tokens.evidence import Evidence
from qingyuan_runtime.tokens.issuers import Signs
from qingyuan_runtime.tokens.second_factor import Issued

from files.file_repository import may_see
from files.references import SIGNOFF, TASKS

Noun = Literal["visit", "confirmation"]
MODELS: Final[dict[Noun, str]] = {"visit": TASKS.model, "confirmation": SIGNOFF.model}
WAIT_SECONDS: Final = 2.0
PAUSE: Final = 0.05


@dataclass(frozen=True, slots=True)
class FileStatus:
    """How many files something refers to, the hashes of those that are missing, and since when all are stored."""

    files: int
    missing: tuple[str, ...]
    since: datetime | None = None


@dataclass(frozen=True, slots=True)
class Attested:
    issued: Issued
    contents: dict[str, FileStatus]
    not_stored: tuple[str, ...]
    blank: tuple[str, ...]


class EvidenceService:
    def __init__(
        self, pool: Pool, key: Signs, clock: Callable[[], datetime], *, patience: float = WAIT_SECONDS
    ) -> None:
        self._pool = pool
        self._key = key
        self._clock = clock
        self._patience = patience

    async def status(self, noun: Noun, id_: UUID, actor: Actor) -> FileStatus | None:
        """The files of a visit or a confirmation. None where it refers to no file, or the actor may not see it."""
        statement = _OF_STREAM[noun]
        row = await self._pool.fetchrow(statement, f"{noun}-{id_}", *_of(actor))
        return _status(row) if row and row["files"] else None

    async def attest(self, actor: Actor, contents: Iterable[str], files: Iterable[str]) -> Attested:
        """A token about these contents of visits and these files of the actor's own organisation."""
        statuses = await self._statuses(actor, set(contents))
        hashes = set(files)
        stored = await self._stored(actor, hashes)
        blank = {sha256 for sha256, is_blank in stored.items() if is_blank}
        missing = {content: len(status.missing) for content, status in statuses.items()}
        since = {
            content: status.since
            for content, status in statuses.items()
            if status.since and not status.missing
        }
        seen = Evidence(missing, frozenset(stored), since, frozenset(blank))
        issued = evidence.issue(actor.account, seen, self._key, self._clock())
        return Attested(issued, statuses, tuple(sorted(hashes - stored.keys())), tuple(sorted(blank)))

    async def _statuses(self, actor: Actor, contents: set[str]) -> dict[str, FileStatus]:
        """For the contents that the actor may see. Waits for those not known yet, since the read model has a delay."""
        loop = asyncio.get_running_loop()
        end = loop.time() + self._patience
        while True:
            rows = await self._pool.fetch(_OF_CONTENTS, list(contents), *_of(actor))
            if len(rows) == len(contents) or loop.time() > end:
                return {row["content_sha256"]: _status(row) for row in rows}
            await asyncio.sleep(PAUSE)

    async def _stored(self, actor: Actor, hashes: set[str]) -> dict[str, bool]:
        """The files that are stored, and whether they are blank."""
        rows = await self._pool.fetch(_OWN, list(hashes), actor.organisation)
        return {row["sha256"]: row["blank"] for row in rows}


def _of(actor: Actor) -> tuple[UUID | None, str, str | None]:
    return actor.organisation, actor.kind, actor.district


def _status(row: asyncpg.Record) -> FileStatus:
    return FileStatus(row["files"], tuple(row["missing"]), row["since"])


def _of_stream(model: str) -> str:
    return f"""
        select count(distinct r.sha256) as files,
               coalesce(array_agg(distinct r.sha256) filter (where {_IS_MISSING}), '{{}}') as missing,
               {_SINCE} as since
          from {model}.reference r where r.stream_id = $1 and {may_see("r", 2)}
    """


_IS_MISSING: Final = """
    not exists (select from file f where f.sha256 = r.sha256 and f.organisation = r.said_by)
"""
_SINCE: Final = """
    max((select min(f.stored_at) from file f
          where f.sha256 = r.sha256 and f.organisation = r.said_by))
"""
_OF_STREAM: Final[dict[Noun, str]] = {noun: _of_stream(model) for noun, model in MODELS.items()}
_OF_CONTENTS: Final = f"""
    select c.content_sha256, count(distinct r.sha256) as files,
           coalesce(array_agg(distinct r.sha256) filter (where r.sha256 is not null and {_IS_MISSING}), '{{}}') as missing,
           {_SINCE} as since
      from {TASKS.model}.content c left join {TASKS.model}.reference r on r.stream_id = c.stream_id
     where c.content_sha256 = any($1) and {may_see("c", 2)}
     group by c.content_sha256
"""
_OWN: Final = "select sha256, blank from file where sha256 = any($1) and organisation = $2"
