"""Session tokens are stored as hashes only; the token itself is known to the browser alone."""

import hashlib


def token_hash(token: str) -> bytes:
    return hashlib.sha256(token.encode()).digest()
