"""规则豁免: granted by a regulator for a time, and perhaps ended before it is over."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Final

from qingyuan_events.reports import AppliedExemption, ExemptionEnded, ExemptionGranted
from qingyuan_runtime.domain import text
from qingyuan_runtime.domain.decider import Decider, Missing, Problem, Refused
from qingyuan_runtime.domain.problems import refuse
from qingyuan_standards.factors import FACTORS

from reports.domain import checks
from reports.domain.exemptions.commands import End, ExemptionCommand, Grant

NOUN: Final = "exemption"
DAYS_MOST: Final = 3653
TEXT_MOST: Final = 1_000
ExemptionFacts = ExemptionGranted | ExemptionEnded


@dataclass(frozen=True, slots=True)
class ExemptionState:
    granted: ExemptionGranted | None = None
    ended: ExemptionEnded | None = None

    def existing(self) -> ExemptionGranted:
        """Raises `Missing` when there is no such exemption."""
        if self.granted is None:
            raise Missing(NOUN)
        return self.granted

    @property
    def last_day(self) -> date:
        return self.ended.last_day if self.ended else self.existing().last_day

    def applied(self) -> AppliedExemption:
        """As it is told to the rules."""
        granted = self.existing()
        return AppliedExemption(
            exemption_id=granted.exemption_id,
            rule=granted.rule,
            point_id=granted.point_id,
            factor=granted.factor,
            first_day=granted.first_day,
            last_day=self.last_day,
        )


def decide(command: ExemptionCommand, state: ExemptionState) -> tuple[ExemptionFacts, ...]:
    match command:
        case Grant():
            return (_grant(command, state),)
        case End():
            return (_end(command, state),)


def _grant(command: Grant, state: ExemptionState) -> ExemptionGranted:
    if state.granted is not None:
        raise Refused("exemption.exists", "该豁免已授予，不能重复操作。")
    refuse(_problems(command))
    said = {name: getattr(command, name) for name in ExemptionGranted.model_fields}
    return ExemptionGranted(**said)


def _problems(command: Grant) -> Iterator[Problem]:
    if command.rule not in command.rules:
        yield Problem("rule", "known", "规则目录中没有这条规则。")
    if command.factor is not None and command.factor not in FACTORS:
        yield Problem("factor", "known", "没有这个监测因子，请从列表中选择。")
    if command.reason_code not in command.reason_codes:
        yield Problem("reason_code", "known", "请从列出的豁免原因中选择。")
    yield from _period(command)
    yield from text.problems("text", command.text, TEXT_MOST, breaks=True)
    if command.document_number is not None:
        yield from checks.line("document_number", command.document_number)


def _period(command: Grant) -> Iterator[Problem]:
    if command.last_day < command.first_day:
        yield Problem("last_day", "not-before-start", "结束日期不能早于开始日期。")
    elif (command.last_day - command.first_day).days >= DAYS_MOST:
        yield Problem("last_day", "too-long", f"豁免期限最多 {DAYS_MOST} 天（含首尾两日）。")


def _end(command: End, state: ExemptionState) -> ExemptionEnded:
    granted = state.existing()
    if state.ended is not None:
        raise Refused("exemption.ended", f"该豁免已终止，最后一日为 {state.ended.last_day}。")
    refuse(_ending_problems(command, granted))
    return ExemptionEnded(
        enterprise_id=granted.enterprise_id,
        district=granted.district,
        exemption_id=granted.exemption_id,
        last_day=command.last_day,
        reason=command.reason,
        by=command.by,
    )


def _ending_problems(command: End, granted: ExemptionGranted) -> Iterator[Problem]:
    """Days that have passed keep their exemption, since reports were judged by it."""
    if command.last_day < command.today:
        yield Problem("last_day", "not-past", "终止日期不能早于今天。")
    elif command.last_day >= granted.last_day:
        yield Problem("last_day", "before-end", f"终止日期应早于豁免的结束日期 {granted.last_day}。")
    yield from checks.paragraph("reason", command.reason)


def evolve(state: ExemptionState, fact: ExemptionFacts) -> ExemptionState:
    match fact:
        case ExemptionGranted():
            return ExemptionState(fact)
        case ExemptionEnded():
            return ExemptionState(state.granted, fact)


EXEMPTION: Final[Decider[ExemptionCommand, ExemptionState, ExemptionFacts]] = Decider(
    noun=NOUN, initial=ExemptionState(), decide=decide, evolve=evolve
)
