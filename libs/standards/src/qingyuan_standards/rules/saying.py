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
    why = "（数据对数不够）" if few else "" if known else "（缺少选择规则所需的量程、排放限值或测量原理）"
    reserve = "，距限值不足一个显示单位" if near else ""
    verified = "" if result == "pass" else UNVERIFIED.get(rule.confidence, "")
    clause = f"{rule.standard} {rule.clause}".rstrip()
    return f"{QUANTITIES[rule.quantity].title}{value}，{bound}，{SAYS[result]}{why}{reserve}（{clause}，规则 {rule.id}）。{verified}"


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
