"""A session's token is known to its browser; here only its hash is."""

import hashlib


def token_hash(token: str) -> bytes:
    return hashlib.sha256(token.encode()).digest()
