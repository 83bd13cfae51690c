"""Who may say what to the other services: a key pair (Ed25519) for each issuer, and public keys for whoever listens.

The private keys of an issuer are JWK files in a folder of its own; the name that comes last in the order of text signs.
The public ones are files of the same names, in a folder named after the issuer, and all that are there verify. So a key
is changed by adding a pair, and the old one is taken away a day later. A token names its key (`kid`) and its issuer
(`iss`), and is believed of that issuer alone: the key of accounts makes nobody a regulator (docs/decisions/0012).
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
_LOOK_AGAIN_SECONDS: Final = 2.0

Claims = Mapping[str, Any]
log = structlog.get_logger()


class NotIssued(Exception):
    """The token is not this issuer's: forged, altered, of another's key, or of one that is trusted no longer."""


class NoSigningKey(Exception):
    """This process has no key to speak with, or speaks for somebody else."""


class Signs(Protocol):
    def sign(self, issuer: Issuer, claims: Claims) -> str:
        """A token that says these claims in the name of `issuer`. Raises `NoSigningKey` where that is not ours to say."""
        ...


class Trusts(Protocol):
    def read(self, token: str, issuer: Issuer) -> Claims:
        """What `issuer` said. Raises `NotIssued`."""
        ...


@dataclass
class _Folder:
    """Keys by their names, read again when files come or go: every so often, and at once where a name is not as it was."""

    path: Path
    _keys: dict[str, OKPKey] = field(default_factory=dict)
    _files: list[Path] = field(default_factory=list)
    _looked: float | None = None

    def newest(self) -> str | None:
        """The name of the key that signs. One whose file was taken away does so no more: nobody believes it."""
        self._look_now_and_then()
        name = max(self._keys, default=None)
        if name and not (self.path / f"{name}.json").exists():
            self._look()
            name = max(self._keys, default=None)
        return name

    def key(self, name: str) -> OKPKey | None:
        """Who signs may have looked before us: for a name that is not known the files are asked, and read if they changed."""
        self._look_now_and_then()
        if name not in self._keys and self._present() != self._files:
            self._look()
        return self._keys.get(name)

    def _look_now_and_then(self) -> None:
        if self._looked is None or time.monotonic() - self._looked >= _LOOK_AGAIN_SECONDS:
            self._look()

    def _look(self) -> None:
        self._files = self._present()
        found = {path.stem: read_key(path) for path in self._files}
        self._keys = {name: key for name, key in found.items() if key}
        self._looked = time.monotonic()

    def _present(self) -> list[Path]:
        return sorted(self.path.glob("*.json"))


def read_key(path: Path) -> OKPKey | None:
    """A file that holds no key is said to, and left out: the others are as good as before."""
    try:
        return OKPKey.import_key(json.loads(path.read_text()))
    except (OSError, ValueError, JoseError) as error:
        log.error("issuing.key_unreadable", file=str(path), error=type(error).__name__)
        return None


class Signer:
    """Speaks for one issuer with the newest key of a folder."""

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
    """Believes what is signed by the public keys in a folder, which has a folder for each issuer."""

    def __init__(self, folder: Path) -> None:
        self._folders = {issuer: _Folder(folder / issuer) for issuer in ISSUERS}

    def read(self, token: str, issuer: Issuer) -> Claims:
        return _read_token(token, issuer, self._folders[issuer].key)


class Nobody:
    """For documentation: no token is anybody's."""

    def sign(self, issuer: Issuer, _claims: Claims) -> str:
        raise NoSigningKey(issuer)

    def read(self, _token: str, issuer: Issuer) -> Claims:
        raise NotIssued(issuer)


NOBODY: Final = Nobody()


@dataclass
class EveryIssuer:
    """For tests: the keys of all issuers in one hand."""

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
