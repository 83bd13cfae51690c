"""What people ask of second steps over HTTP, and a security key made of software."""

import base64
import hashlib
import json
from dataclasses import dataclass, field
from typing import Any

import cbor2
import pyotp
from accounts_making import PASSWORD
from accounts_over_http import NOW, Person
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256

SITE = "qingyuan.example"
AT_SITE = {"X-Client-Site": SITE}
Answered = dict[str, Any]


def code_of(secret: str, seconds: int = 0) -> str:
    return pyotp.TOTP(secret).at(int(NOW.timestamp()) + seconds)


async def enrol_totp(person: Person) -> tuple[str, list[str]]:
    """The secret, whose previous code is used up, and the recovery codes."""
    begun = await person.posts("/factors/totp", {"password": PASSWORD})
    assert begun.status_code == 200, begun.text
    secret: str = begun.json()["secret"]
    confirmed = await person.posts("/factors/totp/confirmation", {"code": code_of(secret, -30)})
    assert confirmed.status_code == 200, confirmed.text
    codes: list[str] = confirmed.json()["codes"]
    return secret, codes


async def begins(person: Person, name: str, **where: str) -> Answered:
    """The first step of a log-in that has a second one."""
    answer = await person.logs_in(name, **(AT_SITE | where))
    assert (answer.status_code, answer.json()["code"]) == (409, "log-in.second-step"), answer.text
    due: Answered = answer.json()
    return due


def b64(content: bytes) -> str:
    return base64.urlsafe_b64encode(content).decode().rstrip("=")


@dataclass
class SoftKey:
    """A security key, as far as the server can see."""

    name: str
    count: int = 0
    key: ec.EllipticCurvePrivateKey = field(default_factory=lambda: ec.generate_private_key(ec.SECP256R1()))

    @property
    def id(self) -> bytes:
        return hashlib.sha256(self.name.encode()).digest()

    def _data(self, flags: int, site: str) -> bytes:
        return hashlib.sha256(site.encode()).digest() + bytes([flags]) + self.count.to_bytes(4, "big")

    def makes(self, options: Answered, site: str = SITE) -> Answered:
        numbers = self.key.public_key().public_numbers()
        public = {1: 2, 3: -7, -1: 1, -2: numbers.x.to_bytes(32, "big"), -3: numbers.y.to_bytes(32, "big")}
        attested = bytes(16) + len(self.id).to_bytes(2, "big") + self.id + cbor2.dumps(public)
        made = {"fmt": "none", "attStmt": {}, "authData": self._data(0x45, site) + attested}
        return self._answer(
            {
                "clientDataJSON": b64(_client("webauthn.create", options, site)),
                "attestationObject": b64(cbor2.dumps(made)),
            }
        )

    def signs(self, options: Answered, site: str = SITE) -> Answered:
        self.count += 1
        client, data = _client("webauthn.get", options, site), self._data(0x05, site)
        signature = self.key.sign(data + hashlib.sha256(client).digest(), ec.ECDSA(SHA256()))
        return self._answer(
            {"clientDataJSON": b64(client), "authenticatorData": b64(data), "signature": b64(signature)}
        )

    def _answer(self, response: Answered) -> Answered:
        return {"id": b64(self.id), "rawId": b64(self.id), "type": "public-key", "response": response}


def _client(kind: str, options: Answered, site: str) -> bytes:
    return json.dumps({"type": kind, "challenge": options["challenge"], "origin": f"https://{site}"}).encode()


async def enrol_key(person: Person, key: SoftKey) -> Answered:
    asked = await person.posts("/factors/webauthn/challenges", {"password": PASSWORD}, **AT_SITE)
    assert asked.status_code == 200, asked.text
    options = asked.json()
    body = {"challenge": options["id"], "name": key.name, "credential": key.makes(options["webauthn"])}
    answer = await person.posts("/factors/webauthn", body)
    assert answer.status_code == 200, answer.text
    made: Answered = answer.json()
    return made
