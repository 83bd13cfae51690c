"""The particulars of an enterprise, an outlet, a monitoring point and an instrument in the register.

Field sets follow figures 5 to 7 of the operating guide of the pollution-source system (2023-10-12).
"""

from decimal import Decimal
from typing import Annotated, Literal

from pydantic import Field

from qingyuan_events.parts import Location, Part

NONE = "无"
"""The text that the operating guide requires where the permit has no value."""

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
    """The identifying data of an enterprise. The enterprise can only request changes of it; its district decides."""

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
