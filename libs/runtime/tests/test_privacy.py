"""Keys of personal data, tested in memory and in PostgreSQL, and ciphertexts that are bound to their position."""

import asyncio
from collections.abc import AsyncIterator
from uuid import UUID, uuid4

import asyncpg
import pytest
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from qingyuan_local.testing import DatabaseServer
from qingyuan_runtime.log.privacy import (
    CiphertextPosition,
    Erased,
    KeyStore,
    MemoryKeys,
    PostgresKeys,
    Tampered,
    create_script,
    open_,
    seal,
)

POSITION = CiphertextPosition("enterprise-1", 1, "contact")
PLAIN = {"name": "周清源", "phone": "021-5555 0101"}


@pytest.fixture(params=["memory", pytest.param("postgres", marks=pytest.mark.servers)])
async def keys(request: pytest.FixtureRequest) -> AsyncIterator[KeyStore]:
    if request.param == "memory":
        yield MemoryKeys()
        return
    server: DatabaseServer = request.getfixturevalue("postgres_server")
    async with asyncpg.create_pool(await server.fresh("keys"), min_size=1) as pool:
        await pool.execute(create_script())
        await pool.execute(create_script())
        yield PostgresKeys(pool, AESGCM.generate_key(256))


@pytest.fixture
def subject() -> UUID:
    return uuid4()


async def test_a_ciphertext_opens_at_its_own_position(keys: KeyStore, subject: UUID) -> None:
    sealed = await seal(keys, subject, POSITION, PLAIN)
    assert "周清源" not in sealed.model_dump_json()
    assert await open_(keys, sealed, POSITION) == PLAIN


@pytest.mark.parametrize(
    "other",
    [
        CiphertextPosition("enterprise-2", 1, "contact"),
        CiphertextPosition("enterprise-1", 2, "contact"),
        CiphertextPosition("enterprise-1", 1, "x"),
    ],
)
async def test_a_ciphertext_cannot_be_opened_at_another_position(
    keys: KeyStore, subject: UUID, other: CiphertextPosition
) -> None:
    sealed = await seal(keys, subject, POSITION, PLAIN)
    with pytest.raises(Tampered):
        await open_(keys, sealed, other)


async def test_two_seals_of_the_same_text_differ(keys: KeyStore, subject: UUID) -> None:
    first, second = [await seal(keys, subject, POSITION, PLAIN) for _ in range(2)]
    assert first.ciphertext != second.ciphertext


async def test_after_an_erasure_nothing_opens_and_no_key_is_made_again(keys: KeyStore, subject: UUID) -> None:
    sealed = await seal(keys, subject, POSITION, PLAIN)
    await keys.erase(subject)
    await keys.erase(subject)
    with pytest.raises(Erased):
        await open_(keys, sealed, POSITION)
    with pytest.raises(Erased):
        await keys.key(subject)


async def test_a_subject_can_be_erased_before_it_ever_had_a_key(keys: KeyStore, subject: UUID) -> None:
    with pytest.raises(KeyError):
        await keys.existing_key(subject)
    await keys.erase(subject)
    with pytest.raises(Erased):
        await keys.key(subject)


async def test_an_erasure_of_one_leaves_others_alone(keys: KeyStore, subject: UUID) -> None:
    other = uuid4()
    sealed = await seal(keys, other, POSITION, PLAIN)
    await keys.erase(subject)
    assert await open_(keys, sealed, POSITION) == PLAIN


async def test_outstanding_names_the_subjects_that_are_not_erased_yet(keys: KeyStore, subject: UUID) -> None:
    await seal(keys, subject, POSITION, PLAIN)
    never = uuid4()
    assert set(await keys.outstanding([subject, never])) == {subject, never}
    await keys.erase(subject)
    await keys.erase(never)
    assert list(await keys.outstanding([subject, never])) == []
    assert list(await keys.outstanding([])) == []


@pytest.mark.servers
async def test_a_key_made_while_its_subject_is_erased_is_refused_as_erased(
    postgres_server: DatabaseServer, subject: UUID
) -> None:
    """The statement that creates the key begins before the erasure is committed, and waits for it."""
    dsn = await postgres_server.fresh("keys")
    async with asyncpg.create_pool(dsn, min_size=2, max_size=3) as pool, pool.acquire() as erasing:
        await pool.execute(create_script())
        erasure = erasing.transaction()
        await erasure.start()
        await erasing.execute("insert into erased_subject values ($1)", subject)
        making = asyncio.create_task(PostgresKeys(pool, AESGCM.generate_key(256)).key(subject))
        while not await pool.fetchval("select exists (select 1 from pg_locks where not granted)"):
            await asyncio.sleep(0.01)
        await erasure.commit()
        with pytest.raises(Erased):
            await making
