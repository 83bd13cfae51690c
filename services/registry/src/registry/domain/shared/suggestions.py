"""Choices that the forms offer. Construction and origin are closed lists; methods and kinds of outlet are suggestions."""

from typing import Final

CONSTRUCTION: Final = {"built": "已建成", "under_construction": "建设中", "planned": "拟建"}
ORIGIN: Final = {"domestic": "国产", "imported": "进口"}
OUTLET_KINDS: Final = ["总排口", "车间或车间处理设施排口", "雨水排口", "进水口", "其他"]
METHODS: Final = {
    "wastewater": [
        "重铬酸钾氧化分光光度法",
        "水杨酸分光光度法",
        "纳氏试剂分光光度法",
        "气敏电极法",
        "钼酸铵分光光度法",
        "碱性过硫酸钾消解紫外分光光度法",
        "玻璃电极法",
        "超声波明渠流量计",
        "电磁流量计",
        "紫外吸收法",
    ],
    "flue_gas": [
        "非分散红外吸收法",
        "紫外差分吸收法",
        "紫外荧光法",
        "化学发光法",
        "β射线吸收法",
        "激光后散射法",
        "氧化锆法",
        "皮托管差压法",
        "阻容法",
        "气相色谱-氢火焰离子化检测法",
    ],
}
