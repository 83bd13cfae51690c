"""Finds the accounts whose display names a user may read: those named on an object that the user may see.

The gateway requests the object from views on behalf of the user, and collects the account ids in the response. Ids that
users have entered (companions, assignees) count only if their accounts belong to the object's organisations. Otherwise
somebody could read a stranger's name by entering the stranger's id on a visit of their own. See docs/decisions/0016.
"""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final
from uuid import UUID

from qingyuan_events import ActorKind
from starlette.routing import compile_path

from gateway.request_parts import Refused, filled_in
from gateway.routes import ROUTES

OBJECTS: Final = (
    "/api/views/visits/{visit_id}",
    "/api/views/confirmations/{confirmation_id}",
    "/api/views/plans/{plan_id}",
    "/api/views/contracts/{contract_id}",
    "/api/views/history/{stream}",
    "/api/views/reports/{report_id}",
)
ORGANISATIONS: Final = frozenset({"operator_id", "enterprise_id", "organisation"})
SET_BY_SYSTEM: Final = frozenset({"by", "first_by", "submitted_by", "decided_by", "granted_by", "ended_by"})
SENT: Final = frozenset({"account", "companions"})
FREE: Final = frozenset({"values", "particulars", "was", "now", "document"})
"""Fields with free content: an id in them is only a text."""


@dataclass
class NamedIds:
    """The account ids on an object: `accounts` set by the system, `sent` entered by users; and its organisations."""

    accounts: set[str] = field(default_factory=set)
    sent: set[str] = field(default_factory=set)
    organisations: set[str] = field(default_factory=set)

    def headers(self, ids: set[str]) -> dict[str, str]:
        return {
            "x-vouched-accounts": ",".join(sorted(self.accounts & ids)),
            "x-sent-accounts": ",".join(sorted(self.sent & ids)),
            "x-named-organisations": ",".join(sorted(self.organisations)),
        }


def view_of(shown: str, kind: ActorKind) -> str:
    """The upstream path of the view of `shown`, such as `/views/visits/<id>`. Raises `Refused`."""
    for route, pattern in _OBJECTS:
        if (match := pattern.match(f"/api{shown}")) and route.who and kind in route.who:
            return filled_in(route, match.groupdict())
    raise Refused(422, "request.malformed", "没有这样的对象，无法显示姓名。")


_OBJECTS: Final = [
    (route, re.compile(compile_path(route.path)[0].pattern))
    for route in ROUTES
    if route.path in OBJECTS and route.method == "GET"
]


def ids_in(body: bytes) -> NamedIds:
    named = NamedIds()
    for name, value, parent in _values(json.loads(body), "", ""):
        if name in ORGANISATIONS:
            named.organisations.add(value)
        elif name in SET_BY_SYSTEM or (name == "account" and parent == "actor"):
            named.accounts.add(value)
        elif name in SENT:
            named.sent.add(value)
    return named


def _values(value: Any, name: str, parent: str) -> Iterator[tuple[str, str, str]]:
    """Every id as (name of its field, id, name of the field around it)."""
    match value:
        case str() if _is_id(value):
            yield name, value, parent
        case list():
            for member in value:
                yield from _values(member, name, parent)
        case Mapping():
            for field_name, member in value.items():
                if field_name not in FREE:
                    yield from _values(member, field_name, name)


def _is_id(text: str) -> bool:
    try:
        return str(UUID(text)) == text
    except ValueError:
        return False
