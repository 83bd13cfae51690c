"""What a phone sends of a visit: shapes and sizes. Moments are aware, of this century, and kept in UTC."""

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Annotated, Final
from uuid import UUID

from pydantic import AfterValidator, AwareDatetime, BaseModel, ConfigDict, Field, JsonValue, StringConstraints
from pydantic_core import PydanticCustomError
from qingyuan_events.parts import FileRef, Fix, Photo, Signature
from qingyuan_events.tasks import BackfillClass, CycleRef, Used

MANY: Final = 100
EARLIEST: Final = datetime(2020, 1, 2, tzinfo=UTC)
"""The settings a claim is judged by begin on 2020-01-01."""
LATEST: Final = datetime(2100, 1, 1, tzinfo=UTC)


def _utc(moment: datetime) -> datetime:
    return moment.astimezone(UTC)


def _no_controls(text: str) -> str:
    if any(ord(sign) < 32 and sign not in "\t\n\r" for sign in text):
        raise PydanticCustomError("control_character", "control characters")
    return text


def _of_this_century(moment: datetime) -> datetime:
    if not EARLIEST <= moment <= LATEST:
        raise PydanticCustomError("moment_out_of_range", "not of this century")
    return _utc(moment)


Claimed = Annotated[AwareDatetime, AfterValidator(_of_this_century)]
Line = Annotated[
    str,
    StringConstraints(min_length=1, max_length=100, strip_whitespace=True),
    AfterValidator(_no_controls),
]
Text = Annotated[
    str,
    StringConstraints(min_length=1, max_length=1_000, strip_whitespace=True),
    AfterValidator(_no_controls),
]
Quantity = Annotated[Decimal, Field(gt=0, max_digits=12, decimal_places=4)]


def _sensible_fix(fix: Fix) -> Fix:
    if fix.accuracy_m > 1_000_000:
        raise PydanticCustomError("accuracy_out_of_range", "wider than a country")
    return fix.model_copy(update={"fixed_at": _of_this_century(fix.fixed_at)})


def _sensible_file(file: FileRef) -> FileRef:
    """The bounds of a name in a fact; what the bytes are is the file store's to judge."""
    if file.size > 1_000_000_000 or len(file.media_type) > 100:
        raise PydanticCustomError("file_out_of_range", "no file of ours")
    for text in (file.media_type, file.name or ""):
        _no_controls(text)
    return file


def _sensible_photo(photo: Photo) -> Photo:
    for file in (photo.original, photo.shown):
        if file:
            _sensible_file(file)
    if photo.of not in OCCASIONS:
        _sheet_id(photo.of)
    fix = _sensible_fix(photo.fix) if photo.fix else None
    return photo.model_copy(update={"taken_at": _of_this_century(photo.taken_at), "fix": fix})


OCCASIONS: Final = frozenset({"sign_in", "sign_out", "obstruction"})


def _sheet_id(text: str) -> None:
    try:
        named = str(UUID(text))
    except ValueError:
        named = ""
    if named != text:
        raise PydanticCustomError("photo_of", "sign_in, sign_out, obstruction or the id of a sheet")


def _sensible_signature(signature: Signature) -> Signature:
    for file in (signature.image, signature.strokes):
        _sensible_file(file)
    return signature


FixClaim = Annotated[Fix, AfterValidator(_sensible_fix)]
PhotoClaim = Annotated[Photo, AfterValidator(_sensible_photo)]
SignatureClaim = Annotated[Signature, AfterValidator(_sensible_signature)]


class Body(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class OpeningBody(Body):
    point_id: UUID
    contract_id: UUID | None
    cycles: Annotated[tuple[CycleRef, ...], Field(max_length=MANY)]
    claimed_at: Claimed


class ClaimBody(Body):
    """Every command of a phone says which visit it is about and what that visit is."""

    opening: OpeningBody


class SignInClaim(Body):
    claimed_at: Claimed
    companions: Annotated[tuple[UUID, ...], Field(max_length=20)] = ()
    fix: FixClaim | None = None


class SignInBody(ClaimBody):
    sign_in: SignInClaim


class UsedClaim(Body):
    name: Line
    model: Line | None = None
    quantity: Quantity
    unit: Line
    lot: Line | None = None
    expires: date | None = None

    def part(self) -> Used:
        return Used(**dict(self))


class SheetClaim(Body):
    sheet_id: UUID
    revision_id: UUID
    supersedes: Annotated[tuple[UUID, ...], Field(max_length=MANY)] = ()
    form: Line
    form_version: Annotated[int, Field(ge=1, le=10_000)]
    content: Line
    instruments: Annotated[tuple[UUID, ...], Field(max_length=MANY)] = ()
    values: dict[str, JsonValue]
    used: Annotated[tuple[UsedClaim, ...], Field(max_length=MANY)] = ()
    claimed_at: Claimed
    reason: Text | None = None


class SheetBody(ClaimBody):
    sheet: SheetClaim


class PhotoBody(ClaimBody):
    photo: PhotoClaim


class SignOutClaim(Body):
    claimed_at: Claimed
    fix: FixClaim | None = None
    sheets: Annotated[tuple[UUID, ...], Field(max_length=MANY)]
    photos: Annotated[tuple[UUID, ...], Field(max_length=MANY)]
    signature: SignatureClaim


class SignOutBody(ClaimBody):
    sign_out: SignOutClaim


class BackfillBody(ClaimBody):
    reason_class: BackfillClass
    explanation: Text
    claimed_at: Claimed


class ObstructionBody(ClaimBody):
    what: Text
    claimed_at: Claimed


class AbortBody(ClaimBody):
    reason: Text
    claimed_at: Claimed
