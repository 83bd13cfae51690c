"""The responses about confirmations."""

from datetime import date, datetime
from typing import Literal
from uuid import UUID

from pydantic import BaseModel, Field
from qingyuan_events.parts import Factor

from views.confirmations.fold import Signed, Step
from views.shared.response_models import AtPoint, NumberedPage

ConfirmationState = Literal[
    "requested", "opened", "disputed", "answered", "escalated", "lapsed", "signed", "voided"
]


class ConfirmationSummary(AtPoint):
    """`signed_at` and `late` are of the signature that is valid now, `signed_content_sha256` is of the last one that was given."""

    id: UUID
    version: int
    visit_id: UUID
    state: ConfirmationState
    visit_day: date
    requested_at: datetime
    due_at: datetime
    signed_at: datetime | None
    originals_at: datetime | None = Field(description="when the last original of the content came")
    district: str
    contents: list[str]
    content_sha256: str
    late: bool | None
    signed_content_sha256: str | None
    disputed: bool
    escalated: bool
    originals_late: bool


class ConfirmationRow(ConfirmationSummary):
    technician: str = Field(
        description="the name of the account that opened the visit; empty where it is not known at present"
    )


class ConfirmationPage(NumberedPage[ConfirmationRow]):
    pass


class Confirmation(ConfirmationSummary):
    steps: list[Step]
    signature: Signed | None = Field(description="the last one that was given")
    statement: str | None


class RecordCheck(BaseModel):
    """Whether a printed record is the one that was signed."""

    known: bool
    matches: bool
    signed_at: datetime | None
    late: bool | None
    second_factor: Factor | None
    certificate_serial: str | None
    certificate_issuer: str | None
