"""Computes the windows of a drafted plan, every problem with it, and notes for its author.

The preview and the publication both use it, so they agree.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from typing import Final

from qingyuan_events.tasks import PlanItem, Window
from qingyuan_runtime.domain.decider import Problem
from qingyuan_standards.calendar import CALENDAR
from qingyuan_standards.contents import CONTENTS
from qingyuan_standards.cycles import MAX_GAP, BadRule, expand

from tasks.domain import checks
from tasks.domain.contracts.state import Agreement
from tasks.domain.filed import FilingCopy
from tasks.domain.plans import crew, frequency, staffing
from tasks.domain.plans.draft import ItemDraft, PlanDraft
from tasks.domain.plans.gaps import FoundGap, deadlines, gaps_of
from tasks.domain.plans.staffing import Crew, staffed
from tasks.domain.register import MonitoringPointCopy

MAX_ITEMS: Final = 40
MAX_WINDOWS_OF_ITEM: Final = 400
MAX_WINDOWS: Final = 4000
MAX_DAYS: Final = 1096
MAX_YEARS: Final = 4
GAP_FACTOR: Final = 2
"""More windows than so many times the frequency are hardly meant: weekly work with at most one day between."""
UNBOUNDED: Final = {("last_day", "not-before-start"), ("last_day", "too-long"), ("items", "too-many")}


@dataclass(frozen=True, slots=True, kw_only=True)
class PlannedWindows:
    """An item whose windows cannot be computed has none, and a problem says why. `notes` never prevent publication."""

    items: tuple[PlanItem, ...]
    crew: Crew
    gaps: tuple[FoundGap, ...]
    problems: tuple[Problem, ...]
    notes: tuple[Problem, ...]


def plan_windows(
    draft: PlanDraft,
    contract: Agreement,
    points: tuple[MonitoringPointCopy, ...],
    filing: FilingCopy,
    today: date,
) -> PlannedWindows:
    """`points`: the registered points of the contract's enterprise; `filing`: the operator's."""
    problems = [*_period_and_items(draft, contract, today), *_points(draft, contract, points)]
    items, wrong = _items(draft) if _is_bounded(problems) else ((), ())
    longest = {number: _longest_gap(item, draft) for number, item in enumerate(items) if item.windows}
    media = {point.medium for point in points if point.point_id in draft.points}
    problems += wrong
    problems += _contents(draft, points)
    staff = staffed(draft.assignees, draft.devices, filing)
    problems += crew.problems(staff, last_deadline(items))
    problems += frequency.problems(items, longest, media, draft.first_day)
    notes = [
        *_notes_on_dates(draft, today),
        *_notes_on_gaps(items, draft),
        *staffing.notes(staff, filing),
        *frequency.notes(items, longest, media, draft.first_day),
    ]
    gaps = gaps_of(staff, filing, deadlines(items))
    return PlannedWindows(
        items=items, crew=staff, gaps=tuple(gaps), problems=tuple(problems), notes=tuple(notes)
    )


def last_deadline(items: Iterable[PlanItem]) -> date | None:
    return max((window.closes for item in items for window in item.windows), default=None)


def _is_bounded(problems: Iterable[Problem]) -> bool:
    """Whether period and items are bounded. Computing windows over an unbounded period could take for ever."""
    return not UNBOUNDED & {(problem.field, problem.rule) for problem in problems}


def _period_and_items(draft: PlanDraft, contract: Agreement, today: date) -> Iterator[Problem]:
    yield from checks.line("name", draft.name)
    yield from checks.period(draft.first_day, draft.last_day, MAX_DAYS)
    if draft.last_day < today:
        yield Problem("last_day", "not-past", "计划的结束日期不能早于今天。")
    yield from checks.listed(
        "items", [(item.content, item.rule) for item in draft.items], MAX_ITEMS, "运维内容"
    )
    if draft.first_day < contract.first_day:
        sentence = f"计划的开始日期不能早于合同的开始日期 {contract.first_day}。"
        yield Problem("first_day", "within-contract", sentence)
    if draft.last_day > contract.last_day:
        sentence = f"计划的结束日期不能晚于合同的结束日期 {contract.last_day}。"
        yield Problem("last_day", "within-contract", sentence)


def _points(
    draft: PlanDraft, contract: Agreement, points: tuple[MonitoringPointCopy, ...]
) -> Iterator[Problem]:
    yield from checks.listed("points", draft.points, checks.MAX_POINTS, "测点")
    if len(draft.points) > checks.MAX_POINTS:
        return
    known = {point.point_id: point for point in points if point.point_id in contract.points}
    for number, point_id in enumerate(draft.points):
        point = known.get(point_id)
        if point is None:
            sentence = f"第 {number + 1} 个测点不在合同范围内。"
            yield Problem(f"points.{number}", "of-contract", sentence)
        elif not point.is_open(draft.first_day):
            yield Problem(f"points.{number}", "open", f"测点“{point.name}”在计划开始前已停用。")


def _items(draft: PlanDraft) -> tuple[tuple[PlanItem, ...], tuple[Problem, ...]]:
    items: list[PlanItem] = []
    problems: list[Problem] = []
    for number, item in enumerate(draft.items):
        windows, wrong = _windows(item, draft)
        problems += [Problem(f"items.{number}.{field}", rule, sentence) for field, rule, sentence in wrong]
        items.append(
            PlanItem(
                content=item.content,
                rule=item.rule,
                gap_days_max=item.gap_days_max,
                basis=item.basis,
                windows=windows,
            )
        )
    if sum(len(item.windows) for item in items) > MAX_WINDOWS:
        sentence = f"全部内容合计最多 {MAX_WINDOWS} 个周期，请缩短计划期或分成几份计划。"
        problems.append(Problem("items", "too-many-windows", sentence))
    return tuple(items), tuple(problems)


def _windows(
    item: ItemDraft, draft: PlanDraft
) -> tuple[tuple[Window, ...], tuple[tuple[str, str, str], ...]]:
    """The windows of one item, or the problems why it has none, each as field, rule and sentence."""
    if item.gap_days_max is not None and not 1 <= item.gap_days_max <= MAX_GAP:
        return (), (("gap_days_max", "possible-range", f"最长间隔应为 1 至 {MAX_GAP} 天。"),)
    try:
        spans = expand(item.rule, item.gap_days_max, draft.first_day, draft.last_day, CALENDAR)
    except BadRule as bad:
        return (), (("rule", "RFC 5545", bad.sentence),)
    if not spans:
        return (), (("rule", "no-window", "按此频次，计划期内没有一次运维。"),)
    if len(spans) > MAX_WINDOWS_OF_ITEM:
        sentence = f"一项内容最多 {MAX_WINDOWS_OF_ITEM} 个周期，请缩短计划期或降低频次。"
        return (), (("rule", "too-many-windows", sentence),)
    return tuple(Window(number=span.number, opens=span.opens, closes=span.closes) for span in spans), ()


def _longest_gap(item: PlanItem, draft: PlanDraft) -> int:
    """The most days between two deadlines, the plan's first and last day counted as deadlines."""
    days = (draft.first_day, *(window.closes for window in item.windows), draft.last_day)
    return max((later - earlier).days for earlier, later in pairwise(days))


def _notes_on_gaps(items: Iterable[PlanItem], draft: PlanDraft) -> Iterator[Problem]:
    """Where the maximum gap, not the frequency, determines how often the work is due."""
    for number, item in enumerate(items):
        if not item.windows or item.gap_days_max is None:
            continue
        by_rule = max(1, len(expand(item.rule, None, draft.first_day, draft.last_day, CALENDAR)))
        if len(item.windows) > GAP_FACTOR * by_rule:
            sentence = (
                f"所选频次在计划期内为 {by_rule} 次，但最多间隔 {item.gap_days_max} 天，"
                f"因此共排出 {len(item.windows)} 个周期；请核对频次和最多间隔。"
            )
            yield Problem(f"items.{number}.gap_days_max", "against-frequency", sentence)


def _contents(draft: PlanDraft, points: tuple[MonitoringPointCopy, ...]) -> Iterator[Problem]:
    planned = [point for point in points if point.point_id in draft.points]
    for number, item in enumerate(draft.items[:MAX_ITEMS]):
        content = CONTENTS.get(item.content)
        if content is None:
            yield Problem(f"items.{number}.content", "known", "没有这种运维内容。")
            continue
        for point in planned:
            if point.medium not in content.media:
                sentence = f"“{content.name}”不适用于{frequency.MEDIA[point.medium]}测点“{point.name}”。"
                yield Problem(f"items.{number}.content", "fits-medium", sentence)


def _notes_on_dates(draft: PlanDraft, today: date) -> Iterator[Problem]:
    if draft.first_day < today:
        sentence = "计划自过去的日子开始：截止日已过的周期将显示为未完成。"
        yield Problem("first_day", "past", sentence)
    for year in range(draft.first_day.year, draft.last_day.year + 1)[:MAX_YEARS]:
        if not CALENDAR.covers(date(year, 1, 1)):
            sentence = f"{year} 年的节假日安排尚未载入，该年的截止日没有避开节假日。"
            yield Problem("last_day", "calendar", sentence)
