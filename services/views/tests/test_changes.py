"""Requests to change an enterprise's name, credit code or district: who sees them, and their statuses."""

from collections.abc import AsyncIterator
from datetime import date
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
)
from qingyuan_local.testing import DatabaseServer
from read_models import Model, make_model
from sample_facts import ALL, ENTERPRISE, OTHER, enterprise, registry_facts
from views.register import changes
from views.shared.scope import Scope

pytestmark = pytest.mark.servers
FIRST, SECOND = UUID(int=101), UUID(int=102)
STREAM = f"enterprise-{ENTERPRISE}"
WANTED = EnterpriseIdentity(name="新泉化工", uscc=enterprise("清泉化工", "310118").uscc, district="310113")


@pytest.fixture
async def model(postgres_server: DatabaseServer) -> AsyncIterator[Model]:
    made = await make_model(postgres_server)
    yield made
    await made.close()


def requested(request_id: UUID) -> EnterpriseChangeRequested:
    return EnterpriseChangeRequested(
        enterprise_id=ENTERPRISE,
        request_id=request_id,
        wanted=WANTED,
        valid_from=date(2026, 6, 1),
        reason="更名",
    )


async def seen(model: Model, scope: Scope, state: changes.State = "all") -> list[tuple[str, str, str | None]]:
    rows = [changes.row(row) for row in await model.queries.changes(scope, state, None)]
    return [(row["wanted"]["name"], row["status"], row["decision"]) for row in rows]


async def apply_with(model: Model, *facts: object) -> None:
    """Apply the sample facts of the registry, and then these facts of the enterprise."""
    sample = registry_facts()
    for fact in facts:
        sample.add(STREAM, fact)  # type: ignore[arg-type]
    await model.apply(sample.recorded)


async def test_a_pending_request_is_seen_by_its_enterprise_and_its_district_alone(model: Model) -> None:
    await apply_with(model, requested(FIRST))
    waiting = [("新泉化工", "pending", None)]
    for scope in (ALL, Scope("enterprise", str(ENTERPRISE)), Scope("district", "310118")):
        assert await seen(model, scope, "pending") == waiting
    for scope in (Scope("enterprise", str(OTHER)), Scope("district", "310113")):
        assert await seen(model, scope) == []
    (row,) = [changes.row(row) for row in await model.queries.changes(ALL, "all", ENTERPRISE)]
    assert (row["was"]["name"], row["was"]["district"], row["enterprise_name"]) == (
        "清泉化工",
        "310118",
        "清泉化工",
    )
    assert list(await model.queries.changes(ALL, "all", OTHER)) == []


async def test_a_confirmed_change_is_shown_to_the_new_district_and_no_longer_to_the_former(
    model: Model,
) -> None:
    confirmed = EnterpriseChangeConfirmed(enterprise_id=ENTERPRISE, request_id=FIRST, reason="已核对")
    corrected = EnterpriseCorrected(
        enterprise_id=ENTERPRISE,
        particulars=enterprise("新泉化工", "310113"),
        valid_from=date(2026, 6, 1),
        reason="更名",
    )
    await apply_with(model, requested(FIRST), confirmed, corrected)
    assert await seen(model, Scope("district", "310113"), "decided") == [("新泉化工", "confirmed", "已核对")]
    assert await seen(model, Scope("district", "310118")) == []
    assert await seen(model, ALL, "pending") == []


async def test_a_request_tells_where_the_enterprise_is_now_also_when_it_was_moved_meanwhile(
    model: Model,
) -> None:
    moved = EnterpriseCorrected(
        enterprise_id=ENTERPRISE,
        particulars=enterprise("清泉化工", "310113"),
        valid_from=date(2026, 6, 1),
        reason="迁址",
    )
    await apply_with(model, requested(FIRST), moved)
    (row,) = [changes.row(row) for row in await model.queries.changes(ALL, "pending", None)]
    assert (row["was"]["district"], row["enterprise_district"]) == ("310118", "310113")


async def test_a_second_request_replaces_the_first_and_is_refused(model: Model) -> None:
    refused = EnterpriseChangeRefused(enterprise_id=ENTERPRISE, request_id=SECOND, reason="不符")
    await apply_with(model, requested(FIRST), requested(SECOND), refused)
    assert sorted(status for _, status, _ in await seen(model, ALL)) == ["refused", "replaced"]


async def test_a_withdrawn_request_has_its_reason_and_a_later_one_is_pending(model: Model) -> None:
    withdrawn = EnterpriseChangeWithdrawn(enterprise_id=ENTERPRISE, request_id=FIRST, reason="尚未办妥")
    await apply_with(model, requested(FIRST), withdrawn, requested(SECOND))
    assert await seen(model, Scope("district", "310118"), "decided") == [
        ("新泉化工", "withdrawn", "尚未办妥")
    ]
    assert await seen(model, Scope("enterprise", str(ENTERPRISE)), "pending") == [
        ("新泉化工", "pending", None)
    ]


async def test_a_request_of_a_closed_enterprise_lapses(model: Model) -> None:
    closed = EnterpriseClosed(enterprise_id=ENTERPRISE, valid_to=date(2026, 7, 1), reason="关停")
    await apply_with(model, requested(FIRST), closed)
    assert await seen(model, ALL) == [("新泉化工", "lapsed", None)]
