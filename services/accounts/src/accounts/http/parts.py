"""What all routes of accounts take and answer with."""

from typing import Annotated

from fastapi import Depends, Request
from qingyuan_runtime.domain.text import AsItIs
from qingyuan_runtime.edge.dependencies import from_state

from accounts.security_log.deed import origin_of
from accounts.service.account_service import AccountService
from accounts.sessions.open_sessions import Origin
from accounts.sessions.opened import Session

NewPassword = Annotated[str, AsItIs(200, least=1)]
Service = Annotated[AccountService, Depends(from_state("accounts"))]


async def origin_header(request: Request) -> Origin:
    return origin_of(request.headers)


Password = Annotated[str, AsItIs(200, least=1)]
From = Annotated[Origin, Depends(origin_header)]


async def hash_header(request: Request) -> bytes:
    """The session's token as the gateway sends it: hashed, so that logs never contain a usable token."""
    try:
        return bytes.fromhex(request.headers.get("x-session-hash", ""))
    except ValueError:
        return b""


Hashed = Annotated[bytes, Depends(hash_header)]


def shown(session: Session, idle_minutes: int) -> dict[str, object]:
    account = session.account
    return {
        "account": {
            "id": str(account.id),
            "name": account.name,
            "label": account.label,
            "kind": account.kind,
            "organisation": str(account.organisation) if account.organisation else None,
            "district": account.district,
            "role": account.role,
            "organisation_name": account.organisation_name,
            "signs": account.signs,
        },
        "expires_at": session.expires_at.isoformat(),
        "idle_minutes": idle_minutes,
        "must": list(session.must),
    }
