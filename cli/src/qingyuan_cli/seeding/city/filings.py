"""The filings of the city's operators: most are filed, some wait for a review, and of their papers some have ended."""

from collections.abc import Iterator
from datetime import date, datetime
from decimal import Decimal
from typing import Final
from uuid import UUID

from filing.domain.filings.decider import FILING
from filing.domain.filings.undertaking import Undertaking
from qingyuan_events import Fact, Personal, encode
from qingyuan_events import filing as facts
from qingyuan_events.parts import FileRef, Signature
from qingyuan_runtime.log.privacy import CiphertextPosition
from qingyuan_standards.dated import setting

from qingyuan_cli.seeding import town
from qingyuan_cli.seeding.city import filed_resources
from qingyuan_cli.seeding.city.loading import StreamFacts, claimed
from qingyuan_cli.seeding.city.names import Keys, name_of, sealed, subject_of
from qingyuan_cli.seeding.city.operator_filing import CHANGED_AGO, COUNTS, REVIEWED_IN, SCAN, Filing
from qingyuan_cli.seeding.city.points import id_of
from qingyuan_cli.seeding.city.year import OPERATORS, crew_size, operator, people

REVIEWER: Final = id_of("reviewer of filings")
PEOPLE_OF_BASICS: Final = ("legal_representative", "contact")
SIGNATURE: Final = Signature(
    image=FileRef(sha256="d" * 64, size=4_000, media_type="image/png", name="签名.png"),
    strokes=FileRef(sha256="e" * 64, size=6_000, media_type="application/json", name="签名笔迹.json"),
)


def subjects(operators: int) -> Iterator[UUID]:
    """All whose names stand in these filings."""
    for number in range(operators):
        yield from (subject_of(f"{field} {number}") for field in PEOPLE_OF_BASICS)
        yield from (subject_of(f"person {number} {person}") for person in range(COUNTS["person"]))


def operators_of(points: int) -> int:
    """A small city has fewer."""
    return min(OPERATORS, points)


def filings(operators: int, points: int, today: date, keys: Keys) -> Iterator[StreamFacts]:
    """Each filing with its resources, parents first. `keys`: of all `subjects`."""
    for number in range(operators):
        filing = Filing(number, operator(number), today, people(number, crew_size(points)), keys)
        versions = tuple(filed_resources.versions(filing))
        yield _filing(filing, versions)
        yield from filed_resources.resources(filing)


def _filing(filing: Filing, versions: tuple[facts.ResourceVersion, ...]) -> StreamFacts:
    handed_in = filing.filed_on - REVIEWED_IN
    happened = [(handed_in, fact) for fact in _handed_in(filing, versions, handed_in)]
    if filing.waits != "first":
        happened += [(filing.filed_on, fact) for fact in _reviewed(filing, versions)]
    if filing.waits == "second":
        changed_on = filing.today - CHANGED_AGO
        again = facts.FilingSubmitted(
            operator_id=filing.operator,
            number=2,
            resources=(filed_resources.second_version(filing),),
            late=False,
        )
        happened.append((changed_on, again))
    return _stream(f"filing-{filing.operator}", filing, happened)


def _handed_in(
    filing: Filing, versions: tuple[facts.ResourceVersion, ...], changed_on: date
) -> Iterator[Fact]:
    own = {"operator_id": filing.operator}
    basics = _basics(filing)
    yield facts.FilingBegun(name=basics.name, **own)
    yield facts.FilingBasicsChanged(basics=basics, changed_on=changed_on, **_people_of(filing), **own)
    yield _undertaking(filing, filing.at(changed_on))
    yield facts.FilingSubmitted(number=1, basics_version=2, resources=versions, late=False, **own)


def _people_of(filing: Filing) -> dict[str, Personal]:
    """Of the basics, which are the second fact of their stream."""
    plain = {"name": name_of(filing.number)}
    phone = {"phone": f"021-5555 {filing.number:04d}"}
    known = (plain, {"name": name_of(filing.number + 7)} | phone)
    return {
        field: sealed(
            filing.keys,
            subject_of(f"{field} {filing.number}"),
            CiphertextPosition(f"filing-{filing.operator}", 2, field),
            person,
        )
        for field, person in zip(PEOPLE_OF_BASICS, known, strict=True)
    }


def _undertaking(filing: Filing, at: datetime) -> Fact:
    text = _text(filing.filed_on)
    return facts.FilingUndertakingGivenV2(
        operator_id=filing.operator,
        edition=text.version,
        text=text.text,
        text_sha256=text.sha256,
        signature=SIGNATURE,
        second_factor="password",
        certificate=None,
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


def _stream(stream: str, filing: Filing, happened: list[tuple[date, Fact]]) -> StreamFacts:
    told = tuple((fact.type, encode(fact).decode(), filing.at(day)) for day, fact in happened)
    taken = (claim for _, fact in happened for claim in FILING.claims(fact))  # type: ignore[arg-type]
    return StreamFacts(stream, told, claims=claimed(taken))
