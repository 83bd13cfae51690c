"""The owner's signature on each message, so that only a process with the service's keys can publish for it.

HMAC-SHA256 and not an asymmetric signature, since a follower verifies some twenty thousand messages a second, and only
services of this system may read the keys (docs/decisions/0012). A service's keys are files in one folder, named by key
id. The key whose name sorts last signs, all of them verify. To change the key, add a file, and delete the old one when
messages signed with it are no longer read.
"""

import base64
import hmac
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import structlog

from qingyuan_runtime.bus.port import Delivered
from qingyuan_runtime.process.unavailable import RetryLater

log = structlog.get_logger()

SIGNATURE: Final = "ce_signature"
KEY_ID: Final = "ce_keyid"
_SHORTEST_KEY: Final = 32
_REFRESH_SECONDS: Final = 2.0

# The signed headers, in this order. A header added later goes to the end, together with a new context.
_CONTEXT: Final = b"qingyuan-message-1"
_SIGNED: Final = (
    "ce_id",
    "ce_source",
    "ce_type",
    "ce_subject",
    "ce_streamversion",
    "ce_epoch",
    "ce_time",
    "ce_actor",
    "ce_commandid",
    "ce_correlationid",
    "ce_causationid",
    "ce_traceparent",
)
_ABSENT: Final = b"\xff" * 4

Headers = Mapping[str, bytes]


class NoKeys(RetryLater):
    """There is no key to sign with, and nothing is published unsigned. Publishing goes on when there is one."""


def signed_bytes(key: bytes, headers: Headers, value: bytes) -> bytes:
    """The bytes that are signed. Each part is preceded by its length, so that no two messages give the same bytes."""
    parts = [_CONTEXT, key, *(headers.get(name) for name in _SIGNED), value]
    return b"".join(_ABSENT if part is None else len(part).to_bytes(4, "big") + part for part in parts)


@dataclass
class Keyring:
    """The keys of one service, read from its folder. Added and deleted files are noticed while the process runs."""

    folder: Path
    _keys: dict[str, bytes] = field(default_factory=dict)
    _refreshed: float = float("-inf")

    def sign(self, key: bytes, headers: Sequence[tuple[str, bytes]], value: bytes) -> list[tuple[str, bytes]]:
        """The headers with key id and signature added. Raises `NoKeys`."""
        self._refresh()
        if not self._keys:
            raise NoKeys(f"no key in {self.folder}")
        key_id = max(self._keys)
        signature = self._signature(key_id, key, dict(headers), value)
        return [*headers, (KEY_ID, key_id.encode()), (SIGNATURE, signature)]

    def verify(self, record: Delivered) -> bool | None:
        """Whether the signature is right; None where there is none, or its key is not here."""
        key_id = record.headers.get(KEY_ID, b"").decode(errors="replace")
        if SIGNATURE not in record.headers or not self._has(key_id):
            return None
        right = self._signature(key_id, record.key, record.headers, record.value)
        return hmac.compare_digest(right, record.headers[SIGNATURE])

    def _signature(self, key_id: str, key: bytes, headers: Headers, value: bytes) -> bytes:
        digest = hmac.digest(self._keys[key_id], signed_bytes(key, headers, value), "sha256")
        return base64.b64encode(digest)

    def _has(self, key_id: str) -> bool:
        self._refresh()
        return key_id in self._keys

    def _refresh(self) -> None:
        """Read the folder, but not more often than every two seconds, even if many messages have unknown key ids."""
        if time.monotonic() - self._refreshed >= _REFRESH_SECONDS:
            keys = {path.name: read_key(path) for path in key_files(self.folder)}
            self._keys = {name: key for name, key in keys.items() if key}
            self._refreshed = time.monotonic()


def key_files(folder: Path) -> list[Path]:
    """Files with a dot in their names are left out: keys that are being written have such names."""
    return [path for path in folder.glob("*") if path.is_file() and "." not in path.name]


def read_key(path: Path) -> bytes | None:
    """None for a file that holds no usable key. It is logged and left out, so that the other keys still work."""
    try:
        key = base64.b64decode(path.read_text().strip(), validate=True)
    except (OSError, ValueError) as error:
        log.error("signing.key_unreadable", file=str(path), error=type(error).__name__)
        return None
    if len(key) < _SHORTEST_KEY:
        log.error("signing.key_too_short", file=str(path))
        return None
    return key
