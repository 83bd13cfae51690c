"""Compares how often a plan's work is due with the intervals that the standards require.

Only a rule that was verified in the official text of its standard refuses a plan; any other gives a note.
An item that names no rule is compared with the rule that requires the least, at each medium of the points. A rule that
an item names holds only where its medium is; at the others the item is compared as if it named none, and a note says so.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import date
from typing import Final

from qingyuan_events.registry import Medium
from qingyuan_events.tasks import PlanItem
from qingyuan_runtime.domain.decider import Problem
from qingyuan_standards.intervals import Interval, intervals

MEDIA: Final[Mapping[str, str]] = {"wastewater": "废水", "flue_gas": "废气"}


def problems(
    items: Sequence[PlanItem], longest: Mapping[int, int], media: Collection[Medium], day: date
) -> Iterator[Problem]:
    """`longest`: for each item, by its number, the most days between two of its deadlines."""
    for number, item in enumerate(items):
        if media and item.basis is not None and not _named(item, media, day):
            yield Problem(f"items.{number}.basis", "known", _why_unfit(item, media, day))
        yield from (
            _problem(number, rule)
            for rule in _violated(item, media, day, longest.get(number))
            if binding(rule)
        )


def notes(
    items: Sequence[PlanItem], longest: Mapping[int, int], media: Collection[Medium], day: date
) -> Iterator[Problem]:
    for number, item in enumerate(items):
        yield from _rule_of_some_points(number, item, media, day)
        violated = _violated(item, media, day, longest.get(number))
        yield from (_problem(number, rule) for rule in violated if not binding(rule))


def binding(rule: Interval) -> bool:
    return rule.confidence == "OFFICIAL"


def _named(item: PlanItem, media: Collection[str], day: date) -> list[Interval]:
    """The rule that the item names, at those of the media for which it is."""
    return [
        rule
        for medium in sorted(media)
        for rule in intervals(item.content, medium, day)
        if rule.rule_id == item.basis
    ]


def _why_unfit(item: PlanItem, media: Collection[Medium], day: date) -> str:
    elsewhere = _named(item, MEDIA.keys() - media, day)
    if not elsewhere:
        return "所依据的规定不是这项运维内容的间隔规定，请重新选择。"
    rule = elsewhere[0]
    return (
        f"所依据的规定“{rule.about}”（{rule.source}）只针对{MEDIA[rule.medium]}测点，"
        f"所选的都是{_media(media)}测点，请重新选择。"
    )


def _rule_of_some_points(
    number: int, item: PlanItem, media: Collection[Medium], day: date
) -> Iterator[Problem]:
    named = _named(item, media, day)
    others = set(media) - {rule.medium for rule in named}
    if named and others:
        rule = named[0]
        sentence = (
            f"所依据的规定“{rule.about}”（{rule.source}）只针对{MEDIA[rule.medium]}测点，"
            f"不是所选{_media(others)}测点的规定；两类测点的规定不同，建议分别制定计划。"
        )
        yield Problem(f"items.{number}.basis", "fits-medium", sentence)


def _media(media: Collection[str]) -> str:
    return "和".join(MEDIA[medium] for medium in sorted(media))


def _violated(
    item: PlanItem, media: Collection[Medium], day: date, longest: int | None
) -> Iterator[Interval]:
    """The rules that the item violates because its work is due too rarely; at most one of each medium."""
    for medium in sorted(media):
        rules = intervals(item.content, medium, day)
        applicable = [rule for rule in rules if rule.rule_id == item.basis] or rules
        least = max(applicable, key=lambda rule: rule.days_max, default=None)
        if longest is not None and least is not None and longest > least.days_max:
            yield least


def _problem(number: int, rule: Interval) -> Problem:
    caveat = "" if binding(rule) else "该规则未经标准原文核实，仅作提示。"
    sentence = f"两次之间最长超过 {rule.days_max} 天（{rule.rule_id}：{rule.about}，{rule.source}）。{caveat}"
    return Problem(f"items.{number}.gap_days_max", rule.rule_id, sentence)
