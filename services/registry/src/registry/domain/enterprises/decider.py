"""排污单位: registered once, corrected, closed; its contact can be erased for good."""

from collections.abc import Iterator
from datetime import date

from qingyuan_events.registry import (
    NONE,
    EnterpriseChangeRequested,
    EnterpriseClosed,
    EnterpriseContactErased,
    EnterpriseCorrected,
    EnterpriseIdentity,
    EnterpriseParticulars,
    EnterpriseRegistered,
)
from qingyuan_runtime.domain.decider import Claim, Decider, Problem, Refused
from qingyuan_runtime.domain.problems import refuse, under

from registry.domain.enterprises.change import PendingChange, decide_change, request_change, withdraw_change
from registry.domain.enterprises.commands import (
    CloseEnterprise,
    CorrectEnterprise,
    DecideChange,
    EnterpriseCommand,
    EraseContact,
    RegisterEnterprise,
    WithdrawChange,
)
from registry.domain.enterprises.identity import identity, with_identity
from registry.domain.enterprises.state import EnterpriseFact, EnterpriseState, evolve
from registry.domain.shared import checks
from registry.domain.shared.lifetime import refuse_second, refuse_unchanged

NOUN = "enterprise"


def decide(command: EnterpriseCommand, state: EnterpriseState) -> tuple[EnterpriseFact, ...]:
    match command:
        case RegisterEnterprise():
            return (_register(command, state),)
        case CorrectEnterprise():
            return _correct(command, state)
        case CloseEnterprise():
            return (_close(command, state),)
        case EraseContact():
            return _erase(command, state)
        case DecideChange():
            return decide_change(command, state.lifetime.in_use(NOUN), state.pending)
        case WithdrawChange():
            state.lifetime.in_use(NOUN)
            return (withdraw_change(command, state.pending),)


def _register(command: RegisterEnterprise, state: EnterpriseState) -> EnterpriseRegistered:
    refuse_second(NOUN, state.lifetime)
    refuse(_registration_problems(command.particulars, command.valid_from, command.today))
    return EnterpriseRegistered(
        enterprise_id=command.enterprise_id,
        particulars=command.particulars,
        contact=command.contact,
        valid_from=command.valid_from,
    )


def _registration_problems(particulars: EnterpriseParticulars, day: date, today: date) -> Iterator[Problem]:
    yield from under("particulars", checks.enterprise(particulars, max(day, today)))
    yield from checks.first_day(day, today)


def _correct(command: CorrectEnterprise, state: EnterpriseState) -> tuple[EnterpriseFact, ...]:
    was = state.lifetime.in_use(NOUN)
    if command.contact is None:
        refuse_unchanged(was, command.particulars)
    elif command.contact.subject in state.erased:
        raise Refused("contact.erased", "该联系人信息已被永久删除，请重新填写联系人。")
    refuse(_correction_problems(command, state))
    change = _requested_change(command, identity(was))
    now = command.particulars if change is None else with_identity(command.particulars, identity(was))
    facts: tuple[EnterpriseFact, ...] = (
        *_corrected(command, was, now),
        *request_change(change, state.pending),
    )
    if not facts:
        raise Refused("correction.empty", "相同的变更正在等待确认，无需再次提交。")
    return facts


def _corrected(
    command: CorrectEnterprise, was: EnterpriseParticulars, now: EnterpriseParticulars
) -> tuple[EnterpriseCorrected, ...]:
    if command.contact is None and was == now:
        return ()
    corrected = EnterpriseCorrected(
        enterprise_id=command.enterprise_id,
        particulars=now,
        contact=command.contact,
        valid_from=command.valid_from,
        reason=command.reason,
    )
    return (corrected,)


def _requested_change(command: CorrectEnterprise, known: EnterpriseIdentity) -> PendingChange | None:
    """The part of a correction that needs confirmation; None where nothing does."""
    wanted = identity(command.particulars)
    if command.request_id is None or wanted == known:
        return None
    request = EnterpriseChangeRequested(
        enterprise_id=command.enterprise_id,
        request_id=command.request_id,
        wanted=wanted,
        valid_from=command.valid_from,
        reason=command.reason,
    )
    return PendingChange(request=request, known=known)


def _correction_problems(command: CorrectEnterprise, state: EnterpriseState) -> Iterator[Problem]:
    yield from under("particulars", checks.enterprise(command.particulars, command.today))
    yield from checks.correction(command, state.lifetime.valid_from)


def _close(command: CloseEnterprise, state: EnterpriseState) -> EnterpriseClosed:
    state.lifetime.in_use(NOUN)
    refuse(checks.ending(command, state.lifetime.valid_from))
    return EnterpriseClosed(
        enterprise_id=command.enterprise_id, valid_to=command.valid_to, reason=command.reason
    )


def _erase(command: EraseContact, state: EnterpriseState) -> tuple[EnterpriseContactErased, ...]:
    """One fact for each contact that can still be read; none where all are gone."""
    refuse(checks.reason(command.reason))
    return tuple(
        EnterpriseContactErased(enterprise_id=command.enterprise_id, subject=subject, reason=command.reason)
        for subject in state.readable_contacts()
    )


def claims(fact: EnterpriseFact) -> tuple[Claim, ...]:
    """A credit code and a permit number belong to one enterprise and are never used again."""
    match fact:
        case EnterpriseRegistered() | EnterpriseCorrected():
            permit = fact.particulars.permit_number
            permits = () if permit == NONE else (Claim("permit-number", permit),)
            return (Claim("uscc", fact.particulars.uscc), *permits)
        case _:
            return ()


ENTERPRISE: Decider[EnterpriseCommand, EnterpriseState, EnterpriseFact] = Decider(
    noun=NOUN,
    initial=EnterpriseState(),
    decide=decide,
    evolve=evolve,
    claims=claims,
    closes=lambda fact: isinstance(fact, EnterpriseClosed),
)
