"""Generates the city's visits from templates, one set for each medium and each course that a visit may take."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from functools import cache
from random import Random
from typing import Any, Final
from uuid import UUID

from qingyuan_events import Fact, parts, tasks
from qingyuan_events.content import VisitContent
from qingyuan_standards import forms
from qingyuan_standards.days import SHANGHAI
from qingyuan_standards.fence import Degrees, distance_m
from qingyuan_standards.register_fields import REGISTER_FIELDS

from qingyuan_cli.seeding import town
from qingyuan_cli.seeding.city.loading import StreamFacts
from qingyuan_cli.seeding.city.points import FACTORS, place_of, serial_of
from qingyuan_cli.seeding.city.templates import (
    Template,
    json_time,
    placeholder_day,
    placeholder_id,
    placeholder_moment,
)
from qingyuan_cli.seeding.history.registered import (
    Instrument,
    fields_of,
    instrument,
    offered,
    row_of,
    taken_of,
)
from qingyuan_cli.seeding.history.wandering import away_from
from qingyuan_cli.seeding.sheets import filled

SHEETS: Final = 5
VISIT, OPERATOR, ENTERPRISE, OUTLET, POINT, CONTRACT, PERSON = (placeholder_id(n) for n in range(1, 8))
SHEET, REVISION = (
    [placeholder_id(20 + n) for n in range(SHEETS)],
    [placeholder_id(40 + n) for n in range(SHEETS)],
)
BEGAN, ENDED, RECEIVED, DONE = (placeholder_moment(n) for n in range(1, 5))
DAY: Final = placeholder_day(7)
NUMBER: Final = "0POINT0"
"""Stands for the number of the point in the serial numbers of its instruments."""
INSTRUMENT: Final = [placeholder_id(80 + n) for n in range(max(map(len, FACTORS.values())))]
LONGITUDE, LATITUDE = Decimal("179.987651"), Decimal("89.987652")
ACCURACY, DISTANCE = Decimal("98765.3"), Decimal("98765.4")
DISTRICT, FILE = "000007", "f" * 64
PLACEHOLDERS: Final = {
    "visit": str(VISIT), "operator": str(OPERATOR), "enterprise": str(ENTERPRISE), "outlet": str(OUTLET),
    "point": str(POINT), "contract": str(CONTRACT), "person": str(PERSON), "district": DISTRICT, "day": DAY,
    "began": json_time(BEGAN), "ended": json_time(ENDED), "received": json_time(RECEIVED), "done": json_time(DONE), "file": FILE,
    "longitude": str(LONGITUDE), "latitude": str(LATITUDE), "accuracy": str(ACCURACY), "distance": str(DISTANCE),
    "number": NUMBER, **{f"instrument{n}": str(key) for n, key in enumerate(INSTRUMENT)},
    **{f"sheet{n}": str(key) for n, key in enumerate(SHEET)}, **{f"revision{n}": str(key) for n, key in enumerate(REVISION)},
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Work:
    """The point of a visit with its enterprise, operator and contract; ids as text."""

    medium: str
    operator: str
    enterprise: str
    outlet: str
    point: str
    contract: str
    district: str
    people: tuple[str, ...]
    number: int
    instruments: tuple[str, ...]
    """The instruments at the point, in the order of `FACTORS`."""


@dataclass(frozen=True, slots=True)
class Course:
    """The course of a visit: signed in outside the fence, received late, back-filled."""

    outside: bool
    late: bool
    backfilled: bool


@dataclass(frozen=True, slots=True)
class Model:
    """Templates for one course: the facts in order of their versions, and the content that is signed."""

    facts: tuple[tuple[str, Template, str], ...]
    content: Template
    completed: Template


def visit(work: Work, day: date, person: str, random: Random) -> tuple[StreamFacts, str]:
    """One visit on a day, and the hash of its content."""
    course = Course(random.random() < 0.03, random.random() < 0.02, random.random() < 0.01)
    model = _model(work.medium, course)
    values = _values(work, day, course, random) | {"person": person}
    digest = model.content.hash(values)
    done = model.completed.fill(values | {"content": digest})
    facts = [(type_, template.fill(values), _moment(values[when])) for type_, template, when in model.facts]
    facts.append((tasks.VisitCompleted.type, done, _moment(values["done"])))
    return StreamFacts(f"visit-{values['visit']}", tuple(facts)), digest


def _values(work: Work, day: date, course: Course, random: Random) -> dict[str, str]:
    began = datetime.combine(day, time(9), SHANGHAI) + timedelta(minutes=random.randrange(420))
    ended = began + timedelta(minutes=random.randrange(40, 110))
    received = ended + (
        timedelta(hours=20)
        if course.late or course.backfilled
        else timedelta(seconds=random.randrange(2, 90))
    )
    prefix = f"{random.getrandbits(124):031x}"  # the last digit numbers the ids of one visit, so that they are in order
    ids = [UUID(hex=f"{prefix}{digit:x}") for digit in range(1 + 2 * SHEETS)]
    return {
        "visit": str(ids[0]), "operator": work.operator, "enterprise": work.enterprise, "outlet": work.outlet,
        "point": work.point, "contract": work.contract, "district": work.district,
        "day": day.isoformat(), "began": json_time(began), "ended": json_time(ended), "received": json_time(received),
        "done": json_time(received + timedelta(seconds=1)), "file": f"{random.getrandbits(256):064x}",
        **_place(work.number, str(ids[0]), outside=course.outside),
        "number": str(work.number), **{f"instrument{n}": key for n, key in enumerate(work.instruments)},
        **{f"sheet{n}": str(ids[1 + n]) for n in range(SHEETS)},
        **{f"revision{n}": str(ids[1 + SHEETS + n]) for n in range(SHEETS)},
    }  # fmt: skip


def _place(point: int, visit: str, *, outside: bool) -> dict[str, str]:
    """Where the phone is during the visit, and how far that is from the point."""
    longitude, latitude = place_of(point)
    found = away_from(longitude, latitude, visit, outside=outside)
    here = Degrees(float(found["longitude"]), float(found["latitude"]))
    distance = distance_m(here, Degrees(float(longitude), float(latitude)))
    return {
        "longitude": found["longitude"],
        "latitude": found["latitude"],
        "accuracy": found["accuracy_m"],
        "distance": str(distance),
    }


def _moment(text: str) -> datetime:
    return datetime.fromisoformat(text)


@cache
def _model(medium: str, course: Course) -> Model:
    sheets = tuple(_sheet(n, form, medium) for n, form in enumerate(_forms(medium)))
    judged = judged_of(course)
    sign_in = tasks.SignIn(
        by=PERSON, claimed_at=BEGAN, received_at=RECEIVED, fix=_fix(course, BEGAN), judged=judged
    )
    drawn = parts.FileRef(sha256=FILE, size=5_120, media_type="image/png")
    sign_out = tasks.SignOutV2(
        by=PERSON, claimed_at=ENDED, received_at=RECEIVED, fix=_fix(course, ENDED), judged=judged,
        sheets=tuple(REVISION), photos=(), signature=parts.Signature(image=drawn, strokes=drawn),
    )  # fmt: skip
    backfill = tasks.BackfillV2(
        reason_class="signal",
        explanation="站房无信号",
        by=PERSON,
        claimed_at=RECEIVED,
        received_at=RECEIVED,
        arrived_at=BEGAN,
        left_at=ENDED,
    )
    facts = list(_facts(sign_in, sheets, sign_out, backfill if course.backfilled else None))
    content = VisitContent(
        visit_id=VISIT, operator_id=OPERATOR, enterprise_id=ENTERPRISE, outlet_id=OUTLET, point_id=POINT, cycles=(),
        sign_in=sign_in, sheets=sheets, photos=(), sign_out=sign_out,
        backfill=backfill if course.backfilled else None, obstruction=None,
    )  # fmt: skip
    return Model(
        tuple((fact.type, Template.of_fact(fact, PLACEHOLDERS), "received") for fact in facts),
        Template.of_content(content, PLACEHOLDERS),
        _completed(tuple(sorted({sheet.content for sheet in sheets}))),
    )


def _facts(
    sign_in: tasks.SignIn,
    sheets: tuple[tasks.SheetRevisionV3, ...],
    sign_out: tasks.SignOutV2,
    backfill: tasks.BackfillV2 | None,
) -> Iterator[Fact]:
    own = _visit_ids()
    yield tasks.VisitOpened(contract_id=CONTRACT, by=PERSON, claimed_at=BEGAN, received_at=RECEIVED, **own)
    yield tasks.VisitSignedIn(sign_in=sign_in, **own)
    for sheet in sheets:
        yield tasks.VisitSheetRecordedV3(sheet=sheet, **own)
    if backfill:
        yield tasks.VisitBackfilledV2(backfill=backfill, **own)
    yield tasks.VisitSignedOutV2(sign_out=sign_out, **own)


def _visit_ids() -> dict[str, Any]:
    return {
        "visit_id": VISIT, "operator_id": OPERATOR, "enterprise_id": ENTERPRISE, "outlet_id": OUTLET,
        "point_id": POINT, "district": DISTRICT,
    }  # fmt: skip


def _completed(contents: tuple[str, ...]) -> Template:
    fact = tasks.VisitCompleted(
        day=date.fromisoformat(DAY), contents=contents, content_sha256="e" * 64, **_visit_ids()
    )
    return Template.of_fact(fact, PLACEHOLDERS | {"content": "e" * 64})


def judged_of(course: Course) -> tasks.Judged:
    marks: list[tasks.Mark] = ["no_fix"] if course.backfilled else []
    if course.outside and not course.backfilled:
        marks.append("outside_fence")
    if course.late or course.backfilled:
        marks.append("received_late")
    distance = None if course.backfilled else DISTANCE
    return tasks.Judged(distance_m=distance, radius_m=Decimal(200), marks=tuple(marks))


def _fix(course: Course, at: datetime) -> parts.Fix | None:
    """Who fills in a visit afterwards is not on site any more."""
    if course.backfilled:
        return None
    return parts.Fix(longitude=LONGITUDE, latitude=LATITUDE, accuracy_m=ACCURACY, datum="WGS-84", fixed_at=at)


def _forms(medium: str) -> list[forms.Form]:
    """For each of five kinds of work the first form for this medium."""
    fitting = [form for form in forms.forms(date(2026, 1, 1)) if form.medium in (medium, "any")]
    by_content = {form.content: form for form in reversed(fitting)}
    return [by_content[content] for content in sorted(by_content)][:SHEETS]


def _instruments(form: forms.Form, medium: str) -> list[Instrument]:
    """Those of the point that the form is for; a sheet about one is about the first."""
    make = town.wastewater_analyser if medium == "wastewater" else town.flue_gas_analyser
    outlet = {"name": "", "code": ""}
    at_point = [
        instrument(str(key), make(factor, outlet, serial_of(NUMBER, factor)))
        for key, factor in zip(INSTRUMENT, FACTORS[medium], strict=False)
    ]
    fitting = offered(form, at_point)
    return fitting if form.document["instruments"] == "many" else fitting[:1]


def _sheet(number: int, form: forms.Form, medium: str) -> tasks.SheetRevisionV3:
    """As a phone sends it, with what it took from the register of the point's instruments."""
    instruments = _instruments(form, medium)
    values = filled(dict(form.document), datetime(2026, 1, 5, 10, tzinfo=SHANGHAI))
    values |= fields_of(form, instruments)
    for table in REGISTER_FIELDS.forms[form.name].rows:
        for row, each in zip(values.get(table, ()), instruments, strict=False):
            row.update(row_of(form, table, each))
    checked = forms.check(form, values)
    assert not checked.problems, checked.problems
    return tasks.SheetRevisionV3(
        sheet_id=SHEET[number], revision_id=REVISION[number], form=form.name, form_version=form.version,
        content=form.content, values=values, computed=dict(checked.computed), by=PERSON,
        instruments=tuple(UUID(each.id) for each in instruments), taken=taken_of(form, values, instruments),
        filled_seconds=150, claimed_at=ENDED, received_at=RECEIVED,
    )  # fmt: skip


def utc(day: date, at: time) -> datetime:
    return datetime.combine(day, at, SHANGHAI).astimezone(UTC)
