"""Which files are accepted and which refused: an example for each refusal, and similar files that are accepted."""

import base64
import io
import json
import struct
import zipfile
import zlib
from pathlib import Path

import openpyxl
import pikepdf
import pytest
from files.checking.check import require_as_announced
from files.checking.images import make_copy
from files.checking.inspecting import inspect_file
from files.checking.sniffing import XLSX
from files.checking.unfit import Limits, Unfit
from files.naming import download_name
from files.upload_repository import Announced
from PIL import Image
from uploading import photo, sha256

LIMITS = Limits(pixels=2_000_000, pages=10, json_bytes=10_000, xlsx_bytes=1_000_000)


def checked(folder: Path, content: bytes, declared: str = "", **announcement: object) -> str:
    """The media type, or the code of the refusal."""
    path = folder / "upload"
    path.write_bytes(content)
    announced = Announced("名.bin", declared, str(announcement.get("sha256", sha256(content))), len(content))
    try:
        require_as_announced(path, announced)
        return str(inspect_file(str(path), declared, LIMITS)["media_type"])
    except Unfit as unfit:
        return unfit.code if unfit.sentence.endswith("。") else "no sentence"


def image(kind: str, size: tuple[int, int] = (60, 40), mode: str = "RGB") -> bytes:
    out = io.BytesIO()
    Image.new(mode, size, "red").save(out, kind)
    return out.getvalue()


def pdf(pages: int = 1, encryption: pikepdf.Encryption | bool = False) -> bytes:
    out = io.BytesIO()
    with pikepdf.new() as document:
        for _ in range(pages):
            document.add_blank_page()
        document.save(out, encryption=encryption)
    return out.getvalue()


def xlsx() -> bytes:
    out = io.BytesIO()
    openpyxl.Workbook().save(out)
    return out.getvalue()


def archive(**parts: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as made:
        for name, content in parts.items():
            made.writestr(name, content)
    return out.getvalue()


def with_part(workbook: bytes, name: str, content: bytes) -> bytes:
    out = io.BytesIO(workbook)
    with zipfile.ZipFile(out, "a", zipfile.ZIP_DEFLATED) as made:
        made.writestr(name, content)
    return out.getvalue()


def png_header(width: int, height: int) -> bytes:
    """A PNG whose header declares this size, with next to no image data."""

    def chunk(kind: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(b"")) + chunk(b"IEND", b"")
    )


def named_in_gbk() -> bytes:
    """A workbook with a file name in GBK, which the flag in its central directory declares as UTF-8."""
    content = bytearray(with_part(xlsx(), "xl/NAME", b"x"))
    name = content.rfind(b"xl/NAME")
    content[name + 3 : name + 7] = "仪器".encode("gbk")
    content[name - 46 + 9] |= 8
    return bytes(content)


HEIC = base64.b64decode(
    "AAAAHGZ0eXBoZWljAAAAAG1pZjFoZWljbWlhZgAAAX1tZXRhAAAAAAAAACFoZGxyAAAAAAAAAABwaWN0AAAAAAAAAAAAAAAAAAAAACJpbG9jAAAA"
    "AERAAAEAAQAAAAABoQABAAAAAAAAAB0AAAAjaWluZgAAAAAAAQAAABVpbmZlAgAAAAABAABodmMxAAAAAA5waXRtAAAAAAABAAAA/WlwcnAAAADd"
    "aXBjbwAAAHZodmNDAQNwAAAAkAAAAAAAHvAA/P34+AAADwNgAAEAGEABDAH//wNwAAADAJAAAAMAAAMAHroCQGEAAQAqQgEBA3AAAAMAkAAAAwAA"
    "AwAeoCCBBZbq5Ka5uAhoMCAAAAMDIAAAAwAhYgABAAZEAcFzwIkAAAATY29scm5jbHgAAQANAAaAAAAAFGlzcGUAAAAAAAAAQAAAAEAAAAAoY2xh"
    "cAAAAEAAAAABAAAAMAAAAAEAAAAAAAAAAv////AAAAACAAAAEHBpeGkAAAAAAwgICAAAABhpcG1hAAAAAAAAAAEAAQWBAgMFhAAAACVtZGF0AAAA"
    "GSgBrwQY+AkLfY7HmeoW3Qk8H8GjJNIG28A="
)
"""64 by 48, as libheif writes it."""
EXE = b"MZ\x90\x00" + b"\0" * 300

GOOD = {
    "jpeg": (photo(), "image/jpeg", "image/jpeg"),
    "jpeg by its other name": (photo(), "image/jpg", "image/jpeg"),
    "png": (image("PNG"), "image/png", "image/png"),
    "webp": (image("WEBP"), "image/webp", "image/webp"),
    "heic": (HEIC, "image/heic", "image/heic"),
    "heif": (HEIC, "image/heif", "image/heif"),
    "pdf": (pdf(), "application/pdf", "application/pdf"),
    "json": (json.dumps({"strokes": [[1, 2]]}).encode(), "application/json", "application/json"),
    "json list": (b'[{"x": 1}]', "application/json", "application/json"),
    "xlsx": (xlsx(), XLSX, XLSX),
    "undeclared jpeg": (photo(), "", "image/jpeg"),
    "undeclared xlsx": (xlsx(), "application/octet-stream", XLSX),
    "as many pages as may be": (pdf(10), "application/pdf", "application/pdf"),
}


@pytest.mark.parametrize("name", GOOD)
def test_the_file_is_accepted(tmp_path: Path, name: str) -> None:
    content, declared, media_type = GOOD[name]
    assert checked(tmp_path, content, declared) == media_type


BAD = {
    "renamed program": (EXE, "image/jpeg", "file.type"),
    "program with the head of a photo": (b"\xff\xd8\xff\xe0\x00\x10JFIF" + EXE, "image/jpeg", "file.broken"),
    "page": (b"<html><script>alert(1)</script>", "image/png", "file.type"),
    "drawing with scripts": (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "image/svg+xml", "file.type"),
    "gif": (image("GIF"), "image/gif", "file.type"),
    "bmp": (image("BMP"), "image/bmp", "file.type"),
    "another type than declared": (pdf(), "image/jpeg", "file.type"),
    "photo called pdf": (photo(), "application/pdf", "file.type"),
    "text": (b"hello", "text/plain", "file.type"),
    "cut photo": (photo()[:-5000], "image/jpeg", "file.broken"),
    "cut png": (image("PNG")[:-20], "image/png", "file.broken"),
    "large image": (image("PNG", (2000, 1001)), "image/png", "file.bomb"),
    "bomb": (png_header(60_000, 60_000), "image/png", "file.bomb"),
    "bomb beyond any Pillow limit": (png_header(2**31 - 1, 2**31 - 1), "image/png", "file.bomb"),
    "broken pdf": (b"%PDF-1.7\nnothing", "application/pdf", "file.broken"),
    "locked pdf": (
        pdf(encryption=pikepdf.Encryption(owner="a", user="b")), "application/pdf", "file.broken",
    ),
    "pdf with too many pages": (pdf(11), "application/pdf", "file.too-large"),
    "broken json": (b'{"a":', "application/json", "file.broken"),
    "deep json": (b'{"a":' + b"[" * 4000 + b"]" * 4000 + b"}", "application/json", "file.broken"),
    "json in no known letters": (b'{"a": "\xff"}', "application/json", "file.broken"),
    "large json": (b'{"a": "' + b"x" * 10_000 + b'"}', "application/json", "file.too-large"),
    "cut heic": (HEIC[:-1], "image/heic", "file.broken"),
    "garbage called heic": (HEIC[:28] + bytes(range(256)) * 4, "image/heic", "file.broken"),
    "heic of zeros": (HEIC[:28] + b"\0" * 400, "image/heif", "file.broken"),
    "heic whose image is larger than can be": (
        HEIC.replace(struct.pack(">II", 64, 64), struct.pack(">II", 60_000, 60_000)), "image/heic", "file.bomb",
    ),
    "film called heic": (
        HEIC[:8] + b"isom" + HEIC[12:16] + b"isommp42" + HEIC[24:], "image/heic", "file.type",
    ),
    "workbook with a name in GBK": (named_in_gbk(), XLSX, "file.broken"),
    "zip": (archive(a=b"x"), XLSX, "file.type"),
    "workbook with macros": (with_part(xlsx(), "xl/vbaProject.bin", b"x"), XLSX, "file.type"),
    "workbook that unpacks without end": (with_part(xlsx(), "xl/x.xml", b"\0" * 2_000_000), XLSX, "file.bomb"),
    "cut workbook": (xlsx()[:-30], XLSX, "file.broken"),
}  # fmt: skip


@pytest.mark.parametrize("name", BAD)
def test_the_file_is_refused_with_this_code(tmp_path: Path, name: str) -> None:
    content, declared, code = BAD[name]
    assert checked(tmp_path, content, declared) == code


def test_other_content_than_announced_is_refused_first(tmp_path: Path) -> None:
    assert checked(tmp_path, EXE, "image/jpeg", sha256=sha256(photo())) == "file.hash"


def test_a_copy_of_a_photo_with_an_archive_appended_does_not_contain_the_archive(tmp_path: Path) -> None:
    """The original is accepted, since it is a valid photo and is only downloaded, never displayed."""
    content = photo() + archive(evil=EXE)
    assert checked(tmp_path, content, "image/jpeg") == "image/jpeg"
    with pytest.raises(zipfile.BadZipFile):
        zipfile.ZipFile(io.BytesIO(make_copy(content, 320)))


def photo_with_metadata() -> bytes:
    """A landscape photograph, taken with the camera on its side, that says where and by whom."""
    exif = Image.Exif()
    exif[0x0112] = 6
    exif[0x010F] = "机主张三"
    exif.get_ifd(0x8825)[1] = "N"
    return photo(width=800, height=400, exif=exif.tobytes(), comment=b"by Zhang San", xmp=b"<x:xmpmeta/>")


def test_a_copy_is_upright_small_and_without_metadata() -> None:
    with Image.open(io.BytesIO(make_copy(photo_with_metadata(), 320))) as shown:
        assert (shown.format, shown.size) == ("JPEG", (160, 320))
        assert not shown.getexif()
        assert set(shown.info) <= {
            "jfif",
            "jfif_version",
            "jfif_unit",
            "jfif_density",
            "progressive",
            "progression",
        }
    copy = make_copy(photo_with_metadata(), 320)
    assert b"Zhang" not in copy
    assert b"xmp" not in copy


def test_a_small_image_is_not_made_larger() -> None:
    with Image.open(io.BytesIO(make_copy(image("PNG"), 1600))) as shown:
        assert shown.size == (60, 40)


@pytest.mark.parametrize("mode", ["RGBA", "LA", "P", "L", "1"])
def test_transparent_parts_are_white_in_a_copy(mode: str) -> None:
    """Otherwise a signature on a transparent background would be black on black."""
    out = io.BytesIO()
    Image.new("RGBA", (10, 10), (0, 0, 0, 0)).convert(mode).save(out, "PNG")
    with Image.open(io.BytesIO(make_copy(out.getvalue(), 320))) as shown:
        assert shown.mode == "RGB"
        if mode in ("RGBA", "LA"):
            assert shown.getpixel((5, 5)) == (255, 255, 255)


@pytest.mark.parametrize(
    ("name", "media_type", "saved"),
    [
        ("现场 1.jpg", "image/jpeg", "现场 1.jpg"), ("现场.JPEG", "image/jpeg", "现场.JPEG"),
        ("payroll.exe", "image/jpeg", "payroll.exe.jpg"), ("a.html", "application/pdf", "a.html.pdf"),
        ("签名", "image/png", "签名.png"), ("../../x.png", "image/png", "x.png"), ("", "image/png", "文件.png"),
        ("a\u202egpj.exe", "image/png", "agpj.exe.png"), ("a.", "application/json", "a.json"),
    ],
)  # fmt: skip
def test_the_name_of_a_download_has_the_extension_of_its_media_type(
    name: str, media_type: str, saved: str
) -> None:
    assert download_name(name, media_type) == saved


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_every_format_that_can_be_shown_gets_a_copy(kind: str) -> None:
    with Image.open(io.BytesIO(make_copy(image(kind, (2000, 500)), 1600))) as shown:
        assert (shown.format, shown.size) == ("JPEG", (1600, 400))
