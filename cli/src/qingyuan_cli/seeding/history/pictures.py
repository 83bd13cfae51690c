"""Drawn pictures and signatures of the demo, instead of photographs of real places and people. Each says that it is a demo."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from io import BytesIO
from itertools import pairwise
from math import cos, pi, sin
from random import Random
from typing import Any, Final

from PIL import Image, ImageDraw, ImageFont
from qingyuan_local.setup import fonts_folder

Json = dict[str, Any]
DEMO: Final = "演示图片"
WITHOUT_FONT: Final = "DEMO"


@dataclass(frozen=True, slots=True)
class Drawing:
    content: bytes
    media_type: str
    name: str

    @property
    def ref(self) -> Json:
        """As a command names it."""
        sha256 = hashlib.sha256(self.content).hexdigest()
        return {"sha256": sha256, "size": len(self.content), "media_type": self.media_type, "name": self.name}


def photo(words: str, name: str = "站房.jpg") -> Drawing:
    picture = Image.new("RGB", (960, 720), (206, 222, 218))
    pen = ImageDraw.Draw(picture)
    pen.rectangle((285, 195, 675, 645), fill=(120, 140, 150), outline=(60, 70, 80), width=6)
    pen.rectangle((330, 250, 630, 390), fill=(24, 60, 66))
    pen.text((345, 300), words, fill=(160, 240, 200), font_size=26)
    _mark(pen, (40, 30), 64)
    return Drawing(_encoded(picture, "JPEG", quality=80), "image/jpeg", name)


@cache
def signature(who: str) -> Mapping[str, Drawing]:
    """A curve that is the same each time for the same person, as an image and as strokes."""
    points = _curve(Random(who))  # noqa: S311 - invented data, the same each time
    image = Image.new("RGB", (480, 200), "white")
    pen = ImageDraw.Draw(image)
    for (x, y, _), (next_x, next_y, _) in pairwise(points):
        pen.line(((x, y), (next_x, next_y)), "black", 5)
    _mark(pen, (380, 170), 20)
    strokes = [{"points": [{"x": x, "y": y, "time": time} for x, y, time in points]}]
    return {
        "image": Drawing(_encoded(image, "PNG"), "image/png", "签名（演示）.png"),
        "strokes": Drawing(json.dumps(strokes).encode(), "application/json", "签名笔迹（演示）.json"),
    }


def scan(title: str, lines: Sequence[str], name: str) -> Drawing:
    """A page that stands for the scan of a paper: a picture where the name says so, else a PDF, the same each time."""
    page = Image.new("RGB", (620, 877), "white")
    pen = ImageDraw.Draw(page)
    pen.rectangle((30, 30, 590, 847), outline=(120, 140, 150), width=3)
    for number, line in enumerate((title, *lines)):
        _written(pen, (70, 90 + 60 * number), line, 30 if number == 0 else 20)
    _mark(pen, (70, 760), 40)
    if name.endswith(".jpg"):
        return Drawing(_encoded(page, "JPEG", quality=80), "image/jpeg", name)
    undated = {"creationDate": None, "modDate": None}
    return Drawing(_encoded(page, "PDF", **undated), "application/pdf", name)


def _written(pen: ImageDraw.ImageDraw, at: tuple[int, int], line: str, size: int) -> None:
    """Without a font with Chinese letters only the numbers and days of the line."""
    if font := _font(size):
        pen.text(at, line, fill="black", font=font)
    else:
        pen.text(at, "".join(sign for sign in line if sign.isascii()), fill="black", font_size=size)


def _curve(random: Random) -> list[tuple[int, int, int]]:
    """Loops of different height that wander to the right, like a name written in a hurry."""
    turns, height, slant = random.uniform(3, 5), random.uniform(30, 55), random.uniform(12, 26)
    return [
        (
            round(50 + 3 * step + slant * cos(2 * pi * turns * step / 110)),
            round(100 + height * sin(2 * pi * turns * step / 110) * (1 - step / 200)),
            12 * step,
        )
        for step in range(110)
    ]


def _mark(pen: ImageDraw.ImageDraw, at: tuple[int, int], size: int) -> None:
    """The fonts that print records have Chinese letters; without them the mark is in Latin letters."""
    if font := _font(size):
        pen.text(at, DEMO, fill=(170, 60, 50), font=font)
    else:
        pen.text(at, WITHOUT_FONT, fill=(170, 60, 50), font_size=size)


@cache
def _font(size: int) -> ImageFont.FreeTypeFont | None:
    path = min(fonts_folder().glob("*.[ot]tf"), default=None)
    return ImageFont.truetype(str(path), size) if path else None


def _encoded(image: Image.Image, form: str, **options: int | None) -> bytes:
    buffer = BytesIO()
    image.save(buffer, form, **options)
    return buffer.getvalue()
