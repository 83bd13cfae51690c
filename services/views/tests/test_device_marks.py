"""What filings say against the devices of visits, over HTTP and on real PostgreSQL: the mark, its evidence, and who relied on a paper."""

from collections.abc import AsyncIterator
from datetime import date

import pytest
from filing_facts import CALIBRATION, DEVICE, RENEWED, FilingFacts, device, version
from qingyuan_events import Actor
from qingyuan_events import filing as facts
from qingyuan_events.tasks import AssigneeV2, DeviceV2, PlanCrewChangedV2, UsedDevice
from qingyuan_local.testing import DatabaseServer
from reliance_facts import files, work_and_filing
from sample_facts import SampleFacts
from test_filing_marks import asked, marks, only, visit
from test_working_day_http import CITY, DISTRICT, NEIGHBOUR, OFFICE, OTHERS, OWN, SIGNER, Browser
from working_day_facts import OPERATOR, PLAN, TECHNICIAN, VisitFacts, sheet
from working_day_facts import OWN as PARTIES

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


def planned(sample: SampleFacts, *devices: DeviceV2) -> None:
    changed = PlanCrewChangedV2(
        plan_id=PLAN, **PARTIES, assignees=(AssigneeV2(account=TECHNICIAN),), devices=devices, reason="换设备"
    )
    sample.add(f"plan-{PLAN}", changed)


PLANNED = DeviceV2(name="烟气分析仪 GA-21", serial_number="SN-1", resource_id=DEVICE)
PLANNED_TYPED = DeviceV2(name="皮托管", serial_number="PT-9", calibrated_to=date(2027, 1, 1))


async def test_a_phone_is_offered_the_devices_of_the_plans_with_their_filed_version(
    postgres_server: DatabaseServer,
) -> None:
    sample, _ = filed_device(with_paper(valid_to=date(2026, 11, 18)))
    planned(sample, PLANNED, PLANNED_TYPED)
    async with asked(postgres_server, sample) as browser:
        (task,) = (await browser.get("/tasks/today", OWN)).json()["points"]
        assert task["devices"] == [
            {
                "name": "烟气分析仪 GA-21",
                "serial_number": "SN-1",
                "resource_id": str(DEVICE),
                "version": 1,
                "held_to": "2026-11-18",
                "lacks_paper": False,
                "plans": [str(PLAN)],
            },
            {
                "name": "皮托管",
                "serial_number": "PT-9",
                "resource_id": None,
                "version": None,
                "held_to": "2027-01-01",
                "lacks_paper": False,
                "plans": [str(PLAN)],
            },
        ]


async def test_windows_whose_device_lacks_a_calibration_on_the_last_day_are_at_risk(
    postgres_server: DatabaseServer,
) -> None:
    sample, _ = filed_device(with_paper(valid_to=date(2026, 11, 21)))
    planned(sample, PLANNED, PLANNED_TYPED)
    async with asked(postgres_server, sample) as browser:
        answer = (await browser.get(f"/filings/{OPERATOR}/impossible?within=30", OWN)).json()
        assert answer["figures"]["impossible"] == 0
        assert answer["count"] == answer["figures"]["at_risk"] == len(answer["items"]) > 0
        for row in answer["items"]:
            assert (row["closes"], row["verdict"], row["why"]) == ("2026-11-22", "at_risk", [])
            (lacking,) = row["devices"]
            assert (lacking["serial_number"], lacking["paper"]["valid_to"]) == ("SN-1", "2026-11-21")
            assert lacking["resource_id"] == str(DEVICE)


async def test_a_calibrated_device_puts_no_window_at_risk(postgres_server: DatabaseServer) -> None:
    sample, _ = filed_device(with_paper(valid_to=date(2026, 11, 22)))
    planned(sample, PLANNED)
    async with asked(postgres_server, sample) as browser:
        answer = (await browser.get(f"/filings/{OPERATOR}/impossible?within=30", OWN)).json()
        assert answer["figures"]["windows"] > 0
        assert (answer["items"], answer["count"]) == ([], 0)
