"""企业确认: every command in every state, and what is signed, disputed or void."""

from typing import get_args

import pytest
from confirmation_samples import (
    CHANGED,
    IDS,
    NOON,
    PHOTO,
    SHOWN,
    STORED,
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
from qingyuan_events.signoff import (
    ConfirmationDisputed,
)
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
FACTS: dict[str, ConfirmationFact] = {
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
"""A command that none of these tables names for a state leads to no event: it has no meaning there and is no error."""


def test_every_state_is_tried() -> None:
    assert set(STATES) == set(get_args(Status))
    for state, facts in STATES.items():
        assert CONFIRMATION.fold(facts).status == state


@pytest.mark.parametrize("state", STATES)
@pytest.mark.parametrize("what", COMMANDS)
def test_every_command_in_every_state(what: str, state: Status) -> None:
    outcome = given(CONFIRMATION, *STATES[state]).when(COMMANDS[what])
    if state in ACCEPTED[what]:
        outcome.then(FACTS[what])
    elif (what, state) in OTHERWISE:
        outcome.then(OTHERWISE[what, state])
    elif code := REFUSALS.get((what, state)):
        outcome.refused(code)
    else:
        outcome.then()


def test_only_what_was_shown_is_signed() -> None:
    given(CONFIRMATION, requested).when(sign(CHANGED)).refused("content.changed")
    given(CONFIRMATION, requested, renewed).when(sign(SHOWN)).refused("content.changed")
    given(CONFIRMATION, requested, renewed).when(sign(CHANGED)).then(signed(CHANGED))


def test_an_outdated_statement_is_not_signed() -> None:
    given(CONFIRMATION, requested).when(sign(read="2025-1")).refused("statement.outdated")


def test_a_second_signature_is_refused_before_anything_else_is_checked() -> None:
    given(CONFIRMATION, requested, signed()).when(sign(CHANGED, read="x")).refused("confirmation.signed")


@pytest.mark.parametrize("wrong", ["", " \n", "长" * (MAX_TEXT + 1)])
def test_reasons_and_answers_are_required_and_bounded(wrong: str) -> None:
    wrong_dispute = Dispute(reason=wrong, photos=(), stored=frozenset(), by=ZHOU, now=NOON)
    given(CONFIRMATION, requested).when(wrong_dispute).refused("command.invalid", "reason")
    wrong_answer = AnswerDispute(text=wrong, photos=(), stored=frozenset(), by=WANG, now=NOON)
    given(CONFIRMATION, requested, disputed).when(wrong_answer).refused("command.invalid", "text")
    given(CONFIRMATION, requested, disputed).when(Escalate(reason=wrong, by=ZHOU, now=NOON)).refused(
        "command.invalid", "reason"
    )


def test_outer_blanks_of_a_reason_are_removed() -> None:
    bare = ConfirmationDisputed(**IDS, reason="未见更换", by=ZHOU, disputed_at=NOON)
    given(CONFIRMATION, requested).when(
        Dispute(reason="  未见更换\n", photos=(), stored=frozenset(), by=ZHOU, now=NOON)
    ).then(bare)


def test_the_same_content_needs_no_other_signature() -> None:
    """A void confirmation counts as none, because its visit exists again."""
    for state, facts in STATES.items():
        given(CONFIRMATION, *facts).when(renew(SHOWN)).then(*([requested] if state == "voided" else []))


def test_a_confirmation_is_requested_once() -> None:
    given(CONFIRMATION, requested).when(request()).then()
    given(CONFIRMATION, requested).when(request(CHANGED)).refused("confirmation.exists")


@pytest.mark.parametrize("state", ["disputed", "answered", "escalated"])
def test_changing_the_content_does_not_end_a_dispute(state: Status) -> None:
    facts = (*STATES[state], changed_in_dispute)
    assert CONFIRMATION.fold(facts).status == state
    given(CONFIRMATION, *facts).when(sign(SHOWN)).refused("content.changed")
    given(CONFIRMATION, *facts).when(sign(CHANGED)).then(signed(CHANGED))
    given(CONFIRMATION, *facts).when(lapse()).then()
    given(CONFIRMATION, *facts).when(renew()).then()


def test_only_content_that_a_restore_lost_is_void_and_the_reason_says_so() -> None:
    given(CONFIRMATION, requested).when(Void(content_sha256=SHOWN, now=NOON)).then()
    of_the_content = voided.model_copy(update={"reason": "content_lost"})
    given(CONFIRMATION, requested).when(Void(content_sha256=CHANGED, now=NOON)).then(of_the_content)


def test_the_same_content_is_requested_again_when_it_comes_again_after_a_loss() -> None:
    for facts in ((requested, voided), (requested, opened, signed(), voided)):
        given(CONFIRMATION, *facts).when(request()).then(requested)
        given(CONFIRMATION, *facts, requested).when(sign()).then(signed())
