"""The accounts of the demo: which of them a system has, and those that a later version of the town has brought."""

import json
import subprocess
import sys
from collections.abc import Callable, Collection, Iterable, Mapping
from typing import Final

from qingyuan_cli.seeding import town
from qingyuan_cli.seeding.client import Json
from qingyuan_cli.seeding.identities import id_of

AddUsers = Callable[[Iterable[Json]], None]

LABELS: Final[dict[str, str]] = {
    **{works["account"]: works["particulars"]["name"] for works in town.ENTERPRISES},
    **{row[0]: row[1] for row in town.SIGNATORIES},
    **{row[0]: row[1] for row in town.OPERATORS},
    **{row[0]: row[1] for row in town.ACCOUNTS},
}
"""All of them, in the order in which they are shown."""


def accounts_in(env: Mapping[str, str]) -> dict[str, Json]:
    """Every account by its name, by the accounts service's own command."""
    command = [sys.executable, "-m", "accounts", "user", "list", "--json"]
    shown = subprocess.run(command, capture_output=True, text=True, env=dict(env), check=True).stdout
    rows = map(json.loads, shown.splitlines())
    return {row["name"]: row for row in rows}


def add_missing(there: Mapping[str, Json], add_users: AddUsers) -> Collection[str]:
    """Add what a seeded system lacks, since it was seeded by an older version. Returns the names that were added.

    Not the accounts of enterprises: they need an enterprise of the register, which only a seed makes.
    """
    wanted = administrators() + operators() + signatories(_enterprises_of(there))
    missing = [user for user in wanted if user["name"] not in there]
    if missing:
        add_users(missing)
    return [user["name"] for user in missing]


def _enterprises_of(there: Mapping[str, Json]) -> dict[str, Json]:
    """As `signatories` wants them: those enterprises whose account is there."""
    return {
        works["key"]: {
            "kind": "enterprise",
            "organisation": there[works["account"]]["organisation"],
            "organisation_name": works["particulars"]["name"],
            "signs": True,
        }
        for works in town.ENTERPRISES
        if works["account"] in there
    }


def administrators() -> list[Json]:
    return [
        {"name": name, "label": label, "kind": kind, "district": district, "role": role}
        for name, label, kind, district, role in town.ACCOUNTS
    ]


def signatories(accounts: Mapping[str, Json]) -> list[Json]:
    """Accounts that sign for the enterprise of these accounts, by its key, and do nothing else."""
    return [
        accounts[key] | {"name": name, "label": label, "role": "signatory"}
        for name, label, key in town.SIGNATORIES
        if key in accounts
    ]


def operators() -> list[Json]:
    return [
        {
            "name": name,
            "label": label,
            "kind": "operator",
            "organisation": str(id_of(f"operator {organisation}")),
            "organisation_name": town.OPERATOR_NAMES[organisation],
            "role": role,
        }
        for name, label, organisation, role in town.OPERATORS
    ]
