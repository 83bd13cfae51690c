"""What the filing service answers to questions. Routes return finished JSON; their tests hold it to these models."""

from typing import Literal
from uuid import UUID

from pydantic import BaseModel


class Stored(BaseModel):
    """`erased`: by request; `lost`: its key is gone without one."""

    name: str = ""
    erased: bool = False
    lost: bool = False


class StoredPhone(Stored):
    phone: str = ""


class People(BaseModel):
    legal_representative: Stored
    contact: StoredPhone


class NameOfPerson(Stored):
    id: UUID


class Names(BaseModel):
    items: list[NameOfPerson]


class CodeAndName(BaseModel):
    code: str
    name: str


class UndertakingText(BaseModel):
    """`sha256`: what the second factor is given for when it is signed."""

    version: str
    text: str
    sha256: str


class FilingOptions(BaseModel):
    """`change_months`: within which a change must be reported, and `change_source`: who says so."""

    provinces: list[CodeAndName]
    return_reasons: list[CodeAndName]
    undertaking: UndertakingText
    change_months: int
    change_source: str


class ImportFinding(BaseModel):
    """`cell` and `column` are empty where it is about a whole row."""

    sheet: str
    row: int
    column: str
    cell: str
    field: str
    rule: str
    sentence: str


class ImportedRow(BaseModel):
    """`resource_id`: what the row repeats or has added. `paper_id`: its paper that has no scan yet, to which the file `scan`
    belongs."""

    sheet: str
    row: int
    kind: Literal["person", "device", "spare_part"]
    title: str
    outcome: Literal["new", "added", "there", "ended", "refused"]
    scan: str | None
    resource_id: UUID | None
    paper_id: UUID | None


class ResourceImport(BaseModel):
    """`blocked`: the sheets themselves must be put right before any row is added."""

    file_name: str
    rows: list[ImportedRow]
    problems: list[ImportFinding]
    notes: list[ImportFinding]
    blocked: bool
    left_out: int
    sheets_not_read: list[str]


class PassedFiling(BaseModel):
    """What became of one of several filings; `stream`, `version`: where it passed, as in the response to a command."""

    operator_id: UUID
    outcome: Literal["passed", "refused"]
    stream: str | None
    version: int | None
    code: str | None
    sentence: str | None


class PassedFilings(BaseModel):
    """In the order of the request."""

    items: list[PassedFiling]
