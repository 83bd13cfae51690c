"""Facts of the registry for the tests of this service: two enterprises, one with an outlet, a point and instruments."""

from datetime import UTC, date, datetime, timedelta
from uuid import UUID, uuid4

from qingyuan_events import Actor, Fact, Meta, Recorded
from qingyuan_events.registry import (
    EnterpriseParticulars,
    EnterpriseRegistered,
    InstrumentCorrected,
    InstrumentOperatorChanged,
    InstrumentRegistered,
    InstrumentReplaced,
    MonitoringPointAdded,
    OutletAdded,
    OutletParticulars,
    PointParticulars,
    WastewaterAnalyser,
)
from views.shared.scope import Scope

ENTERPRISE, OTHER, OUTLET, POINT, OLD, NEW = (UUID(int=n) for n in range(1, 7))
START = datetime(2026, 1, 1, 8, 0, tzinfo=UTC)
SINCE = date(2024, 3, 1)
NOW = datetime(2026, 11, 24, 4, 0, tzinfo=UTC)
ALL = Scope("all", "")
ACTOR = Actor(account=UUID(int=9), kind="enterprise", organisation=ENTERPRISE)
TRACE = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"


def enterprise(name: str, district: str) -> EnterpriseParticulars:
    return EnterpriseParticulars(
        name=name, uscc=f"U{name}", district=district, address="路 1 号", industry="化工", permit_number="无"
    )


analyser = WastewaterAnalyser(
    factor="w01018", model="CODmax", brand="源测", method="重铬酸钾法", construction="built",
    om_operator="甲公司", om_operator_previous="无", serial_number="=1+1",
    permit_point_name="无", permit_point_code="无", integrator="集成", installer="安装",
)  # fmt: skip
IDS = {"instrument_id": OLD, "point_id": POINT, "enterprise_id": ENTERPRISE}


class SampleFacts:
    """Recorded facts, a day apart except where a time is given."""

    def __init__(self) -> None:
        self.recorded: list[Recorded[Fact]] = []
        self._versions: dict[str, int] = {}
        self._at = START

    def add(self, stream: str, fact: Fact, at: datetime | None = None) -> None:
        self._versions[stream] = self._versions.get(stream, 0) + 1
        self._at = at or self._at + timedelta(days=1)
        meta = Meta(actor=ACTOR, command_id=uuid4(), correlation=uuid4(), traceparent=TRACE)
        self.recorded.append(
            Recorded(
                stream=stream, version=self._versions[stream], recorded_at=self._at, meta=meta, fact=fact
            )
        )


def registry_facts() -> SampleFacts:
    sample = SampleFacts()
    for key, name, district in ((ENTERPRISE, "清泉化工", "310118"), (OTHER, "申宝热电", "310113")):
        sample.add(
            f"enterprise-{key}",
            EnterpriseRegistered(enterprise_id=key, particulars=enterprise(name, district), valid_from=SINCE),
        )
    outlet = OutletParticulars(code="DW001", name="总排口", medium="wastewater")
    point = PointParticulars(code="DW001", name="总测点", medium="wastewater", factors=("w01018",))
    sample.add(
        f"outlet-{OUTLET}",
        OutletAdded(outlet_id=OUTLET, enterprise_id=ENTERPRISE, particulars=outlet, valid_from=SINCE),
    )
    sample.add(
        f"monitoring_point-{POINT}",
        MonitoringPointAdded(
            point_id=POINT, outlet_id=OUTLET, enterprise_id=ENTERPRISE, particulars=point, valid_from=SINCE
        ),
    )
    sample.add(f"instrument-{OLD}", InstrumentRegistered(**IDS, particulars=analyser, valid_from=SINCE))
    sample.add(
        f"instrument-{OLD}",
        InstrumentOperatorChanged(
            **IDS, om_operator="乙公司", om_operator_previous="甲公司", valid_from=date(2025, 1, 1)
        ),
    )
    corrected = analyser.model_copy(
        update={"om_operator": "乙公司", "om_operator_previous": "甲公司", "brand": "改正"}
    )
    sample.add(
        f"instrument-{OLD}",
        InstrumentCorrected(**IDS, particulars=corrected, valid_from=SINCE, reason="录错"),
        datetime(2026, 6, 1, tzinfo=UTC),
    )
    newer = analyser.model_copy(update={"model": "CODmax 2"})
    sample.add(
        f"instrument-{NEW}",
        InstrumentRegistered(
            **IDS | {"instrument_id": NEW}, particulars=newer, valid_from=date(2026, 7, 1), replaces=OLD
        ),
    )
    sample.add(
        f"instrument-{OLD}",
        InstrumentReplaced(**IDS, replaced_by=NEW, valid_to=date(2026, 7, 1), reason="故障"),
    )
    return sample
