"""The people, devices and vehicles of the city's filings, each a stream of its own."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cache
from typing import Final
from uuid import UUID

from filing.domain.resources.decider import RESOURCE
from qingyuan_events import Personal, encode
from qingyuan_events import filing as facts
from qingyuan_runtime.log.privacy import CiphertextPosition

from qingyuan_cli.seeding.city.loading import StreamFacts, claimed
from qingyuan_cli.seeding.city.names import name_of, sealed, subject_of
from qingyuan_cli.seeding.city.operator_filing import CHANGED_AGO, COUNTS, REVIEWED_IN, SCAN, Filing
from qingyuan_cli.seeding.city.templates import Template, placeholder_day, placeholder_id

PERIODS: Final[dict[facts.ResourceKind, int]] = {"person": 1_095, "device": 365, "vehicle": 730}
"""Days. A paper's last day is anywhere in its period, and a part of it has passed already."""
PASSED: Final = 30
RESOURCE_ID, OPERATOR, PAPER, ACCOUNT, SUBJECT = (placeholder_id(number) for number in range(1, 6))
CHANGED, FIRST, LAST = (placeholder_day(number) for number in range(1, 4))
NUMBER, NONCE, CIPHERTEXT = "0NUMBER0", "0NONCE0", "0CIPHERTEXT0"
PLACEHOLDERS: Final = {
    "resource": str(RESOURCE_ID), "operator": str(OPERATOR), "paper": str(PAPER), "account": str(ACCOUNT),
    "subject": str(SUBJECT), "nonce": NONCE, "ciphertext": CIPHERTEXT,
    "changed": CHANGED, "first": FIRST, "last": LAST, "number": NUMBER,
}  # fmt: skip


def versions(filing: Filing) -> Iterator[facts.ResourceVersion]:
    for kind, count in COUNTS.items():
        for number in range(count):
            yield facts.ResourceVersion(resource_id=filing.resource(kind, number), kind=kind, version=1)


def resources(filing: Filing) -> Iterator[StreamFacts]:
    added_on = filing.filed_on - REVIEWED_IN
    for kind, count in COUNTS.items():
        for number in range(count):
            values = _values(filing, kind, number, added_on)
            added = _added(kind, has_account="account" in values)
            happened = [(facts.ResourceAdded.type, added.fact.fill(values), filing.at(added_on))]
            claims = added.claims_of(values)
            if filing.waits == "second" and (kind, number) == ("device", 0):
                fact, at = _renewed(filing, values)
                happened.append((fact.type, encode(fact).decode(), at))
                claims += claimed(RESOURCE.claims(fact))
            stream = f"resource-{values['resource']}"
            yield StreamFacts(stream, tuple(happened), f"filing-{filing.operator}", claims)


def _values(filing: Filing, kind: facts.ResourceKind, number: int, added_on: date) -> dict[str, str]:
    """Papers end on days of which each has its share."""
    nth = filing.number * COUNTS[kind] + number
    last_day = filing.today + timedelta(days=nth * 7 % PERIODS[kind] - PASSED)
    resource = filing.resource(kind, number)
    values = {
        "resource": str(resource),
        "operator": str(filing.operator),
        "paper": str(UUID(int=resource.int ^ 1)),
        "number": f"{nth:05d}",
        "changed": added_on.isoformat(),
        "first": (last_day - timedelta(days=PERIODS[kind])).isoformat(),
        "last": last_day.isoformat(),
    }
    return values | _person(filing, number, nth, resource) if kind == "person" else values


def _person(filing: Filing, number: int, nth: int, resource: UUID) -> dict[str, str]:
    position = CiphertextPosition(f"resource-{resource}", 1, "person")
    subject = subject_of(f"person {filing.number} {number}")
    person = sealed(filing.keys, subject, position, {"name": name_of(nth)})
    values = {"subject": str(subject), "nonce": person.nonce, "ciphertext": person.ciphertext}
    has_account = number < len(filing.crew)
    return values | ({"account": str(filing.crew[number])} if has_account else {})


def _renewed(filing: Filing, values: dict[str, str]) -> tuple[facts.ResourcePaperRenewed, datetime]:
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
    return fact, filing.at(day)


def second_version(filing: Filing) -> facts.ResourceVersion:
    return facts.ResourceVersion(resource_id=filing.resource("device", 0), kind="device", version=2)


@dataclass(frozen=True, slots=True)
class Added:
    """The fact by which a resource was added, and what it claims."""

    fact: Template
    claims: tuple[tuple[str, Template], ...]

    def claims_of(self, values: dict[str, str]) -> tuple[tuple[str, str], ...]:
        return tuple((kind, value.fill(values)) for kind, value in self.claims)


@cache
def _added(kind: facts.ResourceKind, *, has_account: bool) -> Added:
    fact = facts.ResourceAdded(
        operator_id=OPERATOR,
        resource_id=RESOURCE_ID,
        particulars=_particulars(kind, ACCOUNT if has_account else None),
        person=Personal(subject=SUBJECT, nonce=NONCE, ciphertext=CIPHERTEXT) if kind == "person" else None,
        changed_on=date.fromisoformat(CHANGED),
    )
    claims = ((claim.kind, Template(claim.value, PLACEHOLDERS)) for claim in RESOURCE.claims(fact))
    return Added(Template.of_fact(fact, PLACEHOLDERS), tuple(claims))


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
