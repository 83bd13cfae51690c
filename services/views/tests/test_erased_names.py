"""After a name is erased, marks, papers that were relied on, and what is to be handed in are what they were."""

from typing import Any
from uuid import UUID

import pytest
from filing_facts import CERTIFICATE, PERSON, FilingFacts
from qingyuan_events import filing as facts
from qingyuan_local.testing import DatabaseServer
from test_filing_marks import asked, marks, revoke, work_and_filing
from working_day_browser import OWN
from working_day_facts import OPERATOR

pytestmark = pytest.mark.servers
SUBJECT = UUID(int=320)


def erase(filing: FilingFacts) -> None:
    filing.say(facts.ResourcePersonErased, resource_id=PERSON, subject=SUBJECT, reason="期满")
    filing.say(facts.FilingPersonErased, subject=SUBJECT, reason="期满")


async def seen(server: DatabaseServer, *, erased: bool) -> tuple[Any, list[str], list[str]]:
    """All that must not change, and the last steps of the person and of the filing."""
    sample, filing = work_and_filing()
    revoke(filing)
    if erased:
        erase(filing)
    async with asked(server, sample) as browser:
        relied = await browser.items(f"/papers/{CERTIFICATE}/relied-on", OWN)
        person = (await browser.get(f"/resources/{PERSON}", OWN)).json()
        own = (await browser.get(f"/filings/{OPERATOR}", OWN)).json()
        assert relied
        shown = [person["state"], person["particulars"], own["state"], own["unfiled"]]
        steps = ([step["what"] for step in found["steps"]] for found in (person, own))
        return [await marks(browser), relied, shown], *steps


async def test_nothing_but_the_history_changes(postgres_server: DatabaseServer) -> None:
    before, person, filing = await seen(postgres_server, erased=False)
    after, person_after, filing_after = await seen(postgres_server, erased=True)
    assert after == before
    assert (person_after, filing_after) == ([*person, "person_erased"], [*filing, "person_erased"])
