"""企业确认: requested, opened, signed or disputed; answered, escalated; lapsed, and renewed when the content changed."""

from dataclasses import asdict
from datetime import datetime
from typing import Final

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
from qingyuan_runtime.domain import text
from qingyuan_runtime.domain.decider import Decider, Missing, Refused
from qingyuan_runtime.domain.problems import refuse
from qingyuan_runtime.domain.signing import files_of, numbered, require_drawn, require_stored
from qingyuan_standards.days import end_of_day

from signoff.domain.commands import (
    AnswerDispute,
    CompleteOriginals,
    ConfirmationCommand,
    Dispute,
    Escalate,
    Lapse,
    Open,
    Remind,
    Renew,
    Request,
    Sign,
    Void,
)
from signoff.domain.evidence import require_shown
from signoff.domain.state import IN_DISPUTE, ConfirmationFact, ConfirmationState, evolve

NOUN: Final = "confirmation"
MAX_TEXT: Final = 2_000


def decide(command: ConfirmationCommand, state: ConfirmationState) -> tuple[ConfirmationFact, ...]:
    match command:
        case Request():
            return _request(command, state)
        case Renew():
            return _renew(command, state)
        case CompleteOriginals():
            return _complete_originals(command, _existing(state))
        case Open():
            return _open(command, _existing(state))
        case Remind():
            return _remind(command, state)
        case Lapse():
            return _lapse(command, state)
        case Void():
            return _void(command, state)
        case Sign():
            return _sign_with_originals(command, _not_void(state))
        case Dispute():
            return (_dispute(command, _not_void(state)),)
        case AnswerDispute():
            return (_answer(command, _not_void(state)),)
        case Escalate():
            return (_escalate(command, _not_void(state)),)


def _existing(state: ConfirmationState) -> ConfirmationState:
    if state.about is None:
        raise Missing(NOUN)
    return state


def _not_void(state: ConfirmationState) -> ConfirmationState:
    if _existing(state).status == "voided":
        raise Refused(
            "confirmation.voided",
            "该确认已作废：所确认的运维记录在系统恢复时丢失，重新提交后会再次请求确认。",
        )
    return state


def _request(command: Request, state: ConfirmationState) -> tuple[ConfirmationRequested, ...]:
    if state.about is not None and state.status != "voided":
        if state.content_sha256 == command.content_sha256:
            return ()
        raise Refused("confirmation.exists", "该次运维已请企业确认，内容变化应重新请求确认。")
    return (_requested(command),)


def _requested(command: Request) -> ConfirmationRequested:
    return ConfirmationRequested(
        **asdict(command.about),
        content_sha256=command.content_sha256,
        visit_day=command.visit_day,
        requested_at=command.now,
        due_at=end_of_day(command.now),
    )


def _renew(
    command: Renew, state: ConfirmationState
) -> tuple[ConfirmationRequested | ConfirmationRenewed | ConfirmationContentChanged, ...]:
    """Unchanged content needs no other signature, and a change of content does not end a dispute.

    A void confirmation counts as none: its visit exists again, so the enterprise is asked as if for the first time.
    """
    if state.about is None:
        return ()
    if state.status == "voided":
        assert state.visit_day
        return (
            _requested(
                Request(
                    about=state.about,
                    content_sha256=command.content_sha256,
                    visit_day=state.visit_day,
                    now=command.now,
                )
            ),
        )
    if state.content_sha256 == command.content_sha256:
        return ()
    if state.status in IN_DISPUTE:
        return (_changed_in_dispute(command, state),)
    renewed = ConfirmationRenewed(
        **state.ids,
        content_sha256=command.content_sha256,
        cause=command.cause,
        renewed_at=command.now,
        due_at=end_of_day(command.now),
    )
    return (renewed,)


def _changed_in_dispute(command: Renew, state: ConfirmationState) -> ConfirmationContentChanged:
    return ConfirmationContentChanged(
        **state.ids,
        content_sha256=command.content_sha256,
        cause=command.cause,
        changed_at=command.now,
        due_at=end_of_day(command.now),
    )


def _complete_originals(
    command: CompleteOriginals, state: ConfirmationState
) -> tuple[OriginalsCompleted, ...]:
    """Recorded once for each content. The enterprise could not see all of it before, so the deadline may move."""
    if (
        command.content_sha256 != state.content_sha256
        or state.originals_at
        or state.status in ("signed", "voided")
    ):
        return ()
    require_shown(command.missing)
    if command.since is None:
        return ()
    due_at = _due_at(state, command.since)
    moved = due_at if due_at != state.due_at else None
    completed = OriginalsCompleted(
        **state.ids, content_sha256=state.content_sha256, originals_at=command.since, due_at=moved
    )
    return (completed,)


def _due_at(state: ConfirmationState, originals_at: datetime | None) -> datetime:
    """The end of the day of the request, or of the day on which all of the content could be seen, if that is later."""
    assert state.due_at is not None
    return max(state.due_at, end_of_day(originals_at)) if originals_at else state.due_at


def _void(command: Void, state: ConfirmationState) -> tuple[ConfirmationVoided, ...]:
    """Void only if the content to be confirmed is the content that was lost, whether it was signed or not."""
    if state.about is None or state.status == "voided" or state.content_sha256 == command.content_sha256:
        return ()
    voided = ConfirmationVoided(
        **state.ids,
        content_sha256=state.content_sha256,
        reason="content_lost" if command.content_sha256 else "visit_lost",
        voided_at=command.now,
    )
    return (voided,)


def _open(command: Open, state: ConfirmationState) -> tuple[ConfirmationOpened, ...]:
    if state.status != "requested":
        return ()
    return (ConfirmationOpened(**state.ids, by=command.by, opened_at=command.now),)


def _remind(command: Remind, state: ConfirmationState) -> tuple[ConfirmationReminded, ...]:
    """Recorded once, also when the timer was late: the time of the event shows it."""
    if not _is_of_this_request(command.due_at, state) or command.reminder in state.reminded:
        return ()
    return (ConfirmationReminded(**state.ids, reminder=command.reminder, reminded_at=command.now),)


def _lapse(command: Lapse, state: ConfirmationState) -> tuple[ConfirmationLapsed, ...]:
    if not _is_of_this_request(command.due_at, state) or command.now < command.due_at:
        return ()
    return (ConfirmationLapsed(**state.ids, lapsed_at=command.now),)


def _is_of_this_request(due_at: datetime, state: ConfirmationState) -> bool:
    return state.is_waiting and state.due_at == due_at


def _sign_with_originals(command: Sign, state: ConfirmationState) -> tuple[ConfirmationFact, ...]:
    """The evidence that comes with a signature also tells when the last original arrived, if that is not recorded yet."""
    signed = _sign(command, state)
    originals = CompleteOriginals(
        content_sha256=command.content_sha256, missing=command.missing, since=command.since
    )
    return (*_complete_originals(originals, state), signed)


def _sign(command: Sign, state: ConfirmationState) -> ConfirmationSignedV2:
    """A disputed, escalated or lapsed confirmation can still be signed; a signature after the deadline is marked late."""
    _refuse_signed(state)
    if command.content_sha256 != state.content_sha256:
        raise Refused("content.changed", "运维内容在您查看之后有变化，请重新核对后再签字。")
    if command.statement_version != command.statement.version:
        raise Refused("statement.outdated", "确认声明已更新，请阅读新的声明后再签字。")
    require_shown(command.missing)
    require_stored(files_of(command.signature), command.stored)
    require_drawn(files_of(command.signature), command.blank)
    return ConfirmationSignedV2(
        **state.ids,
        content_sha256=command.content_sha256,
        statement_version=command.statement.version,
        statement=command.statement.text,
        signature=command.signature,
        second_factor=command.second_factor,
        certificate=command.certificate,
        by=command.by,
        not_before=command.not_before,
        signed_at=command.now,
        late=command.now >= _due_at(state, command.since),
    )


def _refuse_signed(state: ConfirmationState) -> None:
    if state.status == "signed":
        raise Refused("confirmation.signed", "该次运维已签字确认，不能重复签字或再提异议。")


def _dispute(command: Dispute, state: ConfirmationState) -> ConfirmationDisputed:
    _refuse_signed(state)
    if state.status in IN_DISPUTE:
        raise Refused("confirmation.disputed", "已对该次运维提出异议，请签字确认或提请监管部门处理。")
    _require_text("reason", command.reason)
    require_stored(numbered("photos", command.photos), command.stored)
    return ConfirmationDisputed(
        **state.ids,
        reason=command.reason.strip(),
        photos=command.photos,
        by=command.by,
        disputed_at=command.now,
    )


def _answer(command: AnswerDispute, state: ConfirmationState) -> DisputeAnswered:
    if state.status != "disputed":
        raise Refused("confirmation.not-disputed", "企业没有待答复的异议。")
    _require_text("text", command.text)
    require_stored(numbered("photos", command.photos), command.stored)
    return DisputeAnswered(
        **state.ids,
        text=command.text.strip(),
        photos=command.photos,
        by=command.by,
        answered_at=command.now,
    )


def _escalate(command: Escalate, state: ConfirmationState) -> ConfirmationEscalated:
    """Possible before the operator answers, so that its silence cannot keep a dispute from the regulator."""
    if state.status not in ("disputed", "answered"):
        raise Refused("confirmation.not-disputed", "只有已提出异议的运维才能提请监管部门处理。")
    _require_text("reason", command.reason)
    return ConfirmationEscalated(
        **state.ids, reason=command.reason.strip(), by=command.by, escalated_at=command.now
    )


def _require_text(field: str, value: str) -> None:
    refuse(text.problems(field, value, MAX_TEXT, breaks=True))


CONFIRMATION: Decider[ConfirmationCommand, ConfirmationState, ConfirmationFact] = Decider(
    noun=NOUN, initial=ConfirmationState(), decide=decide, evolve=evolve
)
