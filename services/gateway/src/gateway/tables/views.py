"""What pages ask of the read models."""

from typing import Final

from qingyuan_events import ActorKind

from gateway.route import READERS, Route


def _view(path: str, who: frozenset[ActorKind] = READERS) -> Route:
    return Route("GET", f"/api/views{path}", "views", path, who)


ROUTES: Final[tuple[Route, ...]] = (
    _view("/enterprises"),
    _view("/enterprises/{enterprise_id}"),
    _view("/enterprises/{enterprise_id}/points"),
    _view("/points/{point_id}/instruments"),
    _view("/instruments"),
    _view("/instruments.xlsx"),
    _view("/instruments/{instrument_id}"),
    _view("/history/{stream}"),
)
