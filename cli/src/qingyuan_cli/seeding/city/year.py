"""A year of the city's work: contracts, plans, visits, and what the enterprises made of them."""

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from random import Random
from typing import Any, Final
from uuid import UUID, uuid5

from qingyuan_events import Fact, encode, parts, signoff, tasks
from qingyuan_standards.calendar import CALENDAR
from qingyuan_standards.cycles import expand
from qingyuan_standards.days import SHANGHAI

from qingyuan_cli.seeding.city.loading import Story
from qingyuan_cli.seeding.city.places import Place, named
from qingyuan_cli.seeding.city.templates import Template, marked_id, marked_moment, spelled
from qingyuan_cli.seeding.city.visits import Work, utc, visit

OPERATORS: Final = 170
PEOPLE_EACH: Final = 6
ITEMS: Final = (
    ("patrol", "FREQ=WEEKLY", 7),
    ("consumables", "FREQ=MONTHLY", None),
    ("repair", "FREQ=MONTHLY;INTERVAL=3", None),
)


def operator(number: int) -> UUID:
    return named(f"operator {number}")


def people(number: int) -> tuple[UUID, ...]:
    return tuple(named(f"technician {number} {one}") for one in range(PEOPLE_EACH))


def contracts(places: list[Place], first_day: date, last_day: date) -> Iterator[Story]:
    """A contract and a plan for every point, over the year."""
    windows = {
        content: tuple(
            tasks.Window(number=one.number, opens=one.opens, closes=one.closes)
            for one in expand(rule, gap, first_day, last_day, CALENDAR)
        )
        for content, rule, gap in ITEMS
    }
    items = tuple(
        tasks.PlanItem(content=content, rule=rule, gap_days_max=gap, windows=windows[content])
        for content, rule, gap in ITEMS
    )
    for place in places:
        yield from _paper(place, items, first_day, last_day)


def _paper(
    place: Place, items: tuple[tasks.PlanItem, ...], first_day: date, last_day: date
) -> Iterator[Story]:
    number = place.number % OPERATORS
    own = {"operator_id": operator(number), "enterprise_id": place.enterprise, "district": place.district}
    contract, plan = named(f"contract {place.number}"), named(f"plan {place.number}")
    at = utc(first_day, time(8))
    terms = tasks.ContractTerms(
        number=f"HT-{place.number}", name="年度运维合同", operator_name=f"上海第{number + 1}运维有限公司",
        enterprise_name="", first_day=first_day, last_day=last_day + timedelta(days=60),
    )  # fmt: skip
    submitted = tasks.ContractSubmittedV2(contract_id=contract, terms=terms, **own)
    confirmed = tasks.ContractConfirmed(contract_id=contract, points=(place.point,), **own)
    yield _story(f"contract-{contract}", at, submitted, confirmed)
    published = tasks.PlanPublished(
        plan_id=plan, contract_id=contract, name="年度运维计划", points=(place.point,),
        assignees=tuple(tasks.Assignee(account=one) for one in people(number)),
        first_day=first_day, last_day=last_day, items=items, calendar=CALENDAR.version, **own,
    )  # fmt: skip
    yield _story(f"plan-{plan}", at, published)


def _story(stream: str, at: datetime, *facts: Fact) -> Story:
    return Story(stream, tuple((fact.type, encode(fact).decode(), at) for fact in facts))


def visits(
    places: list[Place], first_day: date, rounds: int, random: Random
) -> Iterator[tuple[Story, Story]]:
    """Each round every point is visited once, a week apart; with each visit its confirmation."""
    works = [_work(place) for place in places]
    for round_ in range(rounds):
        for number, work in enumerate(works):
            day = first_day + timedelta(days=7 * round_ + number % 7)
            story, digest = visit(work, day, random)
            yield story, _confirmation(work, day, story, digest, random)


def _work(place: Place) -> Work:
    number = place.number % OPERATORS
    return Work(
        place.medium, str(operator(number)), str(place.enterprise), str(place.outlet), str(place.point),
        str(named(f"contract {place.number}")), place.district, tuple(str(one) for one in people(number)),
    )  # fmt: skip


# Confirmations

ABOUT, SIGNER = {name: marked_id(n) for n, name in enumerate(
    ("confirmation_id", "visit_id", "operator_id", "enterprise_id", "outlet_id", "point_id"), start=60
)}, marked_id(70)  # fmt: skip
ASKED, DUE, SIGNED, LAPSED = (marked_moment(n) for n in range(11, 15))
HASH, FILE, DAY, DISTRICT = "d" * 64, "c" * 64, date(1902, 2, 2), "000009"
SPELLED: Final = {name: str(one) for name, one in ABOUT.items()} | {
    "signer": str(SIGNER), "asked": spelled(ASKED), "due": spelled(DUE), "signed": spelled(SIGNED),
    "lapsed": spelled(LAPSED), "content": HASH, "file": FILE, "day": DAY.isoformat(), "district": DISTRICT,
}  # fmt: skip


def _template(kind: type[signoff.SignoffFact], **more: Any) -> tuple[str, Template]:
    fact = kind(**ABOUT, district=DISTRICT, **more)
    return kind.type, Template.of_fact(fact, SPELLED)


def _signed(late: bool) -> tuple[str, Template]:
    drawn = parts.FileRef(sha256=FILE, size=5_120, media_type="image/png")
    return _template(
        signoff.ConfirmationSigned, content_sha256=HASH, statement_version="2026-1", statement="我已核对，予以确认。",
        signature=parts.Signature(image=drawn, strokes=drawn), second_factor="password", by=SIGNER,
        not_before=ASKED, signed_at=SIGNED, late=late,
    )  # fmt: skip


REQUEST = _template(
    signoff.ConfirmationRequested, content_sha256=HASH, visit_day=DAY, requested_at=ASKED, due_at=DUE
)
LAPSE = _template(signoff.ConfirmationLapsed, lapsed_at=LAPSED)
SIGN, SIGN_LATE = _signed(late=False), _signed(late=True)
DISPUTE = _template(
    signoff.ConfirmationDisputed, reason="当日未见更换标准溶液", by=SIGNER, disputed_at=SIGNED
)


def _confirmation(work: Work, day: date, story: Story, digest: str, random: Random) -> Story:
    visit_id = story.stream.removeprefix("visit-")
    asked = story.facts[-1][2] + timedelta(seconds=1)
    due = (asked.astimezone(SHANGHAI) + timedelta(days=1)).replace(hour=0, minute=0, second=0, microsecond=0)
    ways = ("signed", "late", "lapsed", "disputed")
    way = random.choices(ways, (88, 5, 6, 1))[0]
    signed = due + timedelta(hours=9) if way == "late" else asked + (due - asked) * 0.6
    key = str(uuid5(UUID(visit_id), "confirmation"))
    values = {
        "confirmation_id": key, "visit_id": visit_id, "operator_id": work.operator, "enterprise_id": work.enterprise,
        "outlet_id": work.outlet, "point_id": work.point, "district": work.district, "day": day.isoformat(),
        "content": digest, "asked": spelled(asked), "due": spelled(due), "signed": spelled(signed),
        "lapsed": spelled(due + timedelta(seconds=1)), "signer": work.enterprise, "file": "ab" * 32,
    }  # fmt: skip
    told = {
        "signed": ((SIGN, signed),),
        "late": ((LAPSE, due), (SIGN_LATE, signed)),
        "lapsed": ((LAPSE, due),),
        "disputed": ((DISPUTE, signed),),
    }[way]
    facts = [(template[0], template[1].fill(values), at) for template, at in ((REQUEST, asked), *told)]
    return Story(f"confirmation-{key}", tuple(facts))
