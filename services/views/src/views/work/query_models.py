"""The query parameters for visits, cycles, contracts and plans."""

from typing import Literal
from uuid import UUID

from pydantic import Field
from qingyuan_runtime.domain.text import Code

from views.shared.query_models import ConfirmationFigure, NumberedQuery, PeriodQuery
from views.work.filing_marks import FilingMark
from views.work.response_models import ContractState, CycleState
from views.work.response_models_visits import Mark, VisitState

ContractStanding = Literal[
    "submitted", "declined", "terminated", "ending", "upcoming", "expired", "expiring", "in_force"
]
PlanStanding = Literal["stopped", "upcoming", "over", "running"]


class VisitQuery(PeriodQuery, NumberedQuery):
    operator_id: UUID | None = None
    enterprise_id: UUID | None = None
    point_id: UUID | None = None
    technician_id: UUID | None = Field(default=None, description="the account that opened the visit")
    content: Code | None = None
    district: Code | None = None
    state: Literal[VisitState, "not_aborted"] | None = None
    mark: Mark | FilingMark | Literal["obstructed"] | None = None
    backfilled: bool | None = None
    confirmation: ConfirmationFigure | None = None


class ReliedQuery(NumberedQuery):
    """The visits that relied on a paper."""


class CycleQuery(PeriodQuery, NumberedQuery):
    """A cycle belongs to the day on which it closes, so each is counted in one period and only one."""

    plan_id: UUID | None = None
    operator_id: UUID | None = None
    enterprise_id: UUID | None = None
    point_id: UUID | None = None
    technician_id: UUID | None = Field(
        default=None, description="the account that opened the visit that fulfilled it"
    )
    content: Code | None = None
    district: Code | None = None
    state: Literal[CycleState, "planned"] | None = None


class ContractQuery(PeriodQuery, NumberedQuery):
    """Those that have a day in common with the period."""

    enterprise_id: UUID | None = None
    operator_id: UUID | None = None
    state: ContractState | None = None
    standing: ContractStanding | None = Field(default=None, description="where it stands today")


class PlanQuery(PeriodQuery, NumberedQuery):
    """Those that have a day in common with the period."""

    contract_id: UUID | None = None
    enterprise_id: UUID | None = None
    operator_id: UUID | None = None
    standing: PlanStanding | None = Field(default=None, description="where it stands today")
