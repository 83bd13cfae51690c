"""The responses about the register."""

from datetime import date, datetime
from typing import Literal
from uuid import UUID

from pydantic import BaseModel, Field
from qingyuan_events import Actor
from qingyuan_events.registry import (
    EnterpriseIdentity,
    EnterpriseParticulars,
    InstrumentParticulars,
    OutletParticulars,
    PointParticulars,
)

from views.shared.response_models import Items, NumberedPage

EntryStatus = Literal["in_use", "closed", "replaced", "retired", "voided"]
InstrumentKind = Literal["wastewater_analyser", "sampler", "flue_gas_analyser"]
ChangeStatus = Literal["pending", "confirmed", "refused", "withdrawn", "replaced", "lapsed"]


class Entry(BaseModel):
    """What every entry of the register shows beside its particulars."""

    id: UUID
    version: int
    status: EntryStatus
    valid_from: date
    valid_to: date | None = Field(description="the first day after its end")


class Organisations(Items[str]):
    """Full names, the most used first."""


class EnterpriseRow(BaseModel):
    """An enterprise in a list, with how many of each it had on the day."""

    id: UUID
    version: int
    name: str
    uscc: str
    district: str
    address: str
    industry: str
    permit_number: str
    status: EntryStatus
    outlets: int
    points: int
    instruments: int
    changed_at: datetime


class EnterprisePage(NumberedPage[EnterpriseRow]):
    pass


class Enterprise(EnterpriseRow, Entry):
    particulars: EnterpriseParticulars


class InstrumentCounts(BaseModel):
    wastewater_analyser: int
    sampler: int
    flue_gas_analyser: int


class Point(Entry):
    particulars: PointParticulars
    instruments: InstrumentCounts


class Outlet(Entry):
    particulars: OutletParticulars
    points: list[Point]


class Outlets(BaseModel):
    outlets: list[Outlet]


class InstrumentRow(Entry):
    """Names and code are null where the register does not know the enterprise or the point yet."""

    particulars: InstrumentParticulars
    enterprise_id: UUID
    enterprise_name: str | None
    point_id: UUID
    point_code: str | None
    point_name: str | None
    kind: InstrumentKind
    factor: str | None
    replaces: UUID | None
    replaced_by: UUID | None
    recorded_at: datetime


class InstrumentPage(NumberedPage[InstrumentRow]):
    pass


class ChainLink(BaseModel):
    """One of several instruments that replaced each other."""

    id: UUID
    model: str
    status: EntryStatus
    valid_from: date | None
    valid_to: date | None


class Instrument(InstrumentRow):
    chain: list[ChainLink] = Field(
        description="the instruments that replaced each other, with this one, oldest first"
    )


class FieldChange(BaseModel):
    """A field of the particulars before and after a fact, as people read it."""

    field: str
    label: str
    was: str | None
    now: str | None


class HistoryItem(BaseModel):
    version: int
    type: str
    recorded_at: datetime
    day: date | None
    actor: Actor
    reason: str | None
    related: UUID | None = Field(description="the instrument that it replaces or is replaced by")
    trace_id: str | None
    changes: list[FieldChange]


class History(Items[HistoryItem]):
    """Newest first."""


class Naming(BaseModel):
    """What names an entry of the register, and stays when it is voided. Only points and outlets are named by agreements."""

    visits: int = Field(description="that were not aborted")
    signed: int = Field(description="of these, those whose confirmation is signed")
    contracts: int = Field(description="in force today or later")
    plans: int = Field(description="with a cycle that is not over")


class EnterpriseChange(BaseModel):
    """A request for another name, credit code or district."""

    request_id: UUID
    enterprise_id: UUID
    enterprise_name: str
    enterprise_district: str = Field(description="as it is now; `was` is of the day of the request")
    enterprise_version: int
    was: EnterpriseIdentity
    wanted: EnterpriseIdentity
    valid_from: date
    reason: str
    requested_at: datetime
    status: ChangeStatus
    decision: str | None = Field(description="the reason that was given with the decision or the withdrawal")
    decided_at: datetime | None


class EnterpriseChangePage(NumberedPage[EnterpriseChange]):
    pass
