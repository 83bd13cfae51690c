"""Requests to change an enterprise's name, credit code or district: who sees them, and their statuses."""

import time
from collections.abc import AsyncIterator
from datetime import date, datetime
from io import BytesIO
from typing import Any
from uuid import UUID

import httpx
import openpyxl
import pytest
from conforming import Conforming
from qingyuan_events import Actor
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
from qingyuan_runtime.tokens.actors import issue
from qingyuan_runtime.tokens.issuers import EveryIssuer
from read_models import Model, make_model
from sample_facts import ALL, ENTERPRISE, OTHER, enterprise, registry_facts
from views.main import build_app
from views.register import changes
from views.shared.people import MemoryPeople
from views.shared.query_models import NumberedQuery
from views.shared.scope import Scope

pytestmark = pytest.mark.servers
KEY = EveryIssuer()
FIRST, SECOND = UUID(int=101), UUID(int=102)
STREAM = f"enterprise-{ENTERPRISE}"
WANTED = EnterpriseIdentity(name="新泉化工", uscc=enterprise("清泉化工", "310118").uscc, district="310113")


async def nothing() -> None:
    return None


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
    rows = [changes.row(row) for row in await model.queries.changes(scope, changes.Wanted(state), 100)]
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
    (row,) = [
        changes.row(row) for row in await model.queries.changes(ALL, changes.Wanted("all", ENTERPRISE), 100)
    ]
    assert (row["was"]["name"], row["was"]["district"], row["enterprise_name"]) == (
        "清泉化工",
        "310118",
        "清泉化工",
    )
    assert list(await model.queries.changes(ALL, changes.Wanted("all", OTHER), 100)) == []


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
    (row,) = [
        changes.row(row) for row in await model.queries.changes(ALL, changes.Wanted("pending", None), 100)
    ]
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


async def file_of(
    model: Model, query: str, actor: Actor
) -> tuple[list[tuple[Any, ...]], list[dict[str, Any]]]:
    """The first sheet, and the requests by the titles of their columns."""
    app = build_app(model.reader, trusted=KEY, ready=nothing, people=MemoryPeople({}))
    token = issue(actor, KEY, now=time.time())
    async with httpx.AsyncClient(transport=Conforming(app), base_url="http://views") as http:
        path = f"/enterprise-changes.xlsx{query}"
        answer = await http.get(path, headers={"Authorization": f"Bearer {token}"})
    about, sheet = openpyxl.load_workbook(BytesIO(answer.content)).worksheets
    titles, *rows = sheet.values
    return list(about.values), [dict(zip(titles, row, strict=True)) for row in rows]


async def test_the_file_of_requests_has_words_for_codes_and_no_rows_of_others(model: Model) -> None:
    refused = EnterpriseChangeRefused(enterprise_id=ENTERPRISE, request_id=SECOND, reason="不符")
    await apply_with(model, requested(FIRST), requested(SECOND), refused)
    office = Actor(account=UUID(int=1), kind="administrator")
    about, rows = await file_of(model, "?state=decided", office)
    assert ("状态", "已有结果") in about
    by_state = {row["状态"]: row for row in rows}
    assert set(by_state) == {"不同意", "已被新申请取代"}
    row = by_state["不同意"]
    assert (row["单位名称（原）"], row["单位名称（申请变更为）"]) == ("清泉化工", "新泉化工")
    assert (row["所在区（原）"], row["所在区（申请变更为）"]) == ("青浦区", "宝山区")
    assert row["统一社会信用代码（申请变更为）"] is None, "it stays as it is"
    assert (row["自何日起"], row["答复"]) == (datetime(2026, 6, 1), "不符")
    stranger = Actor(account=UUID(int=2), kind="enterprise", organisation=OTHER)
    assert (await file_of(model, "?state=all", stranger))[1] == []
    assert (await file_of(model, "?state=pending", office))[1] == []


@pytest.mark.parametrize("state", ["pending", "decided", "all"])
async def test_requests_have_pages_with_numbers_and_pages_that_go_on(
    model: Model, state: changes.State
) -> None:
    ids = [UUID(int=400 + number) for number in range(5)]
    await apply_with(model, *(requested(request_id) for request_id in ids))
    wanted = changes.Wanted(state)
    whole = [row["request_id"] for row in await model.queries.changes(ALL, wanted, 100)]
    assert len(whole) == {"pending": 1, "decided": 4, "all": 5}[state]
    numbered = [
        await model.queries.changes_page(ALL, wanted, NumberedQuery(limit=2, page=number))
        for number in (1, 2, 3, 4)
    ]
    assert [row["request_id"] for page in numbered for row in page.rows] == whole
    assert {page.count for page in numbered} == {len(whole)}
    found, after = [], None
    while True:
        page = await model.queries.changes_page(ALL, wanted, NumberedQuery(limit=2, after=after))
        found += [row["request_id"] for row in page.rows]
        if (after := page.following) is None:
            break
    assert (found, page.count) == (whole, None)
    none = await model.queries.changes_page(Scope("enterprise", str(OTHER)), wanted, NumberedQuery(page=1))
    assert (list(none.rows), none.count) == ([], 0)
