"""A report: given these facts, when this command, then those facts – or a refusal."""

from dataclasses import replace
from typing import Any
from uuid import UUID

import pytest
from qingyuan_events import encode
from qingyuan_events.reports import (
    ReportAccepted,
    ReportChanged,
    ReportOriginalRemoved,
    ReportResubmitted,
    ReportReturned,
    ReportSuperseded,
    ReportWithdrawn,
    ReturnReason,
)
from qingyuan_runtime.domain.testing import given
from report_samples import (
    DOCUMENT,
    ELSEWHERE,
    HEADER,
    HERE,
    LIN,
    NOON,
    ORIGINAL,
    PDF,
    POINT,
    READY,
    SCAN,
    STORED,
    WANG,
    check,
    checked,
    document,
    draft,
    drafted,
    file_attached,
    original_attached,
    state_after,
    submit,
    submitted,
)
from reports.domain import documents
from reports.domain.reports.commands import (
    Accept,
    AttachFile,
    AttachOriginal,
    Change,
    RemoveOriginal,
    ReportCommand,
    Return,
    Supersede,
    Withdraw,
)
from reports.domain.reports.decider import REPORT, claims, releases
from reports.judging import verdict_size

OTHER = document(number="LC-2026-1104")
accepted = ReportAccepted(**HEADER, round=1, by=LIN, accepted_at=NOON)
returned = ReportReturned(
    **HEADER, round=1, reasons=(ReturnReason(text="请补充签名"),), by=LIN, returned_at=NOON
)
withdrawn = ReportWithdrawn(**HEADER, reason="选错点位", by=WANG, withdrawn_at=NOON)
resubmitted = ReportResubmitted(**submitted.model_dump() | {"round": 2, "version": 6, "answer": "已补充"})
CHECKED = (*READY, submitted, checked())
RETURNED = (*CHECKED, returned)
ACCEPTED = (*CHECKED, accepted)
HISTORIES = {
    "draft": READY,
    "submitted": (*READY, submitted),
    "checked": CHECKED,
    "returned": RETURNED,
    "accepted": ACCEPTED,
    "superseded": (*ACCEPTED, ReportSuperseded(**HEADER, superseded_by=UUID(int=9))),
    "withdrawn": (*READY, submitted, withdrawn),
}
change = Change(document=OTHER, points=(HERE,), by=WANG)
attach_file = AttachFile(file=PDF.model_copy(update={"sha256": "b" * 64}), stored=STORED, by=WANG)
attach_original = AttachOriginal(
    original=ORIGINAL.model_copy(update={"file": SCAN.model_copy(update={"sha256": "a" * 64})}),
    stored=STORED,
    by=WANG,
)
remove = RemoveOriginal(original_id=ORIGINAL.original_id, reason="传错文件", by=WANG)
resubmit = replace(submit, answer="已补充")
accept = Accept(round=1, remark=None, replaced=None, by=LIN, now=NOON)
return_ = Return(round=1, reasons=(ReturnReason(text="请补充签名"),), by=LIN, now=NOON)
withdraw = Withdraw(reason="选错点位", by=WANG, now=NOON)
EDITS: tuple[ReportCommand, ...] = (change, attach_file, attach_original, remove)
MAY: dict[str, tuple[ReportCommand, ...]] = {
    "draft": (*EDITS, submit, withdraw),
    "submitted": (withdraw,),
    "checked": (accept, return_, withdraw),
    "returned": (*EDITS, resubmit, withdraw),
    "accepted": (),
    "superseded": (),
    "withdrawn": (),
}
"""What each state allows of all that people do."""


def test_every_state_is_tried() -> None:
    assert {state_after(*facts).status for facts in HISTORIES.values()} == set(HISTORIES)


@pytest.mark.parametrize("status", HISTORIES)
@pytest.mark.parametrize(
    "command", [*EDITS, submit, resubmit, accept, return_, withdraw], ids=lambda one: type(one).__name__
)
def test_what_each_state_allows(status: str, command: ReportCommand) -> None:
    outcome = given(REPORT, *HISTORIES[status]).when(command)
    allowed = any(command is one for one in MAY[status])
    assert (outcome.refusal is None) == allowed, outcome.refusal
    assert (len(outcome.facts) == 1) == allowed


def test_a_draft_holds_what_was_typed() -> None:
    given(REPORT).when(draft).then(drafted)
    given(REPORT, drafted).when(draft).refused("report.exists")
    given(REPORT).when(replace(draft, points=(HERE, ELSEWHERE))).refused("command.invalid", "document.points")


def test_a_report_stays_with_its_enterprise() -> None:
    given(REPORT, *READY).when(change).then(ReportChanged(**HEADER, document=OTHER, points=(POINT,), by=WANG))
    given(REPORT, *READY).when(replace(change, points=(ELSEWHERE,))).refused(
        "command.invalid", "document.points"
    )
    given(REPORT, *READY).when(replace(change, document=DOCUMENT)).refused("correction.empty")


def test_originals_are_listed_one_by_one() -> None:
    given(REPORT, *READY).when(remove).then(
        ReportOriginalRemoved(**HEADER, original_id=ORIGINAL.original_id, reason="传错文件", by=WANG)
    )
    given(REPORT, drafted).when(remove).refused("original.missing")


def test_a_submission_names_the_version_that_is_handed_in() -> None:
    given(REPORT, *READY).when(submit).then(submitted)
    given(REPORT, *RETURNED).when(resubmit).then(resubmitted)
    given(REPORT, drafted, file_attached).when(submit).refused("command.invalid", "originals")
    given(REPORT, drafted, original_attached).when(submit).refused("command.invalid", "file")
    given(REPORT, *READY).when(replace(submit, uncontracted=frozenset({POINT}))).refused(
        "command.invalid", "document.points.0.id"
    )


def test_a_check_answers_its_own_submission_once() -> None:
    given(REPORT, *READY, submitted).when(check()).then(checked())
    for facts in (CHECKED, RETURNED, (*READY, submitted, withdrawn), (*RETURNED, resubmitted)):
        given(REPORT, *facts).when(check()).then()
    given(REPORT, *RETURNED, resubmitted).when(check(round_=2)).then(checked(round_=2))


def test_only_what_blocks_keeps_it_from_being_accepted() -> None:
    too_few = document((("123", "120"), ("120", "118")))
    blocked = (*READY, submitted, checked(too_few))
    given(REPORT, *blocked).when(accept).refused("report.blocked")
    given(REPORT, *CHECKED).when(accept).then(accepted)
    given(REPORT, *CHECKED).when(replace(accept, round=2)).refused("report.other-round")
    given(REPORT, *CHECKED).when(replace(accept, remark=" ")).refused("command.invalid", "remark")


def test_only_one_report_takes_the_place_of_another() -> None:
    old, replaced = state_after(*ACCEPTED), state_after(*HISTORIES["superseded"])
    given(REPORT, *CHECKED).when(replace(accept, replaced=old)).then(accepted)
    given(REPORT, *CHECKED).when(replace(accept, replaced=replaced)).refused("report.replaced-before")


def test_a_return_says_why() -> None:
    given(REPORT, *CHECKED).when(return_).then(returned)
    given(REPORT, *CHECKED).when(replace(return_, reasons=())).refused("command.invalid", "reasons")
    unknown = ReturnReason(code="ACC-SO2-1", at="/points/0/factors/0", text="试")
    given(REPORT, *CHECKED).when(replace(return_, reasons=(unknown,))).refused(
        "command.invalid", "reasons.0.code"
    )


def test_it_is_superseded_once() -> None:
    command = Supersede(superseded_by=UUID(int=9))
    given(REPORT, *ACCEPTED).when(command).then(ReportSuperseded(**HEADER, superseded_by=UUID(int=9)))
    given(REPORT, *HISTORIES["superseded"]).when(command).then()


def test_the_number_is_claimed_when_it_is_handed_in_and_given_back_when_it_is_taken_back() -> None:
    assert [(one.kind, one.value) for one in claims(submitted)] == [
        ("report-number", f"{submitted.operator_id}/LC-2026-1103")
    ]
    assert claims(resubmitted) == claims(submitted)
    assert claims(drafted) == ()
    assert [fact for fact in (*HISTORIES["withdrawn"], resubmitted) if releases(fact)] == [
        withdrawn,
        resubmitted,
    ]


def test_a_verdict_fits_into_a_message() -> None:
    given(REPORT, *READY).when(replace(submit, verdict_bytes=700_001)).refused("command.invalid", "document")
    assert verdict_size(DOCUMENT) > 1_000
    assert verdict_size(document(number="")) == 0, "it is refused for something else"
    wide = wide_document()
    assert not list(documents.mistakes(wide))
    assert 700_000 < verdict_size(wide) < len(encode(checked(wide)))


def wide_document() -> dict[str, Any]:
    """600 pairs, each of which is judged: more than a message may hold."""
    pairs = tuple((f"{100 + n}.123456", f"{250 + n}.654321") for n in range(120))
    factors = [
        document(pairs)["points"][0]["factors"][0] | {"factor": code}
        for code in ("w01018", "w21003", "w21011", "w21001", "w01020")
    ]
    for factor in factors:
        for number, pair in enumerate(factor["pairs"]):
            pair["from"] = f"2026-11-03T{9 + number // 60:02}:{number % 60:02}"
    return document(points=[{"id": str(POINT), "factors": factors}])


def test_thousands_of_rows_are_told_and_not_checked() -> None:
    """In tests as well as in pairs; nothing else is said of such a document."""
    many = document()
    many["points"][0]["factors"][0]["pairs"] *= 201
    rows = [{"reference": "1", "measured": "2"}] * 150
    inside = document()
    inside["points"][0]["factors"][0]["tests"] = [{"test": "correlation", "pairs": rows}] * 4
    for whole in (many, inside):
        assert [(one.field, one.rule) for one in documents.mistakes(whole)] == [
            ("document.points", "too-many")
        ]
