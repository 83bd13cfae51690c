"""What WeChat sends to us: events, signed with our token and encrypted with our key."""

import base64
import hashlib
import hmac
import struct
from collections.abc import Mapping
from dataclasses import dataclass
from xml.parsers.expat import ExpatError

import xmltodict
from wechatpy.crypto import PrpCrypto
from wechatpy.exceptions import InvalidAppIdException


class PushRefused(Exception):
    """Not from WeChat, or not for this official account."""


def signature(*parts: str) -> str:
    return hashlib.sha1("".join(sorted(parts)).encode()).hexdigest()  # noqa: S324, WeChat prescribes it


@dataclass(frozen=True, slots=True)
class Pushes:
    """`key` are the 43 characters of EncodingAESKey."""

    app_id: str
    token: str
    key: str

    def answers(self, given: str, timestamp: str, nonce: str, echo: str) -> str:
        """What to answer when WeChat verifies our address. Raises `PushRefused`."""
        self._require(given, timestamp, nonce)
        return echo

    def opened(self, body: bytes, given: str, timestamp: str, nonce: str) -> Mapping[str, str]:
        """The fields of an event, from the encrypted part alone: plain ones beside it may be anybody's. Raises `PushRefused`."""
        encrypted = _fields(body).get("Encrypt", "")
        self._require(given, timestamp, nonce, encrypted)
        return _fields(self._decrypted(encrypted).encode())

    def sealed(self, content: str, timestamp: str, nonce: str) -> tuple[bytes, str]:
        """A push as WeChat would send it, and its signature. For the fake of WeChat and for tests."""
        encrypted = PrpCrypto(self._bytes).encrypt(content, self.app_id).decode()
        body = xmltodict.unparse({"xml": {"ToUserName": self.app_id, "Encrypt": encrypted}}).encode()
        return body, signature(self.token, timestamp, nonce, encrypted)

    def _require(self, given: str, *parts: str) -> None:
        """Without a token of our own anybody could sign."""
        if not self.token:
            raise PushRefused("not configured")
        if not hmac.compare_digest(signature(self.token, *parts).encode(), given.encode()):
            raise PushRefused("signature")

    def _decrypted(self, encrypted: str) -> str:
        try:
            return str(PrpCrypto(self._bytes).decrypt(encrypted, self.app_id))
        except (InvalidAppIdException, ValueError, IndexError, struct.error) as error:
            raise PushRefused("encrypted part") from error

    @property
    def _bytes(self) -> bytes:
        return base64.b64decode(f"{self.key}=")


def _fields(body: bytes) -> dict[str, str]:
    try:
        fields = xmltodict.parse(body, disable_entities=True)["xml"]
    except (ExpatError, ValueError, KeyError, TypeError) as error:
        raise PushRefused("XML") from error
    if not isinstance(fields, dict):
        raise PushRefused("XML")
    return {name: value for name, value in fields.items() if isinstance(value, str)}
