"""The filings of the city's operators: most are filed, some wait for a review, and of their papers some have ended.

Names of people are left out: they are personal data, each under a key of its own.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from functools import cache
from typing import Final, Literal
from uuid import UUID

from filing.domain.filings.undertaking import Undertaking
from qingyuan_events import Fact, encode
from qingyuan_events import filing as facts
from qingyuan_events.parts import FileRef, Signature
from qingyuan_standards.dated import setting

from qingyuan_cli.seeding import town
from qingyuan_cli.seeding.city.loading import StreamFacts
from qingyuan_cli.seeding.city.points import id_of
from qingyuan_cli.seeding.city.templates import Template, placeholder_day, placeholder_id
from qingyuan_cli.seeding.city.year import OPERATORS, crew_size, operator, people

COUNTS: Final[dict[facts.ResourceKind, int]] = {"person": 150, "device": 400, "vehicle": 20}
"""Of each operator."""
EVERY: Final = 4
"""Of so many operators one waits for a review, in turn for the first and for the second."""
WAITING_MOST: Final = 40
FILED_FOR: Final = timedelta(days=300)
REVIEWED_IN: Final = timedelta(days=9)
CHANGED_AGO: Final = timedelta(days=3)
PERIODS: Final[dict[facts.ResourceKind, int]] = {"person": 1_095, "device": 365, "vehicle": 730}
"""Days. A paper's last day is anywhere in its period, and a part of it has passed already."""
PASSED: Final = 30
REVIEWER: Final = id_of("reviewer of filings")
RESOURCE, OPERATOR, PAPER, ACCOUNT = (placeholder_id(number) for number in range(1, 5))
CHANGED, FIRST, LAST = (placeholder_day(number) for number in range(1, 4))
NUMBER: Final = "0NUMBER0"
PLACEHOLDERS: Final = {
    "resource": str(RESOURCE), "operator": str(OPERATOR), "paper": str(PAPER), "account": str(ACCOUNT),
    "changed": CHANGED, "first": FIRST, "last": LAST, "number": NUMBER,
}  # fmt: skip
SCAN: Final = FileRef(sha256="c" * 64, size=120_000, media_type="application/pdf", name="扫描件.pdf")

SIGNATURE: Final = Signature(
    image=FileRef(sha256="d" * 64, size=4_000, media_type="image/png", name="签名.png"),
    strokes=FileRef(sha256="e" * 64, size=6_000, media_type="application/json", name="签名笔迹.json"),
)


@dataclass(frozen=True, slots=True)
class Filing:
    """An operator, the day of the city, and how far its filing has come."""

    number: int
    operator: UUID
    today: date
    crew: tuple[UUID, ...]

    @property
    def waits(self) -> Literal["first", "second"] | None:
        """For the first or the second review; None where it is filed and nothing has changed since."""
        turn, rest = divmod(self.number, EVERY)
        if rest or turn >= WAITING_MOST:
            return None
        return "second" if turn % 2 else "first"

    @property
    def filed_on(self) -> date:
        return self.today - FILED_FOR

    def at(self, day: date) -> datetime:
        return datetime.combine(day, time(1, self.number % 60), UTC)


def filings(points: int, today: date) -> Iterator[StreamFacts]:
    """Each filing with its resources, parents first. A small city has fewer operators."""
    for number in range(min(OPERATORS, points)):
        filing = Filing(number, operator(number), today, people(number, crew_size(points)))
        versions = tuple(_versions(filing))
        yield _filing(filing, versions)
        yield from _resources(filing)


def _versions(filing: Filing) -> Iterator[facts.ResourceVersion]:
    for kind, count in COUNTS.items():
        for number in range(count):
            yield facts.ResourceVersion(resource_id=_resource(filing, kind, number), kind=kind, version=1)


def _resource(filing: Filing, kind: facts.ResourceKind, number: int) -> UUID:
    return id_of(f"{kind} {filing.number} {number}")


def _filing(filing: Filing, versions: tuple[facts.ResourceVersion, ...]) -> StreamFacts:
    handed_in = filing.filed_on - REVIEWED_IN
    happened = [(handed_in, fact) for fact in _handed_in(filing, versions, handed_in)]
    if filing.waits != "first":
        happened += [(filing.filed_on, fact) for fact in _reviewed(filing, versions)]
    if filing.waits == "second":
        changed_on = filing.today - CHANGED_AGO
        again = facts.FilingSubmitted(
            operator_id=filing.operator, number=2, resources=(_second_version(filing),), late=False
        )
        happened.append((changed_on, again))
    return _stream(f"filing-{filing.operator}", filing, happened)


def _handed_in(
    filing: Filing, versions: tuple[facts.ResourceVersion, ...], changed_on: date
) -> Iterator[Fact]:
    own = {"operator_id": filing.operator}
    basics = _basics(filing)
    yield facts.FilingBegun(name=basics.name, **own)
    yield facts.FilingBasicsChanged(basics=basics, changed_on=changed_on, **own)
    yield _undertaking(filing, filing.at(changed_on))
    yield facts.FilingSubmitted(number=1, basics_version=2, resources=versions, late=False, **own)


def _undertaking(filing: Filing, at: datetime) -> Fact:
    text = _text(filing.filed_on)
    return facts.FilingUndertakingGiven(
        operator_id=filing.operator,
        edition=text.version,
        text=text.text,
        text_sha256=text.sha256,
        signature=SIGNATURE,
        second_factor="password",
        by=id_of(f"manager {filing.number}"),
        not_before=at,
        given_at=at,
    )


def _text(day: date) -> Undertaking:
    value = setting("filing_undertaking", day).value
    return Undertaking(value["version"], value["text"])


def _reviewed(filing: Filing, versions: tuple[facts.ResourceVersion, ...]) -> Iterator[Fact]:
    own = {"operator_id": filing.operator, "number": 1}
    yield facts.FilingReviewOpened(by=REVIEWER, **own)
    yield facts.FilingFirstReviewPassed(by=REVIEWER, **own)
    yield facts.FilingReviewOpened(by=REVIEWER, **own)
    yield facts.FilingSecondReviewPassed(by=REVIEWER, **own)
    yield facts.Filed(basics_version=2, resources=versions, filed_on=filing.filed_on, **own)


def _basics(filing: Filing) -> facts.FilingBasics:
    return facts.FilingBasics(
        name=f"上海第{filing.number + 1}运维有限公司",
        uscc=town.uscc("310118", f"MA2{filing.number:06d}"),
        registered_in="310000",
        registered_capital=Decimal(500 + filing.number),
        address=f"上海市申浦路 {filing.number + 1} 号",
        scope=("wastewater",) if filing.number % 3 else ("wastewater", "flue_gas"),
        projects=36,
        project_amount=Decimal(700),
        staff=COUNTS["person"],
        business_licence=SCAN,
        workplace_proof=SCAN,
    )


def _second_version(filing: Filing) -> facts.ResourceVersion:
    return facts.ResourceVersion(resource_id=_resource(filing, "device", 0), kind="device", version=2)


def _resources(filing: Filing) -> Iterator[StreamFacts]:
    added_on = filing.filed_on - REVIEWED_IN
    for kind, count in COUNTS.items():
        for number in range(count):
            values = _values(filing, kind, number, added_on)
            has_account = kind == "person" and number < len(filing.crew)
            account = {"account": str(filing.crew[number])} if has_account else {}
            text = _template(kind, has_account).fill(values | account)
            happened = [(facts.ResourceAdded.type, text, filing.at(added_on))]
            if filing.waits == "second" and (kind, number) == ("device", 0):
                happened.append(_renewed(filing, values))
            yield StreamFacts(f"resource-{values['resource']}", tuple(happened), f"filing-{filing.operator}")


def _values(filing: Filing, kind: facts.ResourceKind, number: int, added_on: date) -> dict[str, str]:
    """Papers end on days of which each has its share."""
    nth = filing.number * COUNTS[kind] + number
    last_day = filing.today + timedelta(days=nth * 7 % PERIODS[kind] - PASSED)
    resource = _resource(filing, kind, number)
    return {
        "resource": str(resource),
        "operator": str(filing.operator),
        "paper": str(UUID(int=resource.int ^ 1)),
        "number": f"{nth:05d}",
        "changed": added_on.isoformat(),
        "first": (last_day - timedelta(days=PERIODS[kind])).isoformat(),
        "last": last_day.isoformat(),
    }


def _renewed(filing: Filing, values: dict[str, str]) -> tuple[str, str, datetime]:
    """Of a filed device; the version that waits for its review."""
    day = filing.today - CHANGED_AGO
    paper = _papers("device")[0].model_copy(
        update={
            "paper_id": UUID(int=UUID(values["paper"]).int ^ 2),
            "number": f"JZ-{values['number']}-2",
            "valid_from": day,
            "valid_to": day + timedelta(days=PERIODS["device"]),
        }
    )
    fact = facts.ResourcePaperRenewed(
        operator_id=filing.operator,
        resource_id=UUID(values["resource"]),
        paper=paper,
        replaces=UUID(values["paper"]),
        changed_on=day,
    )
    return fact.type, encode(fact).decode(), filing.at(day)


@cache
def _template(kind: facts.ResourceKind, has_account: bool) -> Template:
    fact = facts.ResourceAdded(
        operator_id=OPERATOR,
        resource_id=RESOURCE,
        particulars=_particulars(kind, ACCOUNT if has_account else None),
        changed_on=date.fromisoformat(CHANGED),
    )
    return Template.of_fact(fact, PLACEHOLDERS)


def _particulars(kind: facts.ResourceKind, account: UUID | None) -> facts.ResourceParticulars:
    if kind == "person":
        return facts.PersonParticulars(
            education="college", post=f"现场运维 {NUMBER}", technical_posts=("maintenance",),
            joined_on=date(2022, 3, 1), account_id=account, papers=_papers(kind),
        )  # fmt: skip
    if kind == "device":
        return facts.DeviceParticulars(
            asset_number=f"ZC-{NUMBER}", serial_number=f"SN-{NUMBER}", name="便携式水质分析仪", model="DX-2201",
            measures="化学需氧量、氨氮", papers=_papers(kind),
        )  # fmt: skip
    return facts.VehicleParticulars(plate=f"沪A{NUMBER}", ownership="owned", papers=_papers(kind))


def _papers(kind: facts.ResourceKind) -> tuple[facts.Paper, ...]:
    period = {"valid_from": date.fromisoformat(FIRST), "valid_to": date.fromisoformat(LAST)}
    common = {"paper_id": PAPER, "scan": SCAN, **period}
    if kind == "person":
        return (
            facts.Paper(kind="competence_certificate", number=f"YW-{NUMBER}", issuer="中国环境保护产业协会", grade="自动监控（水）运维", **common),
        )  # fmt: skip
    if kind == "device":
        return (
            facts.Paper(
                kind="calibration", number=f"JZ-{NUMBER}", issuer="上海市计量测试技术研究院", **common
            ),
        )
    return (facts.Paper(kind="vehicle_licence", **common),)


def _stream(stream: str, filing: Filing, happened: list[tuple[date, Fact]]) -> StreamFacts:
    told = tuple((fact.type, encode(fact).decode(), filing.at(day)) for day, fact in happened)
    return StreamFacts(stream, told)
