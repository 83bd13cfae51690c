"""Where things of this checkout lie."""

import os
from pathlib import Path


def checkout() -> Path:
    """The folder of the repository, found from this file; the workspace is always installed editable."""
    return Path(__file__).parents[4]


def state_folder() -> Path:
    """Everything a running system writes; never in version control."""
    return Path(os.environ.get("QINGYUAN_STATE", checkout() / ".local"))


def jars_folder() -> Path:
    return checkout() / ".local" / "lib" / "kafka"


def fonts_folder() -> Path:
    return checkout() / ".local" / "lib" / "fonts"


def rare_fonts_folder() -> Path:
    return checkout() / ".local" / "lib" / "rare-fonts"
