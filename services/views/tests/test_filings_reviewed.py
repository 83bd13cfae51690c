"""What a reviewer is told of filings that wait: who has opened them, what is looked at alone, what came back as it was."""

from datetime import date
from typing import Any

import pytest
from filing_facts import (
    DEVICE,
    LATER,
    RENEWED,
    REVIEWER,
    TODAY,
    FilingFacts,
    device,
    scan,
    two_filings,
    version,
)
from filing_facts import basics as declared
from qingyuan_events import filing as facts
from qingyuan_local.testing import DatabaseServer
from sample_facts import SampleFacts
from test_filing_marks import asked
from test_working_day_http import CITY
from working_day_facts import OPERATOR, RIVAL

pytestmark = pytest.mark.servers


async def queue(server: DatabaseServer, sample: SampleFacts) -> dict[str, Any]:
    async with asked(server, sample) as browser:
        return {row["operator_id"]: row for row in await browser.items("/filings?state=waiting", CITY)}


async def test_who_has_opened_the_first_review_has_not_opened_the_second(
    postgres_server: DatabaseServer,
) -> None:
    sample = two_filings()
    rival = FilingFacts(sample, RIVAL)
    assert (await queue(postgres_server, sample))[str(RIVAL)]["opened_by"] == []
    rival.say(facts.FilingReviewOpened, number=1, by=REVIEWER)
    assert (await queue(postgres_server, sample))[str(RIVAL)]["opened_by"] == [str(REVIEWER)]
    rival.say(facts.FilingFirstReviewPassed, number=1, by=REVIEWER)
    row = (await queue(postgres_server, sample))[str(RIVAL)]
    assert (row["state"], row["opened_by"]) == ("second_review", [])


async def test_figures_that_contracts_do_not_show_are_looked_at_alone(
    postgres_server: DatabaseServer,
) -> None:
    sample = two_filings()
    rival = FilingFacts(sample, RIVAL)
    assert (await queue(postgres_server, sample))[str(RIVAL)]["by_itself"] == ["contracts"]
    rival.say(facts.FilingWithdrawn, number=1)
    as_in_contracts = declared.model_copy(update={"projects": 0})
    rival.say(facts.FilingBasicsChanged, basics=as_in_contracts, changed_on=TODAY)
    rival.submits(2, len([fact for fact in sample.recorded if fact.stream == f"filing-{RIVAL}"]))
    assert (await queue(postgres_server, sample))[str(RIVAL)]["by_itself"] == []


async def test_what_was_returned_and_comes_again_as_it_was_is_said(postgres_server: DatabaseServer) -> None:
    sample = two_filings()
    own = FilingFacts(sample, OPERATOR)
    own.submits(3, None, version(DEVICE, "device", 2))
    assert (await queue(postgres_server, sample))[str(OPERATOR)]["by_itself"] == ["returned"]
    async with asked(postgres_server, sample) as browser:
        review = (await browser.get(f"/filings/{OPERATOR}/review", CITY)).json()
    remarks = review["resources"][0]["earlier_remarks"]
    assert [(remark["field"], remark["unchanged"]) for remark in remarks] == [("papers.0.scan", True)]


async def test_what_was_corrected_is_not(postgres_server: DatabaseServer) -> None:
    sample = two_filings()
    own = FilingFacts(sample, OPERATOR)
    readable = scan.model_copy(update={"sha256": "9" * 64})
    paper = device.papers[0].model_copy(
        update={"paper_id": RENEWED, "scan": readable, "valid_to": date(2027, 10, 31)}
    )
    corrected = device.model_copy(update={"papers": (paper,)})
    own.say(
        facts.ResourceCorrected,
        resource_id=DEVICE,
        particulars=corrected,
        changed_on=TODAY,
        reason="重新扫描",
    )
    async with asked(postgres_server, sample) as browser:
        row = (await browser.get(f"/resources/{DEVICE}", CITY)).json()
    assert [remark["unchanged"] for remark in row["remarks"]] == [False]


async def test_returned_basics_are_compared_field_by_field(postgres_server: DatabaseServer) -> None:
    sample = two_filings()
    rival = FilingFacts(sample, RIVAL)
    remarks = tuple(
        facts.Remark(field=field, reason="unreadable") for field in ("address", "staff", "contact")
    )
    rival.say(facts.FilingReviewOpened, number=1, by=REVIEWER)
    rival.say(facts.FilingFirstReviewReturned, number=1, by=REVIEWER, remarks=remarks)
    rival.say(facts.FilingBasicsChanged, basics=declared.model_copy(update={"staff": 99}), changed_on=TODAY)
    rival.submits(2, 6, version(LATER, "spare_part"))
    async with asked(postgres_server, sample) as browser:
        review = (await browser.get(f"/filings/{RIVAL}/review", CITY)).json()
        rows = await browser.items("/filings?state=waiting", CITY)
    earlier = review["basics"]["earlier_remarks"]
    assert {remark["field"]: remark["unchanged"] for remark in earlier} == {
        "address": True,
        "staff": False,
        "contact": True,
    }
    assert [row["by_itself"] for row in rows if row["operator_id"] == str(RIVAL)] == [
        ["returned", "contracts"]
    ]
