"""The sentences of a verdict."""

from qingyuan_standards.factors import FACTORS
from qingyuan_standards.rules.document import Factor
from qingyuan_standards.rules.quantities import QUANTITIES
from qingyuan_standards.rules.records import Rule
from qingyuan_standards.rules.verdict import Result

UNVERIFIED = {
    "RECALL": "该要求尚未与标准原文核对，只提示，不阻断。",
    "SEEN": "该要求来自第三方资料，尚未与标准原文核对，只提示，不阻断。",
    "2SRC": "该要求由两处第三方资料印证，尚未与标准原文核对。",
}
WHY_NOT = {
    "relative_accuracy": "t 值表没有这么多数据对的自由度，或参比平均值不大于 0",
    "relative_error": "参比值或标准值不大于 0",
    "drift": "缺少量程，或量程不大于 0",
    "indication_of_gas": "标准气体浓度不大于 0",
    "indication_of_range": "缺少量程，或量程不大于 0",
    "pairs_within": "有数据对或全组平均值没有适用的限值",
    "parallels": "没有用实际水样的数据对",
    "no2_measured": "没有填写二氧化氮的测量方式",
    "tested_before": "缺少示值误差或响应时间试验，或缺少时间",
    "field_precision": "至少要有两组，且断面面积和流速大于 0",
    "correlation": "数据都相同，没有相关系数",
}
"""Why a quantity has no value."""
SAYS = {
    "pass": "符合",
    "fail": "不符合",
    "review": "按每对取限值与按组平均取限值，结论不同，需复核",
    "missing_data": "数据不足，不能判定",
    "not_judged": "不予判定",
}
RESULTS = {
    "pass": "符合",
    "fail": "不符合",
    "review": "需复核",
    "missing_data": "数据不足",
    "not_judged": "不予判定",
}
LIMITS = {"absolute_at_most": "限值 ±{}", "at_most": "不超过 {}", "at_least": "不少于 {}", "is": "要求为是"}


def sentence(
    rule: Rule,
    shown: str | None,
    unit: str,
    limit: str,
    result: Result,
    *,
    near: bool,
    few: bool,
    known: bool,
) -> str:
    """Names the quantity, the limit, the rule and, where it is not passed, how far the rule is verified."""
    value = _value(rule, shown, unit)
    bound = LIMITS[rule.comparison].format(f"{limit} {unit}".rstrip())
    why = _why(rule, shown, few=few, known=known)
    reserve = "，距限值不足一个显示单位" if near else ""
    verified = "" if result == "pass" else UNVERIFIED.get(rule.confidence, "")
    unsure = "，条款号未核对" if rule.clause and rule.clause_confidence == "RECALL" else ""
    clause = f"{rule.standard} {rule.clause}".rstrip() + unsure
    return f"{QUANTITIES[rule.quantity].title}{value}，{bound}，{SAYS[result]}{why}{reserve}（{clause}，规则 {rule.id}）。{verified}"


def _why(rule: Rule, shown: str | None, *, few: bool, known: bool) -> str:
    if few:
        return "（数据对数不够）"
    if not known:
        return "（缺少选择规则所需的量程、排放限值或测量原理）"
    return f"（{WHY_NOT[rule.quantity]}）" if shown is None and rule.quantity in WHY_NOT else ""


def _value(rule: Rule, shown: str | None, unit: str) -> str:
    if shown is None:
        return "无法计算"
    if rule.comparison == "is":
        return "：是" if shown == "1" else "：否"
    return f" {shown} {unit}".rstrip()


def lacking_of_pairs(factor: Factor, doc_type: str) -> str:
    return f"规则目录中没有适用于{FACTORS[factor.code][0]}（{factor.basis}，{doc_type}，{factor.unit.name}）这些数据对的限值，只作计算，不予判定。"


def lacking_of_test(where: str, factor: Factor) -> str:
    return f"规则目录中没有适用于{where}（{FACTORS[factor.code][0]}，{factor.basis}）的规则，只作计算，不予判定。"
