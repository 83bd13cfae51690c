"""What the registry service announces: enterprises, outlets, monitoring points and instruments.

Numbers that were measured travel as decimal strings; dates are days in Asia/Shanghai.
Field sets follow figures 5 to 7 of the operating guide of the pollution-source system (2023-10-12).
"""

from datetime import date
from decimal import Decimal
from typing import Annotated, ClassVar, Literal
from uuid import UUID

from pydantic import Field

from qingyuan_events.envelope import Fact
from qingyuan_events.parts import Location, Part
from qingyuan_events.personal import Personal

NONE = "无"
"""What the guide tells an enterprise to write where a permit gives no value."""

Medium = Literal["wastewater", "flue_gas"]
Construction = Literal["built", "under_construction", "planned"]
Origin = Literal["domestic", "imported"]


class EnterpriseParticulars(Part):
    name: str
    uscc: str = Field(description="unified social credit code, GB 32100-2015, 18 characters")
    district: str = Field(description="GB/T 2260, six digits")
    address: str
    industry: str = Field(description="GB/T 4754 class and name as the enterprise writes it")
    permit_number: str = Field(description="22 characters (HJ 608-2017) or 无")
    location: Location | None = None


class EnterpriseIdentity(Part):
    """What an enterprise does not change by itself: others know it by this, and its district watches over it."""

    name: str
    uscc: str
    district: str


class OutletParticulars(Part):
    code: str = Field(description="DW### / DA### (HJ 608-2017) or 无")
    name: str
    medium: Medium
    location: Location | None = None


class PointParticulars(Part):
    code: str = Field(description="the outlet's code, with -## where an outlet has several points, or 无")
    name: str
    medium: Medium
    factors: tuple[str, ...] = Field(description="HJ 212 factor codes of the medium")
    location: Location | None = None
    mn: str | None = Field(default=None, description="data logger's 24 characters 0-9 A-F (HJ 212)")


class WastewaterAnalyser(Part):
    """Figure 5, 废水分析仪器."""

    kind: Literal["wastewater_analyser"] = "wastewater_analyser"
    factor: str
    model: str
    brand: str
    origin: Origin | None = None
    method: str
    construction: Construction
    unit: str | None = None
    om_operator: str = Field(description="本次运维商, full name")
    om_operator_previous: str = Field(description="上次运维商, full name or 无")
    manufacturer: str | None = None
    production_licence_number: str | None = None
    test_report_number: str | None = None
    serial_number: str | None = None
    permit_point_name: str
    permit_point_code: str
    integrator: str = Field(description="系统生产单位, full name")
    installer: str = Field(description="系统安装单位, full name")


class Sampler(Part):
    """Figure 6, 自动采样器."""

    kind: Literal["sampler"] = "sampler"
    name: str
    model: str
    functions: str | None = None
    construction: Construction
    manufacturer: str
    outlet_kind: str
    mixed_sampling: bool | None = Field(default=None, description="是否混样改造完成")
    refrigeration: bool | None = Field(default=None, description="是否具备冷藏功能")


class FlueGasAnalyser(Part):
    """Figure 7, 废气仪器 (CEMS)."""

    kind: Literal["flue_gas_analyser"] = "flue_gas_analyser"
    factor: str
    brand: str
    model: str
    serial_number: str
    method: str
    construction: Construction
    unit: str | None = None
    manufacturer: str | None = Field(default=None, description="生产商")
    production_licence_number: str | None = None
    maker: str | None = Field(default=None, description="制造商")
    om_operator: str
    om_operator_previous: str = Field(default=NONE, description="kept by the system when the vendor changes")
    permit_point_name: str
    permit_point_code: str
    integrator: str
    installer: str
    reference_oxygen: Decimal | None = Field(default=None, description="基准氧含量, %")
    velocity_field_coefficient: Decimal | None = Field(default=None, description="速度场系数, no unit")
    duct_area: Decimal | None = Field(default=None, description="截面积, m²")
    detection_limit: Decimal | None = Field(default=None, description="检出限, in the instrument's unit")
    pitot_coefficient: Decimal | None = Field(default=None, description="皮托管系数, no unit")


InstrumentParticulars = Annotated[WastewaterAnalyser | Sampler | FlueGasAnalyser, Field(discriminator="kind")]


class RegistryFact(Fact):
    topic: ClassVar[str] = "qingyuan.registry"


class EnterpriseRegistered(RegistryFact):
    type: ClassVar[str] = "enterprise.registered.v1"
    enterprise_id: UUID
    particulars: EnterpriseParticulars
    contact: Personal | None = None
    valid_from: date


class EnterpriseCorrected(RegistryFact):
    type: ClassVar[str] = "enterprise.corrected.v1"
    enterprise_id: UUID
    particulars: EnterpriseParticulars
    contact: Personal | None = None
    valid_from: date
    reason: str


class EnterpriseClosed(RegistryFact):
    type: ClassVar[str] = "enterprise.closed.v1"
    enterprise_id: UUID
    valid_to: date = Field(description="first day on which it no longer holds")
    reason: str


class EnterpriseContactErased(RegistryFact):
    """The key to the contact is gone; every copy of its ciphertext is unreadable from here on."""

    type: ClassVar[str] = "enterprise.contact_erased.v1"
    enterprise_id: UUID
    subject: UUID
    reason: str


class EnterpriseChangeRequested(RegistryFact):
    """Takes the place of an earlier request that is not decided. Nothing has changed yet."""

    type: ClassVar[str] = "enterprise.change_requested.v1"
    enterprise_id: UUID
    request_id: UUID
    wanted: EnterpriseIdentity
    valid_from: date
    reason: str


class EnterpriseChangeConfirmed(RegistryFact):
    """The correction that follows from it is a fact of its own, `enterprise.corrected`, appended with it."""

    type: ClassVar[str] = "enterprise.change_confirmed.v1"
    enterprise_id: UUID
    request_id: UUID
    reason: str


class EnterpriseChangeRefused(RegistryFact):
    type: ClassVar[str] = "enterprise.change_refused.v1"
    enterprise_id: UUID
    request_id: UUID
    reason: str


class EnterpriseChangeWithdrawn(RegistryFact):
    """The enterprise takes its own request back before anybody has answered it."""

    type: ClassVar[str] = "enterprise.change_withdrawn.v1"
    enterprise_id: UUID
    request_id: UUID
    reason: str


class OutletAdded(RegistryFact):
    type: ClassVar[str] = "outlet.added.v1"
    outlet_id: UUID
    enterprise_id: UUID
    particulars: OutletParticulars
    valid_from: date


class OutletCorrected(RegistryFact):
    type: ClassVar[str] = "outlet.corrected.v1"
    outlet_id: UUID
    enterprise_id: UUID
    particulars: OutletParticulars
    valid_from: date
    reason: str


class OutletClosed(RegistryFact):
    type: ClassVar[str] = "outlet.closed.v1"
    outlet_id: UUID
    enterprise_id: UUID
    valid_to: date
    reason: str


class MonitoringPointAdded(RegistryFact):
    type: ClassVar[str] = "monitoring_point.added.v1"
    point_id: UUID
    outlet_id: UUID
    enterprise_id: UUID
    particulars: PointParticulars
    valid_from: date


class MonitoringPointCorrected(RegistryFact):
    type: ClassVar[str] = "monitoring_point.corrected.v1"
    point_id: UUID
    outlet_id: UUID
    enterprise_id: UUID
    particulars: PointParticulars
    valid_from: date
    reason: str


class MonitoringPointClosed(RegistryFact):
    type: ClassVar[str] = "monitoring_point.closed.v1"
    point_id: UUID
    outlet_id: UUID
    enterprise_id: UUID
    valid_to: date
    reason: str


class InstrumentRegistered(RegistryFact):
    type: ClassVar[str] = "instrument.registered.v1"
    instrument_id: UUID
    point_id: UUID
    enterprise_id: UUID
    particulars: InstrumentParticulars
    valid_from: date
    replaces: UUID | None = None


class InstrumentCorrected(RegistryFact):
    """The particulars were written down wrongly; `valid_from` says since which day the new ones hold."""

    type: ClassVar[str] = "instrument.corrected.v1"
    instrument_id: UUID
    point_id: UUID
    enterprise_id: UUID
    particulars: InstrumentParticulars
    valid_from: date
    reason: str


class InstrumentOperatorChanged(RegistryFact):
    """Another O&M vendor took over on `valid_from`; the former one becomes 上次运维商."""

    type: ClassVar[str] = "instrument.om_operator_changed.v1"
    instrument_id: UUID
    point_id: UUID
    enterprise_id: UUID
    om_operator: str
    om_operator_previous: str
    valid_from: date


class InstrumentReplaced(RegistryFact):
    type: ClassVar[str] = "instrument.replaced.v1"
    instrument_id: UUID
    point_id: UUID
    enterprise_id: UUID
    replaced_by: UUID
    valid_to: date
    reason: str


class InstrumentRetired(RegistryFact):
    type: ClassVar[str] = "instrument.retired.v1"
    instrument_id: UUID
    point_id: UUID
    enterprise_id: UUID
    valid_to: date
    reason: str
