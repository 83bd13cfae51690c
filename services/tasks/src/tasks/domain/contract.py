"""运维合同: submitted once, then only supplemented. It says who may work where, and until when."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Final
from uuid import UUID

from qingyuan_events.parts import FileRef
from qingyuan_events.tasks import ContractParticulars, ContractSubmitted, ContractSupplemented
from qingyuan_runtime.decider import Claim, Decider, Problem, Refused

from tasks.domain import checks
from tasks.places.place import Enterprise

NOUN: Final = "contract"
MAX_POINTS: Final = 50
MAX_DAYS: Final = 3653
NUMBER_LENGTH: Final = 50
ContractFact = ContractSubmitted | ContractSupplemented


@dataclass(frozen=True, slots=True)
class SubmitContract:
    contract_id: UUID
    operator_id: UUID
    enterprise: Enterprise
    particulars: ContractParticulars
    files: tuple[FileRef, ...]
    today: date


@dataclass(frozen=True, slots=True)
class SupplementContract:
    contract_id: UUID
    text: str
    files: tuple[FileRef, ...]


ContractCommand = SubmitContract | SupplementContract


ContractState = ContractSubmitted | None
"""The contract as it was submitted; None: there is no such contract."""


def decide(command: ContractCommand, state: ContractState) -> tuple[ContractFact, ...]:
    match command:
        case SubmitContract():
            return (_submit(command, state),)
        case SupplementContract():
            return (_supplement(command, state),)


def _submit(command: SubmitContract, state: ContractState) -> ContractSubmitted:
    if state is not None:
        raise Refused("contract.exists", "该合同已提交，不能重复提交。")
    checks.refuse(_problems(command))
    return ContractSubmitted(
        contract_id=command.contract_id,
        operator_id=command.operator_id,
        enterprise_id=command.enterprise.enterprise_id,
        district=command.enterprise.district,
        particulars=command.particulars,
        files=command.files,
    )


def _problems(command: SubmitContract) -> Iterator[Problem]:
    particulars = command.particulars
    yield from checks.under("particulars", _particulars(particulars))
    day = max(particulars.first_day, command.today)
    yield from checks.under("particulars", _points(particulars.points, command.enterprise, day))
    yield from checks.attachments(command.files)


def _particulars(particulars: ContractParticulars) -> Iterator[Problem]:
    yield from checks.line("number", particulars.number, NUMBER_LENGTH)
    yield from checks.line("name", particulars.name)
    yield from checks.line("operator_name", particulars.operator_name)
    if particulars.summary is not None:
        yield from checks.paragraph("summary", particulars.summary)
    yield from checks.period(particulars.first_day, particulars.last_day, MAX_DAYS)
    yield from checks.amount("amount", particulars.amount)
    yield from checks.amount("subcontract_amount", particulars.subcontract_amount)
    yield from _subcontracting(particulars)


def _subcontracting(particulars: ContractParticulars) -> Iterator[Problem]:
    amount, whole = particulars.subcontract_amount, particulars.amount
    if amount is not None and not particulars.subcontracted:
        yield Problem("subcontract_amount", "subcontracted", "没有分包的合同不能填写分包金额。")
    elif amount is not None and whole is not None and amount > whole:
        yield Problem("subcontract_amount", "within-amount", "分包金额不能大于合同金额。")


def _points(points: tuple[UUID, ...], enterprise: Enterprise, day: date) -> Iterator[Problem]:
    yield from checks.listed("points", points, MAX_POINTS, "测点")
    if len(points) > MAX_POINTS:
        return
    places = {one.point_id: one for one in enterprise.points}
    for number, point_id in enumerate(points):
        place = places.get(point_id)
        if place is None:
            sentence = f"第 {number + 1} 个测点没有登记，或不属于该排污单位。"
            yield Problem(f"points.{number}", "of-enterprise", sentence)
        elif not place.is_open(day):
            yield Problem(f"points.{number}", "open", f"测点“{place.name}”已停用，不能签入合同。")


def _supplement(command: SupplementContract, state: ContractState) -> ContractSupplemented:
    if state is None:
        raise Refused("contract.missing", "没有找到要操作的对象，或您无权查看。")
    checks.refuse(_supplement_problems(command))
    return ContractSupplemented(
        contract_id=command.contract_id,
        operator_id=state.operator_id,
        enterprise_id=state.enterprise_id,
        district=state.district,
        text=command.text,
        files=command.files,
    )


def _supplement_problems(command: SupplementContract) -> Iterator[Problem]:
    yield from checks.paragraph("text", command.text)
    yield from checks.attachments(command.files)


def evolve(state: ContractState, fact: ContractFact) -> ContractState:
    match fact:
        case ContractSubmitted():
            return fact
        case ContractSupplemented():
            return state


def claims(fact: ContractFact) -> tuple[Claim, ...]:
    match fact:
        case ContractSubmitted():
            return (Claim("contract-number", f"{fact.operator_id}/{fact.particulars.number}"),)
        case ContractSupplemented():
            return ()


CONTRACT: Decider[ContractCommand, ContractState, ContractFact] = Decider(
    noun=NOUN, initial=None, decide=decide, evolve=evolve, claims=claims
)
