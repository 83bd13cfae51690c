"""Commands on a contract. Each has all data that the decision needs, also what was loaded for it and the present time."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from qingyuan_events.parts import FileRef
from qingyuan_events.tasks import ContractTerms

from tasks.domain.register import EnterpriseCopy


@dataclass(frozen=True, slots=True, kw_only=True)
class SubmitContract:
    """`replaces`: the declined contract whose number this one uses again."""

    contract_id: UUID
    operator_id: UUID
    enterprise: EnterpriseCopy
    terms: ContractTerms
    files: tuple[FileRef, ...]
    replaces: UUID | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SupplementContract:
    contract_id: UUID
    text: str
    files: tuple[FileRef, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ConfirmContract:
    """`is_replaced`: another contract has used its number since it was declined."""

    contract_id: UUID
    enterprise: EnterpriseCopy
    points: tuple[UUID, ...]
    today: date
    is_replaced: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class DeclineContract:
    contract_id: UUID
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class EndContract:
    contract_id: UUID
    last_day: date
    reason: str
    today: date


@dataclass(frozen=True, slots=True, kw_only=True)
class RemindOfContract:
    """Sent by a timer: the reminder of this number, counted from 1."""

    number: int
    now: datetime


ContractCommand = (
    SubmitContract | SupplementContract | RemindOfContract | ConfirmContract | DeclineContract | EndContract
)
