"""What people of the demo write in their own words: of each kind several, one of them for each visit. Invented."""

from random import Random
from typing import Final, TypeVar

Sentence = TypeVar("Sentence")

REMARKED: Final = 0.35
"""The share of sheets with a remark."""

REMARKS: Final = {
    "patrol_wastewater": (
        "站房空调滤网已清洗。",
        "采水口周边有少量浮渣，已清理。",
        "试剂余量可用至下次巡检。",
        "废液桶约三分之二满，已约危废单位下周转运。",
        "降雨后来水浊度略高，已加洗管路一次。",
    ),
    "patrol_extractive": (
        "冷凝器排水已清空，无堵塞。",
        "标气瓶压力 6 MPa，下月更换。",
        "反吹气源压力正常，探头滤芯已吹扫。",
        "平台护栏有一处锈蚀，已告知企业。",
    ),
    "standard_check": (
        "核查前已清洗测量池。",
        "标准溶液为本月新配。",
        "首次读数波动，稳定后重测一次。",
        "核查期间水样正常测量未中断。",
    ),
    "comparison": ("水样由双方共同采集并封样。", "采样时来水稳定。", "实验室当日收样当日测定。"),
    "consumables": ("旧件已带回处理。", "换后试运行十分钟，无泄漏。"),
    "reference_materials": ("开封后已在瓶身注明日期。", "旧瓶余量少于十分之一。"),
}  # fmt: skip

ABNORMAL: Final = {
    "patrol_wastewater": (
        ("氨氮试剂余量不足三天用量", "已补加试剂并重新核查"),
        ("显色剂颜色偏深", "更换试剂，空白核查合格"),
        ("试剂管内有气泡", "排气后读数稳定"),
    ),
    "patrol_extractive": (
        ("采样滤芯积灰，流量偏低", "更换滤芯，流量恢复 2 L/min"),
        ("二级过滤器进水", "排水并更换滤膜"),
        ("过滤器压差偏高", "反吹两次后压差恢复"),
    ),
}
BACKFILLED: Final = (
    "站房手机信号中断，无法现场提交，次日补录。",
    "地下泵房没有信号，回到公司后补录。",
    "手机当日进水关机，更换手机后按纸质记录补录。",
)
DISPUTED: Final = (
    ("当日未见更换标准溶液，请说明。", "标准溶液在有效期内，本次无需更换，批号见记录单。"),
    ("记录的离开时间晚于门岗登记，请核对。", "门岗登记为车辆出厂时间，人员随后步行离开，监控可查。"),
    (
        "核查结果与我方留样的实验室数据相差较大，请说明。",
        "我方核查用标准溶液，不是水样；已约定下周共同采样比对。",
    ),
    (
        "巡检记录写废液桶已清运，现场仍有余液，请说明。",
        "清运在次日上午完成，转移联单已交贵单位环保员。",
    ),
)
"""What an enterprise disputes, and what the operator answers."""


def remark(form: str, random: Random) -> dict[str, str]:
    known = REMARKS.get(form)
    return {"remark": random.choice(known)} if known and random.random() < REMARKED else {}


def chosen(sentences: tuple[Sentence, ...], name: str) -> Sentence:
    """The same each time for the same name."""
    return Random(f"sentence {name}").choice(sentences)  # noqa: S311 - invented data, the same each time
