"""What happened in the demo town in the weeks before a day. Pure: the same day gives the same town."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from random import Random
from typing import Final, Literal

from qingyuan_standards.days import at_local

WEEKS: Final = 8
MEDIUM_OF: Final = {"DW001": "wastewater", "DW002": "wastewater", "DA001": "flue_gas"}
WORK: Final = {
    "wastewater": (
        ("patrol", "FREQ=WEEKLY", 7),
        ("standard_check", "FREQ=WEEKLY", 7),
        ("comparison", "FREQ=MONTHLY", 30),
    ),
    "flue_gas": (("patrol", "FREQ=WEEKLY", 7), ("calibration", "FREQ=WEEKLY", 7)),
}
"""What the plans of both media demand: content, rule and the most days between two."""

Ending = Literal[
    "signed", "signed_late", "answered", "settled", "escalated", "lapsed", "aborted", "obstructed"
]
WITHOUT_WORK: Final = ("aborted", "obstructed")
"""Endings of a visit that the enterprise is not asked to confirm."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Agreement:
    """A contract of the town. `enterprise` is the key of one of `town.ENTERPRISES`; the people are names of accounts."""

    enterprise: str
    number: str
    manager: str
    technician: str
    signer: str


AGREEMENTS: Final = (
    Agreement(enterprise="1", number="LC-{year}-018", manager="demo-operator", technician="demo-technician", signer="demo-enterprise"),
    Agreement(enterprise="2", number="LC-{year}-021", manager="demo-operator", technician="demo-technician-2", signer="demo-enterprise-2"),
    Agreement(enterprise="3", number="BJ-{year}-007", manager="demo-operator-2", technician="demo-operator-2", signer="demo-enterprise-3"),
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class PlannedVisit:
    """`began` and `ended` by the technician's phone. `is_late`: the server got everything on the next morning only."""

    agreement: Agreement
    outlet: str
    week: int
    began: datetime
    ended: datetime
    contents: tuple[str, ...]
    ending: Ending = "signed"
    is_late: bool = False
    backfilled: bool = False
    is_far: bool = False
    is_corrected: bool = False

    @property
    def name(self) -> str:
        return f"{self.agreement.enterprise} {self.outlet} {self.week}"

    @property
    def medium(self) -> str:
        return MEDIUM_OF[self.outlet]

    @property
    def replaces(self) -> str:
        """The factor whose instrument is replaced during this visit; empty where none is."""
        here = (self.agreement.enterprise, self.outlet, self.week)
        return next((r.factor for r in REPLACEMENTS if (r.enterprise, r.outlet, r.week) == here), "")


@dataclass(frozen=True, slots=True, kw_only=True)
class Replacement:
    """An instrument that was replaced during the visit of this week."""

    enterprise: str
    outlet: str
    week: int
    factor: str
    reason: str


REPLACEMENTS: Final = (
    Replacement(enterprise="1", outlet="DW001", week=3, factor="w01018", reason="消解单元老化，整机更换"),
    Replacement(enterprise="3", outlet="DA001", week=5, factor="a21002", reason="光源衰减，整机更换"),
)
LAPSED: Final = (2, "1", "DW002")
"""Week, enterprise and outlet of the visit of a technician whose certificate had ended on the day before."""

NEXT_MORNING: Final = time(8, 40)
MISSED: Final = {(1, "1", "DW002"), (5, "1", "DW001"), (7, "3", "DA001")}
"""Week, enterprise and outlet of the visits that nobody made."""

COURSES: Final[Mapping[tuple[int, str, str], Mapping[str, object]]] = {
    (2, "1", "DW001"): {"backfilled": True, "is_late": True},
    (6, "3", "DW001"): {"backfilled": True, "is_late": True},
    (4, "3", "DW002"): {"is_late": True},
    (3, "2", "DW002"): {"ending": "obstructed"},
    (5, "3", "DW001"): {"ending": "aborted"},
    (4, "2", "DW001"): {"ending": "answered"},
    (1, "3", "DW001"): {"ending": "settled"},
    (5, "2", "DW002"): {"ending": "escalated"},
    (6, "1", "DW002"): {"ending": "lapsed"},
    (6, "3", "DW002"): {"ending": "signed_late"},
    (7, "2", "DW002"): {"is_far": True},
    (2, "3", "DA001"): {"is_far": True},
    (5, "1", "DA001"): {"is_far": True},
    (6, "2", "DW001"): {"is_corrected": True},
}
"""The visits that took another course than most: done on the day, received at once, signed on the day."""


def first_day(today: date) -> date:
    """The Monday on which the history begins."""
    return today - timedelta(days=today.weekday(), weeks=WEEKS)


def contract_day(today: date) -> date:
    """When the contracts were submitted."""
    return first_day(today) - timedelta(days=10)


def visits(today: date) -> tuple[PlannedVisit, ...]:
    """All visits that began before `today`, in the order of their beginning.

    This week's visits to the first enterprise are left to the seed of the present day.
    """
    planned = (_visit(today, *key) for key in _keys() if key not in MISSED)
    return tuple(sorted((v for v in planned if _is_past(v, today)), key=lambda v: v.began))


def _keys() -> Iterator[tuple[int, str, str]]:
    for week in range(WEEKS + 1):
        for agreement in AGREEMENTS:
            if week < WEEKS or agreement.enterprise != "1":
                yield from ((week, agreement.enterprise, outlet) for outlet in MEDIUM_OF)


def _is_past(visit: PlannedVisit, today: date) -> bool:
    return visit.ended < at_local(today, time())


def _visit(today: date, week: int, enterprise: str, outlet: str) -> PlannedVisit:
    began = _began(today, week, enterprise, outlet)
    minutes = 50 + Random(f"{week} {enterprise} {outlet}").randrange(45)  # noqa: S311 - invented data, the same each time
    agreement = next(agreement for agreement in AGREEMENTS if agreement.enterprise == enterprise)
    visit = PlannedVisit(
        agreement=agreement,
        outlet=outlet,
        week=week,
        began=began,
        ended=began + timedelta(minutes=minutes),
        contents=_contents(week, enterprise, outlet),
    )
    return replace(visit, **COURSES.get((week, enterprise, outlet), {}))  # type: ignore[arg-type]


def day_of(today: date, week: int, enterprise: str, outlet: str) -> date:
    """Each outlet has its day of the week, and no technician is at two enterprises on one day."""
    weekday = list(MEDIUM_OF).index(outlet) + int(enterprise) % 2
    return first_day(today) + timedelta(weeks=week, days=weekday)


def _began(today: date, week: int, enterprise: str, outlet: str) -> datetime:
    day = day_of(today, week, enterprise, outlet)
    late = Random(f"began {week} {enterprise} {outlet}").randrange(240)  # noqa: S311 - invented data, the same each time
    return at_local(day, time(9)) + timedelta(minutes=late)


def _contents(week: int, enterprise: str, outlet: str) -> tuple[str, ...]:
    weekly = [content for content, rule, _ in WORK[MEDIUM_OF[outlet]] if rule == "FREQ=WEEKLY"]
    monthly = {1: "comparison", 2: "consumables", 3: "reference_materials"}.get(week % 4)
    if monthly and (MEDIUM_OF[outlet] == "wastewater" or monthly != "comparison"):
        weekly.append(monthly)
    replaced = {(r.week, r.enterprise, r.outlet) for r in REPLACEMENTS}
    return (*weekly, "repair") if (week, enterprise, outlet) in replaced else tuple(weekly)


def handed_over_on(today: date) -> date:
    """When the second operator took over the instruments of its enterprise."""
    return contract_day(today)


def replaced_on(replacement: Replacement, today: date) -> datetime:
    """When the visit of the replacement began."""
    return _began(today, replacement.week, replacement.enterprise, replacement.outlet)
