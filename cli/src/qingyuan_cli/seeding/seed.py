"""Fills a new system with the demo town, as its users would: through the gateway, with their accounts."""

import subprocess
import sys
from collections.abc import Callable, Mapping
from uuid import NAMESPACE_OID, UUID, uuid5

from qingyuan_cli.seeding import town
from qingyuan_cli.seeding.client import Client, Json

Say = Callable[[str], None]
AddUser = Callable[..., None]


def user_adder(env: Mapping[str, str], password: str) -> AddUser:
    """How to make an account: the accounts service's own command, the password on its standard input."""

    def add(
        name: str, label: str, kind: str, *, organisation: UUID | None = None, district: str | None = None
    ) -> None:
        place = ["--organisation", str(organisation)] if organisation else []
        place += ["--district", district] if district else []
        command = [sys.executable, "-m", "accounts", "user", "add", name, "--label", label, "--kind", kind]
        subprocess.run(
            [*command, *place, "--if-missing"], input=f"{password}\n", text=True, env=dict(env), check=True
        )

    return add


def seed(base: str, add_user: AddUser, password: str, say: Say) -> None:
    """The town with its accounts. Running it again changes nothing."""
    for name, label, kind, district in town.ACCOUNTS:
        add_user(name, label, kind, district=district)
    name, label, kind = town.OPERATOR
    add_user(name, label, kind, organisation=uuid5(NAMESPACE_OID, "qingyuan demo operator"))
    office = Client(base)
    office.log_in("demo-admin", password)
    for one in town.ENTERPRISES:
        say(f"演示企业：{one['particulars']['name']}")
        _enterprise(office, add_user, one)
    office.close()


def _enterprise(office: Client, add_user: AddUser, one: Json) -> None:
    body = {"particulars": one["particulars"], "contact": one["contact"], "valid_from": town.SINCE}
    enterprise_id = office.command("/enterprises", body, key=f"enterprise {one['key']}")
    label = f"{one['particulars']['name']}（企业账户）"
    add_user(one["account"], label, "enterprise", organisation=enterprise_id)
    for outlet in town.OUTLETS:
        _outlet(office, enterprise_id, outlet, f"{one['key']} {outlet['code']}")


def _outlet(office: Client, enterprise_id: UUID, outlet: Json, key: str) -> None:
    particulars = {field: outlet[field] for field in ("code", "name", "medium")}
    body = {"enterprise_id": str(enterprise_id), "particulars": particulars, "valid_from": town.SINCE}
    outlet_id = office.command("/outlets", body, key=f"outlet {key}")
    particulars = particulars | {"factors": outlet["factors"], "name": outlet["name"].replace("排口", "测点")}
    body = {"outlet_id": str(outlet_id), "particulars": particulars, "valid_from": town.SINCE}
    point_id = office.command("/points", body, key=f"point {key}")
    for number, instrument in enumerate(_instruments(outlet, key), start=1):
        body = {"point_id": str(point_id), "particulars": instrument, "valid_from": town.SINCE}
        office.command("/instruments", body, key=f"instrument {key} {number}")


def _instruments(outlet: Json, key: str) -> list[Json]:
    serial = key.replace(" ", "")
    if outlet["medium"] == "flue_gas":
        return [town.flue_gas_analyser(f, outlet, f"YQ{serial}{f[1:]}") for f in outlet["factors"]]
    analysers = [town.wastewater_analyser(f, outlet, f"YW{serial}{f[1:]}") for f in outlet["factors"]]
    return [*analysers, town.sampler()]
