"""What requests about confirmations carry."""

from pydantic import BaseModel, ConfigDict, Field
from qingyuan_events.parts import FileRef, Signature

PHOTOS_MAX = 30
EVIDENCE = "token of POST /api/files/evidence"


class Body(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class OpeningBody(Body):
    """Nothing: that it was looked at is all there is to say."""


class OriginalsBody(Body):
    content_sha256: str = Field(pattern="^[0-9a-f]{64}$")
    evidence: str = Field(max_length=30_000, description=f"{EVIDENCE}, over the content")


class SignatureBody(Body):
    """The hash and the statement's version are those of what the person was shown."""

    content_sha256: str = Field(pattern="^[0-9a-f]{64}$")
    statement_version: str = Field(max_length=50)
    signature: Signature
    second_factor: str = Field(max_length=20_000, description="token of POST /api/second-factor")
    evidence: str = Field(max_length=30_000, description=f"{EVIDENCE}, over the content and the signature")


class DisputeBody(Body):
    reason: str
    photos: tuple[FileRef, ...] = Field(default=(), max_length=PHOTOS_MAX)
    evidence: str | None = Field(
        default=None, max_length=30_000, description=f"{EVIDENCE}, over the photos; none needed without"
    )


class AnswerBody(Body):
    text: str
    photos: tuple[FileRef, ...] = Field(default=(), max_length=PHOTOS_MAX)
    evidence: str | None = Field(
        default=None, max_length=30_000, description=f"{EVIDENCE}, over the photos; none needed without"
    )


class EscalationBody(Body):
    reason: str
