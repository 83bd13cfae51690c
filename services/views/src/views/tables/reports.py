"""The tables of `reports/table.sql` for composed queries; a test compares the two."""

from typing import Any, Final

from sqlalchemy import (
    ARRAY,
    JSON,
    BigInteger,
    Boolean,
    Column,
    Date,
    DateTime,
    Integer,
    MetaData,
    Table,
    Text,
    Uuid,
)

TABLES: Final = MetaData(schema="reports")


def _owners() -> tuple[Column[Any], ...]:
    return Column("enterprise_id", Uuid), Column("operator_id", Uuid), Column("district", Text)


REPORT: Final = Table(
    "report",
    TABLES,
    Column("id", Uuid),
    Column("version", BigInteger),
    *_owners(),
    Column("handed_in", Boolean),
    Column("state", Text),
    Column("round", Integer),
    Column("number", Text),
    Column("doc_type", Text),
    Column("basis", Text),
    Column("conclusion", Text),
    Column("performed_from", Text),
    Column("performed_to", Text),
    Column("first_day", Date),
    Column("last_day", Date),
    Column("points", ARRAY(Uuid)),
    Column("factors", ARRAY(Text)),
    Column("result", Text),
    Column("blocking", Boolean),
    Column("urgency", Integer),
    Column("failing", ARRAY(Text)),
    Column("findings", ARRAY(Text)),
    Column("warnings", Integer),
    Column("notes", Integer),
    Column("submitted_at", DateTime(timezone=True)),
    Column("submitted_by", Uuid),
    Column("decided_at", DateTime(timezone=True)),
    Column("decided_by", Uuid),
    Column("replaces", Uuid),
    Column("superseded_by", Uuid),
    Column("listed_at", DateTime(timezone=True)),
    Column("changed_at", DateTime(timezone=True)),
    Column("changed_since", Boolean),
)
POINT: Final = Table(
    "report_point",
    TABLES,
    Column("report_id", Uuid),
    Column("point_id", Uuid),
    *_owners(),
    Column("handed_in", Boolean),
)
APPLIED: Final = Table(
    "report_exemption",
    TABLES,
    Column("report_id", Uuid),
    Column("exemption_id", Uuid),
    *_owners(),
)
DRAFT: Final = Table(
    "report_draft",
    TABLES,
    Column("report_id", Uuid),
    Column("operator_id", Uuid),
    Column("document", JSON),
    Column("points", ARRAY(Uuid)),
    Column("file", JSON),
    Column("originals", JSON),
)
ROUND: Final = Table(
    "report_round",
    TABLES,
    Column("report_id", Uuid),
    Column("round", Integer),
    *_owners(),
    Column("version", BigInteger),
    Column("number", Text),
    Column("document", JSON),
    Column("document_sha256", Text),
    Column("file", JSON),
    Column("originals", JSON),
    Column("by", Uuid),
    Column("submitted_at", DateTime(timezone=True)),
    Column("answer", Text),
    Column("review", JSON),
)
VERDICT: Final = Table(
    "report_verdict",
    TABLES,
    Column("report_id", Uuid),
    Column("version", BigInteger),
    *_owners(),
    Column("round", Integer),
    Column("verdict", JSON),
)
FACTOR: Final = Table(
    "report_factor",
    TABLES,
    Column("report_id", Uuid),
    Column("at", Text),
    *_owners(),
    Column("point_id", Uuid),
    Column("factor", Text),
    Column("instrument_id", Uuid),
    Column("first_day", Date),
    Column("judged", JSON),
)
RULE: Final = Table(
    "report_rule",
    TABLES,
    Column("report_id", Uuid),
    Column("rule", Text),
    Column("outcome", Text),
    *_owners(),
)
STEP: Final = Table(
    "report_step",
    TABLES,
    Column("report_id", Uuid),
    Column("version", BigInteger),
    *_owners(),
    Column("handed_in", Boolean),
    Column("what", Text),
    Column("at", DateTime(timezone=True)),
    Column("by", Uuid),
    Column("round", Integer),
    Column("text", Text),
)
EXEMPTION: Final = Table(
    "exemption",
    TABLES,
    Column("id", Uuid),
    Column("version", BigInteger),
    Column("enterprise_id", Uuid),
    Column("district", Text),
    Column("rule", Text),
    Column("point_id", Uuid),
    Column("factor", Text),
    Column("report_id", Uuid),
    Column("first_day", Date),
    Column("last_day", Date),
    Column("reason_code", Text),
    Column("text", Text),
    Column("document_number", Text),
    Column("granted_at", DateTime(timezone=True)),
    Column("granted_by", Uuid),
    Column("ended_at", DateTime(timezone=True)),
    Column("ended_by", Uuid),
    Column("end_reason", Text),
)
