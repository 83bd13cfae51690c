"""The settings of files in addition to those of all services."""

from pathlib import Path

from qingyuan_runtime.process.settings import Settings

from files.upload_repository import Quota

MEBI = 1024 * 1024


class FilesSettings(Settings):
    """`files_store_url` is `file:///…`, `memory:///` or `s3://bucket/…`, with the credentials for S3 in `AWS_…` variables."""

    files_store_url: str = ""
    files_uploads: Path | None = None
    """The folder for incomplete uploads. Several `api` processes must share it."""

    tasks_database_url: str = ""
    signoff_database_url: str = ""
    filing_database_url: str = ""
    reports_database_url: str = ""
    """The logs of tasks, signoff, filing and reports, read only."""

    upload_days: int = 7
    """Uploads are deleted after so many days: incomplete ones with their bytes, others only as records of their outcome."""

    upload_bytes_max: int = 64 * MEBI
    uploads_open_max: int = 500
    """Limit for incomplete uploads of one account."""

    upload_day_files_max: int = 20_000
    upload_day_bytes_max: int = 50 * 1024 * MEBI
    """Limits for the uploads of one organisation within 24 hours."""

    image_pixels_max: int = 64_000_000
    pdf_pages_max: int = 500
    json_bytes_max: int = 2 * MEBI
    xlsx_bytes_max: int = 200 * MEBI
    """Limit for the unpacked size of an Excel workbook."""

    def quota(self) -> Quota:
        return Quota(self.upload_day_files_max, self.upload_day_bytes_max)
