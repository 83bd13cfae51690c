"""Small read models, of tasks, signoff, filing and reports: which facts refer to which files, and so who may read these."""

from collections.abc import Iterable, Iterator, Sequence
from importlib.resources import files as resources
from typing import Final
from uuid import UUID

from pydantic import BaseModel
from qingyuan_events import Fact, Recorded
from qingyuan_events.filing import FilingFact
from qingyuan_events.parts import FileRef
from qingyuan_events.reports import ReportsFact
from qingyuan_events.signoff import SignoffFact
from qingyuan_events.tasks import TasksFact, VisitAmended, VisitCompleted
from qingyuan_runtime.database.connections import Connection
from qingyuan_runtime.domain.text import storable

Row = tuple[str | UUID, ...]
"""A hash, the stream that refers to it, whom it concerns; for a file also the organisation that caused the fact."""

PARTIES: Final = ("operator_id", "enterprise_id", "district")


def file_refs(value: object) -> Iterator[FileRef]:
    """Every file reference anywhere inside a value. Generic, so that it also works for future facts."""
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
    """The projection of files referred to in facts."""

    def __init__(self, model: str, topic: str) -> None:
        self.model = model
        self.topic = topic

    def create_script(self) -> str:
        return _script("references.sql")

    async def apply(self, connection: Connection, facts: Sequence[Recorded[Fact]]) -> None:
        await _add(connection, _ADD, (row for fact in facts for row in _rows(fact, *PARTIES)))

    async def digests(self, connection: Connection, streams: Sequence[str]) -> dict[str, str]:
        """A hash over the rows of each stream, for comparing two builds. A stream without rows has none."""
        return await _digests(connection, _ROWS, streams)


class VisitReferences(References):
    """In addition stores the contents of visits, since a signature is for a content and so for the files it refers to."""

    def create_script(self) -> str:
        return super().create_script() + _script("contents.sql")

    async def apply(self, connection: Connection, facts: Sequence[Recorded[Fact]]) -> None:
        await super().apply(connection, facts)
        await _add(connection, _ADD_CONTENT, (row for fact in facts for row in _contents(fact)))

    async def digests(self, connection: Connection, streams: Sequence[str]) -> dict[str, str]:
        return await _digests(connection, f"{_ROWS} union all {_CONTENT_ROWS}", streams)


class FilingReferences(References):
    """The facts of a filing have an operator, but neither an enterprise nor a district."""

    def create_script(self) -> str:
        return _script("references_filing.sql")

    async def apply(self, connection: Connection, facts: Sequence[Recorded[Fact]]) -> None:
        await _add(connection, _ADD_OF_FILING, (row for fact in facts for row in _rows(fact, "operator_id")))


def _script(name: str) -> str:
    return (resources("files") / name).read_text()


async def _add(connection: Connection, statement: str, rows: Iterable[Row]) -> None:
    if unique := sorted(set(rows)):
        await connection.execute(statement, *(storable(column) for column in zip(*unique, strict=True)))


async def _digests(connection: Connection, rows_of: str, streams: Sequence[str]) -> dict[str, str]:
    rows = await connection.fetch(_DIGESTS.format(rows=rows_of), list(streams))
    return {row["stream_id"]: row["digest"] for row in rows}


def _rows(recorded: Recorded[Fact], *concerned: str) -> Iterator[Row]:
    """`concerned`: the fields of the topic's facts that say whom they concern."""
    if (organisation := recorded.meta.actor.organisation) is None:
        return
    for file in file_refs(recorded.fact):
        whom = tuple(getattr(recorded.fact, field) for field in concerned)
        yield file.sha256, recorded.stream, *whom, organisation


def _contents(recorded: Recorded[Fact]) -> Iterator[Row]:
    fact = recorded.fact
    if isinstance(fact, VisitCompleted | VisitAmended):
        yield fact.content_sha256, recorded.stream, fact.operator_id, fact.enterprise_id, fact.district


TASKS: Final = VisitReferences("references_tasks", TasksFact.topic)
SIGNOFF: Final = References("references_signoff", SignoffFact.topic)
FILING: Final = FilingReferences("references_filing", FilingFact.topic)
REPORTS: Final = References("references_reports", ReportsFact.topic)
MODELS: Final[tuple[References, ...]] = (TASKS, SIGNOFF, FILING, REPORTS)

_ADD = """
    insert into reference (sha256, stream_id, operator_id, enterprise_id, district, said_by)
    select * from unnest($1::text[], $2::text[], $3::uuid[], $4::uuid[], $5::text[], $6::uuid[])
    on conflict do nothing
"""
_ADD_OF_FILING = """
    insert into reference (sha256, stream_id, operator_id, said_by)
    select * from unnest($1::text[], $2::text[], $3::uuid[], $4::uuid[]) on conflict do nothing
"""
_ADD_CONTENT = """
    insert into content (content_sha256, stream_id, operator_id, enterprise_id, district)
    select * from unnest($1::text[], $2::text[], $3::uuid[], $4::uuid[], $5::text[]) on conflict do nothing
"""
_ROWS = "select stream_id, r::text as line from reference r where stream_id = any($1)"
_CONTENT_ROWS = "select stream_id, c::text as line from content c where stream_id = any($1)"
_DIGESTS = """
    select stream_id, md5(string_agg(line, '\n' order by line)) as digest
      from ({rows}) as rows group by stream_id
"""
