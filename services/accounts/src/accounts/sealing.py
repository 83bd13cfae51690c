"""Encrypts secrets that the database keeps and the service must read again, with the key-encryption key of the installation.

Whoever only has the database, or a backup of it, cannot make the codes of an authenticator app.
"""

import os
from typing import Final
from uuid import UUID

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

NONCE_BYTES: Final = 12


class Sealing:
    """AES-256-GCM. The account is authenticated too, so a secret cannot be moved to another account."""

    def __init__(self, key: bytes) -> None:
        self._cipher = AESGCM(key)

    def seal(self, account: UUID, secret: str) -> bytes:
        nonce = os.urandom(NONCE_BYTES)
        return nonce + self._cipher.encrypt(nonce, secret.encode(), account.bytes)

    def open(self, account: UUID, sealed: bytes) -> str:
        return self._cipher.decrypt(sealed[:NONCE_BYTES], sealed[NONCE_BYTES:], account.bytes).decode()
