"""运维合同: submitted by the operator, confirmed or declined by the enterprise, then ended.

It says who may work where, and until when. It has no effect until the enterprise has confirmed it. A supplement adds to
it; nothing changes it.
"""

from collections.abc import Iterator
from datetime import date, datetime
from typing import Final, TypedDict
from uuid import UUID

from qingyuan_events.tasks import (
    ContractConfirmed,
    ContractDeclined,
    ContractEnded,
    ContractReminded,
    ContractSubmission,
    ContractSubmitted,
    ContractSubmittedV3,
    ContractSupplemented,
    ContractTerms,
)
from qingyuan_runtime.domain.decider import Claim, Decider, Problem, Refused
from qingyuan_runtime.domain.problems import refuse, under
from qingyuan_standards.dated import setting
from qingyuan_standards.days import local_day

from tasks.domain import checks
from tasks.domain.contracts.commands import (
    ConfirmContract,
    ContractCommand,
    DeclineContract,
    EndContract,
    RemindOfContract,
    SubmitContract,
    SupplementContract,
)
from tasks.domain.contracts.state import ContractFact, ContractState, evolve, terms_of
from tasks.domain.register import EnterpriseCopy

NOUN: Final = "contract"
MAX_DAYS: Final = 3653
NUMBER_LENGTH: Final = 50
MAX_SUPPLEMENTS: Final = 200


class ContractHeader(TypedDict):
    """The fields that every event of a contract has in common."""

    contract_id: UUID
    operator_id: UUID
    enterprise_id: UUID
    district: str


def decide(command: ContractCommand, state: ContractState) -> tuple[ContractFact, ...]:
    match command:
        case SubmitContract():
            return (_submit(command, state),)
        case SupplementContract():
            return (_supplement(command, state),)
        case RemindOfContract():
            return _remind(command, state)
        case ConfirmContract():
            return (_confirm(command, state),)
        case DeclineContract():
            return (_decline(command, state),)
        case EndContract():
            return (_end(command, state),)


def _submit(command: SubmitContract, state: ContractState) -> ContractSubmittedV3:
    if state.submitted is not None:
        raise Refused("contract.exists", "该合同已提交，不能重复提交。")
    refuse(_problems(command))
    return ContractSubmittedV3(
        contract_id=command.contract_id,
        operator_id=command.operator_id,
        enterprise_id=command.enterprise.enterprise_id,
        district=command.enterprise.district,
        terms=command.terms,
        replaces=command.replaces,
        files=command.files,
    )


def _problems(command: SubmitContract) -> Iterator[Problem]:
    yield from under("particulars", _terms(command.terms))
    yield from checks.attachments(command.files)


def _terms(terms: ContractTerms) -> Iterator[Problem]:
    yield from checks.line("number", terms.number, NUMBER_LENGTH)
    yield from checks.line("name", terms.name)
    if terms.summary is not None:
        yield from checks.paragraph("summary", terms.summary)
    yield from checks.period(terms.first_day, terms.last_day, MAX_DAYS)
    yield from checks.amount("amount", terms.amount)
    yield from checks.amount("subcontract_amount", terms.subcontract_amount)
    yield from _subcontracting(terms)


def _subcontracting(terms: ContractTerms) -> Iterator[Problem]:
    amount, contract_amount = terms.subcontract_amount, terms.amount
    if amount is not None and not terms.subcontracted:
        yield Problem("subcontract_amount", "subcontracted", "没有分包的合同不能填写分包金额。")
    elif amount is not None and contract_amount is not None and amount > contract_amount:
        yield Problem("subcontract_amount", "within-amount", "分包金额不能大于合同金额。")


def _supplement(command: SupplementContract, state: ContractState) -> ContractSupplemented:
    submission = state.existing()
    if state.supplements >= MAX_SUPPLEMENTS:
        raise Refused("contract.full", f"一份合同最多补充 {MAX_SUPPLEMENTS} 次，请另行提交合同。")
    refuse(_supplement_problems(command))
    return ContractSupplemented(**_header(submission), text=command.text, files=command.files)


def _supplement_problems(command: SupplementContract) -> Iterator[Problem]:
    yield from checks.paragraph("text", command.text)
    yield from checks.attachments(command.files)


def _remind(command: RemindOfContract, state: ContractState) -> tuple[ContractReminded, ...]:
    """No reminder once the enterprise has answered, nor after the contract's last day: an answer would change nothing then."""
    submission = state.existing()
    is_over = local_day(command.now) > terms_of(submission).last_day
    if state.status != "submitted" or command.number != state.reminders + 1 or is_over:
        return ()
    if _is_too_soon(command.now, state.reminded_at):
        return ()
    return (ContractReminded(**_header(submission), number=command.number, reminded_at=command.now),)


def _is_too_soon(now: datetime, reminded_at: datetime | None) -> bool:
    """Guards against a server clock that is wrong and far ahead: every next reminder would then be due at once.

    A last reminder later than now was recorded under such a clock, so it is ignored.
    """
    if reminded_at is None or now < reminded_at:
        return False
    day = local_day(now)
    return (day - local_day(reminded_at)).days < int(setting("contract_reminder_every_days", day).value)


def _confirm(command: ConfirmContract, state: ContractState) -> ContractConfirmed:
    """A declined contract can still be confirmed: the refusal may have been a mistake, or a supplement has settled its reason."""
    submission = state.existing()
    _refuse_confirmed(state)
    if command.is_replaced:
        raise Refused("contract.replaced", "该合同被拒绝后，运维机构已用同一编号另行提交合同，不能再确认。")
    day = max(terms_of(submission).first_day, command.today)
    refuse(_points(command.points, command.enterprise, day))
    return ContractConfirmed(**_header(submission), points=command.points)


def _refuse_confirmed(state: ContractState) -> None:
    if state.status == "confirmed":
        raise Refused("contract.confirmed", "该合同已确认。如不再履行，请终止合同。")
    if state.status == "ended":
        raise Refused("contract.ended", f"该合同已终止，最后履行日为 {state.ended_on}。")


def _points(points: tuple[UUID, ...], enterprise: EnterpriseCopy, day: date) -> Iterator[Problem]:
    yield from checks.listed("points", points, checks.MAX_POINTS, "测点")
    if len(points) > checks.MAX_POINTS:
        return
    registered = {point.point_id: point for point in enterprise.points}
    for number, point_id in enumerate(points):
        point = registered.get(point_id)
        if point is None:
            sentence = f"第 {number + 1} 个测点没有登记，或不属于本单位。"
            yield Problem(f"points.{number}", "of-enterprise", sentence)
        elif not point.is_open(day):
            yield Problem(f"points.{number}", "open", f"测点“{point.name}”已停用，不能交付运维。")


def _decline(command: DeclineContract, state: ContractState) -> ContractDeclined:
    submission = state.existing()
    _refuse_confirmed(state)
    if state.status == "declined":
        raise Refused("contract.declined", "该合同已拒绝，不需重复操作。")
    refuse(checks.paragraph("reason", command.reason))
    return ContractDeclined(**_header(submission), reason=command.reason)


def _end(command: EndContract, state: ContractState) -> ContractEnded:
    agreement = state.agreement()
    if state.status == "ended":
        _refuse_confirmed(state)
    refuse(_ending_problems(command, agreement.last_day))
    return ContractEnded(**_header(state.existing()), last_day=command.last_day, reason=command.reason)


def _ending_problems(command: EndContract, last_day: date) -> Iterator[Problem]:
    # A phone without a network may still hold work of today and before, which the contract must cover.
    if command.last_day < command.today:
        yield Problem("last_day", "not-past", "终止日期不能早于今天：已完成的运维不受影响。")
    elif command.last_day >= last_day:
        yield Problem("last_day", "before-end", f"终止日期应早于合同的结束日期 {last_day}。")
    yield from checks.paragraph("reason", command.reason)


def _header(submission: ContractSubmission) -> ContractHeader:
    return ContractHeader(
        contract_id=submission.contract_id,
        operator_id=submission.operator_id,
        enterprise_id=submission.enterprise_id,
        district=submission.district,
    )


def number_claim(operator_id: UUID, number: str) -> Claim:
    return Claim("contract-number", f"{operator_id}/{number}")


def next_claim(contract_id: UUID) -> Claim:
    """The right to use the number of this contract after it.

    The contract that uses the number again claims it; a confirmed contract claims it for itself, so nobody else can.
    """
    return Claim("contract-number", f"after {contract_id}")


def claims(fact: ContractFact) -> tuple[Claim, ...]:
    match fact:
        case ContractSubmitted():
            return (number_claim(fact.operator_id, terms_of(fact).number),)
        case ContractSubmittedV3(replaces=None):
            return (number_claim(fact.operator_id, fact.terms.number),)
        case ContractSubmittedV3(replaces=UUID() as declined):
            return (next_claim(declined),)
        case ContractConfirmed():
            return (next_claim(fact.contract_id),)
        case _:
            return ()


CONTRACT: Decider[ContractCommand, ContractState, ContractFact] = Decider(
    noun=NOUN, initial=ContractState(), decide=decide, evolve=evolve, claims=claims
)
