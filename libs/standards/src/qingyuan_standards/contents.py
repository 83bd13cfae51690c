"""The kinds of work (运维内容) that an operator does at a point, by code. Plans schedule them and sheets record them."""

from collections.abc import Mapping
from dataclasses import dataclass

BOTH = ("wastewater", "flue_gas")
WATER = ("wastewater",)
GAS = ("flue_gas",)

PATROLS = ("patrol_wastewater", "patrol_extractive", "patrol_dilution", "patrol_direct", "patrol_nmhc")


@dataclass(frozen=True)
class Content:
    """One kind of work.

    `name` is its Chinese term. `forms` are the names of the record sheets for it (each form names its medium and
    measuring principle). `rules` are the ids in `qingyuan_standards.intervals` that say how often it is due.
    """

    code: str
    name: str
    media: tuple[str, ...]
    forms: tuple[str, ...]
    rules: tuple[str, ...] = ()


_ALL = (
    Content("patrol", "日常巡检", BOTH, PATROLS, ("WF-DAILY", "WF-WEEK", "OPS-PATROL", "N-PATROL")),
    Content(
        "calibration",
        "校准",
        BOTH,
        ("calibration", "standard_check"),
        (
            "WF-CAL",
            "CAL-PM-A",
            "CAL-PM-M",
            "CAL-GAS-A",
            "CAL-GAS-M-EXT",
            "CAL-GAS-M-INS",
            "CAL-FLOW-A",
            "CAL-FLOW-M",
            "N-CAL-A",
            "N-CAL-M",
        ),
    ),
    Content("system_calibration", "全系统校准", GAS, ("system_calibration",), ("CAL-SYS", "N-SYS")),
    Content("verification", "校验", GAS, ("verification",), ("VER-A", "VER-M", "VER-RESTART", "N-VER")),
    Content(
        "comparison",
        "实际水样比对",
        WATER,
        ("comparison", "flow_comparison"),
        ("WF-COMP", "WF-PH", "WF-FLOW"),
    ),
    Content("standard_check", "标样核查", WATER, ("standard_check",), ("WF-CHECK",)),
    Content("repair", "维修", BOTH, ("repair",)),
    Content("consumables", "易耗品更换", BOTH, ("consumables",)),
    Content("reference_materials", "标准物质/试剂更换", BOTH, ("reference_materials",)),
    Content("parameter_change", "参数变动", BOTH, ("parameter_change",)),
    Content("shutdown", "停机", BOTH, ("shutdown",)),
    Content("monthly_maintenance", "月度维护", BOTH, PATROLS, ("WF-MONTH", "OPS-LEAK", "N-LEAK")),
    Content("quarterly_maintenance", "季度维护", BOTH, PATROLS, ("WF-QTR", "OPS-PROBE90")),
)

CONTENTS: Mapping[str, Content] = {content.code: content for content in _ALL}
"""By code, in the order in which pages list them."""
