"""The city's register: enterprises, each with two outlets with a monitoring point each, and five instruments."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Final
from uuid import NAMESPACE_OID, UUID, uuid5

from qingyuan_events import Fact, encode, registry
from qingyuan_events.parts import Location

from qingyuan_cli.seeding import town
from qingyuan_cli.seeding.city.loading import StreamFacts

SINCE: Final = date(2020, 1, 1)
RECORDED: Final = datetime(2020, 1, 1, tzinfo=UTC)
DISTRICTS: Final = (
    "310101", "310104", "310105", "310106", "310107", "310109", "310110", "310112",
    "310113", "310114", "310115", "310116", "310117", "310118", "310120", "310151",
)  # fmt: skip
MEDIA: Final = (("wastewater", "DW001", "污水总排口"), ("flue_gas", "DA001", "1 号锅炉废气排口"))
FACTORS: Final = {"wastewater": ("w01018", "w21003"), "flue_gas": ("a21026", "a21002", "a34013")}


def id_of(what: str) -> UUID:
    return uuid5(NAMESPACE_OID, f"qingyuan city {what}")


def instrument_of(point: int, factor: str) -> UUID:
    return id_of(f"instrument {point} {factor}")


def place_of(point: int) -> tuple[str, str]:
    """Longitude and latitude."""
    return f"{121.1 + point % 400 * 0.002:.6f}", f"{30.9 + point // 400 * 0.02:.6f}"


def serial_of(point: int | str, factor: str) -> str:
    return f"SN{point}{factor}"


@dataclass(frozen=True, slots=True)
class Point:
    """One monitoring point with its enterprise."""

    number: int
    medium: str
    enterprise: UUID
    district: str

    @property
    def point(self) -> UUID:
        return id_of(f"point {self.number}")

    @property
    def outlet(self) -> UUID:
        return id_of(f"outlet {self.number}")


def points(enterprises: int) -> Iterator[Point]:
    for number in range(enterprises):
        enterprise, district = id_of(f"enterprise {number}"), DISTRICTS[number % len(DISTRICTS)]
        for outlet, (medium, _, _) in enumerate(MEDIA):
            yield Point(2 * number + outlet, medium, enterprise, district)


def register(enterprises: int) -> Iterator[StreamFacts]:
    """Every stream of the register, parents first."""
    for number in range(enterprises):
        yield _enterprise(number)
    for point in points(enterprises):
        yield from _outlet(point)


def _enterprise(number: int) -> StreamFacts:
    key, district = id_of(f"enterprise {number}"), DISTRICTS[number % len(DISTRICTS)]
    uscc = town.uscc(district, f"MA{number:07d}")
    fact = registry.EnterpriseRegistered(
        enterprise_id=key,
        particulars=registry.EnterpriseParticulars(
            name=f"上海申浦第{number + 1}实业有限公司", uscc=uscc, district=district,
            address=f"上海市申浦路 {number + 1} 号", industry="C2614 有机化学原料制造", permit_number=f"{uscc}001P",
        ),
        valid_from=SINCE,
    )  # fmt: skip
    return _stream(f"enterprise-{key}", fact, None)


def _outlet(site: Point) -> Iterator[StreamFacts]:
    _, code, name = MEDIA[site.number % 2]
    longitude, latitude = place_of(site.number)
    location = Location(longitude=longitude, latitude=latitude, datum="WGS-84")
    medium: registry.Medium = "wastewater" if site.medium == "wastewater" else "flue_gas"
    outlet = registry.OutletParticulars(code=code, name=name, medium=medium, location=location)
    own = {"outlet_id": site.outlet, "enterprise_id": site.enterprise, "valid_from": SINCE}
    yield _stream(
        f"outlet-{site.outlet}",
        registry.OutletAdded(particulars=outlet, **own),
        f"enterprise-{site.enterprise}",
    )
    point = registry.PointParticulars(
        code=code,
        name=name.replace("排口", "测点"),
        medium=medium,
        factors=FACTORS[medium],
        location=location,
    )
    added = registry.MonitoringPointAdded(point_id=site.point, particulars=point, **own)
    yield _stream(f"monitoring_point-{site.point}", added, f"outlet-{site.outlet}")
    yield from _instruments(site, code, name)


def _instruments(site: Point, code: str, name: str) -> Iterator[StreamFacts]:
    make = town.wastewater_analyser if site.medium == "wastewater" else town.flue_gas_analyser
    kind = registry.WastewaterAnalyser if site.medium == "wastewater" else registry.FlueGasAnalyser
    for factor in FACTORS[site.medium]:
        key = instrument_of(site.number, factor)
        particulars = kind.model_validate(
            make(factor, {"name": name, "code": code}, serial_of(site.number, factor))
        )
        fact = registry.InstrumentRegistered(
            instrument_id=key, point_id=site.point, enterprise_id=site.enterprise, particulars=particulars, valid_from=SINCE
        )  # fmt: skip
        yield _stream(f"instrument-{key}", fact, f"monitoring_point-{site.point}")


def _stream(stream: str, fact: Fact, parent: str | None) -> StreamFacts:
    return StreamFacts(stream, ((fact.type, encode(fact).decode(), RECORDED),), parent)
