"""Which routes the security log hears of, because they give data away: as a file, or about people."""

from typing import Final, Literal

Audit = Literal["export", "personal"]
FILES: Final = (".xlsx", ".pdf", ".csv")
PERSONAL: Final = frozenset(
    {"contact", "people", "names", "persons", "accounts", "colleagues", "invitations", "lost-keys", "locks"}
)
"""The last words of paths whose answers hold names or telephone numbers of people.

Not among them: `/api/account-labels`. It tells every page who did what, and never more than that page shows.
"""
PERSONAL_PATHS: Final = frozenset({"/api/security/sessions"})
"""Where the last word alone does not tell them: `/api/sessions` are one's own."""
WHAT: Final[dict[Audit, str]] = {"export": "data-exported", "personal": "personal-data-read"}


def audit_of(method: str, path: str) -> Audit | None:
    """By the path alone, so that a new route of this shape cannot be forgotten. Changes are in the log of events."""
    if method != "GET":
        return None
    if path.endswith(FILES):
        return "export"
    is_personal = path in PERSONAL_PATHS or path.rpartition("/")[2] in PERSONAL
    return "personal" if is_personal else None
