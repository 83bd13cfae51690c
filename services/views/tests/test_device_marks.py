"""What filings say against the devices of visits, over HTTP and on real PostgreSQL: the mark, its evidence, and who relied on a paper."""

from collections.abc import AsyncIterator
from datetime import date

import pytest
from filing_facts import CALIBRATION, DEVICE, RENEWED, FilingFacts, device, version
from qingyuan_events import Actor
from qingyuan_events import filing as facts
from qingyuan_events.tasks import UsedDevice
from qingyuan_local.testing import DatabaseServer
from reliance_facts import files, work_and_filing
from sample_facts import SampleFacts
from test_filing_marks import asked, marks, only, visit
from test_working_day_http import CITY, DISTRICT, NEIGHBOUR, OFFICE, OTHERS, OWN, SIGNER, Browser
from working_day_facts import VisitFacts, sheet

pytestmark = pytest.mark.servers
RELIED = f"/papers/{CALIBRATION}/relied-on"
USED = UsedDevice(name="烟气分析仪 GA-21", serial_number="SN-1", resource_id=DEVICE, version=1)
TYPED = UsedDevice(name="皮托管", serial_number="PT-9")
OPEN_TO = date(2026, 12, 31)
"""The calibration of the sample ends before the visits; here it ends after them, until it is revoked or corrected."""


def with_paper(**changes: object) -> facts.DeviceParticulars:
    return device.model_copy(update={"papers": (device.papers[0].model_copy(update=changes),)})


def filed_device(particulars: facts.DeviceParticulars) -> tuple[SampleFacts, FilingFacts]:
    """The technician and a device are filed; a visit of the 18th and one of the 19th name it, that of the 20th does not."""
    sample, filing = work_and_filing()
    filing.adds(DEVICE, particulars)
    files(filing, 2, None, version(DEVICE, "device"))
    for name, day, used in (
        ("used", date(2026, 11, 18), (USED, TYPED)),
        ("again", date(2026, 11, 19), (USED,)),
        ("without", date(2026, 11, 20), (TYPED,)),
        ("early", date(2026, 11, 3), (USED,)),
    ):
        added = VisitFacts(sample, name, day=day)
        added.devices = used
        added.whole(sheet(f"{name} patrol", day=day))
    return sample, filing


@pytest.fixture(scope="module")
async def over(postgres_server: DatabaseServer) -> AsyncIterator[Browser]:
    """Its calibration ends on the 18th, as it always said."""
    sample, _ = filed_device(with_paper(valid_to=date(2026, 11, 18)))
    async with asked(postgres_server, sample) as browser:
        yield browser


async def test_a_visit_with_a_device_out_of_calibration_is_marked_and_no_other(over: Browser) -> None:
    found = await marks(over, OWN)
    assert found[visit("again")] == ["calibration_missing"]
    assert (found[visit("used")], found[visit("without")], found[visit("second")]) == ([], [], [])
    assert found[visit("early")] == ["operator_not_filed"], "before the first filing no device is judged"


@pytest.mark.parametrize("actor", [OWN, SIGNER, DISTRICT, CITY, OFFICE], ids=lambda actor: actor.kind)
async def test_everybody_concerned_finds_it_by_the_mark_and_reads_the_paper(
    over: Browser, actor: Actor
) -> None:
    assert await only(over, "calibration_missing", actor) == {visit("again")}
    (shown,) = (await over.get(f"/visits/{visit('again')}", actor)).json()["devices"]
    assert shown == USED.model_dump(mode="json") | {
        "mark": "calibration_missing",
        "paper": {
            "paper_id": str(CALIBRATION),
            "kind": "calibration",
            "number": "JZ-1",
            "valid_from": "2025-11-01",
            "valid_to": "2026-11-18",
            "revoked_from": None,
        },
        "relied": False,
    }


async def test_a_covered_and_a_typed_device_are_named_without_a_mark(over: Browser) -> None:
    devices = (await over.get(f"/visits/{visit('used')}", OWN)).json()["devices"]
    assert [(each["serial_number"], each["mark"], each["paper"] is None) for each in devices] == [
        ("SN-1", None, False),
        ("PT-9", None, True),
    ]
    (early,) = (await over.get(f"/visits/{visit('early')}", OWN)).json()["devices"]
    assert (early["mark"], early["paper"]) == (None, None)
    assert (await over.get(f"/visits/{visit('second')}", OWN)).json()["devices"] == []


async def test_a_paper_that_ends_as_it_said_has_nobody_who_relied_on_it(over: Browser) -> None:
    assert (await over.get(RELIED, OWN)).json()["items"] == []


async def test_a_revoked_calibration_lists_the_visits_that_used_the_device(
    postgres_server: DatabaseServer,
) -> None:
    sample, filing = filed_device(with_paper(valid_to=OPEN_TO))
    filing.say(
        facts.ResourcePaperRevoked,
        resource_id=DEVICE,
        paper_id=CALIBRATION,
        first_day=date(2026, 11, 19),
        reason="计量院撤回",
    )
    async with asked(postgres_server, sample) as browser:
        for actor in (OWN, SIGNER, DISTRICT, CITY, OFFICE):
            answer = (await browser.get(f"{RELIED}?page=1", actor)).json()
            assert [row["id"] for row in answer["items"]] == [visit("again")]
            assert (answer["count"], answer["paper"]["resource_id"]) == (1, str(DEVICE))
            assert answer["items"][0]["filing_marks"] == ["calibration_missing"]
        for stranger in (OTHERS, NEIGHBOUR):
            assert (await browser.get(RELIED, stranger)).status_code == 404
        (shown,) = (await browser.get(f"/visits/{visit('again')}", OWN)).json()["devices"]
        assert (shown["mark"], shown["relied"]) == ("calibration_missing", True)


async def test_a_calibration_corrected_backwards_lists_them_too(postgres_server: DatabaseServer) -> None:
    sample, filing = filed_device(with_paper(valid_to=OPEN_TO))
    filing.say(
        facts.ResourceCorrected,
        resource_id=DEVICE,
        particulars=with_paper(valid_to=date(2026, 11, 17)),
        changed_on=date(2026, 11, 20),
        reason="录入有误",
    )
    files(filing, 3, None, version(DEVICE, "device", 2), on=date(2026, 11, 20))
    async with asked(postgres_server, sample) as browser:
        answer = (await browser.get(RELIED, OWN)).json()
        assert [row["id"] for row in answer["items"]] == [visit("again"), visit("used")]


async def test_a_renewed_calibration_covers_its_days_and_the_old_one_its_own(
    postgres_server: DatabaseServer,
) -> None:
    sample, filing = filed_device(with_paper(valid_to=date(2026, 11, 18)))
    renewed = device.papers[0].model_copy(
        update={"paper_id": RENEWED, "valid_from": date(2026, 11, 19), "valid_to": OPEN_TO}
    )
    filing.say(
        facts.ResourcePaperRenewed,
        resource_id=DEVICE,
        paper=renewed,
        replaces=CALIBRATION,
        changed_on=date(2026, 11, 19),
    )
    files(filing, 3, None, version(DEVICE, "device", 2), on=date(2026, 11, 20))
    async with asked(postgres_server, sample) as browser:
        found = await marks(browser, OWN)
        assert (found[visit("used")], found[visit("again")]) == ([], [])
