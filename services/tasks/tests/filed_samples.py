"""What an operator has filed, as its log would hold it: a person and a device with their papers. Tests change it field by field."""

from datetime import date
from typing import Any
from uuid import UUID

from plan_samples import ACCOUNT, OPERATOR
from qingyuan_events import Fact, Personal, Recorded
from qingyuan_events.filing import (
    DeviceParticulars,
    Filed,
    FilingBegun,
    Paper,
    PersonParticulars,
    ResourceAdded,
    ResourceKind,
    ResourceParticulars,
    ResourceVersion,
)
from tasks.domain.filed import DeviceCopy, FilingCopy, PaperCopy, PersonCopy
from visit_samples import recorded

PERSON, DEVICE, OTHER_PERSON = UUID(int=0x51), UUID(int=0x52), UUID(int=0x53)
CERTIFICATE, CALIBRATION, RENEWED = UUID(int=0x61), UUID(int=0x62), UUID(int=0x63)
FILED_ON = date(2026, 3, 2)
sealed = Personal(subject=UUID(int=77), nonce="AAAAAAAAAAAAAAAA", ciphertext="AAAA")

certificate = Paper(
    paper_id=CERTIFICATE,
    kind="competence_certificate",
    number="YW-2025-0001",
    grade="自动监控（水）运维",
    valid_from=date(2025, 3, 1),
    valid_to=date(2028, 2, 29),
)
calibration = Paper(
    paper_id=CALIBRATION,
    kind="calibration",
    number="JZ-2026-11",
    valid_from=date(2026, 2, 1),
    valid_to=date(2027, 1, 31),
)
person = PersonParticulars(
    post="现场运维",
    technical_posts=("maintenance",),
    joined_on=date(2024, 5, 6),
    account_id=ACCOUNT,
    papers=(certificate,),
)
device = DeviceParticulars(
    asset_number="ZC-001",
    serial_number="DX-2201",
    name="便携式多参数水质分析仪",
    model="DZS-7",
    papers=(calibration,),
)


def added(particulars: ResourceParticulars, resource_id: UUID) -> ResourceAdded:
    return ResourceAdded(
        operator_id=OPERATOR,
        resource_id=resource_id,
        particulars=particulars,
        person=sealed if particulars.kind == "person" else None,
        changed_on=FILED_ON,
    )


def version(resource_id: UUID, number: int, kind: ResourceKind = "person") -> ResourceVersion:
    return ResourceVersion(resource_id=resource_id, kind=kind, version=number)


def filed(*resources: ResourceVersion, number: int = 1) -> Filed:
    return Filed(
        operator_id=OPERATOR, number=number, basics_version=None, resources=resources, filed_on=FILED_ON
    )


def of_filing(*facts: Fact, since: int = 1) -> list[Recorded[Fact]]:
    return recorded(f"filing-{OPERATOR}", facts, version=since)


def of_resource(resource_id: UUID, *facts: Fact, since: int = 1) -> list[Recorded[Fact]]:
    return recorded(f"resource-{resource_id}", facts, version=since)


begun = FilingBegun(operator_id=OPERATOR, name="上海绿测环境运维有限公司")
BOTH = filed(version(PERSON, 1), version(DEVICE, 1, "device"))
RESOURCES = [*of_resource(PERSON, added(person, PERSON)), *of_resource(DEVICE, added(device, DEVICE))]
TOLD = [*RESOURCES, *of_filing(begun, BOTH)]
"""The filing of an operator of whom a person and a device are filed."""


def copied(paper: Paper, **changes: Any) -> PaperCopy:
    own = {name: getattr(paper, name) for name in ("paper_id", "kind", "number", "valid_from", "valid_to")}
    return PaperCopy(**own | changes)


filed_person = PersonCopy(resource_id=PERSON, account_id=ACCOUNT, papers=(copied(certificate),))
filed_device = DeviceCopy(
    resource_id=DEVICE,
    name="便携式多参数水质分析仪",
    model="DZS-7",
    serial_number="DX-2201",
    papers=(copied(calibration),),
)
FILING = FilingCopy(state="filed", filed_on=FILED_ON, people=(filed_person,), devices=(filed_device,))
