"""Commands on an enterprise. They carry today's date, because deciding has no clock."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from qingyuan_events import Personal
from qingyuan_events.registry import EnterpriseParticulars


@dataclass(frozen=True, slots=True, kw_only=True)
class DecideChange:
    """An authority's answer to the requested change."""

    enterprise_id: UUID
    request_id: UUID
    confirmed: bool
    reason: str
    today: date


@dataclass(frozen=True, slots=True, kw_only=True)
class WithdrawChange:
    """The enterprise withdraws its requested change before it is answered."""

    enterprise_id: UUID
    request_id: UUID
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RegisterEnterprise:
    enterprise_id: UUID
    particulars: EnterpriseParticulars
    contact: Personal | None
    valid_from: date
    today: date


@dataclass(frozen=True, slots=True, kw_only=True)
class CorrectEnterprise:
    """With a `request_id`, changes of name, credit code and district are requested under this id; the rest is corrected."""

    enterprise_id: UUID
    particulars: EnterpriseParticulars
    contact: Personal | None
    valid_from: date
    reason: str
    today: date
    request_id: UUID | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CloseEnterprise:
    enterprise_id: UUID
    valid_to: date
    reason: str
    today: date


@dataclass(frozen=True, slots=True, kw_only=True)
class EraseContact:
    enterprise_id: UUID
    reason: str


EnterpriseCommand = (
    RegisterEnterprise | CorrectEnterprise | CloseEnterprise | EraseContact | DecideChange | WithdrawChange
)
