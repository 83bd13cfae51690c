"""Whether a file shows nothing, and an index for what an organisation announced within a day."""

from qingyuan_runtime.database.revisions import run_script

revision = "0002"
down_revision = "0001"

CHANGES = """
alter table file add column if not exists blank boolean not null default false;
create index if not exists upload_quota on upload (organisation, created) include (size);
"""


def upgrade() -> None:
    run_script(CHANGES)
