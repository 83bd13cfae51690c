"""An account: its names, its kind, and its organisation or district, as other services use them."""

from dataclasses import dataclass
from uuid import UUID, uuid4

import asyncpg
from qingyuan_events import ActorKind, ActorRole


@dataclass(frozen=True, slots=True)
class Account:
    id: UUID
    name: str
    label: str
    kind: ActorKind
    organisation: UUID | None
    district: str | None
    role: ActorRole | None = None
    organisation_name: str | None = None


def new_account(
    name: str,
    label: str,
    kind: ActorKind,
    organisation: UUID | None,
    district: str | None,
    role: ActorRole | None = None,
) -> Account:
    """An operator's account has the role manager unless another is given; accounts of other kinds have no role."""
    return Account(
        uuid4(),
        name,
        label,
        kind,
        organisation,
        district,
        (role or "manager") if kind == "operator" else None,
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
    )
