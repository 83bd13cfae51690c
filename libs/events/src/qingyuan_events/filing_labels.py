"""The words for coded values of a filing, as its pages and its Excel sheets show them."""

from typing import Final

FILING_VALUES: Final[dict[str, dict[str, str]]] = {
    "education": {
        "secondary": "中专（高中）及以下",
        "college": "大专",
        "bachelor": "本科",
        "master": "硕士",
        "doctor": "博士",
        "other": "其他",
    },
    "technical_posts": {
        "maintenance": "运维人员",
        "technical_head": "技术负责人",
        "quality_head": "质量负责人",
        "quality_supervisor": "质量监督员",
        "other": "其他",
    },
    "category": {"spare_part": "备品备件", "special_equipment": "专用设备"},
    "kind": {
        "competence_certificate": "运维能力评定证书",
        "verification": "检定证书",
        "calibration": "校准证书",
        "vehicle_licence": "行驶证",
        "lease": "租赁合同",
    },
}
"""Field → stored value → displayed word; `kind` is that of a paper."""


def shown(field: str, value: object) -> str:
    """The displayed form of a stored value, or of several; empty where it is absent."""
    if value is None:
        return ""
    words = FILING_VALUES.get(field, {})
    stored = value if isinstance(value, list | tuple) else [value]
    return "、".join(words.get(str(each), str(each)) for each in stored)
