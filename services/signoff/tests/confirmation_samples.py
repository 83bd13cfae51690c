"""A valid confirmation and valid commands on it, which tests change field by field."""

from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

from qingyuan_events.parts import FileRef, Signature
from qingyuan_events.signoff import (
    ConfirmationContentChanged,
    ConfirmationDisputed,
    ConfirmationEscalated,
    ConfirmationLapsed,
    ConfirmationOpened,
    ConfirmationReminded,
    ConfirmationRenewed,
    ConfirmationRequested,
    ConfirmationSignedV2,
    ConfirmationVoided,
    DisputeAnswered,
    OriginalsCompleted,
)
from signoff.domain.commands import About, CompleteOriginals, Lapse, Remind, Renew, Request, Sign, Statement

VISIT, OPERATOR, ENTERPRISE, OUTLET, POINT = (UUID(int=n) for n in range(11, 16))
ZHOU, WANG = UUID(int=21), UUID(int=22)
"""An account of the enterprise, and one of the operator."""

SHOWN, CHANGED = "a" * 64, "b" * 64
DAY = date(2026, 11, 24)
NOON = datetime(2026, 11, 24, 4, 0, tzinfo=UTC)
"""12:00 in Shanghai."""

DUE = datetime(2026, 11, 24, 16, 0, tzinfo=UTC)
"""24:00 in Shanghai."""

TICK = timedelta(microseconds=1)
STATEMENT = Statement(version="2026-1", text="本人已核对。")
PHOTO = FileRef(sha256="c" * 64, size=1, media_type="image/jpeg", name="一.jpg")
SIGNATURE = Signature(
    image=FileRef(sha256="d" * 64, size=1, media_type="image/png"),
    strokes=FileRef(sha256="e" * 64, size=1, media_type="application/json"),
)
STORED = frozenset({PHOTO.sha256, SIGNATURE.image.sha256, SIGNATURE.strokes.sha256})
"""The stored files of the organisation: all that the commands of these tests name."""

IDS: dict[str, Any] = {
    "confirmation_id": UUID(int=10),
    "visit_id": VISIT,
    "operator_id": OPERATOR,
    "enterprise_id": ENTERPRISE,
    "outlet_id": OUTLET,
    "point_id": POINT,
    "district": "310118",
}
"""The fields that every event of the confirmation has in common."""
ABOUT = About(**IDS)

requested = ConfirmationRequested(**IDS, content_sha256=SHOWN, visit_day=DAY, requested_at=NOON, due_at=DUE)
opened = ConfirmationOpened(**IDS, by=ZHOU, opened_at=NOON)
reminded = ConfirmationReminded(**IDS, reminder="17:00", reminded_at=NOON)
disputed = ConfirmationDisputed(**IDS, reason="未见更换", photos=(PHOTO,), by=ZHOU, disputed_at=NOON)
answered = DisputeAnswered(**IDS, text="见照片", photos=(PHOTO,), by=WANG, answered_at=NOON)
escalated = ConfirmationEscalated(**IDS, reason="照片不符", by=ZHOU, escalated_at=NOON)
lapsed = ConfirmationLapsed(**IDS, lapsed_at=DUE)
voided = ConfirmationVoided(**IDS, content_sha256=SHOWN, reason="visit_lost", voided_at=NOON)
renewed = ConfirmationRenewed(
    **IDS, content_sha256=CHANGED, cause="sheet_corrected", renewed_at=NOON, due_at=DUE
)


changed_in_dispute = ConfirmationContentChanged(
    **IDS, content_sha256=CHANGED, cause="sheet_corrected", changed_at=NOON, due_at=DUE
)
completed = OriginalsCompleted(**IDS, content_sha256=SHOWN, originals_at=NOON)


def signed(content: str = SHOWN, at: datetime = NOON, *, late: bool = False) -> ConfirmationSignedV2:
    return ConfirmationSignedV2(
        **IDS,
        content_sha256=content,
        statement_version=STATEMENT.version,
        statement=STATEMENT.text,
        signature=SIGNATURE,
        second_factor="password",
        certificate=None,
        by=ZHOU,
        not_before=NOON,
        signed_at=at,
        late=late,
    )


def request(content: str = SHOWN, now: datetime = NOON) -> Request:
    return Request(about=ABOUT, content_sha256=content, visit_day=DAY, now=now)


def renew(content: str = CHANGED, now: datetime = NOON) -> Renew:
    return Renew(content_sha256=content, cause="sheet_corrected", now=now)


def sign(
    content: str = SHOWN,
    now: datetime = NOON,
    *,
    read: str = STATEMENT.version,
    missing: int | None = 0,
    since: datetime | None = None,
    stored: frozenset[str] = STORED,
    blank: frozenset[str] = frozenset(),
) -> Sign:
    return Sign(
        content_sha256=content,
        statement_version=read,
        statement=STATEMENT,
        signature=SIGNATURE,
        missing=missing,
        since=since,
        stored=stored,
        by=ZHOU,
        not_before=NOON,
        now=now,
        blank=blank,
    )


def complete(
    content: str = SHOWN, missing: int | None = 0, since: datetime | None = NOON
) -> CompleteOriginals:
    return CompleteOriginals(content_sha256=content, missing=missing, since=since)


def remind(reminder: str = "17:00", now: datetime = NOON, due_at: datetime = DUE) -> Remind:
    return Remind(due_at=due_at, reminder=reminder, now=now)


def lapse(now: datetime = DUE, due_at: datetime = DUE) -> Lapse:
    return Lapse(due_at=due_at, now=now)
