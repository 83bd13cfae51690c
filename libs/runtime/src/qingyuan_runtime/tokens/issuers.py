"""Signed tokens between services: each issuer has Ed25519 key pairs, and the other services have the public keys.

The private keys of an issuer are JWK files in a folder of its own; the key whose name sorts last signs. The public keys
are files of the same names in a folder named after the issuer, and all of them verify. To change the key, add a pair, and
delete the old one a day later. A token names its key (`kid`) and its issuer (`iss`), and the key must be one of that
issuer: with a key of accounts nobody can issue the gateway's tokens (docs/decisions/0012).
"""

import json
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final, Protocol

import structlog
from joserfc import jws, jwt
from joserfc.errors import JoseError
from joserfc.jwk import OKPKey

from qingyuan_runtime.topology import ISSUERS, Issuer

ALGORITHM: Final = "Ed25519"
_REFRESH_SECONDS: Final = 2.0

Claims = Mapping[str, Any]
log = structlog.get_logger()


class NotIssued(Exception):
    """The token was not signed by this issuer with a key that is trusted now."""


class NoSigningKey(Exception):
    """This process has no private key, or none of this issuer."""


class Signs(Protocol):
    def sign(self, issuer: Issuer, claims: Claims) -> str:
        """A token with these claims, issued by `issuer`. Raises `NoSigningKey`."""
        ...


class Trusts(Protocol):
    def read(self, token: str, issuer: Issuer) -> Claims:
        """The claims of a token issued by `issuer`. Raises `NotIssued`."""
        ...


@dataclass
class _Folder:
    """The keys in a folder by name. The folder is read again every two seconds, and at once if a key that is needed is new."""

    path: Path
    _keys: dict[str, OKPKey] = field(default_factory=dict)
    _files: list[Path] = field(default_factory=list)
    _refreshed: float | None = None

    def newest(self) -> str | None:
        """The name of the key that signs. A key whose file was deleted is not used, since other services no longer accept it."""
        self._refresh_if_due()
        name = max(self._keys, default=None)
        if name and not (self.path / f"{name}.json").exists():
            self._refresh()
            name = max(self._keys, default=None)
        return name

    def key(self, name: str) -> OKPKey | None:
        """The key of this name. If it is unknown, changed files are read at once: the signing process may have read a new key first."""
        self._refresh_if_due()
        if name not in self._keys and self._present() != self._files:
            self._refresh()
        return self._keys.get(name)

    def _refresh_if_due(self) -> None:
        if self._refreshed is None or time.monotonic() - self._refreshed >= _REFRESH_SECONDS:
            self._refresh()

    def _refresh(self) -> None:
        self._files = self._present()
        keys = {path.stem: read_key(path) for path in self._files}
        self._keys = {name: key for name, key in keys.items() if key}
        self._refreshed = time.monotonic()

    def _present(self) -> list[Path]:
        return sorted(self.path.glob("*.json"))


def read_key(path: Path) -> OKPKey | None:
    """None for a file that holds no usable key. It is logged and left out, so that the other keys still work."""
    try:
        return OKPKey.import_key(json.loads(path.read_text()))
    except (OSError, ValueError, JoseError) as error:
        log.error("issuing.key_unreadable", file=str(path), error=type(error).__name__)
        return None


class Signer:
    """Signs for one issuer with the newest key of a folder."""

    def __init__(self, issuer: Issuer, folder: Path) -> None:
        self._issuer = issuer
        self._folder = _Folder(folder)

    def sign(self, issuer: Issuer, claims: Claims) -> str:
        name = self._folder.newest()
        key = self._folder.key(name) if name else None
        if issuer != self._issuer or name is None or key is None:
            raise NoSigningKey(f"{self._issuer} speaks for {issuer} with {name or 'no key'}")
        return _signed(issuer, name, claims, key)


class Trusted:
    """Verifies with the public keys in a folder, which has a subfolder for each issuer."""

    def __init__(self, folder: Path) -> None:
        self._folders = {issuer: _Folder(folder / issuer) for issuer in ISSUERS}

    def read(self, token: str, issuer: Issuer) -> Claims:
        return _read_token(token, issuer, self._folders[issuer].key)


class Nobody:
    """Issues and accepts no token. For an edge that is only built for its OpenAPI document."""

    def sign(self, issuer: Issuer, _claims: Claims) -> str:
        raise NoSigningKey(issuer)

    def read(self, _token: str, issuer: Issuer) -> Claims:
        raise NotIssued(issuer)


NOBODY: Final = Nobody()


@dataclass
class EveryIssuer:
    """For tests: signs and verifies for all issuers."""

    _keys: dict[str, OKPKey] = field(default_factory=dict)

    def sign(self, issuer: Issuer, claims: Claims) -> str:
        return _signed(issuer, issuer, claims, self._key(issuer))

    def read(self, token: str, issuer: Issuer) -> Claims:
        return _read_token(token, issuer, lambda name: self._key(issuer) if name == issuer else None)

    def _key(self, issuer: Issuer) -> OKPKey:
        return self._keys.setdefault(issuer, OKPKey.generate_key("Ed25519"))


def _signed(issuer: Issuer, name: str, claims: Claims, key: OKPKey) -> str:
    header = {"alg": ALGORITHM, "kid": name}
    return jwt.encode(header, {**claims, "iss": issuer}, key, algorithms=[ALGORITHM])


def _read_token(token: str, issuer: Issuer, key_of: Callable[[str], OKPKey | None]) -> Claims:
    try:
        key = key_of(str(jws.extract_compact(token.encode()).headers().get("kid")))
        if key is None:
            raise NotIssued("its key is not trusted here")
        claims = jwt.decode(token, key, algorithms=[ALGORITHM]).claims
    except (JoseError, ValueError, TypeError) as error:
        raise NotIssued(type(error).__name__) from error
    if claims.get("iss") != issuer:
        raise NotIssued("of another issuer")
    return claims
