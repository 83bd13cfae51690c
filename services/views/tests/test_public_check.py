"""The public check of a printed record: anybody may ask whether its hash is the one that was signed."""

from collections.abc import AsyncIterator
from typing import Any
from uuid import UUID, uuid5

import pytest
from qingyuan_events import signoff
from qingyuan_local.testing import DatabaseServer
from working_day import working_day
from working_day_browser import (
    CONFIRMATION,
    VISIT,
    Browser,
    app_on,
    browser_of,
    model_of_the_working_day,
)
from working_day_facts import SPACE

pytestmark = pytest.mark.servers


@pytest.fixture(scope="module")
async def browser(postgres_server: DatabaseServer) -> AsyncIterator[Browser]:
    async with model_of_the_working_day(postgres_server) as model, browser_of(app_on(model)) as made:
        yield made


async def test_anybody_may_check_a_printed_record_and_learns_nothing_else(browser: Browser) -> None:
    sha256 = next(
        recorded.fact.content_sha256
        for recorded in working_day().recorded
        if isinstance(recorded.fact, signoff.ConfirmationSignedV2)
        and recorded.fact.confirmation_id == CONFIRMATION
    )
    unknown = dict.fromkeys(
        ("signed_at", "late", "second_factor", "certificate_serial", "certificate_issuer")
    )
    nothing_known = {"matches": False} | unknown

    async def check(confirmation: UUID, sha256: str) -> dict[str, Any]:
        answer = await browser.http.get(f"/checks/{confirmation}?sha256={sha256}")
        found: dict[str, Any] = answer.json()
        return found

    assert await check(CONFIRMATION, sha256) == {
        "known": True,
        "matches": True,
        "signed_at": "2026-11-04T06:00:00+00:00",
        "late": False,
        "second_factor": "password",
        "certificate_serial": None,
        "certificate_issuer": None,
    }
    assert await check(CONFIRMATION, "0" * 64) == nothing_known | {"known": True}
    assert await check(VISIT, sha256) == nothing_known | {"known": False}
    unsigned = [row for row in await browser.items("/confirmations") if not row["signed_content_sha256"]]
    assert unsigned
    for row in unsigned:
        found = await check(UUID(row["id"]), row["content_sha256"])
        assert found == nothing_known | {"known": False}, "nobody has signed it yet"


async def test_a_printed_record_no_longer_matches_after_a_correction(browser: Browser) -> None:
    confirmation = uuid5(uuid5(SPACE, "visit second"), "confirmation")
    (row,) = [shown for shown in await browser.items("/confirmations") if shown["id"] == str(confirmation)]
    assert row["signed_content_sha256"] != row["content_sha256"]
    answer = await browser.http.get(f"/checks/{confirmation}?sha256={row['signed_content_sha256']}")
    found = answer.json()
    assert (found["known"], found["matches"], found["signed_at"]) == (True, False, None)
