"""Query parameters that several queries have. Periods include both days; an absent parameter does not filter.

Unknown parameters are refused for all routes at once, in `qingyuan_runtime.edge.parameters`.
"""

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field
from qingyuan_runtime.domain.bounds import Day
from qingyuan_runtime.domain.text import AsItIs

ConfirmationFigure = Literal[
    "requested",
    "opened",
    "disputed",
    "answered",
    "escalated",
    "lapsed",
    "signed",
    "voided",
    "unsigned",
    "signed_late",
    "originals_late",
    "unanswered",
]
"""The values by which lists filter confirmations: their states, and figures of the board.

`disputed` and `escalated` are figures: at any time. `unanswered` are those that are disputed now."""

Limit = Annotated[int, Field(ge=1, le=500)]
After = Annotated[Annotated[str, AsItIs(2_000)] | None, Field(description="`next` of the page before")]


class QueryModel(BaseModel):
    model_config = ConfigDict(frozen=True)


class PageQuery(QueryModel):
    limit: Limit = 50
    after: After = None


class NumberedQuery(PageQuery):
    """A list in which one may go to a page by its number; `after` has no effect then."""

    page: Annotated[int, Field(ge=1, le=1_000)] | None = Field(
        default=None, description="the number of the page, from 1; the answer then has `count`"
    )


class PeriodQuery(QueryModel):
    first_day: Day | None = Field(default=None, alias="from")
    last_day: Day | None = Field(default=None, alias="to")
