"""仪器: registered at a point, corrected, replaced by a new one, retired; its operator can change."""

from collections.abc import Iterator
from uuid import UUID

from qingyuan_events.registry import (
    FlueGasAnalyser,
    InstrumentCorrected,
    InstrumentOperatorChanged,
    InstrumentParticulars,
    InstrumentRegistered,
    InstrumentReplaced,
    InstrumentRetired,
    InstrumentVoided,
    Sampler,
    WastewaterAnalyser,
)
from qingyuan_runtime.domain import text
from qingyuan_runtime.domain.decider import Decider, Problem, Refused
from qingyuan_runtime.domain.problems import refuse, under

from registry.domain.instruments.commands import (
    ChangeOperator,
    CorrectInstrument,
    InstrumentCommand,
    RegisterInstrument,
    ReplaceInstrument,
    RetireInstrument,
    VoidInstrument,
)
from registry.domain.instruments.state import InstrumentFact, InstrumentState, evolve
from registry.domain.shared import checks
from registry.domain.shared.lifetime import refuse_second, refuse_unchanged

NOUN = "instrument"


def decide(command: InstrumentCommand, state: InstrumentState) -> tuple[InstrumentFact, ...]:
    match command:
        case RegisterInstrument():
            return (_register(command, state),)
        case CorrectInstrument():
            return (_correct(command, state),)
        case ChangeOperator():
            return (_change_operator(command, state),)
        case ReplaceInstrument():
            return (_replace(command, state),)
        case RetireInstrument():
            return (_retire(command, state),)
        case VoidInstrument():
            return (_void(command, state),)


def _register(command: RegisterInstrument, state: InstrumentState) -> InstrumentRegistered:
    refuse_second(NOUN, state.lifetime)
    refuse(_registration_problems(command))
    _refuse_duplicate(command.duplicate_of)
    return InstrumentRegistered(
        instrument_id=command.instrument_id,
        point_id=command.point.point_id,
        enterprise_id=command.point.enterprise_id,
        particulars=command.particulars,
        valid_from=command.valid_from,
        replaces=command.replaces,
    )


def _refuse_duplicate(other: UUID | None) -> None:
    """Only until the clerk has seen the other one and goes on all the same."""
    if other is not None:
        sentence = "该测点已登记因子、型号和出厂编号都相同的在用仪器，请核对；确实是另一台时可以继续登记。"
        raise Refused("instrument.duplicate", sentence, details={"instrument_id": str(other)})


def _registration_problems(command: RegisterInstrument) -> Iterator[Problem]:
    yield from under("particulars", checks.instrument(command.particulars, command.point.medium))
    yield from checks.first_day(command.valid_from, command.today, command.point.valid_from)


def _correct(command: CorrectInstrument, state: InstrumentState) -> InstrumentCorrected:
    was = state.lifetime.in_use(NOUN)
    refuse_unchanged(was, command.particulars)
    refuse(_correction_problems(command, state, was))
    _refuse_duplicate(command.duplicate_of)
    return InstrumentCorrected(
        instrument_id=command.instrument_id,
        point_id=state.point_id,
        enterprise_id=state.enterprise_id,
        particulars=command.particulars,
        valid_from=command.valid_from,
        reason=command.reason,
    )


def _correction_problems(
    command: CorrectInstrument, state: InstrumentState, was: InstrumentParticulars
) -> Iterator[Problem]:
    if command.particulars.kind != was.kind:
        yield Problem("particulars.kind", "immutable", "仪器类别不能更改；请停用后另行登记。")
    yield from under("particulars", checks.instrument(command.particulars, command.point.medium))
    yield from checks.correction(command, state.lifetime.valid_from)


def _change_operator(command: ChangeOperator, state: InstrumentState) -> InstrumentOperatorChanged:
    was = state.lifetime.in_use(NOUN)
    if isinstance(was, Sampler):
        raise Refused("instrument.no-operator", "自动采样器没有登记运维机构。")
    refuse(_operator_problems(command, state, was))
    return InstrumentOperatorChanged(
        instrument_id=command.instrument_id,
        point_id=state.point_id,
        enterprise_id=state.enterprise_id,
        om_operator=command.om_operator,
        om_operator_previous=was.om_operator,
        valid_from=command.valid_from,
    )


def _operator_problems(
    command: ChangeOperator, state: InstrumentState, was: WastewaterAnalyser | FlueGasAnalyser
) -> Iterator[Problem]:
    yield from text.problems("om_operator", command.om_operator, checks.MAX_LENGTH)
    if command.om_operator == was.om_operator:
        yield Problem("om_operator", "changed", "与本次运维商相同，无需变更。")
    yield from checks.later_day("valid_from", command.valid_from, state.lifetime.last_change, command.today)


def _replace(command: ReplaceInstrument, state: InstrumentState) -> InstrumentReplaced:
    _check_end(command, state)
    return InstrumentReplaced(
        instrument_id=command.instrument_id,
        point_id=state.point_id,
        enterprise_id=state.enterprise_id,
        replaced_by=command.replaced_by,
        valid_to=command.valid_to,
        reason=command.reason,
    )


def _retire(command: RetireInstrument, state: InstrumentState) -> InstrumentRetired:
    _check_end(command, state)
    return InstrumentRetired(
        instrument_id=command.instrument_id,
        point_id=state.point_id,
        enterprise_id=state.enterprise_id,
        valid_to=command.valid_to,
        reason=command.reason,
    )


def _void(command: VoidInstrument, state: InstrumentState) -> InstrumentVoided:
    """One that took another's place is not voided: the other one has ended because of it."""
    state.lifetime.in_use(NOUN)
    if state.replaces is not None:
        raise Refused("instrument.replacement", "这台仪器是更换时登记的，不能作废；请修改其内容，或停用。")
    refuse(checks.reason(command.reason))
    return InstrumentVoided(
        instrument_id=command.instrument_id,
        point_id=state.point_id,
        enterprise_id=state.enterprise_id,
        reason=command.reason,
    )


def _check_end(command: ReplaceInstrument | RetireInstrument, state: InstrumentState) -> None:
    """A request for a replacement names one day, `valid_from` of the new instrument, which ends the old one."""
    state.lifetime.in_use(NOUN)
    field = "valid_from" if isinstance(command, ReplaceInstrument) else "valid_to"
    refuse(checks.ending(command, state.lifetime.last_change, field))


INSTRUMENT: Decider[InstrumentCommand, InstrumentState, InstrumentFact] = Decider(
    noun=NOUN,
    initial=InstrumentState(),
    decide=decide,
    evolve=evolve,
    parent=lambda fact: f"monitoring_point-{fact.point_id}",
    closes=lambda fact: isinstance(fact, InstrumentReplaced | InstrumentRetired),
    voids=lambda fact: isinstance(fact, InstrumentVoided),
)
