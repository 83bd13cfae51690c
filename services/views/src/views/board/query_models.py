"""The query parameters of the board."""

from datetime import date
from typing import Annotated, Final, Literal, get_args
from uuid import UUID

from pydantic import Field
from qingyuan_runtime.domain.text import Code

from views.shared.query_models import Limit, PageQuery, PeriodQuery

Order = Literal[
    "planned",
    "done",
    "missed",
    "visits",
    "aborted",
    "empty",
    "late",
    "backfilled",
    "outside_fence",
    "obstructed",
    "unsigned",
    "signed_late",
    "disputed",
    "escalated",
    "originals_late",
]
SHOWN: Final[tuple[Order, ...]] = get_args(Order)


class BoardQuery(PeriodQuery, PageQuery):
    """`by` is what rows stand for; `order` the figure of which most come first."""

    by: Literal["district", "operator", "enterprise"] = "district"
    district: Code | None = None
    operator_id: UUID | None = None
    enterprise_id: UUID | None = None
    order: Annotated[Order, Field(description="最多的在前")] = "missed"
    limit: Limit = 200

    def days(self, today: date) -> tuple[date, date]:
        """The first and the last day counted; where none are asked for, this month until today."""
        last_day = self.last_day or today
        return self.first_day or last_day.replace(day=1), last_day
