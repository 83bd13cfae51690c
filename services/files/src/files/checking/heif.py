"""Checks the structure and completeness of HEIC and HEIF images, for which there is no decoder here.

ISO/IEC 14496-12 (boxes) and 23008-12: `ftyp` with a brand of the family, `meta` with a list of items whose bytes
(`iloc`) are inside the file, and the declared sizes of its images (`ispe`).
"""

import struct
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from files.checking.unfit import Unfit, broken_is_unfit

BRANDS: Final = frozenset(
    {b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1", b"mif2", b"miaf"}
)
BROKEN: Final = "HEIC 图片已损坏或不完整，请重新拍摄或选择文件。"
BOXES_MAX: Final = 10_000
IN_FILE, IN_META = 0, 1


@dataclass(frozen=True, slots=True)
class Box:
    kind: bytes
    body: memoryview


class Numbers:
    """Reads big-endian numbers one after the other."""

    def __init__(self, body: memoryview) -> None:
        self._body = body
        self._at = 0

    def take(self, size: int) -> int:
        taken = self._body[self._at : self._at + size]
        if len(taken) < size:
            raise ValueError("cut off")
        self._at += size
        return int.from_bytes(taken, "big")


def check_heif(path: Path, pixels: int) -> None:
    """Raises `Unfit`."""
    with broken_is_unfit(BROKEN):
        content = path.read_bytes()
        boxes = {box.kind: box.body for box in boxes_in(memoryview(content))}
        _require(bool(BRANDS & _brands(boxes[b"ftyp"])))
        meta = {box.kind: box.body for box in boxes_in(boxes[b"meta"][4:])}
        _require(b"hdlr" in meta and bytes(meta[b"hdlr"][8:12]) == b"pict")
        _require_size(meta[b"iprp"], pixels)
        ends = list(_ends(meta[b"iloc"]))
        _require(bool(ends) and max(ends) <= len(content))


def _require(is_so: bool) -> None:
    if not is_so:
        raise Unfit("file.broken", BROKEN)


def boxes_in(body: memoryview) -> Iterator[Box]:
    """The boxes up to the last complete one. Data after it is ignored, since some cameras append data of their own."""
    at = 0
    for _ in range(BOXES_MAX):
        if len(body) - at < 8:
            return
        size, kind = struct.unpack_from(">I4s", body, at)
        head = 8
        if size == 1 and len(body) - at >= 16:
            size, head = struct.unpack_from(">Q", body, at + 8)[0], 16
        end = len(body) if size == 0 else at + size
        if (size and size < head) or end > len(body):
            return
        yield Box(kind, body[at + head : end])
        at = end


def _brands(ftyp: memoryview) -> set[bytes]:
    own, compatible = bytes(ftyp[:4]), bytes(ftyp[8:])
    return {own} | {compatible[at : at + 4] for at in range(0, len(compatible), 4)}


def _require_size(properties: memoryview, pixels: int) -> None:
    container = next(box.body for box in boxes_in(properties) if box.kind == b"ipco")
    sizes = [struct.unpack_from(">II", box.body, 4) for box in boxes_in(container) if box.kind == b"ispe"]
    _require(bool(sizes))
    for width, height in sizes:
        if width * height > pixels:
            raise Unfit("file.bomb", f"图片像素过多（{width}×{height}），请缩小后重新上传。")


def _ends(iloc: memoryview) -> Iterator[int]:
    """The end offset in the file of each extent of each item."""
    numbers = Numbers(iloc)
    version, _flags, sizes = numbers.take(1), numbers.take(3), numbers.take(2)
    offset_size, length_size, base_size, index_size = (sizes >> shift & 15 for shift in (12, 8, 4, 0))
    wide = 4 if version == 2 else 2
    for _ in range(numbers.take(wide)):
        _item = numbers.take(wide)
        where = numbers.take(2) & 15 if version else IN_FILE
        _reference, base = numbers.take(2), numbers.take(base_size)
        for _ in range(numbers.take(2)):
            _index = numbers.take(index_size if version else 0)
            offset, length = numbers.take(offset_size), numbers.take(length_size)
            if where == IN_FILE:
                yield base + offset + max(length, 1)
