"""Tries to read a workbook are counted: one that kills its reader is not read for ever."""

from qingyuan_runtime.database.revisions import run_script

revision = "0005"
down_revision = "0004"

TRIES = "alter table imports add column if not exists tries integer not null default 0;"


def upgrade() -> None:
    run_script(TRIES)
