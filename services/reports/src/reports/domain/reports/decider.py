"""报告: drafted, handed in, checked by the rules, and accepted or returned."""

from typing import Final
from uuid import UUID

from qingyuan_events.reports import ReportAccepted, ReportResubmitted, ReportSubmitted, ReportWithdrawn
from qingyuan_runtime.domain.decider import Claim, Decider

from reports.domain.reports import drafting, reviewing
from reports.domain.reports.commands import (
    Accept,
    AttachFile,
    AttachOriginal,
    Change,
    Check,
    Draft,
    Reevaluate,
    RemoveOriginal,
    ReportCommand,
    Return,
    Submit,
    Supersede,
    Withdraw,
)
from reports.domain.reports.state import INITIAL, ReportFacts, ReportState, evolve

NOUN: Final = "report"
OwnersCommand = Draft | Change | AttachFile | AttachOriginal | RemoveOriginal | Submit | Withdraw


def decide(command: ReportCommand, state: ReportState) -> tuple[ReportFacts, ...]:
    match command:
        case Check():
            return reviewing.check(command, state)
        case Supersede():
            return reviewing.supersede(command, state)
        case Reevaluate():
            return (reviewing.reevaluate(command, state),)
        case Accept():
            return (reviewing.accept(command, state),)
        case Return():
            return (reviewing.return_(command, state),)
        case _:
            return (_of_the_operator(command, state),)


def _of_the_operator(command: OwnersCommand, state: ReportState) -> ReportFacts:
    match command:
        case Draft():
            return drafting.draft(command, state)
        case Change():
            return drafting.change(command, state)
        case AttachFile():
            return drafting.attach_file(command, state)
        case AttachOriginal():
            return drafting.attach_original(command, state)
        case RemoveOriginal():
            return drafting.remove_original(command, state)
        case Submit():
            return drafting.submit(command, state)
        case Withdraw():
            return drafting.withdraw(command, state)


def claims(fact: ReportFacts) -> tuple[Claim, ...]:
    """报告编号 belongs to one report of its operator, from when it is handed in; a place is taken by one report."""
    match fact:
        case ReportSubmitted() | ReportResubmitted():
            return (Claim("report-number", f"{fact.operator_id}/{fact.number.upper()}"),)
        case ReportAccepted(replaces=UUID() as replaced):
            return (Claim("report-place", str(replaced)),)
        case _:
            return ()


def releases(fact: ReportFacts) -> bool:
    """A resubmission claims anew, since its number may be another one."""
    return isinstance(fact, ReportResubmitted | ReportWithdrawn)


REPORT: Final[Decider[ReportCommand, ReportState, ReportFacts]] = Decider(
    noun=NOUN, initial=INITIAL, decide=decide, evolve=evolve, claims=claims, releases=releases
)
