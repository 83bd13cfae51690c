"""What requests about confirmations carry."""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field
from qingyuan_events.parts import FileRef, Signature
from qingyuan_runtime.domain.bounds import Sent
from qingyuan_runtime.domain.text import Line, Paragraph, Token

MAX_PHOTOS = 30
EVIDENCE = "token of POST /api/files/evidence"
Photos = Annotated[tuple[Annotated[FileRef, Sent()], ...], Field(max_length=MAX_PHOTOS)]


class Body(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class OpeningBody(Body):
    """Empty: the request itself says that the confirmation was opened."""


class OriginalsBody(Body):
    content_sha256: str = Field(pattern="^[0-9a-f]{64}$")
    evidence: Token = Field(description=f"{EVIDENCE}, over the content")


class SignatureBody(Body):
    """The hash and the statement's version are those of what the person was shown."""

    content_sha256: str = Field(pattern="^[0-9a-f]{64}$")
    statement_version: Line
    signature: Annotated[Signature, Sent()]
    second_factor: Token = Field(description="token of POST /api/second-factor")
    evidence: Token = Field(description=f"{EVIDENCE}, over the content and the signature")


class DisputeBody(Body):
    reason: Paragraph
    photos: Photos = ()
    evidence: Token | None = Field(
        default=None, description=f"{EVIDENCE}, over the photos; none needed without"
    )


class AnswerBody(Body):
    text: Paragraph
    photos: Photos = ()
    evidence: Token | None = Field(
        default=None, description=f"{EVIDENCE}, over the photos; none needed without"
    )


class EscalationBody(Body):
    reason: Paragraph
