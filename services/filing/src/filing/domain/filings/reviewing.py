"""How a submission is reviewed: first its basics, then its resources."""

from collections.abc import Iterator

from qingyuan_events.filing import (
    Filed,
    FilingBasics,
    FilingFirstReviewPassed,
    FilingFirstReviewReturned,
    FilingReviewOpened,
    FilingSecondReviewPassed,
    FilingSecondReviewReturned,
    Remark,
    ResourceVersion,
)
from qingyuan_runtime.domain import text
from qingyuan_runtime.domain.decider import Problem, Refused
from qingyuan_runtime.domain.problems import refuse

from filing.domain.filings.basics import PEOPLE
from filing.domain.filings.commands import OpenReview, Review
from filing.domain.filings.state import FilingFact, FilingState, Submission
from filing.domain.shared.checks import MAX_LENGTH

OTHER = "other"
"""The reason in the dated list that says nothing by itself."""
REMARKABLE_BASICS = frozenset({"", *FilingBasics.model_fields, *PEOPLE})


def open_(command: OpenReview, state: FilingState) -> tuple[FilingReviewOpened, ...]:
    submission = _submission(state, command.number)
    if command.by in submission.opened_by:
        return ()
    operator_id = state.existing().operator_id
    return (FilingReviewOpened(operator_id=operator_id, number=command.number, by=command.by),)


def review(command: Review, state: FilingState) -> tuple[FilingFact, ...]:
    submission = _submission(state, command.number)
    if command.stage != submission.stage:
        raise Refused("review.stage", "该备案已不在这一步审核，请刷新后再看。")
    if command.by not in submission.opened_by:
        raise Refused("review.unopened", "请先打开该备案的内容，再作出审核结论。")
    if command.among_others and state.waits_again:
        raise Refused("review.by-itself", "该备案有退回过的内容，请打开后单独审核。")
    refuse(_problems(command, submission))
    if submission.stage == "first":
        return _first(command, state, submission)
    return _second(command, state, submission)


def _submission(state: FilingState, number: int) -> Submission:
    submission = state.waiting()
    if submission.number != number:
        raise Refused("review.superseded", "该申请已撤回或审完，机构又提交了新的申请，请刷新后再看。")
    return submission


def _first(command: Review, state: FilingState, submission: Submission) -> tuple[FilingFact, ...]:
    about = {"operator_id": state.existing().operator_id, "number": command.number, "by": command.by}
    if not command.passed:
        return (FilingFirstReviewReturned(**about, remarks=command.remarks),)
    passed = FilingFirstReviewPassed(**about)
    if submission.resources:
        return (passed,)
    return (passed, _filed(command, state, basics_version=submission.basics_version))


def _second(command: Review, state: FilingState, submission: Submission) -> tuple[FilingFact, ...]:
    about = {"operator_id": state.existing().operator_id, "number": command.number, "by": command.by}
    if not command.passed:
        returned = {remark.resource_id for remark in command.remarks}
        others = tuple(version for version in submission.resources if version.resource_id not in returned)
        return (FilingSecondReviewReturned(**about, remarks=command.remarks, passed=others),)
    basics_version = state.passed_basics if state.passed_basics != state.filed_basics else None
    filed = _filed(command, state, basics_version=basics_version, also=submission.resources)
    return (FilingSecondReviewPassed(**about), filed)


def _filed(
    command: Review,
    state: FilingState,
    *,
    basics_version: int | None,
    also: tuple[ResourceVersion, ...] = (),
) -> Filed:
    """All that has passed and is not filed yet, also in earlier submissions that were returned in part."""
    passed = {**state.passed_resources, **{version.resource_id: version for version in also}}
    new = (
        version for version in passed.values() if state.filed_resources.get(version.resource_id) != version
    )
    return Filed(
        operator_id=state.existing().operator_id,
        number=command.number,
        basics_version=basics_version,
        resources=tuple(sorted(new, key=lambda version: str(version.resource_id))),
        filed_on=command.today,
    )


def _problems(command: Review, submission: Submission) -> Iterator[Problem]:
    if command.passed and command.remarks:
        yield Problem("remarks", "passed", "通过时不能有退回意见；有意见请退回。")
    if not command.passed and not command.remarks:
        yield Problem("remarks", "required", "退回时请至少写明一条意见。")
    for number, remark in enumerate(command.remarks):
        yield from _remark(f"remarks.{number}", remark, command, submission)


def _remark(field: str, remark: Remark, command: Review, submission: Submission) -> Iterator[Problem]:
    if remark.reason not in command.reasons:
        yield Problem(f"{field}.reason", "listed", "请从列表中选择退回原因。")
    if remark.text is None and remark.reason == OTHER:
        yield Problem(f"{field}.text", "required", "选择“其他”时请写明意见。")
    if remark.text is not None:
        yield from text.problems(f"{field}.text", remark.text, MAX_LENGTH)
    if submission.stage == "first":
        if remark.resource_id is not None or remark.field not in REMARKABLE_BASICS:
            yield Problem(f"{field}.field", "basics", "初审只对备案基本信息提出意见。")
    elif remark.resource_id not in {version.resource_id for version in submission.resources}:
        yield Problem(
            f"{field}.resource_id", "submitted", "二审只对本次提交的人员、设备、车辆、备品备件提出意见。"
        )
