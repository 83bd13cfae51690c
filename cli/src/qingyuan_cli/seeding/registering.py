"""Registers the enterprises of the demo with their outlets, points and instruments."""

from typing import Protocol
from uuid import UUID

from qingyuan_cli.seeding import town
from qingyuan_cli.seeding.client import Json
from qingyuan_cli.seeding.identities import id_of


class Administrator(Protocol):
    """Who sends the commands."""

    def command(self, path: str, body: Json, *, key: str) -> UUID: ...


def register(admin: Administrator, enterprise: Json) -> UUID:
    """Register the enterprise with outlets, points and instruments. Returns its id."""
    body = {
        "particulars": enterprise["particulars"],
        "contact": enterprise["contact"],
        "valid_from": town.SINCE,
    }
    enterprise_id = admin.command("/registry/enterprises", body, key=f"enterprise {enterprise['key']}")
    for number, outlet in enumerate(town.OUTLETS):
        located = outlet | {"location": town.location(enterprise, number)}
        _outlet(admin, enterprise_id, located, enterprise["key"])
    return enterprise_id


def _outlet(admin: Administrator, enterprise_id: UUID, outlet: Json, enterprise: str) -> None:
    key = f"{enterprise} {outlet['code']}"
    particulars = {field: outlet[field] for field in ("code", "name", "medium", "location")}
    body = {"enterprise_id": str(enterprise_id), "particulars": particulars, "valid_from": town.SINCE}
    outlet_id = admin.command("/registry/outlets", body, key=f"outlet {key}")
    particulars = particulars | {"factors": outlet["factors"], "name": outlet["name"].replace("排口", "测点")}
    body = {"outlet_id": str(outlet_id), "particulars": particulars, "valid_from": town.SINCE}
    point_id = admin.command("/registry/points", body, key=f"point {key}")
    for number, instrument in enumerate(town.instruments(enterprise, outlet), start=1):
        body = {"point_id": str(point_id), "particulars": instrument, "valid_from": town.SINCE}
        admin.command("/registry/instruments", body, key=f"instrument {key} {number}")


def keys() -> set[str]:
    """The keys of all commands by which the town is registered."""
    noted = _Noted()
    for enterprise in town.ENTERPRISES:
        register(noted, enterprise)
    return set(noted.commands)


class _Noted:
    """Sends nothing, but keeps the commands by their keys."""

    def __init__(self) -> None:
        self.commands: dict[str, tuple[str, Json]] = {}

    def command(self, path: str, body: Json, *, key: str) -> UUID:
        self.commands[key] = path, body
        return id_of(key)
