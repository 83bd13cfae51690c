"""A key with its certificate, as somebody carries it: stored in the state folder, locked after ten wrong PINs."""

import base64
import json
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Final, Literal

from qingyuan_certificates.certificate import Certificate, read
from qingyuan_certificates.issuing import Holder, SigningKey
from qingyuan_local.demo_authority import DemoAuthority, Kind, stored_key
from qingyuan_local.state import State, write_private
from qingyuan_runtime.process.clock import now
from qingyuan_standards.uscc import is_uscc

Condition = Literal["good", "no-key", "locked", "expired", "revoked", "wrong-organisation", "no-credit-code"]
DEMO_PIN: Final = "123456"
TRIES: Final = 10
YEAR: Final = timedelta(days=365)
ANOTHER: Final = ("上海他山环境技术有限公司（演示）", "91310120MA1K4WR0NM")
"""Whose certificate it is in the condition `wrong-organisation`."""


class Refused(Exception):
    """The key does not sign. The code is for programs; the sentence is Chinese and may be shown."""

    def __init__(self, code: str, sentence: str) -> None:
        super().__init__(code)
        self.code = code
        self.sentence = sentence


class NotACode(Exception):
    """The given credit code has a wrong check character."""


@dataclass(frozen=True)
class Wish:
    """Whose key it shall be. `number` tells several keys of one organisation apart; `days` is how long it is still valid."""

    name: str
    uscc: str
    kind: Kind = "sm2"
    number: int = 1
    condition: Condition = "good"
    days: int = 365


@dataclass(frozen=True)
class TokenKey:
    folder: Path
    key: SigningKey
    certificate: Certificate
    wish: Wish

    @property
    def wrong(self) -> int:
        """How many wrong PINs were typed one after the other."""
        path = self.folder / "wrong"
        return int(path.read_text()) if path.exists() else 0

    @property
    def is_locked(self) -> bool:
        return self.wish.condition == "locked" or self.wrong >= TRIES

    def sign(self, text: str, pin: str) -> bytes:
        """The signature over the text's UTF-8 bytes. Raises Refused."""
        if self.is_locked:
            raise Refused("key.locked", "密钥已锁定：PIN 码连续输错 10 次。请到发证机构解锁。")
        if pin != DEMO_PIN:
            return self._refuse_pin()
        write_private(self.folder / "wrong", "0")
        return self.key.sign(text.encode())

    def _refuse_pin(self) -> bytes:
        write_private(self.folder / "wrong", str(self.wrong + 1))
        left = TRIES - self.wrong
        if left <= 0:
            raise Refused("key.locked", "密钥已锁定：PIN 码连续输错 10 次。请到发证机构解锁。")
        raise Refused("pin.wrong", f"PIN 码不正确，还可以再试 {left} 次。")

    def shown(self) -> dict[str, object]:
        """What the certificate says, as the page shows it. The server reads the certificate itself."""
        return {
            "key": self.certificate.serial,
            "organisation": self.wish.name,
            "uscc": None if self.wish.condition == "no-credit-code" else self.wish.uscc,
            "serial": self.certificate.serial,
            "valid_from": self.certificate.valid_from.isoformat(),
            "valid_to": self.certificate.valid_to.isoformat(),
            "locked": self.is_locked,
            "certificate": base64.b64encode(self.certificate.der).decode(),
        }


def insert(state: State, wish: Wish) -> TokenKey | None:
    """The key that was wished for, made at the first use. None: no key is inserted. Raises NotACode."""
    if wish.condition == "no-key":
        return None
    wish = _as_conditioned(wish)
    if not is_uscc(wish.uscc):
        raise NotACode(wish.uscc)
    folder = state.folder / "tokens" / f"{wish.uscc}-{wish.kind}-{wish.number}-{wish.condition}-{wish.days}"
    key = stored_key(folder / "key", wish.kind)
    return TokenKey(folder, key, read(_certificate(state, folder, wish, key)), wish)


def _as_conditioned(wish: Wish) -> Wish:
    if wish.condition != "wrong-organisation":
        return wish
    name, uscc = ANOTHER
    return Wish(name, uscc, wish.kind, wish.number, wish.condition, wish.days)


def _certificate(state: State, folder: Path, wish: Wish, key: SigningKey) -> bytes:
    path = folder / "certificate.json"
    if not path.exists():
        content = _issue(state, wish, key)
        write_private(
            path, json.dumps({"name": wish.name, "certificate": base64.b64encode(content).decode()})
        )
    return base64.b64decode(json.loads(path.read_text())["certificate"])


def _issue(state: State, wish: Wish, key: SigningKey) -> bytes:
    authority = DemoAuthority(state)
    authority.make()
    uscc = None if wish.condition == "no-credit-code" else wish.uscc
    ended = wish.condition == "expired"
    valid_to = now() - timedelta(days=1) if ended else now() + timedelta(days=wish.days)
    content = authority.issue(Holder(wish.name, key, uscc=uscc), valid_to - YEAR, valid_to)
    if wish.condition == "revoked":
        authority.revoke(int(read(content).serial, 16))
    return content
