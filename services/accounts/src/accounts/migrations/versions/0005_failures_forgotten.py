"""Guesses say how far their failures count no more: right ones in flight forget what was before each of them, once."""

from qingyuan_runtime.database.revisions import run_script

revision = "0005"
down_revision = "0004"

TABLES = "alter table guesses add column forgotten double precision not null default 0"


def upgrade() -> None:
    run_script(TABLES)
