"""排污单位、排口、测点: states, refusals, and codes that are never used again."""

from datetime import date
from uuid import UUID

import pytest
from hypothesis import given as hypothesis_given
from hypothesis import strategies as st
from qingyuan_events import Personal
from qingyuan_events.registry import (
    EnterpriseClosed,
    EnterpriseContactErased,
    EnterpriseCorrected,
    MonitoringPointClosed,
    MonitoringPointCorrected,
    OutletClosed,
    OutletCorrected,
)
from qingyuan_runtime.domain.decider import Claim
from qingyuan_runtime.domain.testing import given
from qingyuan_standards.uscc import USCC_ALPHABET, is_uscc
from registry.domain.enterprises.commands import (
    CloseEnterprise,
    CorrectEnterprise,
    EraseContact,
    RegisterEnterprise,
)
from registry.domain.enterprises.decider import ENTERPRISE as ENTERPRISES
from registry.domain.monitoring_points.commands import AddPoint, ClosePoint, CorrectPoint
from registry.domain.monitoring_points.decider import POINT as POINTS
from registry.domain.outlets.commands import AddOutlet, CloseOutlet, CorrectOutlet
from registry.domain.outlets.decider import OUTLET as OUTLETS
from registry.domain.shared.normalising import normalise
from samples import (
    ENTERPRISE,
    NEW,
    OLD,
    OUTLET,
    POINT,
    SINCE,
    TODAY,
    enterprise,
    enterprise_registered,
    outlet,
    outlet_added,
    point,
    point_added,
    water,
    water_outlet,
)

LATER = date(2026, 6, 1)


def test_an_enterprise_is_registered_once() -> None:
    command = RegisterEnterprise(
        enterprise_id=ENTERPRISE, particulars=enterprise, contact=None, valid_from=SINCE, today=TODAY
    )
    given(ENTERPRISES).when(command).then(enterprise_registered)
    given(ENTERPRISES, enterprise_registered).when(command).refused("enterprise.exists")


def test_its_codes_follow_their_standards() -> None:
    wrong = enterprise.model_copy(
        update={"uscc": "91130200699229617Y", "permit_number": "123", "district": "310108", "name": ""}
    )
    given(ENTERPRISES).when(
        RegisterEnterprise(
            enterprise_id=ENTERPRISE, particulars=wrong, contact=None, valid_from=SINCE, today=TODAY
        )
    ).refused(
        "command.invalid",
        "particulars.uscc",
        "particulars.permit_number",
        "particulars.district",
        "particulars.name",
    )


def test_a_credit_code_and_a_permit_are_claimed_and_none_is_not() -> None:
    assert ENTERPRISES.claims(enterprise_registered) == (
        Claim("uscc", "91130200699229617X"),
        Claim("permit-number", "91130200699229617X001P"),
    )
    without = enterprise_registered.model_copy(
        update={"particulars": enterprise.model_copy(update={"permit_number": "无"})}
    )
    assert ENTERPRISES.claims(without) == (Claim("uscc", "91130200699229617X"),)


def test_an_enterprise_is_corrected_closed_and_then_left_alone() -> None:
    better = enterprise.model_copy(update={"address": "新址"})
    correct = CorrectEnterprise(
        enterprise_id=ENTERPRISE,
        particulars=better,
        contact=None,
        valid_from=LATER,
        reason="搬迁",
        today=TODAY,
    )
    given(ENTERPRISES, enterprise_registered).when(correct).then(
        EnterpriseCorrected(enterprise_id=ENTERPRISE, particulars=better, valid_from=LATER, reason="搬迁")
    )
    closed = EnterpriseClosed(enterprise_id=ENTERPRISE, valid_to=LATER, reason="关停")
    given(ENTERPRISES, enterprise_registered).when(
        CloseEnterprise(enterprise_id=ENTERPRISE, valid_to=LATER, reason="关停", today=TODAY)
    ).then(closed)
    given(ENTERPRISES, enterprise_registered, closed).when(correct).refused("enterprise.ended")
    assert ENTERPRISES.closes(closed)


def test_a_contact_can_be_erased_even_of_a_closed_enterprise() -> None:
    called = enterprise_registered.model_copy(update={"contact": sealed(NEW)})
    closed = EnterpriseClosed(enterprise_id=ENTERPRISE, valid_to=LATER, reason="关停")
    erase = EraseContact(enterprise_id=ENTERPRISE, reason="本人要求")
    given(ENTERPRISES, called, closed).when(erase).then(erased(NEW))
    given(ENTERPRISES, called).when(EraseContact(enterprise_id=ENTERPRISE, reason="")).refused(
        "command.invalid", "reason"
    )
    given(ENTERPRISES, called, erased(NEW)).when(erase).then()


def test_a_new_contact_is_given_after_an_erasure_but_never_under_the_erased_subject() -> None:
    called = enterprise_registered.model_copy(update={"contact": sealed(NEW)})
    again = CorrectEnterprise(
        enterprise_id=ENTERPRISE,
        particulars=enterprise,
        contact=sealed(NEW),
        valid_from=LATER,
        reason="更新",
        today=TODAY,
    )
    given(ENTERPRISES, called, erased(NEW)).when(again).refused("contact.erased")
    other = CorrectEnterprise(
        enterprise_id=ENTERPRISE,
        particulars=enterprise,
        contact=sealed(OLD),
        valid_from=LATER,
        reason="更新",
        today=TODAY,
    )
    corrected = EnterpriseCorrected(
        enterprise_id=ENTERPRISE, particulars=enterprise, contact=sealed(OLD), valid_from=LATER, reason="更新"
    )
    given(ENTERPRISES, called, erased(NEW)).when(other).then(corrected)
    given(ENTERPRISES, called, erased(NEW), corrected).when(
        EraseContact(enterprise_id=ENTERPRISE, reason="本人要求")
    ).then(erased(OLD))


def sealed(subject: UUID) -> Personal:
    return Personal(subject=subject, nonce="AAAA", ciphertext="AAAA")


def erased(subject: UUID) -> EnterpriseContactErased:
    return EnterpriseContactErased(enterprise_id=ENTERPRISE, subject=subject, reason="本人要求")


def test_an_outlet_hangs_from_its_enterprise_with_a_code_of_its_medium() -> None:
    add = AddOutlet(
        outlet_id=OUTLET,
        enterprise_id=ENTERPRISE,
        enterprise_from=SINCE,
        particulars=outlet,
        valid_from=SINCE,
        today=TODAY,
    )
    given(OUTLETS).when(add).then(outlet_added)
    wrong = AddOutlet(
        outlet_id=OUTLET,
        enterprise_id=ENTERPRISE,
        enterprise_from=LATER,
        particulars=outlet.model_copy(update={"code": "DA001"}),
        valid_from=SINCE,
        today=TODAY,
    )
    given(OUTLETS).when(wrong).refused("command.invalid", "particulars.code", "valid_from")
    assert OUTLETS.parent(outlet_added) == f"enterprise-{ENTERPRISE}"
    assert OUTLETS.claims(outlet_added) == (Claim("outlet-code", f"{ENTERPRISE}/DW001"),)


def test_an_outlet_does_not_change_its_medium() -> None:
    air = outlet.model_copy(update={"medium": "flue_gas", "code": "DA001"})
    given(OUTLETS, outlet_added).when(
        CorrectOutlet(outlet_id=OUTLET, particulars=air, valid_from=LATER, reason="录错", today=TODAY)
    ).refused("command.invalid", "particulars.medium")
    named = outlet.model_copy(update={"name": "新名"})
    given(OUTLETS, outlet_added).when(
        CorrectOutlet(outlet_id=OUTLET, particulars=named, valid_from=LATER, reason="改名", today=TODAY)
    ).then(
        OutletCorrected(
            outlet_id=OUTLET, enterprise_id=ENTERPRISE, particulars=named, valid_from=LATER, reason="改名"
        )
    )


def test_an_outlet_closes_on_a_day_of_its_life() -> None:
    given(OUTLETS, outlet_added).when(
        CloseOutlet(outlet_id=OUTLET, valid_to=LATER, reason="封堵", today=TODAY)
    ).then(OutletClosed(outlet_id=OUTLET, enterprise_id=ENTERPRISE, valid_to=LATER, reason="封堵"))
    given(OUTLETS, outlet_added).when(
        CloseOutlet(outlet_id=OUTLET, valid_to=date(2020, 1, 1), reason="封堵", today=TODAY)
    ).refused("command.invalid", "valid_to")


def test_a_point_follows_its_outlet_in_medium_and_code() -> None:
    given(POINTS).when(
        AddPoint(point_id=POINT, outlet=water_outlet, particulars=point, valid_from=SINCE, today=TODAY)
    ).then(point_added)
    wrong = point.model_copy(update={"code": "DW002", "factors": ("a21026",), "mn": "xyz"})
    given(POINTS).when(
        AddPoint(point_id=POINT, outlet=water_outlet, particulars=wrong, valid_from=SINCE, today=TODAY)
    ).refused("command.invalid", "particulars.code", "particulars.factors", "particulars.mn")
    assert POINTS.parent(point_added) == f"outlet-{OUTLET}"


def test_a_point_claims_its_code_and_its_data_logger() -> None:
    logged = point_added.model_copy(update={"particulars": point.model_copy(update={"mn": "A" * 24})})
    assert POINTS.claims(logged) == (Claim("point-code", f"{ENTERPRISE}/DW001"), Claim("mn", "A" * 24))


def test_a_point_is_corrected_and_closed() -> None:
    ids = {"point_id": POINT, "outlet_id": OUTLET, "enterprise_id": ENTERPRISE}
    second = point.model_copy(update={"code": "DW001-02"})
    given(POINTS, point_added).when(
        CorrectPoint(
            point_id=POINT,
            outlet=water_outlet,
            particulars=second,
            valid_from=LATER,
            reason="分点",
            today=TODAY,
        )
    ).then(MonitoringPointCorrected(**ids, particulars=second, valid_from=LATER, reason="分点"))
    given(POINTS, point_added).when(
        ClosePoint(point_id=POINT, valid_to=LATER, reason="", today=TODAY)
    ).refused("command.invalid", "reason")
    given(POINTS, point_added).when(
        ClosePoint(point_id=POINT, valid_to=LATER, reason="拆除", today=TODAY)
    ).then(MonitoringPointClosed(**ids, valid_to=LATER, reason="拆除"))


@pytest.mark.parametrize("code", ["91130200699229617X", "91110000600037341L"])
def test_published_credit_codes_are_right(code: str) -> None:
    assert is_uscc(code)


@hypothesis_given(st.integers(0, 17), st.sampled_from(USCC_ALPHABET))
def test_one_wrong_character_in_a_credit_code_is_found(place: int, other: str) -> None:
    right = "91130200699229617X"
    wrong = right[:place] + other + right[place + 1 :]
    assert is_uscc(wrong) == (wrong == right)


def test_brackets_case_and_unit_are_corrected_and_the_person_is_told() -> None:
    typed = water.model_copy(
        update={"integrator": " 源测(上海)公司 ", "unit": "毫克/升", "serial_number": " "}
    )
    better, notes = normalise(typed)
    assert (better.integrator, better.unit, better.serial_number) == ("源测（上海）公司", "mg/L", None)
    assert [note.rule for note in notes] == ["unit-symbol", "chinese-brackets"]
