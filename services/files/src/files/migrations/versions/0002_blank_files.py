"""Whether a file is blank, and an index for the daily quota of an organisation."""

from qingyuan_runtime.database.revisions import run_script

revision = "0002"
down_revision = "0001"

CHANGES = """
alter table file add column if not exists blank boolean not null default false;
create index if not exists upload_quota on upload (organisation, created) include (size);
"""


def upgrade() -> None:
    run_script(CHANGES)
