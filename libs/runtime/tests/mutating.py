"""Mutates files, as damage or an attacker could do."""

import random
from typing import Final

NASTY: Final = (
    b"\0\0\0\0",
    b"\xff\xff\xff\xff",
    b"\x7f\xff\xff\xff",
    b"\x80\0\0\0",
    b"\0",
    b"<",
    b"&#0;",
    b"\xd2\xc7",
)


def mutated(content: bytes, chance: random.Random) -> bytes:
    """One to eight changes: bits, runs, lengths, pieces cut out, doubled or moved."""
    changed = bytearray(content)
    for _ in range(chance.randint(1, 8)):
        _change(changed, chance)
    return bytes(changed)


def _change(content: bytearray, chance: random.Random) -> None:
    if not content:
        return
    at = chance.randrange(len(content))
    end = min(len(content), at + chance.randint(1, 40))
    match chance.randrange(6):
        case 0:
            content[at] ^= 1 << chance.randrange(8)
        case 1:
            content[at:end] = chance.randbytes(end - at)
        case 2:
            nasty = chance.choice(NASTY)
            content[at : at + len(nasty)] = nasty
        case 3:
            del content[at:end]
        case 4:
            content[at:at] = content[at:end] * chance.randint(1, 20)
        case _:
            del content[at:]
