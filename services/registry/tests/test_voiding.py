"""误录作废 of a monitoring point and an outlet: what is in use, with a reason, and nothing after it."""

import pytest
from qingyuan_events.registry import MonitoringPointClosed, MonitoringPointVoided, OutletClosed, OutletVoided
from qingyuan_runtime.domain.testing import given
from registry.domain.monitoring_points.commands import ClosePoint, CorrectPoint, VoidPoint
from registry.domain.monitoring_points.decider import POINT as POINTS
from registry.domain.outlets.commands import CloseOutlet, CorrectOutlet, VoidOutlet
from registry.domain.outlets.decider import OUTLET as OUTLETS
from samples import (
    ENTERPRISE,
    OUTLET,
    POINT,
    SINCE,
    TODAY,
    outlet,
    outlet_added,
    point,
    point_added,
    water_outlet,
)

WHY = "重复登记"
POINT_IDS = {"point_id": POINT, "outlet_id": OUTLET, "enterprise_id": ENTERPRISE}
OUTLET_IDS = {"outlet_id": OUTLET, "enterprise_id": ENTERPRISE}
point_voided = MonitoringPointVoided(**POINT_IDS, reason=WHY)
outlet_voided = OutletVoided(**OUTLET_IDS, reason=WHY)
point_closed = MonitoringPointClosed(**POINT_IDS, valid_to=TODAY, reason="拆除")
outlet_closed = OutletClosed(**OUTLET_IDS, valid_to=TODAY, reason="封堵")
void_point, void_outlet = VoidPoint(point_id=POINT, reason=WHY), VoidOutlet(outlet_id=OUTLET, reason=WHY)


def test_what_is_in_use_is_voided() -> None:
    given(POINTS, point_added).when(void_point).then(point_voided)
    given(OUTLETS, outlet_added).when(void_outlet).then(outlet_voided)


def test_what_is_not_there_or_has_ended_is_not_voided() -> None:
    """A closed one was there: it is not an entry by mistake."""
    given(POINTS).when(void_point).refused("monitoring_point.missing")
    given(OUTLETS).when(void_outlet).refused("outlet.missing")
    for ended in (point_closed, point_voided):
        given(POINTS, point_added, ended).when(void_point).refused("monitoring_point.ended")
    for ended in (outlet_closed, outlet_voided):
        given(OUTLETS, outlet_added, ended).when(void_outlet).refused("outlet.ended")


@pytest.mark.parametrize("reason", ["", " ", "字" * 201])
def test_a_reason_is_needed(reason: str) -> None:
    given(POINTS, point_added).when(VoidPoint(point_id=POINT, reason=reason)).refused(
        "command.invalid", "reason"
    )
    given(OUTLETS, outlet_added).when(VoidOutlet(outlet_id=OUTLET, reason=reason)).refused(
        "command.invalid", "reason"
    )


def test_what_is_voided_is_neither_corrected_nor_closed() -> None:
    """So it never claims anything again."""
    more = {"valid_from": SINCE, "reason": "改名", "today": TODAY}
    renamed = point.model_copy(update={"name": "另一个"})
    given(POINTS, point_added, point_voided).when(
        CorrectPoint(point_id=POINT, outlet=water_outlet, particulars=renamed, **more)
    ).refused("monitoring_point.ended")
    given(POINTS, point_added, point_voided).when(
        ClosePoint(point_id=POINT, valid_to=TODAY, reason="拆除", today=TODAY)
    ).refused("monitoring_point.ended")
    given(OUTLETS, outlet_added, outlet_voided).when(
        CorrectOutlet(outlet_id=OUTLET, particulars=outlet.model_copy(update={"name": "另一个"}), **more)
    ).refused("outlet.ended")
    given(OUTLETS, outlet_added, outlet_voided).when(
        CloseOutlet(outlet_id=OUTLET, valid_to=TODAY, reason="封堵", today=TODAY)
    ).refused("outlet.ended")


def test_a_voiding_releases_what_was_claimed_and_a_closing_or_correction_does_not() -> None:
    assert POINTS.voids(point_voided)
    assert OUTLETS.voids(outlet_voided)
    assert (POINTS.claims(point_voided), OUTLETS.claims(outlet_voided)) == ((), ())
    assert not any(POINTS.voids(fact) for fact in (point_added, point_closed))
    assert not any(OUTLETS.voids(fact) for fact in (outlet_added, outlet_closed))
