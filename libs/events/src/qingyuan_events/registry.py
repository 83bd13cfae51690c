"""Events of the registry service: enterprises, outlets, monitoring points and instruments.

Measured numbers are decimal strings; dates are days in Asia/Shanghai. The classes of `register_parts` are exported here.
"""

from datetime import date
from typing import ClassVar
from uuid import UUID

from pydantic import Field

from qingyuan_events.envelope import Fact
from qingyuan_events.personal import Personal
from qingyuan_events.register_parts import NONE as NONE
from qingyuan_events.register_parts import Construction as Construction
from qingyuan_events.register_parts import EnterpriseIdentity as EnterpriseIdentity
from qingyuan_events.register_parts import EnterpriseParticulars as EnterpriseParticulars
from qingyuan_events.register_parts import FlueGasAnalyser as FlueGasAnalyser
from qingyuan_events.register_parts import InstrumentParticulars as InstrumentParticulars
from qingyuan_events.register_parts import Medium as Medium
from qingyuan_events.register_parts import Origin as Origin
from qingyuan_events.register_parts import OutletParticulars as OutletParticulars
from qingyuan_events.register_parts import PointParticulars as PointParticulars
from qingyuan_events.register_parts import Sampler as Sampler
from qingyuan_events.register_parts import WastewaterAnalyser as WastewaterAnalyser


class RegistryFact(Fact):
    topic: ClassVar[str] = "qingyuan.registry"


class EnterpriseRegistered(RegistryFact):
    type: ClassVar[str] = "enterprise.registered.v1"
    enterprise_id: UUID
    particulars: EnterpriseParticulars
    contact: Personal | None = None
    valid_from: date


class EnterpriseCorrected(RegistryFact):
    type: ClassVar[str] = "enterprise.corrected.v1"
    enterprise_id: UUID
    particulars: EnterpriseParticulars
    contact: Personal | None = None
    valid_from: date
    reason: str


class EnterpriseClosed(RegistryFact):
    type: ClassVar[str] = "enterprise.closed.v1"
    enterprise_id: UUID
    valid_to: date = Field(description="first day on which it no longer holds")
    reason: str


class EnterpriseContactErased(RegistryFact):
    """The key of the contact data was destroyed, so no copy of the ciphertext can be read any more."""

    type: ClassVar[str] = "enterprise.contact_erased.v1"
    enterprise_id: UUID
    subject: UUID
    reason: str


class EnterpriseChangeRequested(RegistryFact):
    """A request of the enterprise. It replaces an earlier one that is not decided yet, and changes nothing by itself."""

    type: ClassVar[str] = "enterprise.change_requested.v1"
    enterprise_id: UUID
    request_id: UUID
    wanted: EnterpriseIdentity
    valid_from: date
    reason: str


class EnterpriseChangeConfirmed(RegistryFact):
    """The correction itself is another fact, `enterprise.corrected`, appended together with this one."""

    type: ClassVar[str] = "enterprise.change_confirmed.v1"
    enterprise_id: UUID
    request_id: UUID
    reason: str


class EnterpriseChangeRefused(RegistryFact):
    type: ClassVar[str] = "enterprise.change_refused.v1"
    enterprise_id: UUID
    request_id: UUID
    reason: str


class EnterpriseChangeWithdrawn(RegistryFact):
    """The enterprise withdraws its own request before it was decided."""

    type: ClassVar[str] = "enterprise.change_withdrawn.v1"
    enterprise_id: UUID
    request_id: UUID
    reason: str


class OutletAdded(RegistryFact):
    type: ClassVar[str] = "outlet.added.v1"
    outlet_id: UUID
    enterprise_id: UUID
    particulars: OutletParticulars
    valid_from: date


class OutletCorrected(RegistryFact):
    type: ClassVar[str] = "outlet.corrected.v1"
    outlet_id: UUID
    enterprise_id: UUID
    particulars: OutletParticulars
    valid_from: date
    reason: str


class OutletClosed(RegistryFact):
    type: ClassVar[str] = "outlet.closed.v1"
    outlet_id: UUID
    enterprise_id: UUID
    valid_to: date
    reason: str


class OutletVoided(RegistryFact):
    """It was registered by mistake: it never was, and its code may be given to another outlet of the enterprise."""

    type: ClassVar[str] = "outlet.voided.v1"
    outlet_id: UUID
    enterprise_id: UUID
    reason: str


class MonitoringPointAdded(RegistryFact):
    type: ClassVar[str] = "monitoring_point.added.v1"
    point_id: UUID
    outlet_id: UUID
    enterprise_id: UUID
    particulars: PointParticulars
    valid_from: date


class MonitoringPointCorrected(RegistryFact):
    type: ClassVar[str] = "monitoring_point.corrected.v1"
    point_id: UUID
    outlet_id: UUID
    enterprise_id: UUID
    particulars: PointParticulars
    valid_from: date
    reason: str


class MonitoringPointClosed(RegistryFact):
    type: ClassVar[str] = "monitoring_point.closed.v1"
    point_id: UUID
    outlet_id: UUID
    enterprise_id: UUID
    valid_to: date
    reason: str


class MonitoringPointVoided(RegistryFact):
    """It was registered by mistake: it never was, and its code and MN number may be given to another point."""

    type: ClassVar[str] = "monitoring_point.voided.v1"
    point_id: UUID
    outlet_id: UUID
    enterprise_id: UUID
    reason: str


class InstrumentRegistered(RegistryFact):
    type: ClassVar[str] = "instrument.registered.v1"
    instrument_id: UUID
    point_id: UUID
    enterprise_id: UUID
    particulars: InstrumentParticulars
    valid_from: date
    replaces: UUID | None = None


class InstrumentCorrected(RegistryFact):
    """The particulars were recorded wrongly; the new ones are valid from `valid_from`."""

    type: ClassVar[str] = "instrument.corrected.v1"
    instrument_id: UUID
    point_id: UUID
    enterprise_id: UUID
    particulars: InstrumentParticulars
    valid_from: date
    reason: str


class InstrumentOperatorChanged(RegistryFact):
    """Another O&M operator takes over on `valid_from`; the former one becomes 上次运维商."""

    type: ClassVar[str] = "instrument.om_operator_changed.v1"
    instrument_id: UUID
    point_id: UUID
    enterprise_id: UUID
    om_operator: str
    om_operator_previous: str
    valid_from: date


class InstrumentReplaced(RegistryFact):
    type: ClassVar[str] = "instrument.replaced.v1"
    instrument_id: UUID
    point_id: UUID
    enterprise_id: UUID
    replaced_by: UUID
    valid_to: date
    reason: str


class InstrumentRetired(RegistryFact):
    type: ClassVar[str] = "instrument.retired.v1"
    instrument_id: UUID
    point_id: UUID
    enterprise_id: UUID
    valid_to: date
    reason: str


class InstrumentVoided(RegistryFact):
    """It was registered by mistake and never stood there; one that was taken out of use is retired instead."""

    type: ClassVar[str] = "instrument.voided.v1"
    instrument_id: UUID
    point_id: UUID
    enterprise_id: UUID
    reason: str
