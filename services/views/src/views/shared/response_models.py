"""Parts that several responses have in common.

Response models are documentation. Every route returns a finished `JSONResponse`, which FastAPI does not validate: that would
cost time on lists of hundreds of rows. `tests/test_response_models.py` validates real responses of every route instead.
"""

from datetime import date
from typing import Generic, Literal, TypeVar
from uuid import UUID

from pydantic import BaseModel, Field
from qingyuan_events.registry import Medium

Row = TypeVar("Row")


class Items(BaseModel, Generic[Row]):
    items: list[Row]


class Page(Items[Row], Generic[Row]):
    next: str | None = Field(description="`after` of the next page; null on the last one")


class NumberedPage(Page[Row], Generic[Row]):
    count: int = Field(
        default=0,
        description="the rows of the whole list; only there where a `page` was asked for. 10001 means more than 10000",
    )


class Parties(BaseModel):
    """The operator and the enterprise of a row. A name is empty where it is not known yet."""

    operator_id: UUID
    operator_name: str
    enterprise_id: UUID
    enterprise_name: str


class OperatorFiling(BaseModel):
    """Whether an operator is filed (备案). One that is not, or is locked, may work; what it does says so."""

    state: Literal["filed", "locked", "none"]
    since: date | None = Field(description="first day on which it is so; null where it never was filed")


class AtPoint(Parties):
    """The same with the monitoring point; `medium` is null where the point is not known yet."""

    point_id: UUID
    point_name: str
    point_code: str
    point_voided: bool = Field(description="the point was registered by mistake; what was done there stays")
    medium: Medium | None
