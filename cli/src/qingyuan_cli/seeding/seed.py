"""Fills a new system with the demo data, through the gateway and with the demo accounts, as users would."""

import json
import subprocess
import sys
from collections.abc import Callable, Iterable, Mapping
from uuid import UUID

from qingyuan_runtime.process.clock import now
from qingyuan_standards.days import local_day

from qingyuan_cli.seeding import town
from qingyuan_cli.seeding.client import Client, Json
from qingyuan_cli.seeding.demo_accounts import AddUsers, administrators, operators, signatories
from qingyuan_cli.seeding.filings import MANAGER, Desk, seed_filings
from qingyuan_cli.seeding.registering import register
from qingyuan_cli.seeding.todays_visits import Day
from qingyuan_cli.seeding.working_day import seed_working_day

Say = Callable[[str], None]
GiveHistory = Callable[[], UUID | None]
"""Gives the registered town its history. Returns the first enterprise's contract, None where there is no history."""


def user_adder(env: Mapping[str, str], password: str) -> AddUsers:
    """A function that adds accounts by the accounts service's own command, with passwords on its standard input."""

    def add(users: Iterable[Json]) -> None:
        lines = "".join(
            json.dumps(user | {"password": password}, ensure_ascii=False) + "\n" for user in users
        )
        command = [sys.executable, "-m", "accounts", "user", "add-many"]
        subprocess.run(command, input=lines, text=True, env=dict(env), check=True)

    return add


def no_history() -> None:
    """For a town that begins today."""


def seed(
    base: str, add_users: AddUsers, password: str, say: Say, give_history: GiveHistory = no_history
) -> None:
    """Create the demo accounts, the enterprises, their history, one working day and the filings. Again changes nothing."""
    say("演示账户")
    add_users(administrators() + operators())
    admin = Client(base)
    admin.log_in("demo-admin", password)
    accounts = {works["key"]: _enterprise(admin, works, say) for works in town.ENTERPRISES}
    admin.close()
    add_users([*accounts.values(), *signatories(accounts)])
    _working_day(base, password, say, give_history())
    _filings(base, password, say)


def _working_day(base: str, password: str, say: Say, contract: UUID | None) -> None:
    manager, technician, enterprise = people = Client(base), Client(base), Client(base)
    for client, name in zip(people, ("demo-operator", "demo-technician", "demo-enterprise"), strict=True):
        client.log_in(name, password)
    uscc = town.ENTERPRISES[0]["particulars"]["uscc"]
    seed_working_day(Day(manager, technician, enterprise, password, uscc, now(), contract), say)
    for client in people:
        client.close()


def _filings(base: str, password: str, say: Say) -> None:
    manager, second_manager, city = people = Client(base), Client(base), Client(base)
    for client, name in zip(people, (MANAGER, "demo-operator-2", "demo-city"), strict=True):
        client.log_in(name, password)
    today = local_day(now())
    first = Desk(manager, "greentest", today, password)
    second = Desk(second_manager, "blueclean", today, password)
    seed_filings(first, second, city, say)
    for client in people:
        client.close()


def _enterprise(admin: Client, enterprise: Json, say: Say) -> Json:
    """Register the enterprise. Returns the account to create for it."""
    say(f"演示企业：{enterprise['particulars']['name']}")
    enterprise_id = register(admin, enterprise)
    label = f"{enterprise['particulars']['name']}（企业账户）"
    return {
        "name": enterprise["account"],
        "label": label,
        "kind": "enterprise",
        "organisation": str(enterprise_id),
        "organisation_name": enterprise["particulars"]["name"],
        "signs": True,
    }
