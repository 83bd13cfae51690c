"""The state of a contract: what was submitted, how the enterprise answered, and until when it is in force."""

from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Literal
from uuid import UUID

from qingyuan_events.tasks import (
    ContractConfirmed,
    ContractDeclined,
    ContractEnded,
    ContractParticulars,
    ContractReminded,
    ContractSubmission,
    ContractSubmitted,
    ContractSubmittedV3,
    ContractSupplemented,
    ContractTerms,
)
from qingyuan_runtime.domain.decider import Refused

ContractFact = (
    ContractSubmission
    | ContractSupplemented
    | ContractReminded
    | ContractConfirmed
    | ContractDeclined
    | ContractEnded
)
Status = Literal["none", "submitted", "confirmed", "declined", "ended"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Agreement:
    """The terms both sides agreed on: who works for whom, at which points, and on which days (both ends included)."""

    contract_id: UUID
    operator_id: UUID
    enterprise_id: UUID
    district: str
    points: tuple[UUID, ...]
    first_day: date
    last_day: date

    def covers(self, point_id: UUID, day: date) -> bool:
        return point_id in self.points and self.first_day <= day <= self.last_day


@dataclass(frozen=True, slots=True)
class ContractState:
    """`points` are those that the enterprise confirmed; `ended_on` is the last day that it named when ending it early."""

    submitted: ContractSubmission | None = None
    status: Status = "none"
    points: tuple[UUID, ...] = ()
    ended_on: date | None = None
    supplements: int = 0
    reminders: int = 0
    reminded_at: datetime | None = None

    def existing(self) -> ContractSubmission:
        """Raises `Refused` when there is no such contract."""
        if self.submitted is None:
            raise Refused("contract.missing", "没有找到要操作的对象，或您无权查看。")
        return self.submitted

    def agreement(self) -> Agreement:
        """Raises `Refused` (contract.unconfirmed) until the enterprise has agreed."""
        submission = self.existing()
        if self.status not in ("confirmed", "ended"):
            raise Refused("contract.unconfirmed", "排污单位尚未确认该合同，确认后才能安排计划和现场运维。")
        terms = terms_of(submission)
        last_day = terms.last_day if self.ended_on is None else min(terms.last_day, self.ended_on)
        return Agreement(
            contract_id=submission.contract_id,
            operator_id=submission.operator_id,
            enterprise_id=submission.enterprise_id,
            district=submission.district,
            points=self.points,
            first_day=terms.first_day,
            last_day=last_day,
        )


def terms_of(submission: ContractSubmission) -> ContractTerms | ContractParticulars:
    match submission:
        case ContractSubmitted():
            return submission.particulars
        case ContractSubmittedV3():
            return submission.terms


def evolve(state: ContractState, fact: ContractFact) -> ContractState:
    match fact:
        case ContractSubmitted() | ContractSubmittedV3():
            return ContractState(fact, "submitted")
        case ContractSupplemented():
            return replace(state, supplements=state.supplements + 1)
        case ContractReminded():
            return replace(state, reminders=fact.number, reminded_at=fact.reminded_at)
        case ContractConfirmed():
            return replace(state, status="confirmed", points=fact.points)
        case ContractDeclined():
            return replace(state, status="declined")
        case ContractEnded():
            return replace(state, status="ended", ended_on=fact.last_day)
