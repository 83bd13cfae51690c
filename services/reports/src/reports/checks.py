"""Reacts to what this service itself has announced: a submission is judged, and what a report replaces is superseded.

A reaction and no part of the request, so that a check is never lost when a process dies after the submission; its
command id follows from the submission, so that it is never doubled either.
"""

from collections.abc import Awaitable, Callable
from typing import Final

from qingyuan_events import Fact, Recorded
from qingyuan_events.reports import ReportAccepted, ReportResubmitted, ReportSubmitted
from qingyuan_runtime.log.causes import Withdrawn, caused_by
from qingyuan_runtime.log.handling import handle, load
from qingyuan_runtime.log.store import EventStore
from qingyuan_runtime.reacting.reactions import OnWithdrawn, React
from qingyuan_runtime.reacting.timers import Clock

from reports.domain.reports.commands import Check, Supersede
from reports.domain.reports.decider import REPORT
from reports.judging import judgement_of
from reports.shared.repository import Knowledge

NAME: Final = "checks"
SCHEMA: Final = "reaction_checks"
KnowledgeOf = Callable[[EventStore], Awaitable[Knowledge]]


def reaction(knowledge_of: KnowledgeOf) -> Callable[[EventStore, Clock], React]:
    """`knowledge_of` opens what a check looks up."""

    def made(store: EventStore, clock: Clock) -> React:
        async def react(recorded: Recorded[Fact]) -> None:
            match recorded.fact:
                case ReportSubmitted() | ReportResubmitted():
                    await _check(await knowledge_of(store), clock, recorded, recorded.fact)
                case ReportAccepted(replaces=replaced, report_id=report_id) if replaced:
                    command = Supersede(superseded_by=report_id)
                    await handle(store, REPORT, REPORT.stream(replaced), command, caused_by(recorded, NAME))
                case _:
                    pass

        return react

    return made


async def _check(
    knowledge: Knowledge,
    clock: Clock,
    recorded: Recorded[Fact],
    submission: ReportSubmitted | ReportResubmitted,
) -> None:
    """Nothing where this submission has its verdict, or was taken back: then the document may be another one by now."""
    _, state = await load(knowledge.store, REPORT, recorded.stream)
    if state.status != "submitted" or state.round != submission.round:
        return
    judgement = await judgement_of(knowledge, state)
    command = Check(round=submission.round, judgement=judgement, now=clock())
    await handle(knowledge.store, REPORT, recorded.stream, command, caused_by(recorded, NAME))


def withdrawal(knowledge_of: KnowledgeOf) -> Callable[[EventStore, Clock], OnWithdrawn]:
    """After a restore of the own log: a submission that was kept may have lost its verdict. The kept facts are handled again."""

    def made(store: EventStore, clock: Clock) -> OnWithdrawn:
        react = reaction(knowledge_of)(store, clock)

        async def withdrawn(lost: Withdrawn) -> None:
            for recorded in lost.facts:
                await react(recorded)

        return withdrawn

    return made
