"""The one table of what can be reached from outside, and by which kinds of account. All else is 404.

Whose things they are is checked by the service that owns them; this table says who may knock.
"""

from dataclasses import dataclass
from typing import Final, Literal

from qingyuan_events import ActorKind

Service = Literal["accounts", "registry", "views"]
Body = Literal["none", "json", "upload"]

EVERYBODY: Final[frozenset[ActorKind]] = frozenset({"enterprise", "operator", "regulator", "administrator"})
OWNERS: Final[frozenset[ActorKind]] = frozenset({"enterprise", "administrator"})
OFFICE: Final[frozenset[ActorKind]] = frozenset({"administrator"})
READERS: Final[frozenset[ActorKind]] = frozenset({"enterprise", "regulator", "administrator"})


@dataclass(frozen=True, slots=True)
class Route:
    """`path` is what the browser asks; `upstream` what the service is asked. `who` None: no session needed."""

    method: str
    path: str
    service: Service
    upstream: str
    who: frozenset[ActorKind] | None
    body: Body = "none"


def _registry(method: str, path: str, who: frozenset[ActorKind], body: Body = "json") -> Route:
    return Route(method, f"/api/registry{path}", "registry", path, who, body)


def _view(path: str) -> Route:
    return Route("GET", f"/api/views{path}", "views", path, READERS)


def _account(method: str, path: str, body: Body = "none") -> Route:
    return Route(method, f"/api{path}", "accounts", path, EVERYBODY, body)


ROUTES: Final[tuple[Route, ...]] = (
    Route("POST", "/api/session", "accounts", "/session", None, "json"),
    _account("GET", "/session"),
    _account("DELETE", "/session"),
    _account("DELETE", "/sessions"),
    _account("POST", "/password", "json"),
    _account("GET", "/account-labels"),
    _registry("POST", "/enterprises", OFFICE),
    _registry("POST", "/enterprises/{enterprise_id}/correction", OWNERS),
    _registry("POST", "/enterprises/{enterprise_id}/closing", OFFICE),
    _registry("GET", "/enterprises/{enterprise_id}/contact", READERS, "none"),
    _registry("POST", "/enterprises/{enterprise_id}/contact-erasure", OFFICE),
    _registry("POST", "/outlets", OWNERS),
    _registry("POST", "/outlets/{outlet_id}/correction", OWNERS),
    _registry("POST", "/outlets/{outlet_id}/closing", OWNERS),
    _registry("POST", "/points", OWNERS),
    _registry("POST", "/points/{point_id}/correction", OWNERS),
    _registry("POST", "/points/{point_id}/closing", OWNERS),
    _registry("POST", "/instruments", OWNERS),
    _registry("POST", "/instruments/{instrument_id}/correction", OWNERS),
    _registry("POST", "/instruments/{instrument_id}/replacement", OWNERS),
    _registry("POST", "/instruments/{instrument_id}/retirement", OWNERS),
    _registry("POST", "/instruments/{instrument_id}/om-operator", OWNERS),
    _registry("GET", "/options", EVERYBODY, "none"),
    _registry("GET", "/import-template", OWNERS, "none"),
    _registry("POST", "/imports", OWNERS, "upload"),
    _registry("GET", "/imports/{import_id}", OWNERS, "none"),
    _registry("POST", "/imports/{import_id}/confirmation", OWNERS, "upload"),
    _view("/enterprises"),
    _view("/enterprises/{enterprise_id}"),
    _view("/enterprises/{enterprise_id}/points"),
    _view("/points/{point_id}/instruments"),
    _view("/instruments"),
    _view("/instruments.xlsx"),
    _view("/instruments/{instrument_id}"),
    _view("/history/{stream}"),
)
