"""The query parameters for confirmations; days are the days of the visits."""

from datetime import date
from typing import Annotated
from uuid import UUID

from pydantic import Field
from qingyuan_runtime.domain.bounds import Day
from qingyuan_runtime.domain.text import Code

from views.shared.query_models import ConfirmationFigure, NumberedQuery, PeriodQuery, QueryModel


class ConfirmationQuery(PeriodQuery, NumberedQuery):
    """`day` takes the place of `from` and `to`."""

    state: ConfirmationFigure | None = None
    day: Day | None = None
    enterprise_id: UUID | None = None
    operator_id: UUID | None = None
    point_id: UUID | None = None
    technician_id: UUID | None = Field(default=None, description="the account that opened the visit")
    content: Code | None = None
    district: Code | None = None

    @property
    def period(self) -> tuple[date | None, date | None]:
        return self.day or self.first_day, self.day or self.last_day


class CheckQuery(QueryModel):
    sha256: Annotated[str, Field(pattern="^[0-9a-fA-F]{64}$")]
