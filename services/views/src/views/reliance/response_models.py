"""The responses about work that stands on papers."""

from datetime import date
from typing import Literal
from uuid import UUID

from pydantic import BaseModel, Field

from views.shared.response_models import AtPoint, NumberedPage, OperatorFiling
from views.work.response_models_visits import HeldPaper, VisitRow


class ReliedPaper(HeldPaper):
    operator_id: UUID
    resource_id: UUID
    title: str = Field(description="of its resource; of a person the post, for names are encrypted")
    account: UUID | None
    first_day_not_held: date | None = Field(
        description="first day for which it was filed and does not hold; null where it holds for all"
    )


class ReliedSheet(BaseModel):
    sheet_id: UUID
    form: str
    content: str


class RelyingVisit(VisitRow):
    """`filing_marks` has `certificate_missing` where no other certificate covers the day."""

    visit_sheets: list[ReliedSheet]


class ReliedPage(NumberedPage[RelyingVisit]):
    paper: ReliedPaper


class Lacking(BaseModel):
    """An assignee without a certificate on the last day of the window. `paper`: the one that comes nearest."""

    account: UUID
    filed: bool
    paper: HeldPaper | None


class LackingDevice(BaseModel):
    """A filed device of the plan without a verification or calibration on the last day of the window."""

    resource_id: UUID
    name: str
    serial_number: str
    paper: HeldPaper | None


class ImpossibleWindow(AtPoint):
    """`verdict`: impossible where no assignee has a certificate, at risk where some have none or a filed device has no
    verification or calibration."""

    plan_id: UUID
    plan_name: str
    item: int
    number: int
    content: str
    district: str
    opens: date
    closes: date
    verdict: Literal["impossible", "at_risk"]
    why: list[Lacking]
    devices: list[LackingDevice]


class ImpossibleFigures(BaseModel):
    """`windows`: all that close in these days and are not done."""

    windows: int
    impossible: int
    at_risk: int


class Impossible(BaseModel):
    """`count`: of impossible windows and those at risk together. Nothing is judged where the operator is not filed."""

    operator_filing: OperatorFiling = Field(description="at present")
    last_day: date
    figures: ImpossibleFigures
    items: list[ImpossibleWindow]
    count: int
