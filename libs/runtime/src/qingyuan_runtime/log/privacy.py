"""Personal data in an immutable log: encrypted with a key for each person, and erased by destroying the key.

AES-256-GCM through `cryptography`. A person's key is stored wrapped by a key-encryption key, in a database of its own.
A row of `erased_subject` remains after the key is deleted, so that no new key is ever made for this person.
"""

import base64
import json
import os
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from typing import Protocol
from uuid import UUID

import asyncpg
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from qingyuan_events import Personal

from qingyuan_runtime.database.connections import Pool

ERASED_MEANWHILE = "QY010"
"""SQLSTATE of the trigger that refuses a key: the subject was erased after the statement had begun."""


class Erased(Exception):
    """The subject's key was destroyed; nothing about it can be read or written any more."""


class Tampered(Exception):
    """The ciphertext was changed, or belongs to another position in the log."""


class KeyStore(Protocol):
    async def key(self, subject: UUID) -> bytes:
        """The subject's 32-byte key, generated at the first call. Raises `Erased`."""
        ...

    async def existing_key(self, subject: UUID) -> bytes:
        """The subject's key if there is one. Raises `Erased` after an erasure, KeyError when there never was one."""
        ...

    async def erase(self, subject: UUID) -> None:
        """Mark the subject as erased, then delete the key. Safe to repeat."""
        ...

    async def outstanding(self, subjects: Collection[UUID]) -> Sequence[UUID]:
        """Those of the subjects that are not erased here: not marked yet, or with a key that a restore brought back."""
        ...


@dataclass(frozen=True, slots=True)
class CiphertextPosition:
    """Where a ciphertext is stored. It is authenticated with it, so it cannot be decrypted anywhere else."""

    stream: str
    version: int
    field: str

    def bound(self) -> bytes:
        return f"{self.stream}/{self.version}/{self.field}".encode()


async def seal(
    keys: KeyStore, subject: UUID, position: CiphertextPosition, plain: Mapping[str, str]
) -> Personal:
    """Encrypt `plain` for one position in the log. Raises `Erased`."""
    return sealed_with(await keys.key(subject), subject, position, plain)


def sealed_with(
    key: bytes, subject: UUID, position: CiphertextPosition, plain: Mapping[str, str]
) -> Personal:
    """`plain` encrypted by the subject's key."""
    nonce = os.urandom(12)
    text = json.dumps(dict(plain), ensure_ascii=False).encode()
    ciphertext = AESGCM(key).encrypt(nonce, text, position.bound())
    return Personal(subject=subject, nonce=_b64(nonce), ciphertext=_b64(ciphertext))


async def seal_again(
    keys: KeyStore, subjects: tuple[UUID, UUID], position: CiphertextPosition, plain: Mapping[str, str]
) -> Personal:
    """Encrypt with the key of the first subject, the present one, or of the second, new one if that was destroyed.

    It may be destroyed without a recorded erasure after the log was restored to a state before the erasure.
    """
    present, new = subjects
    try:
        return await seal(keys, present, position, plain)
    except Erased:
        return await seal(keys, new, position, plain)


async def open_(keys: KeyStore, personal: Personal, position: CiphertextPosition) -> dict[str, str]:
    """The plain text. Raises `Erased` or `Tampered`."""
    key = await keys.existing_key(personal.subject)
    nonce, ciphertext = base64.b64decode(personal.nonce), base64.b64decode(personal.ciphertext)
    try:
        plain: dict[str, str] = json.loads(AESGCM(key).decrypt(nonce, ciphertext, position.bound()))
    except InvalidTag:
        raise Tampered(position.bound().decode()) from None
    return plain


def read_kek(path: Path) -> bytes:
    """The key-encryption key: 32 bytes, base64, in a file only the service may read."""
    return base64.b64decode(path.read_text().strip())


class MemoryKeys:
    """Keys in memory, for tests: the same contract as `PostgresKeys`."""

    def __init__(self) -> None:
        self._keys: dict[UUID, bytes] = {}
        self._erased: set[UUID] = set()

    async def key(self, subject: UUID) -> bytes:
        if subject in self._erased:
            raise Erased
        return self._keys.setdefault(subject, AESGCM.generate_key(256))

    async def existing_key(self, subject: UUID) -> bytes:
        if subject in self._erased:
            raise Erased
        return self._keys[subject]

    async def erase(self, subject: UUID) -> None:
        self._erased.add(subject)
        self._keys.pop(subject, None)

    async def outstanding(self, subjects: Collection[UUID]) -> Sequence[UUID]:
        return [subject for subject in subjects if subject not in self._erased or subject in self._keys]


class PostgresKeys:
    """Wrapped keys in PostgreSQL. `kek` is 32 bytes and never stored beside them."""

    def __init__(self, pool: Pool, kek: bytes) -> None:
        self._pool = pool
        self._kek, self._cipher = kek, AESGCM(kek)

    async def key(self, subject: UUID) -> bytes:
        try:
            await self._insert_key(subject)
        except asyncpg.PostgresError as error:
            if error.sqlstate == ERASED_MEANWHILE:
                raise Erased from error
            raise
        return await self.existing_key(subject)

    async def _insert_key(self, subject: UUID) -> None:
        """Store a new key where the subject has none and is not erased."""
        await self._pool.execute(
            """
            insert into subject_key (subject, wrapped)
            select $1, $2 where not exists (select 1 from erased_subject where subject = $1)
            on conflict do nothing
            """,
            subject,
            self._wrap(subject, AESGCM.generate_key(256)),
        )

    async def existing_key(self, subject: UUID) -> bytes:
        row = await self._pool.fetchrow(
            """
            select (select wrapped from subject_key where subject = $1) as wrapped,
                   exists (select 1 from erased_subject where subject = $1) as erased
            """,
            subject,
        )
        assert row is not None
        if row["erased"]:
            raise Erased
        if row["wrapped"] is None:
            raise KeyError(subject)
        return self._unwrap(subject, row["wrapped"])

    async def erase(self, subject: UUID) -> None:
        async with self._pool.acquire() as connection, connection.transaction():
            await connection.execute("insert into erased_subject values ($1) on conflict do nothing", subject)
            await connection.execute("delete from subject_key where subject = $1", subject)

    async def outstanding(self, subjects: Collection[UUID]) -> Sequence[UUID]:
        rows = await self._pool.fetch(
            """
            select subject from unnest($1::uuid[]) subject
             where not exists (select 1 from erased_subject e where e.subject = subject.subject)
                or exists (select 1 from subject_key k where k.subject = subject.subject)
            """,
            list(subjects),
        )
        return [row["subject"] for row in rows]

    def _wrap(self, subject: UUID, key: bytes) -> bytes:
        return wrapped(self._kek, subject, key)

    def _unwrap(self, subject: UUID, wrapped: bytes) -> bytes:
        return self._cipher.decrypt(wrapped[:12], wrapped[12:], subject.bytes)


def wrapped(kek: bytes, subject: UUID, key: bytes) -> bytes:
    """A subject's key as it is stored."""
    nonce = os.urandom(12)
    return nonce + AESGCM(kek).encrypt(nonce, key, subject.bytes)


def create_script() -> str:
    """SQL of the key database. Running it again changes nothing."""
    return (files("qingyuan_runtime.log") / "sql" / "keys.sql").read_text()


def _b64(raw: bytes) -> str:
    return base64.b64encode(raw).decode()
