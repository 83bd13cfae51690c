"""The pollution-source register: commands, options, imports."""

from typing import Final

from qingyuan_events import ActorKind

from gateway.route import ENTERPRISES, EVERYBODY, OFFICE, OWNERS, READERS, Body, Route

DECIDING_ON_CHANGES: Final[frozenset[ActorKind]] = frozenset({"regulator", "administrator"})


def _registry(method: str, path: str, who: frozenset[ActorKind], body: Body = "json") -> Route:
    return Route(method, f"/api/registry{path}", "registry", path, who, body)


ROUTES: Final[tuple[Route, ...]] = (
    _registry("POST", "/enterprises", OFFICE),
    _registry("POST", "/enterprises/{enterprise_id}/correction", OWNERS),
    _registry("POST", "/enterprises/{enterprise_id}/closing", OFFICE),
    _registry("GET", "/enterprises/{enterprise_id}/contact", READERS, "none"),
    _registry("POST", "/enterprises/{enterprise_id}/contact-erasure", OFFICE),
    _registry("POST", "/enterprises/{enterprise_id}/changes/{request_id}/confirmation", DECIDING_ON_CHANGES),
    _registry("POST", "/enterprises/{enterprise_id}/changes/{request_id}/refusal", DECIDING_ON_CHANGES),
    _registry("POST", "/enterprises/{enterprise_id}/changes/{request_id}/withdrawal", ENTERPRISES),
    _registry("POST", "/outlets", OWNERS),
    _registry("POST", "/outlets/{outlet_id}/correction", OWNERS),
    _registry("POST", "/outlets/{outlet_id}/closing", OWNERS),
    _registry("POST", "/outlets/{outlet_id}/voiding", READERS),
    _registry("POST", "/points", OWNERS),
    _registry("POST", "/points/{point_id}/correction", OWNERS),
    _registry("POST", "/points/{point_id}/closing", OWNERS),
    _registry("POST", "/points/{point_id}/voiding", READERS),
    _registry("POST", "/instruments", OWNERS),
    _registry("POST", "/instruments/{instrument_id}/correction", OWNERS),
    _registry("POST", "/instruments/{instrument_id}/replacement", OWNERS),
    _registry("POST", "/instruments/{instrument_id}/retirement", OWNERS),
    _registry("POST", "/instruments/{instrument_id}/om-operator", OWNERS),
    _registry("POST", "/instruments/{instrument_id}/voiding", READERS),
    _registry("GET", "/options", EVERYBODY, "none"),
    _registry("GET", "/import-template", OWNERS, "none"),
    _registry("POST", "/imports", OWNERS, "upload"),
    _registry("GET", "/imports/{import_id}", OWNERS, "none"),
    _registry("POST", "/imports/{import_id}/confirmation", OWNERS, "upload"),
)
