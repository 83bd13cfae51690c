"""Values that facts of several services are made of: places, files, photographs, handwriting."""

from decimal import Decimal
from typing import Literal
from uuid import UUID

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

Datum = Literal["WGS-84", "CGCS2000", "GCJ-02", "BD-09"]
Moment = AwareDatetime


class Part(BaseModel):
    """A value inside a fact: frozen, and strict about unknown fields."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Location(Part):
    """A place with the datum it was measured in; 1 in the last of six decimals is about 0.1 m."""

    longitude: Decimal = Field(ge=-180, le=180, decimal_places=8)
    latitude: Decimal = Field(ge=-90, le=90, decimal_places=8)
    datum: Datum


class Fix(Part):
    """Where a device said it was, raw as it said it. What it means is judged on the server."""

    longitude: Decimal = Field(ge=-180, le=180, decimal_places=8)
    latitude: Decimal = Field(ge=-90, le=90, decimal_places=8)
    accuracy_m: Decimal = Field(ge=0, description="radius of the device's own 68 % circle, metres")
    datum: Datum
    fixed_at: Moment = Field(description="by the device's clock")


class FileRef(Part):
    """A stored file, named by what it holds. The bytes live in the file store, never in a fact."""

    sha256: str = Field(pattern="^[0-9a-f]{64}$")
    size: int = Field(ge=1, description="bytes")
    media_type: str
    name: str | None = Field(default=None, max_length=200, description="as the uploader called it")


class Photo(Part):
    """A photograph: the camera's own file, and the smaller copy that was made on the phone."""

    photo_id: UUID
    of: str = Field(description="sign_in, sign_out, obstruction, or the id of a sheet")
    original: FileRef
    shown: FileRef | None = None
    taken_at: Moment = Field(description="by the device's clock")
    fix: Fix | None = None


class Signature(Part):
    """A name drawn by hand: the image, and the strokes with their times. Both are files, so both can be erased."""

    image: FileRef
    strokes: FileRef
