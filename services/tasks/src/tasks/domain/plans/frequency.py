"""Compares how often a plan's work is due with the intervals that the standards require.

Only a rule that was verified in the official text of its standard refuses a plan; any other gives a note.
An item that names no rule is compared with the rule that requires the least.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import date

from qingyuan_events.registry import Medium
from qingyuan_events.tasks import PlanItem
from qingyuan_runtime.domain.decider import Problem
from qingyuan_standards.intervals import Interval, intervals


def problems(
    items: Sequence[PlanItem], longest: Mapping[int, int], media: Collection[Medium], day: date
) -> Iterator[Problem]:
    """`longest`: for each item, by its number, the most days between two of its deadlines."""
    for number, item in enumerate(items):
        rules = _rules(item, media, day)
        if media and item.basis is not None and item.basis not in {rule.rule_id for rule in rules}:
            sentence = "所依据的规则不适用于这种运维内容或测点类型。"
            yield Problem(f"items.{number}.basis", "known", sentence)
        yield from (
            _problem(number, rule) for rule in _violated(item, rules, longest.get(number)) if binding(rule)
        )


def notes(
    items: Sequence[PlanItem], longest: Mapping[int, int], media: Collection[Medium], day: date
) -> Iterator[Problem]:
    for number, item in enumerate(items):
        violated = _violated(item, _rules(item, media, day), longest.get(number))
        yield from (_problem(number, rule) for rule in violated if not binding(rule))


def binding(rule: Interval) -> bool:
    return rule.confidence == "OFFICIAL"


def _rules(item: PlanItem, media: Collection[Medium], day: date) -> list[Interval]:
    return [rule for medium in sorted(media) for rule in intervals(item.content, medium, day)]


def _violated(item: PlanItem, rules: Sequence[Interval], longest: int | None) -> tuple[Interval, ...]:
    """The rule that the item violates because its work is due too rarely; at most one."""
    applicable = [rule for rule in rules if item.basis in (None, rule.rule_id)]
    if not applicable or longest is None:
        return ()
    least = max(applicable, key=lambda rule: rule.days_max)
    return (least,) if longest > least.days_max else ()


def _problem(number: int, rule: Interval) -> Problem:
    caveat = "" if binding(rule) else "该规则未经标准原文核实，仅作提示。"
    sentence = f"两次之间最长超过 {rule.days_max} 天（{rule.rule_id}：{rule.about}，{rule.source}）。{caveat}"
    return Problem(f"items.{number}.gap_days_max", rule.rule_id, sentence)
