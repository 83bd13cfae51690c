"""Failures up to `forgotten` no longer count, so right passwords at the same time forget those before them only once."""

from qingyuan_runtime.database.revisions import run_script

revision = "0005"
down_revision = "0004"

TABLES = "alter table guesses add column forgotten double precision not null default 0"


def upgrade() -> None:
    run_script(TABLES)
