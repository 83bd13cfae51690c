"""Only the hash of a session token is stored, so the contents of the database do not suffice to use a session."""

import hashlib


def token_hash(token: str) -> bytes:
    return hashlib.sha256(token.encode()).digest()
