"""Checks images for damage and size, and creates smaller copies for display."""

from io import BytesIO
from pathlib import Path
from typing import Final

from PIL import Image, ImageOps

from files.checking.sniffing import JPEG, PNG, WEBP
from files.checking.unfit import Unfit, broken_is_unfit

# Pillow's own limit is global and partly only a warning. Ours is checked before an image is decoded.
Image.MAX_IMAGE_PIXELS = None

FORMATS: Final = {JPEG: "JPEG", PNG: "PNG", WEBP: "WEBP"}
QUALITY: Final = 85
BLANK_CHECK_PIXELS: Final = 2048
"""The longer side to which an image is reduced before its colours are compared."""

ONE_COLOUR: Final = 24
"""Differences in a channel (of 256) below this count as one colour, since compression causes small ones."""


def check_image(path: Path, media_type: str, pixels: int) -> bool:
    """Decode it once in the detected format. Returns whether all of it is of one colour. Raises `Unfit`."""
    with broken_is_unfit("图片已损坏或不完整，无法打开，请重新拍摄或选择文件。"):
        with Image.open(path, formats=[FORMATS[media_type]]) as image:
            _require_size(image, pixels)
            image.verify()
        with Image.open(path, formats=[FORMATS[media_type]]) as image:
            image.draft("RGB", (image.width // 8, image.height // 8))
            image.load()
            return _is_blank(image)


def _require_size(image: Image.Image, pixels: int) -> None:
    if image.width * image.height > pixels:
        raise Unfit("file.bomb", f"图片像素过多（{image.width}×{image.height}），请缩小后重新上传。")


def _is_blank(image: Image.Image) -> bool:
    """Transparent parts count as white, as they would be displayed."""
    image.thumbnail((BLANK_CHECK_PIXELS, BLANK_CHECK_PIXELS), reducing_gap=None)
    return all(high - low < ONE_COLOUR for low, high in _on_white(image).getextrema())  # type: ignore[misc]


def make_copy(content: bytes, longest: int) -> bytes:
    """A JPEG copy whose longer side is at most `longest` pixels, upright and without metadata."""
    with Image.open(BytesIO(content), formats=list(FORMATS.values())) as image:
        image.draft("RGB", (longest * 2, longest * 2))
        upright = ImageOps.exif_transpose(image)
        upright.thumbnail((longest, longest))
        plain = _on_white(upright)
    plain.info = {}
    out = BytesIO()
    plain.save(out, "JPEG", quality=QUALITY, optimize=True)
    return out.getvalue()


def _on_white(image: Image.Image) -> Image.Image:
    """Transparent parts become white, so that a signature on a transparent background stays readable."""
    if not image.has_transparency_data:
        return image.convert("RGB")
    layer = image.convert("RGBA")
    white = Image.new("RGBA", layer.size, "white")
    return Image.alpha_composite(white, layer).convert("RGB")
