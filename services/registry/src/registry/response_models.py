"""What the registry answers to questions. Routes return finished JSON; their tests hold it to these models."""

from datetime import datetime
from typing import Literal
from uuid import UUID

from pydantic import BaseModel, Field
from qingyuan_events.parts import Datum


class StoredContact(BaseModel):
    """The person to call; nothing where there is none. `erased`: by request; `lost`: its key is gone without one."""

    name: str = ""
    phone: str = ""
    erased: bool = False
    lost: bool = False


class Choice(BaseModel):
    code: str
    name: str


class FactorChoice(Choice):
    unit: str
    searched: str


class FactorsByMedium(BaseModel):
    wastewater: list[FactorChoice]
    flue_gas: list[FactorChoice]


class MethodsByMedium(BaseModel):
    wastewater: list[str]
    flue_gas: list[str]


class Options(BaseModel):
    """The code lists behind the choices of forms."""

    factors: FactorsByMedium
    factor_source: str
    districts: list[Choice]
    construction: list[Choice]
    origin: list[Choice]
    methods: MethodsByMedium
    outlet_kinds: list[str]
    datums: list[Datum]


class ImportFinding(BaseModel):
    """`row` and `cell` as Excel names them; 0 and empty where a sheet or the file is meant."""

    sheet: str
    row: int
    column: str
    cell: str = ""
    field: str
    rule: str
    sentence: str


class ImportSummary(BaseModel):
    """What became of the rows, also of those that are not listed; empty until they have been checked."""

    read: int = 0
    left_out: int = 0
    changed: int = 0
    unchanged: int = 0
    ended: int = 0
    new: int = 0
    problems: int = 0
    notes: int = 0
    sheets_not_read: list[str] = []


ImportState = Literal["checking", "refused", "ready", "importing", "done", "failed"]


class EarlierImport(BaseModel):
    """The same workbook, uploaded before for the same enterprise."""

    id: UUID
    at: datetime
    state: ImportState
    own: bool = Field(description="whether the asker uploaded it, and so may open it")


class Import(BaseModel):
    id: UUID
    enterprise_id: UUID
    file_name: str
    state: ImportState
    rows: int
    checked: int
    written: int
    problems: list[ImportFinding]
    notes: list[ImportFinding]
    summary: ImportSummary
    earlier: EarlierImport | None
