"""What requests about people, devices, vehicles and spare parts carry."""

from typing import Annotated, Final
from uuid import UUID

from pydantic import Field
from qingyuan_events.filing import (
    DeviceParticulars,
    Paper,
    PersonParticulars,
    SparePartParticulars,
    VehicleParticulars,
)
from qingyuan_runtime.domain.bounds import Day, Sent
from qingyuan_runtime.domain.text import LINE_MOST, Code, Line, Text, Token
from qingyuan_standards.plates import normalised_plate

from filing.shared.bodies import EVIDENCE, Body, PersonName


class PlateText(Text):
    """A number plate however it was typed."""

    def tidy(self, raw: str) -> str:
        return normalised_plate(super().tidy(raw))


Plate = Annotated[str, PlateText(LINE_MOST, code=True)]
_PAPER: Final = {"number": Code | None}
SentPaper = Annotated[Paper, Sent(**_PAPER)]
_PAPERS: Final = Sent(papers=tuple[SentPaper, ...])
SentResource = Annotated[
    Annotated[PersonParticulars, _PAPERS]
    | Annotated[DeviceParticulars, _PAPERS.also(asset_number=Code, serial_number=Code, model=Code)]
    | Annotated[VehicleParticulars, _PAPERS.also(plate=Plate)]
    | Annotated[SparePartParticulars, _PAPERS.also(model=Code | None, number=Code | None)],
    Field(discriminator="kind"),
]


class AddResourceBody(Body):
    """`name`: of a person only."""

    particulars: SentResource
    name: PersonName | None = None
    changed_on: Day
    evidence: Token | None = Field(default=None, description=EVIDENCE)


class CorrectResourceBody(AddResourceBody):
    """`name`: null leaves it as it was."""

    reason: Line


class RenewPaperBody(Body):
    paper: SentPaper
    replaces: UUID | None = None
    changed_on: Day
    evidence: Token | None = Field(default=None, description=EVIDENCE)


class RevokePaperBody(Body):
    first_day: Day = Field(description="first day on which it does not hold")
    reason: Line


class EndResourceBody(Body):
    last_day: Day = Field(description="the last day on which it was there")
    reason: Line
