"""What requests about contracts carry."""

from datetime import date
from decimal import Decimal
from uuid import UUID

from pydantic import BaseModel, ConfigDict
from qingyuan_events.parts import FileRef
from qingyuan_events.tasks import ContractTerms


class Body(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class ContractClaim(Body):
    """What an operator says of its contract. Its own name the organisation has, the points the enterprise names."""

    number: str
    name: str
    first_day: date
    last_day: date
    amount: Decimal | None = None
    subcontracted: bool = False
    subcontract_amount: Decimal | None = None
    summary: str | None = None

    def terms(self, operator_name: str, enterprise_name: str) -> ContractTerms:
        return ContractTerms(**dict(self), operator_name=operator_name, enterprise_name=enterprise_name)


class SubmitContractBody(Body):
    enterprise_id: UUID
    particulars: ContractClaim
    files: tuple[FileRef, ...] = ()


class SupplementContractBody(Body):
    text: str
    files: tuple[FileRef, ...] = ()


class ConfirmationBody(Body):
    points: tuple[UUID, ...]


class RefusalBody(Body):
    reason: str


class EndingBody(Body):
    last_day: date
    reason: str
