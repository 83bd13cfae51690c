"""Plausible values of the record sheets in the history: invented measurements, the same each time for the same visit."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random
from typing import Any, Final

from qingyuan_standards.days import SHANGHAI
from qingyuan_standards.forms import Form

from qingyuan_cli.seeding.history.registered import Instrument, fields_of, offered, row_of
from qingyuan_cli.seeding.history.sentences import ABNORMAL as FOUND
from qingyuan_cli.seeding.history.sentences import remark
from qingyuan_cli.seeding.history.wandering import error_of
from qingyuan_cli.seeding.sheets import filled
from qingyuan_cli.seeding.town import INTEGRATOR

Json = dict[str, Any]
SOLUTIONS: Final = {
    "w01018": ("COD", 200, 100),
    "w21003": ("氨氮", 20, 8),
    "w21011": ("总磷", 2, 1),
    "w21001": ("总氮", 50, 20),
}
"""Factor → its name on the forms, the analyser's range, and the concentration of the standard solution."""

GASES: Final = {
    "a21026": ("SO2", "mg/m³", 200, 160),
    "a21002": ("NOx", "mg/m³", 300, 240),
    "a19001": ("O2", "%", 25, 20),
    "a34013": ("颗粒物", "mg/m³", 50, 40),
}
"""Factor → its name on the forms, unit, the analyser's range, and the concentration of the calibration gas."""


FIRST: Final = ("w01018", "a21026")
"""The analysers whose parts, solutions and gases are replaced."""
ABNORMAL: Final = 0.12
FAILING: Final = 0.03
"""Shares of patrols that find something, and of checks whose analyser is out of its limits."""


@dataclass(frozen=True, slots=True)
class Site:
    """What a sheet says about the place: its name, who maintains it, and the instruments of that day.

    `repaired`: the factor whose instrument is repaired or replaced, where one is.
    """

    place: str
    maintainer: str
    instruments: Sequence[Instrument]
    repaired: str = ""

    def measuring(self, factors: Sequence[str]) -> list[Instrument]:
        return [instrument for instrument in self.instruments if instrument.factor in factors]


def values_of(form: Form, site: Site, began: datetime, ended: datetime, random: Random) -> Json:
    """The values of a sheet that was filled during the visit."""
    at = began.astimezone(SHANGHAI) + timedelta(minutes=5)
    until = ended.astimezone(SHANGHAI) - timedelta(minutes=5)
    values = (
        filled(dict(form.document), at)
        | _of_place(form, site)
        | fields_of(form, instruments_of(form, site))
        | remark(form.name, random)
    )
    match form.name:
        case "standard_check":
            return values | {"checks": _checks(form, site, until, random)}
        case "calibration":
            return values | _calibration(form, site, at, until, random)
        case "comparison":
            return values | _comparison(at, random)
        case "consumables":
            return values | {"items": [_consumable(at, random)]}
        case "reference_materials":
            return values | {"items": [_reference_material(form, site, at)]}
        case "repair":
            return values | _repair(form, site, at, until)
        case "patrol_wastewater":
            return (
                values | _station(began, random) | _abnormal(form, ("reagent_level", "试剂余量足够"), random)
            )
        case "patrol_extractive":
            return values | _abnormal(form, ("filters", "过滤器清洁、无堵塞"), random)
        case _:
            return values


def instruments_of(form: Form, site: Site) -> Sequence[Instrument]:
    """The instruments that the sheet is about: those that measure the factors of its rows, or whose work it records."""
    match form.name:
        case "comparison":
            return site.measuring(("w01018",))
        case "consumables" | "reference_materials":
            return site.measuring(FIRST)
        case "repair":
            return site.measuring((site.repaired,) if site.repaired else FIRST)
        case "standard_check":
            return site.measuring(tuple(SOLUTIONS))
        case "calibration":
            return site.measuring(tuple(GASES))
        case _:
            return offered(form, site.instruments)


def _of_place(form: Form, site: Site) -> Json:
    known = {"place": site.place, "maintainer": site.maintainer}
    return {name: text for name, text in known.items() if name in form.document["schema"]["properties"]}


def _checks(form: Form, site: Site, finished: datetime, random: Random) -> list[Json]:
    return [_check(i, finished, random) | row_of(form, "checks", i) for i in site.measuring(tuple(SOLUTIONS))]


def _check(instrument: Instrument, finished: datetime, random: Random) -> Json:
    name, span, standard = SOLUTIONS[instrument.factor]
    passes = random.random() > FAILING
    error = 0.06 * error_of(instrument.label, finished, random) if passes else 0.13
    return {
        "factor": name,
        "finished_at": _local(finished),
        "range": str(span),
        "standard": str(standard),
        "measured": f"{standard * (1 + error):.{1 if standard > 10 else 3}f}",
        "passed": "是" if passes else "否",
        "expires": (finished.date() + timedelta(days=60)).isoformat(),
    }


def _calibration(form: Form, site: Site, at: datetime, until: datetime, random: Random) -> Json:
    readings = [_reading(i, at, random) | row_of(form, "readings", i) for i in site.measuring(tuple(GASES))]
    return {
        "system": "完全抽取法",
        "automatic": "有",
        "last_on": (at.date() - timedelta(days=7)).isoformat(),
        "started_at": _local(at),
        "ended_at": _local(until),
        "readings": readings,
    }


def _reading(instrument: Instrument, at: datetime, random: Random) -> Json:
    name, unit, span, gas = GASES[instrument.factor]
    drift = span * 0.012
    at_zero, at_span = (error_of(f"{instrument.label} {end}", at, random) for end in ("zero", "span"))
    return {
        "factor": name,
        "range": str(span),
        "unit": unit,
        "zero_value": "0",
        "zero_after_last": "0.00",
        "zero_before": f"{drift * (1 + at_zero) / 2:.2f}",
        "zero_normal": "是",
        "zero_after": "0.00",
        "span_value": str(gas),
        "span_after_last": f"{gas:.2f}",
        "span_before": f"{gas + drift * at_span:.2f}",
        "span_normal": "是",
        "span_after": f"{gas:.2f}",
        "gas_number": f"BQ-{random.randrange(1000, 9999)}",
        "gas_expires": (at.date() + timedelta(days=200)).isoformat(),
    }


def _comparison(at: datetime, random: Random) -> Json:
    return {
        "factor": "COD",
        "unit": "mg/L",
        "substitute": "否",
        "method": "HJ 828-2017 重铬酸盐法",
        "laboratory": "演示检测实验室",
        "pairs": [_pair(at + timedelta(minutes=5 * number), random) for number in range(3)],
    }


def _pair(at: datetime, random: Random) -> Json:
    laboratory = random.uniform(40, 55)
    return {
        "at": _local(at),
        "online": f"{laboratory * random.uniform(0.92, 1.08):.1f}",
        "lab_1": f"{laboratory * random.uniform(1.002, 1.02):.1f}",
        "lab_2": f"{laboratory * random.uniform(0.98, 0.998):.1f}",
    }


def _consumable(at: datetime, random: Random) -> Json:
    name, specification = random.choice(
        (("蠕动泵管", "25#"), ("采样过滤芯", "2 µm"), ("密封圈", "O 型 12 mm"))
    )
    return {
        "replaced_on": at.date().isoformat(),
        "name": name,
        "specification": specification,
        "unit": "个",
        "quantity": str(random.randrange(1, 4)),
        "reason": "到期更换",
        "next_on": (at.date() + timedelta(days=30)).isoformat(),
    }


def _reference_material(form: Form, site: Site, at: datetime) -> Json:
    has_gas = bool(site.measuring(tuple(GASES)))
    return {
        "replaced_on": at.date().isoformat(),
        "name": "二氧化硫标准气体" if has_gas else "COD 标准溶液",
        "concentration": "160 mg/m³" if has_gas else "100 mg/L",
        "unit": "瓶",
        "quantity": "1",
        "supplier": "演示标准物质中心",
        "number": f"{form.name[:2].upper()}-{at:%m%d}",
        "expires": (at.date() + timedelta(days=180)).isoformat(),
    }


def _repair(form: Form, site: Site, at: datetime, until: datetime) -> Json:
    has_gas = bool(site.measuring(tuple(GASES)))
    return {
        "system": "烟气CEMS" if has_gas else "水污染源在线监测系统",
        "noticed_at": _local(at - timedelta(hours=2)),
        "arrived_at": _local(at),
        "repaired_at": _local(until),
        "left_at": _local(until),
        "units": [_repaired(at) | row_of(form, "units", i) for i in instruments_of(form, site)],
        "house_clean": "是",
        "recalibrated": "是",
        "summary": f"更换在线分析仪一台，由{INTEGRATOR}供货，更换后校准合格。",
    }


def _abnormal(form: Form, question: tuple[str, str], random: Random) -> Json:
    """In some patrols the answer to this question is not 正常."""
    if random.random() > ABNORMAL:
        return {}
    field, item = question
    what, handled = random.choice(FOUND[form.name])
    row = {"item": item, "what": what, "handled": handled, "solved": "是"}
    return {field: "异常", "abnormal": [row]}


def _repaired(at: datetime) -> Json:
    return {
        "unit": "分析单元",
        "fault_at": _local(at - timedelta(hours=2)),
        "symptom": "示值波动大，自动核查不合格",
        "cause": "部件老化",
        "action": "整机更换，更换后校准",
        "result": "更换仪器",
    }


def _station(began: datetime, random: Random) -> Json:
    total = 180_000 + 1_150 * (began.date().toordinal() - 739_000) + random.randrange(400)
    return {
        "flow_total": str(total),
        "room_temperature": f"{random.uniform(20, 25):.1f}",
        "room_humidity": f"{random.uniform(45, 65):.0f}",
    }


def _local(moment: datetime) -> str:
    return moment.strftime("%Y-%m-%dT%H:%M")
