"""How each fact of the registry changes its entry in the register. Pure."""

from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any
from uuid import UUID

from qingyuan_events import Fact, Recorded
from qingyuan_events import registry as facts
from qingyuan_events.labels import word
from qingyuan_standards.factors import searched_names

from views.register import bitemporal
from views.register.bitemporal import Belief, Particulars


@dataclass(frozen=True, slots=True)
class Entry:
    """An enterprise, outlet, monitoring point or instrument, with all its present and former beliefs."""

    id: UUID
    noun: str
    enterprise_id: UUID
    parent_id: UUID | None
    version: int = 0
    status: str = "in_use"
    replaces: UUID | None = None
    replaced_by: UUID | None = None
    latest: Particulars = field(default_factory=dict)
    beliefs: tuple[Belief, ...] = ()


@dataclass(frozen=True, slots=True)
class Line:
    """One line of an entry's history: who did it, when, and the particulars afterwards."""

    stream: str
    version: int
    entry_id: UUID
    enterprise_id: UUID
    type: str
    recorded_at: datetime
    actor: dict[str, Any]
    day: date | None
    reason: str | None
    particulars: Particulars | None
    related: UUID | None
    trace_id: str | None


Registered = (
    facts.EnterpriseRegistered | facts.OutletAdded | facts.MonitoringPointAdded | facts.InstrumentRegistered
)
Corrected = (
    facts.EnterpriseCorrected
    | facts.OutletCorrected
    | facts.MonitoringPointCorrected
    | facts.InstrumentCorrected
)
Voided = facts.OutletVoided | facts.MonitoringPointVoided | facts.InstrumentVoided
Closed = facts.EnterpriseClosed | facts.OutletClosed | facts.MonitoringPointClosed | facts.InstrumentRetired


def fold(entry: Entry | None, recorded: Recorded[Fact]) -> Entry:
    """The entry after one more fact of its stream."""
    fact = recorded.fact
    if isinstance(fact, Registered):
        return _begun(recorded, fact)
    assert entry is not None, f"{recorded.stream} begins with {fact.type}"
    entry = replace(entry, version=recorded.version)
    at = recorded.recorded_at
    match fact:
        case facts.InstrumentOperatorChanged():
            operators = {"om_operator": fact.om_operator, "om_operator_previous": fact.om_operator_previous}
            return _revised(entry, fact.valid_from, entry.latest | operators, at)
        case facts.InstrumentReplaced():
            ended = _ended(entry, "replaced", fact.valid_to, at)
            return replace(ended, replaced_by=fact.replaced_by)
        case _ if isinstance(fact, Voided):
            return _ended(entry, "voided", min(belief.valid_from for belief in entry.beliefs), at)
        case facts.EnterpriseContactErased() | facts.EnterpriseChangeRequested():
            return entry
        case facts.EnterpriseChangeConfirmed() | facts.EnterpriseChangeRefused():
            return entry
        case facts.EnterpriseChangeWithdrawn():
            return entry
        case _ if isinstance(fact, Corrected):
            return _revised(entry, fact.valid_from, plain(fact.particulars), at)
        case _ if isinstance(fact, Closed):
            status = "retired" if isinstance(fact, facts.InstrumentRetired) else "closed"
            return _ended(entry, status, fact.valid_to, at)
    raise TypeError(f"no rule for {fact.type}")


def _begun(recorded: Recorded[Fact], fact: Registered) -> Entry:
    entry_id, noun, parent = _identity(fact)
    particulars = plain(fact.particulars)
    return Entry(
        id=entry_id,
        noun=noun,
        enterprise_id=fact.enterprise_id,
        parent_id=parent,
        version=recorded.version,
        replaces=fact.replaces if isinstance(fact, facts.InstrumentRegistered) else None,
        latest=particulars,
        beliefs=tuple(bitemporal.begin(particulars, fact.valid_from, recorded.recorded_at)),
    )


def _identity(fact: Registered) -> tuple[UUID, str, UUID | None]:
    match fact:
        case facts.EnterpriseRegistered():
            return fact.enterprise_id, "enterprise", None
        case facts.OutletAdded():
            return fact.outlet_id, "outlet", fact.enterprise_id
        case facts.MonitoringPointAdded():
            return fact.point_id, "monitoring_point", fact.outlet_id
        case facts.InstrumentRegistered():
            return fact.instrument_id, "instrument", fact.point_id


def _revised(entry: Entry, day: date, latest: Particulars, at: datetime) -> Entry:
    change = bitemporal.difference(entry.latest, latest)
    beliefs = bitemporal.revise(entry.beliefs, day, change, at)
    return replace(entry, latest=latest, beliefs=tuple(beliefs))


def _ended(entry: Entry, status: str, day: date, at: datetime) -> Entry:
    return replace(entry, status=status, beliefs=tuple(bitemporal.end(entry.beliefs, day, at)))


def plain(particulars: Any) -> Particulars:
    dumped: Particulars = particulars.model_dump(mode="json", exclude_none=True)
    return dumped


def line(entry: Entry, recorded: Recorded[Fact]) -> Line:
    """The history line of one fact. `entry` is the entry after the fact."""
    fact = recorded.fact
    fields = dict(fact)
    changed = isinstance(fact, Registered | Corrected | facts.InstrumentOperatorChanged)
    parent = recorded.meta.traceparent
    return Line(
        stream=recorded.stream,
        version=recorded.version,
        entry_id=entry.id,
        enterprise_id=entry.enterprise_id,
        type=fact.type,
        recorded_at=recorded.recorded_at,
        actor=recorded.meta.actor.model_dump(mode="json", exclude_none=True),
        day=fields.get("valid_from") or fields.get("valid_to"),
        reason=fields.get("reason"),
        particulars=entry.latest if changed else None,
        related=fields.get("replaced_by") or fields.get("replaces"),
        trace_id=parent.split("-")[1] if parent else None,
    )


def title(entry: Entry) -> str:
    """The text by which lists are sorted."""
    latest = entry.latest
    if entry.noun == "instrument":
        return f"{latest['kind']} {latest.get('factor', latest.get('name', ''))} {latest['model']}"
    return f"{latest.get('code', '')} {latest['name']}".strip()


SEARCHED = ("name", "uscc", "code", "model", "brand", "serial_number", "mn", "permit_number", "om_operator")


def searchable(entry: Entry) -> str:
    """The text in which a search looks, in lower case."""
    texts = [word(key, entry.latest[key]) for key in SEARCHED if key in entry.latest]
    codes = [entry.latest["factor"]] if "factor" in entry.latest else entry.latest.get("factors", ())
    return " ".join([*texts, *map(searched_names, codes)]).lower()
