"""备案: begun by an operator, its basics filled in, submitted, reviewed twice, filed; changes go the same way."""

from qingyuan_events.filing import FilingBasicsChanged, FilingBegun, FilingWithdrawn
from qingyuan_runtime.domain.decider import Claim, Decider, Refused
from qingyuan_runtime.domain.problems import refuse, under

from filing.domain.filings import basics
from filing.domain.filings.commands import (
    BeginFiling,
    ChangeBasics,
    ErasePeople,
    FilingCommand,
    GiveUndertaking,
    OpenReview,
    Review,
    SubmitFiling,
    WithdrawFiling,
)
from filing.domain.filings.erasing import erase
from filing.domain.filings.reviewing import open_, review
from filing.domain.filings.standing import stand
from filing.domain.filings.state import NOUN, FilingFact, FilingState, evolve
from filing.domain.filings.submitting import submit
from filing.domain.filings.undertaking import give
from filing.domain.shared import checks


def decide(command: FilingCommand, state: FilingState) -> tuple[FilingFact, ...]:
    match command:
        case BeginFiling():
            return (_begin(command, state),)
        case ChangeBasics():
            return (_change_basics(command, state),)
        case GiveUndertaking():
            return (give(command, state),)
        case SubmitFiling():
            return (submit(command, state),)
        case WithdrawFiling():
            return (_withdraw(state),)
        case OpenReview():
            return open_(command, state)
        case Review():
            return review(command, state)
        case ErasePeople():
            return erase(command, state)
        case _:
            return stand(command, state)


def _begin(command: BeginFiling, state: FilingState) -> FilingBegun:
    if state.begun is not None and state.standing != "cancelled":
        raise Refused("filing.exists", "本机构已开始备案，请在备案管理中继续。")
    return FilingBegun(operator_id=command.operator_id, name=command.name)


def _change_basics(command: ChangeBasics, state: FilingState) -> FilingBasicsChanged:
    begun = state.existing()
    unchanged = command.basics == state.basics
    if unchanged and command.legal_representative is None and command.contact is None:
        raise Refused("correction.empty", "没有任何改动，无需提交。")
    problems = under("basics", basics.problems(command.basics, command.stored, state.basics))
    refuse((*problems, *checks.not_later("changed_on", command.changed_on, command.today)))
    return FilingBasicsChanged(
        operator_id=begun.operator_id,
        basics=command.basics,
        legal_representative=command.legal_representative,
        contact=command.contact,
        changed_on=command.changed_on,
    )


def _withdraw(state: FilingState) -> FilingWithdrawn:
    submission = state.waiting()
    return FilingWithdrawn(operator_id=state.existing().operator_id, number=submission.number)


def claims(fact: FilingFact) -> tuple[Claim, ...]:
    """A credit code belongs to one operator."""
    if isinstance(fact, FilingBasicsChanged):
        return (Claim("operator-uscc", fact.basics.uscc),)
    return ()


FILING: Decider[FilingCommand, FilingState, FilingFact] = Decider(
    noun=NOUN, initial=FilingState(), decide=decide, evolve=evolve, claims=claims
)
