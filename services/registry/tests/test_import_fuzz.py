"""Mutated workbooks: each is read or refused with a sentence, or makes the reader panic, which ends its isolated process."""

import random
from io import BytesIO
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile

import pytest
from mutating import mutated
from qingyuan_runtime.process import isolated
from test_import import good

pytestmark = pytest.mark.slow

WORKBOOKS, MUTATED_AS_A_WHOLE = 1_200, 200


def with_damaged_part(workbook: bytes, chance: random.Random) -> bytes:
    """A valid archive with one damaged part, which passes the archive's checksums and reaches the reader."""
    out = BytesIO()
    with ZipFile(BytesIO(workbook)) as book, ZipFile(out, "w", ZIP_DEFLATED) as made:
        hit = chance.choice(book.namelist())
        for name in book.namelist():
            content = book.read(name)
            made.writestr(name, mutated(content, chance) if name == hit else content)
    return out.getvalue()


async def test_each_mutated_workbook_is_read_or_refused_with_a_sentence(tmp_path: Path) -> None:
    chance, workbook = random.Random(10), good(3)
    for number in range(WORKBOOKS):
        content = (
            mutated(workbook, chance) if number < MUTATED_AS_A_WHOLE else with_damaged_part(workbook, chance)
        )
        (tmp_path / f"{number:04}").write_bytes(content)
    outcomes = await isolated.call("reading_many:read_all", str(tmp_path), seconds=240, megabytes=1536)
    assert sum(outcomes.values()) == WORKBOOKS
    assert set(outcomes) <= {"read", "refused", "PanicException"}, outcomes
