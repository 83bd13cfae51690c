"""How a sentence names a place of the document: a JSON pointer in Chinese."""

from collections.abc import Mapping
from typing import Final

NAME_MAX: Final = 30
COUNTED: Final[Mapping[str, str]] = {
    "points": "第 {} 个点位",
    "factors": "第 {} 个因子",
    "pairs": "第 {} 对数据",
    "tests": "第 {} 项试验",
    "exemptions": "第 {} 条豁免",
    "repeats": "第 {} 次",
    "sets": "第 {} 组",
    "readings": "第 {} 个读数",
    "parallels": "第 {} 个平行样",
}
NAMED: Final[Mapping[str, str]] = {
    "document": "文件格式",
    "doc_type": "报告类型",
    "basis": "评价依据",
    "number": "报告编号",
    "performed": "实施时间",
    "convention": "误差符号约定",
    "conclusion": "结论",
    "points": "点位",
    "factors": "因子",
    "exemptions": "规则豁免",
    "id": "点位编号",
    "factor": "因子",
    "unit": "单位",
    "instrument": "仪器",
    "principle": "测量原理",
    "range": "量程",
    "no2": "二氧化氮的测量方式",
    "reference_method": "参比方法",
    "method": "方法编号",
    "emission_limit": "排放限值",
    "pairs": "数据对",
    "tests": "试验",
    "reported": "报告中的结果",
    "from": "开始时间",
    "to": "结束时间",
    "at": "时间",
    "reference": "参比（实验室）值",
    "measured": "仪器测定值",
    "parallels": "平行样",
    "substitute": "以标准溶液代替",
    "excluded": "剔除理由",
    "test": "试验项目",
    "before": "校准前测试值",
    "after_last": "上次校准后测试值",
    "gas": "标准气体浓度",
    "readings": "读数",
    "repeats": "重复测定",
    "transport": "传输时间",
    "rise": "上升时间",
    "minutes": "分钟数",
    "percent": "百分数",
    "sets": "测定组",
    "reference_area": "参比断面面积",
    "area": "测定断面面积",
    "reference_velocity": "参比断面流速",
    "velocity": "测定断面流速",
    "standard": "标准值",
    "value": "数值",
    "oxygen": "含氧量",
    "oxygen_reference": "基准含氧量",
    "moisture": "含湿量",
    "pressure": "烟气绝对压力",
    "temperature": "烟气温度",
    "rule": "规则编号",
    "point": "点位编号",
    "reason": "理由",
    "mean_difference": "数据对差的平均值",
    "standard_deviation": "标准偏差",
    "confidence_coefficient": "置信系数",
    "absolute_error": "绝对误差",
    "relative_error": "相对误差",
    "relative_accuracy": "相对准确度",
    "reference_mean": "参比方法平均值",
    "measured_mean": "仪器平均值",
    "pairs_within": "在限值内的对数",
}


def place(pointer: str) -> str:
    """`/points/0/factors/1/pairs/2/reference` → 第 1 个点位第 2 个因子第 3 对数据“参比（实验室）值”."""
    steps = [step.replace("~1", "/").replace("~0", "~") for step in pointer.split("/")[1:]]
    words = []
    for at, step in enumerate(steps):
        follows = steps[at + 1] if at + 1 < len(steps) else ""
        if step in COUNTED and _is_index(follows):
            words.append(COUNTED[step].format(int(follows) + 1))
        elif not _is_index(step):
            words.append(f"“{NAMED.get(step, step[:NAME_MAX])}”")
    return "".join(words) or "本报告"


def _is_index(step: str) -> bool:
    return step.isascii() and step.isdigit()


def step_to(name: object) -> str:
    """One step of a JSON pointer (RFC 6901)."""
    return "/" + str(name).replace("~", "~0").replace("/", "~1")
