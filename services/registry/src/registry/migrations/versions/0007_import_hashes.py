"""A workbook that an enterprise has uploaded before is recognised by its hash."""

from qingyuan_runtime.database.revisions import run_script

revision = "0007"
down_revision = "0006"

HASHES = """
alter table imports add column if not exists sha256 text not null default '';
create index if not exists imports_of_workbook on imports (enterprise_id, sha256);
"""


def upgrade() -> None:
    run_script(HASHES)
