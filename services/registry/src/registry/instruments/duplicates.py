"""Finds an instrument in use that is probably the same device as one that is about to be registered, or corrected into it."""

from uuid import UUID

from qingyuan_events.registry import InstrumentParticulars
from qingyuan_runtime.domain.text import folded
from qingyuan_runtime.log.handling import load

from registry.domain.instruments.decider import INSTRUMENT
from registry.domain.monitoring_points.decider import POINT
from registry.shared.repository import Repository

Identity = tuple[str, ...]


async def same_in_use(
    repository: Repository, point_id: UUID, particulars: InstrumentParticulars, *own: str
) -> UUID | None:
    """One at the point with the same kind, factor, model and serial number; `own`: the streams that the command writes to.

    A repeated request finds the instrument that its first try has registered, which is no duplicate.
    """
    wanted = identity(particulars)
    if wanted is None:
        return None
    for stream in sorted(await repository.store.open_children(POINT.stream(point_id))):
        _, state = await load(repository.store, INSTRUMENT, stream)
        registered = state.lifetime.particulars
        if stream not in own and registered is not None and identity(registered) == wanted:
            return UUID(stream.removeprefix(INSTRUMENT.stream("")))
    return None


def identity(particulars: InstrumentParticulars) -> Identity | None:
    """None without a serial number: two of one model are then not told apart. One device may measure two factors."""
    serial = getattr(particulars, "serial_number", None)
    factor = getattr(particulars, "factor", None)
    if not serial or not factor:
        return None
    return particulars.kind, factor, *(folded(text).casefold() for text in (particulars.model, serial))
