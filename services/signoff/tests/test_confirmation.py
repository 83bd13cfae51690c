"""企业确认: every command in every state, and what must never happen in any sequence of commands."""

from datetime import UTC, datetime, timedelta
from typing import get_args
from uuid import UUID

import pytest
from asking import (
    ABOUT,
    CHANGED,
    DUE,
    IDS,
    NOON,
    PHOTO,
    SHOWN,
    STORED,
    TICK,
    WANG,
    ZHOU,
    answered,
    changed_in_dispute,
    complete,
    completed,
    disputed,
    escalated,
    lapse,
    lapsed,
    opened,
    remind,
    reminded,
    renew,
    renewed,
    request,
    requested,
    sign,
    signed,
    voided,
)
from hypothesis import given as hypothesis_given
from hypothesis import strategies as st
from qingyuan_events.signoff import (
    ConfirmationContentChanged,
    ConfirmationDisputed,
    ConfirmationLapsed,
    ConfirmationRenewed,
    ConfirmationRequested,
    ConfirmationSigned,
    ConfirmationVoided,
    OriginalsCompleted,
)
from qingyuan_runtime.domain.decider import Refused
from qingyuan_runtime.domain.testing import given
from signoff.domain.commands import AnswerDispute, ConfirmationCommand, Dispute, Escalate, Open, Void
from signoff.domain.decider import CONFIRMATION, MAX_TEXT
from signoff.domain.state import ConfirmationFact, Status

STATES: dict[Status, tuple[ConfirmationFact, ...]] = {
    "none": (),
    "requested": (requested,),
    "opened": (requested, opened),
    "disputed": (requested, opened, disputed),
    "answered": (requested, disputed, answered),
    "escalated": (requested, disputed, answered, escalated),
    "lapsed": (requested, lapsed),
    "signed": (requested, opened, signed()),
    "voided": (requested, opened, signed(), voided),
}
COMMANDS: dict[str, ConfirmationCommand] = {
    "request": request(),
    "renew": renew(),
    "complete": complete(),
    "open": Open(by=ZHOU, now=NOON),
    "remind": remind(),
    "lapse": lapse(),
    "sign": sign(),
    "dispute": Dispute(reason="未见更换", photos=(PHOTO,), stored=STORED, by=ZHOU, now=NOON),
    "answer": AnswerDispute(text="见照片", photos=(PHOTO,), stored=STORED, by=WANG, now=NOON),
    "escalate": Escalate(reason="照片不符", by=ZHOU, now=NOON),
    "void": Void(content_sha256=None, now=NOON),
}
ANSWERS: dict[str, ConfirmationFact] = {
    "request": requested,
    "renew": renewed,
    "complete": completed,
    "open": opened,
    "remind": reminded,
    "lapse": lapsed,
    "sign": signed(),
    "dispute": disputed,
    "answer": answered,
    "escalate": escalated,
    "void": voided,
}
ACCEPTED: dict[str, set[Status]] = {
    "request": {"none", "voided"},
    "renew": {"requested", "opened", "lapsed", "signed"},
    "complete": {"requested", "opened", "disputed", "answered", "escalated", "lapsed"},
    "open": {"requested"},
    "remind": {"requested", "opened"},
    "lapse": {"requested", "opened"},
    "sign": {"requested", "opened", "disputed", "answered", "escalated", "lapsed"},
    "dispute": {"requested", "opened", "lapsed"},
    "answer": {"disputed"},
    "escalate": {"disputed", "answered"},
    "void": {"requested", "opened", "disputed", "answered", "escalated", "lapsed", "signed"},
}
REFUSALS: dict[tuple[str, Status], str] = {
    **{
        (what, "none"): "confirmation.missing"
        for what in ("complete", "open", "sign", "dispute", "answer", "escalate")
    },
    **{(what, "voided"): "confirmation.voided" for what in ("sign", "dispute", "answer", "escalate")},
    ("sign", "signed"): "confirmation.signed",
    ("dispute", "signed"): "confirmation.signed",
    **{("dispute", state): "confirmation.disputed" for state in ("disputed", "answered", "escalated")},
    **{
        ("answer", state): "confirmation.not-disputed"
        for state in ("requested", "opened", "answered", "escalated", "lapsed", "signed")
    },
    **{
        ("escalate", state): "confirmation.not-disputed"
        for state in ("requested", "opened", "escalated", "lapsed", "signed")
    },
}  # type: ignore[dict-item]
OTHERWISE: dict[tuple[str, Status], ConfirmationFact] = {
    ("renew", "voided"): requested.model_copy(update={"content_sha256": CHANGED}),
    ("renew", "disputed"): changed_in_dispute,
    ("renew", "answered"): changed_in_dispute,
    ("renew", "escalated"): changed_in_dispute,
}
"""Commands not listed here lead to no event: they have no meaning in that state and are no error."""


def test_every_state_is_tried() -> None:
    assert set(STATES) == set(get_args(Status))
    for state, facts in STATES.items():
        assert CONFIRMATION.fold(facts).status == state


@pytest.mark.parametrize("state", STATES)
@pytest.mark.parametrize("what", COMMANDS)
def test_every_command_in_every_state(what: str, state: Status) -> None:
    came = given(CONFIRMATION, *STATES[state]).when(COMMANDS[what])
    if state in ACCEPTED[what]:
        came.then(ANSWERS[what])
    elif (what, state) in OTHERWISE:
        came.then(OTHERWISE[what, state])
    elif code := REFUSALS.get((what, state)):
        came.refused(code)
    else:
        came.then()


@pytest.mark.parametrize(
    ("asked_at", "due"),
    [
        (datetime(2026, 11, 23, 16, 0, tzinfo=UTC), DUE),
        (datetime(2026, 11, 24, 15, 59, 59, 999_999, tzinfo=UTC), DUE),
        (datetime(2026, 11, 24, 16, 0, tzinfo=UTC), DUE + timedelta(days=1)),
        (datetime(2026, 12, 31, 16, 0, tzinfo=UTC), datetime(2027, 1, 1, 16, 0, tzinfo=UTC)),
    ],
)
def test_it_is_due_at_the_end_of_the_local_day_on_which_it_is_asked(
    asked_at: datetime, due: datetime
) -> None:
    expected = requested.model_copy(update={"requested_at": asked_at, "due_at": due})
    given(CONFIRMATION).when(request(now=asked_at)).then(expected)
    anew = renewed.model_copy(update={"renewed_at": asked_at, "due_at": due})
    given(CONFIRMATION, requested).when(renew(now=asked_at)).then(anew)


@pytest.mark.parametrize(("at", "late"), [(DUE - TICK, False), (DUE, True), (DUE + TICK, True)])
@pytest.mark.parametrize("before", [(requested,), (requested, disputed, answered), (requested, lapsed)])
def test_midnight_itself_is_late(before: tuple[ConfirmationFact, ...], at: datetime, late: bool) -> None:
    given(CONFIRMATION, *before).when(sign(now=at)).then(signed(at=at, late=late))


def test_only_what_was_shown_is_signed() -> None:
    given(CONFIRMATION, requested).when(sign(CHANGED)).refused("content.changed")
    given(CONFIRMATION, requested, renewed).when(sign(SHOWN)).refused("content.changed")
    given(CONFIRMATION, requested, renewed).when(sign(CHANGED)).then(signed(CHANGED))


def test_a_statement_that_no_longer_holds_is_not_signed() -> None:
    given(CONFIRMATION, requested).when(sign(read="2025-1")).refused("statement.outdated")


def test_who_is_already_signed_is_told_so_first() -> None:
    given(CONFIRMATION, requested, signed()).when(sign(CHANGED, read="x")).refused("confirmation.signed")


@pytest.mark.parametrize("wrong", ["", " \n", "长" * (MAX_TEXT + 1)])
def test_words_are_required_and_bounded(wrong: str) -> None:
    wrong_dispute = Dispute(reason=wrong, photos=(), stored=frozenset(), by=ZHOU, now=NOON)
    given(CONFIRMATION, requested).when(wrong_dispute).refused("command.invalid", "reason")
    wrong_answer = AnswerDispute(text=wrong, photos=(), stored=frozenset(), by=WANG, now=NOON)
    given(CONFIRMATION, requested, disputed).when(wrong_answer).refused("command.invalid", "text")
    given(CONFIRMATION, requested, disputed).when(Escalate(reason=wrong, by=ZHOU, now=NOON)).refused(
        "command.invalid", "reason"
    )


def test_words_lose_their_margins() -> None:
    bare = ConfirmationDisputed(**IDS, reason="未见更换", by=ZHOU, disputed_at=NOON)
    given(CONFIRMATION, requested).when(
        Dispute(reason="  未见更换\n", photos=(), stored=frozenset(), by=ZHOU, now=NOON)
    ).then(bare)


def test_a_reminder_is_said_once_for_each_asking_and_never_for_an_earlier_one() -> None:
    given(CONFIRMATION, requested, reminded).when(remind()).then()
    later = reminded.model_copy(update={"reminder": "20:00"})
    given(CONFIRMATION, requested, reminded).when(remind("20:00")).then(later)
    given(CONFIRMATION, requested, reminded, renewed).when(remind()).then(reminded)
    tomorrow = renewed.model_copy(update={"due_at": DUE + timedelta(days=1)})
    given(CONFIRMATION, requested, tomorrow).when(remind(due_at=DUE)).then()


def test_a_late_reminder_says_when_it_really_came() -> None:
    at = DUE + timedelta(hours=9)
    given(CONFIRMATION, requested).when(remind(now=at)).then(reminded.model_copy(update={"reminded_at": at}))


def test_it_lapses_when_its_own_day_is_over_and_not_before() -> None:
    given(CONFIRMATION, requested).when(lapse(DUE - TICK)).then()
    tomorrow = renewed.model_copy(update={"due_at": DUE + timedelta(days=1)})
    given(CONFIRMATION, requested, tomorrow).when(lapse(DUE)).then()
    given(CONFIRMATION, requested, tomorrow).when(lapse(tomorrow.due_at, tomorrow.due_at)).then(
        ConfirmationLapsed(**IDS, lapsed_at=tomorrow.due_at)
    )


def test_the_same_content_needs_no_other_signature() -> None:
    """A void confirmation counts as none, because its visit exists again."""
    for state, facts in STATES.items():
        given(CONFIRMATION, *facts).when(renew(SHOWN)).then(*([requested] if state == "voided" else []))


def test_a_visit_is_not_asked_about_twice() -> None:
    given(CONFIRMATION, requested).when(request()).then()
    given(CONFIRMATION, requested).when(request(CHANGED)).refused("confirmation.exists")


@pytest.mark.parametrize("state", ["disputed", "answered", "escalated"])
def test_an_operator_ends_no_dispute_by_changing_what_it_is_about(state: Status) -> None:
    facts = (*STATES[state], changed_in_dispute)
    assert CONFIRMATION.fold(facts).status == state
    given(CONFIRMATION, *facts).when(sign(SHOWN)).refused("content.changed")
    given(CONFIRMATION, *facts).when(sign(CHANGED)).then(signed(CHANGED))
    given(CONFIRMATION, *facts).when(lapse()).then()
    given(CONFIRMATION, *facts).when(renew()).then()


NEXT_NOON, NEXT_DUE = NOON + timedelta(days=1), DUE + timedelta(days=1)
moved = completed.model_copy(update={"originals_at": NEXT_NOON, "due_at": NEXT_DUE})


def test_who_could_not_see_the_originals_is_not_late_before_the_day_of_the_last_one() -> None:
    late = complete(since=NEXT_NOON)
    given(CONFIRMATION, requested).when(late).then(moved)
    given(CONFIRMATION, requested, moved).when(late).then()
    given(CONFIRMATION, requested, moved).when(lapse(DUE)).then()
    given(CONFIRMATION, requested, moved).when(sign(now=NEXT_DUE - TICK)).then(signed(at=NEXT_DUE - TICK))
    at = NEXT_DUE
    given(CONFIRMATION, requested, moved).when(sign(now=at)).then(signed(at=at, late=True))


def test_a_lapse_that_a_late_original_caused_is_none() -> None:
    assert CONFIRMATION.fold((requested, lapsed, moved)).status == "requested"
    assert CONFIRMATION.fold((requested, lapsed, completed)).status == "lapsed"
    again = ConfirmationLapsed(**IDS, lapsed_at=NEXT_DUE)
    given(CONFIRMATION, requested, lapsed, moved).when(lapse(NEXT_DUE, NEXT_DUE)).then(again)


def test_a_signature_brings_the_word_of_the_last_original_itself() -> None:
    at = NEXT_NOON + timedelta(hours=1)
    late = sign(now=at, since=NEXT_NOON)
    given(CONFIRMATION, requested, lapsed).when(late).then(moved, signed(at=at))
    given(CONFIRMATION, requested, lapsed, moved).when(late).then(signed(at=at))
    in_time = sign(now=at, since=NOON)
    given(CONFIRMATION, requested, lapsed).when(in_time).then(completed, signed(at=at, late=True))


def test_nobody_says_that_originals_came_which_did_not() -> None:
    given(CONFIRMATION, requested).when(complete(missing=1, since=None)).refused("evidence.incomplete")
    given(CONFIRMATION, requested).when(complete(missing=None, since=None)).refused("evidence.behind")
    given(CONFIRMATION, requested).when(complete(CHANGED)).then()
    given(CONFIRMATION, requested, disputed, changed_in_dispute).when(complete(SHOWN)).then()


def test_what_is_kept_by_a_restore_is_not_void_and_what_is_not_says_so() -> None:
    given(CONFIRMATION, requested).when(Void(content_sha256=SHOWN, now=NOON)).then()
    of_the_content = voided.model_copy(update={"reason": "content_lost"})
    given(CONFIRMATION, requested).when(Void(content_sha256=CHANGED, now=NOON)).then(of_the_content)


def test_the_same_content_is_asked_for_anew_when_it_comes_again_after_it_was_lost() -> None:
    for facts in ((requested, voided), (requested, opened, signed(), voided)):
        given(CONFIRMATION, *facts).when(request()).then(requested)
        given(CONFIRMATION, *facts, requested).when(sign()).then(signed())


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


def happened(asked: list[ConfirmationCommand]) -> list[ConfirmationFact]:
    state, facts = CONFIRMATION.initial, list[ConfirmationFact]()
    for command in asked:
        try:
            new = CONFIRMATION.decide(command, state)
        except Refused:
            continue
        facts += new
        state = CONFIRMATION.fold(new, state)
    return facts


@hypothesis_given(st.lists(commands, max_size=30))
def test_no_content_is_signed_twice_and_nothing_signed_lapses(asked: list[ConfirmationCommand]) -> None:
    content, is_signed = "", False
    for fact in happened(asked):
        assert fact.confirmation_id == ABOUT.confirmation_id
        match fact:
            case ConfirmationRequested() | ConfirmationRenewed() | ConfirmationContentChanged():
                assert fact.content_sha256 != content
                content, is_signed = fact.content_sha256, False
            case ConfirmationVoided():
                content, is_signed = "", False
            case ConfirmationSigned():
                assert not is_signed
                assert fact.content_sha256 == content
                is_signed = True
            case _:
                assert not is_signed, fact


@hypothesis_given(st.lists(commands, max_size=30))
def test_late_is_what_lies_behind_the_day_it_was_asked_for(asked: list[ConfirmationCommand]) -> None:
    due = datetime.min.replace(tzinfo=UTC)
    for fact in happened(asked):
        match fact:
            case ConfirmationRequested() | ConfirmationRenewed() | ConfirmationContentChanged():
                due = fact.due_at
            case OriginalsCompleted():
                due = fact.due_at or due
            case ConfirmationSigned():
                assert fact.late == (fact.signed_at >= due)
            case ConfirmationLapsed():
                assert fact.lapsed_at >= due
            case _:
                assert fact.visit_id != UUID(int=0)
