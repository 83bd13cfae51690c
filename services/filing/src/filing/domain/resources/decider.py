"""人员、设备、车辆、备品备件: added to a filing, corrected, its papers renewed or revoked, ended."""

from collections.abc import Iterator
from datetime import timedelta
from uuid import UUID

from qingyuan_events.filing import (
    DeviceParticulars,
    Paper,
    PersonParticulars,
    ResourceAdded,
    ResourceCorrected,
    ResourceEnded,
    ResourcePaperEnding,
    ResourcePaperRenewed,
    ResourcePaperRevoked,
    ResourceParticulars,
    ResourcePersonErased,
    SparePartParticulars,
    VehicleParticulars,
    renewed,
)
from qingyuan_runtime.domain.decider import Claim, Decider, Missing, Problem, Refused
from qingyuan_runtime.domain.problems import refuse, under

from filing.domain.resources import papers, particulars
from filing.domain.resources.commands import (
    AddResource,
    CorrectResource,
    EndResource,
    ErasePerson,
    NotePaperEnding,
    RenewPaper,
    ResourceCommand,
    RevokePaper,
)
from filing.domain.resources.state import NOUN, ResourceFact, ResourceState, evolve
from filing.domain.shared import checks
from filing.domain.shared.changes import is_kept


def decide(command: ResourceCommand, state: ResourceState) -> tuple[ResourceFact, ...]:
    match command:
        case AddResource():
            return (_add(command, state),)
        case CorrectResource():
            return (_correct(command, state),)
        case RenewPaper():
            return (_renew(command, state),)
        case RevokePaper():
            return (_revoke(command, state),)
        case NotePaperEnding():
            return _note_ending(command, state)
        case EndResource():
            return (_end(command, state),)
        case ErasePerson():
            return _erase(command, state)


def _add(command: AddResource, state: ResourceState) -> ResourceAdded:
    if state.particulars is not None:
        raise Refused(f"{NOUN}.exists", "该条目已登记，不能重复登记。")
    refuse((*_person(command.particulars, command.person is not None), *_problems(command, ())))
    return ResourceAdded(
        operator_id=command.operator_id,
        resource_id=command.resource_id,
        particulars=command.particulars,
        person=command.person,
        changed_on=command.changed_on,
    )


def _correct(command: CorrectResource, state: ResourceState) -> ResourceCorrected:
    was = state.in_use()
    if command.particulars == was and command.person is None:
        raise Refused("correction.empty", "没有任何改动，无需提交。")
    refuse(_correction_problems(command, state, was))
    return ResourceCorrected(
        operator_id=state.operator_id,
        resource_id=state.resource_id,
        particulars=command.particulars,
        person=command.person,
        changed_on=command.changed_on,
        reason=command.reason,
    )


def _correction_problems(
    command: CorrectResource, state: ResourceState, was: ResourceParticulars
) -> Iterator[Problem]:
    if command.particulars.kind != was.kind:
        yield Problem("particulars.kind", "immutable", "条目的类别不能更改；请停用后另行登记。")
    yield from _problems(command, was.papers)
    yield from _person(command.particulars, state.person is not None or command.person is not None)
    yield from checks.reason(command.reason)
    for paper in command.particulars.papers:
        if paper.paper_id in state.revoked and paper != state.paper(paper.paper_id):
            yield Problem("particulars.papers", "revoked", "已被撤销的证件不能修改；请另行登记新的证件。")


def _problems(command: AddResource | CorrectResource, known: tuple[Paper, ...]) -> Iterator[Problem]:
    yield from under("particulars", particulars.problems(command.particulars, command.today))
    yield from under("particulars", papers.problems(command.particulars, command.stored, known))
    yield from checks.not_later("changed_on", command.changed_on, command.today)


def _person(sent: ResourceParticulars, named: bool) -> Iterator[Problem]:
    if isinstance(sent, PersonParticulars) and not named:
        yield Problem("name", "required", "请填写姓名。")
    elif named and not isinstance(sent, PersonParticulars):
        yield Problem("name", "person-only", "只有人员有姓名。")


def _renew(command: RenewPaper, state: ResourceState) -> ResourcePaperRenewed:
    was = state.in_use()
    refuse(_renewal_problems(command, state, was))
    return ResourcePaperRenewed(
        operator_id=state.operator_id,
        resource_id=state.resource_id,
        paper=command.paper,
        replaces=command.replaces,
        changed_on=command.changed_on,
    )


def _renewal_problems(
    command: RenewPaper, state: ResourceState, was: ResourceParticulars
) -> Iterator[Problem]:
    if command.replaces is not None and state.paper(command.replaces) is None:
        yield Problem("replaces", "known", "没有找到要更换的证件。")
    if state.paper(command.paper.paper_id) is not None:
        yield Problem("paper", "repeated", "这份证件已登记。")
        return
    kept = renewed(was.papers, command.paper, command.replaces)
    after = was.model_copy(update={"papers": kept})
    new = f"papers.{len(kept) - 1}"
    for problem in papers.problems(after, command.stored, was.papers):
        field = problem.field.replace(new, "paper", 1) if problem.field.startswith(new) else "paper"
        yield Problem(field, problem.rule, problem.sentence)
    yield from checks.not_later("changed_on", command.changed_on, command.today)


def _revoke(command: RevokePaper, state: ResourceState) -> ResourcePaperRevoked:
    if command.paper_id not in state.stated:
        raise Missing("paper")
    if command.paper_id in state.revoked:
        raise Refused("paper.revoked", "这份证件已被撤销。")
    refuse((*checks.not_later("first_day", command.first_day, command.today), *checks.reason(command.reason)))
    return ResourcePaperRevoked(
        operator_id=state.operator_id,
        resource_id=state.resource_id,
        paper_id=command.paper_id,
        first_day=command.first_day,
        reason=command.reason,
    )


def _note_ending(command: NotePaperEnding, state: ResourceState) -> tuple[ResourcePaperEnding, ...]:
    """Nothing where the paper was replaced, revoked or corrected meanwhile, or the reminder was given."""
    paper = state.paper(command.paper_id)
    if paper is None or paper.valid_to is None or state.ended_on or command.paper_id in state.revoked:
        return ()
    given = (command.paper_id, paper.valid_to, command.days) in state.reminded
    if given or command.today < paper.valid_to - timedelta(days=command.days):
        return ()
    return (
        ResourcePaperEnding(
            operator_id=state.operator_id,
            resource_id=state.resource_id,
            paper_id=command.paper_id,
            valid_to=paper.valid_to,
            days=command.days,
        ),
    )


def _end(command: EndResource, state: ResourceState) -> ResourceEnded:
    state.in_use()
    refuse((*checks.not_later("last_day", command.last_day, command.today), *checks.reason(command.reason)))
    return ResourceEnded(
        operator_id=state.operator_id,
        resource_id=state.resource_id,
        last_day=command.last_day,
        reason=command.reason,
    )


def _erase(command: ErasePerson, state: ResourceState) -> tuple[ResourcePersonErased, ...]:
    """Nothing where there is no name, or it is erased, or must still be kept."""
    if state.person is None or state.is_erased or state.ended_on is None:
        return ()
    if is_kept(state.ended_on, command.years, command.today):
        return ()
    return (
        ResourcePersonErased(
            operator_id=state.operator_id,
            resource_id=state.resource_id,
            subject=state.person,
            reason=command.reason,
        ),
    )


def claims(fact: ResourceFact) -> tuple[Claim, ...]:
    """A plate, a certificate's number, an account, the id of a paper, and a device's serial number within its operator
    belong to one resource."""
    match fact:
        case ResourceAdded() | ResourceCorrected():
            identity = _identity(fact.particulars, fact.operator_id)
            return (*identity, *_of_papers(fact.particulars.papers))
        case ResourcePaperRenewed():
            return _of_papers((fact.paper,))
        case _:
            return ()


def _identity(sent: ResourceParticulars, operator_id: UUID) -> tuple[Claim, ...]:
    match sent:
        case VehicleParticulars():
            return (Claim("plate", sent.plate),)
        case DeviceParticulars():
            serial = f"{operator_id} {len(sent.model)} {sent.model} {sent.serial_number}"
            return (Claim("device-serial", serial),)
        case PersonParticulars() if sent.account_id:
            return (Claim("filed-account", str(sent.account_id)),)
        case PersonParticulars() | SparePartParticulars():
            return ()


def _of_papers(papers: tuple[Paper, ...]) -> tuple[Claim, ...]:
    """Numbers of people's certificates only, however they are typed: other papers are numbered by many laboratories, each in
    its own way."""
    numbers = tuple(
        Claim("certificate-number", "".join(paper.number.split()).upper())
        for paper in papers
        if paper.kind == "competence_certificate" and paper.number
    )
    return (*numbers, *(Claim("paper", str(paper.paper_id)) for paper in papers))


def releases(fact: ResourceFact) -> bool:
    """What a correction no longer states is free for others, and all of what has ended."""
    return isinstance(fact, ResourceCorrected | ResourceEnded)


RESOURCE: Decider[ResourceCommand, ResourceState, ResourceFact] = Decider(
    noun=NOUN,
    initial=ResourceState(),
    decide=decide,
    evolve=evolve,
    claims=claims,
    parent=lambda fact: f"filing-{fact.operator_id}",
    releases=releases,
)
