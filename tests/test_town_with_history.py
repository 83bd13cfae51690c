"""A fresh system as `make up` starts it: its demo town has a history, which every part takes for ordinary work of then."""

import json
from collections import Counter
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from qingyuan_cli.seeding import town
from qingyuan_cli.seeding.client import Client
from qingyuan_cli.seeding.history import planning
from qingyuan_cli.seeding.identities import id_of
from qingyuan_cli.seeding.town import ENTERPRISES
from qingyuan_local.testing import Stack, start_stack

pytestmark = [pytest.mark.servers, pytest.mark.system, pytest.mark.long, pytest.mark.timeout(900)]
TODAYS = {str(id_of(f"visit {ENTERPRISES[0]['particulars']['uscc']} {code}")) for code in planning.MEDIUM_OF}
"""Visits of the present day, which the town has also without a history. In the first hour of a day they began on the day
before, so they were received late."""

FIRST, SECOND = (id_of(f"operator {name}") for name in ("greentest", "blueclean"))
MARKS = ("operator_not_filed", "certificate_missing", "not_filed_person", "operator_locked")
SOON = "demo-technician-2"
"""Whose certificate ends soon."""


@pytest.fixture(scope="module")
def stack(scratch: Path) -> Iterator[Stack]:
    started = start_stack(scratch / "history", "--history", TRACE_RATIO="0")
    yield started
    started.cli("down")


def rows(client: Client, path: str, **parameters: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    after: dict[str, str] = {}
    while True:
        page = client.get(path, limit="100", **parameters, **after)
        found += page["items"]
        if not page["next"]:
            return found
        after = {"after": page["next"]}


def log_in(stack: Stack, name: str) -> Client:
    client = Client(stack.url)
    client.log_in(name, stack.password)
    return client


def test_lists_and_board_are_full_and_it_stays_as_it_is(stack: Stack) -> None:
    today = date.fromisoformat(json.loads((stack.folder / "demo.json").read_text())["today"])
    planned = planning.visits(today)
    city = log_in(stack, "demo-city")
    expected = len(planned) + len(TODAYS)
    city.get_until("/views/visits", lambda _: len(rows(city, "/views/visits")) == expected)
    assert len(rows(city, "/views/visits")) == expected
    states = Counter(row["state"] for row in rows(city, "/views/confirmations"))
    assert (states["lapsed"], states["escalated"], states["answered"]) == (1, 1, 1)
    assert states["signed"] > 0.85 * len(planned)
    period = {"from": planning.first_day(today).isoformat(), "to": today.isoformat()}
    totals = city.get("/views/board", **period)["totals"]
    assert totals["missed"] > 0
    outside = sum(visit.is_far for visit in planned)
    assert (totals["backfilled"], totals["signed_late"], totals["outside_fence"]) == (2, 2, outside)
    late = {row["id"] for row in rows(city, "/views/visits", mark="received_late")}
    assert (len(late - TODAYS), totals["late"]) == (3, len(late))
    assert {contract["state"] for contract in rows(city, "/views/contracts")} == {"confirmed"}

    stack.cli("seed")
    assert len(rows(city, "/views/visits")) == expected
    assert Counter(row["state"] for row in rows(city, "/views/confirmations")) == states


def test_work_is_judged_by_what_was_filed_then(stack: Stack) -> None:
    """The second operator hands in its filing today; of the first, one visit was made between two certificates."""
    city, manager = log_in(stack, "demo-city"), log_in(stack, "demo-operator")
    city.get_until(f"/views/filings/{FIRST}", lambda filing: bool(filing["filed_on"]))
    city.get_until(f"/views/filings/{SECOND}", lambda filing: bool(filing["number"]))
    of = {mark: rows(city, "/views/visits", mark=mark) for mark in MARKS}
    second = {row["id"] for row in rows(city, "/views/visits") if row["operator_id"] == str(SECOND)}
    assert {row["id"] for row in of["operator_not_filed"]} == second != set()
    assert len(of["certificate_missing"]) == 1
    assert (of["not_filed_person"], of["operator_locked"]) == ([], [])
    queue = {row["operator_id"]: row["state"] for row in city.get("/views/filings", state="waiting")["items"]}
    assert queue == {str(FIRST): "second_review", str(SECOND): "first_review"}
    public = Client(stack.url).get("/views/public/operators")["items"]
    assert [row["name"] for row in public] == [town.OM_OPERATOR]
    names = {row["name"] for row in manager.get(f"/filing/filings/{FIRST}/names")["items"]}
    assert names == {"李运维", "王巡检", "钱绿测"}
    found = manager.get(f"/views/filings/{FIRST}/impossible")
    technicians = {row["id"] for row in manager.get("/colleagues")["items"] if row["name"] == SOON}
    assert {why["account"] for row in found["items"] for why in row["why"]} <= technicians


def test_the_auditor_finds_log_and_topics_equal(stack: Stack) -> None:
    for line in stack.cli("audit").splitlines():
        audited = json.loads(line)
        assert (audited["faults"], audited["holes"], audited["forged"]) == ([], 0, 0)


@pytest.mark.parametrize(
    "model", ["work", "confirmations", "filings", "filed", "papers", "references_tasks", "deadlines"]
)
def test_read_models_are_what_the_log_gives(stack: Stack, model: str) -> None:
    """A rebuild compares each stream, and refuses to change over where one differs."""
    stack.cli("rebuild", model)


def test_each_side_sees_its_own_and_can_show_the_originals(stack: Stack) -> None:
    enterprise = log_in(stack, "demo-enterprise-3")
    own = rows(enterprise, "/views/visits")
    assert {row["enterprise_name"] for row in own} == {"上海申宝热电有限公司"}
    signed = next(row for row in rows(enterprise, "/views/confirmations") if row["state"] == "signed")
    missing = enterprise.get(f"/files/confirmations/{signed['id']}/missing")
    assert (missing["missing"], missing["files"]) == ([], 2)
