"""What an operator hands in: all that is new or changed since the review that it passed, and nothing else."""

from collections.abc import Iterator

from qingyuan_events.filing import FilingSubmitted, ResourceVersion
from qingyuan_runtime.domain.decider import Problem, Refused
from qingyuan_runtime.domain.problems import refuse, under

from filing.domain.filings import basics
from filing.domain.filings.commands import SubmitFiling
from filing.domain.filings.state import FilingState
from filing.domain.resources import leases, papers
from filing.domain.resources.state import ResourceState
from filing.domain.shared.changes import Change, last_day_to_report


def submit(command: SubmitFiling, state: FilingState) -> FilingSubmitted:
    """A locked operator first asks for its reactivation; what it then hands in is looked at together with that.

    It may hold nothing new: what was returned beside what passed has ended meanwhile, and the rest is to be filed.
    """
    begun = state.existing()
    if state.standing == "locked":
        raise Refused(
            "submission.locked", "备案已锁定，不能提交审核；请先申请激活，申请后即可提交更新的内容。"
        )
    if state.submission is not None:
        raise Refused("filing.waiting", "已有内容在审核中，审完或撤回后才能再次提交。")
    changed = tuple(resource for resource in command.resources.values() if _changed(resource, state))
    has_new_basics = state.basics_version > state.passed_basics
    if state.basics is not None and not (has_new_basics or changed or state.has_passed_unfiled):
        raise Refused("submission.empty", "没有需要审核的改动。")
    refuse(_problems(command, state, changed))
    return FilingSubmitted(
        operator_id=begun.operator_id,
        number=state.submissions + 1,
        basics_version=state.basics_version if has_new_basics else None,
        resources=tuple(sorted(map(_version, changed), key=lambda version: str(version.resource_id))),
        late=state.is_filed and _is_late(command, state, changed),
    )


def _changed(resource: ResourceState, state: FilingState) -> bool:
    """What was never filed and has ended meanwhile needs no review."""
    passed = state.passed_version(resource.resource_id)
    if resource.particulars is None or (passed == 0 and resource.ended_on is not None):
        return False
    return resource.changes[-1].version > passed


def _version(resource: ResourceState) -> ResourceVersion:
    assert resource.particulars is not None
    return ResourceVersion(
        resource_id=resource.resource_id, kind=resource.particulars.kind, version=resource.version
    )


def _problems(
    command: SubmitFiling, state: FilingState, changed: tuple[ResourceState, ...]
) -> Iterator[Problem]:
    yield from basics.missing_for_submission(state.basics, state.people)
    if state.undertaking is None:
        yield Problem("undertaking", "required", "请先签署书面承诺。")
    name = state.basics.name if state.basics else ""
    for resource in changed:
        if resource.particulars is not None and resource.ended_on is None:
            missing = papers.missing_for_submission(resource.particulars, name)
            short = leases.problems(resource.particulars, resource.revoked, command.contracts)
            yield from under(f"resources.{resource.resource_id}", (*missing, *short))


def _is_late(command: SubmitFiling, state: FilingState, changed: tuple[ResourceState, ...]) -> bool:
    return any(
        last_day_to_report(change.changed_on, command.term_months) < command.today
        for change in (*state.basics_changes, *_unreported(state, changed))
    )


def _unreported(state: FilingState, changed: tuple[ResourceState, ...]) -> Iterator[Change]:
    for resource in changed:
        passed = state.passed_version(resource.resource_id)
        yield from (change for change in resource.changes if change.version > passed)
