"""Images: whether they are whole and of bearable size, and the copies that are shown instead of them."""

from io import BytesIO
from pathlib import Path
from typing import Final

from PIL import Image, ImageOps

from files.checking.sniffing import JPEG, PNG, WEBP
from files.checking.unfit import Unfit, broken_is_unfit

# Pillow's own limit is one for the whole process and partly a warning; ours is checked before anything is decoded.
Image.MAX_IMAGE_PIXELS = None

FORMATS: Final = {JPEG: "JPEG", PNG: "PNG", WEBP: "WEBP"}
QUALITY: Final = 85
SEEN: Final = 2048
ONE_COLOUR: Final = 24
"""Steps of 256 in any channel that are no drawing: compression alone makes a few."""


def check_image(path: Path, media_type: str, pixels: int) -> bool:
    """Decode it once, as what it was sniffed to be. Whether all of it is of one colour. Raises `Unfit`."""
    with broken_is_unfit("图片已损坏或不完整，无法打开，请重新拍摄或选择文件。"):
        with Image.open(path, formats=[FORMATS[media_type]]) as image:
            _require_bearable(image, pixels)
            image.verify()
        with Image.open(path, formats=[FORMATS[media_type]]) as image:
            image.draft("RGB", (image.width // 8, image.height // 8))
            image.load()
            return _is_blank(image)


def _require_bearable(image: Image.Image, pixels: int) -> None:
    if image.width * image.height > pixels:
        raise Unfit("file.bomb", f"图片像素过多（{image.width}×{image.height}），请缩小后重新上传。")


def _is_blank(image: Image.Image) -> bool:
    """As it would be seen: what is transparent is white."""
    image.thumbnail((SEEN, SEEN), reducing_gap=None)
    return all(high - low < ONE_COLOUR for low, high in _on_white(image).getextrema())  # type: ignore[misc]


def make_copy(content: bytes, longest: int) -> bytes:
    """A JPEG whose longer side is at most `longest`, upright, without any metadata."""
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
    """What is transparent becomes white: a signature drawn on nothing stays readable."""
    if not image.has_transparency_data:
        return image.convert("RGB")
    layer = image.convert("RGBA")
    white = Image.new("RGBA", layer.size, "white")
    return Image.alpha_composite(white, layer).convert("RGB")
