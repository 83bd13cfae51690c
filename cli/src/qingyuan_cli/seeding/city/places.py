"""The city's register: enterprises, each with two outlets, a point at each and five instruments, on file since a day."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Final
from uuid import NAMESPACE_OID, UUID, uuid5

from qingyuan_events import Fact, encode, registry
from qingyuan_events.parts import Location

from qingyuan_cli.seeding import town
from qingyuan_cli.seeding.city.loading import Story

SINCE: Final = date(2020, 1, 1)
RECORDED: Final = datetime(2020, 1, 1, tzinfo=UTC)
DISTRICTS: Final = (
    "310101", "310104", "310105", "310106", "310107", "310109", "310110", "310112",
    "310113", "310114", "310115", "310116", "310117", "310118", "310120", "310151",
)  # fmt: skip
MEDIA: Final = (("wastewater", "DW001", "污水总排口"), ("flue_gas", "DA001", "1 号锅炉废气排口"))
FACTORS: Final = {"wastewater": ("w01018", "w21003"), "flue_gas": ("a21026", "a21002", "a34013")}


def named(what: str) -> UUID:
    return uuid5(NAMESPACE_OID, f"qingyuan city {what}")


@dataclass(frozen=True, slots=True)
class Place:
    """One monitoring point and whose it is."""

    number: int
    medium: str
    enterprise: UUID
    district: str

    @property
    def point(self) -> UUID:
        return named(f"point {self.number}")

    @property
    def outlet(self) -> UUID:
        return named(f"outlet {self.number}")


def places(enterprises: int) -> Iterator[Place]:
    for one in range(enterprises):
        for number, (medium, _, _) in enumerate(MEDIA):
            yield Place(2 * one + number, medium, named(f"enterprise {one}"), DISTRICTS[one % len(DISTRICTS)])


def register(enterprises: int) -> Iterator[Story]:
    """Every stream of the register, parents first."""
    for number in range(enterprises):
        yield _enterprise(number)
    for place in places(enterprises):
        yield from _outlet(place)


def _enterprise(number: int) -> Story:
    key, district = named(f"enterprise {number}"), DISTRICTS[number % len(DISTRICTS)]
    uscc = town.uscc(district, f"MA{number:07d}")
    fact = registry.EnterpriseRegistered(
        enterprise_id=key,
        particulars=registry.EnterpriseParticulars(
            name=f"上海申浦第{number + 1}实业有限公司", uscc=uscc, district=district,
            address=f"上海市申浦路 {number + 1} 号", industry="C2614 有机化学原料制造", permit_number=f"{uscc}001P",
        ),
        valid_from=SINCE,
    )  # fmt: skip
    return _story(f"enterprise-{key}", fact, None)


def _outlet(place: Place) -> Iterator[Story]:
    _, code, name = MEDIA[place.number % 2]
    location = Location(
        longitude=f"{121.1 + place.number % 400 * 0.002:.6f}",
        latitude=f"{30.9 + place.number // 400 * 0.02:.6f}",
        datum="WGS-84",
    )
    medium: registry.Medium = "wastewater" if place.medium == "wastewater" else "flue_gas"
    outlet = registry.OutletParticulars(code=code, name=name, medium=medium, location=location)
    own = {"outlet_id": place.outlet, "enterprise_id": place.enterprise, "valid_from": SINCE}
    yield _story(
        f"outlet-{place.outlet}",
        registry.OutletAdded(particulars=outlet, **own),
        f"enterprise-{place.enterprise}",
    )
    point = registry.PointParticulars(
        code=code,
        name=name.replace("排口", "测点"),
        medium=medium,
        factors=FACTORS[medium],
        location=location,
    )
    added = registry.MonitoringPointAdded(point_id=place.point, particulars=point, **own)
    yield _story(f"monitoring_point-{place.point}", added, f"outlet-{place.outlet}")
    yield from _instruments(place, code, name)


def _instruments(place: Place, code: str, name: str) -> Iterator[Story]:
    make = town.wastewater_analyser if place.medium == "wastewater" else town.flue_gas_analyser
    kind = registry.WastewaterAnalyser if place.medium == "wastewater" else registry.FlueGasAnalyser
    for factor in FACTORS[place.medium]:
        key = named(f"instrument {place.number} {factor}")
        particulars = kind.model_validate(
            make(factor, {"name": name, "code": code}, f"SN{place.number}{factor}")
        )
        fact = registry.InstrumentRegistered(
            instrument_id=key, point_id=place.point, enterprise_id=place.enterprise, particulars=particulars, valid_from=SINCE
        )  # fmt: skip
        yield _story(f"instrument-{key}", fact, f"monitoring_point-{place.point}")


def _story(stream: str, fact: Fact, parent: str | None) -> Story:
    return Story(stream, ((fact.type, encode(fact).decode(), RECORDED),), parent)
