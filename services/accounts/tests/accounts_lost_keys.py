"""Who asks for a second way in after a lost key, and who decides on it."""

from uuid import UUID, uuid4

import httpx
from accounts_office import Asking, Office
from accounts_over_http import Person
from signature_corpus import USCC

NEW = "another password 电池"
UNKNOWN = "91310115MA1K4CERTJ"


async def asks_for(person: Person, uscc: str = USCC, request: str | None = None) -> httpx.Response:
    body = {
        "id": request or str(uuid4()),
        "uscc": uscc,
        "name": "王",
        "contact": "021-5555",
        "reason": "丢失",
    }
    return await person.posts("/session/lost-key", body, **{"X-Client-Address": "192.0.2.1"})


async def reviewed(somebody: Person, office: Office, system: Asking) -> tuple[str, Asking]:
    """A request of an organisation whose manager came in by certificate, after the first step."""
    manager = await office.enter(somebody)
    request = (await asks_for(somebody)).json()["id"]
    answer = await review(system, request, manager.actor.account)
    assert answer.status_code == 204, answer.text
    return request, manager


async def review(by: Asking, request: str, account: UUID | None) -> httpx.Response:
    return await by.posts(
        f"/admin/lost-keys/{request}/review", {"account": str(account) if account else None, "note": "已核实"}
    )


async def decides(by: Asking, request: str, *, approved: bool = True) -> httpx.Response:
    return await by.posts(f"/admin/lost-keys/{request}/decision", {"approved": approved, "note": "同意"})


async def sets(person: Person, code: str, password: str = NEW, **where: str) -> httpx.Response:
    return await person.posts("/session/lost-key/password", {"code": code, "password": password}, **where)
