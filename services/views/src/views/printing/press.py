"""From data to PDF by typst, inside this process and off the event loop. The same data gives the same bytes."""

import asyncio
import json
import tempfile
from collections.abc import Mapping
from functools import cached_property
from importlib.resources import files
from pathlib import Path
from typing import Any, Final

import typst

CHINESE: Final = (
    "Noto Sans SC",
    "Noto Sans CJK SC",
    "Source Han Sans SC",
    "WenQuanYi Zen Hei",
    "WenQuanYi Micro Hei",
    "Microsoft YaHei",
    "PingFang SC",
)
"""Families that a record may be set in, the first that is there."""


class NoFont(Exception):
    """There is no Chinese font on this machine: a record would be a page of empty boxes."""


class Press:
    """Prints with the fonts of a folder, or with the system's where there is no such folder."""

    def __init__(self, fonts_dir: Path | None) -> None:
        self._fonts_dir = fonts_dir if fonts_dir and fonts_dir.is_dir() else None
        self._one_at_a_time = asyncio.Semaphore(1)

    async def print(self, record: Mapping[str, Any], images: Mapping[str, bytes]) -> bytes:
        """A PDF of the record; `images` by the file names that the record uses. Raises `NoFont`."""
        async with self._one_at_a_time:
            return await asyncio.to_thread(self.render, record, images)

    def render(self, record: Mapping[str, Any], images: Mapping[str, bytes]) -> bytes:
        data = json.dumps({**record, "fonts": self._family}, ensure_ascii=False, sort_keys=True)
        with tempfile.TemporaryDirectory(prefix="qingyuan-print-") as folder:
            root = Path(folder)
            main = root / "record.typ"
            main.write_bytes((files("views.printing") / "record.typ").read_bytes())
            for name, image in images.items():
                (root / name).write_bytes(image)
            return typst.compile(
                main,
                root=root,
                font_paths=self._fonts,
                sys_inputs={"data": data},
                format="pdf",
                timestamp=0,
            )

    @cached_property
    def _fonts(self) -> typst.Fonts:
        """Read once: a Chinese font is ten megabytes."""
        own = [self._fonts_dir] if self._fonts_dir else []
        return typst.Fonts(include_system_fonts=not own, font_paths=own)

    @cached_property
    def _family(self) -> str:
        there = set(self._fonts.families())
        found = next((name for name in CHINESE if name in there), None)
        if found is None:
            raise NoFont
        return found
