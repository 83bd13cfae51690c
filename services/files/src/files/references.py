"""Which facts refer to which files: two small read models, of tasks and of signoff. They open files to readers."""

from collections.abc import Iterator, Sequence
from importlib.resources import files as resources
from typing import Any, Final
from uuid import UUID

from pydantic import BaseModel
from qingyuan_events import Fact, Recorded
from qingyuan_events.parts import FileRef
from qingyuan_events.signoff import SignoffFact
from qingyuan_events.tasks import TasksFact
from qingyuan_runtime.database import Connection

Row = tuple[str, str, UUID, UUID, str]


def create_script() -> str:
    return (resources("files") / "references.sql").read_text()


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

    async def apply(self, connection: Connection, facts: Sequence[Recorded[Fact]]) -> None:
        rows = sorted({row for fact in facts for row in _rows(fact)})
        if rows:
            columns = (list(column) for column in zip(*rows, strict=True))
            await connection.execute(_ADD, *columns)

    async def digests(self, connection: Connection, streams: Sequence[str]) -> dict[str, str]:
        """What the rows of each stream amount to, for comparing two builds. A stream without a file has none."""
        rows = await connection.fetch(_DIGESTS, list(streams))
        return {row["stream_id"]: row["digest"] for row in rows}


def _rows(recorded: Recorded[Fact]) -> Iterator[Row]:
    fact: Any = recorded.fact  # every fact of these topics names its parties and its district
    for one in file_refs(fact):
        yield one.sha256, recorded.stream, fact.operator_id, fact.enterprise_id, fact.district


TASKS: Final = References("references_tasks", TasksFact.topic)
SIGNOFF: Final = References("references_signoff", SignoffFact.topic)
MODELS: Final = (TASKS, SIGNOFF)

_ADD = """
    insert into reference (sha256, stream_id, operator_id, enterprise_id, district)
    select * from unnest($1::text[], $2::text[], $3::uuid[], $4::uuid[], $5::text[]) on conflict do nothing
"""
_DIGESTS = """
    select stream_id, md5(string_agg(r::text, '\n' order by r::text)) as digest
      from reference r where stream_id = any($1) group by stream_id
"""
