"""A small operator that files itself, which tests change field by field."""

from datetime import UTC, date, datetime
from decimal import Decimal
from uuid import UUID

from qingyuan_events import Personal
from qingyuan_events.filing import (
    DeviceParticulars,
    FilingBasics,
    FilingBasicsChanged,
    FilingBegun,
    FilingUndertakingGivenV2,
    Paper,
    PersonParticulars,
    ResourceAdded,
    ResourceParticulars,
    SparePartParticulars,
    VehicleParticulars,
)
from qingyuan_events.parts import FileRef, Signature

TODAY = date(2026, 11, 24)
OPERATOR, PERSON, DEVICE, VEHICLE, PART = (UUID(int=number) for number in range(1, 6))
REVIEWER, SECOND_REVIEWER = UUID(int=91), UUID(int=92)
NAME = "上海清测运维有限公司"
SUBJECT = UUID(int=77)
sealed = Personal(subject=SUBJECT, nonce="AAAAAAAAAAAAAAAA", ciphertext="AAAA")


def scan_of(number: int, media_type: str = "application/pdf") -> FileRef:
    return FileRef(sha256=f"{number:064x}", size=1000, media_type=media_type, name=f"扫描件{number}.pdf")


STORED = frozenset(scan_of(number).sha256 for number in range(20))

certificate = Paper(
    paper_id=UUID(int=101),
    kind="competence_certificate",
    number="YW-2025-0001",
    issuer="中国环境保护产业协会",
    grade="自动监控（水）运维",
    valid_from=date(2025, 3, 1),
    valid_to=date(2028, 2, 29),
    scan=scan_of(1),
)
calibration = Paper(
    paper_id=UUID(int=102),
    kind="calibration",
    number="JZ-2026-11",
    issuer="上海市计量测试技术研究院",
    valid_from=date(2026, 2, 1),
    valid_to=date(2027, 1, 31),
    scan=scan_of(2),
)
licence = Paper(
    paper_id=UUID(int=103), kind="vehicle_licence", valid_to=date(2027, 6, 30), scan=scan_of(3, "image/jpeg")
)
lease = Paper(
    paper_id=UUID(int=104),
    kind="lease",
    issuer="上海某汽车租赁有限公司",
    holder=NAME,
    valid_from=date(2026, 1, 1),
    valid_to=date(2027, 12, 31),
    scan=scan_of(4),
)
person = PersonParticulars(
    education="bachelor",
    post="现场运维",
    title="工程师",
    technical_posts=("maintenance",),
    joined_on=date(2024, 5, 6),
    papers=(certificate,),
)
device = DeviceParticulars(
    asset_number="ZC-001",
    serial_number="SN-9",
    name="便携式烟气分析仪",
    model="GA-21",
    measures="二氧化硫、氮氧化物",
    papers=(calibration,),
)
vehicle = VehicleParticulars(plate="沪AD12345", ownership="leased", papers=(licence, lease))
part = SparePartParticulars(
    category="spare_part", name="蠕动泵管", quantity=Decimal(20), value=Decimal("900"), place="青浦仓库"
)
basics = FilingBasics(
    name=NAME,
    uscc="91130200699229617X",
    registered_in="310000",
    registered_capital=Decimal(500),
    address="上海市青浦区清源路 1 号",
    scope=("wastewater", "flue_gas"),
    projects=3,
    project_amount=Decimal("88.5"),
    staff=12,
    business_licence=scan_of(5),
    workplace_proof=scan_of(6),
)
begun = FilingBegun(operator_id=OPERATOR, name=NAME)
basics_given = FilingBasicsChanged(
    operator_id=OPERATOR, basics=basics, legal_representative=sealed, contact=sealed, changed_on=TODAY
)


def added(particulars: ResourceParticulars, resource_id: UUID, changed_on: date = TODAY) -> ResourceAdded:
    return ResourceAdded(
        operator_id=OPERATOR,
        resource_id=resource_id,
        particulars=particulars,
        person=sealed if particulars.kind == "person" else None,
        changed_on=changed_on,
    )


signature = Signature(image=scan_of(7, "image/png"), strokes=scan_of(8, "application/json"))
undertaking_given = FilingUndertakingGivenV2(
    operator_id=OPERATOR,
    edition="2026-1",
    text="承诺",
    text_sha256="0" * 64,
    signature=signature,
    second_factor="password",
    certificate=None,
    by=UUID(int=90),
    not_before=datetime(2026, 11, 24, 3, 59, tzinfo=UTC),
    given_at=datetime(2026, 11, 24, 4, tzinfo=UTC),
)
