"""The response of the board."""

from pydantic import BaseModel, Field

from views.shared.response_models import OperatorFiling


class BoardFigures(BaseModel):
    planned: int
    done: int
    missed: int
    visits: int = Field(description="without aborted ones, as empty, late, backfilled and outside_fence")
    aborted: int
    empty: int = Field(description="complete, and no sheet on which work is recorded")
    late: int
    backfilled: int
    outside_fence: int
    obstructed: int = Field(description="whatever came of the visit")
    unsigned: int
    signed_late: int
    disputed: int
    escalated: int
    originals_late: int


class BoardRow(BoardFigures):
    key: str = Field(description="code of a district, or id of an operator or enterprise")
    name: str = Field(description="empty for a district")
    operator_filing: OperatorFiling | None = Field(description="at present; null for a row of no operator")


class Board(BaseModel):
    """A page of the board; totals and count are of all pages."""

    rows: list[BoardRow]
    totals: BoardFigures
    count: int
    next: str | None
