"""How a submission is judged by the rules, and reviewed by the regulator."""

from collections.abc import Iterator, Mapping
from typing import Any, Final

from qingyuan_events.reports import (
    ReportAccepted,
    ReportChecked,
    ReportReevaluated,
    ReportReturned,
    ReportSuperseded,
)
from qingyuan_runtime.domain.decider import Problem, Refused
from qingyuan_runtime.domain.problems import refuse

from reports.domain import checks
from reports.domain.reports.commands import Accept, Check, Judgement, Reevaluate, Return, Supersede
from reports.domain.reports.state import STATUSES, About, ReportState, Verdict

REASONS_MOST: Final = 200


def check(command: Check, state: ReportState) -> tuple[ReportChecked, ...]:
    """Nothing where this submission has its verdict already, or was taken back."""
    about = state.existing()
    if state.status != "submitted" or state.round != command.round:
        return ()
    checked = ReportChecked(
        **about.header(), **_judged(command.judgement), round=command.round, checked_at=command.now
    )
    return (checked,)


def _judged(judgement: Judgement) -> dict[str, Any]:
    return {name: getattr(judgement, name) for name in judgement.__slots__} | {
        "verdict": dict(judgement.verdict)
    }


def reevaluate(command: Reevaluate, state: ReportState) -> ReportReevaluated:
    about = state.existing()
    verdict = state.verdict_to_review()
    refuse(checks.paragraph("reason", command.reason))
    if _same(verdict, command.judgement):
        raise Refused("reevaluation.same", "按现行规则目录重新评价，结果与上一次完全相同，未作记录。")
    return ReportReevaluated(
        **about.header(),
        **_judged(command.judgement),
        round=verdict.round,
        reason=command.reason,
        by=command.by,
        reevaluated_at=command.now,
    )


def _same(verdict: Verdict, judgement: Judgement) -> bool:
    return verdict.verdict == judgement.verdict and verdict.findings == judgement.findings


def accept(command: Accept, state: ReportState) -> ReportAccepted:
    about, verdict = _reviewed(state, command.round)
    if verdict.blocking:
        sentence = "有规则判为不合格且该规则为强制性，不能接收；请退回，或先授予规则豁免后重新评价。"
        raise Refused("report.blocked", sentence)
    if command.replaced is not None and command.replaced.status != "accepted":
        raise Refused("report.replaced-before", "它要替代的报告已被另一份报告替代，不能接收；请退回。")
    if command.remark is not None:
        refuse(checks.paragraph("remark", command.remark))
    return ReportAccepted(
        **about.header(),
        round=command.round,
        remark=command.remark,
        replaces=state.replaces,
        by=command.by,
        accepted_at=command.now,
    )


def return_(command: Return, state: ReportState) -> ReportReturned:
    about, verdict = _reviewed(state, command.round)
    refuse(_reason_problems(command, verdict))
    return ReportReturned(
        **about.header(),
        round=command.round,
        reasons=command.reasons,
        by=command.by,
        returned_at=command.now,
    )


def _reviewed(state: ReportState, round_: int) -> tuple[About, Verdict]:
    """The report and its verdict, if it waits for a review of this submission."""
    about = state.existing()
    if state.status != "checked":
        raise Refused("report.not-reviewable", f"该报告{STATUSES[state.status]}，不能审核。")
    if state.round != round_:
        raise Refused("report.other-round", f"该报告已第 {state.round} 次提交，请打开最新内容后再审核。")
    return about, state.verdict_to_review()


def _reason_problems(command: Return, verdict: Verdict) -> Iterator[Problem]:
    if not command.reasons:
        yield Problem("reasons", "required", "请至少写明一条退回理由。")
    if len(command.reasons) > REASONS_MOST:
        yield Problem("reasons", "too-many", f"退回理由最多 {REASONS_MOST} 条。")
    known = set(_named(verdict))
    for number, reason in enumerate(command.reasons):
        yield from checks.paragraph(f"reasons.{number}.text", reason.text)
        if reason.code is not None and (reason.code, reason.at) not in known:
            yield Problem(
                f"reasons.{number}.code", "known", "该位置没有这条规则判定或发现，请从校核结果中选择。"
            )


def _named(verdict: Verdict) -> Iterator[tuple[str, str]]:
    """What a reason may be about: judgements by rule, findings by code, each with its place."""
    judged: Mapping[str, Any] = verdict.verdict
    yield from ((judgement["rule"], judgement["at"]) for judgement in judged["rules"])
    yield from ((finding["code"], finding["at"]) for finding in judged["findings"])
    yield from ((finding.code, finding.at) for finding in verdict.findings)


def supersede(command: Supersede, state: ReportState) -> tuple[ReportSuperseded, ...]:
    """Nothing where another report has taken its place already."""
    about = state.existing()
    if state.status != "accepted":
        return ()
    return (ReportSuperseded(**about.header(), superseded_by=command.superseded_by),)
