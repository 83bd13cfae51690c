"""人员、设备、车辆、备品备件: what is taken, what is refused, and which identifiers belong to one."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest
from filing.domain.resources.commands import (
    AddResource,
    CorrectResource,
    EndResource,
    RenewPaper,
    RevokePaper,
)
from filing.domain.resources.decider import RESOURCE, claims
from filing.domain.resources.state import ResourceFact
from filing_samples import (
    DEVICE,
    NAME,
    OPERATOR,
    PART,
    PERSON,
    STORED,
    TODAY,
    VEHICLE,
    added,
    calibration,
    certificate,
    device,
    lease,
    licence,
    part,
    person,
    scan_of,
    sealed,
    vehicle,
)
from qingyuan_events.filing import (
    Paper,
    ResourceCorrected,
    ResourceEnded,
    ResourcePaperRenewed,
    ResourcePaperRevoked,
    ResourceParticulars,
)
from qingyuan_runtime.domain.decider import Claim
from qingyuan_runtime.domain.testing import given

ALL = [(person, PERSON), (device, DEVICE), (vehicle, VEHICLE), (part, PART)]
ACCOUNT = UUID(int=88)
TOMORROW = TODAY + timedelta(days=1)


def add(particulars: ResourceParticulars, resource_id: UUID, **changed: Any) -> AddResource:
    command = {
        "operator_id": OPERATOR,
        "resource_id": resource_id,
        "particulars": particulars,
        "person": sealed if particulars.kind == "person" else None,
        "changed_on": TODAY,
        "stored": STORED,
        "today": TODAY,
    }
    return AddResource(**{**command, **changed})


def correct(particulars: ResourceParticulars, **changed: Any) -> CorrectResource:
    command = {
        "particulars": particulars,
        "person": None,
        "changed_on": TODAY,
        "reason": "录入有误",
        "stored": STORED,
        "today": TODAY,
    }
    return CorrectResource(**{**command, **changed})


def with_paper(**fields: Any) -> ResourceParticulars:
    return person.model_copy(update={"papers": (certificate.model_copy(update=fields),)})


@pytest.mark.parametrize(("particulars", "resource_id"), ALL)
def test_each_kind_is_added(particulars: ResourceParticulars, resource_id: UUID) -> None:
    given(RESOURCE).when(add(particulars, resource_id)).then(added(particulars, resource_id))


def test_a_draft_may_lack_what_a_submission_needs() -> None:
    draft = device.model_copy(update={"papers": (Paper(paper_id=UUID(int=9), kind="calibration"),)})
    given(RESOURCE).when(add(draft, DEVICE)).then(added(draft, DEVICE))


@pytest.mark.parametrize(
    ("particulars", "field"),
    [
        (with_paper(valid_to=date(2025, 2, 28)), "papers.0.valid_to"),
        (with_paper(scan=scan_of(1, "application/json")), "papers.0.scan"),
        (with_paper(scan=scan_of(99)), "papers.0.scan"),
        (with_paper(kind="lease"), "papers.0.kind"),
        (with_paper(number=" "), "papers.0.number"),
        (
            person.model_copy(
                update={
                    "papers": (
                        certificate,
                        certificate.model_copy(
                            update={
                                "paper_id": UUID(int=9),
                                "valid_from": date(2028, 2, 29),
                                "valid_to": None,
                            }
                        ),
                    )
                }
            ),
            "papers.1.valid_from",
        ),
        (person.model_copy(update={"technical_posts": ()}), "technical_posts"),
        (person.model_copy(update={"technical_posts": ("other", "other")}), "technical_posts"),
        (person.model_copy(update={"joined_on": TOMORROW}), "joined_on"),
        (person.model_copy(update={"post": " "}), "post"),
        (vehicle.model_copy(update={"plate": "沪A1234"}), "plate"),
        (vehicle.model_copy(update={"ownership": "owned"}), "papers.1.kind"),
        (part.model_copy(update={"quantity": Decimal(-1)}), "quantity"),
        (device.model_copy(update={"serial_number": "x" * 201}), "serial_number"),
        (
            device.model_copy(
                update={"papers": (calibration, calibration.model_copy(update={"number": "2"}))}
            ),
            "papers",
        ),
    ],
)
def test_what_is_wrong_is_named(particulars: ResourceParticulars, field: str) -> None:
    given(RESOURCE).when(add(particulars, PERSON)).refused("command.invalid", f"particulars.{field}")


def test_a_renewed_certificate_may_keep_its_number_where_the_periods_do_not_meet() -> None:
    renewed = certificate.model_copy(
        update={
            "paper_id": UUID(int=9),
            "valid_from": date(2028, 3, 1),
            "valid_to": date(2031, 2, 28),
            "scan": scan_of(7),
        }
    )
    both = person.model_copy(update={"papers": (certificate, renewed)})
    given(RESOURCE).when(add(both, PERSON)).then(added(both, PERSON))


def test_a_person_has_a_name_and_nothing_else_has() -> None:
    given(RESOURCE).when(add(person, PERSON, person=None)).refused("command.invalid", "name")
    given(RESOURCE).when(add(device, DEVICE, person=sealed)).refused("command.invalid", "name")


def test_a_change_is_of_today_or_earlier() -> None:
    given(RESOURCE).when(add(device, DEVICE, changed_on=TOMORROW)).refused("command.invalid", "changed_on")


def test_a_correction_needs_a_change_and_a_reason_and_keeps_the_kind() -> None:
    known = given(RESOURCE, added(device, DEVICE))
    other = device.model_copy(update={"name": "烟气分析仪"})
    known.when(correct(other)).then(
        ResourceCorrected(
            operator_id=OPERATOR, resource_id=DEVICE, particulars=other, changed_on=TODAY, reason="录入有误"
        )
    )
    known.when(correct(device)).refused("correction.empty")
    known.when(correct(other, reason=" ")).refused("command.invalid", "reason")
    known.when(correct(part)).refused("command.invalid", "particulars.kind")


def test_a_scan_that_it_has_already_needs_no_second_proof() -> None:
    other = device.model_copy(update={"name": "烟气分析仪"})
    given(RESOURCE, added(device, DEVICE)).when(correct(other, stored=frozenset())).then(
        ResourceCorrected(
            operator_id=OPERATOR, resource_id=DEVICE, particulars=other, changed_on=TODAY, reason="录入有误"
        )
    )


def renew(paper: Paper, replaces: UUID | None) -> RenewPaper:
    return RenewPaper(paper=paper, replaces=replaces, changed_on=TODAY, stored=STORED, today=TODAY)


def test_a_paper_is_renewed() -> None:
    new = calibration.model_copy(
        update={
            "paper_id": UUID(int=9),
            "number": "JZ-2027-11",
            "valid_to": date(2028, 1, 31),
            "scan": scan_of(8),
        }
    )
    fact = ResourcePaperRenewed(
        operator_id=OPERATOR, resource_id=DEVICE, paper=new, replaces=calibration.paper_id, changed_on=TODAY
    )
    given(RESOURCE, added(device, DEVICE)).when(renew(new, calibration.paper_id)).then(fact)
    state = RESOURCE.fold((added(device, DEVICE), fact))
    assert state.particulars is not None
    assert state.particulars.papers == (new,)
    given(RESOURCE, added(device, DEVICE)).when(renew(new, UUID(int=8))).refused(
        "command.invalid", "replaces"
    )
    given(RESOURCE, added(device, DEVICE), fact).when(renew(new, None)).refused("command.invalid", "paper")


def test_a_renewal_names_the_fields_of_the_new_paper() -> None:
    new = calibration.model_copy(update={"paper_id": UUID(int=9), "valid_to": date(2020, 1, 1)})
    given(RESOURCE, added(device, DEVICE)).when(renew(new, calibration.paper_id)).refused(
        "command.invalid", "paper.valid_to"
    )


def revoke(first_day: date) -> RevokePaper:
    return RevokePaper(paper_id=certificate.paper_id, first_day=first_day, reason="证书系伪造", today=TODAY)


def test_a_paper_is_revoked_once_perhaps_backwards() -> None:
    fact = ResourcePaperRevoked(
        operator_id=OPERATOR,
        resource_id=PERSON,
        paper_id=certificate.paper_id,
        first_day=date(2026, 1, 1),
        reason="证书系伪造",
    )
    given(RESOURCE, added(person, PERSON)).when(revoke(date(2026, 1, 1))).then(fact)
    given(RESOURCE, added(person, PERSON), fact).when(revoke(date(2026, 1, 1))).refused("paper.revoked")
    given(RESOURCE, added(device, DEVICE)).when(revoke(TODAY)).refused("paper.missing")
    replaced = ResourcePaperRenewed(
        operator_id=OPERATOR,
        resource_id=PERSON,
        paper=certificate.model_copy(update={"paper_id": UUID(int=9)}),
        replaces=certificate.paper_id,
        changed_on=TODAY,
    )
    given(RESOURCE, added(person, PERSON), replaced).when(revoke(date(2026, 1, 1))).then(fact)
    given(RESOURCE, added(person, PERSON)).when(revoke(TOMORROW)).refused("command.invalid", "first_day")
    changed = with_paper(valid_to=date(2030, 1, 1))
    given(RESOURCE, added(person, PERSON), fact).when(correct(changed)).refused(
        "command.invalid", "particulars.papers"
    )


def test_what_has_ended_is_not_changed() -> None:
    ended = ResourceEnded(operator_id=OPERATOR, resource_id=DEVICE, last_day=TODAY, reason="报废")
    given(RESOURCE, added(device, DEVICE)).when(EndResource(last_day=TODAY, reason="报废", today=TODAY)).then(
        ended
    )
    known = given(RESOURCE, added(device, DEVICE), ended)
    known.when(EndResource(last_day=TODAY, reason="报废", today=TODAY)).refused("resource.ended")
    known.when(correct(device.model_copy(update={"name": "x"}))).refused("resource.ended")


@pytest.mark.parametrize(
    ("fact", "expected"),
    [
        (
            added(person.model_copy(update={"account_id": ACCOUNT}), PERSON),
            {
                Claim("certificate-number", "YW-2025-0001"),
                Claim("filed-account", str(ACCOUNT)),
                Claim("paper", str(certificate.paper_id)),
            },
        ),
        (
            added(vehicle, VEHICLE),
            {Claim("plate", "沪AD12345")}
            | {Claim("paper", str(paper.paper_id)) for paper in (licence, lease)},
        ),
        (
            added(device, DEVICE),
            {
                Claim("device-serial", f"{OPERATOR} 5 GA-21 SN-9"),
                Claim("paper", str(calibration.paper_id)),
            },
        ),
        (added(part, PART), set()),
    ],
)
def test_identifiers_belong_to_one(fact: ResourceFact, expected: set[Claim]) -> None:
    assert set(claims(fact)) == expected


def test_samples_are_complete() -> None:
    assert {paper.kind for paper in (certificate, calibration, licence, lease)} == {
        "competence_certificate",
        "calibration",
        "vehicle_licence",
        "lease",
    }
    assert lease.holder == NAME
