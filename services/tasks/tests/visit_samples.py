"""A valid register and a valid day of visits, which tests change field by field."""

import hashlib
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID, uuid4

from pydantic import JsonValue
from qingyuan_events import Actor, Fact, Meta, Recorded
from qingyuan_events.parts import FileRef, Fix, Location, Photo, Signature
from qingyuan_events.registry import (
    EnterpriseParticulars,
    EnterpriseRegistered,
    InstrumentRegistered,
    MonitoringPointAdded,
    PointParticulars,
    Sampler,
    WastewaterAnalyser,
)
from qingyuan_events.tasks import (
    AssigneeV2,
    ContractConfirmed,
    ContractSubmittedV3,
    ContractTerms,
    CycleRef,
    PlanItem,
    PlanPublishedV2,
    SheetRevisionV3,
    Window,
)
from qingyuan_standards.forms import form
from qingyuan_standards.forms_definition import property_at
from tasks.domain.contracts.decider import CONTRACT as CONTRACT_DECIDER
from tasks.domain.plans.state import PlanOutline
from tasks.domain.register import InstrumentCopy, MonitoringPointCopy
from tasks.domain.visits.commands import Opening, RecordSheet, SignInVisit, SignOutVisit, VisitCommand
from tasks.domain.visits.decider import VISIT as VISITS
from tasks.domain.visits.state import VisitFacts

ENTERPRISE, OUTLET, POINT, ANALYSER, SAMPLER = (UUID(int=n) for n in range(1, 6))
SINCE = date(2024, 3, 1)

enterprise = EnterpriseParticulars(
    name="上海清泉化工有限公司",
    uscc="91130200699229617X",
    district="310118",
    address="上海市青浦区清源路 88 号",
    industry="C2614 有机化学原料制造",
    permit_number="91130200699229617X001P",
)
point = PointParticulars(
    code="DW001",
    name="污水总测点",
    medium="wastewater",
    factors=("w01018", "w21003"),
    location=Location(longitude=Decimal("121.100000"), latitude=Decimal("31.150000"), datum="CGCS2000"),
)
analyser = WastewaterAnalyser(
    factor="w01018",
    model="CODmax",
    brand="源测",
    method="重铬酸钾氧化分光光度法",
    construction="built",
    serial_number="A-17",
    om_operator="甲运维有限公司",
    om_operator_previous="无",
    permit_point_name="污水总排口",
    permit_point_code="DW001",
    integrator="集成公司",
    installer="安装公司",
)
sampler = Sampler(
    name="采样器", model="SC", construction="built", manufacturer="生产公司", outlet_kind="总排口"
)

enterprise_registered = EnterpriseRegistered(
    enterprise_id=ENTERPRISE, particulars=enterprise, valid_from=SINCE
)
point_added = MonitoringPointAdded(
    point_id=POINT, outlet_id=OUTLET, enterprise_id=ENTERPRISE, particulars=point, valid_from=SINCE
)
analyser_registered = InstrumentRegistered(
    instrument_id=ANALYSER, point_id=POINT, enterprise_id=ENTERPRISE, particulars=analyser, valid_from=SINCE
)
sampler_registered = InstrumentRegistered(
    instrument_id=SAMPLER, point_id=POINT, enterprise_id=ENTERPRISE, particulars=sampler, valid_from=SINCE
)
TOWN = (enterprise_registered, point_added, analyser_registered, sampler_registered)
"""An enterprise with one point, at which an analyser and a sampler are installed, as facts of the register."""


def recorded(stream: str, facts: Sequence[Fact], *, version: int = 1) -> list[Recorded[Fact]]:
    """Facts as a stream of a log would hold them."""
    at = datetime(2026, 1, 1, tzinfo=UTC)
    meta = Meta(
        actor=Actor(account=UUID(int=9), kind="administrator"), command_id=uuid4(), correlation=uuid4()
    )
    return [
        Recorded(stream=stream, version=n, recorded_at=at, meta=meta, fact=fact)
        for n, fact in enumerate(facts, start=version)
    ]


# A day on the phone

VISIT, CONTRACT, PLAN, OPERATOR, TECHNICIAN, COMPANION = (UUID(int=n) for n in range(21, 27))
SHEET, OTHER_SHEET, FIRST, SECOND, THIRD, ELSEWHERE = (UUID(int=n) for n in range(31, 37))
PHOTO, OTHER_PHOTO = UUID(int=41), UUID(int=42)
MORNING = datetime(2026, 11, 24, 1, 0, tzinfo=UTC)
RECEIVED = MORNING + timedelta(minutes=1)

submitted = ContractSubmittedV3(
    contract_id=CONTRACT,
    operator_id=OPERATOR,
    enterprise_id=ENTERPRISE,
    district="310118",
    terms=ContractTerms(
        number="HT-2026-01",
        name="在线监测运维合同",
        operator_name="甲运维有限公司",
        enterprise_name="上海清泉化工有限公司",
        first_day=date(2026, 1, 1),
        last_day=date(2026, 11, 24),
    ),
)
confirmed = ContractConfirmed(
    contract_id=CONTRACT,
    operator_id=OPERATOR,
    enterprise_id=ENTERPRISE,
    district="310118",
    points=(POINT,),
)
contract = CONTRACT_DECIDER.fold((submitted, confirmed))
plan = PlanPublishedV2(
    plan_id=PLAN,
    contract_id=CONTRACT,
    operator_id=OPERATOR,
    enterprise_id=ENTERPRISE,
    district="310118",
    name="2026 年运维计划",
    points=(POINT,),
    assignees=(AssigneeV2(account=TECHNICIAN),),
    first_day=date(2026, 11, 1),
    last_day=date(2026, 11, 30),
    items=(
        PlanItem(
            content="patrol",
            rule="FREQ=WEEKLY",
            windows=(Window(number=1, opens=date(2026, 11, 23), closes=date(2026, 11, 29)),),
        ),
    ),
    calendar="2026",
)
place = MonitoringPointCopy(
    point_id=POINT,
    code="DW001",
    name="污水总测点",
    medium="wastewater",
    factors=point.factors,
    location=point.location,
    outlet_id=OUTLET,
    enterprise_id=ENTERPRISE,
    district="310118",
    instruments=(
        InstrumentCopy(
            instrument_id=ANALYSER,
            kind="wastewater_analyser",
            factor="w01018",
            model="CODmax",
            serial_number="A-17",
        ),
        InstrumentCopy(instrument_id=SAMPLER, kind="sampler", factor=None, model="SC", serial_number=None),
    ),
)
opening = Opening(
    visit_id=VISIT,
    operator_id=OPERATOR,
    point=place,
    contract_id=CONTRACT,
    contract=contract,
    cycles=(CycleRef(plan_id=PLAN, item=0, number=4),),
    plans={PLAN: PlanOutline(operator_id=OPERATOR, points=frozenset({POINT}), windows=(4,))},
    claimed_at=MORNING,
    by=TECHNICIAN,
    received_at=RECEIVED,
)
PATROL = form("patrol_wastewater", 1)


def patrol(**changed: JsonValue) -> dict[str, JsonValue]:
    """A patrol sheet with every required field filled in: by its first choice, or by a time."""
    schema = PATROL.document["schema"]
    filled: dict[str, JsonValue] = {}
    for name in schema["required"]:
        schema_of = property_at(schema, (name,)) or {}
        filled[name] = schema_of["enum"][0] if "enum" in schema_of else "2026-11-24T09:10"
    return filled | changed


def near(metres: int = 10, *, accuracy_m: str = "15", at: datetime = MORNING) -> Fix:
    """A fix so many metres north of the point."""
    north = Decimal(metres) / 111_195
    assert point.location
    return Fix(
        longitude=point.location.longitude,
        latitude=(point.location.latitude + north).quantize(Decimal("0.000001")),
        accuracy_m=Decimal(accuracy_m),
        datum="WGS-84",
        fixed_at=at,
    )


def file(name: str) -> FileRef:
    return FileRef(
        sha256=hashlib.sha256(name.encode()).hexdigest(), size=100, media_type="image/jpeg", name=name
    )


def photo(photo_id: UUID = PHOTO, of: str = "sign_in") -> Photo:
    return Photo(photo_id=photo_id, of=of, original=file(f"{photo_id}.jpg"), taken_at=MORNING)


def sheet(
    revision_id: UUID = FIRST,
    *supersedes: UUID,
    sheet_id: UUID = SHEET,
    reason: str | None = None,
    **changed: JsonValue,
) -> SheetRevisionV3:
    return SheetRevisionV3(
        sheet_id=sheet_id,
        revision_id=revision_id,
        supersedes=supersedes,
        form="patrol_wastewater",
        form_version=1,
        content="patrol",
        values=patrol(**changed),
        by=TECHNICIAN,
        claimed_at=MORNING,
        received_at=RECEIVED,
        reason=reason,
    )


signature = Signature(image=file("name.png"), strokes=file("name.json"))
sign_in = SignInVisit(opening=opening, claimed_at=MORNING, companions=(COMPANION,), fix=near())


def record(revision_id: UUID = FIRST, *supersedes: UUID, **changed: Any) -> RecordSheet:
    return RecordSheet(opening=opening, sheet=sheet(revision_id, *supersedes, **changed), form=PATROL)


def sign_out(*, sheets: Sequence[UUID] = (FIRST,), photos: Sequence[UUID] = ()) -> SignOutVisit:
    return SignOutVisit(
        opening=opening,
        claimed_at=MORNING,
        fix=near(),
        sheets=tuple(sheets),
        photos=tuple(photos),
        signature=signature,
    )


def happened(*commands: VisitCommand) -> list[VisitFacts]:
    """The facts that these commands lead to, one after the other."""
    facts: list[VisitFacts] = []
    for command in commands:
        facts += VISITS.decide(command, VISITS.fold(facts))
    return facts
