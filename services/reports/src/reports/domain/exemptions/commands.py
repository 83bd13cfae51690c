"""What may be asked of an exemption."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class Grant:
    """`rules`: those of the newest catalogue; `reason_codes`: those of the dated setting."""

    exemption_id: UUID
    enterprise_id: UUID
    district: str
    rule: str
    point_id: UUID | None
    factor: str | None
    report_id: UUID | None
    first_day: date
    last_day: date
    reason_code: str
    text: str
    document_number: str | None
    rules: frozenset[str]
    reason_codes: frozenset[str]
    by: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class End:
    last_day: date
    reason: str
    today: date
    by: UUID


ExemptionCommand = Grant | End
