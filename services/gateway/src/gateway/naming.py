"""Whose names a person may read: of accounts that stand on a thing which the same person may see.

The gateway asks the view for that thing, as the person; what is not answered there vouches for nobody. Ids that somebody
sent (who came along, who is assigned) count only for the organisations that the thing belongs to: to write a stranger's
id onto one's own visit must not bring out the stranger's name. See docs/decisions/0016.
"""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final
from uuid import UUID

from qingyuan_events import ActorKind
from starlette.routing import compile_path

from gateway.asked import Refused, filled_in
from gateway.routes import ROUTES

THINGS: Final = (
    "/api/views/visits/{visit_id}",
    "/api/views/confirmations/{confirmation_id}",
    "/api/views/plans/{plan_id}",
    "/api/views/contracts/{contract_id}",
    "/api/views/history/{stream}",
)
ORGANISATIONS: Final = frozenset({"operator_id", "enterprise_id", "organisation"})
WRITTEN_BY_US: Final = frozenset({"by", "first_by"})
SENT: Final = frozenset({"account", "companions"})
FREE: Final = frozenset({"values", "particulars", "was", "now"})
"""What people fill in as they like: an id there is a text like any other."""


@dataclass
class Standing:
    """Who stands on a thing, and whose thing it is."""

    accounts: set[str] = field(default_factory=set)
    sent: set[str] = field(default_factory=set)
    organisations: set[str] = field(default_factory=set)

    def headers(self, ids: set[str]) -> dict[str, str]:
        return {
            "x-vouched-accounts": ",".join(sorted(self.accounts & ids)),
            "x-sent-accounts": ",".join(sorted(self.sent & ids)),
            "x-named-organisations": ",".join(sorted(self.organisations)),
        }


def view_of(thing: str, kind: ActorKind) -> str:
    """The path at which the view is asked for `thing`, such as `/views/visits/<id>`. Raises `Refused`."""
    for route, pattern in _THINGS:
        if (found := pattern.match(f"/api{thing}")) and route.who and kind in route.who:
            return filled_in(route, found.groupdict())
    raise Refused(422, "request.malformed", "没有这样的对象，无法显示姓名。")


_THINGS: Final = [
    (route, re.compile(compile_path(route.path)[0].pattern))
    for route in ROUTES
    if route.path in THINGS and route.method == "GET"
]


def standing_on(answer: bytes) -> Standing:
    found = Standing()
    for name, value, above in _values(json.loads(answer), "", ""):
        if name in ORGANISATIONS:
            found.organisations.add(value)
        elif name in WRITTEN_BY_US or (name == "account" and above == "actor"):
            found.accounts.add(value)
        elif name in SENT:
            found.sent.add(value)
    return found


def _values(value: Any, name: str, above: str) -> Iterator[tuple[str, str, str]]:
    """Every id with the name it stands under, and the name above that."""
    match value:
        case str() if _is_id(value):
            yield name, value, above
        case list():
            for part in value:
                yield from _values(part, name, above)
        case Mapping():
            for below, part in value.items():
                if below not in FREE:
                    yield from _values(part, below, name)


def _is_id(text: str) -> bool:
    try:
        return str(UUID(text)) == text
    except ValueError:
        return False
