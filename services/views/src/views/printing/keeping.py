"""At setup: keeps the fonts that have what the fonts of the record lack. `python -m views.printing.keeping FROM FONTS RARE`."""

import json
import shutil
import sys
from pathlib import Path
from typing import Final

from fontTools.ttLib import TTFont

from views.printing.fontfiles import characters, characters_of, fonts_in, names_of
from views.printing.rare import INDEX, ranges

NAMES: Final = (1, 4, 6, 16)
"""Of the name table: family, full name, PostScript name, typographic family."""


def keep(unpacked: Path, fonts: Path, rare: Path) -> None:
    """`rare` is made anew, whole or not at all.

    Each font becomes a family of its own: of two with one family, typst would use the first alone.
    """
    made = rare.with_name(f"{rare.name}.new")
    shutil.rmtree(made, ignore_errors=True)
    made.mkdir(parents=True)
    families = {name for font in fonts_in(fonts) for name in names_of(font)}
    there = set().union(*characters(families, [fonts]).values())
    index = {}
    for path in sorted(unpacked.glob("*.ttf")):
        font = TTFont(path, recalcTimestamp=False)
        has = characters_of(font)
        if not has <= there:
            index[path.stem] = ranges(has)
            _save_as(font, path.stem, made / path.stem)
    (made / INDEX).write_text(json.dumps(index), "utf-8")
    shutil.rmtree(rare, ignore_errors=True)
    made.rename(rare)


def _save_as(font: TTFont, family: str, folder: Path) -> None:
    for name in font["name"].names:
        if name.nameID in NAMES:
            name.string = family
    folder.mkdir()
    font.save(folder / f"{family}.ttf")


if __name__ == "__main__":
    keep(*(Path(argument) for argument in sys.argv[1:]))
