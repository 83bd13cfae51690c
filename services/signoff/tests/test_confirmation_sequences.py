"""企业确认: what must never happen in any sequence of commands."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

from confirmation_samples import (
    ABOUT,
    CHANGED,
    DUE,
    NOON,
    SHOWN,
    STORED,
    WANG,
    ZHOU,
    complete,
    lapse,
    remind,
    renew,
    request,
    sign,
)
from hypothesis import given as hypothesis_given
from hypothesis import strategies as st
from qingyuan_events.signoff import (
    ConfirmationContentChanged,
    ConfirmationLapsed,
    ConfirmationRenewed,
    ConfirmationRequested,
    ConfirmationSignedV2,
    ConfirmationVoided,
    OriginalsCompleted,
)
from qingyuan_runtime.domain.decider import Refused
from signoff.domain.commands import AnswerDispute, ConfirmationCommand, Dispute, Escalate, Open, Void
from signoff.domain.decider import CONFIRMATION
from signoff.domain.state import ConfirmationFact

contents = st.sampled_from([SHOWN, CHANGED, "f" * 64])
moments = st.integers(-30, 60).map(lambda hours: NOON + timedelta(hours=hours))
commands = st.one_of(
    st.builds(request, contents, moments),
    st.builds(renew, contents, moments),
    st.builds(complete, contents, st.sampled_from([0, 0, 1, None]), moments),
    st.builds(Open, by=st.just(ZHOU), now=moments),
    st.builds(remind, st.sampled_from(["17:00", "20:00"]), moments, st.just(DUE)),
    st.builds(lapse, moments, st.sampled_from([DUE, DUE + timedelta(days=1)])),
    st.builds(sign, contents, moments, missing=st.sampled_from([0, 0, 1, None])),
    st.builds(
        Dispute,
        reason=st.just("未见更换"),
        photos=st.just(()),
        stored=st.just(STORED),
        by=st.just(ZHOU),
        now=moments,
    ),
    st.builds(
        AnswerDispute,
        text=st.just("见照片"),
        photos=st.just(()),
        stored=st.just(STORED),
        by=st.just(WANG),
        now=moments,
    ),
    st.builds(Escalate, reason=st.just("不符"), by=st.just(ZHOU), now=moments),
    st.builds(Void, content_sha256=st.sampled_from([None, SHOWN, CHANGED]), now=moments),
)


def happened(sequence: list[ConfirmationCommand]) -> list[ConfirmationFact]:
    state, facts = CONFIRMATION.initial, list[ConfirmationFact]()
    for command in sequence:
        try:
            new = CONFIRMATION.decide(command, state)
        except Refused:
            continue
        facts += new
        state = CONFIRMATION.fold(new, state)
    return facts


@hypothesis_given(st.lists(commands, max_size=30))
def test_no_content_is_signed_twice_and_nothing_signed_lapses(sequence: list[ConfirmationCommand]) -> None:
    content, is_signed = "", False
    for fact in happened(sequence):
        assert fact.confirmation_id == ABOUT.confirmation_id
        match fact:
            case ConfirmationRequested() | ConfirmationRenewed() | ConfirmationContentChanged():
                assert fact.content_sha256 != content
                content, is_signed = fact.content_sha256, False
            case ConfirmationVoided():
                content, is_signed = "", False
            case ConfirmationSignedV2():
                assert not is_signed
                assert fact.content_sha256 == content
                is_signed = True
            case _:
                assert not is_signed, fact


@hypothesis_given(st.lists(commands, max_size=30))
def test_late_means_at_or_after_the_deadline_in_force(sequence: list[ConfirmationCommand]) -> None:
    due = datetime.min.replace(tzinfo=UTC)
    for fact in happened(sequence):
        match fact:
            case ConfirmationRequested() | ConfirmationRenewed() | ConfirmationContentChanged():
                due = fact.due_at
            case OriginalsCompleted():
                due = fact.due_at or due
            case ConfirmationSignedV2():
                assert fact.late == (fact.signed_at >= due)
            case ConfirmationLapsed():
                assert fact.lapsed_at >= due
            case _:
                assert fact.visit_id != UUID(int=0)
