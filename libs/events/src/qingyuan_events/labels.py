"""The label of every field as the operating guide words it, by class. Pages, Excel sheets and histories use the same."""

from typing import Final

from pydantic import BaseModel

from qingyuan_events.registry import (
    EnterpriseParticulars,
    FlueGasAnalyser,
    OutletParticulars,
    PointParticulars,
    Sampler,
    WastewaterAnalyser,
)

KINDS: Final[dict[str, type[BaseModel]]] = {
    "wastewater_analyser": WastewaterAnalyser,
    "sampler": Sampler,
    "flue_gas_analyser": FlueGasAnalyser,
}
SHEETS: Final[dict[str, str]] = {
    "wastewater_analyser": "废水分析仪器",
    "sampler": "自动采样器",
    "flue_gas_analyser": "废气分析仪器",
}
POINT_CODE: Final = "测点编号"
POINT_NAME: Final = "测点名称"
SINCE: Final = "启用日期"
"""Columns of an Excel sheet beside the particulars: the point, and the first day."""

LABELS: Final[dict[type[BaseModel], dict[str, str]]] = {
    EnterpriseParticulars: {
        "name": "单位名称",
        "uscc": "统一社会信用代码",
        "district": "所在区",
        "address": "地址",
        "industry": "行业类别",
        "permit_number": "排污许可证编号",
        "location": "经纬度",
    },
    OutletParticulars: {"code": "排口编号", "name": "排口名称", "medium": "排口类型", "location": "经纬度"},
    PointParticulars: {
        "code": "测点编号",
        "name": "测点名称",
        "medium": "测点类型",
        "factors": "监测因子",
        "location": "经纬度",
        "mn": "数采仪 MN 号",
    },
    WastewaterAnalyser: {
        "factor": "分析因子",
        "model": "设备型号",
        "brand": "品牌",
        "origin": "国产/进口",
        "method": "方法原理",
        "construction": "建设情况",
        "unit": "计量单位",
        "om_operator": "本次运维商",
        "om_operator_previous": "上次运维商",
        "manufacturer": "生产商",
        "production_licence_number": "生产许可证编号",
        "test_report_number": "检测报告编号",
        "serial_number": "出厂编号",
        "permit_point_name": "水污染源自动监测系统安装点位名称",
        "permit_point_code": "水污染源自动监测系统安装点位编号",
        "integrator": "水污染源自动监测系统生产单位",
        "installer": "水污染源自动监测系统安装单位",
    },
    Sampler: {
        "name": "仪器名称",
        "model": "规格型号",
        "functions": "支持功能",
        "construction": "建设情况",
        "manufacturer": "生产商",
        "outlet_kind": "排口类型",
        "mixed_sampling": "是否混样改造完成",
        "refrigeration": "是否具备冷藏功能",
    },
    FlueGasAnalyser: {
        "factor": "分析因子",
        "brand": "cems品牌",
        "model": "cems型号",
        "serial_number": "cems出厂编号",
        "method": "方法原理",
        "construction": "建设情况",
        "unit": "计量单位",
        "manufacturer": "生产商",
        "production_licence_number": "生产许可证编号",
        "maker": "制造商",
        "om_operator": "本次运维商",
        "om_operator_previous": "上次运维商",
        "permit_point_name": "cems污染源自动监测系统安装点名称",
        "permit_point_code": "cems污染源自动监测系统安装点编号",
        "integrator": "cems污染源自动监测系统生产单位",
        "installer": "cems污染源自动监测系统安装单位",
        "reference_oxygen": "基准氧含量(%)",
        "velocity_field_coefficient": "速度场系数",
        "duct_area": "截面积(m²)",
        "detection_limit": "检出限",
        "pitot_coefficient": "皮托管系数",
    },
}
VALUES: Final[dict[str, dict[str, str]]] = {
    "construction": {"built": "已建成", "under_construction": "建设中", "planned": "拟建"},
    "origin": {"domestic": "国产", "imported": "进口"},
    "medium": {"wastewater": "废水", "flue_gas": "废气"},
    "mixed_sampling": {"true": "是", "false": "否"},
    "refrigeration": {"true": "是", "false": "否"},
}
"""Field → stored value → displayed word. Booleans are spelt as in JSON."""


def word(field: str, value: object) -> str:
    """The displayed form of a stored value; empty where it is absent."""
    if value is None:
        return ""
    key = str(value).lower() if isinstance(value, bool) else str(value)
    return VALUES.get(field, {}).get(key, "、".join(value) if isinstance(value, list | tuple) else key)
