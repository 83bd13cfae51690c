"""A report goes its way through the running system: drafted, handed in, judged by itself, returned, corrected, accepted."""

import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing
from datetime import UTC, datetime
from io import BytesIO
from typing import Any

import httpx
import pikepdf
import pytest
from people import client, key
from qingyuan_cli.seeding.uploading import upload
from qingyuan_local.testing import Stack
from qingyuan_standards.days import local_day
from visiting import picture_of

pytestmark = pytest.mark.servers

Json = dict[str, Any]
PATIENCE_SECONDS = 30
PEOPLE = (
    "operator", "another operator", "enterprise", "another enterprise", "regulator of the district",
    "regulator of another district",
)  # fmt: skip


@pytest.fixture
def people(running_stack: Stack) -> Iterator[dict[str, httpx.Client]]:
    with ExitStack() as leaving:
        yield {name: leaving.enter_context(closing(client(running_stack, name))) for name in PEOPLE}


def does(http: httpx.Client, path: str, body: Json | None = None) -> Json:
    answer = http.post(f"/api/reports{path}", json=body, headers=key())
    assert answer.status_code == 202, answer.text
    found: Json = answer.json()
    return found


def until(ask: Callable[[], Json], there: Callable[[Json], bool]) -> Json:
    end = time.monotonic() + PATIENCE_SECONDS
    while not there(found := ask()):
        assert time.monotonic() < end, found
        time.sleep(0.05)
    return found


def document(point: str, instrument: str | None, number: str, pairs: int) -> Json:
    day = local_day(datetime.now(UTC)).isoformat()
    spread = [(str(120 + n), str(118 + n)) for n in range(pairs)]
    factor = {
        "factor": "w01018",
        "unit": "mg/L",
        "instrument": {"about": {"instrument_id": instrument}},
        "pairs": [
            {"from": f"{day}T08:{10 * n:02}", "reference": reference, "measured": measured}
            for n, (reference, measured) in enumerate(spread)
        ],
    }
    return {
        "document": "report.v1",
        "doc_type": "sample_comparison",
        "basis": "HJ 355-2019",
        "number": number,
        "performed": {"from": f"{day}T08:00", "to": f"{day}T10:00"},
        "points": [{"id": point, "factors": [factor]}],
    }


def attach(operator: httpx.Client, report: str) -> str:
    """The report's PDF and one original record; returns the hash of the PDF."""
    held = BytesIO()
    with pikepdf.new() as pdf:
        pdf.add_blank_page()
        pdf.docinfo["/Title"] = str(uuid.uuid4())
        pdf.save(held)
    files = {
        "file": (upload(operator, held.getvalue(), "application/pdf", "比对报告.pdf"), {}),
        "originals": (
            upload(operator, picture_of(), "image/jpeg", "原始记录.jpg"),
            {"title": "实验室原始记录"},
        ),
    }
    for what, (file, more) in files.items():
        asked = {"contents": [], "files": [file["sha256"]]}
        evidence = operator.post("/api/files/evidence", json=asked).json()["token"]
        does(operator, f"/reports/{report}/{what}", {"file": file, "evidence": evidence} | more)
    return str(files["file"][0]["sha256"])


def test_a_report_from_its_draft_to_its_acceptance(people: dict[str, httpx.Client]) -> None:
    operator, regulator = people["operator"], people["regulator of the district"]
    enterprise = people["enterprise"]
    bundle = operator.get("/api/views/tasks/today").json()["points"][0]
    point, number = bundle["point"]["id"], f"LC-{uuid.uuid4()}"
    instruments = enterprise.get(f"/api/views/points/{point}/instruments").json()["items"]
    own = next((row["id"] for row in instruments), None)

    too_few = document(point, own, number, 2)
    report = does(operator, "/reports", {"document": too_few})["stream"].removeprefix("report-")
    pdf = attach(operator, report)
    path = f"/api/reports/reports/{report}"
    assert enterprise.get(path).status_code == 404, "a draft is the operator's own affair"
    does(operator, f"/reports/{report}/submission")

    def shown() -> Json:
        found: Json = regulator.get(path).json()
        return found

    judged = until(shown, lambda found: found["status"] == "checked")
    assert (judged["verdicts"][0]["blocking"], judged["verdicts"][0]["findings"]) == (True, [])
    refused = regulator.post(f"{path}/acceptance", json={"round": 1}, headers=key())
    assert (refused.status_code, refused.json()["code"]) == (409, "report.blocked")
    reasons = [{"code": "W-N", "at": "/points/0/factors/0", "text": "数据对不足"}]
    does(regulator, f"/reports/{report}/return", {"round": 1, "reasons": reasons})

    does(operator, f"/reports/{report}/document", {"document": document(point, own, number, 3)})
    does(operator, f"/reports/{report}/resubmission", {"answer": "已补充一对数据"})
    judged = until(shown, lambda found: found["status"] == "checked")
    assert [verdict["blocking"] for verdict in judged["verdicts"]] == [True, False]
    does(regulator, f"/reports/{report}/acceptance", {"round": 2})
    assert enterprise.get(path).json()["status"] == "accepted"

    for stranger in ("another operator", "another enterprise", "regulator of another district"):
        assert people[stranger].get(path).status_code == 404, stranger
        assert people[stranger].get(f"/api/files/{pdf}").status_code == 404, stranger
    until(
        lambda: {"status": enterprise.get(f"/api/files/{pdf}").status_code},
        lambda found: found["status"] == 200,
    )
