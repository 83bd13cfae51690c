"""What a phone sends about a visit. Moments have a time zone, are kept in UTC, and are never refused for their value."""

import re
from datetime import UTC, datetime
from typing import Annotated, Final
from uuid import UUID

from pydantic import AfterValidator, AwareDatetime, BeforeValidator, Field, JsonValue
from pydantic_core import PydanticCustomError
from qingyuan_events.parts import FileRef, Fix, Photo, Signature
from qingyuan_events.tasks import BackfillClass, CycleRef, TakenFromRegister, Used, UsedDevice
from qingyuan_runtime.domain.bounds import (
    Checked,
    Day,
    Number,
    Sent,
    Tidied,
    written_moment,
)
from qingyuan_runtime.domain.text import Text

from tasks.shared.bodies import Body

MANY: Final = 100
DEVICES_MOST: Final = 500
"""Far more than the plans of one point name."""
FIELDS_MOST: Final = 1_000
"""A sheet with many rows has several fields of one instrument in each of them."""
STREAM_MOST: Final = 10_000
"""No instrument has that many facts: its version in the register is the length of its stream."""
DAY_SECONDS: Final = 86_400
EARLIEST: Final = datetime(1, 1, 2, tzinfo=UTC)
LATEST: Final = datetime(9999, 12, 30, tzinfo=UTC)
"""The first and last moment that can be written in every time zone. A claim beyond them is taken as one of them."""
_BEYOND: Final = re.compile(r"(?P<sign>[+-])[0-9]{6}-.*")
"""How a browser writes years before 0 and after 9999."""


def _utc(moment: datetime) -> datetime:
    return moment.astimezone(UTC)


def _writable(value: object) -> object:
    beyond = _BEYOND.fullmatch(value) if isinstance(value, str) else None
    if beyond is None:
        return value
    return LATEST if beyond["sign"] == "+" else EARLIEST


def _as_claimed(moment: datetime) -> datetime:
    """A wrong clock of a device is never a reason to refuse: its claim is kept and compared with the time of receipt."""
    return _utc(min(max(moment, EARLIEST), LATEST))


Claimed = Annotated[
    AwareDatetime,
    BeforeValidator(written_moment),
    BeforeValidator(_writable),
    AfterValidator(_as_claimed),
    Checked(),
]
Short = Annotated[str, Text(100, least=1)]
ShortCode = Annotated[str, Text(100, least=1, code=True)]
Words = Annotated[str, Text(1_000, least=1, breaks=True)]
Quantity = Annotated[Number, Field(gt=0, max_digits=12, decimal_places=4)]
Cycle = Annotated[CycleRef, Sent()]


def _sensible_fix(fix: Fix) -> Fix:
    if fix.accuracy_m > 1_000_000:
        raise PydanticCustomError("accuracy_out_of_range", "wider than a country")
    return fix.model_copy(update={"fixed_at": _as_claimed(fix.fixed_at)})


def _sensible_file(file: FileRef) -> FileRef:
    """Bounds of a file that an event names; the files service checks its content."""
    if file.size > 1_000_000_000 or len(file.media_type) > 100:
        raise PydanticCustomError("file_out_of_range", "no file of ours")
    return file


def _sensible_photo(photo: Photo) -> Photo:
    for file in (photo.original, photo.shown):
        if file:
            _sensible_file(file)
    if photo.of not in OCCASIONS:
        _sheet_id(photo.of)
    fix = _sensible_fix(photo.fix) if photo.fix else None
    return photo.model_copy(update={"taken_at": _as_claimed(photo.taken_at), "fix": fix})


OCCASIONS: Final = frozenset({"sign_in", "sign_out", "obstruction"})


def _sheet_id(text: str) -> None:
    try:
        canonical = str(UUID(text))
    except ValueError:
        canonical = ""
    if canonical != text:
        raise PydanticCustomError("photo_of", "sign_in, sign_out, obstruction or the id of a sheet")


def _sensible_signature(signature: Signature) -> Signature:
    for file in (signature.image, signature.strokes):
        _sensible_file(file)
    return signature


FixClaim = Annotated[Fix, Sent(fixed_at=Claimed), AfterValidator(_sensible_fix)]
PhotoClaim = Annotated[Photo, Sent(taken_at=Claimed, fixed_at=Claimed), AfterValidator(_sensible_photo)]
SignatureClaim = Annotated[Signature, Sent(), AfterValidator(_sensible_signature)]


class OpeningBody(Body):
    point_id: UUID
    contract_id: UUID | None
    cycles: Annotated[tuple[Cycle, ...], Field(max_length=MANY)]
    claimed_at: Claimed


class ClaimBody(Body):
    """Every command of a phone repeats how the visit was opened, because any of them may arrive first."""

    opening: OpeningBody


class SignInClaim(Body):
    claimed_at: Claimed
    companions: Annotated[tuple[UUID, ...], Field(max_length=20)] = ()
    fix: FixClaim | None = None


class SignInBody(ClaimBody):
    sign_in: SignInClaim


class UsedClaim(Body):
    name: Short
    model: ShortCode | None = None
    quantity: Quantity
    unit: ShortCode
    lot: ShortCode | None = None
    expires: Day | None = None

    def part(self) -> Used:
        return Used(**dict(self))


class TakenClaim(Body):
    """What the register gave the sheet about one instrument, and which version of it the phone had."""

    instrument_id: UUID
    version: Annotated[int, Field(ge=1, le=STREAM_MOST)]
    fields: Annotated[tuple[ShortCode, ...], Field(max_length=FIELDS_MOST)]

    def part(self) -> TakenFromRegister:
        return TakenFromRegister(**dict(self))


class SheetClaim(Body):
    sheet_id: UUID
    revision_id: UUID
    supersedes: Annotated[tuple[UUID, ...], Field(max_length=MANY)] = ()
    form: ShortCode
    form_version: Annotated[int, Field(ge=1, le=10_000)]
    content: ShortCode
    instruments: Annotated[tuple[UUID, ...], Field(max_length=MANY)] = ()
    values: Annotated[dict[str, JsonValue], Tidied()]
    used: Annotated[tuple[UsedClaim, ...], Field(max_length=MANY)] = ()
    claimed_at: Claimed
    reason: Words | None = None
    filled_by_group: Annotated[tuple[ShortCode, ...], Field(max_length=MANY)] = ()
    taken: Annotated[tuple[TakenClaim, ...], Field(max_length=MANY)] = ()
    filled_seconds: Annotated[int, Field(ge=0, le=DAY_SECONDS)] | None = None


class SheetBody(ClaimBody):
    sheet: SheetClaim


class PhotoBody(ClaimBody):
    photo: PhotoClaim


class DeviceClaim(Body):
    """A device that was used, as the phone had it from the plan, whose names are as long as those of a filing."""

    name: Annotated[str, Text(500, least=1)]
    serial_number: Annotated[str, Text(500, least=1, code=True)]
    resource_id: UUID | None = None
    version: Annotated[int, Field(ge=1, le=STREAM_MOST)] | None = None

    def part(self) -> UsedDevice:
        return UsedDevice(**dict(self))


class SignOutClaim(Body):
    claimed_at: Claimed
    fix: FixClaim | None = None
    sheets: Annotated[tuple[UUID, ...], Field(max_length=MANY)]
    photos: Annotated[tuple[UUID, ...], Field(max_length=MANY)]
    signature: SignatureClaim
    devices: Annotated[tuple[DeviceClaim, ...], Field(max_length=DEVICES_MOST)] = ()


class SignOutBody(ClaimBody):
    sign_out: SignOutClaim


class BackfillBody(ClaimBody):
    reason_class: BackfillClass
    explanation: Words
    claimed_at: Claimed
    arrived_at: Claimed | None = None
    left_at: Claimed | None = None


class ObstructionBody(ClaimBody):
    what: Words
    claimed_at: Claimed


class AbortBody(ClaimBody):
    reason: Words
    claimed_at: Claimed
