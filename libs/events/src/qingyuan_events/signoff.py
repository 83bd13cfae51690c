"""Events of the signoff service: an enterprise confirms or disputes the work done at its outlet."""

from datetime import date
from typing import ClassVar, Literal
from uuid import UUID

from pydantic import Field

from qingyuan_events.envelope import Fact
from qingyuan_events.parts import CertificateProof, Factor, FileRef, Moment, Signature

Sha256 = Field(pattern="^[0-9a-f]{64}$")


class SignoffFact(Fact):
    topic: ClassVar[str] = "qingyuan.signoff"
    confirmation_id: UUID
    visit_id: UUID
    operator_id: UUID
    enterprise_id: UUID
    outlet_id: UUID
    point_id: UUID
    district: str


class ConfirmationRequested(SignoffFact):
    """The visit is complete; the enterprise is asked to confirm it before `due_at`."""

    type: ClassVar[str] = "confirmation.requested.v1"
    content_sha256: str = Sha256
    visit_day: date
    requested_at: Moment
    due_at: Moment = Field(description="the end of the local day: on time is before it, not at it")


class ConfirmationOpened(SignoffFact):
    """A user of the enterprise has opened it for the first time."""

    type: ClassVar[str] = "confirmation.opened.v1"
    by: UUID
    opened_at: Moment


class ConfirmationReminded(SignoffFact):
    type: ClassVar[str] = "confirmation.reminded.v1"
    reminder: str = Field(description="which of the reminders the rule names")
    reminded_at: Moment


class ConfirmationSigned(SignoffFact):
    """The enterprise has signed: by which account, with which second factor and statement, and the hash of the content shown."""

    type: ClassVar[str] = "confirmation.signed.v1"
    content_sha256: str = Sha256
    statement_version: str
    statement: str
    signature: Signature
    second_factor: Literal["password"]
    by: UUID
    not_before: Moment = Field(description="the server's own word from before the signature: it is not older")
    signed_at: Moment = Field(description="received by the server")
    late: bool


class ConfirmationSignedV2(SignoffFact):
    """The enterprise has signed: by which account, with which second factor and statement, and the hash of the content shown.

    Version 1 knew the password only."""

    type: ClassVar[str] = "confirmation.signed.v2"
    content_sha256: str = Sha256
    statement_version: str
    statement: str
    signature: Signature
    second_factor: Factor
    certificate: CertificateProof | None = Field(
        default=None, description="where the second factor is a certificate"
    )
    by: UUID
    not_before: Moment = Field(description="the server's own word from before the signature: it is not older")
    signed_at: Moment = Field(description="received by the server")
    late: bool


class ConfirmationDisputed(SignoffFact):
    type: ClassVar[str] = "confirmation.disputed.v1"
    reason: str
    photos: tuple[FileRef, ...] = ()
    by: UUID
    disputed_at: Moment


class DisputeAnswered(SignoffFact):
    """The operator's answer; the enterprise then signs or escalates."""

    type: ClassVar[str] = "confirmation.dispute_answered.v1"
    text: str
    photos: tuple[FileRef, ...] = ()
    by: UUID
    answered_at: Moment


class ConfirmationEscalated(SignoffFact):
    """The enterprise does not accept the operator's answer, and brings the dispute before the district."""

    type: ClassVar[str] = "confirmation.escalated.v1"
    reason: str
    by: UUID
    escalated_at: Moment


class ConfirmationLapsed(SignoffFact):
    """The day ended without a signature or a dispute. It can still be signed, and is then marked as late."""

    type: ClassVar[str] = "confirmation.lapsed.v1"
    lapsed_at: Moment


class ConfirmationContentChanged(SignoffFact):
    """The content changed during a dispute. The dispute continues, and a signature would be for the new content."""

    type: ClassVar[str] = "confirmation.content_changed.v1"
    content_sha256: str = Sha256
    cause: Literal["sheet_corrected", "added_later"]
    changed_at: Moment
    due_at: Moment = Field(description="a signature before it is on time")


class OriginalsCompleted(SignoffFact):
    """All original files of the content can be shown since `originals_at`, as the files service has stated."""

    type: ClassVar[str] = "confirmation.originals_completed.v1"
    content_sha256: str = Sha256
    originals_at: Moment = Field(description="when the last of them was stored")
    due_at: Moment | None = Field(
        default=None, description="the new end, where the last came only after the day that was asked for"
    )


class ConfirmationRenewed(SignoffFact):
    """The content changed, so a signature for the old content no longer counts: confirmation is requested again."""

    type: ClassVar[str] = "confirmation.renewed.v1"
    content_sha256: str = Sha256
    cause: Literal["sheet_corrected", "added_later"]
    renewed_at: Moment
    due_at: Moment


class ConfirmationVoided(SignoffFact):
    """A restore of the log of tasks has lost the visit or its content. Confirmation is requested again if it comes back."""

    type: ClassVar[str] = "confirmation.voided.v1"
    content_sha256: str = Sha256
    reason: Literal["visit_lost", "content_lost"] = Field(
        description="the visit is not complete in the log, or complete with another content"
    )
    voided_at: Moment
