"""Mutated pictures, PDFs and HEIC: each is taken or refused with a sentence, and no process ends. Seeded: always the same."""

import random
from pathlib import Path

import pytest
from mutating import mutated
from qingyuan_runtime.process import isolated
from test_checks import HEIC, image, pdf, xlsx

pytestmark = pytest.mark.slow

SEEDS = {
    "image/jpeg": image("JPEG", (200, 150)),
    "image/png": image("PNG", (200, 150)),
    "image/webp": image("WEBP", (200, 150)),
    "image/heic": HEIC,
    "application/pdf": pdf(3),
    "application/json": b'{"strokes": [[{"x": 1, "y": 2}, {"x": 50, "y": 60}]]}',
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": xlsx(),
}
EACH = 400


@pytest.mark.parametrize("media_type", SEEDS)
async def test_each_is_taken_or_refused_with_a_sentence(tmp_path: Path, media_type: str) -> None:
    chance = random.Random(media_type)
    for number in range(EACH):
        (tmp_path / f"{number:04}").write_bytes(mutated(SEEDS[media_type], chance))
    outcomes = await isolated.call(
        "looking_at_many:looked_at", str(tmp_path), media_type, seconds=120, megabytes=1536
    )
    assert sum(outcomes.values()) == EACH
    assert "no sentence" not in outcomes
