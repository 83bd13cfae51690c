"""The tables of `filings/table.sql` for composed queries; a test compares the two."""

from typing import Final

from sqlalchemy import JSON, BigInteger, Boolean, Column, Date, DateTime, Integer, MetaData, Table, Text, Uuid

TABLES: Final = MetaData(schema="filings")

FILING: Final = Table(
    "filing",
    TABLES,
    Column("operator_id", Uuid),
    Column("version", BigInteger),
    Column("name", Text),
    Column("uscc", Text),
    Column("state", Text),
    Column("number", Integer),
    Column("moved_at", DateTime(timezone=True)),
    Column("submitted_at", DateTime(timezone=True)),
    Column("returned", Integer),
    Column("late", Boolean),
    Column("filed_on", Date),
    Column("standing", Text),
    Column("basics", JSON),
    Column("basics_version", BigInteger),
    Column("basics_changed_on", Date),
    Column("filed_basics", JSON),
    Column("detail", JSON),
)
RESOURCE: Final = Table(
    "resource",
    TABLES,
    Column("id", Uuid),
    Column("operator_id", Uuid),
    Column("kind", Text),
    Column("version", BigInteger),
    Column("own_version", BigInteger),
    Column("title", Text),
    Column("particulars", JSON),
    Column("changed_on", Date),
    Column("ended_on", Date),
    Column("searched", Text),
    Column("detail", JSON),
)
RESOURCE_VERSION: Final = Table(
    "resource_version",
    TABLES,
    Column("resource_id", Uuid),
    Column("operator_id", Uuid),
    Column("version", BigInteger),
    Column("particulars", JSON),
    Column("changed_on", Date),
    Column("ended_on", Date),
    Column("recorded_at", DateTime(timezone=True)),
)
PAPER: Final = Table(
    "paper",
    TABLES,
    Column("paper_id", Uuid),
    Column("resource_id", Uuid),
    Column("operator_id", Uuid),
    Column("resource_kind", Text),
    Column("kind", Text),
    Column("number", Text),
    Column("issuer", Text),
    Column("title", Text),
    Column("valid_from", Date),
    Column("valid_to", Date),
    Column("revoked_from", Date),
)
FILED_RESOURCE: Final = Table(
    "filed_resource",
    TABLES,
    Column("resource_id", Uuid),
    Column("operator_id", Uuid),
    Column("number", Integer),
    Column("version", BigInteger),
    Column("filed_on", Date),
)
FILED_VERSION: Final = Table(
    "filed_version",
    TABLES,
    Column("resource_id", Uuid),
    Column("operator_id", Uuid),
    Column("number", Integer),
    Column("version", BigInteger),
)
SUBMITTED_RESOURCE: Final = Table(
    "submitted_resource",
    TABLES,
    Column("resource_id", Uuid),
    Column("operator_id", Uuid),
    Column("number", Integer),
    Column("version", BigInteger),
    Column("outcome", Text),
    Column("remarks", JSON),
)
FILED_PERSON: Final = Table(
    "filed_person",
    TABLES,
    Column("resource_id", Uuid),
    Column("operator_id", Uuid),
    Column("account_id", Uuid),
    Column("last_day", Date),
)
FILED_PAPER: Final = Table(
    "filed_paper",
    TABLES,
    Column("paper_id", Uuid),
    Column("resource_id", Uuid),
    Column("operator_id", Uuid),
    Column("resource_kind", Text),
    Column("account_id", Uuid),
    Column("title", Text),
    Column("kind", Text),
    Column("number", Text),
    Column("issuer", Text),
    Column("valid_from", Date),
    Column("valid_to", Date),
    Column("revoked_from", Date),
    Column("stated_first", Date),
    Column("stated_last", Date),
    Column("first_day", Date),
    Column("last_day", Date),
)
STANDING: Final = Table(
    "standing",
    TABLES,
    Column("operator_id", Uuid),
    Column("number", Integer),
    Column("state", Text),
    Column("since", Date),
    Column("until", Date),
)
