"""The response models of tasks. Routes return finished JSON; their tests validate it with these models."""

from uuid import UUID

from pydantic import BaseModel, JsonValue
from qingyuan_standards.contents import Content
from qingyuan_standards.intervals import Interval
from qingyuan_standards.register_fields import RegisterFields
from qingyuan_standards.work_rules import WorkRules


class NamedEnterprise(BaseModel):
    id: UUID
    name: str


class Places(BaseModel):
    enterprise: NamedEnterprise


class SettingSource(BaseModel):
    source: str
    confidence: str
    unit: str | None


class HolidayCalendar(BaseModel):
    """Public holidays with their names, and the days of a weekend that are worked."""

    version: str
    years: list[int]
    holidays: dict[str, str]
    workdays: list[str]


class Standards(BaseModel):
    """The standards that pages and phones apply. `libs/standards/README.md` says what a form contains."""

    forms: list[dict[str, JsonValue]]
    contents: list[Content]
    intervals: list[Interval]
    settings: dict[str, JsonValue]
    settings_sources: dict[str, SettingSource]
    calendar: HolidayCalendar
    register_fields: RegisterFields
    work_rules: WorkRules
