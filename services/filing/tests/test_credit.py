"""运维信用评价信息: documents of points, and the training plan and entries of a year; what is late, and what is refused."""

from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest
from filing.credit.handlers import close_of
from filing.domain.credit.annual import ANNUAL, CloseYear, FilePlan, RecordEntry, WithdrawEntry, Year
from filing.domain.credit.documents import DOCUMENT, FileDocument, ReplaceDocument, WithdrawDocument
from filing_samples import OPERATOR, PERSON, STORED, TODAY, scan_of
from qingyuan_events.filing import (
    AnnualEntry,
    AnnualEntryRecorded,
    AnnualEntryWithdrawn,
    AnnualInformationClosed,
    AnnualPlanFiled,
    CreditDocument,
    CreditDocumentFiled,
    CreditDocumentReplaced,
    CreditDocumentWithdrawn,
    TrainingPlan,
)
from qingyuan_runtime.domain.testing import given

DOCUMENT_ID, ENTRY, POINT = UUID(int=401), UUID(int=402), UUID(int=403)
manual = CreditDocument(
    kind="operating_instructions",
    title="COD 分析仪操作规程",
    edition="第 3 版",
    valid_from=date(2026, 1, 1),
    points=(POINT,),
    file=scan_of(1),
)
filed = CreditDocumentFiled(operator_id=OPERATOR, document_id=DOCUMENT_ID, document=manual)
training = AnnualEntry(
    entry_id=ENTRY,
    kind="training",
    first_day=date(2026, 3, 2),
    last_day=date(2026, 3, 3),
    content="HJ 355 运行技术规范",
    hours=Decimal(12),
    participants=(PERSON,),
    files=(scan_of(2),),
)
plan = TrainingPlan(title="2026 年培训计划", file=scan_of(3))
recorded = AnnualEntryRecorded(operator_id=OPERATOR, year=2026, entry=training, late=False)


def file(**changed: Any) -> FileDocument:
    return FileDocument(
        operator_id=OPERATOR,
        document_id=DOCUMENT_ID,
        document=manual.model_copy(update=changed),
        stored=STORED,
    )


def of(today: date = TODAY, year: int = 2026) -> Year:
    return Year(operator_id=OPERATOR, year=year, last_day=close_of(year), today=today)


def record(today: date = TODAY, **changed: Any) -> RecordEntry:
    return RecordEntry(of=of(today), entry=training.model_copy(update=changed), stored=STORED)


def test_a_document_is_filed_replaced_and_withdrawn() -> None:
    given(DOCUMENT).when(file()).then(filed)
    newer = manual.model_copy(update={"edition": "第 4 版", "file": scan_of(4)})
    replaced = CreditDocumentReplaced(
        operator_id=OPERATOR, document_id=DOCUMENT_ID, document=newer, reason="改版"
    )
    replace = ReplaceDocument(document=newer, reason="改版", stored=STORED)
    given(DOCUMENT, filed).when(replace).then(replaced)
    given(DOCUMENT, filed, replaced).when(replace).refused("correction.empty")
    withdrawn = CreditDocumentWithdrawn(operator_id=OPERATOR, document_id=DOCUMENT_ID, reason="有误")
    given(DOCUMENT, filed).when(WithdrawDocument(reason="有误")).then(withdrawn)
    given(DOCUMENT, filed, withdrawn).when(replace).refused("credit_document.withdrawn")
    given(DOCUMENT).when(replace).refused("credit_document.missing")


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"title": " "}, "title"),
        ({"points": ()}, "points"),
        ({"points": (POINT, POINT)}, "points"),
        ({"file": scan_of(99)}, "file"),
        ({"file": scan_of(1, "application/json")}, "file"),
    ],
)
def test_what_is_wrong_with_a_document_is_named(changed: dict[str, Any], field: str) -> None:
    given(DOCUMENT).when(file(**changed)).refused("command.invalid", f"document.{field}")


def test_the_kind_of_a_document_stays() -> None:
    other = manual.model_copy(update={"kind": "management_rules"})
    given(DOCUMENT, filed).when(ReplaceDocument(document=other, reason="x", stored=STORED)).refused(
        "command.invalid", "document.kind"
    )


def test_a_plan_and_an_entry_are_recorded_and_corrected() -> None:
    plan_filed = AnnualPlanFiled(operator_id=OPERATOR, year=2026, plan=plan, late=False)
    given(ANNUAL).when(FilePlan(of=of(), plan=plan, stored=STORED)).then(plan_filed)
    given(ANNUAL, plan_filed).when(FilePlan(of=of(), plan=plan, stored=STORED)).refused("correction.empty")
    given(ANNUAL).when(record()).then(recorded)
    given(ANNUAL, recorded).when(record()).refused("correction.empty")
    longer = training.model_copy(update={"hours": Decimal(16)})
    given(ANNUAL, recorded).when(record(hours=Decimal(16))).then(
        recorded.model_copy(update={"entry": longer})
    )
    withdraw = WithdrawEntry(of=of(), entry_id=ENTRY, reason="重复")
    withdrawn = AnnualEntryWithdrawn(operator_id=OPERATOR, year=2026, entry_id=ENTRY, reason="重复")
    given(ANNUAL, recorded).when(withdraw).then(withdrawn)
    given(ANNUAL, recorded, withdrawn).when(withdraw).refused("entry.missing")


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"last_day": date(2026, 3, 1)}, "last_day"),
        ({"first_day": date(2025, 12, 31)}, "first_day"),
        ({"last_day": date(2026, 12, 1)}, "last_day"),
        ({"hours": Decimal(0)}, "hours"),
        ({"content": " "}, "content"),
        ({"participants": (PERSON, PERSON)}, "participants"),
        ({"files": (scan_of(98),)}, "files.0"),
    ],
)
def test_what_is_wrong_with_an_entry_is_named(changed: dict[str, Any], field: str) -> None:
    given(ANNUAL).when(record(**changed)).refused("command.invalid", f"entry.{field}")


def test_a_year_to_come_has_nothing_yet() -> None:
    command = FilePlan(of=of(year=2027), plan=plan, stored=STORED)
    given(ANNUAL).when(command).refused("command.invalid", "year")


def test_what_comes_after_the_close_is_kept_and_marked() -> None:
    assert close_of(2026) == date(2027, 1, 31)
    assert close_of(1900) == date(1901, 1, 31)
    closed = AnnualInformationClosed(operator_id=OPERATOR, year=2026, last_day=date(2027, 1, 31))
    given(ANNUAL, recorded).when(CloseYear(of=of(date(2027, 1, 31)))).then()
    given(ANNUAL, recorded).when(CloseYear(of=of(date(2027, 2, 1)))).then(closed)
    given(ANNUAL, recorded, closed).when(CloseYear(of=of(date(2027, 2, 2)))).then()
    late = recorded.model_copy(update={"late": True})
    given(ANNUAL, closed).when(record(date(2027, 2, 1))).then(late)
