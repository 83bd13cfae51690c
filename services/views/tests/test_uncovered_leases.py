"""A lease that ends before a contract of its operator is named with that contract, also where the contract came later."""

from collections.abc import AsyncIterator
from datetime import date
from uuid import UUID

import pytest
from filing_facts import LATER, LICENCE, VEHICLE, FilingFacts, scan, two_filings, version
from qingyuan_events import filing as facts
from qingyuan_events import tasks
from qingyuan_local.testing import DatabaseServer
from sample_facts import ENTERPRISE, POINT, SampleFacts
from test_filing_marks import asked
from working_day_browser import CITY, OWN, Browser
from working_day_facts import OPERATOR, RIVAL

pytestmark = pytest.mark.servers
LEASE, SHORT, LONG, OVER, ASKED, ENDED = (UUID(int=number) for number in range(401, 407))
WHOSE = {"operator_id": OPERATOR, "enterprise_id": ENTERPRISE, "district": "310118"}


def agreed(sample: SampleFacts, key: UUID, last_day: date, *, confirmed: bool = True) -> None:
    terms = tasks.ContractTerms(
        number=f"YW-{key.int}",
        name="合同",
        operator_name="甲",
        enterprise_name="乙",
        first_day=date(2026, 1, 1),
        last_day=last_day,
    )
    stream = f"contract-{key}"
    sample.add(stream, tasks.ContractSubmittedV3(contract_id=key, **WHOSE, terms=terms))
    if confirmed:
        sample.add(stream, tasks.ContractConfirmed(contract_id=key, **WHOSE, points=(POINT,)))


def leased(last_day: date) -> facts.VehicleParticulars:
    return facts.VehicleParticulars(
        plate="沪A12345",
        ownership="leased",
        papers=(
            facts.Paper(paper_id=LICENCE, kind="vehicle_licence", valid_to=date(2028, 1, 1), scan=scan),
            facts.Paper(paper_id=LEASE, kind="lease", valid_to=last_day, scan=scan),
        ),
    )


def corrected(filing: FilingFacts, particulars: facts.VehicleParticulars) -> None:
    filing.say(
        facts.ResourceCorrected,
        resource_id=VEHICLE,
        particulars=particulars,
        changed_on=date(2026, 11, 1),
        reason="租赁",
    )


def sample(last_day: date) -> SampleFacts:
    made = two_filings()
    corrected(FilingFacts(made, OPERATOR), leased(last_day))
    agreed(made, SHORT, date(2026, 12, 20))
    agreed(made, LONG, date(2027, 6, 30))
    agreed(made, OVER, date(2026, 11, 19))
    agreed(made, ASKED, date(2027, 6, 30), confirmed=False)
    agreed(made, ENDED, date(2027, 6, 30))
    ended = tasks.ContractEnded(contract_id=ENDED, **WHOSE, last_day=date(2026, 11, 30), reason="x")
    made.add(f"contract-{ENDED}", ended)
    return made


@pytest.fixture(scope="module")
async def browser(postgres_server: DatabaseServer) -> AsyncIterator[Browser]:
    made = sample(date(2026, 12, 20))
    own = FilingFacts(made, OPERATOR)
    own.submits(3, None, version(VEHICLE, "vehicle", 2))
    async with asked(postgres_server, made) as found:
        yield found


UNCOVERED = [
    {
        "resource_id": str(VEHICLE),
        "paper_id": str(LEASE),
        "title": "沪A12345",
        "contract_id": str(LONG),
        "contract": f"YW-{LONG.int}",
        "last_day": "2027-06-30",
    }
]


async def test_it_is_named_with_the_contract_wherever_the_lease_is_shown(browser: Browser) -> None:
    for actor in (OWN, CITY):
        assert (await browser.get(f"/filings/{OPERATOR}", actor)).json()["uncovered"] == UNCOVERED
        rows = {row["id"]: row for row in await browser.items(f"/filings/{OPERATOR}/resources", actor)}
        assert {key: row["uncovered"] for key, row in rows.items() if row["uncovered"]} == {
            str(VEHICLE): UNCOVERED
        }
        assert (await browser.get(f"/resources/{VEHICLE}", actor)).json()["uncovered"] == UNCOVERED
        papers = await browser.items(f"/papers?ends_within=60&operator_id={OPERATOR}", actor)
        assert {row["paper_id"]: row["uncovered"] for row in papers if row["uncovered"]} == {
            str(LEASE): UNCOVERED
        }
    review = (await browser.get(f"/filings/{OPERATOR}/review", CITY)).json()
    assert [row["uncovered"] for row in review["resources"]] == [UNCOVERED]
    assert (await browser.get(f"/filings/{RIVAL}", CITY)).json()["uncovered"] == []


async def test_a_lease_to_the_last_day_of_the_last_contract_covers_all(
    postgres_server: DatabaseServer,
) -> None:
    async with asked(postgres_server, sample(date(2027, 6, 30))) as browser:
        assert (await browser.get(f"/filings/{OPERATOR}", OWN)).json()["uncovered"] == []


async def test_a_revoked_lease_is_none_and_of_two_the_last_counts(postgres_server: DatabaseServer) -> None:
    made = sample(date(2026, 12, 20))
    own = FilingFacts(made, OPERATOR)
    renewed = facts.Paper(paper_id=LATER, kind="lease", valid_to=date(2027, 6, 30), scan=scan)
    own.say(facts.ResourcePaperRenewed, resource_id=VEHICLE, paper=renewed, changed_on=date(2026, 11, 1))
    async with asked(postgres_server, made) as browser:
        assert (await browser.get(f"/filings/{OPERATOR}", OWN)).json()["uncovered"] == []
    own.say(
        facts.ResourcePaperRevoked,
        resource_id=VEHICLE,
        paper_id=LATER,
        first_day=date(2026, 11, 1),
        reason="x",
    )
    async with asked(postgres_server, made) as browser:
        assert (await browser.get(f"/filings/{OPERATOR}", OWN)).json()["uncovered"] == UNCOVERED
