"""An account: its names, its kind, and its organisation or district, as other services use them."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final
from uuid import UUID, uuid4

import asyncpg
from qingyuan_events import ActorKind, ActorRole

FIRST_ROLE: Final[Mapping[ActorKind, ActorRole]] = {
    "operator": "manager",
    "enterprise": "manager",
    "regulator": "reviewer",
    "administrator": "system",
}
"""What an account is where nothing else is said."""


@dataclass(frozen=True, slots=True)
class Account:
    """`signs`: it may sign for its enterprise. `person`: the filed person of the operator whom it belongs to."""

    id: UUID
    name: str
    label: str
    kind: ActorKind
    organisation: UUID | None
    district: str | None
    role: ActorRole
    organisation_name: str | None = None
    signs: bool = False
    person: UUID | None = None


def new_account(
    name: str,
    label: str,
    kind: ActorKind,
    organisation: UUID | None,
    district: str | None,
    role: ActorRole | None = None,
    *,
    signs: bool = False,
    person: UUID | None = None,
) -> Account:
    """Without a role the account has `FIRST_ROLE` of its kind. A signatory always signs, a manager only if it is said."""
    chosen = role or FIRST_ROLE[kind]
    return Account(
        uuid4(),
        name,
        label,
        kind,
        organisation,
        district,
        chosen,
        signs=signs or chosen == "signatory",
        person=person,
    )


def account_of(row: asyncpg.Record) -> Account:
    return Account(
        row["account_id"],
        row["name"],
        row["label"],
        row["kind"],
        row["organisation"],
        row["district"],
        row["role"],
        row.get("organisation_name"),
        row["signs"],
        row["person"],
    )
