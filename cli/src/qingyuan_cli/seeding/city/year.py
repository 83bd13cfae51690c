"""Generates a year of the city's work: contracts, plans, visits and their confirmations."""

import math
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from random import Random
from typing import Any, Final
from uuid import UUID, uuid5

from qingyuan_events import Fact, encode, parts, signoff, tasks
from qingyuan_standards.calendar import CALENDAR
from qingyuan_standards.cycles import expand
from qingyuan_standards.days import SHANGHAI

from qingyuan_cli.seeding.city.loading import StreamFacts
from qingyuan_cli.seeding.city.points import FACTORS, Point, id_of, instrument_of
from qingyuan_cli.seeding.city.templates import Template, json_time, placeholder_id, placeholder_moment
from qingyuan_cli.seeding.city.visits import Work, utc, visit

OPERATORS: Final = 170
PEOPLE_EACH: Final = 6
DAYS: Final = 7
"""In a round the visits of each operator are spread over these days, since 7 does not divide the number of operators."""
ITEMS: Final = (
    ("patrol", "FREQ=WEEKLY", 7),
    ("consumables", "FREQ=MONTHLY", None),
    ("repair", "FREQ=MONTHLY;INTERVAL=3", None),
)


def operator(number: int) -> UUID:
    return id_of(f"operator {number}")


def crew_size(points: int) -> int:
    """The people of an operator: at least as many as it has visits on one day, so that nobody has two."""
    each = math.ceil(points / OPERATORS)
    return max(PEOPLE_EACH, math.ceil(each / DAYS))


def people(number: int, size: int) -> tuple[UUID, ...]:
    return tuple(id_of(f"technician {number} {person}") for person in range(size))


def contracts(points: list[Point], first_day: date, last_day: date) -> Iterator[StreamFacts]:
    """A contract and a plan for every point, for the whole year."""
    windows = {
        content: tuple(
            tasks.Window(number=span.number, opens=span.opens, closes=span.closes)
            for span in expand(rule, gap, first_day, last_day, CALENDAR)
        )
        for content, rule, gap in ITEMS
    }
    items = tuple(
        tasks.PlanItem(content=content, rule=rule, gap_days_max=gap, windows=windows[content])
        for content, rule, gap in ITEMS
    )
    size = crew_size(len(points))
    for point in points:
        yield from _contract_and_plan(point, items, size, (first_day, last_day))


def _contract_and_plan(
    point: Point, items: tuple[tasks.PlanItem, ...], size: int, days: tuple[date, date]
) -> Iterator[StreamFacts]:
    number, (first_day, last_day) = point.number % OPERATORS, days
    own = {"operator_id": operator(number), "enterprise_id": point.enterprise, "district": point.district}
    contract, plan = id_of(f"contract {point.number}"), id_of(f"plan {point.number}")
    at = utc(first_day, time(8))
    terms = tasks.ContractTerms(
        number=f"HT-{point.number}", name="年度运维合同", operator_name=f"上海第{number + 1}运维有限公司",
        enterprise_name="", first_day=first_day, last_day=last_day + timedelta(days=60),
    )  # fmt: skip
    submitted = tasks.ContractSubmittedV3(contract_id=contract, terms=terms, **own)
    confirmed = tasks.ContractConfirmed(contract_id=contract, points=(point.point,), **own)
    yield _stream(f"contract-{contract}", at, submitted, confirmed)
    published = tasks.PlanPublishedV2(
        plan_id=plan, contract_id=contract, name="年度运维计划", points=(point.point,),
        assignees=tuple(tasks.AssigneeV2(account=person) for person in people(number, size)),
        first_day=first_day, last_day=last_day, items=items, calendar=CALENDAR.version, **own,
    )  # fmt: skip
    yield _stream(f"plan-{plan}", at, published)


def _stream(stream: str, at: datetime, *facts: Fact) -> StreamFacts:
    return StreamFacts(stream, tuple((fact.type, encode(fact).decode(), at) for fact in facts))


def visits(
    points: list[Point], first_day: date, rounds: int, random: Random
) -> Iterator[tuple[StreamFacts, StreamFacts]]:
    """In each round every point is visited once, and rounds are a week apart. Yields each visit with its confirmation."""
    works = [_work(point, crew_size(len(points))) for point in points]
    for round_ in range(rounds):
        for number, work in enumerate(works):
            day = first_day + timedelta(days=DAYS * round_ + number % DAYS)
            person = _person(work, number, round_)
            visit_facts, digest = visit(work, day, person, random)
            yield visit_facts, _confirmation(work, day, visit_facts, digest, random)


def _person(work: Work, number: int, round_: int) -> str:
    """Of the visits of an operator on one day each is another person's."""
    on_its_day = number // OPERATORS // DAYS
    return work.people[(on_its_day + round_) % len(work.people)]


def _work(point: Point, size: int) -> Work:
    number = point.number % OPERATORS
    return Work(
        point.medium, str(operator(number)), str(point.enterprise), str(point.outlet), str(point.point),
        str(id_of(f"contract {point.number}")), point.district, tuple(str(person) for person in people(number, size)),
        point.number, tuple(str(instrument_of(point.number, factor)) for factor in FACTORS[point.medium]),
    )  # fmt: skip


# Confirmations

IDS, SIGNER = {name: placeholder_id(n) for n, name in enumerate(
    ("confirmation_id", "visit_id", "operator_id", "enterprise_id", "outlet_id", "point_id"), start=60
)}, placeholder_id(70)  # fmt: skip
REQUESTED, DUE, SIGNED, LAPSED = (placeholder_moment(n) for n in range(11, 15))
HASH, FILE, DAY, DISTRICT = "d" * 64, "c" * 64, date(1902, 2, 2), "000009"
PLACEHOLDERS: Final = {name: str(key) for name, key in IDS.items()} | {
    "signer": str(SIGNER), "requested": json_time(REQUESTED), "due": json_time(DUE), "signed": json_time(SIGNED),
    "lapsed": json_time(LAPSED), "content": HASH, "file": FILE, "day": DAY.isoformat(), "district": DISTRICT,
}  # fmt: skip


def _template(kind: type[signoff.SignoffFact], **fields: Any) -> tuple[str, Template]:
    fact = kind(**IDS, district=DISTRICT, **fields)
    return kind.type, Template.of_fact(fact, PLACEHOLDERS)


def _signed(late: bool) -> tuple[str, Template]:
    drawn = parts.FileRef(sha256=FILE, size=5_120, media_type="image/png")
    return _template(
        signoff.ConfirmationSignedV2, content_sha256=HASH, statement_version="2026-1", statement="我已核对，予以确认。",
        signature=parts.Signature(image=drawn, strokes=drawn), second_factor="password", certificate=None, by=SIGNER,
        not_before=REQUESTED, signed_at=SIGNED, late=late,
    )  # fmt: skip


REQUEST = _template(
    signoff.ConfirmationRequested, content_sha256=HASH, visit_day=DAY, requested_at=REQUESTED, due_at=DUE
)
LAPSE = _template(signoff.ConfirmationLapsed, lapsed_at=LAPSED)
SIGN, SIGN_LATE = _signed(late=False), _signed(late=True)
DISPUTE = _template(
    signoff.ConfirmationDisputed, reason="当日未见更换标准溶液", by=SIGNER, disputed_at=SIGNED
)


def _confirmation(
    work: Work, day: date, visit_facts: StreamFacts, digest: str, random: Random
) -> StreamFacts:
    visit_id = visit_facts.stream.removeprefix("visit-")
    requested = visit_facts.facts[-1][2] + timedelta(seconds=1)
    due = (requested.astimezone(SHANGHAI) + timedelta(days=1)).replace(
        hour=0, minute=0, second=0, microsecond=0
    )
    outcomes = ("signed", "late", "lapsed", "disputed")
    outcome = random.choices(outcomes, (88, 5, 6, 1))[0]
    signed = due + timedelta(hours=9) if outcome == "late" else requested + (due - requested) * 0.6
    key = str(uuid5(UUID(visit_id), "confirmation"))
    values = {
        "confirmation_id": key, "visit_id": visit_id, "operator_id": work.operator, "enterprise_id": work.enterprise,
        "outlet_id": work.outlet, "point_id": work.point, "district": work.district, "day": day.isoformat(),
        "content": digest, "requested": json_time(requested), "due": json_time(due), "signed": json_time(signed),
        "lapsed": json_time(due + timedelta(seconds=1)), "signer": work.enterprise, "file": "ab" * 32,
    }  # fmt: skip
    after_request = {
        "signed": ((SIGN, signed),),
        "late": ((LAPSE, due), (SIGN_LATE, signed)),
        "lapsed": ((LAPSE, due),),
        "disputed": ((DISPUTE, signed),),
    }[outcome]
    steps = ((REQUEST, requested), *after_request)
    facts = [(template[0], template[1].fill(values), at) for template, at in steps]
    return StreamFacts(f"confirmation-{key}", tuple(facts))
