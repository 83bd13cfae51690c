"""The tables of `confirmations/table.sql` for composed queries; a test compares the two."""

from typing import Final

from sqlalchemy import JSON, BigInteger, Boolean, Column, Date, DateTime, Integer, MetaData, Table, Text, Uuid

TABLES: Final = MetaData(schema="confirmations")

CONFIRMATION: Final = Table(
    "confirmation",
    TABLES,
    Column("id", Uuid),
    Column("version", BigInteger),
    Column("enterprise_id", Uuid),
    Column("operator_id", Uuid),
    Column("district", Text),
    Column("outlet_id", Uuid),
    Column("point_id", Uuid),
    Column("visit_id", Uuid),
    Column("visit_day", Date),
    Column("state", Text),
    Column("requested_at", DateTime(timezone=True)),
    Column("due_at", DateTime(timezone=True)),
    Column("content_sha256", Text),
    Column("signed_at", DateTime(timezone=True)),
    Column("late", Boolean),
    Column("signed_content_sha256", Text),
    Column("disputed", Boolean),
    Column("escalated", Boolean),
    Column("originals_at", DateTime(timezone=True)),
    Column("originals_late", Boolean),
    Column("detail", JSON),
)
CONFIRMATION_TALLY: Final = Table(
    "confirmation_tally",
    TABLES,
    Column("month", Date),
    Column("enterprise_id", Uuid),
    Column("operator_id", Uuid),
    Column("district", Text),
    Column("signed", Integer),
    Column("signed_late", Integer),
    Column("disputed", Integer),
    Column("escalated", Integer),
    Column("originals_late", Integer),
)
CONFIRMATION_TOTAL: Final = Table(
    "confirmation_total",
    TABLES,
    Column("month", Date),
    Column("operator_id", Uuid),
    Column("district", Text),
    Column("signed", Integer),
    Column("signed_late", Integer),
    Column("disputed", Integer),
    Column("escalated", Integer),
    Column("originals_late", Integer),
)
