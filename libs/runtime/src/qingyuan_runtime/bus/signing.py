"""The owner's signature on each message: who cannot read a service's keys cannot speak for it.

HMAC-SHA256 and no asymmetric signature: a follower checks some twenty thousand messages a second, and who may read the
keys is a service of this system (docs/decisions/0012). A service's keys are files in one folder, named by their key
ids; the last name in the order of text signs, all that are there verify. So a key is changed by adding a file, and the
old one is taken away once no message of its time is read any more.
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
_LOOK_AGAIN_SECONDS: Final = 2.0

# What is signed, in this order. A header that is added later belongs behind the last, under a new context.
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
    """There is no key to sign with. Nothing is published unsigned: whoever puts one there lets it go on."""


def signed_bytes(key: bytes, headers: Headers, value: bytes) -> bytes:
    """What a signature is over: each part behind its length, so that no two messages come to the same bytes."""
    parts = [_CONTEXT, key, *(headers.get(name) for name in _SIGNED), value]
    return b"".join(_ABSENT if part is None else len(part).to_bytes(4, "big") + part for part in parts)


@dataclass
class Keyring:
    """The keys of one service, from its folder; a file that comes or goes is noticed while the process runs."""

    folder: Path
    _keys: dict[str, bytes] = field(default_factory=dict)
    _looked: float = float("-inf")

    def sign(self, key: bytes, headers: Sequence[tuple[str, bytes]], value: bytes) -> list[tuple[str, bytes]]:
        """The same headers and two more. Raises `NoKeys`."""
        self._look()
        if not self._keys:
            raise NoKeys(f"no key in {self.folder}")
        key_id = max(self._keys)
        signature = self._signature(key_id, key, dict(headers), value)
        return [*headers, (KEY_ID, key_id.encode()), (SIGNATURE, signature)]

    def verify(self, record: Delivered) -> bool | None:
        """Whether its signature is right; None where it bears none, or one by a key that is not here."""
        key_id = record.headers.get(KEY_ID, b"").decode(errors="replace")
        if SIGNATURE not in record.headers or not self._knows(key_id):
            return None
        right = self._signature(key_id, record.key, record.headers, record.value)
        return hmac.compare_digest(right, record.headers[SIGNATURE])

    def _signature(self, key_id: str, key: bytes, headers: Headers, value: bytes) -> bytes:
        digest = hmac.digest(self._keys[key_id], signed_bytes(key, headers, value), "sha256")
        return base64.b64encode(digest)

    def _knows(self, key_id: str) -> bool:
        self._look()
        return key_id in self._keys

    def _look(self) -> None:
        """Read the folder, unless it was just read: also who sends unknown key ids makes nobody read it each time."""
        if time.monotonic() - self._looked >= _LOOK_AGAIN_SECONDS:
            found = {path.name: read_key(path) for path in key_files(self.folder)}
            self._keys = {name: key for name, key in found.items() if key}
            self._looked = time.monotonic()


def key_files(folder: Path) -> list[Path]:
    """Half-written files bear other names: those with a dot are left out."""
    return [path for path in folder.glob("*") if path.is_file() and "." not in path.name]


def read_key(path: Path) -> bytes | None:
    """A file that holds no key is said to, and left out: the other keys are as good as before."""
    try:
        key = base64.b64decode(path.read_text().strip(), validate=True)
    except (OSError, ValueError) as error:
        log.error("signing.key_unreadable", file=str(path), error=type(error).__name__)
        return None
    if len(key) < _SHORTEST_KEY:
        log.error("signing.key_too_short", file=str(path))
        return None
    return key
