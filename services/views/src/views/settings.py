"""The settings of the views service, in addition to those that all services have."""

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
    filing_database_url: str = ""
    """The filing service's event store, read only; needed by a rebuild of `filings` alone."""
    reports_database_url: str = ""
    """The reports service's event store, read only; needed by a rebuild of `reports` alone."""
    files_url: str = ""
    """The files service, for the images of a printed record."""
    accounts_url: str = ""
    """The accounts service, for the name of the person who signed a printed record."""
    filing_url: str = ""
    """The filing service, for the names in an exported list of its people."""
    public_url: str = ""
    """The address of this system in a browser; the QR code of a printed record links to it."""
    fonts_dir: Path | None = None
    """A folder with a Chinese font for printing; without it the font folders of the system are searched."""
    rare_fonts_dir: Path | None = None
    """The folder that `views.printing.keeping` writes: fonts for characters that the other fonts lack. Without it such
    characters are printed as code points."""

    printing_at_once: PositiveInt = os.cpu_count() or 1
    """How many records are printed at the same time; each printing process may use a whole core and two gigabytes."""

    printing_waiting_max: int = 20
    """How many more requests may wait; further ones are refused with 503 and Retry-After."""
