"""Which facts refer to which files: two small read models, of tasks and of signoff. They open files to readers."""

from collections.abc import Iterable, Iterator, Sequence
from importlib.resources import files as resources
from typing import Any, Final
from uuid import UUID

from pydantic import BaseModel
from qingyuan_events import Fact, Recorded
from qingyuan_events.parts import FileRef
from qingyuan_events.signoff import SignoffFact
from qingyuan_events.tasks import TasksFact, VisitAmended, VisitCompleted
from qingyuan_runtime.database.connections import Connection
from qingyuan_runtime.domain.text import storable

Row = tuple[str | UUID, ...]
"""A hash, the stream that names it, the parties and the district of that stream; of a file also whose word it is."""


def file_refs(value: object) -> Iterator[FileRef]:
    """Every file named anywhere inside a value: whatever a future fact holds is found as well."""
    if isinstance(value, FileRef):
        yield value
    elif isinstance(value, BaseModel):
        for _, inner in value:
            yield from file_refs(inner)
    elif isinstance(value, dict):
        for inner in value.values():
            yield from file_refs(inner)
    elif isinstance(value, tuple | list | set | frozenset):
        for inner in value:
            yield from file_refs(inner)


class References:
    """The projection that the runner calls, inside the transaction that moves the offset."""

    def __init__(self, model: str, topic: str) -> None:
        self.model = model
        self.topic = topic

    def create_script(self) -> str:
        return _script("references.sql")

    async def apply(self, connection: Connection, facts: Sequence[Recorded[Fact]]) -> None:
        await _add(connection, _ADD, (row for fact in facts for row in _rows(fact)))

    async def digests(self, connection: Connection, streams: Sequence[str]) -> dict[str, str]:
        """What the rows of each stream amount to, for comparing two builds. A stream without a row has none."""
        return await _digests(connection, _ROWS, streams)


class VisitReferences(References):
    """Visits come to have a content, and a content is what is signed: it is kept beside the files that it names."""

    def create_script(self) -> str:
        return super().create_script() + _script("contents.sql")

    async def apply(self, connection: Connection, facts: Sequence[Recorded[Fact]]) -> None:
        await super().apply(connection, facts)
        await _add(connection, _ADD_CONTENT, (row for fact in facts for row in _contents(fact)))

    async def digests(self, connection: Connection, streams: Sequence[str]) -> dict[str, str]:
        return await _digests(connection, f"{_ROWS} union all {_CONTENT_ROWS}", streams)


def _script(name: str) -> str:
    return (resources("files") / name).read_text()


async def _add(connection: Connection, statement: str, rows: Iterable[Row]) -> None:
    if found := sorted(set(rows)):
        await connection.execute(statement, *(storable(column) for column in zip(*found, strict=True)))


async def _digests(connection: Connection, rows_of: str, streams: Sequence[str]) -> dict[str, str]:
    rows = await connection.fetch(_DIGESTS.format(rows=rows_of), list(streams))
    return {row["stream_id"]: row["digest"] for row in rows}


def _rows(recorded: Recorded[Fact]) -> Iterator[Row]:
    fact: Any = recorded.fact  # every fact of these topics names its parties and its district
    if (said_by := recorded.meta.actor.organisation) is None:
        return
    for one in file_refs(fact):
        yield one.sha256, recorded.stream, fact.operator_id, fact.enterprise_id, fact.district, said_by


def _contents(recorded: Recorded[Fact]) -> Iterator[Row]:
    fact = recorded.fact
    if isinstance(fact, VisitCompleted | VisitAmended):
        yield fact.content_sha256, recorded.stream, fact.operator_id, fact.enterprise_id, fact.district


TASKS: Final = VisitReferences("references_tasks", TasksFact.topic)
SIGNOFF: Final = References("references_signoff", SignoffFact.topic)
MODELS: Final[tuple[References, ...]] = (TASKS, SIGNOFF)

_ADD = """
    insert into reference (sha256, stream_id, operator_id, enterprise_id, district, said_by)
    select * from unnest($1::text[], $2::text[], $3::uuid[], $4::uuid[], $5::text[], $6::uuid[])
    on conflict do nothing
"""
_ADD_CONTENT = """
    insert into content (content_sha256, stream_id, operator_id, enterprise_id, district)
    select * from unnest($1::text[], $2::text[], $3::uuid[], $4::uuid[], $5::text[]) on conflict do nothing
"""
_ROWS = "select stream_id, r::text as said from reference r where stream_id = any($1)"
_CONTENT_ROWS = "select stream_id, c::text as said from content c where stream_id = any($1)"
_DIGESTS = """
    select stream_id, md5(string_agg(said, '\n' order by said)) as digest from ({rows}) as rows group by stream_id
"""
