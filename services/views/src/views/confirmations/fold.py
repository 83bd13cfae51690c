"""How each fact changes a confirmation. Pure."""

from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any
from uuid import UUID

from qingyuan_events import Fact, Recorded
from qingyuan_events import signoff as facts
from qingyuan_events.parts import CertificateProof, Factor, FileRef, Moment, Part, Signature
from qingyuan_events.signoff import SignoffFact

WHY_VOID = {
    "visit_lost": "该次运维的记录在系统恢复时丢失，确认作废。",
    "content_lost": "该次运维的部分内容在系统恢复时丢失，确认作废，按保留的内容重新请求确认。",
}


class Step(Part):
    """One line of a confirmation's history."""

    what: str
    at: Moment
    by: UUID | None = None
    text: str | None = None
    photos: tuple[FileRef, ...] = ()


class Signed(Part):
    """A signature as it was given. It speaks of `content_sha256` and of nothing else.

    `certificate` is what anybody can verify without us, where a certificate was the second factor.
    """

    content_sha256: str
    statement_version: str
    statement: str
    signature: Signature
    second_factor: Factor
    certificate: CertificateProof | None = None
    by: UUID
    not_before: Moment
    signed_at: Moment
    late: bool


class Detail(Part):
    steps: tuple[Step, ...] = ()
    signatures: tuple[Signed, ...] = ()


@dataclass(frozen=True, slots=True)
class Confirmation:
    """`signed_at` and `late` are of the signature that is valid now, `signed_content_sha256` is of the last one that was given."""

    id: UUID
    enterprise_id: UUID
    operator_id: UUID
    district: str
    outlet_id: UUID
    point_id: UUID
    visit_id: UUID
    visit_day: date
    requested_at: datetime
    due_at: datetime
    content_sha256: str
    version: int = 0
    state: str = "requested"
    signed_at: datetime | None = None
    late: bool | None = None
    signed_content_sha256: str | None = None
    disputed: bool = False
    escalated: bool = False
    originals_at: datetime | None = None
    originals_late: bool = False
    detail: Detail = field(default_factory=Detail)


def fold(confirmation: Confirmation | None, recorded: Recorded[Fact]) -> Confirmation:
    """The confirmation after one more fact of its stream."""
    fact = recorded.fact
    assert isinstance(fact, SignoffFact)
    if isinstance(fact, facts.ConfirmationRequested):
        confirmation = _begun(fact, confirmation)
    assert confirmation is not None, f"{recorded.stream} begins with {fact.type}"
    changed = replace(confirmation, version=recorded.version, **_change(confirmation, fact))
    steps = (*changed.detail.steps, step(fact))
    return replace(changed, detail=changed.detail.model_copy(update={"steps": steps}))


def _begun(fact: facts.ConfirmationRequested, voided: Confirmation | None) -> Confirmation:
    """A confirmation that was voided can be requested again. Of the voided one only the history (`detail`) is kept."""
    return Confirmation(
        detail=voided.detail if voided else Detail(),
        id=fact.confirmation_id,
        enterprise_id=fact.enterprise_id,
        operator_id=fact.operator_id,
        district=fact.district,
        outlet_id=fact.outlet_id,
        point_id=fact.point_id,
        visit_id=fact.visit_id,
        visit_day=fact.visit_day,
        requested_at=fact.requested_at,
        due_at=fact.due_at,
        content_sha256=fact.content_sha256,
    )


def _change(before: Confirmation, fact: SignoffFact) -> dict[str, Any]:
    match fact:
        case facts.ConfirmationRequested() | facts.ConfirmationReminded():
            return {}
        case facts.ConfirmationOpened():
            return {"state": "opened"} if before.state == "requested" else {}
        case facts.ConfirmationSignedV2():
            return _signed(before, fact)
        case facts.ConfirmationDisputed():
            return {"state": "disputed", "disputed": True}
        case facts.DisputeAnswered():
            return {"state": "answered"}
        case facts.ConfirmationEscalated():
            return {"state": "escalated", "escalated": True}
        case facts.ConfirmationLapsed():
            return {"state": "lapsed"}
        case facts.ConfirmationContentChanged():
            return _content_changed(fact)
        case facts.OriginalsCompleted():
            return _originals_completed(before, fact)
        case facts.ConfirmationVoided():
            return {"state": "voided", "signed_at": None, "late": None}
        case facts.ConfirmationRenewed():
            return _content_changed(fact) | {"state": "requested", "signed_at": None, "late": None}
    raise TypeError(f"no rule for {fact.type}")


def _content_changed(fact: facts.ConfirmationRenewed | facts.ConfirmationContentChanged) -> dict[str, Any]:
    """The content changed, so it is not known any more whether all its originals have arrived (`originals_at`)."""
    return {"content_sha256": fact.content_sha256, "due_at": fact.due_at, "originals_at": None}


def _originals_completed(before: Confirmation, fact: facts.OriginalsCompleted) -> dict[str, Any]:
    """If the last original came after the day, the operator is late, not the enterprise: the deadline moves (`due_at`), and a
    lapse before that does not count."""
    if fact.due_at is None:
        return {"originals_at": fact.originals_at}
    moved = {"originals_at": fact.originals_at, "due_at": fact.due_at, "originals_late": True}
    return moved | ({"state": "requested"} if before.state == "lapsed" else {})


def _signed(before: Confirmation, fact: facts.ConfirmationSignedV2) -> dict[str, Any]:
    signature = Signed(**{name: value for name, value in fact if name in Signed.model_fields})
    return {
        "state": "signed",
        "signed_at": fact.signed_at,
        "late": fact.late,
        "signed_content_sha256": fact.content_sha256,
        "detail": before.detail.model_copy(update={"signatures": (*before.detail.signatures, signature)}),
    }


def step(fact: SignoffFact) -> Step:
    """The line of the history for one fact; `what` is the last word of the fact's type."""
    match fact:
        case facts.ConfirmationRequested():
            return Step(what="requested", at=fact.requested_at)
        case facts.ConfirmationOpened():
            return Step(what="opened", at=fact.opened_at, by=fact.by)
        case facts.ConfirmationReminded():
            return Step(what="reminded", at=fact.reminded_at, text=fact.reminder)
        case facts.ConfirmationSignedV2():
            return Step(what="signed", at=fact.signed_at, by=fact.by)
        case facts.ConfirmationDisputed():
            return Step(
                what="disputed", at=fact.disputed_at, by=fact.by, text=fact.reason, photos=fact.photos
            )
        case facts.DisputeAnswered():
            return Step(what="answered", at=fact.answered_at, by=fact.by, text=fact.text, photos=fact.photos)
        case facts.ConfirmationEscalated():
            return Step(what="escalated", at=fact.escalated_at, by=fact.by, text=fact.reason)
        case facts.ConfirmationLapsed():
            return Step(what="lapsed", at=fact.lapsed_at)
        case facts.ConfirmationContentChanged():
            return Step(what="content_changed", at=fact.changed_at, text=fact.cause)
        case facts.OriginalsCompleted():
            return Step(what="originals_completed", at=fact.originals_at)
        case facts.ConfirmationVoided():
            return Step(what="voided", at=fact.voided_at, text=WHY_VOID[fact.reason])
        case facts.ConfirmationRenewed():
            return Step(what="renewed", at=fact.renewed_at, text=fact.cause)
    raise TypeError(f"no history line for {fact.type}")
