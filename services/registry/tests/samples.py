"""Valid entries of a small register, which tests change field by field."""

from datetime import date
from uuid import UUID

from qingyuan_events.registry import (
    EnterpriseParticulars,
    EnterpriseRegistered,
    FlueGasAnalyser,
    InstrumentParticulars,
    InstrumentRegistered,
    MonitoringPointAdded,
    OutletAdded,
    OutletParticulars,
    PointParticulars,
    Sampler,
    WastewaterAnalyser,
)
from registry.domain.instruments.commands import PointOfInstrument
from registry.domain.monitoring_points.commands import OutletOfPoint

TODAY = date(2026, 11, 24)
SINCE = date(2024, 3, 1)
ENTERPRISE, OUTLET, POINT, OLD, NEW = (UUID(int=n) for n in range(1, 6))

enterprise = EnterpriseParticulars(
    name="上海清泉化工有限公司",
    uscc="91130200699229617X",
    district="310118",
    address="上海市青浦区清源路 88 号",
    industry="C2614 有机化学原料制造",
    permit_number="91130200699229617X001P",
)
outlet = OutletParticulars(code="DW001", name="污水总排口", medium="wastewater")
point = PointParticulars(code="DW001", name="污水总测点", medium="wastewater", factors=("w01018",))
water = WastewaterAnalyser(
    factor="w01018",
    model="CODmax",
    brand="源测",
    method="重铬酸钾氧化分光光度法",
    construction="built",
    unit="mg/L",
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
gas = FlueGasAnalyser(
    factor="a21026",
    brand="源测",
    model="SCS",
    serial_number="1",
    method="紫外差分吸收法",
    construction="built",
    unit="mg/m³",
    om_operator="甲运维有限公司",
    permit_point_name="1 号锅炉",
    permit_point_code="DA001",
    integrator="集成公司",
    installer="安装公司",
)

water_point = PointOfInstrument(
    point_id=POINT, enterprise_id=ENTERPRISE, medium="wastewater", valid_from=SINCE
)
gas_point = PointOfInstrument(point_id=POINT, enterprise_id=ENTERPRISE, medium="flue_gas", valid_from=SINCE)
water_outlet = OutletOfPoint(
    outlet_id=OUTLET, enterprise_id=ENTERPRISE, code="DW001", medium="wastewater", valid_from=SINCE
)

enterprise_registered = EnterpriseRegistered(
    enterprise_id=ENTERPRISE, particulars=enterprise, valid_from=SINCE
)
outlet_added = OutletAdded(outlet_id=OUTLET, enterprise_id=ENTERPRISE, particulars=outlet, valid_from=SINCE)
point_added = MonitoringPointAdded(
    point_id=POINT, outlet_id=OUTLET, enterprise_id=ENTERPRISE, particulars=point, valid_from=SINCE
)


def registered(particulars: InstrumentParticulars = water) -> InstrumentRegistered:
    return InstrumentRegistered(
        instrument_id=OLD,
        point_id=POINT,
        enterprise_id=ENTERPRISE,
        particulars=particulars,
        valid_from=SINCE,
    )


RENAMED = enterprise.model_copy(update={"name": "上海新泉化工有限公司"})
MOVED = enterprise.model_copy(update={"district": "310113"})
CHANGE_REASON = "换发营业执照"
