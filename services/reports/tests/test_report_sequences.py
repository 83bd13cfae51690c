"""A report: what must never happen in any sequence of commands, by the facts alone."""

from collections.abc import Sequence
from dataclasses import replace
from uuid import UUID

from hypothesis import given, settings
from hypothesis import strategies as st
from qingyuan_events.reports import (
    ReportAccepted,
    ReportChanged,
    ReportChecked,
    ReportDrafted,
    ReportFileAttached,
    ReportOriginalAttached,
    ReportOriginalRemoved,
    ReportResubmitted,
    ReportReturned,
    ReportSubmitted,
    ReportSuperseded,
    ReportWithdrawn,
)
from qingyuan_runtime.domain.decider import Refused
from report_samples import HERE, LIN, NOON, ORIGINAL, PDF, STORED, WANG, check, document, draft, submit
from reports.domain import documents
from reports.domain.reports.commands import (
    Accept,
    AttachFile,
    AttachOriginal,
    Change,
    Reevaluate,
    RemoveOriginal,
    ReportCommand,
    Supersede,
)
from reports.domain.reports.decider import REPORT
from reports.domain.reports.state import ReportFacts, ReportState
from test_report import return_, withdraw

ROUNDS = (1, 2, 3)
TOO_FEW = document((("123", "120"), ("120", "118")))
DOCUMENTS = (document(), document(number="LC-2"), TOO_FEW)
VERDICTS = [check(whole, round_) for whole in DOCUMENTS for round_ in ROUNDS]
COMMANDS: tuple[ReportCommand, ...] = (
    draft,
    *(Change(document=whole, points=(HERE,), by=WANG) for whole in DOCUMENTS),
    AttachFile(file=PDF, stored=STORED, by=WANG),
    AttachOriginal(original=ORIGINAL, stored=STORED, by=WANG),
    RemoveOriginal(original_id=ORIGINAL.original_id, reason="传错文件", by=WANG),
    submit,
    replace(submit, answer="已补充"),
    *VERDICTS,
    *(Reevaluate(judgement=one.judgement, reason="复核", by=LIN, now=NOON) for one in VERDICTS[::3]),
    *(Accept(round=one, remark=None, replaced=None, by=LIN, now=NOON) for one in ROUNDS),
    *(replace(return_, round=one) for one in ROUNDS),
    withdraw,
    Supersede(superseded_by=UUID(int=9)),
)
sequences = st.lists(st.integers(0, len(COMMANDS) * 7), max_size=16)
"""Each number chooses among the commands that the state allows, so that far states are reached."""
few = settings(max_examples=30, deadline=None)
HANDED_IN = ReportSubmitted | ReportResubmitted
EDITED = ReportChanged | ReportFileAttached | ReportOriginalAttached | ReportOriginalRemoved


def played(sequence: Sequence[int]) -> list[ReportFacts]:
    facts: list[ReportFacts] = []
    state: ReportState = REPORT.initial
    for number in sequence:
        allowed = allowed_in(state)
        if not allowed:
            break
        new = allowed[number % len(allowed)]
        facts += new
        state = REPORT.fold(new, state)
    assert state == REPORT.fold(facts)
    assert state.version == len(facts)
    return facts


def allowed_in(state: ReportState) -> list[tuple[ReportFacts, ...]]:
    return [new for command in COMMANDS if (new := decided(command, state))]


def decided(command: ReportCommand, state: ReportState) -> tuple[ReportFacts, ...]:
    """Nothing where it is refused."""
    try:
        return REPORT.decide(command, state)
    except Refused:
        return ()


@few
@given(sequences)
def test_each_submission_has_one_first_verdict_and_one_review(sequence: Sequence[int]) -> None:
    facts = played(sequence)
    rounds = [fact.round for fact in facts if isinstance(fact, HANDED_IN)]
    assert rounds == list(range(1, len(rounds) + 1))
    for kind in (ReportChecked, (ReportAccepted, ReportReturned)):
        answered = [fact.round for fact in facts if isinstance(fact, kind)]  # type: ignore[arg-type]
        assert len(answered) == len(set(answered))
        assert set(answered) <= set(rounds)


@few
@given(sequences)
def test_nothing_is_edited_between_a_submission_and_its_return(sequence: Sequence[int]) -> None:
    is_open = True
    for fact in played(sequence):
        match fact:
            case ReportSubmitted() | ReportResubmitted() | ReportWithdrawn():
                is_open = False
            case ReportReturned():
                is_open = True
            case ReportAccepted() | ReportSuperseded():
                assert not is_open
            case _ if isinstance(fact, EDITED):
                assert is_open


@few
@given(sequences)
def test_what_is_handed_in_is_what_stood_there(sequence: Sequence[int]) -> None:
    """The version that a submission names has its document, its number, a file and an original record."""
    facts = played(sequence)
    for number, fact in enumerate(facts):
        if isinstance(fact, HANDED_IN):
            assert fact.version == number
            whole = [one.document for one in facts[:number] if isinstance(one, ReportDrafted | ReportChanged)]
            assert fact.document_sha256 == documents.sha256_of(whole[-1])
            assert fact.number == whole[-1]["number"]
            before = REPORT.fold(facts[:number]).content
            assert before.file
            assert before.originals


@few
@given(sequences)
def test_what_blocks_is_never_accepted(sequence: Sequence[int]) -> None:
    last = None
    for fact in played(sequence):
        if hasattr(fact, "blocking"):
            last = fact.blocking
        assert not (isinstance(fact, ReportAccepted) and last), "the last verdict blocked it"


def test_a_sequence_reaches_what_matters() -> None:
    """Else the properties above could hold of nothing: accepted after a return, and replaced."""
    way = (
        ReportDrafted, ReportFileAttached, ReportOriginalAttached, ReportSubmitted, ReportChecked, ReportReturned,
        ReportChanged, ReportResubmitted, ReportChecked, ReportAccepted, ReportSuperseded,
    )  # fmt: skip
    assert [type(fact) for fact in played(numbers_of(way))] == list(way)


def numbers_of(way: Sequence[type]) -> list[int]:
    """What must be drawn for facts of these kinds."""
    numbers: list[int] = []
    state: ReportState = REPORT.initial
    for kind in way:
        allowed = allowed_in(state)
        number = next(n for n, new in enumerate(allowed) if isinstance(new[0], kind))
        numbers.append(number)
        state = REPORT.fold(allowed[number], state)
    return numbers
