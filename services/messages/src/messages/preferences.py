"""What a person has chosen about ways and times, within what the rules leave open."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import time
from typing import Final
from uuid import UUID

from qingyuan_runtime.database.connections import Pool

from messages.rulebook import Means

Choices = Mapping[str, Mapping[Means, bool]]


@dataclass(frozen=True, slots=True)
class Preferences:
    """`choices`: kind → way → wanted. `digest_hours`: None means all that the rules name."""

    choices: Choices = field(default_factory=dict)
    quiet: bool = True
    digest_hours: frozenset[time] | None = None

    def choice(self, kind: str, means: Means) -> bool | None:
        return self.choices.get(kind, {}).get(means)

    def wants_digest_at(self, hour: time) -> bool:
        return self.digest_hours is None or hour in self.digest_hours


class PreferenceRepository:
    def __init__(self, pool: Pool) -> None:
        self._pool = pool

    async def of(self, accounts: Sequence[UUID]) -> Mapping[UUID, Preferences]:
        """Those of accounts that have chosen something."""
        rows = await self._pool.fetch("select * from preference where account = any($1)", list(accounts))
        return {
            row["account"]: Preferences(
                json.loads(row["choices"]),
                row["quiet"],
                frozenset(map(time.fromisoformat, row["digest_hours"])) if row["digest_hours"] else None,
            )
            for row in rows
        }

    async def save(self, account: UUID, chosen: Preferences) -> None:
        hours = sorted(f"{hour:%H:%M}" for hour in chosen.digest_hours) if chosen.digest_hours else None
        await self._pool.execute(_SAVE, account, json.dumps(chosen.choices), chosen.quiet, hours)


_SAVE: Final = """
    insert into preference (account, choices, quiet, digest_hours) values ($1, $2, $3, $4)
    on conflict (account) do update
       set choices = excluded.choices, quiet = excluded.quiet, digest_hours = excluded.digest_hours
"""
