"""What the views' processes are told from outside, beside what all services are told."""

import os
from pathlib import Path

from pydantic import PositiveInt
from qingyuan_runtime.process.settings import Settings


class ViewsSettings(Settings):
    source_database_url: str = ""
    """The registry's event store, read only; needed by a rebuild of `register` alone."""
    tasks_database_url: str = ""
    """The tasks service's event store, read only; needed by a rebuild of `work` alone."""
    signoff_database_url: str = ""
    """The signoff service's event store, read only; needed by a rebuild of `confirmations` alone."""
    files_url: str = ""
    """The files service, for the images of a printed record."""
    accounts_url: str = ""
    """The accounts service, for the name of who signed a printed record."""
    public_url: str = ""
    """What the browser calls this system: where the QR code of a printed record leads."""
    fonts_dir: Path | None = None
    """A folder with a Chinese font for printing; without it the system's fonts are looked through."""
    rare_fonts_dir: Path | None = None
    """What `views.printing.keeping` made: fonts for characters that those lack; without it these are printed as code points."""

    printing_at_once: PositiveInt = os.cpu_count() or 1
    """So many records are printed at the same time; each has a core to itself and may take two gigabytes."""

    printing_waiting_max: int = 20
    """So many more may wait. Who comes then is told to come again."""
