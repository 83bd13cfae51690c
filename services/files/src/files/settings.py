"""What the files service's processes are told from outside, beside what all services are told."""

from pathlib import Path

from qingyuan_runtime.process.settings import Settings

from files.desk import Quota

MEBI = 1024 * 1024


class FilesSettings(Settings):
    """`files_store_url` is `file:///…`, `memory:///` or `s3://bucket/…`, with the keys to S3 in `AWS_…` variables."""

    files_store_url: str = ""
    files_uploads: Path | None = None
    """A folder for uploads under way. Several `api` processes must share it."""

    tasks_database_url: str = ""
    signoff_database_url: str = ""
    """Their event stores, read only; needed by a rebuild alone."""

    upload_days: int = 7
    """After so many days an upload that never ended is forgotten, and so is the answer about one that did."""

    upload_bytes_max: int = 64 * MEBI
    uploads_open_max: int = 500
    """So many uploads of one account may be under way at once."""

    upload_day_files_max: int = 20_000
    upload_day_bytes_max: int = 50 * 1024 * MEBI
    """So much may one organisation announce within 24 hours."""

    image_pixels_max: int = 64_000_000
    pdf_pages_max: int = 500
    json_bytes_max: int = 2 * MEBI
    xlsx_bytes_max: int = 200 * MEBI
    """Of a workbook, unpacked."""

    def quota(self) -> Quota:
        return Quota(self.upload_day_files_max, self.upload_day_bytes_max)
