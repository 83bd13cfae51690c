"""The dated policy for passwords: how long, for how long, and how many earlier ones may not come back."""

import json
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from importlib.resources import files
from typing import Final

from accounts.settings import AccountsSettings


@dataclass(frozen=True, slots=True)
class PasswordPolicy:
    """`expires_days` None: a password does not expire. `valid_to` is the last day."""

    valid_from: date
    valid_to: date | None
    length_min: int
    expires_days: int | None
    history: int
    confidence: str
    sources: tuple[str, ...]

    def holds(self, day: date) -> bool:
        return self.valid_from <= day and (self.valid_to is None or day <= self.valid_to)


def read_policies(text: str) -> tuple[PasswordPolicy, ...]:
    return tuple(
        PasswordPolicy(
            **{
                **row,
                "valid_from": date.fromisoformat(row["valid_from"]),
                "valid_to": row["valid_to"] and date.fromisoformat(row["valid_to"]),
                "sources": tuple(row["sources"]),
            }
        )
        for row in json.loads(text)
    )


POLICIES: Final = read_policies(
    (files("accounts.passwords") / "policy.json").read_text(encoding="utf-8"),
)


def policy_on(day: date) -> PasswordPolicy:
    """The policy of that day; of a day before the first one, the first one."""
    return next((policy for policy in POLICIES if policy.holds(day)), POLICIES[0])


def expires_days(settings: AccountsSettings, now: datetime) -> int | None:
    return settings.password_expires_days or policy_on(now.date()).expires_days


def is_expired(since: datetime, settings: AccountsSettings, now: datetime) -> bool:
    days = expires_days(settings, now)
    return days is not None and since + timedelta(days=days) <= now
