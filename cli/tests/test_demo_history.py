"""The history of the demo town: the same for the same day, with each course that a visit can take, and accepted by the services."""

import json
from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import date, time, timedelta
from functools import cache
from pathlib import Path
from typing import Any
from uuid import UUID, uuid5

import pytest
from qingyuan_cli.seeding import town
from qingyuan_cli.seeding.history import planning, reading
from qingyuan_cli.seeding.history.commands import steps
from qingyuan_cli.seeding.history.filing_steps import REVIEWER
from qingyuan_cli.seeding.history.planning import AGREEMENTS, MISSED, WEEKS
from qingyuan_cli.seeding.history.playing import Appended, Clock, NotPlayed, Person, Played, facts_of, play
from qingyuan_cli.seeding.history.requests import Step, Town
from qingyuan_cli.seeding.identities import id_of
from qingyuan_cli.seeding.local import choice_of
from qingyuan_events import Actor, Fact, registry, tasks
from qingyuan_local.state import State
from qingyuan_standards.days import at_local
from tasks.register_copy.memory import MemoryRegisterCopy

MONDAY = date(2026, 11, 30)
DAYS = (MONDAY, date(2026, 2, 18), date(2027, 1, 3))
"""A Monday, a day amid the Spring Festival, and a Sunday just after a new year."""


def register() -> Iterator[Fact]:
    """The register of the town, as its seed would have it."""
    for enterprise in town.ENTERPRISES:
        own = {"enterprise_id": id_of(f"enterprise {enterprise['key']}"), "valid_from": town.SINCE}
        yield registry.EnterpriseRegistered(particulars=enterprise["particulars"], **own)
        for number, outlet in enumerate(town.OUTLETS):
            yield from point(enterprise, outlet | {"location": town.location(enterprise, number)}, own)


def point(enterprise: dict[str, Any], outlet: dict[str, Any], own: dict[str, Any]) -> Iterator[Fact]:
    named = f"{enterprise['key']} {outlet['code']}"
    at = {"point_id": id_of(f"point {named}"), **own}
    fields = ("code", "name", "medium", "factors", "location")
    particulars = {field: outlet[field] for field in fields}
    yield registry.MonitoringPointAdded(outlet_id=id_of(f"outlet {named}"), particulars=particulars, **at)
    for number, instrument in enumerate(town.instruments(enterprise["key"], outlet)):
        key = id_of(f"instrument {named} {number}")
        yield registry.InstrumentRegistered(instrument_id=key, particulars=instrument, **at)


def people() -> dict[str, Person]:
    found = {}
    for agreement in AGREEMENTS:
        operator = id_of(f"operator of {agreement.manager}")
        enterprise = id_of(f"enterprise {agreement.enterprise}")
        for name, role in ((agreement.technician, "technician"), (agreement.manager, "manager")):
            actor = Actor(account=id_of(name), kind="operator", organisation=operator, role=role)  # type: ignore[arg-type]
            found[name] = Person(actor, "上海某某运维有限公司")
        signer = Actor(account=id_of(agreement.signer), kind="enterprise", organisation=enterprise)
        found[agreement.signer] = Person(signer, None)
    found[REVIEWER] = Person(Actor(account=id_of(REVIEWER), kind="regulator", district="310000"), None)
    return found


FACTS, PEOPLE = tuple(register()), people()
TOWN: Town = reading.town_of(FACTS, PEOPLE)


PLAYED: dict[date, Played] = {}


@cache
def steps_until(today: date) -> list[Step]:
    return steps(today, TOWN)


async def played(today: date) -> Played:
    """Played once for all tests, since it takes seconds."""
    if today not in PLAYED:
        register_copy = MemoryRegisterCopy(FACTS)
        PLAYED[today] = await play(steps_until(today), PEOPLE, register_copy, at_local(today, time()))
    return PLAYED[today]


def kinds_of(journal: Sequence[Appended]) -> Counter[str]:
    """How many facts of each kind, whatever their version."""
    return Counter(fact.type.rpartition(".")[0] for fact in facts_of(journal))


def test_the_same_day_gives_the_same_town() -> None:
    assert steps(MONDAY, TOWN) == steps_until(MONDAY)


@pytest.mark.parametrize("today", DAYS)
def test_all_of_it_is_past_and_in_the_order_of_time(today: date) -> None:
    moments = [step.at for step in steps_until(today)]
    assert moments == sorted(moments)
    assert moments[-1] < at_local(today, time())
    assert moments[0] > at_local(today, time()) - timedelta(weeks=WEEKS + 5)


def test_no_request_is_taken_for_a_repeat_of_another() -> None:
    keys = Counter((step.who, step.key) for step in steps_until(MONDAY))
    assert [key for key, number in keys.items() if number > 1] == []


@pytest.mark.parametrize("offset", range(7))
def test_every_course_is_taken_on_whatever_day_the_town_begins(offset: int) -> None:
    visits = planning.visits(MONDAY + timedelta(days=offset))
    endings = Counter(visit.ending for visit in visits)
    rare = ("signed_late", "answered", "settled", "escalated", "lapsed", "aborted", "obstructed")
    assert {ending: endings[ending] for ending in rare} == dict.fromkeys(rare, 1)
    assert endings["signed"] > 0.85 * len(visits)
    assert sum(visit.backfilled for visit in visits) == 2
    assert sum(visit.is_late for visit in visits) == 3
    assert len({visit.name for visit in visits}) == len(visits)


@pytest.mark.slow
async def test_who_fills_in_a_visit_afterwards_states_when_the_work_was_done() -> None:
    journal = (await played(MONDAY)).tasks.journal
    stated = [fact.backfill for fact in facts_of(journal) if isinstance(fact, tasks.VisitBackfilledV2)]
    assert len(stated) == 2
    assert all(said.arrived_at and said.left_at and said.arrived_at < said.left_at for said in stated)


def test_what_was_missed_has_no_visit_and_everything_else_of_eight_weeks_has_one() -> None:
    visits = {(v.week, v.agreement.enterprise, v.outlet) for v in planning.visits(MONDAY)}
    assert visits & MISSED == set()
    assert len(visits) == WEEKS * 9 - len(MISSED)


@pytest.mark.slow
@pytest.mark.parametrize("today", DAYS)
async def test_the_services_accept_every_command(today: date) -> None:
    town_of_then = await played(today)
    kinds = kinds_of(town_of_then.tasks.journal)
    visits = planning.visits(today)
    assert kinds["visit.opened"] == len(visits)
    assert kinds["visit.completed"] == len(visits) - 2
    assert (kinds["visit.aborted"], kinds["visit.obstructed"], kinds["visit.backfilled"]) == (
        2,
        1,
        2,
    )
    asked = kinds_of(town_of_then.signoff.journal)
    assert asked["confirmation.requested"] == len(visits) - 2
    assert (asked["confirmation.disputed"], asked["confirmation.dispute_answered"]) == (3, 2)
    assert (asked["confirmation.lapsed"], asked["confirmation.escalated"]) == (2, 1)
    assert asked["confirmation.renewed"] == 1


@pytest.mark.slow
async def test_the_reaction_of_today_finds_all_of_it_done() -> None:
    """Else confirmations of weeks ago would be asked for once more, to be signed today."""
    town_of_then = await played(MONDAY)
    before = len(town_of_then.signoff.journal)
    town_of_then._read["tasks"] = 0
    await town_of_then._follow()
    assert len(town_of_then.signoff.journal) == before


@pytest.mark.slow
async def test_every_fact_has_the_time_of_then() -> None:
    town_of_then = await played(MONDAY)
    for journal in town_of_then.journals.values():
        moments = [appended.at for appended in journal]
        assert moments == sorted(moments)
        assert moments[-1] < at_local(MONDAY, time())


@pytest.mark.slow
async def test_sheets_are_filled_and_name_the_instruments_of_the_day() -> None:
    journal = (await played(MONDAY)).tasks.journal
    sheets: list[Any] = [
        fact.sheet for fact in facts_of(journal) if isinstance(fact, tasks.VisitSheetRecordedV3)
    ]
    assert all(sheet.instruments for sheet in sheets)
    assert all(sheet.taken and sheet.filled_seconds for sheet in sheets)
    checks = [sheet for sheet in sheets if sheet.form == "standard_check"]
    assert {path for sheet in checks for taken in sheet.taken for path in taken.fields} >= {
        "instrument",
        "checks.0.factor",
    }
    assert all(sheet.values["checks"] for sheet in sheets if sheet.form == "standard_check")
    assert all(sheet.values["readings"] for sheet in sheets if sheet.form == "calibration")
    assert all(len(list(sheet.values["pairs"])) >= 3 for sheet in sheets if sheet.form == "comparison")


async def test_a_command_that_a_service_refuses_is_not_passed_over() -> None:
    submission = next(step for step in steps_until(MONDAY) if step.service == "tasks")
    clock = Clock(submission.at)
    refused = Step(at=submission.at, who="demo-technician", service="tasks", path="/contracts", body=submission.body, key="history refused")  # fmt: skip
    game = Played(clock, PEOPLE, MemoryRegisterCopy(FACTS))
    with pytest.raises(NotPlayed, match="manager-only"):
        await game.play(game.edges(), refused)


def test_confirmations_have_the_ids_that_signoff_gives() -> None:
    paths = [step.path for step in steps_until(MONDAY) if step.path.endswith("/originals")]
    visits = [step.path.split("/")[2] for step in steps_until(MONDAY) if step.path.endswith("/sign-out")]
    assert {path.split("/")[2] for path in paths} == {
        str(uuid5(UUID(visit), "confirmation")) for visit in visits
    }


# Which town has a history


def test_a_new_town_has_a_history_and_keeps_its_day(tmp_path: Path) -> None:
    assert choice_of(State(tmp_path), True)[1]
    (tmp_path / "demo.json").write_text(json.dumps({"today": "2026-01-05", "history": True}))
    assert choice_of(State(tmp_path), True) == (date(2026, 1, 5), True)


def test_a_town_without_history_gets_none_later(tmp_path: Path) -> None:
    (tmp_path / "seeded").touch()
    assert choice_of(State(tmp_path), True)[1] is False


def test_a_town_that_was_made_without_history_stays_so(tmp_path: Path) -> None:
    assert choice_of(State(tmp_path), False)[1] is False
    assert choice_of(State(tmp_path), True)[1] is False
