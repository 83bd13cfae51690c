"""What the demo operators file: their basics, people, devices, vehicles and spare parts. The papers are invented and say so."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from qingyuan_cli.seeding import town
from qingyuan_cli.seeding.client import Json
from qingyuan_cli.seeding.history import pictures
from qingyuan_cli.seeding.history.pictures import Drawing
from qingyuan_cli.seeding.identities import id_of

ENDS_SOON: Final = timedelta(days=24)
"""From the day of the seed to the last day of one certificate."""
CALIBRATED_FOR: Final = timedelta(days=45)
"""From the day of the seed to the last day of another device's calibration."""
HAS_ENDED: Final = timedelta(days=12)
"""From the last day of one calibration to the day of the seed."""
YEAR: Final = timedelta(days=365)
CERTIFIED_FOR: Final = 3 * YEAR
ISSUERS: Final = {"competence_certificate": "中国环境保护产业协会", "calibration": "上海市计量测试技术研究院"}
CODES: Final = {
    "greentest": town.uscc("310118", "MA1K3G4T5"),
    "blueclean": town.uscc("310113", "MA1K4B6C7"),
}
PEOPLE: Final = {
    "greentest": ({"name": "赵绿测"}, {"name": "钱绿测", "phone": "021-5555 0404"}),
    "blueclean": ({"name": "孙蓝净"}, {"name": "周蓝净", "phone": "021-5555 0505"}),
}
"""The legal representative and the contact."""
ANALYSER: Final = "SN-GT-001"
"""The serial number of the filed analyser that the plans of the history name."""
PROMOTED: Final = "工程师"
"""The title that a technician has got since the filing."""


@dataclass(frozen=True, slots=True)
class Scanned:
    """A paper, and the scan that is uploaded for it."""

    paper: Json
    scan: Drawing


@dataclass(frozen=True, slots=True)
class Entry:
    """A person, device, vehicle or spare part. `name`: of a person only."""

    key: str
    particulars: Json
    papers: tuple[Scanned, ...] = ()
    name: str | None = None

    def body(self, stored: Mapping[str, Json], today: date) -> Json:
        """As a command has it. `stored`: what was uploaded, by the names of the files."""
        papers = [each.paper | {"scan": stored[each.scan.name]} for each in self.papers]
        return {
            "particulars": self.particulars | {"papers": papers},
            "name": self.name,
            "changed_on": today.isoformat(),
        }


def basics(operator: str) -> Json:
    return {
        "name": town.OPERATOR_NAMES[operator],
        "uscc": CODES[operator],
        "registered_in": "310000",
        "registered_capital": "500",
        "address": "上海市青浦区清源路 1 号" if operator == "greentest" else "上海市宝山区蕰川路 20 号",
        "scope": ["wastewater", "flue_gas"],
        "projects": 3 if operator == "greentest" else 1,
        "project_amount": "88.5",
        "staff": 12,
    }


def basics_body(operator: str, stored: Mapping[str, Json], today: date) -> Json:
    """As a command has it. `stored`: as in `Entry.body`."""
    legal_representative, contact = PEOPLE[operator]
    scans = {field: stored[drawing.name] for field, drawing in basics_scans(operator).items()}
    return {
        "basics": basics(operator) | scans,
        "legal_representative": legal_representative,
        "contact": contact,
        "changed_on": today.isoformat(),
    }


def basics_scans(operator: str) -> dict[str, Drawing]:
    name = town.OPERATOR_NAMES[operator]
    return {
        "business_licence": pictures.scan("营业执照", (name, CODES[operator]), "营业执照.pdf"),
        "workplace_proof": pictures.scan(
            "房屋租赁合同", (name, f"FW-{CODES[operator][-6:]}"), "工作场所证明.pdf"
        ),
    }


def entries_of_the_first(accounts: Mapping[str, str], today: date) -> list[Entry]:
    """`accounts`: ids by names. All who stand in its plans; one certificate and one calibration end soon, another has ended."""
    first, second, manager = ("demo-technician", "demo-technician-2", "demo-operator")
    return [
        _person("李运维", first, accounts.get(first), today + 2 * YEAR),
        _person("王巡检", second, accounts.get(second), today + ENDS_SOON),
        _person("钱绿测", manager, accounts.get(manager), today + 2 * YEAR),
        _device("GT-001", "便携式多参数水质分析仪", "DX-2201", today + CALIBRATED_FOR),
        _device("GT-002", "便携式烟气分析仪", "GA-21", today - HAS_ENDED),
        _vehicle("沪A58D21", "owned", today),
        _vehicle("沪AD90135", "leased", today),
        _part("泵管", "PT-16", "40", "1200"),
        _part("紫外灯", "UV-3", "6", "5400"),
        _part("CODcr 试剂包", None, "30", "3600"),
    ]


def entries_of_the_second(accounts: Mapping[str, str], today: date) -> list[Entry]:
    return [_person("陈净", "blueclean-1", accounts.get("demo-operator-2"), today + YEAR)]


def promoted(entry: Entry, stored: Mapping[str, Json], today: date) -> Json:
    """The change after the filing, as a command has it."""
    body = entry.body(stored, today)
    changed = body["particulars"] | {"title": PROMOTED}
    return body | {"particulars": changed, "name": None, "reason": "职称晋升"}


def _person(name: str, key: str, account: str | None, last_day: date) -> Entry:
    particulars = {
        "kind": "person",
        "education": "bachelor",
        "post": "现场运维",
        "title": "助理工程师",
        "technical_posts": ["maintenance"],
        "joined_on": "2022-03-01",
        "account_id": account,
    }
    return Entry(key, particulars, (certificate(key, last_day),), name)


def certificate(key: str, last_day: date) -> Scanned:
    """Valid for `CERTIFIED_FOR`."""
    also = {"grade": "自动监控（水、气）运维"}
    return _paper("competence_certificate", key, "运维能力评定证书", last_day, CERTIFIED_FOR, also)


def _device(key: str, name: str, model: str, last_day: date) -> Entry:
    particulars = {
        "kind": "device",
        "asset_number": key,
        "serial_number": f"SN-{key}",
        "name": name,
        "model": model,
    }
    return Entry(key, particulars, (_paper("calibration", key, "校准证书", last_day, YEAR, {}),))


def _vehicle(plate: str, ownership: str, today: date) -> Entry:
    papers = [_licence(plate, today + YEAR)]
    if ownership == "leased":
        parties = {"issuer": "上海申途汽车租赁有限公司", "holder": town.OM_OPERATOR}
        papers.append(_paper("lease", plate, "车辆租赁合同", today + 3 * YEAR, 4 * YEAR, parties))
    return Entry(_ascii(plate), {"kind": "vehicle", "plate": plate, "ownership": ownership}, tuple(papers))


def _licence(plate: str, last_day: date) -> Scanned:
    paper = {
        "paper_id": str(id_of(f"paper licence {plate}")),
        "kind": "vehicle_licence",
        "valid_to": last_day.isoformat(),
    }
    return Scanned(paper, pictures.scan("行驶证", (plate,), f"行驶证 {plate}.jpg"))


def _part(name: str, model: str | None, quantity: str, value: str) -> Entry:
    particulars = {
        "kind": "spare_part",
        "category": "spare_part",
        "name": name,
        "model": model,
        "quantity": quantity,
        "value": value,
        "place": "青浦仓库",
    }
    return Entry(f"part {model or 'reagent'}", particulars)


def _paper(kind: str, key: str, title: str, last_day: date, period: timedelta, also: Json) -> Scanned:
    first_day = last_day - period + timedelta(days=1)
    number = f"DEMO-{_ascii(key)}"
    paper = {
        "paper_id": str(id_of(f"paper {kind} {key}")),
        "kind": kind,
        "number": number,
        "issuer": ISSUERS.get(kind),
        "valid_from": first_day.isoformat(),
        "valid_to": last_day.isoformat(),
    }
    lines = (number, f"有效期：{first_day} 至 {last_day}")
    return Scanned(paper | also, pictures.scan(title, lines, f"{title} {key}.pdf"))


def _ascii(text: str) -> str:
    return "".join(sign for sign in text if sign.isascii())
