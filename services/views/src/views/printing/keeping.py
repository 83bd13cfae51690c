"""Run at setup: selects the fonts with characters that the record's fonts lack, and copies them to a folder of their own.

`python -m views.printing.keeping FROM FONTS RARE`.
"""

import json
import shutil
import sys
from pathlib import Path
from typing import Final

from fontTools.ttLib import TTFont

from views.printing.fontfiles import characters, characters_of, fonts_in, names_of
from views.printing.rare import INDEX, ranges

NAMES: Final = (1, 4, 6, 16)
"""Name ids of the font's name table: family, full name, PostScript name, typographic family."""


def keep(unpacked: Path, fonts: Path, rare: Path) -> None:
    """Replace the folder `rare` by a new one, or leave it as it is when this fails.

    Each font gets a family name of its own: of two fonts with the same name, typst would use only the first.
    """
    new_folder = rare.with_name(f"{rare.name}.new")
    shutil.rmtree(new_folder, ignore_errors=True)
    new_folder.mkdir(parents=True)
    families = {name for font in fonts_in(fonts) for name in names_of(font)}
    covered = set().union(*characters(families, [fonts]).values())
    index = {}
    for path in sorted(unpacked.glob("*.ttf")):
        font = TTFont(path, recalcTimestamp=False)
        own_characters = characters_of(font)
        if not own_characters <= covered:
            index[path.stem] = ranges(own_characters)
            _save_as(font, path.stem, new_folder / path.stem)
    (new_folder / INDEX).write_text(json.dumps(index), "utf-8")
    shutil.rmtree(rare, ignore_errors=True)
    new_folder.rename(rare)


def _save_as(font: TTFont, family: str, folder: Path) -> None:
    for name in font["name"].names:
        if name.nameID in NAMES:
            name.string = family
    folder.mkdir()
    font.save(folder / f"{family}.ttf")


if __name__ == "__main__":
    keep(*(Path(argument) for argument in sys.argv[1:]))
