"""Whoever holds a certificate of the corpus, and a trust that tests change."""

import base64
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import cache

import httpx
from accounts_over_http import NOW, Person
from qingyuan_certificates import issuing
from qingyuan_certificates.certificate import read
from qingyuan_certificates.issuing import Holder
from qingyuan_certificates.revocation import read_list
from qingyuan_certificates.verifying import Trust
from qingyuan_runtime.database.connections import Pool
from signature_corpus import NAME, USCC, Kind, authorities, authority, key_of

SPAN = (NOW - timedelta(days=30), NOW + timedelta(days=300))


class MovedTrust:
    """The authorities of the corpus, with lists that are fresh at the tests' time."""

    def __init__(self) -> None:
        self.revoked: list[tuple[int, datetime]] = []
        self.lists_made, self.lists_next = NOW, NOW + timedelta(days=1)

    def trust(self) -> Trust:
        both: tuple[Kind, Kind] = ("sm2", "rsa")
        roots = [read(authorities(kind).root_der) for kind in both]
        between = [read(authorities(kind).middle_der) for kind in both]
        made = [
            (kind, role, 0 if role == "签发机构" else None) for kind in both for role in ("根", "签发机构")
        ]
        lists = [
            issuing.revocation_list(
                authority(kind, role, length), self.revoked, self.lists_made, self.lists_next
            )
            for kind, role, length in made
        ]
        return Trust(roots, between, [read_list(content) for content in lists])


@dataclass(frozen=True)
class Token:
    """A key with its certificate, as somebody carries it."""

    holder: Holder
    certificate: bytes

    def signs(self, text: str) -> dict[str, str]:
        return {
            "certificate": base64.b64encode(self.certificate).decode(),
            "signature": base64.b64encode(self.holder.key.sign(text.encode())).decode(),
        }


@cache
def token(kind: Kind = "sm2", *, name: str = NAME, uscc: str = USCC, serial: int = 0x1001) -> Token:
    holder = Holder(name, key_of(kind, f"单位 {serial}"), uscc=uscc)
    return Token(holder, issuing.issue(holder, authorities(kind).middle, *SPAN, serial))


def of_another(kind: Kind = "sm2") -> Token:
    return replace(token(kind), holder=replace(token(kind).holder, key=key_of(kind, "另一单位")))


async def came_by_certificate(pool: Pool) -> None:
    """All sessions that are open: they go on when the certificate is demanded."""
    await pool.execute("update sessions set by_certificate = true")


async def asks(person: Person, site: str = "qingyuan.example") -> dict[str, str]:
    answer = await person.posts("/session/challenges", None, **{"X-Client-Site": site})
    assert answer.status_code == 201, answer.text
    challenge: dict[str, str] = answer.json()
    return challenge


async def comes_with(
    person: Person, token: Token, challenge: dict[str, str] | None = None, *, register: bool = True
) -> httpx.Response:
    """With `register` whoever holds it says what it is asked: of an operator, and where that is known already, somebody new."""
    answer = await _comes(person, token, challenge, {"register": "operator"} if register else {})
    if register and answer.status_code == 409 and answer.json()["code"] == "certificate.unknown-holder":
        return await _comes(person, token, None, {"register": "technician"})
    return answer


async def _comes(
    person: Person, token: Token, challenge: dict[str, str] | None, more: dict[str, str]
) -> httpx.Response:
    asked = challenge or await asks(person)
    body = {"challenge": asked["id"]} | token.signs(asked["text"]) | more
    return await person.posts("/session/certificate", body)
