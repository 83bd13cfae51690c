"""Values used in the facts of several services: locations, files, photographs, signatures."""

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
    """A location with the datum of its coordinates. 0.000001 degrees are about 0.1 m."""

    longitude: Decimal = Field(ge=-180, le=180, decimal_places=8)
    latitude: Decimal = Field(ge=-90, le=90, decimal_places=8)
    datum: Datum


class Fix(Part):
    """A device's position, unchanged as the device reported it. The server evaluates it."""

    longitude: Decimal = Field(ge=-180, le=180, decimal_places=8)
    latitude: Decimal = Field(ge=-90, le=90, decimal_places=8)
    accuracy_m: Decimal = Field(ge=0, description="radius of the device's own 68 % circle, metres")
    datum: Datum
    fixed_at: Moment = Field(description="by the device's clock")


class FileRef(Part):
    """A stored file, identified by its hash. Its bytes are in the file store, never in a fact."""

    sha256: str = Field(pattern="^[0-9a-f]{64}$")
    size: int = Field(ge=1, description="bytes")
    media_type: str
    name: str | None = Field(default=None, max_length=200, description="as the uploader called it")


class Photo(Part):
    """A photograph: the camera's original file, and a smaller copy made on the phone for display."""

    photo_id: UUID
    of: str = Field(description="sign_in, sign_out, obstruction, or the id of a sheet")
    original: FileRef
    shown: FileRef | None = None
    taken_at: Moment = Field(description="by the device's clock")
    fix: Fix | None = None


class Signature(Part):
    """A handwritten signature: the image, and the strokes with their times. Both are files, so that they can be erased."""

    image: FileRef
    strokes: FileRef


Factor = Literal["password", "totp", "webauthn", "certificate"]
"""With what somebody who signed showed once more who they are: password, authenticator app, security key, certificate."""


class CertificateProof(Part):
    """What a certificate signed, so that anybody can verify it later without us: `text` as UTF-8, byte for byte.

    Either `signature` (over `text`: SM2 with SM3 in DER, or RSA with SHA-256) or `signed_data` (PKCS#7) is given.
    """

    serial: str = Field(description="upper-case hexadecimal")
    issuer: str = Field(description="distinguished name, RFC 4514")
    certificate: str = Field(description="DER, base64")
    text: str
    signature: str | None = Field(default=None, description="base64")
    signed_data: str | None = Field(default=None, description="base64")
