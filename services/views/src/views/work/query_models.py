"""The query parameters for visits, cycles, contracts and plans."""

from typing import Literal
from uuid import UUID

from pydantic import Field
from qingyuan_runtime.domain.text import Code

from views.shared.query_models import ConfirmationFigure, NumberedQuery, PageQuery, PeriodQuery
from views.work.response_models import ContractState, CycleState
from views.work.response_models_visits import Mark, VisitState


class VisitQuery(PeriodQuery, NumberedQuery):
    operator_id: UUID | None = None
    enterprise_id: UUID | None = None
    point_id: UUID | None = None
    technician_id: UUID | None = Field(default=None, description="the account that opened the visit")
    content: Code | None = None
    district: Code | None = None
    state: Literal[VisitState, "not_aborted"] | None = None
    mark: Mark | None = None
    backfilled: bool | None = None
    confirmation: ConfirmationFigure | None = None


class CycleQuery(PeriodQuery, NumberedQuery):
    """A cycle belongs to the day on which it closes, so each is counted in one period and only one."""

    plan_id: UUID | None = None
    operator_id: UUID | None = None
    enterprise_id: UUID | None = None
    point_id: UUID | None = None
    content: Code | None = None
    district: Code | None = None
    state: Literal[CycleState, "planned"] | None = None


class ContractQuery(PageQuery):
    enterprise_id: UUID | None = None
    operator_id: UUID | None = None
    state: ContractState | None = None


class PlanQuery(PageQuery):
    contract_id: UUID | None = None
    enterprise_id: UUID | None = None
    operator_id: UUID | None = None
