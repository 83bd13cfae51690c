"""Whether a session was opened by a certificate: only such a session ends an organisation's demand of it."""

from qingyuan_runtime.database.revisions import run_script

revision = "0015"
down_revision = "0014"

# Of sessions that are open already nobody knows it; they count as not opened by one.
TABLES = """
alter table sessions add column by_certificate boolean not null default false;
"""


def upgrade() -> None:
    run_script(TABLES)
