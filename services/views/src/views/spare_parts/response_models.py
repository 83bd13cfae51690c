"""The responses about what was used."""

from datetime import date
from decimal import Decimal
from typing import Literal
from uuid import UUID

from pydantic import BaseModel, Field

from views.shared.response_models import AtPoint, NumberedPage


class PartUse(AtPoint):
    """A line of a sheet: so much of a part, reagent or gas, of one lot, at one visit."""

    visit_id: UUID
    revision_id: UUID
    place: int = Field(description="on the sheet, counted from 0")
    day: date
    district: str
    name: str
    model: str
    lot: str
    expires: date | None
    expired: bool = Field(description="before the day of the work")
    quantity: Decimal
    unit: str
    filed: bool = Field(description="a part with this name and model was filed")


class PartUsePage(NumberedPage[PartUse]):
    pass


class Stock(BaseModel):
    """Filed parts with one name and model: how much is filed, and what visits used since that quantity was filed."""

    name: str
    model: str
    categories: list[Literal["spare_part", "special_equipment"]]
    places: list[str]
    quantity: Decimal
    since: date = Field(description="the day of change from which the quantity was filed")
    used: Decimal
    left: Decimal = Field(description="below 0 where more was used than was filed")
    units: list[str] = Field(description="in which the sheets counted it; a filing names no unit")
    uses: int
    expired: int = Field(description="how many of these uses were of an expired lot")


class Stocks(BaseModel):
    """`unfiled`: how many lines of sheets name a part that is not filed."""

    items: list[Stock]
    unfiled: int
