"""Record sheets: what a technician writes on site, and how it came about."""

from datetime import date
from decimal import Decimal
from typing import Literal
from uuid import UUID

from pydantic import Field, JsonValue

from qingyuan_events.parts import Moment, Part


class Finding(Part):
    """The result of a rule for a value. Not even a `warning` refuses a sheet, since rules may be unverified."""

    field: str
    rule: str
    level: Literal["note", "warning"]
    sentence: str


class Used(Part):
    """A spare part, reagent or gas that was consumed or installed."""

    name: str
    model: str | None = None
    quantity: Decimal
    unit: str
    lot: str | None = None
    expires: date | None = None


class SheetRevision(Part):
    """One revision of one record sheet, which may supersede earlier ones.

    Two revisions of a sheet that no other one supersedes are a conflict; a user resolves it with a third one.
    """

    sheet_id: UUID
    revision_id: UUID
    supersedes: tuple[UUID, ...] = ()
    form: str
    form_version: int
    content: str = Field(description="code of the work this sheet records")
    instruments: tuple[UUID, ...] = ()
    values: dict[str, JsonValue] = Field(description="as written by the technician; no floating numbers")
    computed: dict[str, str] = Field(
        default_factory=dict, description="by the form's definition, on the server"
    )
    findings: tuple[Finding, ...] = ()
    used: tuple[Used, ...] = ()
    by: UUID
    claimed_at: Moment
    received_at: Moment
    reason: str | None = Field(default=None, description="why it was corrected")


class SheetRevisionV2(SheetRevision):
    """As before; in addition it says which answers were not given one by one.

    None where there are none: the canonical text of a visit omits None, so a sheet of version 1 keeps its hash.
    """

    filled_by_group: tuple[str, ...] | None = Field(
        default=None, description="fields that were answered 正常 with one tap for their whole group"
    )


class TakenFromRegister(Part):
    """What the register gave a sheet about one of its instruments, as the phone had it."""

    instrument_id: UUID
    version: int = Field(ge=1, description="of the instrument's stream in the register")
    fields: tuple[str, ...] = Field(
        description="paths of the values that are exactly what the register gave: `instrument`, `checks.0.factor`"
    )


class SheetRevisionV3(SheetRevisionV2):
    """As before; in addition it says what was taken from the register, and how long it took to fill.

    None where there is none: the canonical text of a visit omits None, so a sheet of version 2 keeps its hash.
    """

    taken: tuple[TakenFromRegister, ...] | None = None
    filled_seconds: int | None = Field(
        default=None,
        ge=0,
        le=86_400,
        description="from opening the draft to finishing it, by the phone's clock; later changes are added",
    )
