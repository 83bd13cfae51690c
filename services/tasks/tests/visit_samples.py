"""A small town and a day in it, right in every field, to be bent by tests."""

from collections.abc import Sequence
from datetime import UTC, date, datetime
from decimal import Decimal
from uuid import UUID, uuid4

from qingyuan_events import Actor, Fact, Meta, Recorded
from qingyuan_events.parts import Location
from qingyuan_events.registry import (
    EnterpriseParticulars,
    EnterpriseRegistered,
    InstrumentRegistered,
    MonitoringPointAdded,
    PointParticulars,
    Sampler,
    WastewaterAnalyser,
)

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


def recorded(stream: str, facts: Sequence[Fact], *, version: int = 1) -> list[Recorded[Fact]]:
    """Facts as a stream of the register would hold them."""
    at = datetime(2026, 1, 1, tzinfo=UTC)
    meta = Meta(
        actor=Actor(account=UUID(int=9), kind="administrator"), command_id=uuid4(), correlation=uuid4()
    )
    return [
        Recorded(stream=stream, version=n, recorded_at=at, meta=meta, fact=fact)
        for n, fact in enumerate(facts, start=version)
    ]
