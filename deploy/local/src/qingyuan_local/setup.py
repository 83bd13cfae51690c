"""The folders of this checkout."""

import os
from pathlib import Path


def checkout() -> Path:
    """The folder of the repository, relative to this file: the packages are always installed as editable."""
    return Path(__file__).parents[4]


def state_folder() -> Path:
    """The folder of everything that a running system writes; not in version control."""
    return Path(os.environ.get("QINGYUAN_STATE", checkout() / ".local"))


def jars_folder() -> Path:
    return checkout() / ".local" / "lib" / "kafka"


def fonts_folder() -> Path:
    return checkout() / ".local" / "lib" / "fonts"


def rare_fonts_folder() -> Path:
    return checkout() / ".local" / "lib" / "rare-fonts"
