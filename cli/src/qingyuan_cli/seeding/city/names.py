"""Names of the city's people: invented, and sealed as the filing service seals names, each by a key of its own."""

import os
from collections.abc import Iterable, Mapping
from typing import Final
from uuid import UUID

import asyncpg
from qingyuan_events import Personal
from qingyuan_runtime.log.privacy import CiphertextPosition, sealed_with, wrapped

from qingyuan_cli.seeding.city.points import id_of

SURNAMES: Final = "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦尤许"
GIVEN: Final = "清源水澄浩然文博志远明德思齐若谷子安"
BATCH: Final = 1_000
"""Each new key takes a lock until its transaction ends, and the server has room for some thousands."""

_INSERT: Final = """
    insert into subject_key (subject, wrapped) select * from unnest($1::uuid[], $2::bytea[]) on conflict do nothing
"""
Keys = Mapping[UUID, bytes]
"""Of each subject."""


def name_of(number: int) -> str:
    given, surname = divmod(number, len(SURNAMES))
    return f"{SURNAMES[surname]}{GIVEN[given % len(GIVEN)]}{GIVEN[given * 7 % len(GIVEN)]}"


def subject_of(what: str) -> UUID:
    return id_of(f"subject {what}")


def new_keys(subjects: Iterable[UUID]) -> Keys:
    return {subject: os.urandom(32) for subject in subjects}


def sealed(keys: Keys, subject: UUID, position: CiphertextPosition, plain: Mapping[str, str]) -> Personal:
    return sealed_with(keys[subject], subject, position, plain)


async def store(keys_dsn: str, kek: bytes, keys: Keys) -> None:
    """Before the facts that need them."""
    connection = await asyncpg.connect(keys_dsn)
    try:
        rows = [(subject, wrapped(kek, subject, key)) for subject, key in keys.items()]
        for start in range(0, len(rows), BATCH):
            await connection.execute(_INSERT, *zip(*rows[start : start + BATCH], strict=True))
    finally:
        await connection.close()
