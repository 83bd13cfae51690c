"""Name, credit code and district: an enterprise requests a change, and an authority decides on it."""

from dataclasses import replace
from datetime import date
from typing import Any
from uuid import UUID

import pytest
from qingyuan_events.registry import (
    EnterpriseChangeConfirmed,
    EnterpriseChangeRefused,
    EnterpriseChangeRequested,
    EnterpriseChangeWithdrawn,
    EnterpriseClosed,
    EnterpriseCorrected,
    EnterpriseIdentity,
    EnterpriseParticulars,
)
from qingyuan_runtime.domain.testing import given
from registry.domain.enterprises.commands import CorrectEnterprise, DecideChange, WithdrawChange
from registry.domain.enterprises.decider import ENTERPRISE as ENTERPRISES
from samples import (
    CHANGE_REASON,
    ENTERPRISE,
    MOVED,
    NEW,
    OLD,
    RENAMED,
    SINCE,
    TODAY,
    enterprise,
    enterprise_registered,
)

LATER = date(2026, 6, 1)


def request(wanted: EnterpriseParticulars, request_id: UUID = NEW) -> EnterpriseChangeRequested:
    known = EnterpriseIdentity(name=wanted.name, uscc=wanted.uscc, district=wanted.district)
    return EnterpriseChangeRequested(
        enterprise_id=ENTERPRISE, request_id=request_id, wanted=known, valid_from=LATER, reason=CHANGE_REASON
    )


def correct(wanted: EnterpriseParticulars, request_id: UUID | None = NEW) -> CorrectEnterprise:
    return CorrectEnterprise(
        enterprise_id=ENTERPRISE,
        particulars=wanted,
        contact=None,
        valid_from=LATER,
        reason=CHANGE_REASON,
        today=TODAY,
        request_id=request_id,
    )


def corrected(particulars: EnterpriseParticulars) -> EnterpriseCorrected:
    return EnterpriseCorrected(
        enterprise_id=ENTERPRISE, particulars=particulars, valid_from=LATER, reason=CHANGE_REASON
    )


def answer(confirmed: bool, request_id: UUID = NEW, reason: str = "已核对") -> DecideChange:
    return DecideChange(
        enterprise_id=ENTERPRISE, request_id=request_id, confirmed=confirmed, reason=reason, today=TODAY
    )


def test_an_enterprise_requests_a_change_of_its_identity_and_corrects_the_rest_at_once() -> None:
    given(ENTERPRISES, enterprise_registered).when(correct(RENAMED)).then(request(RENAMED))
    both = RENAMED.model_copy(update={"address": "新址"})
    only_address = enterprise.model_copy(update={"address": "新址"})
    given(ENTERPRISES, enterprise_registered).when(correct(both)).then(corrected(only_address), request(both))
    given(ENTERPRISES, enterprise_registered).when(correct(only_address)).then(corrected(only_address))


def test_an_administrators_correction_takes_effect_at_once() -> None:
    given(ENTERPRISES, enterprise_registered).when(correct(RENAMED, None)).then(corrected(RENAMED))


def test_a_requested_identity_must_be_valid() -> None:
    wrong = enterprise.model_copy(update={"uscc": "1", "district": "110000"})
    given(ENTERPRISES, enterprise_registered).when(correct(wrong)).refused(
        "command.invalid", "particulars.uscc", "particulars.district"
    )


def test_a_confirmed_change_is_a_correction_and_a_refused_one_changes_nothing() -> None:
    confirmed = EnterpriseChangeConfirmed(enterprise_id=ENTERPRISE, request_id=NEW, reason="已核对")
    refused = EnterpriseChangeRefused(enterprise_id=ENTERPRISE, request_id=NEW, reason="已核对")
    asked = (enterprise_registered, request(RENAMED))
    given(ENTERPRISES, *asked).when(answer(True)).then(confirmed, corrected(RENAMED))
    given(ENTERPRISES, *asked).when(answer(False)).then(refused)
    given(ENTERPRISES, *asked).when(answer(True, reason="")).refused("command.invalid", "reason")
    given(ENTERPRISES, *asked, refused).when(answer(True)).refused("change.decided")


def test_a_confirmation_keeps_what_was_corrected_since_the_request() -> None:
    address = enterprise.model_copy(update={"address": "新址"})
    both = RENAMED.model_copy(update={"address": "新址"})
    confirmed = EnterpriseChangeConfirmed(enterprise_id=ENTERPRISE, request_id=NEW, reason="已核对")
    given(ENTERPRISES, enterprise_registered, request(RENAMED), corrected(address)).when(answer(True)).then(
        confirmed, corrected(both)
    )


FIXED = {"uscc": "91310115MA1H7XQT0Q", "district": "310115", "name": "上海清泉化工集团有限公司"}


@pytest.mark.parametrize("asked", ["name", "uscc", "district"])
@pytest.mark.parametrize("fixed", ["name", "uscc", "district"])
def test_a_confirmation_changes_only_the_requested_field(asked: str, fixed: str) -> None:
    """A correction by an administrator while a request waits is not undone by its confirmation."""
    ask = {"name": RENAMED.name, "uscc": "913100006072021647", "district": MOVED.district}[asked]
    wanted = enterprise.model_copy(update={asked: ask})
    right = enterprise.model_copy(update={fixed: FIXED[fixed]})
    state = ENTERPRISES.fold((enterprise_registered, request(wanted), corrected(right)))
    last = ENTERPRISES.decide(answer(True), state)[-1]
    assert last == corrected(enterprise.model_copy(update={fixed: FIXED[fixed], asked: ask}))


def test_a_repeated_request_is_a_new_one_only_with_another_day_or_reason() -> None:
    asked = (enterprise_registered, request(RENAMED))
    sooner = correct(RENAMED, OLD)
    others: tuple[dict[str, Any], ...] = ({"valid_from": SINCE}, {"reason": "更名登记"})
    for other in others:
        again = request(RENAMED, OLD).model_copy(update=other)
        given(ENTERPRISES, *asked).when(replace(sooner, **other)).then(again)
    both = RENAMED.model_copy(update={"address": "新址"})
    only_address = enterprise.model_copy(update={"address": "新址"})
    day: dict[str, Any] = {"valid_from": date(2026, 7, 1)}
    given(ENTERPRISES, *asked).when(replace(correct(both, OLD), **day)).then(
        corrected(only_address).model_copy(update=day), request(both, OLD).model_copy(update=day)
    )


def test_a_request_after_a_correction_is_new_only_if_it_undoes_the_correction() -> None:
    """The same change requested again is the same request; one that undoes the administrator's correction is a new one."""
    right = enterprise.model_copy(update={"district": FIXED["district"]})
    meanwhile = (enterprise_registered, request(RENAMED), corrected(right))
    beside = RENAMED.model_copy(update={"district": FIXED["district"]})
    given(ENTERPRISES, *meanwhile).when(correct(beside, OLD)).refused("correction.empty")
    given(ENTERPRISES, *meanwhile).when(correct(RENAMED, OLD)).then(request(RENAMED, OLD))


def test_a_newer_request_replaces_the_pending_one() -> None:
    given(ENTERPRISES, enterprise_registered, request(RENAMED)).when(correct(RENAMED, OLD)).refused(
        "correction.empty"
    )
    given(ENTERPRISES, enterprise_registered, request(RENAMED)).when(correct(MOVED, OLD)).then(
        request(MOVED, OLD)
    )
    given(ENTERPRISES, enterprise_registered, request(RENAMED), request(MOVED, OLD)).when(
        answer(True)
    ).refused("change.decided")


def test_a_request_of_a_closed_enterprise_cannot_be_confirmed() -> None:
    closed = EnterpriseClosed(enterprise_id=ENTERPRISE, valid_to=LATER, reason="关停")
    given(ENTERPRISES, enterprise_registered, request(RENAMED), closed).when(answer(True)).refused(
        "enterprise.ended"
    )


def test_a_pending_request_can_be_withdrawn_and_made_again() -> None:
    withdraw = WithdrawChange(enterprise_id=ENTERPRISE, request_id=NEW, reason="尚未办妥")
    withdrawn = EnterpriseChangeWithdrawn(enterprise_id=ENTERPRISE, request_id=NEW, reason="尚未办妥")
    asked = (enterprise_registered, request(RENAMED))
    given(ENTERPRISES, *asked).when(withdraw).then(withdrawn)
    given(ENTERPRISES, *asked).when(
        WithdrawChange(enterprise_id=ENTERPRISE, request_id=NEW, reason="")
    ).refused("command.invalid", "reason")
    for confirmed in (True, False):
        given(ENTERPRISES, *asked, withdrawn).when(answer(confirmed)).refused("change.decided")
    given(ENTERPRISES, *asked, withdrawn).when(withdraw).refused("change.decided")
    given(ENTERPRISES, *asked, withdrawn).when(correct(RENAMED, OLD)).then(request(RENAMED, OLD))


def test_a_request_that_was_decided_or_replaced_cannot_be_withdrawn() -> None:
    body = {"enterprise_id": ENTERPRISE, "request_id": NEW, "reason": "已核对"}
    asked, withdraw = (
        (enterprise_registered, request(RENAMED)),
        WithdrawChange(enterprise_id=ENTERPRISE, request_id=NEW, reason="尚未办妥"),
    )
    answered = (EnterpriseChangeConfirmed.model_validate(body), corrected(RENAMED))
    refused = EnterpriseChangeRefused.model_validate(body)
    for facts in (answered, (refused,), (request(MOVED, OLD),)):
        given(ENTERPRISES, *asked, *facts).when(withdraw).refused("change.decided")
    closed = EnterpriseClosed(enterprise_id=ENTERPRISE, valid_to=LATER, reason="关停")
    given(ENTERPRISES, *asked, closed).when(withdraw).refused("enterprise.ended")
    given(ENTERPRISES, enterprise_registered).when(withdraw).refused("change.decided")
