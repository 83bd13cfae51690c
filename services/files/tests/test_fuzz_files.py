"""Mutated files of every type: each is accepted or refused with a sentence, and none ends the decoding process.

The mutations are seeded, so they are the same in every run.
"""

import random
from pathlib import Path

import pytest
from mutating import mutated
from qingyuan_runtime.process import isolated
from test_checks import HEIC, image, pdf, xlsx

pytestmark = pytest.mark.slow

ORIGINALS = {
    "image/jpeg": image("JPEG", (200, 150)),
    "image/png": image("PNG", (200, 150)),
    "image/webp": image("WEBP", (200, 150)),
    "image/heic": HEIC,
    "application/pdf": pdf(3),
    "application/json": b'{"strokes": [[{"x": 1, "y": 2}, {"x": 30, "y": 9}, {"x": 50, "y": 60}]]}',
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": xlsx(),
}
MUTATIONS = 400


@pytest.mark.parametrize("media_type", ORIGINALS)
async def test_each_mutated_file_is_accepted_or_refused_with_a_sentence(
    tmp_path: Path, media_type: str
) -> None:
    chance = random.Random(media_type)
    for number in range(MUTATIONS):
        (tmp_path / f"{number:04}").write_bytes(mutated(ORIGINALS[media_type], chance))
    outcomes = await isolated.call(
        "inspecting_many:inspect_all", str(tmp_path), media_type, seconds=120, megabytes=1536
    )
    assert sum(outcomes.values()) == MUTATIONS
    assert "no sentence" not in outcomes
