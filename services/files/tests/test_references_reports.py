"""Who may read the PDF and the original records of a report: its parties, their regulators, and administrators."""

from typing import Any
from uuid import UUID, uuid4

import pytest
from qingyuan_events.reports import (
    ExemptionGranted,
    OriginalRecord,
    ReportFileAttached,
    ReportOriginalAttached,
)
from referring import NOW, PARTIES, Reading, ref
from uploading import CITY, COLLEAGUE, DISTRICT, OFFICE, OTHER_OPERATOR, OWNER, TECHNICIAN

pytestmark = pytest.mark.servers

UPLOADER = {TECHNICIAN, COLLEAGUE}
REPORT: dict[str, Any] = PARTIES | {"report_id": UUID(int=81), "by": TECHNICIAN.account}


def original(hash_: str) -> ReportOriginalAttached:
    record = OriginalRecord(original_id=uuid4(), title="实验室分析原始记录", file=ref(hash_))
    return ReportOriginalAttached(**REPORT, original=record)


async def test_the_parties_of_a_report_and_their_regulators_read_its_files(reading: Reading) -> None:
    report, record, other = [await reading.file(TECHNICIAN) for _ in range(3)]
    await reading.apply(ReportFileAttached(**REPORT, file=ref(report)), original(record))
    opened = UPLOADER | {OWNER, DISTRICT, CITY, OFFICE}
    assert await reading.readers(report) == await reading.readers(record) == opened
    assert await reading.readers(other) == UPLOADER


async def test_a_report_opens_no_strangers_file(reading: Reading) -> None:
    secret = await reading.file(OTHER_OPERATOR)
    await reading.apply(original(secret))
    assert await reading.readers(secret) == {OTHER_OPERATOR}


async def test_an_exemption_has_no_operator_and_no_files(reading: Reading) -> None:
    """The regulator who granted it has an organisation in some systems; its fact has not all parties of a report."""
    granted = ExemptionGranted(
        enterprise_id=PARTIES["enterprise_id"], district=PARTIES["district"], exemption_id=uuid4(), rule="W-N",
        first_day=NOW.date(), last_day=NOW.date(), reason_code="site", text="试", by=DISTRICT.account,
    )  # fmt: skip
    regulator = DISTRICT.model_copy(update={"organisation": uuid4()})
    await reading.apply(granted, by=regulator)
