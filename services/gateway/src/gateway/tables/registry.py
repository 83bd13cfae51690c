"""The pollution-source register: commands, options, imports."""

from typing import Final

from qingyuan_events import ActorKind, ActorRole

from gateway.route import (
    DECIDING,
    ENTERPRISES,
    EVERYBODY,
    MANAGERS,
    OFFICE,
    OWNERS,
    READERS,
    SYSTEM,
    Body,
    Route,
)

DECIDING_ON_CHANGES: Final[frozenset[ActorKind]] = frozenset({"regulator", "administrator"})
WRITING: Final = MANAGERS | SYSTEM
"""A signatory of the enterprise reads its register."""


def _registry(
    method: str,
    path: str,
    who: frozenset[ActorKind],
    body: Body = "json",
    roles: frozenset[ActorRole] | None = None,
) -> Route:
    return Route(method, f"/api/registry{path}", "registry", path, who, body, roles=roles)


ROUTES: Final[tuple[Route, ...]] = (
    _registry("POST", "/enterprises", OFFICE),
    _registry("POST", "/enterprises/{enterprise_id}/correction", OWNERS, roles=WRITING),
    _registry("POST", "/enterprises/{enterprise_id}/closing", OFFICE),
    _registry("GET", "/enterprises/{enterprise_id}/contact", READERS, "none"),
    _registry("POST", "/enterprises/{enterprise_id}/contact-erasure", OFFICE),
    _registry(
        "POST",
        "/enterprises/{enterprise_id}/changes/{request_id}/confirmation",
        DECIDING_ON_CHANGES,
        roles=DECIDING | SYSTEM,
    ),
    _registry(
        "POST",
        "/enterprises/{enterprise_id}/changes/{request_id}/refusal",
        DECIDING_ON_CHANGES,
        roles=DECIDING | SYSTEM,
    ),
    _registry(
        "POST", "/enterprises/{enterprise_id}/changes/{request_id}/withdrawal", ENTERPRISES, roles=WRITING
    ),
    _registry("POST", "/outlets", OWNERS, roles=WRITING),
    _registry("POST", "/outlets/{outlet_id}/correction", OWNERS, roles=WRITING),
    _registry("POST", "/outlets/{outlet_id}/closing", OWNERS, roles=WRITING),
    _registry("POST", "/outlets/{outlet_id}/voiding", READERS, roles=WRITING | DECIDING),
    _registry("POST", "/points", OWNERS, roles=WRITING),
    _registry("POST", "/points/{point_id}/correction", OWNERS, roles=WRITING),
    _registry("POST", "/points/{point_id}/closing", OWNERS, roles=WRITING),
    _registry("POST", "/points/{point_id}/voiding", READERS, roles=WRITING | DECIDING),
    _registry("POST", "/instruments", OWNERS, roles=WRITING),
    _registry("POST", "/instruments/{instrument_id}/correction", OWNERS, roles=WRITING),
    _registry("POST", "/instruments/{instrument_id}/replacement", OWNERS, roles=WRITING),
    _registry("POST", "/instruments/{instrument_id}/retirement", OWNERS, roles=WRITING),
    _registry("POST", "/instruments/{instrument_id}/om-operator", OWNERS, roles=WRITING),
    _registry("POST", "/instruments/{instrument_id}/voiding", READERS, roles=WRITING | DECIDING),
    _registry("GET", "/options", EVERYBODY, "none"),
    _registry("GET", "/import-template", OWNERS, "none", roles=WRITING),
    _registry("POST", "/imports", OWNERS, "upload", roles=WRITING),
    _registry("GET", "/imports/{import_id}", OWNERS, "none", roles=WRITING),
    _registry("POST", "/imports/{import_id}/confirmation", OWNERS, "upload", roles=WRITING),
)
