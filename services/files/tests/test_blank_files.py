"""Signatures and images on which there is nothing: they are accepted, and marked as blank."""

import io
import json
from pathlib import Path

import pytest
from files.checking.inspecting import inspect_file
from files.checking.unfit import Limits
from PIL import Image, ImageDraw

LIMITS = Limits(pixels=2_000_000, pages=10, json_bytes=10_000, xlsx_bytes=1_000_000)


def drawn(*lengths: float) -> list[dict[str, object]]:
    """Lines of these lengths below each other."""
    return [
        {
            "points": [
                {"x": 1, "y": 12 * at},
                {"x": 1 + length / 2, "y": 12 * at},
                {"x": 1 + length, "y": 12 * at},
            ]
        }
        for at, length in enumerate(lengths)
    ]


def is_blank(folder: Path, content: bytes, declared: str) -> bool:
    path = folder / "upload"
    path.write_bytes(content)
    return bool(inspect_file(str(path), declared, LIMITS)["blank"])


@pytest.mark.parametrize(
    ("strokes", "blank"),
    [
        (drawn(40), False), (drawn(10, 10, 10), False), (drawn(10, 10), True), (drawn(), True),
        ({"strokes": [[{"x": 0, "y": 0}, {"x": 30, "y": 9}, {"x": 30, "y": 40}]]}, False),
        ({"strokes": [[{"x": 0, "y": 0}, {"x": 30, "y": 40}]]}, True), ({"strokes": []}, True),
        ({"anything": "else"}, True), ([{"points": "none"}], True), ([{"points": [{"x": "1"}]}], True),
        ([{"points": [{"x": number % 2, "y": number % 3} for number in range(60)]}], True),
        ([{"points": [{"x": 1e999, "y": 0}, {"x": 0, "y": 0}]}], True),
    ],
)  # fmt: skip
def test_strokes_with_hardly_any_length_extent_or_points_are_blank(
    tmp_path: Path, strokes: object, blank: bool
) -> None:
    assert is_blank(tmp_path, json.dumps(strokes).encode(), "application/json") == blank


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_an_image_of_one_colour_is_blank(tmp_path: Path, kind: str) -> None:
    def saved(picture: Image.Image) -> bytes:
        out = io.BytesIO()
        picture.save(out, kind)
        return out.getvalue()

    paper = Image.new("RGB", (900, 340), "white")
    assert is_blank(tmp_path, saved(paper), f"image/{kind.lower()}")
    ImageDraw.Draw(paper).line((300, 200, 420, 150), fill="#10233d", width=2)
    assert not is_blank(tmp_path, saved(paper), f"image/{kind.lower()}")


def test_a_line_on_a_transparent_background_is_not_blank(tmp_path: Path) -> None:
    transparent = Image.new("RGBA", (900, 340), (0, 0, 0, 0))
    assert is_blank(tmp_path, saved_png(transparent), "image/png")
    ImageDraw.Draw(transparent).line((300, 200, 420, 150), fill="black", width=2)
    assert not is_blank(tmp_path, saved_png(transparent), "image/png")


def saved_png(picture: Image.Image) -> bytes:
    out = io.BytesIO()
    picture.save(out, "PNG")
    return out.getvalue()
