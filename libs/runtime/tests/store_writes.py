"""Facts of an outlet and writes of them, for tests of event stores."""

from datetime import date
from uuid import UUID, uuid4

from qingyuan_events import Actor, Fact, Meta
from qingyuan_events.registry import OutletAdded, OutletClosed, OutletParticulars, OutletVoided
from qingyuan_runtime.log.store import EventStore, Receipt, Write


def added(name: str = "总排口") -> OutletAdded:
    particulars = OutletParticulars(code="DW001", name=name, medium="wastewater")
    return OutletAdded(
        outlet_id=UUID(int=2), enterprise_id=UUID(int=1), particulars=particulars, valid_from=date(2026, 1, 1)
    )


def closed() -> OutletClosed:
    return OutletClosed(
        outlet_id=UUID(int=2), enterprise_id=UUID(int=1), valid_to=date(2026, 2, 1), reason="拆除"
    )


def voided() -> OutletVoided:
    return OutletVoided(outlet_id=UUID(int=2), enterprise_id=UUID(int=1), reason="重复登记")


def meta(command_id: UUID | None = None) -> Meta:
    command_id = command_id or uuid4()
    actor = Actor(account=UUID(int=9), kind="enterprise", organisation=UUID(int=1))
    return Meta(actor=actor, command_id=command_id, correlation=command_id, traceparent="00-ab-cd-01")


def write(stream: str, expected: int = 0, *facts: Fact, **more: object) -> Write:
    return Write(stream, expected, facts or (added(),), **more)  # type: ignore[arg-type]


async def put(store: EventStore, *writes: Write) -> Receipt:
    return await store.append(writes, meta(), "f")


def ends(stream: str, expected: int = 1, *, voids: bool = False) -> Write:
    """A closing of the stream, or its voiding, which closes it, too."""
    return write(stream, expected, voided() if voids else closed(), closes=True, voids=voids)
