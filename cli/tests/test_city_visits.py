"""What the city's visits say is what phones would have sent: of the point's own instruments, with real times where back-filled."""

import json
from collections.abc import Iterator
from datetime import date
from functools import cache
from random import Random
from typing import Any
from uuid import UUID

from qingyuan_cli.seeding.city import points, year
from qingyuan_events import decode, registry, tasks
from qingyuan_standards import forms
from qingyuan_standards.fence import Degrees, distance_m
from tasks.domain.visits.taken import taken_problems

MONDAY = date(2026, 11, 30)
Facts = list[Any]


@cache
def visits() -> list[Facts]:
    city = year.visits(list(points.points(60)), MONDAY, 3, Random(7))
    return [[decode(type_, data) for type_, data, _ in visit.facts] for visit, _ in city]


def sheets() -> Iterator[tuple[UUID, tasks.SheetRevisionV3]]:
    for facts in visits():
        for fact in facts:
            if isinstance(fact, tasks.VisitSheetRecordedV3):
                yield fact.point_id, fact.sheet


def registered() -> dict[UUID, Any]:
    return {
        data["instrument_id"]: data
        for stream in points.register(60)
        for type_, text, _ in stream.facts
        if type_ == registry.InstrumentRegistered.type and (data := json.loads(text))
    }


def test_sheets_are_about_instruments_of_their_point_and_say_what_they_took() -> None:
    instruments, seen = registered(), 0
    for point, sheet in sheets():
        form = forms.form(sheet.form, sheet.form_version)
        assert forms.check(form, dict(sheet.values)).problems == ()
        assert list(taken_problems(sheet)) == []
        assert [taken.instrument_id for taken in sheet.taken or ()] == list(sheet.instruments)
        for taken in sheet.taken or ():
            mine = instruments[str(taken.instrument_id)]
            assert (mine["point_id"], taken.version) == (str(point), 1)
            if "serial_number" in taken.fields:
                assert mine["particulars"]["serial_number"] in str(sheet.values["serial_number"])
                seen += 1
    assert seen


def test_a_visit_that_was_filled_in_afterwards_states_when_the_work_was_done() -> None:
    backfilled = [facts for facts in visits() if any(isinstance(f, tasks.VisitBackfilledV2) for f in facts)]
    assert backfilled
    for facts in backfilled:
        sign_in = next(fact.sign_in for fact in facts if isinstance(fact, tasks.VisitSignedIn))
        sign_out = next(fact.sign_out for fact in facts if isinstance(fact, tasks.VisitSignedOutV2))
        said = next(fact.backfill for fact in facts if isinstance(fact, tasks.VisitBackfilledV2))
        assert (said.arrived_at, said.left_at) == (sign_in.claimed_at, sign_out.claimed_at)
        assert (sign_in.fix, sign_in.judged.distance_m) == (None, None)
        assert "no_fix" in sign_in.judged.marks


def test_a_phone_is_where_its_distance_says_and_a_few_are_outside() -> None:
    distances, outside = set(), 0
    for number, facts in enumerate(visits()):
        judged, fix = next(
            (f.sign_in.judged, f.sign_in.fix) for f in facts if isinstance(f, tasks.VisitSignedIn)
        )
        if fix is None:
            continue
        place = Degrees(*map(float, points.place_of(number % 120)))
        assert distance_m(Degrees(float(fix.longitude), float(fix.latitude)), place) == judged.distance_m
        assert ("outside_fence" in judged.marks) is (judged.distance_m - fix.accuracy_m > judged.radius_m)
        distances.add(judged.distance_m)
        outside += "outside_fence" in judged.marks
    assert len(distances) > 200
    assert 0 < outside < 40


def test_nothing_of_a_template_is_left() -> None:
    for facts in visits()[:40]:
        text = "".join(fact.model_dump_json() for fact in facts)
        assert "POINT0" not in text
        assert "feed0000" not in text
        assert "2001-01-01" not in text
        assert "98765." not in text
