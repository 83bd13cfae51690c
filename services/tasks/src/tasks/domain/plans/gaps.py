"""Which windows of a plan end on a day on which a filed person or device has no valid paper. Refuses nobody: a reason is asked for."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final, Literal

from qingyuan_events.filing import PaperKind
from qingyuan_events.tasks import PaperGap, PlanItem
from qingyuan_runtime.domain.decider import Problem

from tasks.domain import checks
from tasks.domain.filed import DeviceCopy, FilingCopy, PaperCopy, PersonCopy
from tasks.domain.plans.staffing import Crew, device_papers, person_papers

REASON: Final = "gaps_reason"
SAID_MOST: Final = 5
"""A refusal says so many gaps; the preview has all."""
NAMES: Final[dict[PaperKind, str]] = {
    "competence_certificate": "运维能力证书",
    "verification": "检定证书",
    "calibration": "校准证书",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundGap:
    """A gap with the field of the draft that it is about, and a sentence; the page puts in the name of a person."""

    field: str
    gap: PaperGap
    sentence: str


@dataclass(frozen=True, slots=True, kw_only=True)
class _Cause:
    """Why a day is not covered: gaps of the same cause are counted together."""

    why: Literal["ended", "revoked", "not_begun", "left"]
    from_day: date
    kind: PaperKind | None = None
    number: str | None = None


def deadlines(items: Iterable[PlanItem], since: date = date.min) -> list[date]:
    """The last day of every window that closes on this day or later."""
    return [window.closes for item in items for window in item.windows if window.closes >= since]


def gaps_of(crew: Crew, filing: FilingCopy, days: Sequence[date]) -> Iterator[FoundGap]:
    """`days`: the last day of each window, as often as there are windows that end on it."""
    for number, assignee in enumerate(crew.assignees):
        if person := filing.person(assignee.account):
            who = f"第 {number + 1} 位人员"
            for gap in _gaps(person, person_papers(person.papers), days):
                yield FoundGap(field=f"assignees.{number}", gap=gap, sentence=_sentence(who, gap))
    for number, device in enumerate(crew.devices):
        if filed := filing.device(device.serial_number):
            who = f"设备“{device.name}”（{device.serial_number}）"
            for gap in _gaps(filed, device_papers(filed.papers), days):
                yield FoundGap(field=f"devices.{number}", gap=gap, sentence=_sentence(who, gap))


def _gaps(
    resource: PersonCopy | DeviceCopy, papers: Sequence[PaperCopy], days: Iterable[date]
) -> Iterator[PaperGap]:
    causes = Counter(cause for day in days if (cause := _cause(resource, papers, day)))
    for cause, windows in sorted(causes.items(), key=lambda counted: counted[0].from_day):
        yield PaperGap(
            resource_id=resource.resource_id,
            kind=cause.kind,
            number=cause.number,
            why=cause.why,
            from_day=cause.from_day,
            windows=windows,
        )


def _cause(resource: PersonCopy | DeviceCopy, papers: Sequence[PaperCopy], day: date) -> _Cause | None:
    """None where a paper covers the day, and where nothing is filed that could: a note says that."""
    if resource.last_day is not None and day > resource.last_day:
        return _Cause(why="left", from_day=resource.last_day + timedelta(days=1))
    if not papers or any(paper.covers(day) for paper in papers):
        return None
    over = [(paper.last_day, paper) for paper in papers if paper.last_day and paper.last_day < day]
    if over:
        last_day, paper = max(over, key=lambda ended: ended[0])
        why: Literal["ended", "revoked"] = "revoked" if paper.is_cut_short else "ended"
        return _Cause(why=why, from_day=last_day + timedelta(days=1), kind=paper.kind, number=paper.number)
    return _not_begun(papers)


def _not_begun(papers: Sequence[PaperCopy]) -> _Cause:
    begins, paper = min(
        ((paper.valid_from or date.max, paper) for paper in papers), key=lambda begun: begun[0]
    )
    return _Cause(why="not_begun", from_day=begins, kind=paper.kind, number=paper.number)


def _sentence(who: str, gap: PaperGap) -> str:
    number = f"（{gap.number}）" if gap.number else ""
    paper = f"{NAMES[gap.kind]}{number}" if gap.kind else ""
    match gap.why:
        case "ended":
            said = f"{gap.from_day} 起{who}的{paper}失效"
        case "revoked":
            said = f"{gap.from_day} 起{who}的{paper}被撤销"
        case "not_begun":
            said = f"{who}的{paper} {gap.from_day} 起才有效"
        case "left":
            said = f"{gap.from_day} 起{who}已不在备案中"
    return f"{said}，影响每个测点 {gap.windows} 个周期。"


def reason_problems(gaps: Sequence[FoundGap], reason: str) -> Iterator[Problem]:
    """With gaps a reason is required, and the problem says them; without gaps what was written as one is not kept."""
    if not gaps:
        return
    if not reason.strip():
        said = "".join(found.sentence for found in gaps[:SAID_MOST])
        more = f"此外还有 {len(gaps) - SAID_MOST} 处。" if len(gaps) > SAID_MOST else ""
        yield Problem(REASON, "required", f"证件不能覆盖全部周期，请填写仍这样安排的原因：{said}{more}")
    else:
        yield from checks.line(REASON, reason)
