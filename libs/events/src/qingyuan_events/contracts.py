"""Events of contracts, published by the tasks service: operators submit them, enterprises confirm or decline them."""

from datetime import date
from decimal import Decimal
from typing import ClassVar
from uuid import UUID

from pydantic import Field

from qingyuan_events.parts import FileRef, Moment, Part
from qingyuan_events.tasks_topic import TasksFact


class ContractParticulars(Part):
    number: str
    name: str
    operator_name: str = Field(description="the O&M operator's full name as it signed")
    points: tuple[UUID, ...]
    first_day: date
    last_day: date = Field(description="the last day of the period, included")
    amount: Decimal | None = Field(default=None, description="元")
    subcontracted: bool = False
    subcontract_amount: Decimal | None = Field(default=None, description="元")
    summary: str | None = None


class ContractSubmitted(TasksFact):
    """A contract in the first version, which named the points. It gives no rights until the enterprise confirms it."""

    type: ClassVar[str] = "contract.submitted.v1"
    contract_id: UUID
    operator_id: UUID
    enterprise_id: UUID
    district: str
    particulars: ContractParticulars
    files: tuple[FileRef, ...] = ()


class ContractTerms(Part):
    """The terms of a contract without its points, which the enterprise names when it confirms."""

    number: str
    name: str
    operator_name: str = Field(description="the O&M operator's full name, as accounts knows it")
    enterprise_name: str = Field(description="the enterprise's name, as the register had it")
    first_day: date
    last_day: date = Field(description="the last day of the period, included")
    amount: Decimal | None = Field(default=None, description="元")
    subcontracted: bool = False
    subcontract_amount: Decimal | None = Field(default=None, description="元")
    summary: str | None = None


class ContractSubmittedV2(TasksFact):
    """An operator submits a contract. It can be supplemented but not edited, and gives no rights until it is confirmed."""

    type: ClassVar[str] = "contract.submitted.v2"
    contract_id: UUID
    operator_id: UUID
    enterprise_id: UUID
    district: str
    terms: ContractTerms
    files: tuple[FileRef, ...] = ()


class ContractSubmittedV3(TasksFact):
    """As version 2; in addition an operator may use the number of a declined contract again, and names that contract."""

    type: ClassVar[str] = "contract.submitted.v3"
    contract_id: UUID
    operator_id: UUID
    enterprise_id: UUID
    district: str
    terms: ContractTerms
    replaces: UUID | None = Field(default=None, description="the declined contract that had the number last")
    files: tuple[FileRef, ...] = ()


ContractSubmission = ContractSubmitted | ContractSubmittedV3
"""As it is read: version 2 is converted to version 3 (`upcasting`)."""


class ContractSupplemented(TasksFact):
    type: ClassVar[str] = "contract.supplemented.v1"
    contract_id: UUID
    operator_id: UUID
    enterprise_id: UUID
    district: str
    text: str
    files: tuple[FileRef, ...] = ()


class ContractReminded(TasksFact):
    """The enterprise has not answered yet and is reminded. A reminder has no legal effect."""

    type: ClassVar[str] = "contract.reminded.v1"
    contract_id: UUID
    operator_id: UUID
    enterprise_id: UUID = Field(description="who is reminded")
    district: str
    number: int = Field(description="which reminder of this contract it is, from 1 on")
    reminded_at: Moment


class ContractConfirmed(TasksFact):
    """The enterprise confirms the contract, and names the points at which the operator may work."""

    type: ClassVar[str] = "contract.confirmed.v1"
    contract_id: UUID
    operator_id: UUID
    enterprise_id: UUID
    district: str
    points: tuple[UUID, ...]


class ContractDeclined(TasksFact):
    """The enterprise declines the contract, or its terms. It may still confirm it later."""

    type: ClassVar[str] = "contract.declined.v1"
    contract_id: UUID
    operator_id: UUID
    enterprise_id: UUID
    district: str
    reason: str


class ContractEnded(TasksFact):
    """The enterprise ends the contract early. Work done until `last_day` is not affected."""

    type: ClassVar[str] = "contract.ended.v1"
    contract_id: UUID
    operator_id: UUID
    enterprise_id: UUID
    district: str
    last_day: date = Field(description="the last day on which the operator may work, included")
    reason: str
