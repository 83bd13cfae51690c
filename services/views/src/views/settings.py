"""What the views' processes are told from outside, beside what all services are told."""

from pathlib import Path

from qingyuan_runtime.settings import Settings


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
