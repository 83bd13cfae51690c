"""What a stored password looks like, and that one stored at another cost still opens the account."""

from accounts.passwords.hashing import Passwords
from pwdlib import PasswordHash
from pwdlib.hashers.argon2 import Argon2Hasher


async def test_a_password_is_hashed_at_the_cost_that_was_decided() -> None:
    assert (await Passwords().hash("correct horse")).startswith("$argon2id$v=19$m=19456,t=2,p=1$")


async def test_a_hash_of_another_cost_is_verified_by_its_own() -> None:
    stored = PasswordHash((Argon2Hasher(time_cost=3, memory_cost=8192, parallelism=2),)).hash("correct horse")
    passwords = Passwords()
    assert await passwords.verify("correct horse", stored)
    assert not await passwords.verify("wrong horse", stored)


async def test_nobody_has_the_password_of_an_unknown_account() -> None:
    assert not await Passwords().verify("nobody has this password", None)
