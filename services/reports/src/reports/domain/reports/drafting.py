"""What an operator does to its own report before it hands it in, and handing it in."""

from collections.abc import Iterator
from typing import Final

from qingyuan_events.reports import (
    ReportChanged,
    ReportDrafted,
    ReportFileAttached,
    ReportOriginalAttached,
    ReportOriginalRemoved,
    ReportResubmitted,
    ReportSubmitted,
    ReportWithdrawn,
)
from qingyuan_runtime.domain.decider import Missing, Problem, Refused
from qingyuan_runtime.domain.problems import refuse

from reports.domain import checks, documents
from reports.domain.reports.commands import (
    AttachFile,
    AttachOriginal,
    Change,
    Draft,
    RemoveOriginal,
    Submit,
    Withdraw,
)
from reports.domain.reports.state import STATUSES, About, ReportState

ORIGINALS_MOST: Final = 200
VERDICT_BYTES_MOST: Final = 700_000
"""A message of the topic has at most 1 MB; what is found beyond the document, and exemptions, come to the verdict."""


def draft(command: Draft, state: ReportState) -> ReportDrafted:
    if state.about is not None:
        raise Refused("report.exists", "该报告已建立，不能重复建立。")
    refuse((*documents.unfit(command.document), *_of_one_enterprise(command), *_replacing(command)))
    first = command.points[0]
    return ReportDrafted(
        report_id=command.report_id,
        operator_id=command.operator_id,
        enterprise_id=first.enterprise_id,
        district=first.district,
        document=dict(command.document),
        points=tuple(point.point_id for point in command.points),
        replaces=command.replaced.existing().report_id if command.replaced else None,
        by=command.by,
    )


def _of_one_enterprise(command: Draft) -> Iterator[Problem]:
    if len({point.enterprise_id for point in command.points}) > 1:
        yield Problem("document.points", "one-enterprise", "一份报告的测点应属于同一排污单位。")


def _replacing(command: Draft) -> Iterator[Problem]:
    """Only what was accepted is replaced; what was not is corrected in itself."""
    if command.replaced is None:
        return
    about = command.replaced.existing()
    if command.replaced.status != "accepted":
        yield Problem("replaces", "accepted", "只能替代已接收的报告；未接收的报告请直接修改。")
    elif about.enterprise_id != command.points[0].enterprise_id:
        yield Problem("replaces", "one-enterprise", "被替代的报告属于另一家排污单位。")


def change(command: Change, state: ReportState) -> ReportChanged:
    about = _open(state)
    refuse((*documents.unfit(command.document), *_of_the_enterprise(command, about)))
    if command.document == state.content.document:
        raise Refused("correction.empty", "没有任何改动，无需提交。")
    points = tuple(point.point_id for point in command.points)
    return ReportChanged(**about.header(), document=dict(command.document), points=points, by=command.by)


def _of_the_enterprise(command: Change, about: About) -> Iterator[Problem]:
    if any(point.enterprise_id != about.enterprise_id for point in command.points):
        sentence = "报告建立后不能改为另一家排污单位的测点，请另建报告。"
        yield Problem("document.points", "one-enterprise", sentence)


def attach_file(command: AttachFile, state: ReportState) -> ReportFileAttached:
    about = _open(state)
    refuse(checks.report_file(command.file, command.stored))
    if state.content.file == command.file:
        raise Refused("correction.empty", "没有任何改动，无需提交。")
    return ReportFileAttached(**about.header(), file=command.file, by=command.by)


def attach_original(command: AttachOriginal, state: ReportState) -> ReportOriginalAttached:
    about = _open(state)
    refuse(_original_problems(command, state))
    return ReportOriginalAttached(**about.header(), original=command.original, by=command.by)


def _original_problems(command: AttachOriginal, state: ReportState) -> Iterator[Problem]:
    yield from checks.line("title", command.original.title)
    yield from checks.record_file(command.original.file, command.stored)
    if len(state.content.originals) >= ORIGINALS_MOST:
        yield Problem("file", "too-many", f"一份报告最多 {ORIGINALS_MOST} 份原始记录。")
    if command.original.file.sha256 in {original.file.sha256 for original in state.content.originals}:
        yield Problem("file", "repeated", "该文件已作为原始记录附上，不需重复添加。")


def remove_original(command: RemoveOriginal, state: ReportState) -> ReportOriginalRemoved:
    about = _open(state)
    if command.original_id not in {original.original_id for original in state.content.originals}:
        raise Missing("original")
    refuse(checks.line("reason", command.reason))
    return ReportOriginalRemoved(
        **about.header(), original_id=command.original_id, reason=command.reason, by=command.by
    )


def _open(state: ReportState) -> About:
    """The report, if its operator may change it now."""
    about = state.existing()
    if state.status not in ("draft", "returned"):
        raise Refused("report.closed", f"该报告{STATUSES[state.status]}，不能修改；退回后可以修改。")
    return about


def submit(command: Submit, state: ReportState) -> ReportSubmitted | ReportResubmitted:
    about = state.existing()
    wanted = "draft" if command.answer is None else "returned"
    if state.status != wanted:
        again = "请写明整改说明后重新提交。" if state.status == "returned" else "不能提交。"
        raise Refused("report.not-submittable", f"该报告{STATUSES[state.status]}，{again}")
    refuse(_submission_problems(command, state))
    handed_in = about.header() | {
        "round": state.round + 1,
        "version": state.version,
        "number": documents.number(state.content.document),
        "document_sha256": documents.sha256_of(state.content.document),
        "prints": documents.prints(state.content.document),
        "by": command.by,
        "submitted_at": command.now,
    }
    if command.answer is None:
        return ReportSubmitted(**handed_in)
    return ReportResubmitted(**handed_in, answer=command.answer)


def _submission_problems(command: Submit, state: ReportState) -> Iterator[Problem]:
    yield from documents.mistakes(state.content.document)
    if command.verdict_bytes > VERDICT_BYTES_MOST:
        yield Problem(
            "document", "too-large", "报告内容过多，校核结果无法作为一条记录保存，请拆分为多份报告。"
        )
    if state.content.file is None:
        yield Problem("file", "required", "请上传报告的 PDF 文件。")
    if not state.content.originals:
        yield Problem("originals", "required", "请逐份附上相关原始记录；没有原始记录的报告只能保存为草稿。")
    for number, point_id in enumerate(state.content.points):
        if point_id in command.uncontracted:
            sentence = "实施当日，贵机构没有该测点经排污单位确认的运维合同。"
            yield Problem(f"document.points.{number}.id", "contract", sentence)
    if command.answer is not None:
        yield from checks.paragraph("answer", command.answer)


def withdraw(command: Withdraw, state: ReportState) -> ReportWithdrawn:
    about = state.existing()
    if state.status not in ("draft", "submitted", "checked", "returned"):
        raise Refused("report.not-withdrawable", f"该报告{STATUSES[state.status]}，不能撤回。")
    refuse(checks.line("reason", command.reason))
    return ReportWithdrawn(**about.header(), reason=command.reason, by=command.by, withdrawn_at=command.now)
