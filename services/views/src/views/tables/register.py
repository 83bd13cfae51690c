"""The tables of `register/table.sql` for composed queries; a test compares the two. Without a schema: the search path names it."""

from typing import Final

from sqlalchemy import BigInteger, Column, Date, DateTime, Integer, MetaData, Table, Text, Uuid
from sqlalchemy.dialects.postgresql import JSONB

TABLES: Final = MetaData()

DISTRICT_OF: Final = Table(
    "district_of",
    TABLES,
    Column("enterprise_id", Uuid),
    Column("district", Text),
)
ENTRY: Final = Table(
    "entry",
    TABLES,
    Column("id", Uuid),
    Column("noun", Text),
    Column("enterprise_id", Uuid),
    Column("parent_id", Uuid),
    Column("kind", Text),
    Column("factor", Text),
    Column("version", BigInteger),
    Column("status", Text),
    Column("replaces", Uuid),
    Column("replaced_by", Uuid),
    Column("title", Text),
    Column("searchable", Text),
    Column("latest", JSONB),
    Column("begun", DateTime(timezone=True)),
    Column("changed", DateTime(timezone=True)),
)
BELIEF: Final = Table(
    "belief",
    TABLES,
    Column("id", Uuid),
    Column("number", Integer),
    Column("enterprise_id", Uuid),
    Column("valid_from", Date),
    Column("valid_to", Date),
    Column("known_from", DateTime(timezone=True)),
    Column("known_to", DateTime(timezone=True)),
    Column("particulars", JSONB),
)
HISTORY: Final = Table(
    "history",
    TABLES,
    Column("stream", Text),
    Column("version", BigInteger),
    Column("entry_id", Uuid),
    Column("enterprise_id", Uuid),
    Column("type", Text),
    Column("recorded_at", DateTime(timezone=True)),
    Column("actor", JSONB),
    Column("day", Date),
    Column("reason", Text),
    Column("particulars", JSONB),
    Column("related", Uuid),
    Column("trace_id", Text),
)
CHANGE: Final = Table(
    "change",
    TABLES,
    Column("request_id", Uuid),
    Column("enterprise_id", Uuid),
    Column("version", BigInteger),
    Column("was", JSONB),
    Column("wanted", JSONB),
    Column("valid_from", Date),
    Column("reason", Text),
    Column("requested_at", DateTime(timezone=True)),
    Column("status", Text),
    Column("decision", Text),
    Column("decided_at", DateTime(timezone=True)),
)
