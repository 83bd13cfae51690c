"""Whatever order a phone's commands arrive in, and however often: the same visit, completed exactly once."""

from dataclasses import dataclass, replace
from datetime import timedelta
from functools import reduce
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from qingyuan_events import decode, encode
from qingyuan_events.content import canonical
from qingyuan_events.tasks import VisitAmended, VisitCompleted, VisitOpened
from tasks.domain.visits.commands import (
    AddPhoto,
    DeclareBackfill,
    ReportObstruction,
    SignOutVisit,
    VisitCommand,
)
from tasks.domain.visits.decider import VISIT as VISITS
from tasks.domain.visits.state import VisitFacts, VisitState
from visit_samples import COMPANION, MORNING, RECEIVED, opening, photo, record, sign_in, sign_out

pytestmark = pytest.mark.slow

EXTRAS = (
    DeclareBackfill(opening=opening, reason_class="signal", explanation="没有信号", claimed_at=MORNING),
    ReportObstruction(opening=opening, what="不让进入", claimed_at=MORNING),
)


@dataclass(frozen=True)
class Day:
    """The phone's commands, in its own order."""

    commands: tuple[VisitCommand, ...]


def revision_id(sheet: int, number: int) -> UUID:
    return UUID(int=1_000 + 100 * sheet + number)


def sheets_of(chains: list[int], corrections: list[int]) -> list[VisitCommand]:
    """A chain of revisions for each sheet; those after the sign-out have a reason, the others none."""
    made: list[VisitCommand] = []
    for sheet, (before, after) in enumerate(zip(chains, corrections, strict=True)):
        for number in range(before + after):
            elder = [revision_id(sheet, number - 1)] if number else []
            reason = "抄录有误" if number >= before else None
            told: dict[str, Any] = {"flow_total": str(number), "reason": reason}
            made.append(record(revision_id(sheet, number), *elder, sheet_id=UUID(int=900 + sheet), **told))
    return made


@st.composite
def days(draw: st.DrawFn) -> Day:
    chains = draw(st.lists(st.integers(1, 3), max_size=3))
    corrections = [draw(st.integers(0, 2)) for _ in chains]
    photos, later = draw(st.integers(0, 3)), draw(st.integers(0, 2))
    pictures = [AddPhoto(opening=opening, photo=photo(UUID(int=500 + n))) for n in range(photos + later)]
    named = [revision_id(sheet, before - 1) for sheet, before in enumerate(chains)]
    out = sign_out(sheets=named, photos=[UUID(int=500 + n) for n in range(photos)])
    extras = draw(st.lists(st.sampled_from(EXTRAS), unique_by=type))
    commands = [sign_in, *sheets_of(chains, corrections), *pictures, out, *extras]
    return Day(tuple(arrived(command, n) for n, command in enumerate(commands)))


def arrived(command: Any, number: int) -> VisitCommand:
    """Each part reaches the server at a time of its own."""
    at = RECEIVED + timedelta(seconds=number)
    changed: dict[str, Any] = {"opening": replace(command.opening, received_at=at)}
    if hasattr(command, "sheet"):
        changed["sheet"] = command.sheet.model_copy(update={"received_at": at})
    return replace(command, **changed)


def walked(commands: tuple[VisitCommand, ...] | list[VisitCommand]) -> tuple[VisitState, list[VisitFacts]]:
    """The events of these commands, each decided on those before it."""
    state, facts = VisitState(), []
    for command in commands:
        stored: Any = [decode(fact.type, encode(fact)) for fact in VISITS.decide(command, state)]
        state = VISITS.fold(stored, state)
        facts += stored
    return state, facts


@given(days(), st.data())
@settings(max_examples=150, deadline=None)
def test_any_order_and_any_repetition_make_the_same_visit(day: Day, data: st.DataObject) -> None:
    again = data.draw(st.lists(st.sampled_from(day.commands), max_size=6))
    shuffled = data.draw(st.permutations([*day.commands, *again]))
    expected, _ = walked(day.commands)
    state, facts = walked(shuffled)
    assert state.content_sha256() == expected.content_sha256() == state.announced
    assert canonical(state.content()) == canonical(expected.content())
    assert [type(fact) for fact in facts].count(VisitCompleted) == 1
    assert [type(fact) for fact in facts].count(VisitOpened) == 1
    amendments = [fact for fact in facts if isinstance(fact, VisitAmended)]
    assert len(facts) == len(day.commands) + 2 + len(amendments)


@given(days())
@settings(max_examples=50, deadline=None)
def test_in_the_phones_own_order_each_correction_amends_once(day: Day) -> None:
    """Signed out before the corrections: every change of completed content is announced with a new hash."""
    last = [command for command in day.commands if is_correction(command)]
    first = [command for command in day.commands if not is_correction(command)]
    first.sort(key=lambda command: isinstance(command, SignOutVisit))
    state, facts = walked([*first, *last])
    kinds = [type(fact) for fact in facts]
    assert kinds.count(VisitCompleted) == 1
    assert kinds.count(VisitAmended) == len(last)
    announced = [fact.content_sha256 for fact in facts if isinstance(fact, VisitCompleted | VisitAmended)]
    assert len(set(announced)) == len(announced)
    assert state.announced == announced[-1]


def is_correction(command: Any) -> bool:
    return bool(hasattr(command, "sheet") and command.sheet.reason)


@given(days(), st.data())
@settings(max_examples=30, deadline=None)
def test_a_companion_who_sends_the_same_again_changes_nothing(day: Day, data: st.DataObject) -> None:
    command: Any = data.draw(st.sampled_from(day.commands))
    state, facts = walked(day.commands)
    again = replace(command, opening=replace(command.opening, by=COMPANION))
    assert VISITS.decide(again, state) == ()
    assert reduce(VISITS.evolve, facts, VisitState()) == state
