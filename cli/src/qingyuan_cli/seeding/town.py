"""The demo data: invented enterprises and people, with codes that are valid in the real code systems."""

from typing import Any, Final

Json = dict[str, Any]
SINCE: Final = "2024-03-01"
ALPHABET: Final = "0123456789ABCDEFGHJKLMNPQRTUWXY"


def uscc(district: str, organisation: str) -> str:
    """A code with the correct check character (GB 32100-2015) for an invented organisation code of 9 characters."""
    body = f"91{district}{organisation}"
    weights = [pow(3, index, 31) for index in range(17)]
    total = sum(ALPHABET.index(c) * w for c, w in zip(body, weights, strict=True))
    return body + ALPHABET[(31 - total % 31) % 31]


def enterprise(name: str, district: str, organisation: str, address: str, industry: str) -> Json:
    code = uscc(district, organisation)
    return {
        "name": name,
        "uscc": code,
        "district": district,
        "address": address,
        "industry": industry,
        "permit_number": f"{code}001P",
    }


ENTERPRISES: Final[tuple[Json, ...]] = (
    {
        "key": "1",
        "account": "demo-enterprise",
        "particulars": enterprise(
            "上海清泉化工有限公司",
            "310118",
            "MA1K2B3C4",
            "上海市青浦区清源路 88 号",
            "C2614 有机化学原料制造",
        ),
        "contact": {"name": "周清源", "phone": "021-5555 0101"},
        "place": (121.1124, 31.1512),
    },
    {
        "key": "2",
        "account": "demo-enterprise-2",
        "particulars": enterprise(
            "上海青溪水务有限公司",
            "310118",
            "MA1K5D6E7",
            "上海市青浦区朱家角镇漕港路 1 号",
            "D4620 污水处理及其再生利用",
        ),
        "contact": {"name": "陈溪", "phone": "021-5555 0202"},
        "place": (121.0534, 31.1093),
    },
    {
        "key": "3",
        "account": "demo-enterprise-3",
        "particulars": enterprise(
            "上海申宝热电有限公司", "310113", "MA1K8F9G2", "上海市宝山区蕰川路 2000 号", "D4412 热电联产"
        ),
        "contact": {"name": "陆申", "phone": "021-5555 0303"},
        "place": (121.4386, 31.4471),
    },
)


def location(works: Json, number: int) -> Json:
    """The outlets of an enterprise are about a hundred metres apart."""
    longitude, latitude = works["place"]
    return {
        "longitude": f"{longitude + 0.0015 * number:.6f}",
        "latitude": f"{latitude + 0.0008 * number:.6f}",
        "datum": "WGS-84",
    }


OUTLETS: Final[tuple[Json, ...]] = (
    {
        "code": "DW001",
        "name": "污水总排口",
        "medium": "wastewater",
        "factors": ["w01018", "w21003", "w21011", "w21001", "w01001", "w00000"],
    },
    {"code": "DW002", "name": "车间废水排口", "medium": "wastewater", "factors": ["w01018", "w01001"]},
    {
        "code": "DA001",
        "name": "1 号锅炉废气排口",
        "medium": "flue_gas",
        "factors": ["a21026", "a21002", "a34013", "a19001"],
    },
)

METHODS: Final = {
    "w01018": ("重铬酸钾氧化分光光度法", "mg/L", "CODmax plus"),
    "w21003": ("水杨酸分光光度法", "mg/L", "Amtax sc"),
    "w21011": ("钼酸铵分光光度法", "mg/L", "TPW-20"),
    "w21001": ("碱性过硫酸钾消解紫外分光光度法", "mg/L", "TNP-4200"),
    "w01001": ("玻璃电极法", "无量纲", "pHD sc"),
    "w00000": ("超声波明渠流量计", "L/s", "WL-1A1"),
    "a21026": ("紫外差分吸收法", "mg/m³", "SCS-900UV"),
    "a21002": ("紫外差分吸收法", "mg/m³", "SCS-900UV"),
    "a34013": ("激光后散射法", "mg/m³", "LSS2004"),
    "a19001": ("氧化锆法", "%", "ZR802G"),
}
OM_OPERATOR: Final = "上海绿测环境运维有限公司"
INTEGRATOR: Final = "上海源测系统集成有限公司"


def wastewater_analyser(factor: str, outlet: Json, serial: str) -> Json:
    method, unit, model = METHODS[factor]
    return {
        "kind": "wastewater_analyser",
        "factor": factor,
        "model": model,
        "brand": "源测",
        "origin": "domestic",
        "method": method,
        "construction": "built",
        "unit": unit,
        "om_operator": OM_OPERATOR,
        "om_operator_previous": "无",
        "manufacturer": "杭州源测仪器有限公司",
        "serial_number": serial,
        "permit_point_name": outlet["name"],
        "permit_point_code": outlet["code"],
        "integrator": INTEGRATOR,
        "installer": INTEGRATOR,
    }


def sampler() -> Json:
    return {
        "kind": "sampler",
        "name": "水质自动采样器",
        "model": "SC-24B",
        "functions": "超标留样、混合采样、远程启动",
        "construction": "built",
        "manufacturer": "杭州源测仪器有限公司",
        "outlet_kind": "总排口",
        "mixed_sampling": True,
        "refrigeration": True,
    }


def flue_gas_analyser(factor: str, outlet: Json, serial: str) -> Json:
    method, unit, model = METHODS[factor]
    return {
        "kind": "flue_gas_analyser",
        "factor": factor,
        "brand": "源测",
        "model": model,
        "serial_number": serial,
        "method": method,
        "construction": "built",
        "unit": unit,
        "manufacturer": "杭州源测仪器有限公司",
        "maker": "杭州源测仪器有限公司",
        "om_operator": OM_OPERATOR,
        "permit_point_name": outlet["name"],
        "permit_point_code": outlet["code"],
        "integrator": INTEGRATOR,
        "installer": INTEGRATOR,
        "reference_oxygen": "6",
        "velocity_field_coefficient": "1.02",
        "duct_area": "3.14",
        "pitot_coefficient": "0.84",
    }


def serial_of(enterprise: str, outlet: str, factor: str) -> str:
    """The serial number of the analyser of this factor at an outlet."""
    letters = "YQ" if factor.startswith("a") else "YW"
    return f"{letters}{enterprise}{outlet}{factor[1:]}"


def instruments(enterprise: str, outlet: Json) -> list[Json]:
    """The particulars of the instruments at an outlet."""
    make = flue_gas_analyser if outlet["medium"] == "flue_gas" else wastewater_analyser
    made = [
        make(factor, outlet, serial_of(enterprise, outlet["code"], factor)) for factor in outlet["factors"]
    ]
    return made if outlet["medium"] == "flue_gas" else [*made, sampler()]


ACCOUNTS: Final[tuple[tuple[str, str, str, str | None, str], ...]] = (
    ("demo-admin", "系统管理员（演示）", "administrator", None, "system"),
    ("demo-security", "安全管理员（演示）", "administrator", None, "security"),
    ("demo-audit", "审计管理员（演示）", "administrator", None, "audit"),
    ("demo-city", "上海市生态环境局（演示）", "regulator", "310000", "reviewer"),
    ("demo-district", "青浦区生态环境局（演示）", "regulator", "310118", "reviewer"),
    ("demo-district-2", "宝山区生态环境局（演示）", "regulator", "310113", "reviewer"),
    ("demo-reader", "青浦区生态环境局查阅（演示）", "regulator", "310118", "reader"),
)
"""Account name, label, kind, district and role."""
SIGNATORIES: Final[tuple[tuple[str, str, str], ...]] = (("demo-signatory", "钱签字（清泉化工）", "1"),)
"""Account name, label, and the key of the enterprise for which it signs."""
OPERATORS: Final[tuple[tuple[str, str, str, str], ...]] = (
    ("demo-operator", "上海绿测环境运维有限公司（演示）", "greentest", "manager"),
    ("demo-technician", "李运维（绿测）", "greentest", "technician"),
    ("demo-technician-2", "王巡检（绿测）", "greentest", "technician"),
    ("demo-quality", "孙质量（绿测）", "greentest", "quality_officer"),
    ("demo-operator-2", "上海蓝净技术服务有限公司（演示）", "blueclean", "manager"),
)
"""Account name, label, operator and role. Each technician has an account of their own."""
OPERATOR_NAMES: Final = {"greentest": OM_OPERATOR, "blueclean": "上海蓝净技术服务有限公司"}
